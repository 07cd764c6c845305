/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PAPER_PAPER_H
#define PAPER_PAPER_H
/* What stands on paper: a request, a draft that is to be read and signed, a blank form, what a
 * service needs. First its lines, made of the form and its values alone, so that two centres print
 * the same; then the text or the page of them, which therefore agree. A page is one file of HTML
 * without anything from elsewhere: whatever shows it shapes the Arabic and prints it. */
#include "base/buf.h"
#include "base/mem.h"
#include "form/record.h"
enum paper_kind {
    PAPER_HEADING, /* label: over the lines that follow */
    PAPER_PAIR,    /* label and text */
    PAPER_MORE,    /* text: goes on below the line before */
    PAPER_BLANK,   /* label, a box to write in by hand, and text: what can be chosen */
    PAPER_FRAME,   /* text in a frame, as it is to appear */
    PAPER_NOTE,    /* text over the whole width */
    PAPER_SIGN     /* label and a rule to sign on */
};
struct paper_line {
    enum paper_kind kind;
    enum text_dir dir;        /* of the text */
    const char *label, *text; /* "" = none */
};
struct paper {
    struct arena *arena;
    const char *title;
    struct paper_line *line;
    size_t lines, room;
};
/* Begins one, in the session's language; title, labels and texts live as long as the arena. */
void paper_begin(struct paper *paper, const char *title, struct arena *arena);
void paper_add(struct paper *paper, enum paper_kind kind, const char *label, const char *text,
               enum text_dir dir);
/* "MZ-01  New electricity connection": what a paper about that service is called. */
const char *paper_title(const struct form *form, struct arena *arena);
/* What the service needs on that day. */
void paper_sheet(struct paper *paper, const struct form *form, int32_t day);
/* Each field to be filled in by hand, calculated ones left out. */
void paper_blank(struct paper *paper, const struct form *form);
/* The values, under their groups' titles. */
void paper_values(struct paper *paper, const struct record *record);
/* Where the form names a field whose text is printed to be proved: that text in a frame, and where
 * the person signs that it may appear so. Of other forms nothing. */
void paper_proof(struct paper *paper, const struct record *record);
/* A note on what this paper is, and where the applicant and the clerk sign. */
void paper_end(struct paper *paper, const char *note);
/* Plain text / a page, UTF-8, at the end of *out; out->failed when there is no room. */
void paper_text(const struct paper *paper, struct buf *out);
void paper_page(const struct paper *paper, struct buf *out);
#endif
