/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_LAYOUT_PRIV_H
#define TEXT_LAYOUT_PRIV_H
#include "text/layout.h"
#include "text/shape_priv.h"

/* A paragraph analysed: shaped clusters in logical order, each with its bidi level. */
struct para {
    struct cluster clusters[LAYOUT_MOST];
    int count;         /* clusters */
    int held;          /* characters they stand for */
    int chars;         /* characters of the whole text; more than `held` when it was too long */
    enum text_dir dir; /* resolved: TEXT_LTR or TEXT_RTL */
};
void layout_warm(void);
/* Analyses a text into the one paragraph there is room for; valid until the next layout. */
struct para *layout_analyse(const char *text, enum text_dir dir);
/* Makes a line of clusters from..to-1; with `ellipsis`, one more cell at the visual end that stands
 * for all characters from cluster `to` on. */
void layout_emit(const struct para *para, int from, int to, int ellipsis, struct arena *arena,
                 struct line *out);
/* The same for all from `from` on, cut to fit `width` cells (0 = no limit). */
void layout_emit_rest(const struct para *para, int from, int width, struct arena *arena,
                      struct line *out);
#endif
