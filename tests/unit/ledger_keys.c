/* SPDX-License-Identifier: Apache-2.0
 * The keys are changed while people work: nothing is lost when the ledger is killed in the middle,
 * an old key goes only when a walk over the whole book found nothing that it sealed, and what was
 * sealed before is read as before. */
#include <signal.h>
#include <string.h>
#include "base/err.h"
#include "base/proc.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define OLD_REQUESTS 70
static char first[BOOK_NUMBER];

/* One walk from the beginning; a clerk submits one request after each step. */
static int walk(struct book *shell, struct book *clerk, const struct rig *rig, int64_t *sealed)
{
    struct book_key_place place = {.more = 1};
    struct book_receipt receipt;
    struct fault faults[4];
    size_t count;
    int err = 0;
    *sealed = 0;
    while (!err && place.more) {
        int64_t now = 0;
        err = book_key_reseal(shell, &place, &now);
        *sealed += now;
        if (err || !clerk)
            continue;
        struct record *record = rig_record(clerk, rig, "سالم بن سعيد");
        struct id id = id_new();
        err = book_submit(clerk, &id, record, &receipt, faults, 4, &count);
        record_free(&record);
    }
    return err;
}

static int readable(struct book *book)
{
    struct arena *arena = arena_new();
    struct book_request *list;
    size_t count = 0;
    int err = book_request_list(book, "87654321", "", 100, arena, &list, &count);
    arena_free(&arena);
    return !err && count == OLD_REQUESTS;
}

static int ring_has(const struct rig *rig, const char *words)
{
    char *text = NULL;
    size_t len;
    int has = proc_read_file(rig->keyring, 65536, &text, &len) == 0 && strstr(text, words) != NULL;
    x_free(&text);
    return has;
}

static void killed(struct rig *rig)
{
    struct book *shell = rig_shell(rig);
    struct book_key_place place = {0};
    uint32_t number = 0;
    int going_on = 0;
    int64_t sealed = 0;
    tap_is_int(book_key_drop(shell, &number), SND_E_INUSE, "no key goes before a walk");
    tap_is_int(book_key_add(shell, &number, &going_on), 0, "a key is added");
    tap_ok(number == 2 && !going_on, "with the next number");
    tap_ok(book_key_reseal(shell, &place, &sealed) == 0 && sealed > 0 && place.more,
           "some rows are sealed anew");
    tap_ok(readable(shell), "everything is read with both keys there");
    book_close(&shell);
    rig_end(rig, SIGKILL);
    tap_is_int(rig_check(rig, NULL), 0, "killed in the middle, the book is whole");
    rig_start(rig);
    shell = rig_shell(rig);
    tap_is_int(book_key_add(shell, &number, &going_on), 0, "the same again");
    tap_ok(number == 2 && going_on, "goes on and adds no other");
    book_close(&shell);
}

static void finished(struct rig *rig)
{
    struct book *shell = rig_shell(rig), *clerk = rig_login(rig, "clerk");
    struct book_seal_key key[BOOK_KEYS];
    uint32_t dropped = 0;
    int64_t sealed = 0;
    size_t count = 0;
    tap_is_int(walk(shell, clerk, rig, &sealed), 0, "a walk while a clerk submits");
    tap_ok(sealed > OLD_REQUESTS, "seals the rest anew");
    tap_is_int(book_key_drop(shell, &dropped), SND_E_INUSE, "a walk that found some is not enough");
    tap_is_int(walk(shell, NULL, rig, &sealed), 0, "another walk");
    tap_is_int(sealed, 0, "finds nothing of the old key");
    tap_is_int(book_key_drop(shell, &dropped), 0, "now the old key goes");
    tap_is_int(dropped, 1, "it alone");
    tap_ok(!ring_has(rig, "key 1 ") && ring_has(rig, "key 2 "), "and is not in the ring any more");
    tap_ok(book_key_list(shell, key, &count) == 0 && count == 1 && key[0].number == 2 &&
               key[0].current && key[0].known && key[0].rows > OLD_REQUESTS,
           "no row names it");
    tap_ok(readable(shell), "everything is read as before");
    book_close(&clerk);
    book_close(&shell);
}

int main(void)
{
    struct rig rig;
    rig_make(&rig, RIG_USUAL);
    for (int i = 0; i < OLD_REQUESTS; i++)
        rig_add_request(&rig, "DA01-003", "TEST", first);
    rig_start(&rig);
    killed(&rig);
    finished(&rig);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, NULL), 0, "the book is clean");
    rig_remove(&rig);
    return tap_done();
}
