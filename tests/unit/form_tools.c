/* SPDX-License-Identifier: Apache-2.0
 * What the tests of forms share. A test that can't have its form or its file is no test: it ends
 * at once. */
#include "tests/unit/form_tools.h"
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/mem.h"
#include "tests/tap.h"

const char *const tools_forms[TOOLS_FORMS] = {"mz-01", "mz-02", "mz-03", "mz-04",
                                              "mz-05", "mz-06", "mz-07"};

static struct {
    char *name, *text;
} lists[40];
static glob_t services;
static char *service;

const char *tools_service(size_t number)
{
    if (!services.gl_pathv)
        (void)glob(tap_source("screens/*.form"), 0, NULL, &services);
    x_free(&service);
    if (number >= services.gl_pathc)
        return NULL;
    const char *name = strrchr(services.gl_pathv[number], '/') + 1;
    service = x_strndup(name, strcspn(name, "."));
    return service;
}

char *tools_text(const char *path)
{
    FILE *file = fopen(tap_source(path), "rb");
    size_t room = 4 << 20;
    char *text = x_alloc(room + 1);
    if (!file) {
        tap_ok(0, "can't open %s", path);
        exit(tap_done());
    }
    text[fread(text, 1, room, file)] = '\0';
    fclose(file);
    return text;
}

const char *tools_list(void *arg, const char *name)
{
    size_t i = 0;
    (void)arg;
    for (; i < SND_COUNT(lists) && lists[i].name; i++)
        if (strcmp(lists[i].name, name) == 0)
            return lists[i].text;
    char *path = x_printf("screens/lists/%s.list", name);
    FILE *file = fopen(tap_source(path), "rb");
    if (file) {
        fclose(file);
        lists[i].name = x_strdup(name);
        lists[i].text = tools_text(path);
    }
    x_free(&path);
    return lists[i].text;
}

void tools_end(void)
{
    if (services.gl_pathv)
        globfree(&services);
    x_free(&service);
    for (size_t i = 0; i < SND_COUNT(lists); i++) {
        x_free(&lists[i].name);
        x_free(&lists[i].text);
    }
}

struct form *tools_read(const char *text)
{
    struct arena *arena = arena_new();
    struct form *form = NULL;
    const struct form_fault *fault;
    size_t count;
    int err = form_read(text, strlen(text), tools_list, NULL, arena, &form, &fault, &count);
    for (size_t i = 0; i < count; i++)
        tap_note("%d:%d: %s", fault[i].line, fault[i].column, fault[i].sentence);
    arena_free(&arena);
    if (err) {
        tap_ok(0, "the form is read");
        exit(tap_done());
    }
    return form;
}

struct form *tools_form(const char *name)
{
    char *path = x_printf("screens/%s.form", name);
    char *text = tools_text(path);
    struct form *form = tools_read(text);
    x_free(&text);
    x_free(&path);
    return form;
}

static int set_member(void *arg, const char *key, const char *text)
{
    struct record *record = arg;
    int field = form_field(record->form, key);
    if (field >= 0)
        record_set(record, field, text);
    return field < 0;
}

struct record *tools_right(const struct form *form, const char *name, const struct rule_day *day)
{
    char *path = x_printf("tests/golden/verdicts/%s.jsonl", name), *text = tools_text(path);
    struct record *found = NULL;
    for (const char *at = text; *at && !found;) {
        size_t len = strcspn(at, "\n");
        struct json *line = NULL;
        struct fault fault;
        struct record *record = record_new(form);
        int bad = json_parse(at, len, &line) != 0 ||
                  json_each_text(json_get(line, "values"), set_member, record) != 0 ||
                  record_judge_all(record, day, LANG_AR, &fault, 1) > 0;
        if (bad)
            record_free(&record);
        found = record;
        json_free(&line);
        at += len + (at[len] == '\n');
    }
    x_free(&path);
    x_free(&text);
    return found;
}
