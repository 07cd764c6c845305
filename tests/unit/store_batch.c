/* SPDX-License-Identifier: Apache-2.0 */
/* Opening, and group commit: steps that fail take nothing else with them, nothing is kept before
 * the commit, readers see one moment and write nothing. */
#include <string.h>
#include <sys/stat.h>
#include "base/err.h"
#include "store/keep.h"
#include "tests/tap.h"
#include "tests/unit/store_fixture.h"

static int64_t count(struct store *store)
{
    int64_t n = -1;
    must(store_request_count(store, "", &n));
    return n;
}

static void test_open(struct fixture *f)
{
    struct store *store = NULL;
    struct stat st;
    tap_is_int(store_open(f->path, STORE_CREATE, f->vault, &store), SND_E_EXISTS,
               "a store is not made over a file");
    tap_is_int(store_open("/nowhere/office.db", STORE_WRITE, f->vault, &store), SND_E_NOTFOUND,
               "a store that isn't there");
    tap_ok(stat(f->path, &st) == 0 && (st.st_mode & 077) == 0, "nobody else may read the file");
    int64_t in_file = 0, ours = 0;
    must(store_version(f->path, &in_file, &ours));
    tap_ok(in_file == ours && ours > 1, "the schema's version");
    fixture_keep(f);
    fixture_raw(f, "UPDATE schema_version SET version = 999");
    tap_is_int(store_open(f->path, STORE_WRITE, f->vault, &store), SND_E_VERSION,
               "a newer program's store is refused");
    fixture_raw(f, "DROP TABLE schema_version");
    tap_is_int(store_open(f->path, STORE_WRITE, f->vault, &store), SND_E_CORRUPT,
               "another program's database is refused");
    tap_is_int(store_open(tap_source("tests/unit/store_batch.c"), STORE_READ, f->vault, &store),
               SND_E_CORRUPT, "a text is no store");
    fixture_restore(f);
    fixture_again(f, STORE_WRITE);
}

static void test_steps(struct fixture *f)
{
    struct store_request one = {0}, two = {0}, same;
    must(store_batch_begin(f->store));
    must(store_step_begin(f->store));
    must(fixture_submit(f, "سالم", "1000001", &one));
    must(store_step_end(f->store, 1));
    same = one;
    must(store_step_begin(f->store));
    tap_is_int(fixture_submit(f, "سالم", "1000001", &same), SND_E_EXISTS,
               "the same id in the same batch");
    must(store_step_end(f->store, 0));
    must(store_step_begin(f->store));
    must(fixture_submit(f, "علي", "1000002", &two));
    must(store_step_end(f->store, 0));
    tap_is_int(count(f->store), 1, "a step that isn't kept leaves nothing");
    must(store_step_begin(f->store));
    must(fixture_submit(f, "علي", "1000002", &two));
    must(store_step_end(f->store, 1));
    must(store_batch_commit(f->store));
    tap_is_int(count(f->store), 2, "a failing step takes nothing else with it");
    tap_is_int(fixture_findings(f, ""), 0, "the book is whole after it");
    fixture_again(f, STORE_WRITE);
}

static void test_shared(struct fixture *f)
{
    struct store_request one = {0}, two = {0}, alone = {0}, same;
    must(store_batch_begin(f->store));
    must(store_step_begin(f->store));
    must(fixture_submit(f, "سعيد", "1000011", &alone));
    must(store_step_end(f->store, 1));
    must(store_step_share(f->store));
    must(fixture_submit(f, "سالم", "1000012", &one));
    must(store_step_end(f->store, 1));
    same = one;
    must(store_step_share(f->store));
    tap_is_int(fixture_submit(f, "سالم", "1000012", &same), SND_E_EXISTS,
               "a step that shares its savepoint fails before it has written anything");
    tap_is_int(store_step_end(f->store, 0), 0, "and undoes nobody");
    must(store_step_share(f->store));
    must(fixture_submit(f, "علي", "1000013", &two));
    tap_is_int(store_step_end(f->store, 0), STORE_UNDONE,
               "one that has written, and is not kept, undoes those it shares with");
    tap_is_int(count(f->store), 3, "and nobody else");
    must(store_step_share(f->store));
    must(fixture_submit(f, "سالم", "1000012", &one));
    must(store_step_end(f->store, 1));
    must(store_step_begin(f->store));
    must(fixture_submit(f, "علي", "1000013", &two));
    must(store_step_end(f->store, 0));
    must(store_batch_commit(f->store));
    tap_is_int(count(f->store), 4, "a step by itself ends the sharing of those before it");
    tap_is_int(fixture_findings(f, ""), 0, "the book is whole after it");
    fixture_again(f, STORE_WRITE);
}

static void test_rollback(struct fixture *f)
{
    struct store_request request = {0};
    must(store_batch_begin(f->store));
    must(fixture_submit(f, "سالم", "1000003", &request));
    store_batch_rollback(f->store);
    tap_is_int(count(f->store), 4, "a batch rolled back leaves nothing");
    must(store_batch_begin(f->store));
    must(fixture_submit(f, "سالم", "1000003", &request));
    fixture_again(f, STORE_WRITE);
    tap_is_int(count(f->store), 4, "a batch without a commit leaves nothing");
}

static void test_reader(struct fixture *f)
{
    struct store *reader = NULL;
    struct store_request request = {0};
    struct store_draft draft = {.id = id_new()};
    must(store_open(f->path, STORE_READ, f->vault, &reader));
    must(store_view_begin(reader));
    tap_is_int(count(reader), 4, "a reader's view begins");
    must(fixture_submit(f, "سالم", "1000004", &request));
    tap_is_int(count(reader), 4, "what is committed later is not in the view");
    store_view_end(reader);
    tap_is_int(count(reader), 5, "and is there after it");
    tap_is_int(store_account_disable(reader, "huda", 1, &f->actor), SND_E_DENIED,
               "a reader writes no event");
    tap_is_int(store_draft_put(reader, &draft, "", "{}"), SND_E_DENIED, "nor a draft");
    store_close(&reader);
}

/* The log is written back by another: it doesn't grow for ever, and what it held stays. */
static void test_log(struct fixture *f)
{
    struct store *other = NULL;
    struct store_request request[5];
    int longest = 0;
    memset(request, 0, sizeof request);
    must(store_open(f->path, STORE_WRITE, NULL, &other));
    store_log_leave(f->store);
    must(fixture_submit(f, "سالم", "1000021", &request[0]));
    int first = store_log_len(f->store);
    for (int i = 0; i < 3; i++) {
        must(fixture_submit(f, "سالم", "1000021", &request[1 + i]));
        longest = store_log_len(f->store);
    }
    tap_ok(first > 0 && longest > first, "the log grows with each commit");
    must(store_log_copy(other));
    must(fixture_submit(f, "سالم", "1000021", &request[4]));
    tap_ok(store_log_len(f->store) < longest, "and begins anew once it was written back");
    store_close(&other);
    tap_is_int(count(f->store), 10, "everything is there");
    tap_is_int(fixture_findings(f, ""), 0, "and whole");
    fixture_again(f, STORE_WRITE);
}

/* A word that came with a step which was taken back has no number any more: neither one step, nor a
 * whole transaction of them. */
static void test_taken_back(struct fixture *f)
{
    struct store_request gone = {.centre = "DA01-004"}, kept = {.centre = "DA01-004"};
    struct store_request other = {.centre = "DA01-005"}, stays = {.centre = "DA01-005"};
    must(store_batch_begin(f->store));
    must(store_step_begin(f->store));
    must(fixture_submit(f, "سالم", "1000031", &gone));
    must(store_step_end(f->store, 0));
    must(store_step_begin(f->store));
    must(fixture_submit(f, "سالم", "1000031", &kept));
    must(store_step_end(f->store, 1));
    must(store_batch_commit(f->store));
    must(store_batch_begin(f->store));
    must(store_step_share(f->store));
    must(fixture_submit(f, "علي", "1000032", &other));
    tap_is_int(store_step_end(f->store, 0), STORE_UNDONE, "all of a transaction is taken back");
    must(store_step_begin(f->store));
    must(fixture_submit(f, "علي", "1000032", &stays));
    must(store_step_end(f->store, 1));
    must(store_batch_commit(f->store));
    tap_is_int(count(f->store), 12, "what came after it is there");
    tap_is_int(fixture_findings(f, ""), 0, "and no number of a word is used that is not kept");
    fixture_again(f, STORE_WRITE);
}

static void test_busy(struct fixture *f)
{
    struct store *other = NULL;
    must(store_open(f->path, STORE_WRITE, f->vault, &other));
    must(store_batch_begin(f->store));
    tap_is_int(store_batch_begin(other), SND_E_BUSY, "two writers wait for one another");
    must(store_batch_commit(f->store));
    tap_is_int(store_batch_begin(other), 0, "and go on afterwards");
    store_batch_rollback(other);
    store_close(&other);
}

int main(void)
{
    struct fixture f;
    fixture_open(&f);
    test_open(&f);
    test_steps(&f);
    test_shared(&f);
    test_rollback(&f);
    test_reader(&f);
    test_log(&f);
    test_taken_back(&f);
    test_busy(&f);
    fixture_close(&f);
    return tap_done();
}
