/* SPDX-License-Identifier: Apache-2.0
 * The workers as the loop sees them: three queues, and a handful of processes that each have at
 * most one job. What hub, courier and sync read may take long and comes in masses: there is always
 * a reader that isn't at work for them. One that dies takes its job with it (the client is told,
 * and may ask again) and is replaced after a pause, so that a job that kills cannot make the
 * machine fork without end. */
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/proc.h"
#include "ledger/server_priv.h"

#define REPLACE_MS 200
#define COPY_MS 2000
#define LOG_LONG 1000 /* pages in the log from which on it is written back, */
#define LOG_STEP 1000 /* again after as many more while many save, */
#define LOG_MOST 20000 /* and from which on it has to begin anew, */
#define CLOSE_MS 100  /* for which the writer waits no longer */

static void enqueue(struct ledger *ledger, struct conn *conn, enum lane lane)
{
    struct job_queue *queue = &ledger->queue[lane];
    conn->waiting = 1;
    conn->next_job = NULL;
    conn->job_no = ledger->jobs++;
    *queue->end = conn;
    queue->end = &conn->next_job;
    conn_watch(ledger, conn);
}

void pool_read(struct ledger *ledger, struct conn *conn, struct request *request)
{
    uint64_t lives[OP_LIVES];
    size_t count = 0;
    if (conn->who.session)
        count = session_others(ledger, &conn->who, lives, OP_LIVES);
    conn->tag = request->tag;
    job_put_read(&conn->job, &conn->who, request->tag, request->op, ledger_day(ledger), lives,
                 count, &request->in);
    if (wire_end(&conn->job)) {
        buf_free(&conn->job);
        conn_answer(ledger, conn, request->tag, SND_E_LIMIT, NULL);
        return;
    }
    enqueue(ledger, conn, who_is_machine(&conn->who) ? LANE_MACHINES : LANE_PEOPLE);
}

void pool_hash(struct ledger *ledger, struct conn *conn, const struct hash_ask *ask)
{
    wire_begin(&conn->job);
    wire_put_u8(&conn->job, ask->check != 0);
    wire_put_u8(&conn->job, ask->make != 0);
    wire_put_text(&conn->job, ask->secret);
    wire_put_text(&conn->job, ask->password);
    wire_put_text(&conn->job, ask->new_password);
    snd_assert(wire_end(&conn->job) == 0);
    enqueue(ledger, conn, LANE_PASSWORDS);
}

static void lose(struct ledger *ledger, struct worker *worker)
{
    struct conn *conn = worker->conn;
    log_error("ledger.worker_lost", "kind=%d busy=%d", (int)worker->kind, worker->busy);
    proc_close(&worker->fd);
    worker->busy = 0;
    worker->conn = NULL;
    worker->retry_at = clock_mono_ms() + REPLACE_MS;
    if (conn) {
        conn->seen = (struct store_seen){0};
        conn_answer(ledger, conn, conn->tag, SND_E_SYS, NULL);
        conn_resume(ledger, conn);
    }
}

static int start(struct ledger *ledger, struct worker *worker)
{
    int err = spawn_worker(ledger->spawner, worker->kind, &worker->fd);
    if (err)
        return err;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = worker};
    return epoll_ctl(ledger->poller, EPOLL_CTL_ADD, worker->fd, &event) ? SND_E_SYS : 0;
}

int pool_open(struct ledger *ledger)
{
    int err = 0;
    const int want[WORKER_KINDS] = {[WORKER_READER] = ledger->args->readers,
                                    [WORKER_HASHER] = ledger->args->hashers,
                                    [WORKER_COPIER] = ledger->args->copiers};
    for (int lane = 0; lane < LANES; lane++)
        ledger->queue[lane].end = &ledger->queue[lane].first;
    for (int kind = 0; kind < WORKER_KINDS; kind++) {
        for (int i = 0; i < want[kind] && ledger->workers < WORKERS_MAX && !err; i++) {
            struct worker *worker = &ledger->worker[ledger->workers++];
            *worker = (struct worker){.source = SOURCE_WORKER, .kind = kind, .fd = -1};
            err = start(ledger, worker);
        }
    }
    return err;
}

void pool_close(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->workers; i++)
        proc_close(&ledger->worker[i].fd);
    proc_close(&ledger->spawner);
}

/* A password worker's word: the write goes on, in this round's batch. */
static void hash_done(struct ledger *ledger, struct conn *conn, struct wire *in)
{
    struct hash_done done = {0};
    struct request request;
    int failed = wire_u8(in);
    done.matched = wire_u8(in) == 1;
    wire_text(in, done.checked, sizeof done.checked);
    wire_text(in, done.made, sizeof done.made);
    conn->waiting = 0;
    if (wire_done(in) || failed || request_parse(conn->request.data, conn->request.len, &request))
        conn_answer(ledger, conn, conn->tag, SND_E_SYS, NULL);
    else
        batch_write(ledger, conn, &request, &done);
    mem_wipe(&done, sizeof done);
    conn_resume(ledger, conn);
}

/* What the answer that comes next shows, so that it is kept before that answer is let out. 1 when
 * it was such a word. */
static int read_shows(struct ledger *ledger, struct worker *worker, const struct wire *in)
{
    struct wire word = *in;
    struct store_seen seen;
    if (worker->kind != WORKER_READER || wire_u8(&word) != 'T')
        return 0;
    if (seen_get(&word, &seen))
        lose(ledger, worker);
    else if (worker->conn)
        worker->conn->seen = seen;
    return 1;
}

/* A reader's word is the client's answer, whole; or that the arguments were malformed. */
static void read_done(struct ledger *ledger, struct conn *conn, struct wire *in)
{
    struct wire head = *in;
    int answered = wire_u8(&head) == 'A';
    conn->waiting = 0;
    if (answered && conn->seen.sight != SIGHT_NOTHING) {
        batch_seen(ledger, conn, in);
        conn->seen = (struct store_seen){0};
        conn_resume(ledger, conn);
        return;
    }
    if (answered) {
        struct buf frame = BUF_INIT(WIRE_MAX);
        wire_begin(&frame);
        buf_put(&frame, in->at, in->left);
        snd_assert(wire_end(&frame) == 0);
        conn_send(ledger, conn, &frame);
        conn_resume(ledger, conn);
        return;
    }
    log_warn("ledger.malformed", "peer=%s account=%s", conn->who.peer, conn->who.account);
    conn_close(ledger, conn);
}

void pool_event(struct ledger *ledger, struct worker *worker)
{
    static uint8_t frame[WIRE_MAX];
    struct wire in;
    if (worker->fd < 0)
        return;
    int got = wire_recv(worker->fd, frame, sizeof frame);
    if (got == SND_E_BUSY)
        return;
    if (got <= 0 || wire_open(&in, frame, (size_t)got) || !worker->busy) {
        lose(ledger, worker);
        return;
    }
    if (read_shows(ledger, worker, &in))
        return;
    struct conn *conn = worker->conn;
    worker->busy = 0;
    worker->conn = NULL;
    if (conn && worker->kind == WORKER_HASHER)
        hash_done(ledger, conn, &in);
    else if (conn)
        read_done(ledger, conn, &in);
    mem_wipe(frame, (size_t)got);
}

/* Readers that are not at work for a machine. */
static int readers_for_people(const struct ledger *ledger)
{
    int count = 0;
    for (size_t i = 0; i < ledger->workers; i++)
        count += ledger->worker[i].kind == WORKER_READER &&
                 !(ledger->worker[i].busy && ledger->worker[i].lane == LANE_MACHINES);
    return count;
}

/* What an idle worker is to do: the lane, or LANES when there is nothing for it. Who came first is
 * first, but the last reader that people have is theirs; if there is but one it is everybody's. */
static enum lane next_lane(const struct ledger *ledger, const struct worker *worker)
{
    const struct conn *person = ledger->queue[LANE_PEOPLE].first;
    const struct conn *machine = ledger->queue[LANE_MACHINES].first;
    if (worker->kind == WORKER_HASHER)
        return ledger->queue[LANE_PASSWORDS].first ? LANE_PASSWORDS : LANES;
    if (worker->kind != WORKER_READER)
        return LANES;
    if (machine && ledger->args->readers > 1 && readers_for_people(ledger) < 2)
        machine = NULL;
    if (person && machine)
        return machine->job_no < person->job_no ? LANE_MACHINES : LANE_PEOPLE;
    return person ? LANE_PEOPLE : machine ? LANE_MACHINES : LANES;
}

int pool_reads_wait(const struct ledger *ledger)
{
    return ledger->queue[LANE_PEOPLE].first || ledger->queue[LANE_MACHINES].first;
}

static void hand_out(struct ledger *ledger, struct worker *worker, enum lane lane)
{
    struct job_queue *queue = &ledger->queue[lane];
    struct conn *conn = queue->first;
    queue->first = conn->next_job;
    if (!queue->first)
        queue->end = &queue->first;
    worker->busy = 1;
    worker->lane = lane;
    worker->conn = conn;
    int err = wire_send(worker->fd, &conn->job);
    buf_free(&conn->job);
    if (err)
        lose(ledger, worker);
}

void pool_dispatch(struct ledger *ledger)
{
    int64_t now = clock_mono_ms();
    for (size_t i = 0; i < ledger->workers; i++) {
        struct worker *worker = &ledger->worker[i];
        if (worker->fd < 0 && now >= worker->retry_at && start(ledger, worker)) {
            log_error("ledger.worker_start", "kind=%d", (int)worker->kind);
            ledger->fatal = SND_E_SYS;
            return;
        }
        enum lane lane = worker->fd >= 0 && !worker->busy ? next_lane(ledger, worker) : LANES;
        if (lane != LANES)
            hand_out(ledger, worker, lane);
    }
}

static struct worker *copier(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->workers; i++)
        if (ledger->worker[i].kind == WORKER_COPIER && ledger->worker[i].fd >= 0)
            return &ledger->worker[i];
    return NULL;
}

/* Tells the copier, unless it is at work still: 1 or 0. */
static int copy(struct ledger *ledger)
{
    struct worker *worker = copier(ledger);
    struct buf job = BUF_INIT(16);
    if (!worker || worker->busy)
        return 0;
    ledger->log_told = store_log_len(ledger->store);
    wire_begin(&job);
    worker->busy = wire_end(&job) == 0;
    if (wire_send(worker->fd, &job))
        lose(ledger, worker);
    buf_free(&job);
    return 1;
}

static void wait_copied(struct ledger *ledger, int ms)
{
    struct worker *worker = copier(ledger);
    if (!worker || !worker->busy)
        return;
    struct pollfd answer = {.fd = worker->fd, .events = POLLIN};
    if (poll(&answer, 1, ms) == 1)
        pool_event(ledger, worker);
}

void pool_copied(struct ledger *ledger)
{
    wait_copied(ledger, COPY_MS);
}

/* A log begins anew when a write finds all of it written back. Who saves without a pause never
 * leaves the copier the time for that. So when the log has become long, the copier writes back what
 * there is while the next batch is made, and then the writer waits while it does the little that
 * this batch has added. */
static void close_log(struct ledger *ledger)
{
    if (!copy(ledger))
        return;
    ledger->log_closed = ledger->log_told;
    if (ledger->log_closing)
        wait_copied(ledger, CLOSE_MS);
    ledger->log_closing = !ledger->log_closing;
}

void pool_tend_log(struct ledger *ledger, int busy)
{
    int len = store_log_len(ledger->store), most = busy ? LOG_MOST : LOG_MOST / 10;
    if (len < ledger->log_told)
        ledger->log_told = ledger->log_closed = ledger->log_closing = 0;
    int grown = len - ledger->log_told, since = len - ledger->log_closed;
    if (ledger->log_closing || (len >= most && since >= LOG_STEP))
        close_log(ledger);
    else if (len >= LOG_LONG && grown >= (busy && ledger->log_told ? LOG_STEP : 1))
        (void)copy(ledger);
}

void pool_forget(struct ledger *ledger, struct conn *conn)
{
    for (size_t i = 0; i < ledger->workers; i++)
        if (ledger->worker[i].conn == conn)
            ledger->worker[i].conn = NULL;
    for (int lane = 0; lane < LANES; lane++) {
        struct job_queue *queue = &ledger->queue[lane];
        struct conn **at = &queue->first;
        while (*at && *at != conn)
            at = &(*at)->next_job;
        if (!*at)
            continue;
        *at = conn->next_job;
        if (queue->end == &conn->next_job)
            queue->end = at;
    }
}

int pool_wait_ms(const struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->workers; i++)
        if (ledger->worker[i].fd < 0)
            return REPLACE_MS;
    return 1000;
}
