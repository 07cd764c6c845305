/* SPDX-License-Identifier: Apache-2.0
 * The configuration file: one table (conf.def) gives names, defaults, bounds and help.
 *
 * Reading is strict: a key that isn't in the table, or a number out of its bounds, is refused with
 * file and line, since a server that guesses what was meant is one that nobody can rely on. What is
 * written names every key, with its help above it. */
#include "base/conf.h"
#include <ctype.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"

#define CONF_MAX 65536

struct key {
    const char *name;
    enum conf_kind kind;
    size_t offset;
    const char *otherwise_text;
    int64_t otherwise, min, max;
    const char *help;
};
static const struct key keys[] = {
#define CONF_TEXT_KEY(name, otherwise, help)                                                       \
    {#name, CONF_TEXT, offsetof(struct conf, name), otherwise, 0, 0, 0, help},
#define CONF_NUMBER_KEY(name, otherwise, min, max, help)                                           \
    {#name, CONF_NUMBER, offsetof(struct conf, name), NULL, otherwise, min, max, help},
#include "base/conf.def"
#undef CONF_TEXT_KEY
#undef CONF_NUMBER_KEY
};

static char **text_at(struct conf *conf, const struct key *key)
{
    return (char **)(void *)((char *)conf + key->offset);
}

static int64_t *number_at(struct conf *conf, const struct key *key)
{
    return (int64_t *)(void *)((char *)conf + key->offset);
}

void conf_default(struct conf *out)
{
    for (size_t i = 0; i < SND_COUNT(keys); i++) {
        if (keys[i].kind == CONF_TEXT)
            *text_at(out, &keys[i]) = x_strdup(keys[i].otherwise_text);
        else
            *number_at(out, &keys[i]) = keys[i].otherwise;
    }
}

void conf_free(struct conf *conf)
{
    for (size_t i = 0; i < SND_COUNT(keys); i++) {
        if (keys[i].kind == CONF_TEXT)
            x_free(text_at(conf, &keys[i]));
    }
}

static char *trimmed(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    size_t len = strlen(text);
    while (len > 0 && isspace((unsigned char)text[len - 1]))
        text[--len] = '\0';
    return text;
}

/* Takes one line; NULL or the sentence that says what is wrong with it. */
static const char *take_line(struct conf *conf, char *line)
{
    line = trimmed(line);
    if (!*line || *line == '#')
        return NULL;
    char *equals = strchr(line, '=');
    if (!equals)
        return "write `key = value`";
    *equals = '\0';
    const char *name = trimmed(line);
    const char *value = trimmed(equals + 1);
    for (size_t i = 0; i < SND_COUNT(keys); i++) {
        const struct key *key = &keys[i];
        if (strcmp(key->name, name) != 0)
            continue;
        if (key->kind == CONF_NUMBER)
            return num_parse(value, key->min, key->max, number_at(conf, key))
                       ? "give a number within this key's bounds"
                       : NULL;
        x_free(text_at(conf, key));
        *text_at(conf, key) = x_strdup(value);
        return NULL;
    }
    return "remove this key: there is no such one";
}

int conf_read(const char *path, struct conf *out, char *error, size_t size)
{
    char *text = NULL;
    size_t len;
    *error = '\0';
    int err = proc_read_file(path, CONF_MAX, &text, &len);
    if (err) {
        (void)str_format(error, size, "%s: %s", path, err_text(err));
        return err;
    }
    conf_default(out);
    int number = 0;
    char *rest = text, *line;
    while (!err && (line = strsep(&rest, "\n"))) {
        const char *wrong = take_line(out, line);
        number++;
        if (wrong) {
            (void)str_format(error, size, "%s:%d: %s", path, number, wrong);
            err = SND_E_BAD;
        }
    }
    if (err)
        conf_free(out);
    x_free(&text);
    return err;
}

int conf_write(const char *path, const struct conf *conf)
{
    struct conf copy = *conf;
    struct buf out = BUF_INIT(CONF_MAX);
    for (size_t i = 0; i < SND_COUNT(keys); i++) {
        buf_printf(&out, "# %s\n%s = ", keys[i].help, keys[i].name);
        if (keys[i].kind == CONF_TEXT)
            buf_printf(&out, "%s\n\n", *text_at(&copy, &keys[i]));
        else
            buf_printf(&out, "%lld\n\n", (long long)*number_at(&copy, &keys[i]));
    }
    int err = proc_write_file(path, out.data, out.len, 0600);
    buf_free(&out);
    return err;
}

static int is_key(const char *name)
{
    for (size_t i = 0; i < SND_COUNT(keys); i++)
        if (strcmp(keys[i].name, name) == 0)
            return 1;
    return 0;
}

/* The line gives that key its value. */
static int sets(const char *line, const char *name)
{
    while (isspace((unsigned char)*line))
        line++;
    size_t len = strlen(name);
    if (strncmp(line, name, len) != 0)
        return 0;
    line += len;
    while (*line == ' ' || *line == '\t')
        line++;
    return *line == '=';
}

int conf_set(const char *path, const char *name, const char *value)
{
    struct buf out = BUF_INIT(CONF_MAX);
    char *text = NULL;
    size_t len;
    int found = 0, err = is_key(name) && !strpbrk(value, "\r\n") ? 0 : SND_E_BAD;
    if (!err)
        err = proc_read_file(path, CONF_MAX, &text, &len);
    char *rest = text, *line;
    while (!err && (line = strsep(&rest, "\n"))) {
        if (sets(line, name)) {
            buf_printf(&out, "%s = %s", name, value);
            found = 1;
        } else {
            buf_puts(&out, line);
        }
        if (rest)
            buf_putc(&out, '\n');
    }
    if (!err && !found)
        buf_printf(&out, "%s%s = %s\n", out.len && out.data[out.len - 1] != '\n' ? "\n" : "", name,
                   value);
    if (!err)
        err = out.failed ? SND_E_LIMIT : proc_write_file(path, out.data, out.len, 0600);
    buf_free(&out);
    x_free(&text);
    return err;
}
