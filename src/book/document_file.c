/* SPDX-License-Identifier: Apache-2.0
 * What a request's document and a draft's paper are called where they are taken out. The screens say
 * the same names that the files have; a document's, whatever the name was under which it was sent:
 * that one may be in any letters, and two documents may have it. */
#include <ctype.h>
#include <string.h>
#include "book/book.h"

const char *book_document_file(struct arena *arena, const struct book_document *list, size_t i)
{
    int nth = 1;
    char type[8] = "";
    for (size_t before = 0; before < i; before++)
        nth += strcmp(list[before].role, list[i].role) == 0;
    (void)str_copy(type, sizeof type, filetype_word(list[i].type));
    for (char *at = type; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return nth == 1 ? arena_printf(arena, "%s.%s", list[i].role, type)
                    : arena_printf(arena, "%s-%d.%s", list[i].role, nth, type);
}

void book_draft_file(const struct book_draft *draft, char out[BOOK_TEXT])
{
    (void)str_format(out, BOOK_TEXT, "%s-%02x%02x", draft->service, draft->id.b[ID_SIZE - 2],
                     draft->id.b[ID_SIZE - 1]);
}
