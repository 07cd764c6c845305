/* SPDX-License-Identifier: Apache-2.0 */
/* A clerk's document for a request, without a screen:
 *     attach STATE ACCOUNT PASSWORD NUMBER ROLE FILE
 * against the serving ledger. */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "base/proc.h"
#include "book/book.h"

static int send_file(struct book *book, const char *path, struct book_document *out)
{
    char *bytes = NULL;
    size_t len = 0;
    struct id id;
    int64_t have = 0;
    enum book_finished how = BOOK_MORE;
    const char *name = strrchr(path, '/');
    int err = proc_read_file(path, 8 << 20, &bytes, &len);
    if (!err)
        err = book_inbox_begin(book, name ? name + 1 : path, (int64_t)len, 0, &id, &have);
    for (size_t at = 0; !err && at < len; at += BOOK_PIECE) {
        size_t left = len - at;
        err = book_inbox_put(book, &id, (int64_t)at, bytes + at,
                             left < BOOK_PIECE ? left : BOOK_PIECE, &have);
    }
    if (!err)
        err = book_inbox_end(book, &id, out, &how);
    x_free(&bytes);
    return err ? err : how == BOOK_DONE ? 0 : SND_E_BAD;
}

int main(int argc, char **argv)
{
    struct book *book = NULL;
    struct book_me me;
    struct book_document document;
    if (argc != 7)
        return 2;
    char *socket = x_printf("%s/run/ledger.sock", argv[1]);
    int err = book_open(socket, &book);
    if (!err)
        err = book_auth_password(book, argv[2], argv[3], "127.0.0.1:1", &me);
    if (!err)
        err = send_file(book, argv[6], &document);
    if (!err)
        err = book_document_attach(book, argv[4], argv[5], document.sha);
    if (err)
        fprintf(stderr, "attach: %s\n", err_text(err));
    book_close(&book);
    x_free(&socket);
    return err != 0;
}
