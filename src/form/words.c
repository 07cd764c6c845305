/* SPDX-License-Identifier: Apache-2.0
 * A value as it is read, on a screen or on paper: what stands in a box says of a document nothing.
 */
#include <string.h>
#include "form/record.h"

#define SHOWN_MOST (16 * 1024)

static const char *document(struct arena *arena, const char *stored)
{
    if (strcmp(stored, DOCUMENT_SEEN) == 0)
        return _("with the papers");
    if (strncmp(stored, "have:", 5) == 0)
        return arena_printf(arena, _("with the papers, %s"), stored + 5);
    if (strncmp(stored, "none:", 5) == 0)
        return arena_printf(arena, _("not there: %s"), stored + 5);
    if (strncmp(stored, DOCUMENT_STORED, strlen(DOCUMENT_STORED)) != 0)
        return arena_strdup(arena, stored); /* of an older form's kind, or none at all */
    /* L10N: the first letters of the document's hash. */
    return arena_printf(arena, _("attached, %.8s"), stored + strlen(DOCUMENT_STORED));
}

const char *field_words(const struct field *field, const char *stored, struct arena *arena)
{
    if (field->kind == FIELD_DOC)
        return document(arena, stored);
    struct buf shown = BUF_INIT(SHOWN_MOST);
    field_show(field, stored, msg_language(), &shown);
    const char *words = arena_strdup(arena, buf_text(&shown));
    buf_free(&shown);
    return words;
}
