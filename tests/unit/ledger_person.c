/* SPDX-License-Identifier: Apache-2.0
 * Customers over the ledger's socket: a question that nobody waits for, its answer beside other
 * calls, an event for each, and an end to asking. */
#include <poll.h>
#include <signal.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define PATIENCE_MS 60000
#define LOOK_UPS 60

/* The answer to the last question, as a session gets it. */
static int hear(struct book *book, struct book_person *out)
{
    int64_t until = clock_mono_ms() + PATIENCE_MS;
    int err;
    while ((err = book_person_heard(book, out)) == SND_E_BUSY && clock_mono_ms() < until) {
        struct pollfd poller = {.fd = book_fd(book), .events = POLLIN};
        (void)poll(&poller, 1, 100);
        if (book_pump(book) == SND_E_LOST)
            return SND_E_LOST;
    }
    return err;
}

static int look_up(struct book *book, const char *number, struct book_person *out)
{
    int err = book_person_ask(book, PERSON_CIVIL, number, "TS-01");
    return err ? err : hear(book, out);
}

static int64_t events(struct book *shell)
{
    struct book_check check = {0};
    struct arena *arena = arena_new();
    int err = book_check(shell, arena, &check);
    arena_free(&arena);
    return err ? -1 : check.events;
}

static void known(struct book *clerk, struct book *shell, struct record *record)
{
    struct book_person person;
    struct book_receipt receipt;
    struct book_office office;
    struct fault faults[4];
    struct book_alike alike[BOOK_ALIKE];
    size_t count;
    struct id id = id_new();
    tap_is_int(look_up(clerk, "12345678", &person), SND_E_NOTFOUND, "nobody was here yet");
    int64_t before = events(shell);
    tap_is_int(book_submit(clerk, &id, record, &receipt, faults, 4, &count), 0, "a request");
    tap_is_int(look_up(clerk, "12345678", &person), 0, "its applicant is a customer");
    tap_is_int(events(shell) - before, 2, "the look-up is an event, as the request is");
    tap_is(person.known[PERSON_NAME], "سالم بن حمد", "known by name");
    tap_is(person.newest, receipt.number, "and by the newest request of the service");
    book_person_free(&person);
    tap_is_int(book_person_ask(clerk, PERSON_CIVIL, "12345678", "TS-01"), 0, "asked");
    tap_is_int(book_office(clerk, &office), 0, "another call is answered meanwhile");
    tap_is_int(hear(clerk, &person), 0, "and the customer comes beside it");
    book_person_free(&person);
    tap_is_int(book_person_heard(clerk, &person), SND_E_BUSY, "once");
    tap_is_int(book_alike_ask(clerk, record, "12345678"), 0, "requests alike are asked for");
    tap_is_int(book_office(clerk, &office), 0, "with a call that takes the answer in");
    tap_ok(book_heard(clerk) && book_alike_heard(clerk, alike, &count) == 0 && count == 1 &&
               strcmp(alike[0].number, receipt.number) == 0 && alike[0].state == STATE_QUEUED,
           "the one that is under way is shown");
}

static void limited(struct book *clerk, struct book *other)
{
    struct book_person person;
    int heard = 0, err = 0;
    for (; heard < LOOK_UPS && err != SND_E_LIMIT; heard++) {
        err = look_up(clerk, "12345679", &person);
        if (!err)
            book_person_free(&person);
    }
    tap_ok(err == SND_E_LIMIT && heard > 20, "who asks on and on is told to stop (%d)", heard);
    tap_is_int(look_up(other, "12345679", &person), SND_E_NOTFOUND, "others are not held up");
}

static void lost(struct rig *rig, struct book *clerk)
{
    struct book_person person;
    struct book_office office;
    kill(rig->ledger, SIGSTOP);
    tap_is_int(book_person_ask(clerk, PERSON_CIVIL, "12345679", "TS-01"), 0, "asked");
    rig_end(rig, SIGKILL);
    tap_is_int(hear(clerk, &person), SND_E_LOST, "a ledger that goes takes the question with it");
    tap_is_int(book_person_ask(clerk, PERSON_CIVIL, "12345679", "TS-01"), SND_E_LOST,
               "without one nothing is asked");
    rig_start(rig);
    tap_is_int(book_office(clerk, &office), 0, "calls come back");
    tap_is_int(look_up(clerk, "12345679", &person), SND_E_NOTFOUND, "and so do questions");
}

int main(void)
{
    struct rig rig;
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    struct book *clerk = rig_login(&rig, "clerk"), *owner = rig_login(&rig, "owner"),
                *shell = rig_shell(&rig);
    struct record *record = rig_record(clerk, &rig, "سالم بن حمد");
    known(clerk, shell, record);
    limited(clerk, owner);
    record_free(&record);
    book_close(&shell);
    book_close(&owner);
    lost(&rig, clerk);
    book_close(&clerk);
    rig_end(&rig, SIGTERM);
    tap_is_int(rig_check(&rig, NULL), 0, "the book is clean");
    rig_remove(&rig);
    return tap_done();
}
