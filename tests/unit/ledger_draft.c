/* SPDX-License-Identifier: Apache-2.0
 * Drafts: the newest put stands, one session holds it, and it is free again when that session is
 * gone; another account never sees it. */
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

static struct book_draft draft_of(const struct rig *rig, struct id id, const char *summary)
{
    struct book_draft draft = {.id = id, .service = "TS-01", .field = 2, .caret = 7};
    memcpy(draft.sha, rig->open_form, HASH_SIZE);
    (void)str_copy(draft.summary, sizeof draft.summary, summary);
    return draft;
}

/* Asks until it is no longer held elsewhere, a minute at most. */
static int open_when_free(struct book *book, const struct id *id, struct book_draft *out,
                          char **typed, struct record **record)
{
    int64_t end = clock_mono_ms() + 60000;
    int err;
    do
        err = book_draft_open(book, id, out, typed, record);
    while (err == SND_E_INUSE && clock_mono_ms() < end && usleep(50000) == 0);
    return err;
}

static void newest_stands(const struct rig *rig, struct book *clerk, const struct id *id)
{
    struct record *record = rig_record(clerk, rig, "سالم"), *back = NULL;
    struct book_draft draft = draft_of(rig, *id, "سالم"), out;
    char *typed = NULL, name[64];
    int sent = 0;
    for (int i = 0; i < 300; i++) {
        (void)str_format(name, sizeof name, "سالم %d", i);
        record_set(record, form_field(record->form, "name"), name);
        draft.caret = i;
        int err = book_draft_put(clerk, &draft, "نصف كل", record);
        sent += err == 0 || err == SND_E_BUSY;
        if (err == SND_E_BUSY)
            err = book_pump(clerk);
    }
    tap_is_int(sent, 300, "300 puts without waiting");
    tap_is_int(book_draft_flush(clerk), 0, "all are answered in the end");
    tap_is_int(book_draft_open(clerk, id, &out, &typed, &back), 0, "the draft opens");
    tap_ok(back && strcmp(record_get(back, "name"), "سالم 299") == 0, "the last put stands");
    tap_ok(out.caret == 299 && out.field == 2 && strcmp(out.summary, "سالم") == 0,
           "with its place and summary");
    tap_is(typed, "نصف كل", "and the unfinished text");
    x_free(&typed);
    record_free(&back);
    record_free(&record);
}

static void held(const struct rig *rig, struct book **clerk, const struct id *id)
{
    struct book *other = rig_login(rig, "clerk"), *owner = rig_login(rig, "owner");
    struct arena *arena = arena_new();
    struct book_draft *list, out;
    struct record *record = rig_record(other, rig, "غيره"), *back = NULL;
    struct book_draft draft = draft_of(rig, *id, "غيره");
    char *typed = NULL;
    size_t count = 0;
    tap_is_int(book_draft_list(other, arena, &list, &count), 0, "another session lists it");
    tap_ok(count == 1 && list[0].elsewhere, "as open elsewhere");
    tap_is_int(book_draft_open(other, id, &out, &typed, &back), SND_E_INUSE, "and can't open it");
    (void)!book_draft_put(other, &draft, "", record);
    tap_is_int(book_draft_flush(other), SND_E_INUSE, "nor put over it");
    tap_is_int(book_draft_drop(other, id), SND_E_INUSE, "nor drop it");
    tap_is_int(book_draft_list(owner, arena, &list, &count), 0, "another account");
    tap_is_int((long long)count, 0, "sees none");
    tap_is_int(book_draft_open(owner, id, &out, &typed, &back), SND_E_NOTFOUND, "nor opens it");
    tap_is_int(book_draft_drop(owner, id), SND_E_NOTFOUND, "nor drops it");
    (void)!book_draft_put(owner, &draft, "", record);
    tap_ok(book_draft_flush(owner) != 0, "nor puts over it");
    book_close(clerk); /* says good-bye */
    tap_is_int(open_when_free(other, id, &out, &typed, &back), 0,
               "it is free once its session left");
    tap_ok(back && strcmp(record_get(back, "name"), "سالم 299") == 0, "as it was left");
    x_free(&typed);
    record_free(&back);
    *clerk = rig_login(rig, "clerk");
    tap_is_int(book_draft_release(other, id), 0, "its holder lets go");
    tap_is_int(book_draft_open(*clerk, id, &out, &typed, &back), 0, "and another takes it");
    x_free(&typed);
    record_free(&back);
    record_free(&record);
    book_close(&other);
    book_close(&owner);
    arena_free(&arena);
}

/* A connection that breaks without a word: a killed desk. */
static void broken(const struct rig *rig)
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new(), write = id_new();
    struct book_draft out;
    struct record *record = NULL;
    char *typed = NULL;
    int fd = rig_connect(rig), status = -1;
    struct book *clerk = rig_login(rig, "clerk");
    tap_is_int(rig_raw_login(fd, "clerk", NULL), 0, "a session by hand");
    rig_begin(&frame, 3, "draft.put", &write);
    wire_put_id(&frame, &id);
    wire_put_text(&frame, "TS-01");
    wire_put_bytes(&frame, rig->open_form, HASH_SIZE);
    wire_put_u32(&frame, 0);
    wire_put_u32(&frame, 0);
    for (int i = 0; i < 2; i++)
        wire_put_text(&frame, "");
    wire_put_text(&frame, "{\"name\":\"ناصر\"}");
    tap_ok(rig_ask(fd, &frame, &status, &answer) == 0 && status == 0, "puts a draft");
    tap_is_int(book_draft_open(clerk, &id, &out, &typed, &record), SND_E_INUSE, "it holds it");
    close(fd);
    tap_is_int(open_when_free(clerk, &id, &out, &typed, &record), 0,
               "soon after its connection broke the draft is free");
    tap_is(record ? record_get(record, "name") : NULL, "ناصر", "with what was put");
    x_free(&typed);
    record_free(&record);
    tap_is_int(book_draft_drop(clerk, &id), 0, "it is dropped");
    tap_is_int(book_draft_open(clerk, &id, &out, &typed, &record), SND_E_NOTFOUND, "for good");
    book_close(&clerk);
}

/* The ledger is killed under a session: the hold goes on with the ticket. */
static void restarted(struct rig *rig)
{
    struct book *clerk = rig_login(rig, "clerk"), *other = rig_login(rig, "clerk");
    struct id id = id_new();
    struct book_draft draft = draft_of(rig, id, "حمد"), out;
    struct record *record = rig_record(clerk, rig, "حمد"), *back = NULL;
    char *typed = NULL;
    tap_is_int(book_draft_put(clerk, &draft, "", record), 0, "a put");
    tap_is_int(book_draft_flush(clerk), 0, "that was answered");
    rig_end(rig, SIGKILL);
    record_set(record, form_field(record->form, "name"), "حمد بن سيف");
    (void)!book_pump(clerk);
    tap_is_int(book_draft_put(clerk, &draft, "", record), SND_E_LOST, "a put with no ledger");
    rig_start(rig);
    tap_is_int(book_draft_open(other, &id, &out, &typed, &back), SND_E_INUSE,
               "the draft is still its session's after the restart");
    tap_is_int(book_draft_flush(clerk), 0, "the put arrives by itself after the restart");
    tap_is_int(book_draft_open(clerk, &id, &out, &typed, &back), 0, "its session opens it");
    tap_is(back ? record_get(back, "name") : NULL, "حمد بن سيف", "with the newest put");
    x_free(&typed);
    record_free(&back);
    record_free(&record);
    book_close(&clerk);
    book_close(&other);
}

static void relogged(const struct rig *rig, const char *account, struct book_me *out)
{
    struct book *book = NULL;
    int err = book_open(rig->socket, &book);
    if (!err)
        err = book_auth_key(book, account, rig_key(account), "127.0.0.1:4022", out);
    tap_is_int(err, 0, "logs in again");
    book_close(&book);
}

/* Where a session stood when it broke off: its own account's, and there after a power cut. */
static void place_stays(struct rig *rig)
{
    static const char place[] = "REQUESTS\t0\tسالم بن حمد\nREQUEST\t0\tDA01-003-7K3M9QX-H\n";
    struct book *clerk = rig_login(rig, "clerk");
    struct book_me me;
    tap_is_int(book_place(clerk, place), 0, "a place is kept");
    rig_end(rig, SIGKILL);
    rig_start(rig);
    relogged(rig, "clerk", &me);
    tap_is(me.place, place, "a ledger that was killed and started again still has it");
    relogged(rig, "owner", &me);
    tap_is(me.place, "", "for its own account alone");
    tap_is_int(book_place(clerk, "HOME\t0\t\n"), 0, "it stands somewhere else");
    relogged(rig, "clerk", &me);
    tap_is(me.place, "HOME\t0\t\n", "that is where");
    tap_is_int(book_place(clerk, ""), 0, "it left");
    relogged(rig, "clerk", &me);
    tap_is(me.place, "", "nowhere then");
    book_close(&clerk);
}

static int submit_as(struct book *book, const struct rig *rig, const struct id *id)
{
    struct record *record = rig_record(book, rig, "سعيد");
    struct book_receipt receipt;
    struct fault faults[4];
    size_t count;
    int err = book_submit(book, id, record, &receipt, faults, 4, &count);
    record_free(&record);
    return err;
}

/* Who submits it lets go of the draft: that is for whoever has it. */
static void not_theirs(struct rig *rig)
{
    struct book *owner = rig_login(rig, "owner"), *clerk = rig_login(rig, "clerk"),
                *again = rig_login(rig, "clerk");
    struct id id = id_new();
    struct book_draft draft = draft_of(rig, id, "سعيد"), out;
    struct record *record = rig_record(clerk, rig, "سعيد"), *back = NULL;
    char *typed = NULL;
    tap_ok(book_draft_put(clerk, &draft, "", record) == 0 && book_draft_flush(clerk) == 0,
           "a draft of a clerk's");
    tap_is_int(submit_as(again, rig, &id), SND_E_INUSE,
               "27: what is open elsewhere can't be submitted");
    tap_is_int(book_draft_release(clerk, &id), 0, "it is left");
    tap_is_int(submit_as(owner, rig, &id), SND_E_NOTFOUND,
               "27: nor another's, though it is open nowhere");
    tap_is_int(book_draft_open(clerk, &id, &out, &typed, &back), 0, "27: and it is still there");
    tap_is_int(submit_as(clerk, rig, &id), 0, "whose it is submits it");
    x_free(&typed);
    record_free(&back);
    record_free(&record);
    book_close(&owner);
    book_close(&clerk);
    book_close(&again);
}

int main(void)
{
    struct rig rig;
    struct id id = id_new();
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    struct book *clerk = rig_login(&rig, "clerk");
    newest_stands(&rig, clerk, &id);
    held(&rig, &clerk, &id);
    book_close(&clerk);
    broken(&rig);
    restarted(&rig);
    place_stays(&rig);
    not_theirs(&rig);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, NULL), 0, "the book is clean");
    rig_remove(&rig);
    return tap_done();
}
