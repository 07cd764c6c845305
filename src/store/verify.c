/* SPDX-License-Identifier: Apache-2.0 */
/* Verifying the chain a piece at a time, for somebody who waits at a screen: every column of every
 * event and every payload against their hashes, and the last event of each chain against its head.
 * What a piece needs of the one before is the place where that ended, so nothing is kept between
 * them, and a book of millions delays nobody. The replay of the projections is the whole check's.
 */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "store/trail_priv.h"

#define VERIFY_PAYLOAD_MAX (32 * 1024 * 1024)
#define VERIFY_LOOK 64 /* events between two looks at the clock */

struct verify {
    struct store *store;
    struct store_chain *out;
    struct rows findings;
    uint8_t hash[HASH_SIZE]; /* of the event before */
};

static void verify_find(struct verify *verify, enum store_flaw flaw, int64_t seq)
{
    if (verify->findings.count < VERIFY_FINDINGS)
        *(struct store_flaw_at *)rows_add(&verify->findings) =
            (struct store_flaw_at){.flaw = flaw, .seq = seq};
}

static int same_chain(const struct verify *verify, const struct event *event)
{
    return memcmp(verify->out->node.b, event->node, ID_SIZE) == 0 &&
           verify->out->at.epoch == event->epoch;
}

/* The hash at the place where the last piece ended. */
static int verify_resume(struct verify *verify)
{
    if (verify->out->at.seq == 0)
        return 0;
    struct query *query =
        db_query(verify->store->db, "SELECT hash FROM event WHERE node = $1 AND epoch = $2"
                                    " AND seq = $3");
    db_bind_id(query, &verify->out->node);
    db_bind_int(query, verify->out->at.epoch);
    db_bind_int(query, verify->out->at.seq);
    int err = db_one(query);
    if (err == 0)
        db_blob(query, verify->hash, HASH_SIZE);
    err = db_end(query, err);
    if (err == SND_E_NOTFOUND || err == SND_E_CORRUPT) {
        verify_find(verify, FLAW_ORDER, verify->out->at.seq);
        err = 0;
    }
    return err;
}

/* A chain's last event must be what its head says. */
static int verify_head(struct verify *verify)
{
    uint8_t hash[HASH_SIZE] = {0};
    int64_t seq = 0;
    if (verify->out->at.seq == 0)
        return 0;
    int err = event_head_get(verify->store, verify->out->node.b, verify->out->at.epoch, &seq, hash);
    if (err != 0 && err != SND_E_NOTFOUND && err != SND_E_CORRUPT)
        return err;
    if (err != 0 || seq != verify->out->at.seq || memcmp(hash, verify->hash, HASH_SIZE) != 0)
        verify_find(verify, FLAW_HEAD, verify->out->at.seq);
    return 0;
}

static void verify_payload(struct verify *verify, const struct event *event, const void *sealed,
                           size_t len)
{
    uint8_t sha[HASH_SIZE];
    struct buf plain = BUF_INIT(VERIFY_PAYLOAD_MAX);
    if (sealed == NULL) /* purged: the chain holds without it */
        return;
    int err = event_payload(verify->store, event->id, sealed, len, &plain);
    hash_bytes(plain.data, plain.len, sha);
    if (err != 0 || memcmp(sha, event->payload_sha, HASH_SIZE) != 0)
        verify_find(verify, FLAW_PAYLOAD, event->seq);
    buf_free(&plain);
}

static int verify_one(struct verify *verify, struct query *walk)
{
    struct event event;
    const void *payload;
    size_t len;
    uint8_t stored[HASH_SIZE], hash[HASH_SIZE];
    int err = 0;
    event_read(walk, &event, &payload, &len, stored);
    if (!same_chain(verify, &event)) {
        err = verify_head(verify);
        memset(verify->hash, 0, HASH_SIZE);
        memcpy(verify->out->node.b, event.node, ID_SIZE);
        verify->out->at = (struct store_place){.epoch = event.epoch};
    }
    if (event.seq != verify->out->at.seq + 1)
        verify_find(verify, FLAW_ORDER, event.seq);
    event_hash(verify->hash, &event, hash);
    if (memcmp(hash, stored, HASH_SIZE) != 0)
        verify_find(verify, FLAW_HASH, event.seq);
    verify_payload(verify, &event, payload, len);
    memcpy(verify->hash, stored, HASH_SIZE);
    verify->out->at.seq = event.seq;
    verify->out->events++;
    return err;
}

static int verify_piece(struct verify *verify, int64_t most_ms)
{
    int got = 1, err = 0;
    int64_t until = clock_mono_ms() + most_ms;
    struct query *walk =
        db_query(verify->store->db,
                 "SELECT node, epoch, seq, id, tx, rev, type, actor, centre, peer, t, day,"
                 " form, payload_sha, payload, hash FROM event"
                 " WHERE (node, epoch, seq) > ($1, $2, $3) ORDER BY node, epoch, seq");
    db_bind_id(walk, &verify->out->node);
    db_bind_int(walk, verify->out->at.epoch);
    db_bind_int(walk, verify->out->at.seq);
    while (err == 0 && (got = db_row(walk)) == 1) {
        err = verify_one(verify, walk);
        if (verify->out->events % VERIFY_LOOK == 0 && clock_mono_ms() >= until)
            break;
    }
    verify->out->done = got == 0;
    err = db_end(walk, err != 0 ? err : got < 0 ? got : 0);
    if (err == SND_E_CORRUPT) {
        verify_find(verify, FLAW_COLUMN, verify->out->at.seq);
        verify->out->done = 1;
        return 0;
    }
    return err == 0 && verify->out->done ? verify_head(verify) : err;
}

static int verify_total(struct verify *verify)
{
    struct query *query =
        db_query(verify->store->db, "SELECT CAST(COALESCE(SUM(seq), 0) AS BIGINT) FROM head");
    int err = db_one(query);
    if (err == 0)
        verify->out->total = db_int(query);
    return db_end(query, err);
}

int store_chain(struct store *store, int64_t most_ms, struct arena *arena,
                struct store_chain *inout)
{
    struct verify verify = {
        .store = store, .out = inout, .findings = ROWS_OF(struct store_flaw_at)};
    inout->events = 0;
    inout->done = 0;
    int err = verify_total(&verify);
    if (err == 0)
        err = verify_resume(&verify);
    if (err == 0)
        err = verify_piece(&verify, most_ms);
    inout->flaw = rows_take(&verify.findings, arena, &inout->flaws);
    return err;
}
