/* SPDX-License-Identifier: Apache-2.0
 * What a clerk types in line mode to fill one request of every service: a line an answer, all of
 * them ahead, as prompts come in the order of the fields.
 *
 * usage: lines DAY WILAYAT WANTED
 *
 * The lines go to standard output; WANTED gets a line for each service that it does not have yet:
 * code, and the values that the book must have then. The records are those that
 * tests/e2e/services.c types at the screens. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "tests/unit/form_tools.h"
#include "text/text.h"

static struct rule_day day;
static int documents, dates; /* so far, so that each way to type one is used */

/* What is typed for a document, and into *kept what the book has of it. */
static const char *document(const char *stored, const char **kept)
{
    static char value[64];
    const char *mark = stored + strcspn(stored, ":") + 1;
    switch (documents++ % 3) {
    case 0:
        *kept = "have:seen";
        return "+";
    case 1:
        (void)str_format(value, sizeof value, "have:P-%.40s", mark);
        *kept = value;
        return value + strlen("have:");
    default:
        *kept = "none:يحضره لاحقا";
        return "- يحضره لاحقا";
    }
}

/* In the order of the calendar, or of the standard. */
static const char *date(const char *stored)
{
    static char typed[16];
    if (dates++ % 2)
        return stored;
    (void)str_format(typed, sizeof typed, "%.2s/%.2s/%.4s", stored + 8, stored + 5, stored);
    return typed;
}

static const char *typed_for(const struct field *field, const char *stored, const char **kept)
{
    const struct choice *choice;
    *kept = stored;
    if (field->kind == FIELD_DOC)
        return document(stored, kept);
    if (field->kind == FIELD_DATE_G)
        return date(stored);
    if (field->choices && (choice = field_choice(field, stored)) != NULL)
        return choice->label[LANG_AR];
    if (field->kind == FIELD_YESNO)
        return strcmp(stored, "yes") == 0 ? "1" : "لا";
    return stored;
}

static void type_form(const struct record *wanted, FILE *list)
{
    const struct form *form = wanted->form;
    struct record *now = record_new(form);
    record_settle(now, &day, 1);
    puts(form->code);
    for (size_t i = 0; i < form->fields; i++) {
        const char *kept = NULL;
        if (!now->relevant[i] || form->field[i].calculate)
            continue;
        puts(wanted->value[i] ? typed_for(&form->field[i], wanted->value[i], &kept) : "-");
        record_set(now, (int)i, kept);
        record_settle(now, &day, 1);
    }
    /* Whoever went wrong is at home again for the next. */
    puts("send\n.later");
    char *values = record_json(now);
    fprintf(list, "%s\t%s\n", form->code, values);
    fflush(list);
    x_free(&values);
    record_free(&now);
}

static int is_wanted(const char *path, const char *code)
{
    char line[65536];
    int found = 0;
    FILE *list = fopen(path, "r");
    while (list && !found && fgets(line, sizeof line, list))
        found = strncmp(line, code, strlen(code)) == 0 && line[strlen(code)] == '\t';
    if (list)
        fclose(list);
    return found;
}

int main(int argc, char **argv)
{
    const char *name;
    FILE *list = argc == 4 ? fopen(argv[3], "a") : NULL;
    if (!list || text_open() != 0 || clock_day_parse(argv[1], &day.today) != 0)
        return 2;
    day.wilayat = argv[2];
    for (size_t i = 0; (name = tools_service(i)) != NULL; i++) {
        struct form *form = tools_form(name);
        int here = area_holds(form_area(form, day.today)->centre, day.wilayat) &&
                   !is_wanted(argv[3], form->code);
        struct record *record = here ? tools_right(form, name, &day) : NULL;
        if (record)
            type_form(record, list);
        record_free(&record);
        form_free(&form);
    }
    tools_end();
    return fclose(list) != 0;
}
