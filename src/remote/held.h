/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REMOTE_HELD_H
#define REMOTE_HELD_H
/* What was typed on this side of the line and is not at the office yet: drafts, and requests that
 * were submitted while it was down. A file each, whole or as it was before. */
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/id.h"
#include "base/wire.h"
#include "book/book.h"
struct held {
    struct held *next;
    struct id id;
    int64_t saved;         /* UTC ms */
    int dirty;             /* the office hasn't what is here */
    int upstream;          /* but it has the draft */
    int submitted;         /* to be submitted as soon as the line is there */
    struct buf draft;      /* arguments of its newest draft.put, empty = never put here */
    struct buf submission; /* arguments of its request.submit */
    /* not in the file */
    int open;         /* at the desk */
    int on_its_way;   /* a submission is */
    unsigned version; /* counts puts */
};
struct held_all {
    char *folder;
    struct held *first;
};
/* What a draft.put said, borrowed from it. */
struct held_said {
    struct id id;
    const char *typed, *values; /* not terminated */
    size_t typed_len, values_len;
    uint32_t field, caret;
    uint8_t sha[HASH_SIZE];
    char service[BOOK_NAME], summary[BOOK_TEXT];
};
/* Reads what is in the folder, which must be there; a file that is damaged is set aside. */
void held_load(struct held_all *all, const char *folder);
void held_free(struct held_all *all);
struct held *held_find(const struct held_all *all, const struct id *id);
struct held *held_add(struct held_all *all, const struct id *id); /* or the one that is there */
SND_MUST int held_save(const struct held_all *all, const struct held *held);
/* Forgets it, and its file. */
void held_drop(struct held_all *all, struct held *held);
int held_waiting(const struct held_all *all); /* how many are submitted */
SND_MUST int held_read(const struct held *held, struct held_said *out);
#endif
