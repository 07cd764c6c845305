/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a form. What follows \f (form feed) is the text of every list that the form names.
 * A form that is read is also used: defaults worked out, every field judged, written as JSON and
 * read back; a form that is refused has complaints with lines and sentences. */
#include <stdint.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "form/record.h"
#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *find_list(void *arg, const char *name)
{
    (void)name;
    return arg;
}

static void use_record(const struct form *form, struct record *record)
{
    const struct rule_day day = {.today = 17700, .wilayat = "DA01"};
    struct fault fault[4];
    record_settle(record, &day, 1);
    (void)record_judge_all(record, &day, LANG_AR, fault, 4);
    for (size_t i = 0; i < form->fields; i++)
        record_set(record, (int)i, i % 2 ? "12" : "نص");
    (void)record_judge_all(record, &day, LANG_EN, fault, 4);
    record_settle(record, &day, 1);
    char *json = record_json(record);
    struct record *again = NULL;
    if (record_from_json(form, json, strlen(json), &again) == 0)
        record_free(&again);
    x_free(&json);
}

static void use_form(const struct form *form)
{
    snd_assert(form->code && form->fields && form->order && form_fee(form, 0) &&
               form_area(form, 0));
    (void)form_state(form, 17700);
    struct record *record = record_new(form);
    use_record(form, record);
    record_free(&record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int ready;
    if (!ready)
        snd_assert(text_open() == 0);
    ready = 1;
    char *text = x_strndup(size ? (const char *)data : "", size);
    char *list = size ? memchr(data, '\f', size) ? strchr(text, '\f') : NULL : NULL;
    size_t len = size;
    if (list) {
        len = (size_t)(list - text);
        *list++ = '\0';
    }
    struct arena *arena = arena_new();
    const struct form_fault *fault;
    struct form *form = NULL;
    size_t count;
    int err = form_read(list ? text : (const char *)data, len, find_list, list, arena, &form,
                        &fault, &count);
    snd_assert((err == 0) == (form != NULL) && (err == 0) == (count == 0));
    for (size_t i = 0; i < count; i++)
        snd_assert(fault[i].line > 0 && fault[i].column > 0 && *fault[i].sentence);
    if (form)
        use_form(form);
    form_free(&form);
    const struct choices *choices;
    if (list && form_list_read(list, strlen(list), arena, &choices, &fault, &count) == 0)
        snd_assert(choices->count > 0);
    arena_free(&arena);
    x_free(&text);
    return 0;
}
