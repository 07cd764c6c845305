/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_BENCH_LOAD_H
#define TESTS_BENCH_LOAD_H
/* sshload drives 1..N terminal sessions over SSH and measures them as a person would feel them. One
 * thread, one epoll loop; each session is an SSH connection (libssh, non-blocking) or a command
 * under a pty (ssh(1)), feeds a libvterm screen and follows a script. Waits and echo times are
 * judged on the emulated screen, never on raw bytes; bytes and segments are the kernel's own count
 * for the socket (TCP_INFO). tests/bench/README.md has the script's words and what the figures
 * mean. */
#include <libssh/libssh.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <vterm.h>
#include "base/attr.h"
#include "base/mem.h"

#define LOAD_ROWS 100
#define LOAD_COLS 250
#define LOAD_SUFFIX 8   /* an echo is seen when the last characters typed, at most these many, stand there */
#define LOAD_PENDING 512
#define LOAD_TYPED 1024
#define LOAD_QUIET 2.0  /* seconds after which navigation keys still open were answered by an earlier repaint */

/* ---- samples.c: small statistics and time */
struct samples {
    double *v;
    size_t n, room;
};
double load_now(void);    /* seconds, monotonic */
double load_random(void); /* 0..1 */
void samples_add(struct samples *samples, double v);
void samples_sort(struct samples *samples);
double samples_percentile(const struct samples *samples, double percent); /* sorted; NAN when none */
double samples_mean(const struct samples *samples);
SND_NORETURN SND_PRINTF(1, 2) void load_die(const char *format, ...);

/* ---- fold.c: what is on the screen and what was typed, brought to the same letters */
int fold_decode(const char *text, uint32_t *out, int max);
int fold_encode(uint32_t point, char out[5]);
int fold_point(uint32_t point, uint32_t out[2]); /* how many: 0 = dropped */
int fold_string(const char *text, uint32_t *out, int max);

/* ---- script.c: the words that a session follows */
enum word {
#define WORD(name, text, argument) WORD_##name,
#include "tests/bench/words.def"
#undef WORD
    WORD_COUNT
};
struct step {
    enum word word;
    char *text;
    double number;
    int line;
    const char *file;
};
struct script {
    struct step *step;
    int steps, room;
};
void script_set(const char *name, const char *value, bool fixed); /* fixed: -D wins over the script */
void script_load(struct script *script, const char *path, int depth);
/* Text with ${NAME} filled in; with `running`, ${n} (session) and ${i} (form) too. Yours to free. */
char *script_fill(const char *text, bool running, int session, int form);

/* ---- tree.c: what the server's processes weigh */
#define LOAD_ROOTS 32
struct tree {
    double pss, dirty, rss; /* KiB */
    double cpu;             /* seconds, with what ended children used */
    int processes, threads;
};
struct tree tree_weigh(const pid_t *roots, int count);

/* ---- session.c, play.c, connect.c: one person */
enum stage { STAGE_IDLE, STAGE_TCP, STAGE_KEX, STAGE_AUTH, STAGE_CHANNEL, STAGE_PTY, STAGE_ENV, STAGE_SHELL, STAGE_PLAY, STAGE_OVER };
struct pending { /* a key whose answer hasn't been seen */
    double at;
    bool navigation;
    int len;
    uint32_t pattern[LOAD_SUFFIX * 2];
    int before; /* how often the pattern stood there before */
};
struct counts {
    double at;
    uint64_t received, sent, segments_in, segments_out, keys, screen;
};
struct session {
    int number, fd;
    enum stage stage;
    pid_t child;
    ssh_session ssh;
    ssh_channel channel;
    VTerm *terminal;
    VTermScreen *screen;
    VTermPos cursor;
    uint32_t (*grid)[LOAD_COLS];
    uint32_t (*forward)[LOAD_COLS * 2], (*backward)[LOAD_COLS * 2]; /* folded rows, both ways */
    int *forward_len, *backward_len;
    bool *stale; /* the folded row is out of date */
    double begun, due, step_begun, changed_at;
    bool want_out, changed, closed, entered, parked, released;
    int at, loop_at, form;
    char line[LOAD_TYPED]; /* typed and edited at this side, without a terminal at the other */
    size_t line_len;
    char *text; /* being typed */
    uint32_t typed[LOAD_TYPED];
    int typed_count, typed_next;
    int before[LOAD_TYPED];
    struct pending queue[LOAD_PENDING];
    int queue_head, queued;
    uint64_t keys, screen_bytes;
    uint64_t bytes_at_key; /* screen_bytes when the last letter was typed */
    struct {
        int span;
        struct counts from;
    } open[16];
    int opened;
};
void session_setup(struct session *session);
void session_start(struct session *session);   /* connects, or starts the command */
void session_step(struct session *session);    /* something happened on its descriptor */
void session_play(struct session *session);    /* follows the script until it has to wait */
void session_feed(struct session *session, const char *bytes, size_t len);
void session_send(struct session *session, const char *bytes, size_t len);
void session_press(struct session *session, const char *key);
/* A letter: to the other side, or into the line that the terminal at hand keeps and echoes. */
void session_type(struct session *session, const char *bytes, size_t len);
void session_match(struct session *session, double now);
void session_expect(struct session *session, const uint32_t *pattern, int len, int before);
void session_over(struct session *session, const char *why); /* NULL = finished well */
void session_dump(const struct session *session, FILE *out);
void session_arm(struct session *session);
int session_count(struct session *session, const uint32_t *pattern, int len);
struct counts session_counts(const struct session *session);

/* ---- sshload.c, report.c: all of them */
struct options {
    const char *host, *user, *password, *key, *script, *command, *term, *label, *ciphers;
    int port, sessions, sources, rows, cols, forms, mss;
    double keys_a_second, jitter, ramp, timeout, think;
    uint64_t seed; /* of chance; 0 = none, another one each time */
    bool json, lines, compress, careful, verbose, send_lang;
    pid_t root[LOAD_ROOTS];
    int roots;
};
struct span {
    char *name;
    struct samples ms, received, sent, segments_in, segments_out, keys, screen;
};
struct weighing {
    const char *name;
    struct tree tree;
    int sessions;
    double at;
};
struct load {
    struct options options;
    struct script script;
    struct session *session;
    ssh_key key;
    int epoll, alive, started;
    double soonest; /* none has anything due before */
    struct span span[32];
    int spans;
    struct samples echo, navigation, first, login, loop;
    struct samples answer; /* screen bytes between a typed letter and the next */
    struct samples paint;  /* screen bytes of the first full screen */
    uint64_t lost, merged, forms, failed, finished, keys;
    char cipher[128], kex[128];
    struct weighing weighing[16];
    int weighings;
    struct tree before, after;
    double wall, busy;
};
extern struct load load;
int span_find(const char *name);
void span_add(int span, const struct counts *from, const struct counts *to);
void report_print(void);
#endif
