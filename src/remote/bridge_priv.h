/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REMOTE_BRIDGE_PRIV_H
#define REMOTE_BRIDGE_PRIV_H
/* A bridge's state, shared by its files: bridge.c (its life), bridge_line.c (what is asked of the
 * office), bridge_desk.c (what the desk asks), bridge_known.c (answers that are had already),
 * bridge_held.c (drafts and submissions). */
#include "book/carry.h"
#include "remote/bridge.h"
#include "remote/cache.h"
#include "remote/frames.h"
#include "remote/held.h"
#include "remote/link.h"

struct ask;
/* What is done with an answer that isn't simply the desk's. */
typedef void ask_then(struct bridge *bridge, struct ask *ask, int status, const uint8_t *results,
                      size_t len);
/* A request on the line, or waiting for it. */
struct ask {
    int used;
    uint32_t tag;      /* on the line */
    int for_desk;      /* the desk waits for it, */
    uint32_t desk_tag; /* under this tag */
    enum operation op;
    int64_t since;          /* clock_mono_ms() */
    struct buf frame;       /* as it goes over the line */
    ask_then *then;         /* NULL: the answer is the desk's */
    uint8_t key[HASH_SIZE]; /* of an answer that is kept in the cache */
    struct id draft;        /* of what concerns one, */
    unsigned version;       /* and which of its puts; of a list, what had gone by then */
};
enum { CHECKED_MOST = 16 };
struct checked {
    uint8_t key[HASH_SIZE];
    int64_t at; /* when the office said that the answer stands, clock_mono_ms() */
};
/* The list of files that may go with the form in hand, which F8 wants at once. Of a citizen, so it
 * is kept nowhere but here, and not for long. */
struct offered {
    struct buf asked, results; /* arguments and results of inbox.list */
    int64_t at;                /* when it was had, clock_mono_ms(), 0 = it isn't */
    int on_its_way;
};
struct bridge {
    struct bridge_args args;
    struct link link;
    struct cache *cache;
    struct held_all held;
    struct ask ask[FRAMES_AHEAD];
    struct checked checked[CHECKED_MOST];
    uint32_t tag;
    int desk;    /* -1 = gone */
    int lock;    /* of the folder of drafts */
    int greeted; /* the office has said hello on this line */
    uint8_t ticket[BOOK_TICKET];
    int has_ticket;
    struct book_me me;
    int has_me;
    struct book_away away; /* as the desk was told last */
    int64_t heard;         /* something came over the line, clock_mono_ms() */
    int64_t typed;         /* a draft was put */
    int64_t retry;         /* when the line is tried again */
    int64_t pause;         /* the last pause, ms */
    struct offered offered;
    struct buf ahead; /* the drafts of the office, asked for with the login; for once */
    int ahead_there;
    unsigned gone; /* drafts that left here for the office: a list asked for before may lack them */
    int64_t submit_again; /* when a submission that the office could not take is sent again */
};

/* ---- over the line ---- */
/* Asks: payload as in the operation's contract. NULL when the line is down or takes no more. The
 * caller fills in who wants the answer. */
struct ask *line_ask_op(struct bridge *bridge, enum operation op, const struct id *id,
                        const void *payload, size_t len, const uint8_t *known);
/* One turn of what came; the line is lost when it says so. */
void line_hear(struct bridge *bridge);
void line_lost(struct bridge *bridge);
/* Hello, and all that is to be sent as soon as there is a line. */
SND_MUST int line_greet(struct bridge *bridge);
void line_tick(struct bridge *bridge);
int line_is_up(const struct bridge *bridge);

/* ---- to the desk ---- */
void desk_answer(struct bridge *bridge, uint32_t tag, int status, const void *results, size_t len);
/* How the line stands, if that has changed. */
void desk_tell(struct bridge *bridge, enum book_away_news news, const char *number, int status);
/* Takes in one frame. SND_E_LOST when the desk has gone. */
SND_MUST int desk_hear(struct bridge *bridge);
/* Asks the office in the desk's name. */
void desk_forward(struct bridge *bridge, const struct book_asked *asked);

/* ---- answers that are had already ---- */
/* 1 when that is a question of a kind whose answer is kept: it is answered, or asked. */
int known_take(struct bridge *bridge, const struct book_asked *asked);
/* A write by which such an answer becomes another one. */
void known_spoil(struct bridge *bridge, const struct book_asked *asked);
/* Asks at the start what the desk will ask. */
void known_ahead(struct bridge *bridge);
/* Asks anew, when somebody is at a form whose list of files has grown old. */
void known_offered(struct bridge *bridge);

/* ---- drafts and submissions ---- */
/* 1 when that was an operation on a draft, or a submission. */
int held_take(struct bridge *bridge, const struct book_asked *asked);
/* Sends what is to be sent: `all`, also a draft that is open at the desk. */
void held_send(struct bridge *bridge, int all);
void held_tick(struct bridge *bridge);
/* Asks for the drafts before the desk does. */
void held_ahead(struct bridge *bridge);
/* The line has gone while a submission was on it: who waits is told that it is kept. */
void held_keep(struct bridge *bridge, struct ask *ask);
#endif
