/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BOOK_FEED_H
#define BOOK_FEED_H
/* The ledger's operations for what goes between a centre and its hub. The processes that speak with
 * other machines call them; runs are opaque to them (store/feed.h says what is inside), as are
 * hashes and signatures. Every call can be repeated. Errors as in book/book.h.
 *
 * A centre's side, one sync: head; give_up after what the hub was last known to have; send; then,
 * from the answer, take_down for each frame, or with an empty run when nothing came.
 * The hub's side: take_up for each frame of what came; give_down after the centre's cursor. */
#include "book/book.h"
#define FEED_RUN 60000     /* most bytes of a run in one call */
#define FEED_KEY 32        /* Ed25519, public */
#define FEED_SIGNATURE 64
#define FEED_WORD 32

/* auth.part: text part ("sync", "hub" or "courier") -> me. Believed by the socket's credentials: the
 * service's own user when the server was started as root, else our own. SND_E_AUTH. */
SND_MUST int book_auth_part(struct book *book, const char *part, struct book_me *out);


/* feed.head: bytes node (16; none = our own) -> id node, i64 epoch, i64 seq, bytes hash,
 * i64 epoch, i64 seq (the hub's event up to which we have all), i64 epoch, i64 seq (ours up to which
 * the hub has all), i64 oldest of the requests that wait (UTC ms, 0 = none does), u32 events, u32 requests that wait.
 * Of another node only its end is told; zeros when there is nothing of it. */
struct book_feed_head {
    struct id node;
    struct book_place at, down, acked;
    uint8_t hash[HASH_SIZE];
    int64_t oldest;
    uint32_t events, requests;
};
SND_MUST int book_feed_head(struct book *book, const struct id *node, struct book_feed_head *out);

/* feed.give_up: i64 epoch, i64 seq (what the other side has: zeros = nothing), u32 skip, u32 max, u8 whole ->
 * i64 epoch, i64 first, i64 last, u8 more, bytes hash before the first, bytes hash of the last, bytes
 * signature of it, bytes run.
 * The run holds the records from `first` on without their first `skip` bytes; `last` is the last whose
 * record ends in it (first - 1 when none does). All are of one epoch: when the place is the end of an
 * epoch, `first` is 1 of the next. `more`: there is more behind it. To send more than one frame go on
 * from the same place with skip = the bytes had; what is sent goes with the hash and signature of its
 * last frame, and must end where a record ends. whole = 1: the hub has asked for what came from it.
 * SND_E_CONFLICT: the other side has more of us than there is (a restored or cloned book): stop. */
struct book_feed_run {
    int64_t epoch, first, last;
    int more;
    uint8_t before[HASH_SIZE], hash[HASH_SIZE], signature[FEED_SIGNATURE];
    int is_signed;
    const uint8_t *run; /* borrowed until the next call */
    size_t len;
};
SND_MUST int book_feed_give_up(struct book *book, const struct book_place *after, uint32_t skip, uint32_t max, int whole, struct book_feed_run *out);
/* feed.give_back: id node, then as give_up without whole -> the same, without a signature: a
 * centre's own chain, for a centre that has lost its book. */
SND_MUST int book_feed_give_back(struct book *book, const struct id *node, const struct book_place *after, uint32_t skip, uint32_t max, struct book_feed_run *out);

/* feed.take_up: id node, i64 epoch, i64 first, u32 skip, bytes hash before, bytes run, bytes head
 * hash, bytes signature (none until the run's last frame), bytes SHA-256 of the certificate ->
 * i64 epoch, i64 have, u8 code, u8 more, u32 n {i64 seq, u8 why}.
 * skip: where in the run these bytes stand; 0 begins a new run. The last frame carries the signature,
 * and may say which hash it is of; only then is anything taken, a bounded piece in each call: while `more` is 1 call again
 * with the same values, skip = length of the run, and no bytes. have: this node's newest epoch and its
 * last event that is stored and committed. The n are those from which nothing follows; all else is
 * well. Codes other than 0 take nothing. */
enum book_feed_code {
    BOOK_FEED_OK,
    BOOK_FEED_GAP,     /* begin after `have`; also when the frames were not had in order */
    BOOK_FEED_FORK,    /* its chain contradicts the one known here, or it shows a certificate that this
                        * node has no more: a copy. Stop, tell a person */
    BOOK_FEED_WHOLE,   /* send what came from the hub whole */
    BOOK_FEED_UNKNOWN, /* no such node, or revoked */
    BOOK_FEED_DAMAGED,
    BOOK_FEED_CODES
};
struct book_verdict {
    int64_t seq;
    uint8_t why; /* 1 damaged, 2 of another centre, 3 unknown form, 4 can't be, 5 too large, 6 purged */
};
struct book_feed_frame {
    struct id node;
    int64_t epoch, first;
    uint32_t skip;
    /* HASH_SIZE each; head is NULL until the last frame, and may be then: it is what the run comes to */
    const uint8_t *before, *head;
    const uint8_t *signature;     /* FEED_SIGNATURE, NULL until the last frame */
    const uint8_t *cert;          /* HASH_SIZE */
    const uint8_t *run;
    size_t len;
};
#define BOOK_VERDICTS 256
struct book_feed_taken {
    struct book_place have;
    enum book_feed_code code;
    int more;
    size_t verdicts; /* at most BOOK_VERDICTS are told */
    struct book_verdict verdict[BOOK_VERDICTS];
};
SND_MUST int book_feed_take_up(struct book *book, const struct book_feed_frame *frame, struct book_feed_taken *out);

/* feed.give_down: id node, i64 epoch, i64 seq (the centre's cursor), u32 skip, u32 max ->
 * i64 epoch, i64 seq (cursor after the run), u8 more, bytes run. skip as in give_up.
 * SND_E_NOTFOUND: no such node, or revoked. */
struct book_feed_down {
    struct book_place at;
    int more;
    const uint8_t *run;
    size_t len;
};
SND_MUST int book_feed_give_down(struct book *book, const struct id *node, const struct book_place *after, uint32_t skip, uint32_t max, struct book_feed_down *out);

/* feed.take_down: u32 skip, bytes run, i64 epoch, i64 seq (what the hub has of us), i64 skew (its
 * clock less ours, ms) -> i64 epoch, i64 seq (cursor, committed), u8 more. skip and more as in
 * take_up; every frame is taken as far as its records are whole. SND_E_CONFLICT: the hub has more of
 * us than there is, or the frames were not had in order; SND_E_BAD: the run is damaged. */
SND_MUST int book_feed_take_down(struct book *book, uint32_t skip, const void *run, size_t len, const struct book_place *acked, int64_t skew_ms, struct book_place *cursor, int *more);

/* feed.news: i64 epoch, i64 seq (the hub's end seen last) -> i64 epoch, i64 seq (now), u32 n {text
 * dest}: to whom something new goes since: a centre's code, a governorate's (what the codes of its
 * centres begin with), "*" = to all. Cheap. */
#define BOOK_NEWS 1024
struct book_feed_news {
    struct book_place now;
    size_t count;
    char dest[BOOK_NEWS][16];
};
SND_MUST int book_feed_news(struct book *book, const struct book_place *since, struct book_feed_news *out);
/* feed.known: id node, bytes cert (32) -> u8. *known = it is one of ours, with the certificate that it is
 * known to use. 0 = no, or it can't be said without writing: feed.take_up says more. Cheap. */
SND_MUST int book_feed_known(struct book *book, const struct id *node, const uint8_t cert[HASH_SIZE], int *known);
/* feed.seen: id node, i64 skew ms, text program, i64 events, i64 documents, i64 oldest request (UTC ms, 0 =
 * none): this centre was heard of just now, and said that so much waits there. */
struct book_node;
SND_MUST int book_feed_seen(struct book *book, const struct book_node *heard);
/* feed.note: i64 last_ok (0 = as it was), text word for what is wrong ("" = nothing; "fork" and
 * "revoked" mean that it has stopped; at most 31 bytes). */
SND_MUST int book_feed_note(struct book *book, int64_t last_ok, const char *error);
/* feed.wait -> i64 our chain's last seq, i64 when a person last asked for it at once, text url of the
 * hub ("" = none). Answered at once; what changed means there is something to do. */
struct book_feed_wait {
    int64_t seq, pushed;
    char url[BOOK_TEXT];
};
SND_MUST int book_feed_wait(struct book *book, struct book_feed_wait *out);

/* line.state -> u8 joined, u8 state, i64 last_ok, u32 requests, u32 documents that wait, i64 oldest of
 * the requests (UTC ms, 0 = none), i64 skew ms, text why (a word of trouble.def), u32 centres of this
 * hub, u32 of them silent or stopped (0 and 0 for who may not list them). */
enum book_line { BOOK_LINE_NONE, BOOK_LINE_UP, BOOK_LINE_DOWN, BOOK_LINE_STOPPED, BOOK_LINES };
struct book_line_state {
    int joined;
    enum book_line state;
    int64_t last_ok, oldest, skew_ms;
    uint32_t requests, documents;
    char why[FEED_WORD];
    uint32_t centres, silent;
};
SND_MUST int book_line_state(struct book *book, struct book_line_state *out);
SND_MUST int book_line_ask(struct book *book); /* the same as a question that nobody waits for */
SND_MUST int book_line_heard(struct book *book, struct book_line_state *out);
/* What such a word means for a person, and what to do: N_(), "" = nothing is wrong. */
const char *line_trouble(const char *why);
/* The clock is wrong by so much that a person is told / that nothing is saved any more. */
#define LINE_SKEW_TOLD_MS (2 * 60000)
#define LINE_SKEW_MOST_MS (24 * 3600 * 1000)
/* line.push: sync now. SND_E_NOTFOUND: this office has no hub. */
SND_MUST int book_line_push(struct book *book);
/* line.key -> bytes key: the public half of the key by which this office signs its chain, made at
 * the first call; the secret half never leaves the book. */
SND_MUST int book_line_key(struct book *book, uint8_t key[FEED_KEY]);
/* line.join: text url, id hub's node: this office belongs to that hub from now on; "" = to none. After
 * line.key. */
SND_MUST int book_line_join(struct book *book, const char *url, const struct id *hub);

/* node.invite: text centre, text name, text secret, i64 until (UTC ms): the centre may join with that
 * secret; only its hash is kept. Replaces an invitation that there was. SND_E_BAD: not a code. */
SND_MUST int book_node_invite(struct book *book, const char *centre, const char *name, const char *secret, int64_t until);
/* node.join: text centre, text secret, id node (of the book that joins), bytes SHA-256 of its
 * certificate, bytes sign key -> id hub's node, text name of the centre. SND_E_AUTH: wrong secret, or
 * not invited any more; SND_E_LIMIT: tried too often; SND_E_EXISTS: that book is another centre's. */
SND_MUST int book_node_join(struct book *book, const char *centre, const char *secret, const struct id *node, const uint8_t cert[HASH_SIZE], const uint8_t sign_key[FEED_KEY], struct id *hub, char name[BOOK_TEXT]);
/* node.renew: id node, bytes SHA-256 of the next certificate: good beside the one there is, which
 * ends when the next is first used. SND_E_NOTFOUND: there is no such node, or it is revoked or
 * forked. */
SND_MUST int book_node_renew(struct book *book, const struct id *node, const uint8_t cert[HASH_SIZE]);
/* node.revoke: text centre: neither its node nor an invitation is worth anything. SND_E_NOTFOUND. */
SND_MUST int book_node_revoke(struct book *book, const char *centre);
/* node.list: u32 from -> u32 n {id, text centre, text name, text state (invited, joined, forked,
 * revoked), text certificate (hex), text next, i64 until, i64 joined, i64 seen, i64 skew, text
 * program, i64 epoch, i64 seq (what is had of it), i64 events, i64 documents, i64 oldest request (UTC ms,
 * 0 = none) that it said wait there}, u8 more. By centre, invitations last. */
struct book_node {
    struct id id;
    char centre[16], name[BOOK_TEXT], state[12], cert[HASH_TEXT], cert_next[HASH_TEXT], program[32];
    int64_t until, joined, seen, skew_ms, events, documents, oldest;
    struct book_place have;
};
SND_MUST int book_node_list(struct book *book, struct arena *arena, struct book_node **out, size_t *count);
/* How a centre stands with its hub, the worst first. A healthy one that has nothing to say is heard of
 * every five minutes. */
#define NODE_QUIET_MS (3600 * 1000LL)
#define NODE_SILENT_MS (24 * NODE_QUIET_MS)
enum node_standing { NODE_FORKED, NODE_SILENT, NODE_QUIET, NODE_WELL, NODE_INVITED, NODE_REVOKED, NODE_STANDINGS };
enum node_standing node_standing(const struct book_node *node, int64_t now);
const char *node_standing_word(enum node_standing standing);
/* For how long nothing was heard of it; of one that never was, since it has joined. ms. */
int64_t node_silence(const struct book_node *node, int64_t now);
/* The worst first, of the silent who is so for longest; then by code. */
void nodes_sort(struct book_node *list, size_t count, int64_t now);
#endif
