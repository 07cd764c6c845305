/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_SHEET_H
#define FORM_SHEET_H
/* What a person has to know before coming for a service: what to bring, what it costs, how long it
 * takes, where and when it is offered, and to whom. Made of the form alone, so that it is right on
 * the day on which a fee or an area changes. */
#include "base/mem.h"
#include "form/form.h"
struct sheet_line {
    const char *label; /* "" = goes on below the line before */
    const char *text;
    int heading; /* label is a heading over the lines that follow, there is no text */
};
struct sheet {
    struct sheet_line *line;
    size_t lines;
};
/* In the session's language, in the arena. standing: whether it is open today as the office has it, in
 * words; NULL = as the form says. */
void sheet_make(const struct form *form, int32_t day, const char *standing, struct arena *arena,
                struct sheet *out);
/* What a state is called: an English id of the catalogue. */
const char *sheet_state(enum service_state state);
/* "10 working days": how long it should take. */
const char *sheet_target(const struct form *form, struct arena *arena);
#endif
