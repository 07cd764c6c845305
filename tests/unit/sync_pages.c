/* SPDX-License-Identifier: Apache-2.0
 * The public pages, made over a real ledger: what they say in both languages and as JSON, what they
 * refuse, that nothing typed or stored becomes markup, how large they are, who guesses. */
#include "sync/pages.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/mem.h"
#include "book/report.h"
#include "sync/pages_priv.h"
#include "store/store.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"
#include "text/text.h"

static struct rig rig;
static struct book *book;
static struct pages *pages;

static struct pages_answer ask(const char *method, const char *path, const char *body)
{
    const struct pages_asked asked = {.method = method,
                                      .path = path,
                                      .body = body,
                                      .len = body ? strlen(body) : 0,
                                      .peer = "192.0.2.1"};
    struct pages_answer answer;
    pages_answer(pages, book, &asked, &answer);
    return answer;
}

/* Status, and 1 when the page has the text. */
static int has(const char *method, const char *path, const char *body, int status, const char *text)
{
    struct pages_answer answer = ask(method, path, body);
    int good = answer.status == status && strstr(buf_text(&answer.body), text) != NULL;
    if (!good)
        tap_note("%s %s: %d %.300s", method, path, answer.status, buf_text(&answer.body));
    buf_free(&answer.body);
    return good;
}

static void lists(void)
{
    tap_ok(has("GET", "/ar/", NULL, 200, "<html lang=\"ar\" dir=\"rtl\">") &&
               has("GET", "/ar/", NULL, 200, "<a href=\"service/TS-01\">خدمة للاختبار</a>"),
           "the list in Arabic, right to left");
    tap_ok(has("GET", "/en/", NULL, 200, "<html lang=\"en\" dir=\"ltr\">") &&
               has("GET", "/en/", NULL, 200, ">A service to test with</a> (closed)</li>"),
           "the list in English says what is closed");
    tap_ok(has("GET", "/en/services.json", NULL, 200, "{\"services\":[{\"code\":\"TS-01\""),
           "its twin");
    const struct pages_asked find = {
        .method = "GET", .path = "/en/", .find = "أختبار خدمه", .peer = "192.0.2.1"};
    struct pages_asked none = find;
    struct pages_answer answer;
    none.find = "nothing<script>alert(1)</script>";
    pages_answer(pages, book, &find, &answer);
    tap_ok(strstr(buf_text(&answer.body), "TS-01") != NULL,
           "a search without articles, however its letters are written");
    buf_free(&answer.body);
    pages_answer(pages, book, &none, &answer);
    tap_ok(strstr(buf_text(&answer.body), "No service has these words") &&
               !strstr(buf_text(&answer.body), "<script"),
           "what is searched for is no markup");
    buf_free(&answer.body);
}

static void ways(void)
{
    static const struct {
        const char *languages, *wanted;
    } row[] = {{NULL, "/ar/"},
               {"en-GB,en;q=0.9", "/en/"},
               {"fr, en;q=0.5", "/en/"},
               {"ar-OM,en", "/ar/"},
               {"english", "/ar/"},
               {"\xff,,;", "/ar/"},
               {"fr,de;q=0.2", "/ar/"},
               {"", "/ar/"},
               {"ar;q=0.3, en;q=0.9", "/en/"},
               {"en;q=0", "/ar/"},
               {"en;q=", "/en/"},
               {"en;", "/en/"}};
    int right = 0;
    for (size_t i = 0; i < SND_COUNT(row); i++) {
        const struct pages_asked asked = {
            .method = "GET", .path = "/", .languages = row[i].languages, .peer = ""};
        struct pages_answer answer;
        pages_answer(pages, book, &asked, &answer);
        right += answer.status == 302 && strcmp(answer.location, row[i].wanted) == 0;
        buf_free(&answer.body);
    }
    tap_is_int(right, (int)SND_COUNT(row), "the reader's language");
    tap_ok(has("GET", "/en/no", NULL, 404, "There is no such page.") &&
               has("GET", "/", NULL, 302, "") &&
               has("GET", "/xx/", NULL, 404, "<html lang=\"ar\"") &&
               has("GET", "/en/service/ts-01", NULL, 200, "<main id=\"main\"") &&
               has("GET", "/en/service/", NULL, 404, "") &&
               has("GET", "/en/service/XX-99", NULL, 404, "There is no such service.") &&
               has("GET", "/en/service/XX-99.json", NULL, 404, "{\"error\":"),
           "what isn't there");
    tap_ok(strstr(pages_busy(pages), "try again in a minute.") &&
               strstr(pages_busy(pages), "دقيقة"),
           "who can't be answered now is told so in both languages");
    struct pages_answer answer = ask("DELETE", "/en/", NULL);
    tap_ok(answer.status == 405 && strcmp(answer.allow, "GET, HEAD") == 0, "other ways of asking");
    buf_free(&answer.body);
    answer = ask("GET", "/en/status.json", NULL);
    tap_ok(answer.status == 405 && strcmp(answer.allow, "POST") == 0, "the twin of a form");
    buf_free(&answer.body);
    struct pages_asked again = {.method = "GET", .path = "/en/", .peer = ""};
    pages_answer(pages, book, &again, &answer);
    char etag[64];
    (void)str_copy(etag, sizeof etag, answer.etag);
    buf_free(&answer.body);
    again.known = etag;
    pages_answer(pages, book, &again, &answer);
    tap_ok(answer.status == 304 && answer.body.len == 0 && strstr(answer.cache, "max-age"),
           "a page that the reader has is not sent again");
    buf_free(&answer.body);
    char list[160];
    static const struct {
        const char *before, *behind;
        size_t skip; /* of the tag */
        int same;
    } tags[] = {{"\"x\", ", "", 2, 1}, {"", ",W/\"y\"", 0, 1}, {"*", "", 99, 1},
                {"", "x", 0, 0},       {"\"x", "", 99, 0},     {"W/\"\",,", "", 99, 0}};
    int right_tags = 0;
    for (size_t i = 0; i < SND_COUNT(tags); i++) {
        snprintf(list, sizeof list, "%s%s%s", tags[i].before,
                 tags[i].skip < sizeof etag ? etag + tags[i].skip : "", tags[i].behind);
        again.known = list;
        pages_answer(pages, book, &again, &answer);
        right_tags += answer.status == (tags[i].same ? 304 : 200);
        buf_free(&answer.body);
    }
    tap_is_int(right_tags, (int)SND_COUNT(tags), "whichever of several it has, and however weakly");
    answer = ask("GET", "/en", NULL);
    tap_ok(answer.status == 302 && strcmp(answer.location, "/en/") == 0,
           "the first page without its last stroke");
    buf_free(&answer.body);
}

static void registers(void)
{
    static const struct register_entry centres[] = {
        {.code = "DA01-001", .parent = "DA01", .ar = "مركز أول", .en = "First & <b>best</b>"},
        {.code = "DA01-002", .parent = "DA01", .ar = "مركز ثان", .en = "Second", .until = 100},
        {.code = "DA02-001", .parent = "DA02", .ar = "مركز بعيد", .en = "Farther"},
        {.code = "MA01-001", .parent = "MA01", .ar = "مركز مسقط", .en = "Elsewhere"},
    };
    static const struct register_entry places[][2] = {
        {{.code = "DA", .ar = "الداخلية", .en = "Ad Dakhiliyah"}},
        {{.code = "DA01", .parent = "DA", .ar = "نزوى", .en = "Nizwa"},
         {.code = "DA02", .parent = "DA", .ar = "بهلاء", .en = "Bahla"}},
    };
    static const struct register_entry hours[] =
        {{.code = "DA01-001", .note = "sun-thu 0730-1430 1600-2000; sat 0800-1300"}},
                                       wrong = {.code = "DA01-001", .note = "sun-thu 7:30"};
    size_t added;
    struct book *shell = rig_shell(&rig);
    tap_ok(book_register(shell, "governorate", places[0], 1, &added) == 0 &&
               book_register(shell, "wilayat", places[1], 2, &added) == 0 &&
               book_register(shell, "centre", centres, SND_COUNT(centres), &added) == 0 &&
               book_register(shell, "hours", hours, 1, &added) == 0,
           "centres and their hours");
    tap_is_int(book_register(shell, "hours", &wrong, 1, &added), SND_E_BAD,
               "hours that nobody can read are refused");
    book_close(&shell);
}

static void sheets(void)
{
    tap_ok(has("GET", "/en/service/TS-01", NULL, 200, "<dt>Fees</dt>") &&
               has("GET", "/en/service/TS-01", NULL, 200, "<optgroup label=\"Ad Dakhiliyah\">") &&
               has("GET", "/ar/service/TS-01", NULL, 200, "<dt>الرسوم</dt>"),
           "a requirement sheet in both languages");
    tap_ok(has("GET", "/en/service/TS-01.json", NULL, 200, "{\"code\":\"TS-01\""), "and its twin");
    const struct pages_asked near = {
        .method = "GET", .path = "/en/service/TS-01", .near = "DA01", .peer = ""};
    struct pages_asked twin = near, hostile = near;
    struct pages_answer answer;
    pages_answer(pages, book, &near, &answer);
    const char *text = buf_text(&answer.body), *first = strstr(text, "First &amp; &lt;b&gt;best");
    const char *farther = strstr(text, "Farther");
    tap_ok(first && farther && first < farther && !strstr(text, "Second") &&
               !strstr(text, "Elsewhere"),
           "centres of the wilayat, then of its governorate, that are still there");
    tap_ok(strstr(text, "Sunday to Thursday: from 07:30 to 14:30, from 16:00 to 20:00") &&
               strstr(text, "Saturday: from 08:00 to 13:00") != NULL,
           "with their hours");
    buf_free(&answer.body);
    struct pages_asked open = near;
    open.open = "now";
    pages_answer(pages, book, &open, &answer);
    tap_ok(answer.status == 200 && !strstr(buf_text(&answer.body), "<li><bdi>Farther") &&
               strstr(buf_text(&answer.body), "value=\"now\" checked>") &&
               strstr(buf_text(&answer.body), "/ar/service/TS-01?near=DA01&amp;open=now"),
           "of those that are open now, none whose hours nobody knows; in both languages");
    buf_free(&answer.body);
    twin.path = "/ar/service/TS-01.json";
    pages_answer(pages, book, &twin, &answer);
    tap_ok(strstr(buf_text(&answer.body),
                  "\"centres\":[{\"code\":\"DA01-001\",\"wilayat\":\"DA01\"") != NULL,
           "as JSON too");
    buf_free(&answer.body);
    hostile.near = "\"><script>";
    pages_answer(pages, book, &hostile, &answer);
    tap_ok(answer.status == 200 && !strstr(buf_text(&answer.body), "<script"),
           "a wilayat that is none");
    buf_free(&answer.body);
}

/* ---- how far a request is ---- */

static char number[BOOK_NUMBER];

static void status(void)
{
    char right[128], spaced[128], wrong[128], unknown[128], slip[128], other[BOOK_NUMBER];
    store_number_make("DA01-001", other);
    snprintf(right, sizeof right, "number=%s&digits=4321", number);
    snprintf(spaced, sizeof spaced, "digits=%%D9%%A4%%D9%%A3%%D9%%A2%%D9%%A1&number=+%s+", number);
    snprintf(wrong, sizeof wrong, "number=%s&digits=1234", number);
    snprintf(unknown, sizeof unknown, "number=%s&digits=1234", other);
    snprintf(slip, sizeof slip, "number=%s&digits=4321", number);
    char *last = strchr(slip, '&') - 1;
    *last = *last == '2' ? '3' : '2';
    for (char *at = spaced; *at; at++)
        if (*at >= 'G' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    tap_ok(has("GET", "/ar/status", NULL, 200, "<form method=\"post\">"), "the form");
    tap_ok(has("POST", "/en/status", right, 200, "<dt>State</dt><dd>Waiting to be sent</dd>"),
           "number and digits say how far it is");
    tap_ok(has("POST", "/en/status", spaced, 200, "<dt>State</dt>"),
           "as people type them: Arabic digits, small letters, blanks");
    tap_ok(has("POST", "/ar/status.json", right, 200, "\"state\":\"queued\""), "and as JSON");
    tap_ok(!has("POST", "/en/status", right, 200, "87654321") &&
               !has("POST", "/en/status", right, 200, "زائر"),
           "nothing of the person is shown");
    struct pages_answer a = ask("POST", "/en/status", wrong),
                        b = ask("POST", "/en/status", unknown);
    const char *a_typed = strstr(buf_text(&a.body), number),
               *b_typed = strstr(buf_text(&b.body), other);
    if (a_typed && b_typed) /* each has what was typed in it */
        memcpy(strstr((char *)a.body.data, number), b_typed, strlen(number));
    tap_ok(a_typed && b_typed && a.status == 404 && b.status == 404 &&
               strcmp(buf_text(&a.body), buf_text(&b.body)) == 0,
           "wrong digits and an unknown number get the same answer");
    tap_ok(strstr(buf_text(&b.body), "role=\"alert\"") &&
               strstr(buf_text(&b.body), "value=\"1234\"") != NULL,
           "with the form, and what was typed in it");
    buf_free(&a.body);
    buf_free(&b.body);
    static const char *const not_whole[][2] = {
        {"", "Write the number"},
        {"number=", "Write the number"},
        {"number=%00&digits=1234", "Write the number"},
        {"number=%E2%80%AE&digits=1234", "Write the number"},
        {"number=x&digits=12345", "Write four digits"},
        {"number=x&digits=12a4", "Write four digits"},
        {"number=x&digits=", "Write four digits"},
        {"number=%zz&digits=1234", "Write the number"},
        {"number=x&number=y&digits=1234", "Write the number"},
        {"digits=1234", "Write the number"},
        {"number=%ff&digits=1234", "Write the number"},
        {"number=%22%3E%3Cb%3E&digits=1234", "A sign of this number is wrong"},
        {"number=DA01-003&digits=1234", "A sign of this number is wrong"}};
    int refused = 0;
    for (size_t i = 0; i < SND_COUNT(not_whole); i++)
        refused += has("POST", "/en/status", not_whole[i][0], 400, not_whole[i][1]);
    tap_is_int(refused, (int)SND_COUNT(not_whole), "what is no number and no digits");
    tap_ok(has("POST", "/en/status", "number=%22%3E%3Cb%3E&digits=1234", 400,
               "value=\"&quot;&gt;&lt;B&gt;\" aria-invalid=\"true\" aria-describedby=\"wrong\""),
           "what was typed stands beside what is wrong with it, as text");
    int slips = 0;
    for (int i = 0; i < 30; i++)
        slips += has("POST", "/en/status", slip, 400, "A sign of this number is wrong");
    tap_is_int(slips, 30, "a slip of the pen is no guess, however often");
    slip[0] = '\0';
    (void)str_format(slip, sizeof slip, "digits=%%E2%%80%%8F43+21&number=%%E2%%80%%8E%s", number);
    for (char *at = strchr(slip, '-'); at; at = strchr(at, '-'))
        *at = '+';
    tap_ok(has("POST", "/en/status", slip, 200, "<dt>State</dt>"),
           "as it comes out of a message: blanks for strokes, marks that nobody sees");
    struct pages_asked sent = {.method = "POST", .path = "/en/status.json", .peer = "192.0.2.1"};
    (void)str_format(slip, sizeof slip, "{\"number\":\"%s\",\"digits\":\"4321\"}", number);
    sent.type = "application/json; charset=utf-8";
    sent.body = slip;
    sent.len = strlen(slip);
    pages_answer(pages, book, &sent, &a);
    sent.body = "{\"number\":[1],\"digits\":4321}";
    sent.len = strlen(sent.body);
    pages_answer(pages, book, &sent, &b);
    tap_ok(a.status == 200 && b.status == 400 && strstr(buf_text(&b.body), "{\"error\":") != NULL,
           "the twin takes JSON");
    buf_free(&a.body);
    buf_free(&b.body);
}

static int64_t median_us(const char *body)
{
    enum { RUNS = 101 };
    int64_t took[RUNS];
    for (int i = 0; i < RUNS; i++) {
        struct public_status out;
        char typed[BOOK_NUMBER];
        struct timespec from, to;
        (void)str_copy(typed, sizeof typed, body);
        clock_gettime(CLOCK_MONOTONIC, &from);
        (void)!public_status(book, typed, "0000", &out);
        clock_gettime(CLOCK_MONOTONIC, &to);
        took[i] = (to.tv_sec - from.tv_sec) * 1000000LL + (to.tv_nsec - from.tv_nsec) / 1000;
        for (int j = i; j > 0 && took[j - 1] > took[j]; j--) {
            int64_t swap = took[j];
            took[j] = took[j - 1];
            took[j - 1] = swap;
        }
    }
    return took[RUNS / 2];
}

static void guessing(void)
{
    struct guesses *guesses = guesses_new();
    int heard = 0;
    for (int i = 0; i < 10; i++) {
        char peer[32];
        snprintf(peer, sizeof peer, "192.0.2.%d", i);
        if (guesses_wait(guesses, "N", peer, 1000) == 0) {
            heard++;
            guesses_wrong(guesses, "N", peer, 1000);
        }
    }
    tap_is_int(heard, 5, "five guesses at a number, from whatever address");
    heard = 0;
    for (int i = 0; i < 40; i++) {
        char of[32];
        snprintf(of, sizeof of, "N%d", i);
        if (guesses_wait(guesses, of, "198.51.100.7", 1000) == 0) {
            heard++;
            guesses_wrong(guesses, of, "198.51.100.7", 1000);
        }
    }
    tap_is_int(heard, 20, "twenty from an address, at whatever number");
    tap_ok(guesses_wait(guesses, "N", "203.0.113.1", 1000 + 3500000) > 0 &&
               guesses_wait(guesses, "N", "203.0.113.1", 1000 + 3600001) == 0,
           "an hour later it is heard again");
    for (int i = 0; i < 20; i++) {
        char peer[64], of[32];
        snprintf(peer, sizeof peer, "2001:db8:1:2:%d::1", i);
        snprintf(of, sizeof of, "M%d", i);
        guesses_wrong(guesses, of, peer, 1000);
    }
    tap_ok(guesses_wait(guesses, "O", "2001:db8:1:2:ffff::9", 1001) > 0 &&
               guesses_wait(guesses, "O", "2001:db8:1:3::9", 1001) == 0,
           "an address of IPv6 counts by its network");
    for (int i = 0; i < 2; i++) {
        char of[32];
        for (int j = 0; j < 10; j++) {
            snprintf(of, sizeof of, "P%d-%d", i, j);
            guesses_wrong(guesses, of, i ? "2001:db8:0:0:7::9" : "2001:db8::1", 1000);
        }
    }
    tap_ok(guesses_wait(guesses, "Q", "2001:db8::77", 1001) > 0 &&
               guesses_wait(guesses, "Q", "2001:db8:0:1::77", 1001) == 0,
           "however the address is shortened");
    for (int i = 0; i < 5; i++)
        guesses_wrong(guesses, "held", "192.0.2.77", 1000);
    for (int i = 0; i < 60000; i++) {
        char of[32], from[32];
        snprintf(of, sizeof of, "R%d", i);
        snprintf(from, sizeof from, "10.%d.%d.1", i / 250, i % 250);
        guesses_wrong(guesses, of, from, 1002);
    }
    tap_ok(guesses_wait(guesses, "held", "203.0.113.9", 1003) > 0,
           "what is held up stays so, however many others are guessed at");
    guesses_free(&guesses);
    char body[128];
    int status = 0, tries = 0;
    snprintf(body, sizeof body, "number=%s&digits=0001", number);
    while (status != 429 && tries < 30) {
        struct pages_answer answer = ask("POST", "/en/status", body);
        status = answer.status;
        tries++;
        if (status == 429)
            tap_ok(answer.retry_after > 3500 && answer.retry_after <= 3601, "and told how long");
        buf_free(&answer.body);
    }
    tap_ok(status == 429 && tries <= 6, "who guesses is held up");
    snprintf(body, sizeof body, "number=%s&digits=4321", number);
    tap_ok(has("POST", "/en/status", body, 429, ""), "even with the right digits");
    char nobodys[BOOK_NUMBER];
    store_number_make("DA01-001", nobodys);
    int64_t known = median_us(number), unknown = median_us(nobodys);
    tap_note("a known number takes %lld us, an unknown one %lld us", (long long)known,
             (long long)unknown);
    tap_ok(known < 2 * unknown + 200 && unknown < 2 * known + 200,
           "a known and an unknown number take alike long");
}

static void markup(void)
{
    struct buf out = BUF_INIT(4096);
    html_text(&out, "<a href='x' & \"y\">\x1b\x07\xe2\x80\xae\xe2\x81\xa6\xc2\x85\xff ب");
    tap_is(buf_text(&out), "&lt;a href=&#39;x&#39; &amp; &quot;y&quot;&gt;\xef\xbf\xbd ب",
           "hostile text is text");
    buf_free(&out);
    uint8_t sha[HASH_SIZE];
    hash_bytes(pages_style, strlen(pages_style), sha);
    char hex[HASH_TEXT], wanted[HASH_TEXT] = "";
    hex_text(sha, HASH_SIZE, hex);
    /* From base 64, as in the policy. */
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t read[48] = {0};
    const char *at = pages_style_sha + strlen("sha256-");
    for (size_t i = 0; i < 43; i++) {
        size_t bit = i * 6;
        unsigned value = (unsigned)(strchr(digits, at[i]) - digits);
        for (size_t b = 0; b < 6; b++)
            if (value >> (5 - b) & 1)
                read[(bit + b) / 8] |= (uint8_t)(0x80 >> (bit + b) % 8);
    }
    hex_text(read, HASH_SIZE, wanted);
    tap_is(hex, wanted, "the policy names the style that is sent");
    tap_ok(strstr(pages_headers[0].value, pages_style_sha) &&
               strstr(pages_headers[0].value, "default-src 'none'") &&
               !strstr(pages_headers[0].value, "script"),
           "and allows nothing else");
}

int main(void)
{
    if (text_open())
        return 1;
    const char *built = getenv("SND_BUILDDIR");
    char *words = x_printf("%s/locale", built ? built : ".");
    msg_open(words);
    x_free(&words);
    rig_make(&rig, RIG_USUAL);
    rig_add_request(&rig, "DA01-003", "TEST", number);
    rig_start(&rig);
    book = rig_shell(&rig);
    pages = pages_new();
    registers();
    lists();
    ways();
    sheets();
    status();
    guessing();
    markup();
    pages_free(&pages);
    book_close(&book);
    rig_end(&rig, 15);
    rig_remove(&rig);
    return tap_done();
}
