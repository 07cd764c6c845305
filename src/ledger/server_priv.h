/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_SERVER_PRIV_H
#define LEDGER_SERVER_PRIV_H
/* The serving process: connections, the group commit, live sessions and the worker processes. One
 * round of the loop: take what came in, write it in one batch, commit, answer, hand out reads. */
#include <sys/types.h>
#include "ledger/ledger.h"
#include "ledger/op_priv.h"
#define RESULTS_MAX (WIRE_MAX - 32) /* a frame less the head of an answer */
#define CONN_OUT_MAX (256 * 1024)   /* a client that leaves more unread is cut off */
#define WORKERS_MAX 12

/* What an epoll event belongs to; the first member of each. */
enum source { SOURCE_LISTEN, SOURCE_CONN, SOURCE_WORKER };
enum worker_kind { WORKER_READER, WORKER_HASHER, WORKER_COPIER, WORKER_KINDS };
/* Where a job waits: people's reads, those of the processes that speak with other machines, and
 * passwords. */
enum lane { LANE_PEOPLE, LANE_MACHINES, LANE_PASSWORDS, LANES };

struct out_frame {
    struct out_frame *next;
    struct buf frame;
};
struct conn {
    enum source source;
    int fd;
    struct conn *next, *prev;
    struct who who;
    uint32_t watched;   /* events asked of epoll, 0 = none */
    int dead;           /* closed; freed at the end of the round */
    int closing;        /* closed once everything was sent */
    int waiting;        /* a worker has, or is to get, something of it: nothing is read meanwhile */
    int becoming;       /* a login of it waits for the commit: nothing is read before */
    uint32_t tag;       /* of the request that waits */
    struct buf request; /* the request that waits for a password worker, whole */
    struct buf job;     /* frame for the worker */
    struct store_seen seen;      /* what the answer that a reader is about to give shows */
    uint8_t searched[HASH_SIZE]; /* the search that this person was last shown, kept as an event */
    struct conn *next_job;
    uint64_t job_no; /* in which order jobs came */
    struct out_frame *out, **out_end;
    size_t out_bytes;
};
struct worker {
    enum source source;
    enum worker_kind kind;
    int fd; /* -1 = died */
    int busy;
    enum lane lane;    /* that its job is of */
    struct conn *conn; /* NULL when idle or when the one who asked has gone */
    int64_t retry_at;  /* when to have it replaced, clock_mono_ms() */
};
struct job_queue {
    struct conn *first, **end;
};
struct ledger {
    const struct ledger_args *args;
    struct vault *vault;
    struct store *store;
    int64_t forward; /* the version that the book was last told to come to */
    struct store_office office;
    int32_t fixed_day; /* of a practice office, INT32_MIN = the real day */
    int poller, listener;
    enum source listen_source;
    int spare;          /* a descriptor for turning somebody away when there is no other */
    int64_t deaf_until; /* no descriptor was left: when to listen again, 0 = listening */
    uid_t own_uid, folder_uid;
    char shell_name[3][48]; /* cli:<name> of root, of our own user and of the folder's owner */
    struct conn *conns, *dead;
    size_t conn_count;
    struct formcache *forms;
    struct tries *tries;
    struct feeds *feeds;
    struct walked walked;
    struct documents documents;
    int64_t swept; /* when documents were last let go of, clock_mono_ms() */
    struct sessions *sessions;
    struct batch *batch;
    struct ballast *ballast;
    int spawner; /* socket of the process that makes workers */
    struct worker worker[WORKERS_MAX];
    size_t workers;
    int log_told;    /* how long the log was, in pages, when the copier was last told of it, */
    int log_closed;  /* and when it was last tried to let it begin anew */
    int log_closing; /* the copier has been told of nearly all of a log that is to begin anew */
    struct job_queue queue[LANES];
    uint64_t jobs; /* that were ever queued */
    int64_t round; /* when this round began, clock_mono_ms() */
    int fatal;     /* an error after which nothing may be accepted */
};

/* The business day on which what is written now is counted. */
int32_t ledger_day(const struct ledger *ledger);
/* 1 for a process of ours that speaks with other machines. */
int who_is_machine(const struct who *who);

/* conn.c */
void conn_accept_all(struct ledger *ledger);
void conn_listen_again(struct ledger *ledger);
void conn_event(struct ledger *ledger, struct conn *conn, uint32_t events);
/* Sends, or queues when the client is slow. Takes over the frame. */
void conn_send(struct ledger *ledger, struct conn *conn, struct buf *frame);
void conn_answer(struct ledger *ledger, struct conn *conn, uint32_t tag, int status,
                 const struct buf *results);
void conn_close(struct ledger *ledger, struct conn *conn);
/* Goes on with a connection whose worker has answered. */
void conn_resume(struct ledger *ledger, struct conn *conn);
void conn_watch(struct ledger *ledger, struct conn *conn);
void conn_end_account(struct ledger *ledger, const char *account, struct conn *but_later);
void conn_reap(struct ledger *ledger);
void conn_close_all(struct ledger *ledger);
void answer_frame(struct buf *frame, uint32_t tag, int status, const struct buf *results);

/* batch.c: all writes of a round in one transaction. */
struct batch *batch_new(void);
void batch_free(struct batch **batch);
void batch_write(struct ledger *ledger, struct conn *conn, struct request *request,
                 const struct hash_done *hashed);
/* Keeps what a reader's answer shows as an event; the answer leaves after the commit. */
void batch_seen(struct ledger *ledger, struct conn *conn, const struct wire *answer);
/* Closes a session's row in the same batch. */
void batch_close_session(struct ledger *ledger, const struct who *who);
/* Commits and sends the answers, or the error to everybody. */
void batch_commit(struct ledger *ledger);
/* 1 while whoever has come meanwhile may join the batch before it is committed. */
int batch_grows(const struct ledger *ledger);
/* How long the next who joins it is waited for, ms; 0 = whoever isn't there yet has missed it. */
int batch_late_ms(const struct ledger *ledger);
/* How long the open batch may still wait for more draft puts, ms; 0 = commit now. */
int batch_patience(const struct ledger *ledger);
/* What is in the batch, or waits for it, must not wait. */
void batch_hurry(struct ledger *ledger);

/* ballast.c: room that is put by for a full disk. */
struct ballast *ballast_new(const struct ledger_args *args);
void ballast_free(struct ballast **ballast);
/* Makes it when there is room, and looks how full the disk is; every few seconds. */
void ballast_tend(struct ledger *ledger);
/* The disk is full: the room is given back. */
void ballast_drop(struct ledger *ledger);
int ballast_low(const struct ledger *ledger); /* 1 when little room is left */

/* session.c: which sessions live. */
struct sessions *sessions_new(void);
void sessions_free(struct sessions **sessions);
void session_attach(struct ledger *ledger, struct conn *conn);
void session_detach(struct ledger *ledger, const struct conn *conn);
void session_end(struct ledger *ledger, uint64_t number);
void session_end_account(struct ledger *ledger, const char *account);
int session_live(void *arg, uint64_t number); /* an op_live; arg is the ledger */
uint64_t session_voucher(void *arg, const struct who *who, uint8_t by[HASH_SIZE]); /* op_voucher */
/* Whether the session that vouches for this one still may; this is asked at each of its requests. */
int session_vouches(const struct ledger *ledger, const struct who *who);
/* Other sessions of that account that live; returns how many, at most max. */
size_t session_others(struct ledger *ledger, const struct who *who, uint64_t *out, size_t max);
/* Ends sessions whose connection didn't come back. */
void session_sweep(struct ledger *ledger);

/* pool.c: the workers as the loop sees them. */
void pool_event(struct ledger *ledger, struct worker *worker);
void pool_read(struct ledger *ledger, struct conn *conn, struct request *request);
void pool_hash(struct ledger *ledger, struct conn *conn, const struct hash_ask *ask);
void pool_dispatch(struct ledger *ledger);
int pool_reads_wait(const struct ledger *ledger);
/* After a commit: the copier is told when the log has grown. busy: many share each commit, so that
 * there is no moment in which it could end its work. */
void pool_tend_log(struct ledger *ledger, int busy);
/* Waits for the copier, since nothing can empty the log while it is at work. */
void pool_copied(struct ledger *ledger);
void pool_forget(struct ledger *ledger, struct conn *conn);
SND_MUST int pool_open(struct ledger *ledger);
void pool_close(struct ledger *ledger);
int pool_wait_ms(const struct ledger *ledger);

/* spawn.c: a process that was forked before any store was opened and forks the workers, so that
 * they never see a store of another process. */
SND_MUST int spawn_start(const struct ledger_args *args, int *out);
SND_MUST int spawn_worker(int spawner, enum worker_kind kind, int *out);
/* worker.c: what they run. */
SND_NORETURN void worker_read(int socket, const struct ledger_args *args);
SND_NORETURN void worker_hash(int socket, const struct ledger_args *args);
SND_NORETURN void worker_copy(int socket, const struct ledger_args *args);
/* A read as it goes to a reader. */
void job_put_read(struct buf *job, const struct who *who, uint32_t tag, enum operation op,
                  int32_t day, const uint64_t *lives, size_t count, const struct wire *args);
/* What a TRACED read shows goes before its answer, in a frame of its own. put: begun, not ended. */
void seen_put(struct buf *frame, const struct store_seen *seen);
SND_MUST int seen_get(struct wire *in, struct store_seen *out); /* after the 'T' */
/* The folder of a file, yours to x_free(). */
char *folder_of(const char *path);
#endif
