/* SPDX-License-Identifier: Apache-2.0
 * JSON by jansson, the one parser of Debian's that refuses everything malformed. A struct json is
 * a json_t under another name, so nothing is copied. */
#include "base/json.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"

#define JSON_TEXT_MAX (64 * 1024 * 1024)

/* The one place where const is taken away: jansson's readers don't take const values. */
static json_t *real(const struct json *json)
{
    union {
        const struct json *from;
        json_t *to;
    } either = {.from = json};
    return either.to;
}

static struct json *made(json_t *value)
{
    snd_assert(value != NULL);
    return (struct json *)value;
}

int json_parse(const char *text, size_t len, struct json **out)
{
    json_t *value = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    if (!value)
        return SND_E_BAD;
    *out = (struct json *)value;
    return 0;
}

void json_free(struct json **json)
{
    json_decref(real(*json));
    *json = NULL;
}

struct json *json_new_object(void)
{
    return made(json_object());
}

struct json *json_new_array(void)
{
    return made(json_array());
}

int json_text_fits(const char *text)
{
    json_t *value = json_string(text);
    json_decref(value);
    return value != NULL;
}

void json_put(struct json *object, const char *key, struct json *value)
{
    snd_assert(json_object_set_new(real(object), key, real(value)) == 0);
}

void json_put_text(struct json *object, const char *key, const char *text)
{
    json_put(object, key, made(json_string(text)));
}

void json_put_int(struct json *object, const char *key, int64_t number)
{
    json_put(object, key, made(json_integer(number)));
}

void json_put_bool(struct json *object, const char *key, int truth)
{
    json_put(object, key, made(json_boolean(truth)));
}

void json_push(struct json *array, struct json *value)
{
    snd_assert(json_array_append_new(real(array), real(value)) == 0);
}

void json_push_text(struct json *array, const char *text)
{
    json_push(array, made(json_string(text)));
}

struct json *json_get(const struct json *object, const char *key)
{
    return (struct json *)json_object_get(real(object), key);
}

const char *json_get_text(const struct json *object, const char *key)
{
    return json_string_value(json_object_get(real(object), key));
}

int64_t json_get_int(const struct json *object, const char *key, int64_t otherwise)
{
    json_t *value = json_object_get(real(object), key);
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

size_t json_count(const struct json *json)
{
    return json_is_object(real(json)) ? json_object_size(real(json)) : json_array_size(real(json));
}

struct json *json_at(const struct json *array, size_t n)
{
    return (struct json *)json_array_get(real(array), n);
}

int json_each_text(const struct json *object,
                   int (*each)(void *arg, const char *key, const char *text), void *arg)
{
    const char *key;
    json_t *value;
    if (!json_is_object(real(object)))
        return SND_E_BAD;
    json_object_foreach(real(object), key, value)
    {
        if (!json_is_string(value))
            return SND_E_BAD;
        int stop = each(arg, key, json_string_value(value));
        if (stop)
            return stop;
    }
    return 0;
}

int json_each(const struct json *object,
              int (*each)(void *arg, const char *key, const struct json *value), void *arg)
{
    const char *key;
    json_t *value;
    json_object_foreach(real(object), key, value)
    {
        int stop = each(arg, key, (const struct json *)value);
        if (stop)
            return stop;
    }
    return 0;
}

int json_is_members(const struct json *json)
{
    return json_is_object(real(json));
}

char *json_words(const struct json *json)
{
    const char *text = json_string_value(real(json));
    return text ? x_strdup(text) : json_text(json, 0);
}

/* Only what RFC 8259 demands is escaped. */
static void put_string(struct buf *out, const char *text, size_t len)
{
    static const char letters[] = "btn\0fr"; /* of 8 to 13 */
    size_t begin = 0;
    buf_putc(out, '"');
    for (size_t at = 0; at < len; at++) {
        unsigned char c = (unsigned char)text[at];
        if (c >= ' ' && c != '"' && c != '\\')
            continue;
        buf_put(out, text + begin, at - begin);
        begin = at + 1;
        if (c >= ' ')
            buf_printf(out, "\\%c", c);
        else if (c >= 8 && c <= 13 && c != 11)
            buf_printf(out, "\\%c", letters[c - 8]);
        else
            buf_printf(out, "\\u%04X", c);
    }
    buf_put(out, text + begin, len - begin);
    buf_putc(out, '"');
}

void json_quote(struct buf *out, const char *text)
{
    put_string(out, text, strlen(text));
}

/* The quoted text at `at`, its closing quote made its end; what follows it, or NULL. */
static char *flat_text(char *at, char **text)
{
    if (*at++ != '"')
        return NULL;
    *text = at;
    for (; *at != '"'; at++) {
        unsigned char c = (unsigned char)*at;
        if (c < ' ' || c == '\\' || (c >= 0x80 && (c < 0xC2 || c > 0xDF)))
            return NULL;
        if (c >= 0x80 && ((unsigned char)*++at & 0xC0) != 0x80)
            return NULL;
    }
    *at = '\0';
    return at + 1;
}

static int flat_members(char *at, int (*each)(void *arg, const char *key, const char *text),
                        void *arg)
{
    char *key, *text, end = ',';
    while (end == ',') {
        at = flat_text(at, &key);
        if (!at || *at++ != ':' || !(at = flat_text(at, &text)))
            return JSON_NOT_FLAT;
        end = *at++;
        int stop = end == ',' || (end == '}' && *at == '\0') ? each(arg, key, text) : JSON_NOT_FLAT;
        if (stop)
            return stop;
    }
    return 0;
}

int json_each_flat(const char *text, size_t len,
                   int (*each)(void *arg, const char *key, const char *text), void *arg)
{
    if (len == 0 || text[0] != '{' || memchr(text, '\0', len))
        return JSON_NOT_FLAT;
    char *copy = x_strndup(text, len);
    int err = flat_members(copy + 1, each, arg);
    mem_wipe(copy, len);
    x_free(&copy);
    return err;
}

static void put_rare(struct buf *out, const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    snd_assert(text != NULL);
    buf_puts(out, text);
    free(text);
}

static void put_value(struct buf *out, json_t *value)
{
    char number[NUM_TEXT];
    const char *key;
    json_t *member;
    size_t i, before = out->len;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        json_object_foreach(value, key, member)
        {
            buf_putc(out, out->len == before ? '{' : ',');
            put_string(out, key, strlen(key));
            buf_putc(out, ':');
            put_value(out, member);
        }
        buf_puts(out, out->len == before ? "{}" : "}");
        break;
    case JSON_ARRAY:
        json_array_foreach(value, i, member)
        {
            buf_putc(out, i == 0 ? '[' : ',');
            put_value(out, member);
        }
        buf_puts(out, out->len == before ? "[]" : "]");
        break;
    case JSON_STRING:
        put_string(out, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        buf_put(out, number, num_text(json_integer_value(value), number));
        break;
    case JSON_REAL:
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL: /* few, and none in what is written often */
        put_rare(out, value);
    }
}

char *json_text(const struct json *json, int pretty)
{
    if (pretty) {
        char *text = json_dumps(real(json), JSON_INDENT(2) | JSON_ENCODE_ANY);
        snd_assert(text != NULL);
        return text;
    }
    struct buf out = BUF_INIT(JSON_TEXT_MAX);
    buf_reserve(&out, 1000); /* of most things that are kept */
    put_value(&out, real(json));
    snd_assert(!out.failed);
    return buf_take(&out);
}
