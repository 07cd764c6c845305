/* SPDX-License-Identifier: Apache-2.0
 * The processes behind the ledger: a reader or a password worker that dies is replaced, one that is
 * stuck delays no write, people have one that is not at work for other machines, and a ledger that
 * can't make new ones ends, so that it is started again.
 */
#include <ctype.h>
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/num.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

/* Parent and name of a process; 0 or SND_E_NOTFOUND. */
static int process(pid_t pid, pid_t *parent, char name[32])
{
    char path[64];
    int got = 0, ppid = 0;
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    FILE *file = fopen(path, "r");
    if (file) {
        got = fscanf(file, "%*d (%31[^)]) %*c %d", name, &ppid);
        fclose(file);
    }
    *parent = ppid;
    return got == 2 ? 0 : SND_E_NOTFOUND;
}

#define SAME 8 /* processes of one name */

/* Every process of that name under the ledger; how many there are. */
static int all_of(const struct rig *rig, const char *name, pid_t out[SAME])
{
    int count = 0;
    DIR *dir = opendir("/proc");
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        char own[32], other[32];
        pid_t parent, grandparent;
        int64_t pid;
        if (num_parse(entry->d_name, 1, INT32_MAX, &pid) || process((pid_t)pid, &parent, own))
            continue;
        if (strcmp(own, name) != 0 || process(parent, &grandparent, other))
            continue;
        if ((parent == rig->ledger || grandparent == rig->ledger) && count < SAME)
            out[count++] = (pid_t)pid;
    }
    if (dir)
        closedir(dir);
    return count;
}

/* Sends a signal to each of them; how many there were. */
static int signal_all(const struct rig *rig, const char *name, int number)
{
    pid_t pid[SAME];
    int count = 0, all = all_of(rig, name, pid);
    for (int i = 0; i < all; i++)
        count += kill(pid[i], number) == 0;
    return count;
}

/* Kills them; who they were. */
struct killed {
    pid_t pid[SAME];
    int count;
};

static struct killed kill_all(const struct rig *rig, const char *name)
{
    struct killed killed = {0};
    killed.count = all_of(rig, name, killed.pid);
    for (int i = 0; i < killed.count; i++)
        (void)kill(killed.pid[i], SIGKILL);
    return killed;
}

/* How many there are besides those, who may lie about for a moment yet. */
static int others(const struct rig *rig, const char *name, const struct killed *killed)
{
    pid_t pid[SAME];
    int count = 0, all = all_of(rig, name, pid);
    for (int i = 0; i < all; i++) {
        int old = 0;
        for (int k = 0; k < killed->count; k++)
            old |= pid[i] == killed->pid[k];
        count += !old;
    }
    return count;
}

/* The same, once there are `want` or a minute has passed. */
static int wait_others(const struct rig *rig, const char *name, int want,
                       const struct killed *killed)
{
    int64_t until = clock_mono_ms() + 60000;
    int count;
    while ((count = others(rig, name, killed)) != want && clock_mono_ms() < until)
        usleep(10000);
    return count;
}

static void readers_die(const struct rig *rig, struct book *clerk)
{
    struct book_office office;
    int right = 0, lost = 0;
    struct killed killed = kill_all(rig, "sanad-reader");
    tap_is_int(killed.count, 2, "two readers, killed");
    for (int i = 0; i < 20; i++) {
        int err = book_office(clerk, &office);
        right += err == 0;
        lost += err == SND_E_SYS;
    }
    tap_ok(right >= 18 && right + lost == 20, "others take their place");
    tap_is_int(wait_others(rig, "sanad-reader", 2, &killed), 2, "two again");
}

static void hasher_dies(const struct rig *rig)
{
    struct book *book = NULL;
    struct book_me me;
    int err;
    (void)!book_open(rig->socket, &book);
    tap_is_int(signal_all(rig, "sanad-hasher", SIGKILL), 1, "the password worker, killed");
    err = book_auth_password(book, "clerk", RIG_PASSWORD, "10.0.0.1:1", &me);
    if (err == SND_E_SYS)
        err = book_auth_password(book, "clerk", RIG_PASSWORD, "10.0.0.1:1", &me);
    tap_is_int(err, 0, "a password is checked by its successor");
    book_close(&book);
}

static void copier_dies(const struct rig *rig, struct book *clerk)
{
    struct book_draft draft = {.id = id_new(), .service = "TS-01"};
    struct record *record = rig_record(clerk, rig, "سالم");
    memcpy(draft.sha, rig->open_form, HASH_SIZE);
    struct killed killed = kill_all(rig, "sanad-copier");
    tap_is_int(killed.count, 1, "who writes the log back, killed");
    tap_is_int(book_draft_put(clerk, &draft, "", record), 0, "a draft is put");
    tap_is_int(book_draft_flush(clerk), 0, "and kept");
    tap_is_int(wait_others(rig, "sanad-copier", 1, &killed), 1, "there is one again");
    record_free(&record);
}

/* How often the ledger has gone to sleep and woken. */
static long wakings(const struct rig *rig)
{
    char path[64], line[128];
    long count = -1;
    snprintf(path, sizeof path, "/proc/%ld/status", (long)rig->ledger);
    FILE *file = fopen(path, "r");
    while (file && count < 0 && fgets(line, sizeof line, file))
        (void)!sscanf(line, "voluntary_ctxt_switches: %ld", &count);
    if (file)
        fclose(file);
    return count;
}

static long log_bytes(const struct rig *rig)
{
    struct stat about;
    char path[sizeof rig->db + 8];
    snprintf(path, sizeof path, "%s-wal", rig->db);
    return stat(path, &about) == 0 ? (long)about.st_size : 0;
}

/* Bytes of a log of 1000 pages, from which on it is written back; on a slow machine it may begin
 * anew as soon as that is done, and never be longer. */
#define LOG_LONG (1000L * (4096 + 24))

/* A log that has grown long is written back once and not again and again until the next commit. */
static void log_rests(const struct rig *rig, struct book *clerk)
{
    struct record *record = rig_record(clerk, rig, "سالم");
    struct book_receipt receipt;
    struct fault fault[4];
    size_t faults;
    int err = 0;
    for (int i = 0; i < 1000 && !err && log_bytes(rig) < LOG_LONG; i++) {
        struct id id = id_new();
        err = book_submit(clerk, &id, record, &receipt, fault, 4, &faults);
    }
    tap_ok(!err && log_bytes(rig) >= LOG_LONG, "the log grows long");
    int64_t until = clock_mono_ms() + 5000;
    long before, more = 0;
    do {
        before = wakings(rig);
        usleep(100000);
        more = wakings(rig) - before;
    } while (more > 20 && clock_mono_ms() < until);
    tap_ok(more >= 0 && more <= 20, "and the ledger comes to rest");
    record_free(&record);
}

static void readers_stuck(const struct rig *rig, struct book *clerk)
{
    struct buf frame;
    struct book_draft draft = {.id = id_new(), .service = "TS-01"};
    struct record *record = rig_record(clerk, rig, "سالم");
    int fd = rig_connect(rig);
    memcpy(draft.sha, rig->open_form, HASH_SIZE);
    (void)!rig_raw_login(fd, "owner", NULL);
    tap_is_int(signal_all(rig, "sanad-reader", SIGSTOP), 2, "both readers stand still");
    for (uint32_t i = 0; i < 3; i++) {
        rig_begin(&frame, i, "office.get", NULL);
        (void)!wire_end(&frame);
        (void)!wire_send(fd, &frame);
        buf_free(&frame);
    }
    int64_t begin = clock_mono_ms();
    tap_is_int(book_draft_put(clerk, &draft, "", record), 0, "a draft is put");
    tap_is_int(book_draft_flush(clerk), 0, "and kept");
    tap_ok(clock_mono_ms() - begin < 2000, "without delay");
    signal_all(rig, "sanad-reader", SIGCONT);
    struct book_office office;
    tap_is_int(book_office(clerk, &office), 0, "reads go on afterwards");
    close(fd);
    record_free(&record);
}

static int answered(int fd, int ms)
{
    struct pollfd poller = {.fd = fd, .events = POLLIN};
    return poll(&poller, 1, ms) == 1;
}

/* A read that a process of the hub's asks for, and nobody waits for its answer. */
static int hub_asks(const struct rig *rig)
{
    struct buf frame;
    struct wire answer;
    int fd = rig_connect(rig), status = 0;
    rig_begin(&frame, 1, "auth.part", NULL);
    wire_put_text(&frame, "hub");
    (void)!rig_ask(fd, &frame, &status, &answer);
    rig_begin(&frame, 2, "feed.news", NULL);
    wire_put_i64(&frame, 0);
    wire_put_i64(&frame, 0);
    (void)!wire_end(&frame);
    (void)!wire_send(fd, &frame);
    buf_free(&frame);
    return fd;
}

/* Both readers stand still, three of the hub's reads come and then a person's. Whichever of them
 * goes on first: either it was at work for the hub, and has all of that, or it is the person's. */
static void people_have_a_reader(const struct rig *rig)
{
    struct buf frame;
    pid_t reader[SAME];
    int hub[3], mixed = 0, fd = rig_connect(rig);
    (void)!rig_raw_login(fd, "owner", NULL);
    tap_is_int(all_of(rig, "sanad-reader", reader), 2, "two readers");
    (void)!signal_all(rig, "sanad-reader", SIGSTOP);
    for (int i = 0; i < 3; i++)
        hub[i] = hub_asks(rig);
    rig_begin(&frame, 1, "office.get", NULL);
    (void)!wire_end(&frame);
    (void)!wire_send(fd, &frame);
    buf_free(&frame);
    kill(reader[0], SIGCONT);
    int64_t until = clock_mono_ms() + 5000;
    while (!answered(fd, 5) && !answered(hub[2], 5) && clock_mono_ms() < until)
        ;
    mixed = answered(fd, 100) && (answered(hub[0], 0) || answered(hub[2], 0));
    tap_ok(!mixed, "a person's read does not wait behind those of the hub");
    kill(reader[1], SIGCONT);
    tap_ok(answered(fd, 5000) && answered(hub[0], 5000) && answered(hub[2], 5000),
           "and all have their answers");
    for (int i = 0; i < 3; i++)
        close(hub[i]);
    close(fd);
}

static void spawner_dies(struct rig *rig)
{
    int status = 0;
    tap_is_int(signal_all(rig, "sanad-spawner", SIGKILL), 1, "who makes the workers, killed");
    waitpid(rig->ledger, &status, 0);
    rig->ledger = 0;
    tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == 1, "the ledger ends with an error");
    rig_start(rig);
    tap_ok(rig->ledger > 0, "and can be started again");
}

int main(void)
{
    struct rig rig;
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    struct book *clerk = rig_login(&rig, "clerk");
    readers_die(&rig, clerk);
    copier_dies(&rig, clerk);
    log_rests(&rig, clerk);
    hasher_dies(&rig);
    readers_stuck(&rig, clerk);
    people_have_a_reader(&rig);
    spawner_dies(&rig);
    book_close(&clerk);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, NULL), 0, "the book is clean");
    rig_remove(&rig);
    return tap_done();
}
