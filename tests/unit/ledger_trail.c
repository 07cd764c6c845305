/* SPDX-License-Identifier: Apache-2.0
 * Trails: everything done to or seen of a request, an account or a person comes out newest first,
 * each once over all pages, with who, when, from where, old and new; masked as the role demands;
 * and the auditor's own looking is among it. The chain is verified piece by piece, and what was
 * changed behind the ledger's back is named. */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define LOOKS 230 /* so many that a trail has three pages */

static struct rig rig;
static char number[BOOK_NUMBER];

/* A whole trail, all its pages. */
struct whole {
    struct arena *arena;
    char title[BOOK_TEXT];
    struct book_step step[600];
    size_t count, pages;
    int falling; /* each place below the one before */
};
static struct whole whole;

static int read_trail(struct book *book, enum book_trail of, const char *key)
{
    struct book_where before = {0};
    int err;
    whole = (struct whole){.falling = 1};
    do {
        struct book_trail_page page;
        struct arena *arena = arena_new();
        err = book_trail(book, of, key, &before, arena, &page);
        for (size_t i = 0; !err && i < page.steps && whole.count < SND_COUNT(whole.step); i++) {
            if (whole.count > 0 && page.step[i].place.seq >= whole.step[whole.count - 1].place.seq)
                whole.falling = 0;
            whole.step[whole.count++] = page.step[i];
        }
        before = page.next;
        (void)str_copy(whole.title, sizeof whole.title, page.title);
        whole.pages++;
        arena_free(&arena);
    } while (!err && before.seq > 0 && whole.pages < 20);
    return err;
}

static int rows(const char *type, const char *actor)
{
    int count = 0;
    for (size_t i = 0; i < whole.count; i++)
        count += strcmp(whole.step[i].type, type) == 0 && strcmp(whole.step[i].actor, actor) == 0;
    return count;
}

static const struct book_step *row(const char *type)
{
    static const struct book_step none;
    for (size_t i = 0; i < whole.count; i++)
        if (strcmp(whole.step[i].type, type) == 0)
            return &whole.step[i];
    return &none;
}

static void submit(struct book *clerk)
{
    struct record *record = rig_record(clerk, &rig, "سالم بن سعيد");
    struct book_receipt receipt;
    struct fault faults[4];
    struct id id = id_new();
    size_t count;
    tap_is_int(book_submit(clerk, &id, record, &receipt, faults, 4, &count), 0, "a request");
    (void)str_copy(number, sizeof number, receipt.number);
    record_free(&record);
}

static void look(struct book *book, int times)
{
    int done = 0;
    for (int i = 0; i < times; i++) {
        struct arena *arena = arena_new();
        struct book_detail detail = {0};
        done += book_request_get(book, number, arena, &detail) == 0;
        record_free(&detail.record);
        arena_free(&arena);
    }
    tap_ok(done == times, "looked at %d times", times);
}

static void of_request(struct book *auditor)
{
    tap_is_int(read_trail(auditor, BOOK_TRAIL_REQUEST, number), 0, "the trail of a request");
    tap_is_int((long long)whole.count, LOOKS + 1, "every look and the submission");
    tap_ok(whole.falling && whole.pages == 3, "newest first, each once, over three pages");
    const struct book_step *first = row("request.submitted");
    tap_ok(strcmp(first->actor, "clerk") == 0 && *first->actor_name &&
               strcmp(first->centre, "DA01-003") == 0 &&
               strcmp(first->peer, "127.0.0.1:4022") == 0 && strcmp(first->now, "queued") == 0 &&
               strcmp(first->number, number) == 0,
           "who, from which centre and address, and what it became");
    tap_ok(first->at > clock_utc_ms() - 60000 && first->at <= clock_utc_ms(), "and when");
    tap_is_int(rows("request.seen", "sup"), LOOKS, "who saw it");
    tap_is_int(read_trail(auditor, BOOK_TRAIL_REQUEST, number), 0, "read once more");
    tap_is_int(rows("trail.seen", "auditor"), 1,
               "the auditor's own reading is there, once for all its pages");
    tap_is_int(read_trail(auditor, BOOK_TRAIL_REQUEST, "DA01-003-0000000-0"), SND_E_NOTFOUND,
               "a number that is not there has no trail");
}

static void of_account(struct book *auditor, struct book *admin)
{
    int err = book_account_disable(admin, "runner", 1);
    if (!err)
        err = book_account_disable(admin, "runner", 0);
    tap_is_int(err, 0, "an account closed and opened");
    tap_is_int(read_trail(auditor, BOOK_TRAIL_ACCOUNT, "runner"), 0, "the trail of an account");
    const struct book_step *step = row("account.disabled");
    tap_ok(strcmp(step->actor, "admin") == 0 && strcmp(step->was, "1") == 0 &&
               strcmp(step->now, "0") == 0,
           "what was done to it, old and new");
    tap_is_int(rows("account.added", "cli:test"), 1, "from its making on");
    tap_is_int(read_trail(auditor, BOOK_TRAIL_ACCOUNT, "clerk"), 0, "the trail of a clerk");
    tap_ok(rows("request.submitted", "clerk") == 1 && rows("session.opened", "clerk") == 1 &&
               rows("account.added", "cli:test") == 1,
           "what the clerk did, and what was done to the account");
    tap_is_int(read_trail(auditor, BOOK_TRAIL_ACCOUNT, "clerk"), 0, "read once more");
    tap_is_int(rows("trail.seen", "auditor"), 1, "the auditor's own reading is there");
    tap_is_int(read_trail(auditor, BOOK_TRAIL_ACCOUNT, "ghost"), SND_E_NOTFOUND,
               "nobody has no trail");
}

static void of_person(struct book *auditor, struct book *shell)
{
    tap_is_int(read_trail(auditor, BOOK_TRAIL_PERSON, "١٢٣٤٥٦٧٨"), 0, "the trail of a person");
    tap_ok(rows("request.submitted", "clerk") == 1 && rows("request.seen", "sup") == LOOKS &&
               rows("trail.seen", "auditor") >= 1,
           "everything done to and seen of that person");
    tap_is(whole.title, "••••5678", "an auditor reads the civil number masked");
    tap_is_int(read_trail(auditor, BOOK_TRAIL_PERSON, number), 0, "the same by a request's number");
    tap_is(whole.title, "••••5678", "and it stays masked");
    tap_is_int(read_trail(shell, BOOK_TRAIL_PERSON, number), 0, "by the command line");
    tap_is(whole.title, "12345678", "it is read whole");
}

static void of_session(struct book *auditor)
{
    char key[BOOK_TEXT];
    int err = read_trail(auditor, BOOK_TRAIL_REQUEST, number);
    (void)str_format(key, sizeof key, "@1.%lld", (long long)row("request.submitted")->place.seq);
    if (!err)
        err = read_trail(auditor, BOOK_TRAIL_SESSION, key);
    tap_is_int(err, 0, "the trail of the session of an event");
    tap_ok(whole.count == 2 && rows("request.submitted", "clerk") == 1 &&
               rows("session.opened", "clerk") == 1,
           "holds what was done in it and nothing else (%zu)", whole.count);
    tap_is_int(read_trail(auditor, BOOK_TRAIL_PERSON, key), 0, "from an event to its person");
    tap_is_int(read_trail(auditor, BOOK_TRAIL_ACCOUNT, key), 0, "and to its actor");
    tap_ok(strncmp(whole.title, "clerk ", 6) == 0, "the clerk");
    tap_is_int(read_trail(auditor, BOOK_TRAIL_REQUEST, "@1.1"), SND_E_NOTFOUND,
               "an event about no request leads to none");
}

static const char *member(const struct book_event *event, const char *name)
{
    for (size_t i = 0; i < event->members; i++)
        if (strcmp(event->member[i].name, name) == 0)
            return event->member[i].now;
    return "(none)";
}

static void whole_event(struct book *auditor, struct book *shell, struct book *admin)
{
    struct arena *arena = arena_new();
    struct book_event event;
    int err = read_trail(auditor, BOOK_TRAIL_REQUEST, number);
    struct book_where place = row("request.submitted")->place;
    if (!err)
        err = book_trail_event(auditor, &place, arena, &event);
    tap_is_int(err, 0, "an event whole");
    tap_is(member(&event, "number"), number, "what is nobody's secret is read");
    tap_is(member(&event, "civil"), "••••5678", "a civil number is masked");
    tap_is(member(&event, "values.mobile"), "••••", "what the citizen said is hidden");
    tap_ok(event.person && event.session && event.rev == 1, "it leads to a person and a session");
    err = book_trail_event(shell, &place, arena, &event);
    tap_ok(!err && strcmp(member(&event, "values.mobile"), "92345678") == 0,
           "the command line reads it");
    tap_is_int(book_trail_event(admin, &place, arena, &event), SND_E_NOTFOUND,
               "an administrator has no business with it");
    err = read_trail(shell, BOOK_TRAIL_ACCOUNT, "clerk");
    place = row("account.added")->place;
    if (!err)
        err = book_trail_event(shell, &place, arena, &event);
    tap_ok(!err && strcmp(member(&event, "secret"), "••••") == 0,
           "a password's hash is read by nobody");
    arena_free(&arena);
}

static void as_admin(struct book *admin)
{
    tap_is_int(read_trail(admin, BOOK_TRAIL_ACCOUNT, "clerk"), 0, "a clerk's trail for an admin");
    tap_ok(rows("session.opened", "clerk") == 1 && rows("request.submitted", "clerk") == 0 &&
               rows("trail.seen", "auditor") == 0,
           "has the security events and no others");
    tap_is_int(read_trail(admin, BOOK_TRAIL_PERSON, "12345678"), SND_E_DENIED,
               "a person's trail is not an administrator's");
}

static void find(struct book *book, const char *words, enum book_trail of, const char *key)
{
    struct arena *arena = arena_new();
    struct book_found *found;
    size_t count = 0, right = 0;
    int err = book_trail_find(book, words, arena, &found, &count);
    for (size_t i = 0; !err && i < count; i++)
        right += found[i].of == of && strcmp(found[i].key, key) == 0;
    tap_ok(!err && right == 1, "found by \"%s\": %s (%zu rows)", words, key, count);
    arena_free(&arena);
}

static void finds(struct book *auditor, struct book *admin)
{
    char symbols[8];
    struct arena *arena = arena_new();
    struct book_found *found;
    size_t count;
    (void)str_copy(symbols, sizeof symbols, number + 9);
    find(auditor, number, BOOK_TRAIL_REQUEST, number);
    find(auditor, symbols, BOOK_TRAIL_REQUEST, number);
    find(auditor, "12345678", BOOK_TRAIL_PERSON, "12345678");
    find(auditor, "سعيد", BOOK_TRAIL_REQUEST, number);
    find(auditor, "clerk", BOOK_TRAIL_ACCOUNT, "clerk");
    find(auditor, "موظف مركز", BOOK_TRAIL_ACCOUNT, "clerk");
    find(admin, "clerk", BOOK_TRAIL_ACCOUNT, "clerk");
    int err = book_trail_find(admin, "12345678", arena, &found, &count);
    tap_ok(!err && count == 0, "an administrator finds no people");
    err = book_trail_find(auditor, "", arena, &found, &count);
    tap_ok(!err && count == 0, "no words find nothing");
    arena_free(&arena);
    tap_is_int(read_trail(auditor, BOOK_TRAIL_ACCOUNT, "auditor"), 0, "the auditor's own trail");
    tap_ok(rows("trail.searched", "auditor") >= 6 && rows("trail.seen", "auditor") > 5,
           "has every search and every reading");
    tap_is(row("trail.searched")->now, "موظف مركز", "with the words");
}

static int verify(struct book *book, struct book_verify *out)
{
    int err = 0;
    *out = (struct book_verify){0};
    for (int i = 0; i < 1000 && !err && !out->done; i++)
        err = book_verify(book, out);
    return err;
}

static int raw(const char *sql)
{
    sqlite3 *db = NULL;
    int code = sqlite3_open(rig.db, &db);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, sql, NULL, NULL, NULL);
    sqlite3_close(db);
    return code == SQLITE_OK ? 0 : SND_E_SYS;
}

/* What is done behind the ledger's back, and how it is undone. */
static void spoil(struct book *auditor, const char *sql, const char *undo, enum book_flaw flaw,
                  int64_t seq)
{
    struct book_verify state;
    int err = raw(sql);
    if (!err)
        err = verify(auditor, &state);
    tap_ok(!err && state.done && state.flaws > 0 && state.flaw == flaw && state.flaw_seq == seq,
           "named: flaw %d of event %lld (%d, %lld)", (int)flaw, (long long)seq, (int)state.flaw,
           (long long)state.flaw_seq);
    tap_is_int(raw(undo), 0, "put back");
}

static void chain(struct book *auditor)
{
    struct book_verify state;
    tap_is_int(verify(auditor, &state), 0, "the chain verified");
    tap_ok(state.done && state.flaws == 0 && state.events == state.total && state.events > LOOKS,
           "whole, to the last event (%lld)", (long long)state.events);
    spoil(auditor, "UPDATE event SET actor = 'clerc' WHERE seq = 7",
          "UPDATE event SET actor = 'cli:test' WHERE seq = 7", BOOK_FLAW_HASH, 7);
    spoil(auditor,
          "CREATE TABLE kept AS SELECT * FROM event WHERE seq = 9;"
          "UPDATE event SET payload = zeroblob(80) WHERE seq = 9",
          "UPDATE event SET payload = (SELECT payload FROM kept) WHERE seq = 9;DROP TABLE kept",
          BOOK_FLAW_PAYLOAD, 9);
    spoil(auditor,
          "CREATE TABLE kept AS SELECT * FROM event WHERE seq = 11;"
          "DELETE FROM event WHERE seq = 11",
          "INSERT INTO event SELECT * FROM kept; DROP TABLE kept", BOOK_FLAW_ORDER, 12);
    spoil(auditor, "CREATE TABLE kept AS SELECT * FROM head; UPDATE head SET hash = zeroblob(32)",
          "UPDATE head SET hash = (SELECT hash FROM kept WHERE kept.node = head.node"
          " AND kept.epoch = head.epoch); DROP TABLE kept",
          BOOK_FLAW_HEAD, state.total);
    tap_ok(verify(auditor, &state) == 0 && state.flaws == 0, "and whole again");
}

/* Every kind of event has a name for people, and a class that says who may read of it. */
static void deeds(void)
{
    static const char *const words[] = {
#define EVENT(name, word, apply, up, down) word,
#include "store/events.def"
#undef EVENT
    };
    int nameless = 0;
    for (size_t i = 0; i < SND_COUNT(words); i++)
        if (!deed_find(words[i])) {
            tap_note("%s is not in deeds.def", words[i]);
            nameless++;
        }
    tap_is_int(nameless, 0, "every kind of event is a deed with a name");
}

int main(void)
{
    deeds();
    rig_make(&rig, 1);
    rig_start(&rig);
    struct book *clerk = rig_login(&rig, "clerk");
    struct book *sup = rig_login(&rig, "sup"), *auditor = rig_login(&rig, "auditor");
    struct book *admin = rig_login(&rig, "admin"), *shell = rig_shell(&rig);
    submit(clerk);
    look(sup, LOOKS);
    of_request(auditor);
    of_account(auditor, admin);
    of_person(auditor, shell);
    of_session(auditor);
    whole_event(auditor, shell, admin);
    as_admin(admin);
    finds(auditor, admin);
    chain(auditor);
    book_close(&clerk);
    book_close(&sup);
    book_close(&auditor);
    book_close(&admin);
    book_close(&shell);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, NULL), 0, "the book is clean");
    rig_remove(&rig);
    return tap_done();
}
