/* SPDX-License-Identifier: Apache-2.0
 * Which sessions live. A session lives while it has a connection, and for a while after the
 * ledger was started, when those of before are still on their way back. A desk that was killed
 * holds its draft no longer than that, so the next login can go on with it at once. Its number
 * comes from its ticket, so nothing of this table has to outlive the process. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "ledger/server_priv.h"

#define START_GRACE_MS 5000 /* desks find a ledger that was restarted within this */
#define CLOSE_MS 60000      /* after this the session has ended */
#define SWEEP_MS 1000
#define BUCKETS 1024
#define ORPHANS_A_TURN 64 /* tickets looked at in one sweep */

struct session {
    struct session *next;
    struct who who;
    struct conn *conn; /* NULL = broken off at `left` */
    int ended;         /* said good-bye: remembered for a while, so that nobody waits for it */
    int64_t left;
};
struct sessions {
    struct session *bucket[BUCKETS];
    int64_t started, swept;
    int orphans_done;              /* tickets of before the start were all looked at */
    uint8_t orphan_sha[HASH_SIZE]; /* the last one that was */
};

struct sessions *sessions_new(void)
{
    struct sessions *sessions = x_alloc(sizeof *sessions);
    sessions->started = clock_mono_ms();
    return sessions;
}

void sessions_free(struct sessions **sessions)
{
    for (size_t i = 0; *sessions && i < BUCKETS; i++)
        while ((*sessions)->bucket[i]) {
            struct session *old = (*sessions)->bucket[i];
            (*sessions)->bucket[i] = old->next;
            x_free(&old);
        }
    x_free(sessions);
}

/* Where the pointer to a session is, or would be. */
static struct session **place_of(const struct ledger *ledger, uint64_t number)
{
    struct session **at = &ledger->sessions->bucket[number % BUCKETS];
    while (*at && (*at)->who.session != number)
        at = &(*at)->next;
    return at;
}

void session_attach(struct ledger *ledger, struct conn *conn)
{
    if (conn->who.session == 0)
        return;
    struct session **at = place_of(ledger, conn->who.session);
    if (!*at)
        *at = x_alloc(sizeof **at);
    struct conn *before = (*at)->conn;
    (*at)->who = conn->who;
    (*at)->conn = conn;
    (*at)->ended = 0;
    if (before && before != conn)
        conn_close(ledger, before); /* one ticket, one connection: the newest */
}

void session_detach(struct ledger *ledger, const struct conn *conn)
{
    struct session *session = conn->who.session ? *place_of(ledger, conn->who.session) : NULL;
    if (!session || session->conn != conn)
        return;
    session->conn = NULL;
    session->left = clock_mono_ms();
}

static void end(struct session *session)
{
    session->conn = NULL;
    session->ended = 1;
    session->left = clock_mono_ms();
}

void session_end(struct ledger *ledger, uint64_t number)
{
    struct session *session = *place_of(ledger, number);
    if (session)
        end(session);
}

void session_end_account(struct ledger *ledger, const char *account)
{
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct session *at = ledger->sessions->bucket[i]; at; at = at->next)
            if (strcmp(at->who.account, account) == 0)
                end(at);
}

static int lives(const struct session *session)
{
    return !session->ended && session->conn;
}

int session_live(void *arg, uint64_t number)
{
    const struct ledger *ledger = arg;
    const struct session *session = *place_of(ledger, number);
    if (!session)
        return clock_mono_ms() - ledger->sessions->started < START_GRACE_MS;
    return lives(session);
}

/* Is it another session of that person's which lives, came from that address and owes nothing? What
 * somebody vouches for owes its code still, so no chain of them outlives the screen it began with.
 */
static int vouches(const struct session *session, const struct who *who)
{
    char address[64], from[64];
    if (strcmp(session->who.account, who->account) != 0 || session->who.session == who->session ||
        !lives(session) || session->conn->who.limited)
        return 0;
    address_of(session->who.peer, address);
    address_of(who->peer, from);
    return strcmp(address, from) == 0;
}

uint64_t session_voucher(void *arg, const struct who *who, uint8_t by[HASH_SIZE])
{
    const struct ledger *ledger = arg;
    for (size_t i = 0; i < BUCKETS; i++)
        for (const struct session *at = ledger->sessions->bucket[i]; at; at = at->next)
            if (vouches(at, who)) {
                memcpy(by, at->who.ticket_sha, HASH_SIZE);
                return at->who.session;
            }
    return 0;
}

int session_vouches(const struct ledger *ledger, const struct who *who)
{
    const struct session *session = *place_of(ledger, who->vouched);
    return session && vouches(session, who);
}

size_t session_others(struct ledger *ledger, const struct who *who, uint64_t *out, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < BUCKETS; i++)
        for (const struct session *at = ledger->sessions->bucket[i]; at; at = at->next)
            if (count < max && at->who.session != who->session && lives(at) &&
                strcmp(at->who.account, who->account) == 0)
                out[count++] = at->who.session;
    return count;
}

/* A desk that ended while the ledger was being started again said good-bye to nobody: its ticket is
 * in the book and its session in no table of ours. Those who live have come back by now. */
static void sweep_orphans(struct ledger *ledger)
{
    struct sessions *sessions = ledger->sessions;
    uint8_t sha[ORPHANS_A_TURN][HASH_SIZE];
    size_t count = 0;
    if (store_session_tickets(ledger->store, sessions->orphan_sha, sha, ORPHANS_A_TURN, &count))
        return;
    for (size_t i = 0; i < count; i++) {
        struct who who = {.role = ROLE_NOBODY};
        memcpy(who.ticket_sha, sha[i], HASH_SIZE);
        memcpy(sessions->orphan_sha, sha[i], HASH_SIZE);
        if (*place_of(ledger, session_number(sha[i])))
            continue;
        if (store_session_find(ledger->store, sha[i], who.account) == 0) {
            (void)str_copy(who.actor, sizeof who.actor, who.account);
            batch_close_session(ledger, &who);
        }
    }
    sessions->orphans_done = count < ORPHANS_A_TURN;
}

void session_sweep(struct ledger *ledger)
{
    int64_t now = clock_mono_ms();
    if (now - ledger->sessions->swept < SWEEP_MS)
        return;
    ledger->sessions->swept = now;
    if (!ledger->sessions->orphans_done && now - ledger->sessions->started >= CLOSE_MS)
        sweep_orphans(ledger);
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct session **at = &ledger->sessions->bucket[i]; *at;) {
            if ((*at)->conn || now - (*at)->left < CLOSE_MS) {
                at = &(*at)->next;
                continue;
            }
            struct session *old = *at;
            if (!old->ended)
                batch_close_session(ledger, &old->who);
            *at = old->next;
            x_free(&old);
        }
}
