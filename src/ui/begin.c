/* SPDX-License-Identifier: Apache-2.0
 * Beginning a request of a service that is named by its code, the quick way of those who know it by
 * heart: `mz1` is MZ-01, in either keyboard layout. The form is always the one in force now. */
#include <string.h>
#include "base/err.h"
#include "base/num.h"
#include "text/input.h"
#include "text/number.h"
#include "ui/screens_priv.h"

#define CODE_SIZE 16
/* A code in pieces: its letters, small, and its number. */
struct code {
    char letters[CODE_SIZE];
    int64_t number;
};

/* 1 when the text is some letters, perhaps a dash, and a number of few digits; a letter of the
 * Arabic keyboard stands for the Latin one of its key. */
static int read_code(const char *text, struct code *out)
{
    char plain[BOOK_TEXT], digits[8];
    size_t letters = 0, used;
    if (str_copy(plain, sizeof plain, text) != 0)
        return 0;
    digits_to_ascii(plain);
    const char *at = plain;
    for (;; at += used) {
        uint32_t point = utf8_get(at, strlen(at), &used);
        uint32_t typed = point < 0x80 ? point : arabic_typed(point);
        if (typed >= 'A' && typed <= 'Z')
            typed += 'a' - 'A';
        if (typed < 'a' || typed > 'z' || letters == CODE_SIZE - 1)
            break;
        out->letters[letters++] = (char)typed;
    }
    out->letters[letters] = '\0';
    at += *at == '-';
    return letters > 0 && str_copy(digits, sizeof digits, at) == 0 &&
           num_parse(digits, 0, 999, &out->number) == 0;
}

int begin_service(struct ui *ui, const char *typed, int carry)
{
    struct code wanted, code;
    struct book_service *list;
    size_t count;
    int found = 0;
    if (!ui_may(ui, OP_REQUEST_SUBMIT) || !read_code(typed, &wanted))
        return 0;
    struct arena *arena = arena_new();
    int error = book_service_list(ui->book, arena, &list, &count);
    if (error)
        ui_tell_error(ui, error);
    for (size_t i = 0; i < count && !error && !found; i++) {
        found = read_code(list[i].code, &code) && code.number == wanted.number &&
                strcmp(code.letters, wanted.letters) == 0;
        if (found)
            (void)service_begin(ui, &list[i], carry);
    }
    arena_free(&arena);
    return found || error;
}

unsigned begin_correction(struct ui *ui, const struct record *record)
{
    remember_record(ui, record);
    return begin_again(ui, BEGIN_CORRECTION);
}

unsigned begin_again(struct ui *ui, int carry)
{
    if (!ui->repeat.form)
        ui_tell(ui, TELL_PLAIN, "%s", _("There is no request before: choose a service first."));
    else if (!begin_service(ui, ui->repeat.form->code, carry))
        ui_tell_error(ui, SND_E_NOTFOUND);
    return UI_HANDLED;
}
