/* SPDX-License-Identifier: Apache-2.0
 * The client's side of the socket against a ledger made of scripts: what it sends, what it makes of
 * answers that are not what they should be, and what it does when the ledger goes away. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/proc.h"
#include "book/book.h"
#include "tests/tap.h"

/* What the false ledger does with the next request. */
enum deed {
    DEED_OFFICE,  /* answers office.get as it should be */
    DEED_CUT,     /* the same, cut */
    DEED_LONGER,  /* the same and a byte */
    DEED_FLAG,    /* with a kind of office that there is not */
    DEED_TAG,     /* under a tag that nobody asked with */
    DEED_PUT_TAG, /* as if a draft had been put */
    DEED_STATUS,  /* with a status that is no error of ours */
    DEED_LETTER,  /* with another first letter */
    DEED_ROWS,    /* a list of four billion rows */
    DEED_DENIED,
    DEED_DENIED_MORE, /* refused, and results all the same */
    DEED_HANG_UP,     /* closes without a word */
    DEED_LOST_ANSWER, /* remembers the request, then closes */
    DEED_SAME,        /* answers when the request is the one remembered, byte for byte */
};

static char folder[64], path[96];

static void put_office(struct buf *frame, uint32_t tag, int64_t status, char letter, uint8_t flag)
{
    wire_begin(frame);
    wire_put_u8(frame, (uint8_t)letter);
    wire_put_u32(frame, tag);
    wire_put_i64(frame, status);
    if (status == SND_E_DENIED)
        return;
    wire_put_text(frame, "00000000000000000000000000000001");
    wire_put_text(frame, "DA01-003");
    wire_put_text(frame, "مركز");
    wire_put_text(frame, "DA01");
    wire_put_u8(frame, flag);
    wire_put_i64(frame, 17545);
}

static void put_rows(struct buf *frame, uint32_t tag)
{
    wire_begin(frame);
    wire_put_u8(frame, 'A');
    wire_put_u32(frame, tag);
    wire_put_i64(frame, 0);
    wire_put_u32(frame, 0xffffffff);
}

static void make_answer(enum deed deed, uint32_t tag, struct buf *frame)
{
    static const int64_t status[] = {[DEED_STATUS] = -9999,
                                     [DEED_DENIED] = SND_E_DENIED,
                                     [DEED_DENIED_MORE] = SND_E_DENIED,
                                     [DEED_SAME] = 0};
    uint32_t said = deed == DEED_TAG ? tag + 1 : deed == DEED_PUT_TAG ? tag | 0x80000000u : tag;
    if (deed == DEED_ROWS)
        put_rows(frame, said);
    else
        put_office(frame, said, status[deed], deed == DEED_LETTER ? 'B' : 'A',
                   deed == DEED_FLAG ? 99 : 1);
    if (deed == DEED_CUT)
        frame->len -= 3;
    if (deed == DEED_LONGER || deed == DEED_DENIED_MORE)
        wire_put_u8(frame, 0);
    (void)!wire_end(frame);
}

static int accept_one(int listener)
{
    int fd = accept(listener, NULL, NULL);
    if (fd < 0)
        _exit(2);
    return fd;
}

/* One connection after the other until the script has ended. */
SND_NORETURN static void false_ledger(int listener, const enum deed *script, size_t deeds)
{
    static uint8_t in[WIRE_MAX], kept[WIRE_MAX];
    int fd = -1, kept_len = 0;
    if (proc_nonblocking(listener, 0))
        _exit(2);
    for (size_t i = 0; i < deeds;) {
        if (fd < 0)
            fd = accept_one(listener);
        int got = wire_recv(fd, in, sizeof in);
        if (got <= 0) {
            proc_close(&fd);
            continue;
        }
        enum deed deed = script[i++];
        uint32_t tag = (uint32_t)in[5] << 24 | (uint32_t)in[6] << 16 | (uint32_t)in[7] << 8 | in[8];
        struct buf frame = BUF_INIT(WIRE_MAX);
        int same = got == kept_len && memcmp(in, kept, (size_t)got) == 0;
        if (deed == DEED_LOST_ANSWER) {
            memcpy(kept, in, (size_t)got);
            kept_len = got;
        }
        if (deed == DEED_HANG_UP || deed == DEED_LOST_ANSWER || (deed == DEED_SAME && !same)) {
            proc_close(&fd);
            continue;
        }
        make_answer(deed, tag, &frame);
        (void)!wire_send(fd, &frame);
        buf_free(&frame);
    }
    if (fd >= 0) /* until the client has gone */
        while (wire_recv(fd, in, sizeof in) > 0)
            continue;
    _exit(0);
}

static pid_t play(const enum deed *script, size_t deeds)
{
    int listener = -1;
    if (proc_listen_packets(path, 0600, &listener))
        return -1;
    fflush(stdout);
    pid_t pid = proc_fork("false-ledger", 1);
    if (pid == 0)
        false_ledger(listener, script, deeds);
    proc_close(&listener);
    return pid;
}

static void finish(pid_t pid)
{
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
}

/* One office.get against one deed: the status, and whether the connection stands. */
static int one(enum deed deed, int *stands)
{
    struct book *book = NULL;
    struct book_office office;
    pid_t pid = play(&deed, 1);
    int err = book_open(path, &book);
    if (!err)
        err = book_office(book, &office);
    *stands = book_fd(book) >= 0;
    book_close(&book);
    finish(pid);
    return err;
}

static void answers(void)
{
    static const struct {
        enum deed deed;
        int status, stands;
        const char *name;
    } row[] = {
        {DEED_OFFICE, 0, 1, "an answer as it should be"},
        {DEED_CUT, SND_E_BAD, 0, "a cut one"},
        {DEED_LONGER, SND_E_BAD, 0, "one with a byte too many"},
        {DEED_FLAG, SND_E_BAD, 0, "a flag out of bounds"},
        {DEED_TAG, SND_E_BAD, 0, "a tag that nobody asked with"},
        {DEED_PUT_TAG, SND_E_BAD, 0, "the answer of a put that never was"},
        {DEED_STATUS, SND_E_BAD, 0, "a status that there isn't"},
        {DEED_LETTER, SND_E_BAD, 0, "not an answer"},
        {DEED_DENIED, SND_E_DENIED, 1, "a refusal"},
        {DEED_DENIED_MORE, SND_E_BAD, 0, "a refusal with results"},
    };
    for (size_t i = 0; i < SND_COUNT(row); i++) {
        int stands = -1, err = one(row[i].deed, &stands);
        if (!tap_ok(err == row[i].status && stands == row[i].stands, "%s", row[i].name))
            tap_note("got %d, stands %d", err, stands);
    }
}

static void rows(void)
{
    static const enum deed deed = DEED_ROWS;
    struct book *book = NULL;
    struct arena *arena = arena_new();
    struct book_draft *list;
    size_t count;
    pid_t pid = play(&deed, 1);
    (void)!book_open(path, &book);
    tap_is_int(book_draft_list(book, arena, &list, &count), SND_E_BAD, "four billion rows");
    book_close(&book);
    arena_free(&arena);
    finish(pid);
}

static void again(void)
{
    static const enum deed script[] = {DEED_HANG_UP, DEED_HANG_UP, DEED_OFFICE, DEED_LOST_ANSWER,
                                       DEED_SAME};
    struct book *book = NULL;
    struct book_office office;
    pid_t pid = play(script, SND_COUNT(script));
    (void)!book_open(path, &book);
    tap_is_int(book_fd(book), -1, "nothing is connected before the first call");
    tap_ok(book_office(book, &office) == 0 && office.today == 17545,
           "a ledger that hangs up twice is asked again");
    tap_is_int(book_set_language(book, LANG_EN), SND_E_BAD,
               "a write whose answer was lost is sent again, byte for byte");
    book_close(&book);
    finish(pid);
}

static void nobody(void)
{
    struct book *book = NULL;
    struct book_me me;
    int64_t begin = clock_mono_ms();
    unlink(path);
    (void)!book_open(path, &book);
    tap_is_int(book_auth_cli(book, &me), SND_E_LOST, "the command line finds no ledger");
    tap_ok(clock_mono_ms() - begin < 1000, "and knows it at once");
    book_close(&book);
}

static void tables(void)
{
    enum operation op;
    enum role role;
    enum request_state state;
    int found = 0;
    for (unsigned i = 0; i < OP_COUNT; i++)
        found += op_find(op_row(i)->wire, &op) == 0 && op == i;
    tap_is_int(found, OP_COUNT, "each operation is found by its word");
    found = 0;
    for (unsigned i = 0; i < ROLE_COUNT; i++)
        found += role_find(role_word(i), &role) == 0 && role == i;
    tap_is_int(found, ROLE_COUNT, "each role");
    found = 0;
    for (unsigned i = 0; i < STATE_COUNT; i++)
        found += state_find(state_word(i), &state) == 0 && state == i;
    tap_is_int(found, STATE_COUNT, "each state");
    tap_ok(op_find("form.gett", &op) == SND_E_NOTFOUND && role_find("", &role) == SND_E_NOTFOUND,
           "others are not");
    tap_ok(state_may_become(STATE_QUEUED, STATE_SENT) &&
               !state_may_become(STATE_SENT, STATE_CANCELLED) &&
               !state_may_become(STATE_AT_HUB, STATE_SEND_FAILED) &&
               state_may_become(STATE_SEND_FAILED, STATE_SENT) &&
               !state_may_become(STATE_CLOSED, STATE_DRAFT),
           "a request is cancelled only before it was sent");
}

int main(void)
{
    (void)str_copy(folder, sizeof folder, "/tmp/sanad-book-XXXXXX");
    if (!mkdtemp(folder))
        return 1;
    (void)str_format(path, sizeof path, "%s/ledger.sock", folder);
    tables();
    answers();
    rows();
    again();
    nobody();
    rmdir(folder);
    return tap_done();
}
