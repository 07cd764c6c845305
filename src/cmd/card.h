/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_CARD_H
#define CMD_CARD_H
#include <stdint.h>
#include "book/book.h"
/* What is handed to somebody on paper before the first login. Texts are shown as they are but for
 * what does not belong on a line. */
struct card {
    const struct book_account *account;
    const char *host, *fingerprint, *code;
    int port;
    int64_t until; /* UTC ms */
};
/* Prints it: text, at most 80 columns, Arabic and English, Arabic in logical order. */
void card_print(const struct card *card);
#endif
