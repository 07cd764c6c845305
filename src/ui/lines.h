/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UI_LINES_H
#define UI_LINES_H
/* What the two screens of lines to agencies share. */
#include "book/agency.h"
#include "ui/ui_priv.h"
/* The word for why something could not be sent, as a sentence's end, translated. */
const char *link_fault(const char *word);
/* Code and name of an agency. */
const char *link_title(struct arena *arena, const char *agency);
/* What waits for it is tried now, and it is said so. */
unsigned link_push(struct ui *ui, const char *agency);
#endif
