/* SPDX-License-Identifier: Apache-2.0
 * One batch, several operations, one of which fails after it has begun to write: it leaves nothing,
 * and its neighbours stay, although they shared a savepoint with it. The ledger is held up while
 * they are sent, so that they come in one round of its loop. */
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define VALUES                                                                                     \
    "{\"civil\":\"12345678\",\"name\":\"%s\",\"mobile\":\"92345678\",\"capacity\":\"self\"}"

static struct rig rig;

SND_NORETURN static void give_up(const char *why)
{
    tap_note("%s", why);
    kill(rig.ledger, SIGKILL);
    exit(1);
}

static void behind_its_back(const char *sql)
{
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(rig.db, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        give_up(sqlite3_errmsg(db));
    sqlite3_close(db);
}

static void put_draft(struct buf *frame, uint32_t tag, const struct id *draft)
{
    struct id id = id_new();
    rig_begin(frame, tag, "draft.put", &id);
    wire_put_id(frame, draft);
    wire_put_text(frame, "TS-01");
    wire_put_bytes(frame, rig.open_form, HASH_SIZE);
    wire_put_u32(frame, 0);
    wire_put_u32(frame, 0);
    wire_put_text(frame, "");
    wire_put_text(frame, "");
    wire_put_text(frame, "{}");
}

static void put_request(struct buf *frame, uint32_t tag, const struct id *id, const char *name)
{
    char values[512];
    (void)str_format(values, sizeof values, VALUES, name);
    rig_begin(frame, tag, "request.submit", id);
    wire_put_id(frame, id);
    wire_put_bytes(frame, rig.open_form, HASH_SIZE);
    wire_put_text(frame, values);
}

static void send_frame(int fd, struct buf *frame)
{
    if (wire_end(frame) || wire_send(fd, frame))
        give_up("a frame could not be sent");
    buf_free(frame);
}

/* What answers the operation that was sent as tag; the answers come in order. */
static int status_of(int fd, uint32_t tag)
{
    static uint8_t frame[WIRE_MAX];
    struct wire answer;
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    if (poll(&ready, 1, 60000) != 1)
        give_up("no answer");
    int got = wire_recv(fd, frame, sizeof frame);
    if (got <= 0 || wire_open(&answer, frame, (size_t)got) || wire_u8(&answer) != 'A' ||
        wire_u32(&answer) != tag)
        give_up("not the answer that was waited for");
    return (int)wire_i64(&answer);
}

static void hold_up(void)
{
    int status;
    kill(rig.ledger, SIGSTOP);
    if (waitpid(rig.ledger, &status, WUNTRACED) != rig.ledger || !WIFSTOPPED(status))
        give_up("the ledger did not stop");
}

static void one_batch(int fd, const struct id *draft)
{
    static const char *const names[] = {"سالم بن حمد", "مريم بنت معطوب", "علي بن سعيد", ""};
    struct buf frame;
    struct id id;
    hold_up();
    put_draft(&frame, 1, draft);
    send_frame(fd, &frame);
    for (uint32_t i = 0; i < SND_COUNT(names); i++) {
        id = id_new();
        put_request(&frame, 2 + i, &id, names[i]);
        send_frame(fd, &frame);
    }
    id = id_new();
    put_request(&frame, 6, &id, "ثريا بنت ناصر");
    send_frame(fd, &frame);
    kill(rig.ledger, SIGCONT);
    tap_is_int(status_of(fd, 1), 0, "a draft is kept");
    tap_is_int(status_of(fd, 2), 0, "and a request");
    tap_ok(status_of(fd, 3) < 0, "the one that fails half-way is told so");
    tap_is_int(status_of(fd, 4), 0, "one that comes after it is taken");
    tap_is_int(status_of(fd, 5), SND_E_INVALID, "one that writes nothing is refused");
    tap_is_int(status_of(fd, 6), 0, "and takes nobody with it");
}

static void kept(const struct id *draft)
{
    struct book *clerk = rig_login(&rig, "clerk");
    struct book_draft *drafts;
    struct book_request *list;
    size_t count = 0;
    struct arena *arena = arena_new();
    tap_is_int(book_request_list(clerk, "", "", 10, arena, &list, &count), 0, "the list");
    tap_is_int((long long)count, 3, "has each that was taken once, and no other");
    tap_is_int(book_draft_list(clerk, arena, &drafts, &count), 0, "the drafts");
    tap_ok(count == 1 && id_equal(&drafts[0].id, draft), "the draft is there");
    arena_free(&arena);
    book_close(&clerk);
}

int main(void)
{
    struct id draft = id_new();
    uint8_t ticket[32];
    int64_t requests = 0;
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    behind_its_back("CREATE TRIGGER half_way BEFORE INSERT ON token WHEN NEW.word = 'معطوب'"
                    " BEGIN SELECT RAISE(ABORT, 'half-way'); END");
    int fd = rig_connect(&rig);
    tap_is_int(rig_raw_login(fd, "clerk", ticket), 0, "a clerk");
    one_batch(fd, &draft);
    close(fd);
    kept(&draft);
    behind_its_back("DROP TRIGGER half_way");
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, &requests), 0, "the book is clean");
    tap_is_int(requests, 3, "with three requests");
    rig_remove(&rig);
    return tap_done();
}
