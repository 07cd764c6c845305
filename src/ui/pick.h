/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UI_PICK_H
#define UI_PICK_H
/* A list of which one row is chosen, narrowed by typing. The rows belong to the caller. */
#include "ui/edit.h"
struct pick_item {
    const char *text;   /* what is read */
    const char *note;   /* at the row's end, or NULL */
    const char *folded; /* what typing is compared with; NULL = the row is never narrowed away */
    int heading;        /* can't be chosen; hidden when nothing below it is left */
    enum look note_look;
};
struct pick {
    const struct pick_item *item;
    size_t count;
    size_t *shown; /* indexes of the items left after narrowing */
    size_t shown_count;
    size_t at;  /* index into shown[] of the chosen row */
    size_t top; /* first row on the screen */
    int page;   /* rows it was painted with */
    int roamed; /* the arrows moved last: the caret is on the chosen row, not in the box */
    struct edit filter;
    const char *nothing; /* said when nothing fits, translated; NULL = the usual words */
};
enum pick_did { PICK_IGNORED, PICK_MOVED, PICK_NARROWED, PICK_TAKEN };
/* The rows; the filter stays. Chooses the first row. */
void pick_set(struct pick *pick, const struct pick_item *item, size_t count);
void pick_free(struct pick *pick);
/* Index of the chosen item, or -1. */
int pick_chosen(const struct pick *pick);
void pick_choose(struct pick *pick, int item);
/* Narrows to what the filter's text fits. */
void pick_narrow(struct pick *pick);
/* Arrows, pages, Home and End, Enter; and typing when `narrowing`. */
enum pick_did pick_key(struct pick *pick, const struct key_event *event, int narrowing,
                       struct ui *ui);
/* The key handler of a screen that is such a list and narrows: Enter calls `take` with the screen's
 * state, everything else is the list's own. */
unsigned pick_screen_key(struct pick *pick, const struct key_event *event, struct ui *ui,
                         unsigned (*take)(struct ui *ui, void *state), void *state);
/* Paints it into body rows first .. first+rows-1; with the search box above it when `label` isn't
 * NULL. The caret stands in the box while one types, else on the chosen row. */
void pick_paint(struct ui *ui, struct pick *pick, int first, int rows, const char *label);
#endif
