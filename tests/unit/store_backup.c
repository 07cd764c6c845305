/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of the book: of one moment while another connection writes, whole, without what belongs to
 * the running office; and the new epoch of one that is put back. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "store/keep.h"
#include "tests/tap.h"
#include "tests/unit/store_fixture.h"

static int verified(struct store *store)
{
    struct store_check check;
    struct arena *arena = arena_new();
    int err = store_verify(store, arena, &check);
    if (check.findings > 0)
        tap_note("%s", check.finding[0]);
    int n = err != 0 ? -1 : (int)check.findings;
    arena_free(&arena);
    return n;
}

static void test_copy(struct fixture *f)
{
    struct store *reader = NULL, *copy = NULL;
    struct store_head here, there;
    struct store_request late = {0};
    struct buf body = BUF_INIT(100);
    must(store_open(f->path, STORE_READ, f->vault, &reader));
    must(store_batch_begin(f->store));
    must(fixture_submit(f, "لم يحدث بعد", "8888888", &late));
    must(store_head_get(reader, &here));
    must(store_copy(reader, f->kept));
    must(store_batch_commit(f->store));
    tap_is_int(store_copy(reader, f->kept), SND_E_EXISTS, "a copy is never made over another file");
    must(store_open(f->kept, STORE_ALONE, f->vault, &copy));
    must(store_head_get(copy, &there));
    tap_ok(here.seq == there.seq && memcmp(here.hash, there.hash, HASH_SIZE) == 0 &&
               there.requests == 3,
           "a copy made in the middle of a batch ends where the book ended before it");
    tap_is_int(verified(copy), 0, "and is whole");
    must(store_copy_strip(copy));
    must(store_enclose(copy, "sanad.conf", "port = 1\n", 9));
    must(store_enclosed(copy, "sanad.conf", &body));
    tap_is(buf_text(&body), "port = 1\n", "what goes with it is in it");
    tap_is_int(store_enclosed(copy, "keyring", &body), SND_E_NOTFOUND, "what doesn't isn't");
    buf_free(&body);
    store_close(&copy);
    store_close(&reader);
    char log[112];
    must(str_format(log, sizeof log, "%s-wal", f->kept));
    tap_ok(access(log, F_OK) != 0, "it is one file without a log beside it");
}

static void test_alone(struct fixture *f)
{
    struct store *alone = NULL;
    tap_is_int(store_open(f->path, STORE_ALONE, f->vault, &alone), SND_E_BUSY,
               "nobody has alone what somebody works with");
}

static void test_beyond(struct fixture *f)
{
    struct store *copy = NULL;
    struct store_head head;
    struct store_beyond beyond;
    must(store_open(f->kept, STORE_ALONE, f->vault, &copy));
    must(store_head_get(copy, &head));
    must(store_beyond(f->store, &head, &beyond));
    tap_ok(beyond.events == 1 && beyond.requests == 1, "what the book has beyond it is known");
    head.hash[3] ^= 1;
    tap_is_int(store_beyond(f->store, &head, &beyond), SND_E_CONFLICT,
               "a copy with another history is not of this book");
    store_close(&copy);
}

static void test_made(struct fixture *f)
{
    struct store_backup backup = {.epoch = 1, .seq = 9, .bytes = 4096, .keyring = 1}, got;
    must(store_backup_last(f->store, &got));
    tap_is_int(got.seq, 5, "the newest backup is known");
    must(store_backup_made(f->store, &backup, &f->actor));
    must(store_backup_last(f->store, &got));
    tap_ok(got.seq == 9 && got.bytes == 4096 && got.keyring && strcmp(got.actor, "huda") == 0,
           "who made a backup and when is kept");
}

/* The copy goes on as the office: a new epoch, nobody logged in, one chain after the other. */
static void test_restored(struct fixture *f)
{
    struct store_office office;
    struct store_request request = {0};
    uint8_t ticket[HASH_SIZE] = {7};
    char account[33];
    store_close(&f->store);
    unlink(f->path);
    fixture_must(rename(f->kept, f->path) == 0 ? 0 : SND_E_IO, "rename");
    must(store_open(f->path, STORE_ALONE, f->vault, &f->store));
    must(store_enclosed_drop(f->store));
    tap_is_int(store_restored(f->store, 1, &f->actor), SND_E_BAD, "an epoch is never lived twice");
    must(store_restored(f->store, 77, &f->actor));
    fixture_again(f, STORE_WRITE);
    must(store_office_get(f->store, &office));
    tap_is_int(office.epoch, 77, "a restored office lives in a new epoch");
    tap_is_int(store_session_find(f->store, ticket, account), SND_E_NOTFOUND,
               "nobody is logged in any more");
    tap_is_int(fixture_raw_int(f, "SELECT COUNT(*) FROM session WHERE closed = 0"), 0,
               "and every session has ended");
    must(fixture_submit(f, "سالم", "3333333", &request));
    tap_is_int(fixture_raw_int(f, "SELECT seq FROM head WHERE epoch = 77"), 2,
               "its events follow the one of the restoring");
    tap_is_int(fixture_findings(f, ""), 0, "backup, restore, compare: both chains verify");
    fixture_raw(f, "DELETE FROM event WHERE epoch = 1 AND seq = (SELECT seq FROM head WHERE epoch"
                   " = 1); UPDATE head SET seq = seq - 1, hash = (SELECT hash FROM event e WHERE"
                   " e.epoch = 1 ORDER BY seq DESC LIMIT 1) WHERE epoch = 1");
    tap_ok(fixture_findings(f, "chain: epoch 77") == 1,
           "an old epoch that was cut short is found, head and all");
}

int main(void)
{
    struct fixture f;
    fixture_open(&f);
    fixture_fill(&f, 3);
    test_copy(&f);
    test_alone(&f);
    test_beyond(&f);
    test_made(&f);
    test_restored(&f);
    fixture_close(&f);
    return tap_done();
}
