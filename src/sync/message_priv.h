/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_MESSAGE_PRIV_H
#define SYNC_MESSAGE_PRIV_H
/* What centre and hub say to each other in POST /v1/sync: a head, and behind it a run of events as
 * the ledgers wrote it. The whole is squeezed. Who the centre is, its certificate says; who the hub
 * is, the header Sanad-Hub.
 *
 * A head is short, since a line may be cut every few hundred bytes and a message must fit in
 * between: length of what follows in the head, u8 protocol, u8 flags, then the fields in order
 * where numbers are of 7 bits a byte, the lowest first, the eighth bit saying that more follow. A
 * newer program may put more at the end of a head; an older one doesn't read it. */
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/wire.h"
#define MESSAGE_PROTO_LEAST 1 /* the oldest that is understood */
#define MESSAGE_PROTO 2
#define MESSAGE_PROTO_WAITS 2 /* from which on a centre says what waits there */
#define MESSAGE_SIGNATURE 64
#define MESSAGE_HEAD_MAX 16384
#define MESSAGE_RUN_MAX                                                                            \
    (4 * 1024 * 1024 + 65536) /* one event of the largest size, and then some                      \
                               */
#define MESSAGE_BODY_MAX                                                                           \
    (MESSAGE_RUN_MAX + 65536) /* squeezed: what can't be squeezed grows a little */
#define MESSAGE_REFUSED 1000  /* verdicts of one answer */

/* From the centre. */
struct message_up {
    int proto;
    /* These are the bytes from `skip` on of the run that begins with event `first`; skip > 0: the
     * hub has said that it holds what is before. */
    int64_t epoch, first, skip;
    int ends; /* the run ends here, with a whole record; only then are these two there */
    uint8_t before[HASH_SIZE];            /* of event first - 1 */
    uint8_t signature[MESSAGE_SIGNATURE]; /* of the hash that the run's last event must have */
    /* The centre has what the hub said up to here, and `hub_skip` bytes of the next record. */
    int64_t hub_epoch, hub_seq, hub_skip;
    int64_t now;      /* the centre's clock, UTC ms */
    int64_t room;     /* most bytes of events that the answer should have */
    char program[32]; /* the centre's version; "" when the hub has been told on this connection */
    /* Only with a version: what waited there when this was written, this run's events among it; of
     * the requests the oldest (UTC ms, 0 = none). */
    int64_t events, documents, oldest;
};

/* What the hub did with the run. */
enum message_code {
    MESSAGE_TAKEN,   /* `have` says how far */
    MESSAGE_GAP,     /* the run begins later than what the hub has and holds */
    MESSAGE_FORK,    /* it isn't the chain that the hub has: a person must look */
    MESSAGE_WHOLE,   /* events that came from the hub are wanted whole from `have` + 1 on */
    MESSAGE_REVOKED, /* this node is not, or no longer, one of the hub's */
    MESSAGE_DAMAGED, /* the run is malformed, or hash or signature are wrong */
    MESSAGE_CODES
};
struct message_refused {
    int64_t seq;
    uint8_t why;
};
/* From the hub. */
struct message_down {
    int proto;
    enum message_code code;
    int64_t epoch, have; /* last event of the centre that is on the hub's disk */
    int64_t held;        /* bytes of the record behind it that the hub holds */
    int64_t now;         /* the hub's clock, UTC ms */
    /* The run goes on from where the centre said that it stands; with it the centre stands here. */
    int64_t hub_epoch, hub_seq, hub_skip;
    int more;       /* there are further events behind it */
    size_t refused; /* events that were stored but not applied */
    struct message_refused why[MESSAGE_REFUSED];
};

/* A piece of a centre's own chain, for a centre that has lost its book (GET /v1/stream). */
struct message_back {
    int proto;
    int64_t epoch, first, last; /* last: whose record ends in the run; first - 1 = none does */
    int more;                   /* there is more behind it */
    uint8_t before[HASH_SIZE];  /* of event first - 1 */
    uint8_t head[HASH_SIZE];    /* of event last */
};

void message_put_up(struct buf *out, const struct message_up *up);
void message_put_down(struct buf *out, const struct message_down *down);
/* From a head without its length; 0, SND_E_BAD, or SND_E_VERSION when its protocol is too old. */
SND_MUST int message_get_up(const void *head, size_t len, struct message_up *up);
SND_MUST int message_get_down(const void *head, size_t len, struct message_down *down);
void message_put_back(struct buf *out, const struct message_back *back);
SND_MUST int message_get_back(const void *head, size_t len, struct message_back *back);

/* Takes a message as it comes out of the squeeze: gathers the head, then hands on the run in
 * whatever pieces it comes. */
struct message_reader {
    struct buf head; /* so far, with its length */
    size_t want;     /* bytes of both, 0 = not known yet */
    int whole;       /* the head is there */
    int (*on_head)(void *arg, const void *head, size_t len);
    int (*on_run)(void *arg, const void *bytes, size_t len);
    void *arg;
};
void message_reader_begin(struct message_reader *reader);
void message_reader_end(struct message_reader *reader);
/* An unsqueeze_sink whose arg is the reader. */
SND_MUST int message_reader_put(void *reader, const void *bytes, size_t len);
#endif
