/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UI_FAKE_H
#define TESTS_UI_FAKE_H
/* A stage without a terminal and a book without a ledger: for tests of the screens. The book keeps
 * one draft and the requests submitted to it, with the forms of screens/. */
#include "ui/ui_priv.h"
#define FAKE_TODAY 17504 /* 2017-12-04 */
struct fake {
    struct ui ui;
    struct keys *keys;
    int answers; /* the terminal does, when the test says so: nothing that is refused is seen before
                  */
};
/* A clerk at DA01-003 on a screen of that size, at the first screen. */
void fake_open(struct fake *fake, enum lang lang, int rows, int cols);
void fake_close(struct fake *fake);
/* Bytes as the terminal sends them, all in one message; then a painting. */
void fake_type(struct fake *fake, const char *bytes);
/* The picture; borrowed until the next call. */
const char *fake_picture(struct fake *fake);
/* 1 when the picture has that text (as laid out in the session's direction). */
int fake_shows(struct fake *fake, const char *text);
/* The stored value of a field of the form in front; "" when empty. */
const char *fake_value(struct fake *fake, const char *key);
/* Key of the field that has the focus. */
const char *fake_focus(struct fake *fake);
/* What stands in that field's box. */
const char *fake_typed(struct fake *fake);
/* Moves the focus to a field of the form in front. */
void fake_go(struct fake *fake, const char *key);
/* Reads the forms of the pretended book, once. */
void fake_load_forms(void);
/* What the book answers to draft.put from now on; how many it took. */
extern int fake_put_error;
extern int fake_puts;
extern int fake_submits;
extern int fake_submit_error;
/* Notices that nobody has read (0, or 1: of MZ-02); practice that was noted, its faults. */
extern int fake_notices, fake_trained, fake_faults;
extern struct book_ruled fake_ruled;       /* what was ruled last */
#define FAKE_PAST "DA01-003-20160114-0003" /* a request of imported history */
extern int fake_finds;                     /* how often the book was asked whom or what is meant */
/* The one customer of before: whether answers come at all, and with what. */
#define FAKE_CIVIL "99012345"
struct fake_person {
    int answers, error, alike;
    int asked; /* how often */
    char number[16];
};
extern struct fake_person fake_person;
/* The draft as the book has it. */
struct fake_draft {
    int exists;
    int elsewhere; /* so many times another session is said to hold it */
    struct book_draft draft;
    char typed[4096];
    char *values;
};
extern struct fake_draft fake_draft;
#endif
