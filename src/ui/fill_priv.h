/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UI_FILL_PRIV_H
#define UI_FILL_PRIV_H
/* The form being filled: shared by its keys (fill.c), its fields (fill_field.c) and its picture
 * (fill_paint.c). */
#include "ui/edit.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"
/* Where a field stands on its page; rows count from the page's first. */
struct place {
    int shown;
    int heading; /* row of its group's title, or -1 */
    int label;   /* row of the label */
    int row;     /* first row of the value: the label's own, unless that is long */
    int rows;
};
enum given { GIVEN_NOT, GIVEN, GIVEN_KNOWN /* of a customer who was found by number */ };
enum choosing { CHOOSING_NOTHING, CHOOSING_VALUE, CHOOSING_DOCUMENT, CHOOSING_STORED };
struct fill {
    const struct form *form;
    struct record *record;
    struct book_draft draft;
    struct rule_day day;
    int focus;          /* field index */
    int page, top;      /* page shown, first of its rows on the screen */
    int painted;        /* the focus as it was painted last, and the word beside its box: */
    char hint[64];
    enum look hint_look;
    int moves;          /* fields left since then */
    struct edit edit;   /* text of the focused field */
    int absent;         /* a document's text is why it is not there */
    uint8_t *fault;     /* [fields] rule that the value broke when it was left */
    uint8_t *given;     /* [fields] enum given: whether the value came from elsewhere than the keys */
    int asked;          /* field whose number somebody was asked for by, -1 = none */
    char asked_for[16]; /* the number; what comes for another one is nothing */
    char newest[BOOK_NUMBER]; /* the person's newest request of this service, "" = none known */
    struct record *past;      /* its values, once they were wanted */
    enum key last;      /* the key before this one */
    int refused;        /* field whose text was refused once ... */
    char *refused_text; /* ... and that text: Enter on the same text goes on */
    int separated;      /* the first sign of a date was put there by us */
    int64_t
        absorb_until; /* the field before left by itself: an Enter before then is that same exit */
    int readonly;     /* another session took the draft */
    int exists;       /* the draft has something worth keeping */
    int dirty;        /* ... that is not saved yet */
    size_t held;      /* keys that wait, as of the last save */
    int failures;     /* saves that failed one after another */
    int leave_anyway; /* told once that it isn't saved */
    int submitted;
    struct place *place; /* [fields] */
    int *wide;           /* [fields] cells of the label in language `wide_lang` */
    enum lang wide_lang;
    enum choosing choosing;
    struct arena *choices; /* of the list that is open */
    struct chooser_list list;
    struct book_document *offered; /* of the list that is open, in its arena */
    struct review_case review;
    int practice;     /* nothing is kept or sent */
    int first_faults; /* of practice, at its first review; -1 = not reviewed yet */
};
/* Columns of a form, by the width of the screen. */
struct fill_columns {
    int label, box, hint; /* cells of each; the box is after the label and its bracket */
};
struct fill_columns fill_columns(const struct ui *ui);

/* ---- fill_field.c: values and their text ---- */
/* The focused field. */
const struct field *fill_field(const struct fill *fill);
int fill_focusable(const struct fill *fill, int field);
/* The next field in that direction that can be typed into, or -1. */
int fill_next(const struct fill *fill, int from, int by);
/* Takes the focus: its value becomes the text being typed. */
void fill_enter(struct fill *fill, int field);
enum commit { COMMIT_RIGHT, COMMIT_WRONG, COMMIT_ASKING };
/* The typed text becomes the value; what is wrong is marked and told. ASKING: a list was opened,
 * as the text fits several of its lines. */
enum commit fill_commit(struct ui *ui, struct fill *fill);
/* A digit typed into an empty choice that can be nothing but a place in its list: 1 and the choice's
 * index. */
int fill_by_place(const struct fill *fill, uint32_t point, size_t *item);
/* 1 when a number picks from the field's choices by their order, as none of their words is one. */
int fill_by_number(const struct fill *fill);
/* A value chosen, not typed. */
void fill_put(struct ui *ui, struct fill *fill, const char *stored);
/* The text that a draft keeps of an unfinished field, and back. */
void fill_typed(const struct fill *fill, struct buf *out);
void fill_restore(struct fill *fill, const char *typed, int caret);
/* Leaves the typed text that made no value: kept as it is and marked, or for a choice let go. */
void fill_abandon(struct ui *ui, struct fill *fill);
/* ---- fill_list.c: what is offered ---- */
/* The choices as the chooser shows them, in the arena; the stored one is marked. */
struct pick_item *fill_choices(const struct choices *choices, const char *stored,
                               struct arena *arena, struct chooser_list *list);
/* Opens the list of choices, narrowed to what was typed. */
void fill_open_list(struct ui *ui, struct fill *fill, const char *filter);
/* F4, F8. */
unsigned fill_list(struct ui *ui, struct fill *fill);
unsigned fill_document(struct ui *ui, struct fill *fill);
/* What may be said of a document, translated; NULL = there is no such line. */
const char *fill_document_line(size_t line);
/* Says it: 1 = a value was taken. */
int fill_document_say(struct ui *ui, struct fill *fill, size_t line);
/* What the list answered: 1 = a value was taken. */
int fill_answered(struct ui *ui, struct fill *fill, int answer);

/* ---- fill_given.c: values that are not typed ---- */
/* 1 when the field's value is a default or came from elsewhere, and typing begins it anew. */
int fill_is_given(const struct fill *fill, int field);
/* Asks who has the number that was typed into the field, if it is one that people are known by. */
void fill_ask_person(struct ui *ui, struct fill *fill);
/* What another record says of the same parties, into a form that was just begun. */
void fill_carry(struct fill *fill, const struct record *from);
/* All that was said in a request of the same service, to be corrected. */
void fill_again(struct fill *fill, const struct record *from);
/* F5: the field's value of the request before; at once again: all of it. */
unsigned fill_repeat(struct ui *ui, struct fill *fill);
/* Notes every paper that is still required as handed in: how many. */
int fill_papers(struct ui *ui, struct fill *fill);

/* ---- fill_type.c: keys ---- */
/* A key for the field itself. */
unsigned fill_type(struct ui *ui, struct fill *fill, const struct key_event *event);

/* ---- fit.c: screens without a session ---- */
struct stage {
    struct ui ui;
    enum lang before;
};
/* A person who is nobody, at a centre that is nowhere, with a form's screen in front that is yet to
 * be opened; and away with it. */
void stage_make(struct stage *stage, enum lang lang, int rows, int cols);
void stage_strike(struct stage *stage);

/* ---- fill.c: the draft and moving ---- */
/* Something worth keeping changed. */
void fill_touch(struct ui *ui, struct fill *fill);
/* To a field; the draft is saved. */
void fill_go(struct ui *ui, struct fill *fill, int field);
/* Leaves the focused field as Enter does. */
unsigned fill_forward(struct ui *ui, struct fill *fill);
#endif
