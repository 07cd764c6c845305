/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_FILES_H
#define CMD_FILES_H
/* Files over SFTP, for one person who has logged in: `inbox` takes documents, `outbox` gives the
 * requirement sheets of services and requests as text. */
#include "book/book.h"
struct files_args {
    struct book *book;
    const struct book_me *me;
    int bytes; /* the client's bytes */
    int ctl;   /* control socket to the door: lines beside them */
};
/* Until the client has gone. 0, or 1 when this person gets no files (who was told why). */
int files_run(const struct files_args *args);
#endif
