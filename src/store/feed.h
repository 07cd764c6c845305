/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_FEED_H
#define STORE_FEED_H
/* Events on their way between a centre's book and its hub's. A run is a piece of a chain: records
 * one after the other, each a 32-bit length and then
 *   'E': id, tx (u8 0 none, 1 the id itself, 2 + id), i64 rev, text type, actor, centre, peer,
 *        i64 t, i64 day, u8 0 or 1 + the form's hash, u8 1 + bytes payload, or u8 0 (it was purged)
 *        + its hash, text what stayed of it;
 *   'R': i64 epoch, i64 seq: the hub's own event there, come back in the chain of a centre that has
 *        taken it.
 * On the way down two numbers stand before the 'E': the hub's epoch and seq. Node, epoch, seq and
 * hashes are not sent: both sides work them out, and the chain's end must agree. */
#include "base/buf.h"
#include "base/sign.h"
#include "store/store.h"

#define FEED_RECORD_MAX (4 * 1024 * 1024)
#define FEED_GOVERNORATE 2 /* letters of a centre's code that name its governorate */
#define FEED_PEER "hub " /* begins the peer of an event that came from the hub: "hub <epoch> <seq>" */

/* ---- the office's line to its hub ---- */
enum feed_error { FEED_ERROR_WORD = 32 };
struct store_line {
    char url[256];            /* "" = the office has not joined */
    struct id hub;
    struct store_place down;  /* the hub's event up to which all were taken */
    struct store_place acked; /* our own up to which the hub has all */
    int64_t last_ok, skew_ms, pushed;
    char error[FEED_ERROR_WORD];
    uint8_t sign_key[SIGN_PUBLIC];
};
/* SND_E_NOTFOUND: there were never any keys. */
SND_MUST int store_line_get(struct store *store, struct store_line *out);
int store_line_joined(struct store *store); /* 1 or 0 */
/* 1: nothing goes until a person has put it right. */
int store_line_stopped(const struct store_line *line);
int store_account_of_hub(struct store *store, const char *account); /* 1 when it came from the hub */
/* The public half of the key by which this office signs; made now if there is none. */
SND_MUST int store_line_key(struct store *store, uint8_t public_key[SIGN_PUBLIC]);
/* The office belongs to that hub from now on; url "" = to none. SND_E_NOTFOUND: no key yet. */
SND_MUST int store_line_join(struct store *store, const char *url, const struct id *hub);
SND_MUST int store_line_note(struct store *store, int64_t last_ok, const char *error);
SND_MUST int store_line_push(struct store *store, int64_t at);

/* ---- heads ---- */
struct store_feed_head {
    struct store_place at;
    uint8_t hash[HASH_SIZE];
    struct store_place down, acked;
    int64_t oldest;  /* of the requests that wait, UTC ms, 0 = none does */
    int64_t waiting; /* events */
    int64_t requests;
};
/* Where a chain ends: the newest epoch of that node (zeros when there is nothing of it). */
SND_MUST int store_feed_head(struct store *store, const struct id *node, struct store_feed_head *out);
/* Our own, with what waits. */
SND_MUST int store_feed_own(struct store *store, struct store_feed_head *out);

/* ---- giving ---- */
/* The events after a place, of its epoch, or of the next when that one has no more: at most `max`
 * bytes put into *run, without the first `skip`. */
struct store_feed_run {
    int64_t epoch, first; /* of the first record */
    int64_t last;         /* the last whose record ends in the run; first - 1 when none does */
    int more;
    uint8_t before[HASH_SIZE]; /* hash of the event before the first */
    uint8_t hash[HASH_SIZE];   /* of the last */
};
/* `whole`: what came from the hub too. SND_E_CONFLICT: the chain does not reach to that place. */
SND_MUST int store_feed_up(struct store *store, const struct id *node, const struct store_place *after, size_t skip, size_t max, int whole, struct buf *run, struct store_feed_run *out);
/* This office's signature of a chain's end; SND_E_NOTFOUND without a key. */
SND_MUST int store_feed_sign(struct store *store, const struct id *node, int64_t epoch, int64_t seq, const uint8_t hash[HASH_SIZE], uint8_t out[SIGN_SIZE]);
int feed_signed(const uint8_t key[SIGN_PUBLIC], const struct id *node, int64_t epoch, int64_t seq, const uint8_t hash[HASH_SIZE], const uint8_t signature[SIGN_SIZE]);
/* What goes down to a centre after a place; *at is the place of the last whose record ends in the
 * run, or the one it began with. */
SND_MUST int store_feed_down(struct store *store, const char *centre, const struct store_place *after, size_t skip, size_t max, struct buf *run, struct store_place *at, int *more);
/* To whom something new goes since: codes of centres and of governorates, and "*" for everybody; in
 * the arena. */
SND_MUST int store_feed_news(struct store *store, const struct store_place *after, struct arena *arena, char ***dest, size_t *count);

/* ---- taking, at the hub ---- */
enum feed_code { FEED_OK, FEED_GAP, FEED_FORK, FEED_WHOLE, FEED_UNKNOWN, FEED_DAMAGED };
enum feed_why {
    FEED_WHY_NONE,
    FEED_WHY_JSON,    /* its payload is not what it must be */
    FEED_WHY_FOREIGN, /* it speaks of another centre */
    FEED_WHY_FORM,    /* a form that isn't here */
    FEED_WHY_REFUSED, /* what must follow from it can't */
    FEED_WHY_LARGE,
    FEED_WHY_PURGED,
    FEED_WHYS
};
const char *feed_why_word(enum feed_why why);
struct store_verdict {
    int64_t seq;
    enum feed_why why;
};
/* A run as it came, whole records alone. */
struct store_feed_taking {
    struct id node;
    char centre[16];
    int64_t epoch, first;
    uint8_t before[HASH_SIZE], head[HASH_SIZE];
    int unnamed; /* nobody has said what head is: the run's end, whatever it comes to */
    uint8_t signature[SIGN_SIZE];
    const uint8_t *run;
    size_t len;
};
/* Judges it against what is here, writing nothing: FEED_OK when all of it may be taken. *last is the
 * seq of its last record, and head its hash. */
SND_MUST int store_feed_judge(struct store *store, const struct store_feed_taking *taking, enum feed_code *code, int64_t *last, uint8_t head[HASH_SIZE]);
/* Takes the next records of a run that was judged, at most so many, from *offset and *seq on (which
 * move; begin with 0 and first), in one step: the events, what follows from them, event feed.taken,
 * and what the hub decides upon them. */
SND_MUST int store_feed_take(struct store *store, const struct store_feed_taking *taking, size_t *offset, int64_t *seq, size_t most, const struct store_actor *actor);
/* The end of that node's chain is another than the one that is known here: event node.forked, once. */
SND_MUST int store_feed_forked(struct store *store, const struct store_feed_taking *taking, int64_t last, const struct store_actor *actor);
/* From which of a node's events nothing follows, by seq from..to, in the arena. */
SND_MUST int store_feed_verdicts(struct store *store, const struct id *node, int64_t epoch, int64_t from, int64_t to, struct arena *arena, struct store_verdict **out, size_t *count);

/* What is held back, the oldest first. retry: event quarantine.retried, and all that follows from the
 * held one as if it came now; SND_E_INVALID when nothing can follow from it still. close: event
 * quarantine.closed. SND_E_NOTFOUND: there is none such, or (retry) its event isn't here. */
struct store_quarantined {
    struct id node;
    struct store_place at;
    int64_t t;
    char centre[16], type[32], why[16];
    char number[24], civil[32]; /* of the request that it is about, "" = not known */
};
SND_MUST int store_quarantine_list(struct store *store, size_t max, struct arena *arena, struct store_quarantined **out, size_t *count);
SND_MUST int store_quarantine_retry(struct store *store, const struct id *node, const struct store_place *at, const struct store_actor *actor);
SND_MUST int store_quarantine_close(struct store *store, const struct id *node, const struct store_place *at, const char *reason, const struct store_actor *actor);

/* ---- taking, at a centre ---- */
/* Takes the whole records of a run that came down, at most so many; *offset as above. What can't
 * follow from one is event feed.refused. */
SND_MUST int store_feed_in(struct store *store, const uint8_t *run, size_t len, size_t *offset, size_t most, const struct store_actor *actor);
/* What the hub said it has of us, and its clock less ours. SND_E_CONFLICT: more than there is. */
SND_MUST int store_feed_acked(struct store *store, const struct store_place *acked, int64_t skew_ms);

/* Length of the whole records at the front of a run; SND_E_BAD for one that can't be one. */
SND_MUST int feed_whole(const uint8_t *run, size_t len, size_t *whole);

/* ---- an office that has lost its book ---- */
/* In an empty store, which `node` was and how it may ask its hub for its book: of `line` url, hub and
 * sign_key count. / That node: SND_E_NOTFOUND. */
SND_MUST int store_line_back(struct store *store, const struct store_line *line, const struct id *node, const uint8_t secret[SIGN_SECRET]);
SND_MUST int store_line_node(struct store *store, struct id *node);
/* Takes a run of give_back into an empty store (STORE_CREATE, no office): all of it, or nothing and
 * SND_E_BAD. taking: node, epoch, first, before, head and run are looked at. *last as in judging. */
SND_MUST int store_feed_back(struct store *store, const struct store_feed_taking *taking, int64_t *last);
/* All is back: event node.restored of a new epoch (greater than the last: SND_E_BAD), as
 * store_restored() of store/keep.h; the line goes on where the hub's copy ended. */
SND_MUST int store_feed_returned(struct store *store, int64_t epoch, const struct store_actor *actor);

/* ---- centres of this hub ---- */
#define NODE_CERT 65
struct store_node {
    struct id id;
    char centre[16], name[256], state[12]; /* invited, joined, revoked, forked */
    char cert[NODE_CERT], cert_next[NODE_CERT];
    uint8_t sign_key[SIGN_PUBLIC];
    char code[128]; /* invited: Argon2id */
    int64_t until, joined, changed;
    int64_t seen, skew_ms; /* local: when it was last heard of */
    int64_t events, documents, oldest; /* and what it said waits there; of requests since when */
    char program[32];
};
/* Each change is an event. invite: SND_E_BAD for what can't be a centre's code; replaces an
 * invitation that there was. join: SND_E_NOTFOUND when it isn't invited; a node of that centre that
 * was there before is revoked, unless it is this one coming back. renew: another certificate, good
 * beside the one there is; once it has been used the old one is not. */
SND_MUST int store_node_invite(struct store *store, const struct store_node *node, const struct store_actor *actor);
SND_MUST int store_node_join(struct store *store, const struct store_node *node, const struct store_actor *actor);
SND_MUST int store_node_renew(struct store *store, const struct id *id, const char *cert, const struct store_actor *actor);
SND_MUST int store_node_used(struct store *store, const struct id *id, const char *cert, const struct store_actor *actor);
/* Somebody came with a certificate that this node had before it joined again: event node.forked, once. */
SND_MUST int store_node_copied(struct store *store, const struct id *id, const char *cert, const struct store_actor *actor);
SND_MUST int store_node_revoke(struct store *store, const char *centre, const struct store_actor *actor);
SND_MUST int store_node_get(struct store *store, const struct id *id, struct store_node *out);
SND_MUST int store_node_invited(struct store *store, const char *centre, struct store_node *out);
/* The node that a centre joined with, revoked ones apart. */
SND_MUST int store_node_of(struct store *store, const char *centre, struct store_node *out);
SND_MUST int store_node_list(struct store *store, struct arena *arena, struct store_node **out, size_t *count);
/* How many have joined that lie within; and of these how many were not heard of since, or stopped. */
struct store_nodes {
    uint32_t joined, silent;
};
SND_MUST int store_nodes(struct store *store, const struct store_reach *reach, int64_t since, struct store_nodes *out);
/* Local: what is heard of a node, at `seen`. */
SND_MUST int store_node_seen(struct store *store, const struct store_node *heard);
#endif
