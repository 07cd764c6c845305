/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UI_FIELDS_H
#define UI_FIELDS_H
/* A few fields one under another, of which one has the focus: for screens that are no form. The
 * edits belong to the caller; those from `first` to `count` - 1 are in use. */
#include "ui/edit.h"
struct fields {
    struct edit *edit;
    int first, count, focus;
};
/* Besides the results of enum ui_result: Enter in the last field, or F10. */
#define FIELDS_DONE 0x100u
/* A key that the screen leaves to its fields. `full` is said when a character has no room. */
unsigned fields_key(struct ui *ui, struct fields *fields, const struct key_event *event,
                    const char *full);
/* Goes back to a field and says what is wrong with it. */
unsigned fields_refuse(struct ui *ui, struct fields *fields, int field, const char *sentence);
/* Field i in a row of its own, its label in `label_width` cells and its box in `width`. */
void fields_paint(struct ui *ui, const struct fields *fields, int i, int row, const char *label,
                  int label_width, int width);
#endif
