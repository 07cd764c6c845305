/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_KEEP_H
#define STORE_KEEP_H
/* Looking after the database as a file: its version, the end of its chain, copies, what goes with
 * them, and the new life that begins with a restored one. */
#include "base/buf.h"
#include "store/store.h"

/* The schema's version in a file and the newest that this program knows, read without changing
 * anything. SND_E_NOTFOUND, SND_E_CORRUPT: it is no store; SND_E_IO. */
SND_MUST int store_version(const char *path, int64_t *in_file, int64_t *ours);

/* The engine's own look at its file, quicker than a check: calls back for each complaint. */
SND_MUST int store_quick_check(struct store *store, void (*each)(void *arg, const char *complaint),
                               void *arg);
/* The engine's version. */
const char *store_engine(void);

/* Where the office's chain ends. */
struct store_head {
    struct id node;
    int64_t epoch, seq;
    uint8_t hash[HASH_SIZE];
    int64_t at;       /* of the last event */
    int64_t requests; /* how many the book has */
};
SND_MUST int store_head_get(struct store *store, struct store_head *out);

/* Copies all that is committed into a new file, whoever writes meanwhile. The file is plain,
 * without a log beside it, and on the disk when this returns 0. SND_E_EXISTS, SND_E_FULL, SND_E_IO.
 */
SND_MUST int store_copy(struct store *store, const char *path);
/* Takes out of a copy what is of use to nobody but the running office: tickets of sessions. */
SND_MUST int store_copy_strip(struct store *copy);
/* Puts a file beside the book, or gives it back: SND_E_NOTFOUND. / Away with all of them. */
SND_MUST int store_enclose(struct store *copy, const char *name, const void *bytes, size_t len);
SND_MUST int store_enclosed(struct store *copy, const char *name, struct buf *out);
SND_MUST int store_enclosed_drop(struct store *copy);

/* The chain with every payload's hash and the engine's own check, without a replay: what shows that
 * a copy is whole. */
SND_MUST int store_verify(struct store *store, struct arena *arena, struct store_check *out);

/* Event backup.made. / The newest backup: SND_E_NOTFOUND when there was none. */
struct store_backup {
    int64_t at, epoch, seq, bytes;
    int keyring;
    char actor[48];
};
SND_MUST int store_backup_made(struct store *store, const struct store_backup *backup,
                               const struct store_actor *actor);
SND_MUST int store_backup_last(struct store *store, struct store_backup *out);

/* Event node.restored: the first of a new epoch, naming the chain's end before it. All sessions
 * end. `epoch` must be greater than the office's (SND_E_BAD). */
SND_MUST int store_restored(struct store *store, int64_t epoch, const struct store_actor *actor);
/* What an office has beyond the head of a copy of it. */
struct store_beyond {
    int64_t events, requests;
    int64_t first, last; /* when the first and the last of the events happened */
};
/* SND_E_CONFLICT: the copy is of another office, or its last event isn't in this one's chain. */
SND_MUST int store_beyond(struct store *store, const struct store_head *copy,
                          struct store_beyond *out);

/* Letting go of the people in requests that are old enough, or of the words that somebody searched
 * for, in steps: each is one event payload.purged. Begin with zeros; as long as `more` is set, go
 * on with the places that came out. */
struct store_purge {
    const char *class;          /* for the event */
    const char *const *service; /* whose requests and drafts */
    size_t services;
    int trail;      /* not requests but searches */
    int64_t before; /* last changed before that moment */
    int dry;        /* count only */
    int64_t after_at;
    struct id after;          /* requests: the last one looked at */
    struct store_place place; /* trail: the last event looked at */
};
struct store_purged {
    int64_t requests, events, drafts;
    int more;
    int64_t after_at;
    struct id after;
    struct store_place place;
};
SND_MUST int store_purge(struct store *store, const struct store_purge *what,
                         struct store_purged *out, const struct store_actor *actor);
/* Empties the log beside the database, in which what was purged still stands. SND_E_BUSY: a reader
 * needs it still. Outside a batch. */
SND_MUST int store_settle(struct store *store);

/* The keys that seal: all of the ring's and all that some row names, and how many rows. */
#define STORE_KEYS 64
struct store_seal_key {
    uint32_t number;
    int64_t rows;
    int known; /* the ring has it */
};
SND_MUST int store_keys(struct store *store, struct store_seal_key *keys, size_t *count);
/* Seals anew, with the newest key, some of the rows after a place that have an older one. All zeros
 * is the beginning; the place goes on with the rows, `more` until the end of the last table. */
struct store_reseal {
    uint32_t what;
    struct id id;
    int64_t epoch, seq;
    int more;
};
SND_MUST int store_reseal(struct store *store, struct store_reseal *place, int64_t *sealed);
/* Event key.rotated: "added" or "dropped", and the key's number; never the key. */
SND_MUST int store_key_event(struct store *store, const char *what, uint32_t number,
                             const struct store_actor *actor);
#endif
