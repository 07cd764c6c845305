/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_DESK_H
#define CMD_DESK_H
#include "base/sandbox.h"
#include "book/book.h"
/* What a desk may read: the terminals' descriptions. Ends with a NULL path. */
extern const struct sandbox_path desk_paths[];
/* The screens on this process's own terminal, in the desk's sandbox where the kernel has one. ctl: as
 * a door's. The exit status. */
int desk_screens(struct book *book, const struct book_me *me, int ctl);
#endif
