/* SPDX-License-Identifier: Apache-2.0
 * Reads a script: one word a line, `set`, `include`, variables. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/num.h"
#include "tests/bench/load.h"

static const struct {
    const char *text;
    int argument;
} words[] = {
#define WORD(name, text, argument) {text, argument},
#include "tests/bench/words.def"
#undef WORD
};
enum { ARGUMENT_TEXT = 1, ARGUMENT_NUMBER = 2, ARGUMENT_KEYS = 3 };

#define VARIABLES 200
static struct {
    char *name, *value;
    bool fixed;
} variable[VARIABLES];
static int variables;

void script_set(const char *name, const char *value, bool fixed)
{
    int i = 0;
    while (i < variables && strcmp(variable[i].name, name) != 0)
        i++;
    if (i < variables && variable[i].fixed)
        return;
    if (i == VARIABLES)
        load_die("too many variables");
    if (i == variables)
        variable[variables++].name = x_strdup(name);
    else
        x_free(&variable[i].value);
    variable[i].value = x_strdup(value);
    variable[i].fixed = fixed;
}

static const char *value_of(const char *name, size_t len)
{
    for (int i = 0; i < variables; i++) {
        if (strlen(variable[i].name) == len && strncmp(variable[i].name, name, len) == 0)
            return variable[i].value;
    }
    load_die("no variable ${%.*s}", (int)len, name);
}

static void fill_one(struct buf *out, const char *name, size_t len, bool running, int session,
                     int form)
{
    if (len == 1 && (*name == 'n' || *name == 'i')) {
        if (!running)
            buf_printf(out, "${%c}", *name);
        else if (*name == 'n')
            buf_printf(out, "%04d", session);
        else
            buf_printf(out, "%03d", form);
        return;
    }
    char *inner = script_fill(value_of(name, len), running, session, form);
    buf_puts(out, inner);
    x_free(&inner);
}

char *script_fill(const char *text, bool running, int session, int form)
{
    struct buf out = BUF_INIT(8192);
    while (*text) {
        const char *end = strncmp(text, "${", 2) == 0 ? strchr(text, '}') : NULL;
        if (!end) {
            buf_putc(&out, *text++);
            continue;
        }
        fill_one(&out, text + 2, (size_t)(end - text - 2), running, session, form);
        text = end + 1;
    }
    return buf_take(&out);
}

static void add(struct script *script, struct step step)
{
    if (script->steps == script->room) {
        script->room = script->room ? script->room * 2 : 64;
        script->step = x_realloc(script->step, (size_t)script->room, sizeof *script->step);
    }
    script->step[script->steps++] = step;
}

/* "NAME" or "NAME*3", one step a press. */
static void add_keys(struct script *script, char *text, struct step step)
{
    char *key, *rest = text;
    while ((key = strsep(&rest, " \t"))) {
        char *star = strrchr(key, '*');
        int64_t times = 1;
        if (!*key)
            continue;
        if (star && star != key && num_parse(star + 1, 1, 1000, &times) == 0)
            *star = '\0';
        for (; times > 0; times--) {
            step.text = x_strdup(key);
            add(script, step);
        }
    }
}

/* Cuts the first word off a line; what follows it, without quotes around it. */
static char *cut_word(char *line)
{
    while (*line && !isspace((unsigned char)*line))
        line++;
    if (*line)
        *line++ = '\0';
    while (isspace((unsigned char)*line))
        line++;
    size_t len = strlen(line);
    if (*line == '"' && len > 1 && line[len - 1] == '"') {
        line[len - 1] = '\0';
        line++;
    }
    return line;
}

static void include(struct script *script, const char *path, const char *name, int depth)
{
    const char *slash = strrchr(path, '/');
    char *full = *name != '/' && slash ? x_printf("%.*s/%s", (int)(slash - path), path, name)
                                       : x_strdup(name);
    script_load(script, full, depth + 1);
    x_free(&full);
}

static void add_line(struct script *script, const char *path, int number, const char *word,
                     const char *argument)
{
    size_t i = 0;
    while (i < SND_COUNT(words) && strcmp(words[i].text, word) != 0)
        i++;
    if (i == SND_COUNT(words))
        load_die("%s:%d: no such word '%s'", path, number, word);
    char *text = script_fill(argument, false, 0, 0);
    if (words[i].argument && !*text)
        load_die("%s:%d: '%s' wants an argument", path, number, word);
    struct step step = {.word = (enum word)i, .line = number, .file = path};
    if (words[i].argument == ARGUMENT_KEYS) {
        add_keys(script, text, step);
        x_free(&text);
        return;
    }
    step.text = text;
    if (words[i].argument == ARGUMENT_NUMBER)
        step.number = strtod(text, NULL);
    add(script, step);
}

void script_load(struct script *script, const char *path, int depth)
{
    char line[4096];
    const char *kept = x_strdup(path);
    FILE *file = depth < 8 ? fopen(path, "r") : NULL;
    if (!file)
        load_die("%s: %s", path, depth < 8 ? strerror(errno) : "includes itself");
    for (int number = 1; fgets(line, sizeof line, file); number++) {
        char *word = line + strspn(line, " \t");
        size_t len = strlen(word);
        while (len > 0 && isspace((unsigned char)word[len - 1]))
            word[--len] = '\0';
        if (!*word || *word == '#')
            continue;
        char *argument = cut_word(word);
        if (strcmp(word, "set") == 0) {
            char *value = cut_word(argument);
            script_set(argument, value, false);
        } else if (strcmp(word, "include") == 0) {
            include(script, path, argument, depth);
        } else {
            add_line(script, kept, number, word, argument);
        }
    }
    fclose(file);
}
