/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UI_FRAME_H
#define UI_FRAME_H
/* The rows that every screen has, and places counted from the side where reading starts: 1 is the
 * first column after the blank edge, at the right in Arabic and at the left in English. */
#include "ui/ui_priv.h"
#define FRAME_TOP 2 /* first row of the body */
/* One key of the bar in the last row. */
struct frame_key {
    enum key key;
    const char *word; /* N_() */
};
/* Physical column of a place. */
int frame_x(const struct ui *ui, int start);
/* Columns from place 1 to the last before the far edge. */
int frame_width(const struct ui *ui);
/* 1 on a screen of fewer than UI_COLS or UI_ROWS, as a telephone has: what stands side by side
 * elsewhere stands one under another, and sentences take more rows. */
int frame_narrow(const struct ui *ui);
/* Rows of the body: FRAME_TOP .. FRAME_TOP + frame_body() - 1. */
int frame_body(const struct ui *ui);
/* The direction in which the session's own sentences run. */
enum text_dir frame_dir(const struct ui *ui);
/* One row of text from a place on, at most `width` cells; returns the cells used. The first aligns
 * at the start, the second so that it ends at the place `last`. */
int frame_text(struct ui *ui, int row, int start, int width, const char *text, enum look look);
int frame_text_end(struct ui *ui, int row, int last, int width, const char *text, enum look look);
/* A value with a direction of its own, aligned at the start. */
int frame_value(struct ui *ui, int row, int start, int width, const char *text, enum text_dir dir,
                enum look look);
/* A line laid out already, with its start at a place. */
void frame_line(struct ui *ui, int row, int start, const struct line *line, enum look look);
/* A paragraph over several rows; returns the rows used. */
int frame_paragraph(struct ui *ui, int row, int start, int width, int max, const char *text,
                    enum look look);
/* What something is, and beside it how it stands, in as many rows as that needs; the row below. */
int frame_fact(struct ui *ui, int row, const char *label, const char *value, enum look look);
/* A sentence: one row, on a narrow screen as many as it needs, but `max`; returns the rows used. */
int frame_sentence(struct ui *ui, int row, int start, int width, int max, const char *text,
                   enum look look);
void frame_fill(struct ui *ui, int row, int start, int count, uint32_t point, enum look look);
void frame_look(struct ui *ui, int row, int start, int count, enum look look);
void frame_caret(struct ui *ui, int row, int start);
/* First row: Sanad, where we are, who and when. */
void frame_header(struct ui *ui);
/* Second row: what the screen is about; either may be NULL. */
void frame_context(struct ui *ui, const char *start, const char *end);
/* The last three rows. */
void frame_hint(struct ui *ui, const char *text);
void frame_message(struct ui *ui);
void frame_keys(struct ui *ui, const struct frame_key *keys, size_t count);
/* A count and its word: formats with the number as text. Lives in the paint's arena. */
const char *frame_number(struct ui *ui, int64_t number);
/* "28/11/2016 - 28/02/1438" of a day: both calendars. */
const char *frame_both_dates(struct ui *ui, int32_t day);
/* "28/11/2016 08:41" of a moment, in Oman. */
const char *frame_moment(struct ui *ui, int64_t utc_ms);
/* "3 h": how long that is, in short. */
const char *frame_span(struct ui *ui, int64_t ms);
#endif
