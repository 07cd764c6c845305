/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_EVENT_PRIV_H
#define STORE_EVENT_PRIV_H
/* The event log: an event as it is stored, its hash, and adding one to the chain. */
#include "base/hash.h"
#include "base/json.h"
#include "store/seal_priv.h"
#include "store/store_priv.h"

enum event_type {
#define EVENT(name, word, apply, up, down) EVENT_##name,
#include "store/events.def"
#undef EVENT
    EVENT_TYPES
};
struct event {
#define COLUMN_BLOB(name, size) uint8_t name[size];
#define COLUMN_INT(name) int64_t name;
#define COLUMN_TEXT(name, size) char name[size];
#include "store/event_columns.def"
#undef COLUMN_BLOB
#undef COLUMN_INT
#undef COLUMN_TEXT
};
#define EVENT_SALT                                                                                 \
    16 /* random bytes before the JSON, so that a payload can't be guessed by its hash */

/* What an event is about; zeros and NULL where it doesn't apply. */
struct event_about {
    struct id tx;
    int64_t rev;
    const uint8_t *form;               /* HASH_SIZE bytes */
    const struct store_office *office; /* of the first event of all: its node and epoch */
    const char *values; /* JSON of the payload's last member `values`, which event_apply() gets only
                         * in a replay, and has no use for */
    const char *to;     /* DOWN is CENTRE: codes of the centres and governorates concerned */
};
/* events.def's last columns. */
enum event_up { UP_KEPT, UP_TAKEN };
enum event_down { DOWN_HOME, DOWN_CENTRE, DOWN_EVERYONE };
/* Keeps an event at the chain's end and applies it. Inside store_write_begin/end. */
SND_MUST int event_append(struct store *store, enum event_type type,
                          const struct store_actor *actor, const struct event_about *about,
                          const struct json *payload);
/* Writes what follows from an event into the projections. Nothing for a type that this program
 * doesn't know: such an event is kept, and projected after an upgrade. */
SND_MUST int event_apply(struct store *store, const struct event *event,
                         const struct json *payload);
const char *event_word(enum event_type type);
SND_MUST int event_type_find(const char *word, enum event_type *out); /* SND_E_NOTFOUND */
enum event_up event_up(enum event_type type);
enum event_down event_down(enum event_type type);

/* Keeps an event that has everything but its place and hash at the end of our own chain, with these
 * very bytes as its payload; and one that has its place too, whose hash is made of the one before.
 * NULL bytes: its payload isn't kept here, and payload_sha is filled in. Nothing is applied. */
SND_MUST int event_keep(struct store *store, struct event *event, const void *bytes, size_t len);
SND_MUST int event_keep_at(struct store *store, struct event *event, const void *bytes, size_t len,
                           const uint8_t previous[HASH_SIZE], uint8_t hash[HASH_SIZE]);
/* Puts an event of ours into the feeds of whom it concerns. */
SND_MUST int event_feed(struct store *store, const struct event *event, enum event_down down,
                        const char *to);
/* The end of a chain, as its head row says. / It is there from now on. */
SND_MUST int event_head_get(struct store *store, const uint8_t node[ID_SIZE], int64_t epoch,
                            int64_t *seq, uint8_t hash[HASH_SIZE]);
SND_MUST int event_head_put(struct store *store, const struct event *last,
                            const uint8_t hash[HASH_SIZE]);
/* The event at a place; the payload, opened, is put into *payload (nothing when it isn't here). */
SND_MUST int event_at(struct store *store, const uint8_t node[ID_SIZE], int64_t epoch, int64_t seq,
                      struct event *out, struct buf *payload, uint8_t hash[HASH_SIZE]);
/* The same of our own event with that id. */
SND_MUST int event_own(struct store *store, const uint8_t id[ID_SIZE], struct event *out,
                       struct buf *payload);
/* The bytes that are hashed and sent: "sanad-event-1 <length>\n", then for each column
 * "<length>:<bytes>,", numbers in decimal. */
void event_header(const struct event *event, struct buf *out);
/* SHA-256 of the hash before and the header. */
void event_hash(const uint8_t previous[HASH_SIZE], const struct event *event,
                uint8_t out[HASH_SIZE]);
/* All events in the order of their chains: the event, its payload (sealed; NULL when it was purged;
 * borrowed until the next row), its hash. db_row() and db_end() as for any statement. */
struct query *event_walk(struct store *store);
void event_read(struct query *walk, struct event *out, const void **payload, size_t *len,
                uint8_t hash[HASH_SIZE]);
/* Each event once, in that order, until a visit gives an error. sealed: the payload as it lies,
 * NULL when it was purged; borrowed. */
typedef int event_visit(struct store *store, const struct event *event, const void *sealed,
                        size_t len);
SND_MUST int event_each(struct store *store, event_visit *visit);

/* The plain payload of the event of that id, put into *out (nothing when it was purged):
 * SND_E_CORRUPT, SND_E_NOTFOUND (the key ring lacks its key). */
SND_MUST int event_payload(const struct store *store, const uint8_t id[ID_SIZE], const void *sealed,
                           size_t len, struct buf *out);
/* The JSON of a plain payload, or NULL when it has none that can be read; and of a sealed one. */
struct json *event_json(const void *payload, size_t len);
struct json *event_sealed_json(const struct store *store, const uint8_t id[ID_SIZE],
                               const void *sealed, size_t len);
/* What stayed of an event whose payload was purged, yours to json_free(); SND_E_NOTFOUND. */
SND_MUST int purge_kept(struct store *store, const struct event *event, struct json **out);
/* Keeps what stayed, unless it is kept already. */
SND_MUST int purge_put(struct store *store, const uint8_t node[ID_SIZE], int64_t epoch, int64_t seq,
                       const char *kept);
/* Text of a member, "" when it is absent. */
const char *event_text(const struct json *payload, const char *key);
/* A notice as a member of a payload (none for NULL); whether its texts can be one; and its row,
 * when the payload has one. The payload's `version` and `from` are the notice's, 0 and the event's
 * day without them. */
void notice_put(struct json *payload, const struct store_notice *notice);
int notice_fits(const struct store_notice *notice);
SND_MUST int notice_apply(struct store *store, const struct event *event,
                          const struct json *payload, const char *service);

#define EVENT(name, word, apply, up, down)                                                         \
    SND_MUST int apply(struct store *store, const struct event *event, const struct json *payload);
#include "store/events.def"
#undef EVENT
#endif
