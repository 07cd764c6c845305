/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_PASTE_H
#define FORM_PASTE_H
/* A whole form as text, a line a field: "name: value", the name being the field's key or its label
 * in either language; or values alone, in the order of the fields. As soon as one line has the name
 * of a field, names are what counts. */
#include "form/form.h"
struct paste_line {
    char *text;
    const char *value; /* within text: behind the name, or all of it */
    int field;         /* index; -1: no field has that name, or it has none */
};
struct paste {
    struct paste_line *line;
    size_t count;
    int by_name;
    int cut; /* there were more than PASTE_LINES */
};
#define PASTE_LINES 400
/* Reads lines with LF or CRLF between them; blanks around names and values mean nothing. By name,
 * empty lines are left out; in order, one stands for a field that keeps what it has. A name that
 * stands there again is that of the next field with this label. Free with paste_free(). */
void paste_read(const struct form *form, const char *text, struct paste *out);
void paste_free(struct paste *paste);
#endif
