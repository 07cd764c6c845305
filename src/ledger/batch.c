/* SPDX-License-Identifier: Apache-2.0
 * The group commit: every write of one round of the loop is a step of one transaction, and nobody
 * gets an answer before that is on the disk. A write that was done before is not done again: its
 * stored answer is looked up, and kept, in the same step as the write itself. When the commit fails
 * nothing of the batch has happened, and everybody in it is told.
 *
 * Operations that touch nothing but the store share a savepoint with their neighbours, since most
 * of the cost of a step is what the database puts by to take it back. When one of them has to be
 * taken back, its neighbours are run again, each by itself: nobody has had an answer yet.
 *
 * While nothing but saves is in a batch, those who come meanwhile join it: a batch costs each of
 * them less than two halves would, and everybody's answer comes at the end of the same commit. Who
 * was answered by a large batch a moment ago and saves without a pause is waited for, for an
 * instant: whoever just misses a batch waits for all of it and for the next one.
 *
 * Saving drafts is most of what a busy office writes, and nobody waits for it: a batch of draft
 * puts alone stays open until PUTS_APART_MS after the last commit, so that many share one flush to
 * the disk. Any other write, a read, or a connection's end commits at once. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "ledger/server_priv.h"
#include "store/keep.h"

#define PUTS_APART_MS 250
#define MANY 8     /* answers after one commit */
#define SOON_MS 20 /* for so long after it the same people are expected again, */
#define LATE_MS 1  /* and waited for, since the last of them who came */

/* An answer that waits for the commit. */
struct pending {
    struct pending *next;
    struct conn *conn;
    uint32_t tag;
    int status;
    struct buf results;
    struct buf frame;       /* the whole answer, from a reader; then there are no results */
    int shared;             /* it may share a savepoint; then also: */
    struct request request; /* its arguments are in `asked` */
    struct buf asked;
    uint8_t searched[HASH_SIZE];
    struct effect effect;
};
struct batch {
    int begun;
    int broken;        /* a step could not even be taken back: nothing of the batch may stay */
    int urgent;        /* there is more in it than draft puts */
    int others;        /* there is more in it than what may share a savepoint */
    int joined;        /* how many wait for the commit */
    int answered;      /* how many did for the last one */
    int64_t committed; /* clock_mono_ms() of the last commit */
    struct pending *first, **end;
    struct pending *sharing; /* the first of those that share the open savepoint */
};

struct batch *batch_new(void)
{
    struct batch *batch = x_alloc(sizeof *batch);
    batch->end = &batch->first;
    return batch;
}

void batch_free(struct batch **batch)
{
    x_free(batch);
}

static struct pending *pending_new(struct batch *batch, struct conn *conn, uint32_t tag)
{
    struct pending *pending = x_alloc(sizeof *pending);
    pending->conn = conn;
    pending->tag = tag;
    pending->results = BUF_INIT(RESULTS_MAX);
    pending->frame = BUF_INIT(WIRE_MAX);
    pending->asked = BUF_INIT(WIRE_MAX);
    *batch->end = pending;
    batch->end = &pending->next;
    batch->joined++;
    return pending;
}

/* What desks put by while somebody works: nobody waits for it. */
static int is_put(enum operation op)
{
    return op == OP_DRAFT_PUT || op == OP_PLACE_PUT;
}

/* May this operation be run twice? What it does besides writing to the store: nothing. */
static int may_share(enum operation op)
{
    return op == OP_REQUEST_SUBMIT || is_put(op);
}

/* sharing: the one that begins a step which shares, NULL = a step by itself. */
static int step_begin(struct ledger *ledger, struct pending *sharing)
{
    struct batch *batch = ledger->batch;
    int err = batch->broken;
    if (!err && !batch->begun) {
        err = store_batch_begin(ledger->store);
        batch->begun = !err;
        if (err == SND_E_IO || err == SND_E_CORRUPT)
            ledger->fatal = err;
    }
    if (!err) {
        err = sharing ? store_step_share(ledger->store) : store_step_begin(ledger->store);
        batch->broken = err;
    }
    batch->others |= !sharing;
    if (!sharing)
        batch->sharing = NULL;
    else if (!batch->sharing)
        batch->sharing = sharing;
    return err;
}

static int step_end(struct ledger *ledger, int keep)
{
    int err = store_step_end(ledger->store, keep);
    if (err && err != STORE_UNDONE)
        ledger->batch->broken = err;
    return err;
}

/* The write itself, or the answer that it had before. *keep = it changed something. */
static int write_once(struct call *call, int *keep)
{
    int kept = op_row(call->op)->mode == MODE_WRITE, err = SND_E_NOTFOUND;
    const char *wire = op_row(call->op)->wire;
    *keep = 0;
    if (kept)
        err = store_answer_find(call->store, &call->id, call->who->actor, wire, call->out);
    if (err != SND_E_NOTFOUND)
        return err;
    err = call_run(call);
    if (!err && call->out->failed)
        err = SND_E_LIMIT;
    if (!err && kept)
        err = store_answer_keep(call->store, &call->id, call->who->actor, wire, call->out->data,
                                call->out->len, clock_utc_ms());
    *keep = err == 0 || call->keep;
    return err;
}

/* Runs one write as a step. What it returns may be OP_HASH or OP_MALFORMED. *undone: it has to be
 * run again, with all that share. */
static int run_step(struct ledger *ledger, struct call *call, struct pending *sharing, int *undone)
{
    int keep = 0, err = step_begin(ledger, sharing);
    if (err)
        return err;
    int status = write_once(call, &keep);
    err = step_end(ledger, keep);
    *undone = err == STORE_UNDONE;
    if (*undone)
        return 0;
    if (status == SND_E_IO || status == SND_E_CORRUPT)
        log_error("ledger.store", "operation=%s error=%s", op_row(call->op)->wire,
                  err_text(status));
    if (status == SND_E_FULL || err == SND_E_FULL)
        ballast_drop(ledger);
    return err ? err : status;
}

void batch_hurry(struct ledger *ledger)
{
    ledger->batch->urgent = 1;
}

static void run_again(struct ledger *ledger);

/* Operations that are told, or refused, when little room is left. */
static int wants_room(enum operation op)
{
    static const enum operation some[] = {OP_REQUEST_SUBMIT, OP_INBOX_BEGIN, OP_INBOX_PUT,
                                          OP_BLOB_BEGIN, OP_BLOB_PUT};
    for (size_t i = 0; i < SND_COUNT(some); i++)
        if (some[i] == op)
            return 1;
    return 0;
}

/* Runs the write that an answer waits for, and says in `pending` how that went. */
static void run(struct ledger *ledger, struct pending *pending, struct request *request,
                const struct hash_done *hashed, int share)
{
    int undone = 0;
    struct conn *conn = pending->conn;
    struct hash_ask ask = {0};
    struct call call = {.store = ledger->store,
                        .op = request->op,
                        .id = request->id,
                        .who = &conn->who,
                        .office = &ledger->office,
                        .disk_low = wants_room(request->op) && ballast_low(ledger),
                        .day = ledger_day(ledger),
                        .in = request->in,
                        .out = &pending->results,
                        .live = session_live,
                        .voucher = session_voucher,
                        .live_arg = ledger,
                        .forms = ledger->forms,
                        .tries = ledger->tries,
                        .feeds = ledger->feeds,
                        .vault = ledger->vault,
                        .walked = &ledger->walked,
                        .documents = &ledger->documents,
                        .ask = &ask,
                        .hashed = hashed,
                        .effect = &pending->effect};
    int status = run_step(ledger, &call, share ? pending : NULL, &undone);
    if (undone) {
        run_again(ledger);
        return;
    }
    if (status == OP_HASH) {
        pending->conn = NULL; /* it answers later */
        conn->tag = request->tag;
        pool_hash(ledger, conn, &ask);
    } else if (status == OP_MALFORMED) {
        log_warn("ledger.malformed", "peer=%s account=%s", conn->who.peer, conn->who.account);
        pending->conn = NULL;
        conn_close(ledger, conn);
    } else {
        pending->status = status;
    }
    if (status)
        pending->effect = (struct effect){0};
    conn->becoming = pending->effect.become;
    if (status && status != SND_E_INVALID)
        buf_clear(&pending->results);
    mem_wipe(&ask, sizeof ask);
}

/* All that shared the savepoint which was taken back, in their order, each as a step by itself. */
static void run_again(struct ledger *ledger)
{
    struct pending *pending = ledger->batch->sharing;
    for (; pending; pending = pending->next) {
        if (!pending->shared || !pending->conn)
            continue; /* another's answer that waits, or a malformed one: nothing was written */
        struct request request = pending->request;
        request.in = (struct wire){.at = pending->asked.data, .left = pending->asked.len};
        buf_clear(&pending->results);
        pending->status = 0;
        run(ledger, pending, &request, NULL, 0);
    }
}

void batch_write(struct ledger *ledger, struct conn *conn, struct request *request,
                 const struct hash_done *hashed)
{
    struct pending *pending = pending_new(ledger->batch, conn, request->tag);
    pending->shared = may_share(request->op);
    if (!is_put(request->op))
        batch_hurry(ledger);
    if (pending->shared) {
        pending->request = *request;
        buf_put(&pending->asked, request->in.at, request->in.left);
    }
    run(ledger, pending, request, hashed, pending->shared);
}

/* Which search it is; further pages of it make no further event. */
static void search_hash(const struct store_seen *seen, uint8_t out[HASH_SIZE])
{
    struct hash *hash = hash_start();
    const char *const parts[] = {seen->words, seen->of, seen->account, seen->civil, seen->number};
    uint8_t sight = (uint8_t)seen->sight;
    hash_add(hash, &sight, 1);
    for (size_t i = 0; i < SND_COUNT(parts); i++)
        hash_add(hash, parts[i], strlen(parts[i]) + 1);
    hash_end(&hash, out);
}

static int keep_seen(struct ledger *ledger, const struct conn *conn)
{
    struct store_actor actor;
    who_actor(&conn->who, &ledger->office, ledger_day(ledger), &actor);
    int err = step_begin(ledger, NULL);
    if (err)
        return err;
    int status = store_seen_keep(ledger->store, &conn->seen, &actor);
    err = step_end(ledger, status == 0);
    if (status)
        log_error("ledger.store", "operation=%s error=%s", "seen", err_text(status));
    return err ? err : status;
}

void batch_seen(struct ledger *ledger, struct conn *conn, const struct wire *answer)
{
    uint8_t searched[HASH_SIZE];
    search_hash(&conn->seen, searched);
    struct pending *pending = pending_new(ledger->batch, conn, conn->tag);
    if (!conn->seen.later || memcmp(searched, conn->searched, HASH_SIZE) != 0)
        pending->status = keep_seen(ledger, conn);
    memcpy(pending->searched, searched, HASH_SIZE);
    batch_hurry(ledger);
    if (pending->status)
        return;
    wire_begin(&pending->frame);
    buf_put(&pending->frame, answer->at, answer->left);
    snd_assert(wire_end(&pending->frame) == 0);
}

void batch_close_session(struct ledger *ledger, const struct who *who)
{
    struct store_actor actor;
    who_actor(who, &ledger->office, ledger_day(ledger), &actor);
    if (step_begin(ledger, NULL))
        return;
    batch_hurry(ledger);
    int err = store_session_close(ledger->store, who->ticket_sha, &actor);
    if (step_end(ledger, err == 0))
        log_error("ledger.store", "operation=%s", "session.close");
}

/* What an operation does to connections, now that it has really happened. */
static void take_effect(struct ledger *ledger, struct conn *conn, const struct effect *effect)
{
    if (effect->become) {
        conn->who = effect->who;
        session_attach(ledger, conn);
        if (conn->dead)
            session_detach(ledger, conn);
    }
    if (effect->settle)
        pool_copied(ledger);
    if (effect->settle && store_settle(ledger->store))
        log_info("ledger.unsettled", "reason=%s", "a reader is at work");
    if (effect->unlimit)
        conn->who.limited &= ~effect->unlimit;
    if (effect->vouch)
        conn->who.vouched = effect->vouch;
    if (effect->bye) {
        session_end(ledger, conn->who.session);
        conn->who.session = 0;
        conn->closing = 1;
    }
    if (effect->end_account[0]) {
        conn_end_account(ledger, effect->end_account, conn);
        session_end_account(ledger, effect->end_account);
    }
}

static int commit(struct ledger *ledger)
{
    struct batch *batch = ledger->batch;
    int err = batch->broken;
    if (batch->begun && err)
        store_batch_rollback(ledger->store);
    else if (batch->begun)
        err = store_batch_commit(ledger->store);
    if (batch->begun)
        batch->committed = clock_mono_ms();
    batch->begun = batch->broken = batch->urgent = batch->others = 0;
    batch->sharing = NULL;
    if (err)
        log_error("ledger.commit_failed", "error=%s", err_text(err));
    if (err == SND_E_IO || err == SND_E_CORRUPT)
        ledger->fatal = err;
    if (err == SND_E_FULL)
        ballast_drop(ledger);
    return err;
}

int batch_grows(const struct ledger *ledger)
{
    const struct batch *batch = ledger->batch;
    return batch->begun && !batch->broken && !batch->others && !ledger->dead &&
           !pool_reads_wait(ledger);
}

int batch_late_ms(const struct ledger *ledger)
{
    const struct batch *batch = ledger->batch;
    int expected = batch->urgent && batch->answered >= MANY && batch->joined < batch->answered;
    return expected && clock_mono_ms() - batch->committed < SOON_MS ? LATE_MS : 0;
}

int batch_patience(const struct ledger *ledger)
{
    const struct batch *batch = ledger->batch;
    if (!batch->begun || batch->urgent || batch->broken || ledger->dead)
        return 0;
    int64_t left = batch->committed + PUTS_APART_MS - clock_mono_ms();
    return left > 0 ? (int)left : 0;
}

void batch_commit(struct ledger *ledger)
{
    struct batch *batch = ledger->batch;
    int err = commit(ledger);
    struct pending *list = batch->first;
    batch->first = NULL;
    batch->end = &batch->first;
    batch->answered = batch->joined;
    batch->joined = 0;
    while (list) {
        struct pending *pending = list;
        struct conn *conn = pending->conn;
        list = pending->next;
        if (conn)
            conn->becoming = 0;
        if (conn && err && !pending->status) {
            conn_answer(ledger, conn, pending->tag, err, NULL);
        } else if (conn && pending->frame.len > 0) {
            memcpy(conn->searched, pending->searched, HASH_SIZE);
            conn_send(ledger, conn, &pending->frame);
        } else if (conn) {
            take_effect(ledger, conn, &pending->effect);
            conn_answer(ledger, conn, pending->tag, pending->status, &pending->results);
        }
        buf_free(&pending->results);
        buf_free(&pending->frame);
        buf_free(&pending->asked);
        mem_wipe(&pending->effect, sizeof pending->effect);
        x_free(&pending);
    }
    pool_tend_log(ledger, batch->answered >= MANY);
}
