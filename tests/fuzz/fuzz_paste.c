/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a pasted form. Every line's value lies within the line, and every field that is
 * named exists. */
#include <stdint.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "form/paste.h"
#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct form *one_form(void)
{
    static const char *const labels[][LANG_COUNT] = {{"الرقم المدني", "Civil number"},
                                                     {"الاسم", "Name"},
                                                     {"الاسم", "Name"},
                                                     {"موعد: من", "From"}};
    static struct field fields[4];
    static struct form form = {.field = fields, .fields = 4};
    static const char *const keys[] = {"civil", "name", "other", "at"};
    for (size_t i = 0; i < 4; i++) {
        fields[i].key = keys[i];
        fields[i].label[LANG_AR] = labels[i][LANG_AR];
        fields[i].label[LANG_EN] = labels[i][LANG_EN];
    }
    return &form;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct form *form;
    struct paste paste;
    if (!form) {
        if (text_open() != 0)
            return 0;
        form = one_form();
    }
    char *text = x_strndup((const char *)data, size);
    paste_read(form, text, &paste);
    snd_assert(paste.count <= PASTE_LINES);
    for (size_t i = 0; i < paste.count; i++) {
        const struct paste_line *line = &paste.line[i];
        snd_assert(line->value >= line->text && line->value <= line->text + strlen(line->text));
        snd_assert(line->field >= -1 && line->field < (int)form->fields);
        snd_assert(paste.by_name || line->field < 0);
    }
    paste_free(&paste);
    x_free(&text);
    return 0;
}
