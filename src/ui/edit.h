/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UI_EDIT_H
#define UI_EDIT_H
/* A text being typed, with its caret, and how it lies in a box of cells. Knows nothing of forms. */
#include "ui/ui_priv.h"
#define EDIT_POINTS 1000
#define EDIT_BYTES (EDIT_POINTS * 4 + 1)
#define EDIT_ROWS 30
struct edit {
    char text[EDIT_BYTES];
    int caret; /* logical position, code points */
    int max;   /* most code points */
    enum text_dir dir;
    int secret;  /* a password: a dot for each character */
    int changed; /* since edit_set() */
};
/* What a key did to it. */
enum edit_did {
    EDIT_IGNORED, /* not an editing key */
    EDIT_MOVED,
    EDIT_CHANGED,
    EDIT_FULL,    /* a character didn't fit */
    EDIT_REFUSED, /* a character that may not be stored */
};
void edit_set(struct edit *edit, const char *text, int max, enum text_dir dir);
enum edit_did edit_key(struct edit *edit, const struct key_event *event, int rtl,
                       struct arena *arena);
/* The same where the edit is what has the focus: what the screen answers to the key; `full` is said
 * when a character has no room. */
unsigned edit_type(struct ui *ui, struct edit *edit, const struct key_event *event,
                   const char *full);
enum edit_did edit_insert(struct edit *edit, uint32_t typed);
/* The direction a text has in a box of a screen that starts at the right or not. */
enum text_dir edit_dir(const char *text, enum text_dir dir, int rtl);

/* A text laid out in a box. */
struct edit_box {
    int rows;
    int slot;          /* cells of the box that are in use, from its start */
    enum text_dir dir; /* resolved */
    struct line line[EDIT_ROWS];
    int first[EDIT_ROWS + 1]; /* logical position at which each row begins */
};
/* Rows of at most `width` cells, at most `max` rows beginning so that `caret` is inside (< 0: nobody
 * is typing); max_points is the most the value may have. */
void edit_layout(const char *text, enum text_dir dir, int max_points, int width, int max, int caret,
                 int rtl, struct arena *arena, struct edit_box *out);
/* Paints it with its first row at `row` and its start at the place `start`; `caret` < 0: none. */
void edit_paint(struct ui *ui, const struct edit_box *box, int row, int start, int caret,
                enum look look);
/* One row with a caret, as search boxes and passwords have it. */
void edit_paint_row(struct ui *ui, const struct edit *edit, int row, int start, int width,
                    int focused);
#endif
