/* SPDX-License-Identifier: Apache-2.0
 * Numbers, days, identifiers, hashes, passwords, JSON, capped text, the configuration and whole
 * files. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"
#include "base/secret.h"
#include "tests/tap.h"

static void numbers(void)
{
    static const char *const wrong[] = {
        "", " 1", "1 ", "+", "-", "0x1", "1e3", "99999999999999999999", "-1", "11"};
    int64_t n = 77;
    int taken = 0;
    tap_ok(num_parse("10", 0, 10, &n) == 0 && n == 10, "a number in its bounds");
    for (size_t i = 0; i < SND_COUNT(wrong); i++)
        taken += num_parse(wrong[i], 0, 10, &n) == 0;
    tap_is_int(taken, 0, "what is no number within the bounds is refused");
}

static void days(void)
{
    char text[25];
    int32_t day = 0;
    int bad = 0;
    for (int32_t d = -25567; d < 80000; d += 13) {
        char date[11];
        clock_day_text(d, date);
        bad += clock_day_parse(date, &day) != 0 || day != d;
    }
    tap_is_int(bad, 0, "days to text and back");
    tap_ok(clock_day_parse("2018-02-29", &day) && clock_day_parse("2018-13-01", &day) &&
               clock_day_parse("2018-1-1", &day) && clock_day_parse("2018-01-0x", &day),
           "days that don't exist");
    tap_is_int(clock_day_parse("2016-02-29", &day), 0, "a leap day");
    tap_ok(clock_oman_day(1515873600000LL) == 17545 && clock_oman_day(1515873600000LL - 1) == 17544,
           "midnight in Oman is four hours before UTC's");
    clock_utc_text(1515923296789LL, text);
    tap_is(text, "2018-01-14T09:48:16.789Z", "a moment as text");
}

static void ids_and_hashes(void)
{
    struct id a = id_new(), b = id_new(), c;
    char text[HASH_TEXT], id[ID_TEXT];
    uint8_t sum[HASH_SIZE], parts[HASH_SIZE];
    id_text(&a, id);
    tap_ok(!id_equal(&a, &b) && id_parse(id, &c) == 0 && id_equal(&a, &c),
           "ids differ and come back from text");
    tap_ok(a.b[6] >> 4 == 7 && a.b[8] >> 6 == 2, "version 7, RFC variant");
    tap_ok(id_parse("zz", &c) != 0, "no id");
    hash_bytes("abc", 3, sum);
    hex_text(sum, sizeof sum, text);
    tap_is(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
           "SHA-256 of abc (FIPS 180-4)");
    struct hash *hash = hash_start();
    hash_add(hash, "a", 1);
    hash_add(hash, "bc", 2);
    hash_end(&hash, parts);
    tap_ok(memcmp(sum, parts, sizeof sum) == 0, "in parts");
    int seen[7] = {0};
    for (int i = 0; i < 700; i++)
        seen[random_below(7)]++;
    int empty = 0;
    for (int i = 0; i < 7; i++)
        empty += seen[i] == 0;
    tap_is_int(empty, 0, "random numbers reach every value");
}

static void secrets(void)
{
    char hashed[SECRET_TEXT], word[SECRET_WORD];
    tap_is_int(secret_hash("مفتاح 1", hashed), 0, "a password is hashed");
    tap_ok(secret_matches(hashed, "مفتاح 1") && !secret_matches(hashed, "مفتاح 2"), "and matched");
    tap_ok(!secret_matches("nonsense", "x") && !secret_matches_nobody("x"),
           "nonsense matches nothing");
    secret_word(word);
    tap_ok(strlen(word) == 14 && word[4] == '-' && word[9] == '-', "a word to read out: %s", word);
}

/* What is printed by ourselves. */
static void json_printed(void)
{
    struct json *object = json_new_object(), *inner = json_new_object(), *list = json_new_array();
    json_put_int(inner, "least", INT64_MIN);
    json_put_bool(inner, "yes", 1);
    json_push(list, json_new_object());
    json_push(list, json_new_array());
    json_put_text(object, "\"\\", "/\b\t\n\v\f\r\x1f\x7f");
    json_put(object, "o", inner);
    json_put(object, "a", list);
    char *text = json_text(object, 0);
    tap_is(text,
           "{\"\\\"\\\\\":\"/\\b\\t\\n\\u000B\\f\\r\\u001F\x7f\","
           "\"o\":{\"least\":-9223372036854775808,\"yes\":true},\"a\":[{},[]]}",
           "what needs escaping is escaped, and nothing else");
    json_free(&object);
    x_free(&text);
}

static int count_flat(void *arg, const char *key, const char *text)
{
    int *sum = arg;
    *sum += (int)(strlen(key) * 10 + strlen(text));
    return 0;
}

static int flat(const char *text, int *sum)
{
    *sum = 0;
    return json_each_flat(text, strlen(text), count_flat, sum);
}

static void json_flat(void)
{
    static const char *const others[] = {
        "",
        "{}",
        "[]",
        "{\"a\": \"b\"}",
        "{\"a\":1}",
        "{\"a\":{}}",
        "{\"a\":\"\\n\"}",
        "{\"a\":\"b\"",
        "{\"a\":\"b\",",
        "{\"a\":\"b\",}",
        "{\"a\":\"b\"}}",
        "{\"a\":\"b\"} ",
        "{\"a\":\"b",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\xff\"}",
        "{\"a\":\"\xc1\xa1\"}",
        "{\"a\":\"\xd8\"}",
        "{\"a\":\"\xe2\x80\xae\"}",
        "\"a\"",
    };
    int sum, taken = 0;
    tap_ok(flat("{\"a\":\"b\",\"اسم\":\"سالم\",\"\":\"\"}", &sum) == 0 && sum == 11 + 68,
           "members straight from a flat text");
    for (size_t i = 0; i < SND_COUNT(others); i++)
        taken += flat(others[i], &sum) != JSON_NOT_FLAT;
    tap_is_int(taken, 0, "anything else is left to the parser");
    tap_is_int(json_each_flat("{\"a\":\"b\0\"}", 10, count_flat, &sum), JSON_NOT_FLAT,
               "a text with a zero in it, too");
}

static void json(void)
{
    static const char *const wrong[] = {"{\"a\":1,\"a\":2}",   "{} x", "\"\xff\"",
                                        "{\"a\":\"\\ud800\"}", "[1",   "{\"a\":\"\\u0000\"}"};
    struct json *value = NULL;
    int taken = 0;
    for (size_t i = 0; i < SND_COUNT(wrong); i++)
        taken += json_parse(wrong[i], strlen(wrong[i]), &value) == 0;
    tap_is_int(taken, 0, "malformed JSON is refused");
    struct json *object = json_new_object();
    json_put_text(object, "اسم", "سالم");
    json_put_int(object, "n", 5);
    char *text = json_text(object, 0);
    tap_is(text, "{\"اسم\":\"سالم\",\"n\":5}", "compact, in order, UTF-8 as it is");
    tap_ok(json_parse(text, strlen(text), &value) == 0 && json_get_int(value, "n", 0) == 5,
           "comes back");
    json_free(&value);
    json_free(&object);
    x_free(&text);
}

static void text(void)
{
    struct buf buf = BUF_INIT(8);
    char small[4], safe[64];
    buf_puts(&buf, "1234");
    buf_puts(&buf, "56789");
    tap_ok(buf.failed && strcmp(buf_text(&buf), "1234") == 0,
           "a cap holds and nothing is half put");
    buf_clear(&buf);
    buf_printf(&buf, "%d", 12345678);
    buf_drop(&buf, 3);
    tap_is(buf_text(&buf), "45678", "drop");
    buf_free(&buf);
    buf_reserve(&buf, 5);
    const uint8_t *at = buf.data;
    buf_puts(&buf, "12345");
    tap_ok(buf.data == at && strcmp(buf_text(&buf), "12345") == 0, "room made before is used");
    buf_reserve(&buf, 100);
    tap_ok(!buf.failed && buf.data == at, "room beyond the cap is not made, and nothing failed");
    buf_free(&buf);
    tap_ok(str_copy(small, sizeof small, "abcd") == SND_E_LIMIT && strcmp(small, "abc") == 0,
           "a cut copy says so");
    tap_is(log_escape(safe, sizeof safe, "a\x1b]0;x\n\xd8"), "a\\x1b]0;x\\x0a\\xd8",
           "log text stays one printable line");
    struct arena *arena = arena_new();
    char *long_one = arena_printf(arena, "%05000d", 1);
    tap_ok(strlen(long_one) == 5000 && strcmp(arena_strdup(arena, "x"), "x") == 0, "arena");
    arena_reset(arena);
    tap_ok(*(char *)arena_alloc(arena, 100) == 0, "an arena is zeroed again after a reset");
    arena_free(&arena);
}

static void one_key(const char *path)
{
    static const char before[] = "# mine\n port=2222\nlisten = ::1",
                      after[] = "# mine\nport = 77\nlisten = ::1\nhub_url = https://h:1\n";
    char *text = NULL;
    size_t len;
    int err = proc_write_file(path, before, strlen(before), 0600);
    if (!err)
        err = conf_set(path, "port", "77");
    if (!err)
        err = conf_set(path, "hub_url", "https://h:1");
    if (!err)
        err = proc_read_file(path, 4096, &text, &len);
    tap_is_int(err, 0, "one key is changed, another is added");
    tap_is(text, after, "and every other line is as it was");
    tap_ok(conf_set(path, "prot", "1") == SND_E_BAD &&
               conf_set(path, "listen", "a\nport = 1") == SND_E_BAD,
           "no key that isn't there, no second line");
    x_free(&text);
}

static void files(void)
{
    char folder[] = "/tmp/sanad-base.XXXXXX", error[256];
    struct conf conf = {0};
    tap_ok(mkdtemp(folder) != NULL, "a folder");
    char *path = x_printf("%s/sanad.conf", folder);
    conf_default(&conf);
    conf.port = 4022;
    tap_is_int(conf_write(path, &conf), 0, "the configuration is written");
    conf_free(&conf);
    tap_ok(conf_read(path, &conf, error, sizeof error) == 0 && conf.port == 4022 &&
               strcmp(conf.listen, "127.0.0.1") == 0,
           "and read back");
    conf_free(&conf);
    const char *wrong = "port = 2222\nprot = 1\n";
    tap_is_int(proc_write_file(path, wrong, strlen(wrong), 0600), 0, "a wrong one");
    tap_ok(conf_read(path, &conf, error, sizeof error) == SND_E_BAD && strstr(error, ":2: "),
           "is refused with its line");
    one_key(path);
    unlink(path);
    rmdir(folder);
    x_free(&path);
}

/* What is fetched at once is nobody else's: two processes that were one draw different numbers. */
static void forked(void)
{
    struct id own[40], other[40];
    int ends[2], status, same = 0;
    own[0] = id_new(); /* something was fetched before they part */
    if (pipe(ends))
        exit(1);
    pid_t child = fork();
    for (size_t i = 0; i < SND_COUNT(own); i++)
        own[i] = id_new();
    if (child == 0)
        _exit(write(ends[1], own, sizeof own) != sizeof own);
    if (read(ends[0], other, sizeof other) != sizeof other || waitpid(child, &status, 0) != child)
        exit(1);
    for (size_t i = 0; i < SND_COUNT(own); i++)
        same += memcmp(own[i].b + 9, other[i].b + 9, ID_SIZE - 9) == 0;
    tap_is_int(same, 0, "a forked process draws numbers of its own");
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    numbers();
    days();
    ids_and_hashes();
    forked();
    secrets();
    json();
    json_printed();
    json_flat();
    text();
    files();
    return tap_done();
}
