/* SPDX-License-Identifier: Apache-2.0
 * What is sent to a page: the body of a form (application/x-www-form-urlencoded), or an object of
 * JSON. Read strictly: what isn't whole, isn't text or is there twice is not there. */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include "base/err.h"
#include "sync/pages_priv.h"

static int hex_value(char c)
{
    if (isdigit((unsigned char)c))
        return c - '0';
    return isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

/* Decodes into out; 0 when it can't be. */
static int decode(const char *from, size_t len, char *out, size_t size)
{
    size_t put = 0;
    for (size_t i = 0; i < len; i++) {
        int c = from[i] == '+' ? ' ' : (unsigned char)from[i];
        if (from[i] == '%') {
            int whole = len - i > 2;
            int high = whole ? hex_value(from[i + 1]) : -1,
                low = whole ? hex_value(from[i + 2]) : -1;
            if (high < 0 || low < 0)
                return 0;
            c = high * 16 + low;
            i += 2;
        }
        if (c == 0 || put + 1 >= size)
            return 0;
        out[put++] = (char)c;
    }
    out[put] = '\0';
    return json_text_fits(out);
}

static int is_json(const char *type)
{
    static const char json[] = "application/json";
    size_t len = sizeof json - 1;
    return type && strncasecmp(type, json, len) == 0 && (!type[len] || strchr("; ", type[len]));
}

static int from_json(const char *body, size_t len, const char *name, char *out, size_t size)
{
    struct json *json = NULL;
    if (json_parse(body, len, &json))
        return 0;
    const char *text = json_get_text(json, name);
    int found = text && str_copy(out, size, text) == 0;
    json_free(&json);
    return found;
}

int page_sent(const struct pages_asked *asked, const char *name, char *out, size_t size)
{
    int found = 0;
    if (asked->body && asked->len > 0)
        found =
            (is_json(asked->type) ? from_json : body_get)(asked->body, asked->len, name, out, size);
    if (!found)
        out[0] = '\0';
    return found;
}

int body_get(const char *body, size_t len, const char *name, char *out, size_t size)
{
    size_t name_len = strlen(name), at = 0;
    int found = 0;
    out[0] = '\0';
    while (at < len) {
        const char *end = memchr(body + at, '&', len - at);
        size_t part = end ? (size_t)(end - (body + at)) : len - at;
        if (part > name_len && memcmp(body + at, name, name_len) == 0 &&
            body[at + name_len] == '=') {
            if (found || !decode(body + at + name_len + 1, part - name_len - 1, out, size))
                return 0;
            found = 1;
        }
        at += part + 1;
    }
    return found;
}
