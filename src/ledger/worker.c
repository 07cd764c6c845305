/* SPDX-License-Identifier: Apache-2.0
 * What the worker processes run. A reader has a read-only store and answers one read at a time, in
 * a view of its own that begins with the job, so that it sees every write answered before. A
 * password worker has nothing at all: it is told a hash and a password and says whether they fit.
 * The copier writes the log back into the database's file when it is told to: at the writer's pace
 * that is a tenth of its work, and a stall for everybody whose save waits behind it. */
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/vault.h"
#include "ledger/server_priv.h"

#define NO_WORK 1 /* exit status: could not begin */

char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? x_strndup(path, slash == path ? 1 : (size_t)(slash - path)) : x_strdup(".");
}

void job_put_read(struct buf *job, const struct who *who, uint32_t tag, enum operation op,
                  int32_t day, const uint64_t *lives, size_t count, const struct wire *args)
{
    wire_begin(job);
    wire_put_u32(job, tag);
    wire_put_u32(job, op);
    wire_put_i64(job, day);
    wire_put_u8(job, (uint8_t)who->role);
    wire_put_text(job, who->account);
    wire_put_text(job, who->actor);
    wire_put_text(job, who->centre);
    wire_put_text(job, who->scope);
    wire_put_text(job, who->peer);
    wire_put_i64(job, (int64_t)who->session);
    wire_put_u8(job, (uint8_t)who->limited);
    wire_put_u8(job, who->trusted != 0);
    wire_put_u32(job, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        wire_put_i64(job, (int64_t)lives[i]);
    wire_put_bytes(job, args->at, args->left);
}

/* A job as a reader sees it. */
struct reading {
    uint32_t tag;
    enum operation op;
    int32_t day;
    int64_t silent_ms;
    struct who who;
    uint64_t live[OP_LIVES];
    size_t lives;
    struct wire args;
};

static int job_get(struct wire *in, struct reading *job)
{
    size_t len;
    *job = (struct reading){0};
    job->tag = wire_u32(in);
    job->op = wire_u32(in);
    job->day = (int32_t)wire_i64(in);
    job->who.role = wire_u8(in);
    wire_text(in, job->who.account, sizeof job->who.account);
    wire_text(in, job->who.actor, sizeof job->who.actor);
    wire_text(in, job->who.centre, sizeof job->who.centre);
    wire_text(in, job->who.scope, sizeof job->who.scope);
    wire_text(in, job->who.peer, sizeof job->who.peer);
    job->who.session = (uint64_t)wire_i64(in);
    job->who.limited = wire_u8(in);
    job->who.trusted = wire_u8(in);
    job->lives = wire_u32(in);
    for (size_t i = 0; i < job->lives && job->lives <= OP_LIVES; i++)
        job->live[i] = (uint64_t)wire_i64(in);
    job->args.at = wire_bytes(in, &len);
    job->args.left = len;
    return wire_done(in) || job->op >= OP_COUNT || job->who.role >= ROLE_COUNT ||
                   job->lives > OP_LIVES
               ? SND_E_BAD
               : 0;
}

static int in_list(void *arg, uint64_t session)
{
    const struct reading *job = arg;
    for (size_t i = 0; i < job->lives; i++)
        if (job->live[i] == session)
            return 1;
    return 0;
}

void seen_put(struct buf *frame, const struct store_seen *seen)
{
    wire_begin(frame);
    wire_put_u8(frame, 'T');
    wire_put_u8(frame, (uint8_t)seen->sight);
    wire_put_id(frame, &seen->tx);
    wire_put_text(frame, seen->number);
    wire_put_text(frame, seen->civil);
    wire_put_text(frame, seen->account);
    wire_put_text(frame, seen->of);
    wire_put_i64(frame, seen->seq);
    wire_put_text(frame, seen->words);
    wire_put_i64(frame, seen->rows);
    wire_put_u8(frame, seen->later != 0);
}

int seen_get(struct wire *in, struct store_seen *out)
{
    *out = (struct store_seen){0};
    out->sight = wire_u8(in);
    wire_id(in, &out->tx);
    wire_text(in, out->number, sizeof out->number);
    wire_text(in, out->civil, sizeof out->civil);
    wire_text(in, out->account, sizeof out->account);
    wire_text(in, out->of, sizeof out->of);
    out->seq = wire_i64(in);
    wire_text(in, out->words, sizeof out->words);
    out->rows = wire_i64(in);
    out->later = wire_u8(in);
    return wire_done(in);
}

/* Runs a read, puts the answer's frame, and says what that shows. */
static void answer(struct vault *vault, struct store *store, const struct store_office *office,
                   struct formcache *forms, struct reading *job, struct buf *frame,
                   struct store_seen *seen)
{
    struct buf results = BUF_INIT(RESULTS_MAX);
    struct call call = {.store = store,
                        .op = job->op,
                        .who = &job->who,
                        .office = office,
                        .silent_ms = job->silent_ms,
                        .day = job->day,
                        .in = job->args,
                        .out = &results,
                        .seen = seen,
                        .live = in_list,
                        .live_arg = job,
                        .forms = forms};
    int status = store_view_begin(store);
    if (!status) {
        /* After the view has begun: each key that it names is in the file by now. */
        vault_refresh(vault);
        status = call_run(&call);
        store_view_end(store);
    }
    if (!status && results.failed)
        status = SND_E_LIMIT;
    if (status > 0) {
        *frame = BUF_INIT(WIRE_MAX);
        wire_begin(frame);
        wire_put_u8(frame, 'M');
        snd_assert(wire_end(frame) == 0);
    } else {
        answer_frame(frame, job->tag, status, status ? NULL : &results);
    }
    if (status == SND_E_IO || status == SND_E_CORRUPT)
        log_error("reader.store", "operation=%s error=%s", op_row(job->op)->wire, err_text(status));
    if (status || op_row(job->op)->mode != MODE_TRACED)
        *seen = (struct store_seen){0};
    buf_free(&results);
}

/* What is shown is said first, so that the answer finds the ledger ready to keep it. */
static int tell(int socket, const struct store_seen *seen)
{
    struct buf frame = BUF_INIT(WIRE_MAX);
    if (seen->sight == SIGHT_NOTHING)
        return 0;
    seen_put(&frame, seen);
    int err = wire_end(&frame);
    if (!err)
        err = wire_send(socket, &frame);
    buf_free(&frame);
    return err;
}

/* Opens everything that will be needed, then gives up the right to open more. */
static int reader_open(const struct ledger_args *args, struct vault **vault, struct store **store,
                       struct store_office *office)
{
    int err = vault_load(args->keyring, vault);
    if (!err)
        err = store_open(args->db, STORE_READ, *vault, store);
    if (!err)
        err = store_view_begin(*store);
    if (!err) {
        err = store_office_get(*store, office);
        store_view_end(*store);
    }
    if (err)
        return err;
    char *folder = folder_of(args->db);
    const struct sandbox_path paths[] = {
        {.path = folder, .write = 0}, {.path = args->keyring, .write = 0}, {.path = NULL}};
    err = sandbox_enter(SANDBOX_READER, paths, args->weak);
    x_free(&folder);
    return err;
}

void worker_read(int socket, const struct ledger_args *args)
{
    static uint8_t frame[WIRE_MAX];
    struct vault *vault = NULL;
    struct store *store = NULL;
    struct store_office office;
    struct wire in;
    log_open("reader", LOG_LEVEL_INFO);
    int err = reader_open(args, &vault, &store, &office);
    if (err) {
        log_error("reader.start", "error=%s", err_text(err));
        _exit(NO_WORK);
    }
    struct formcache *forms = formcache_new();
    for (;;) {
        struct reading job;
        struct buf reply;
        int got = wire_recv(socket, frame, sizeof frame);
        if (got <= 0 || wire_open(&in, frame, (size_t)got) || job_get(&in, &job))
            _exit(0);
        job.silent_ms = (args->silent_minutes > 0 ? args->silent_minutes : 60) * 60000LL;
        struct store_seen seen = {0};
        answer(vault, store, &office, forms, &job, &reply, &seen);
        err = tell(socket, &seen);
        if (!err)
            err = wire_send(socket, &reply);
        buf_free(&reply);
        if (err)
            _exit(0);
    }
}

static void hash_one(struct wire *in, struct buf *reply)
{
    struct hash_ask ask = {0};
    struct hash_done done = {0};
    int failed = 0;
    ask.check = wire_u8(in);
    ask.make = wire_u8(in);
    wire_text(in, ask.secret, sizeof ask.secret);
    wire_text(in, ask.password, sizeof ask.password);
    wire_text(in, ask.new_password, sizeof ask.new_password);
    if (wire_done(in))
        _exit(NO_WORK);
    if (ask.check)
        done.matched = ask.secret[0] ? secret_matches(ask.secret, ask.password)
                                     : secret_matches_nobody(ask.password);
    if (ask.make && (!ask.check || done.matched))
        failed = secret_hash(ask.new_password, done.made) != 0;
    wire_begin(reply);
    wire_put_u8(reply, failed != 0);
    wire_put_u8(reply, done.matched != 0);
    wire_put_text(reply, ask.secret);
    wire_put_text(reply, done.made);
    mem_wipe(&ask, sizeof ask);
    mem_wipe(&done, sizeof done);
}

void worker_hash(int socket, const struct ledger_args *args)
{
    static uint8_t frame[WIRE_MAX];
    const struct sandbox_path paths[] = {{.path = NULL}};
    struct wire in;
    log_open("hasher", LOG_LEVEL_INFO);
    (void)secret_matches_nobody(""); /* the library makes itself ready */
    int err = sandbox_enter(SANDBOX_HASHER, paths, args->weak);
    if (err) {
        log_error("hasher.start", "error=%s", err_text(err));
        _exit(NO_WORK);
    }
    struct buf reply = BUF_INIT(1024);
    for (;;) {
        int got = wire_recv(socket, frame, sizeof frame);
        if (got <= 0 || wire_open(&in, frame, (size_t)got))
            _exit(0);
        hash_one(&in, &reply);
        mem_wipe(frame, (size_t)got);
        if (wire_end(&reply) || wire_send(socket, &reply))
            _exit(0);
        buf_clear(&reply);
    }
}

/* Opens the store for nothing but this. */
static int copier_open(const struct ledger_args *args, struct store **store)
{
    int err = store_open(args->db, STORE_WRITE, NULL, store);
    if (err)
        return err;
    char *folder = folder_of(args->db);
    const struct sandbox_path paths[] = {{.path = folder, .write = 1}, {.path = NULL}};
    err = sandbox_enter(SANDBOX_LEDGER, paths, args->weak);
    x_free(&folder);
    return err;
}

/* Ends without closing the store: whoever is the last to close it would begin to tidy up, while
 * another ledger opens it. */
void worker_copy(int socket, const struct ledger_args *args)
{
    uint8_t frame[16];
    struct store *store = NULL;
    struct buf reply = BUF_INIT(16);
    log_open("copier", LOG_LEVEL_INFO);
    int err = copier_open(args, &store);
    if (err) {
        log_error("copier.start", "error=%s", err_text(err));
        _exit(NO_WORK);
    }
    while (wire_recv(socket, frame, sizeof frame) > 0) {
        err = store_log_copy(store);
        if (err && err != SND_E_BUSY)
            log_error("copier.store", "error=%s", err_text(err));
        wire_begin(&reply);
        if (wire_end(&reply) || wire_send(socket, &reply))
            break;
    }
    _exit(0);
}
