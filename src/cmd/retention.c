/* SPDX-License-Identifier: Apache-2.0
 * The file that says how long the people in requests are kept. Reading is strict: a line that can't
 * be understood stops the purge, since a wrong guess can't be taken back. */
#include "cmd/retention.h"
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"

#define YEARS_MAX 100
#define LINE_MAX_BYTES 1024
#define BLANKS " \t"

int retention_has(const struct retention_class *class, const char *code)
{
    for (size_t i = 0; i < class->codes; i++)
        if (strcmp(class->code[i], code) == 0)
            return 1;
    return 0;
}

static const struct retention_class *with_code(const struct retention *retention, const char *code)
{
    for (size_t i = 0; i < retention->classes; i++)
        if (retention_has(&retention->class[i], code))
            return &retention->class[i];
    return NULL;
}

const struct retention_class *retention_of(const struct retention *retention, const char *service)
{
    char family[16];
    const struct retention_class *own = with_code(retention, service);
    if (own || str_format(family, sizeof family, "%.*s", (int)strcspn(service, "-"), service) != 0)
        return own;
    return with_code(retention, family);
}

const struct retention_class *retention_find(const struct retention *retention, const char *name)
{
    for (size_t i = 0; i < retention->classes; i++)
        if (strcmp(retention->class[i].name, name) == 0)
            return &retention->class[i];
    return NULL;
}

/* The next word of a line, cut off; NULL at its end. */
static char *next_word(char **at)
{
    char *word = *at + strspn(*at, BLANKS);
    if (*word == '\0')
        return NULL;
    *at = word + strcspn(word, BLANKS);
    if (**at != '\0')
        *(*at)++ = '\0';
    return word;
}

/* What is wrong with a line, NULL = nothing. */
static const char *parse_line(char *line, struct retention *out)
{
    int64_t years;
    char *name = next_word(&line), *number = next_word(&line), *code;
    if (out->classes == RETENTION_CLASSES)
        return "there are too many classes";
    struct retention_class *class = &out->class[out->classes];
    if (!number || num_parse(number, 1, YEARS_MAX, &years) != 0)
        return "after the class comes a number of years from 1 to 100";
    if (retention_find(out, name) || str_copy(class->name, sizeof class->name, name) != 0)
        return "the class stands twice, or its name is too long";
    class->years = (int)years;
    while ((code = next_word(&line)) != NULL) {
        if (with_code(out, code) || retention_has(class, code))
            return "a service or family stands twice";
        if (class->codes == RETENTION_CODES || str_copy(class->code[class->codes], 16, code) != 0)
            return "there are too many services, or one is too long";
        class->codes++;
    }
    out->classes++;
    return class->codes > 0 ? NULL : "the class has no services";
}

/* A line without its end and its comment; what is wrong with it, NULL = nothing. */
static const char *take_line(const char *text, size_t len, char out[LINE_MAX_BYTES])
{
    if (len > 0 && text[len - 1] == '\r')
        len--;
    const char *comment = memchr(text, '#', len);
    if (comment)
        len = (size_t)(comment - text);
    if (len >= LINE_MAX_BYTES)
        return "the line is too long";
    for (size_t i = 0; i < len; i++)
        if (((unsigned char)text[i] < ' ' && text[i] != '\t') || text[i] == 0x7f)
            return "there is a character that is not to be seen";
    memcpy(out, text, len);
    out[len] = '\0';
    return NULL;
}

int retention_parse(const char *text, size_t len, struct retention *out, char *error, size_t size)
{
    memset(out, 0, sizeof *out);
    for (int number = 1; len > 0; number++) {
        char line[LINE_MAX_BYTES];
        const char *end = memchr(text, '\n', len);
        size_t own = end ? (size_t)(end - text) : len;
        const char *wrong = take_line(text, own, line);
        if (!wrong && line[strspn(line, BLANKS)] != '\0')
            wrong = parse_line(line, out);
        if (wrong) {
            (void)str_format(error, size, "line %d: %s", number, wrong);
            return SND_E_BAD;
        }
        own += end != NULL;
        text += own;
        len -= own;
    }
    return 0;
}
