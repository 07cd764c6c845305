/* SPDX-License-Identifier: Apache-2.0
 * A pasted form: names in either language and keys, values in order, what is neither. */
#include "form/paste.h"
#include <string.h>
#include "base/mem.h"
#include "tests/tap.h"
#include "tests/unit/form_tools.h"
#include "text/text.h"

static struct form *form;

/* The value that was read for the field, or NULL. */
static const char *value_of(const struct paste *paste, const char *key)
{
    for (size_t i = 0; i < paste->count; i++)
        if (paste->line[i].field == form_field(form, key))
            return paste->line[i].value;
    return NULL;
}

static void names(void)
{
    struct paste paste;
    paste_read(form,
               "الرقم المدني لمقدم الطلب: 99012345\r\n"
               "  app_name :   سالم \n"
               "\n"
               "MOBILE NUMBER:70123456\n"
               "الحمل المطلوب (كيلوواط): 12:5\n"
               "Nobody's name: x",
               &paste);
    tap_ok(paste.by_name && paste.count == 5, "one name makes names count, empty lines do not");
    tap_is(value_of(&paste, "app_civil"), "99012345", "a label in Arabic");
    tap_is(value_of(&paste, "app_name"), "سالم", "a key, with blanks about");
    tap_is(value_of(&paste, "app_mobile"), "70123456", "a label in English, in other letters");
    tap_is(value_of(&paste, "load_kw"), "12:5", "a colon in the value");
    tap_ok(paste.line[4].field == -1 && strcmp(paste.line[4].value, "Nobody's name: x") == 0,
           "what no field is called keeps its line");
    paste_free(&paste);
}

static void order(void)
{
    struct paste paste;
    paste_read(form, "99012345\nسالم\n\n09:30\n", &paste);
    tap_ok(!paste.by_name && paste.count == 4, "values in order, an empty line among them");
    tap_is(paste.line[3].value, "09:30", "a time is no name");
    paste_free(&paste);
}

static void many(void)
{
    struct paste paste;
    char text[PASTE_LINES * 2 + 21];
    memset(text, '\n', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    paste_read(form, text, &paste);
    tap_ok(paste.count == PASTE_LINES && paste.cut, "more lines than any form has are cut off");
    paste_free(&paste);
    paste_read(form, "", &paste);
    tap_ok(paste.count == 0 && !paste.by_name, "nothing is nothing");
    paste_free(&paste);
}

int main(void)
{
    if (text_open() != 0)
        return 1;
    form = tools_form("mz-01");
    names();
    order();
    many();
    form_free(&form);
    tools_end();
    return tap_done();
}
