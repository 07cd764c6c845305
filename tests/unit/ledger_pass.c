/* SPDX-License-Identifier: Apache-2.0
 * A request made at one centre is continued at another: asked for by number and civil number,
 * passed by the hub with all that is needed, and gone on with there; one centre has it at a time.
 */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "book/pass.h"
#include "tests/tap.h"
#include "tests/unit/feed_rig.h"

#define RUN 20000
#define CIVIL "12345678" /* of all requests of the rig */
#define FEE 5000

static struct side hub, maker, other;

static int sync_with(struct side *side)
{
    int err = side_sync(&hub, side, RUN);
    return err ? err : side_sync(&hub, side, RUN);
}

static int show(struct book *book, const char *number, struct book_detail *out)
{
    struct arena *arena = arena_new();
    *out = (struct book_detail){0};
    int err = book_request_get(book, number, arena, out);
    record_free(&out->record);
    out->history = NULL;
    arena_free(&arena);
    return err;
}

static int stands(struct side *side, const char *number, enum request_state state,
                  const char *holder)
{
    struct book_detail detail;
    struct book *shell = rig_shell(&side->rig);
    int err = show(shell, number, &detail);
    book_close(&shell);
    if (err || detail.request.state != state || strcmp(detail.holder, holder) != 0)
        tap_note("%d: %s at %s", err, state_word(detail.request.state), detail.holder);
    return !err && detail.request.state == state && strcmp(detail.holder, holder) == 0;
}

static int go(struct book *book, const char *number, enum request_state to, const char *documents)
{
    struct book_detail detail;
    struct book_move move = {.to = to};
    struct id id = id_new();
    int err = show(book, number, &detail);
    move.rev = detail.request.rev;
    (void)str_copy(move.number, sizeof move.number, number);
    (void)str_copy(move.note, sizeof move.note, "صورة واضحة");
    (void)str_copy(move.documents, sizeof move.documents, documents);
    move.fee = to == STATE_FEE_DUE ? FEE : 0;
    return err ? err : book_request_move(book, &id, &move);
}

/* The hub's side brings it to its agency's question. */
static int ask_documents(const char *number)
{
    static const enum request_state way[] = {STATE_SENT, STATE_RECEIVED, STATE_IN_REVIEW,
                                             STATE_NEED_DOCS};
    struct book *shell = rig_shell(&hub.rig);
    int err = 0;
    for (size_t i = 0; i < SND_COUNT(way) && !err; i++)
        err = go(shell, number, way[i], way[i] == STATE_NEED_DOCS ? "deed" : "");
    book_close(&shell);
    return err;
}

static const char *want(struct side *side, const char *number, const char *civil)
{
    static struct book_wish wish;
    int err = book_request_want(side->clerk, number, civil, &wish);
    return err ? err_text(err) : wish.word;
}

/* What became of the newest wish. */
static struct book_wish newest;
static const char *answer(struct side *side)
{
    struct book_wish *list;
    size_t count;
    struct arena *arena = arena_new();
    newest = (struct book_wish){0};
    if (book_wish_list(side->clerk, arena, &list, &count) == 0 && count > 0)
        newest = list[0];
    arena_free(&arena);
    return newest.word;
}

static int waits(struct side *side, unsigned conflicts, unsigned asked, unsigned news)
{
    struct book_waits waits;
    int err = book_request_waits(side->clerk, &waits);
    if (err || waits.conflicts != conflicts || waits.asked != asked || waits.news != news)
        tap_note("%d: %u conflicts, %u asked, %u news", err, waits.conflicts, waits.asked,
                 waits.news);
    return !err && waits.conflicts == conflicts && waits.asked == asked && waits.news == news;
}

static int made(const char *name, char number[BOOK_NUMBER])
{
    int err = side_submit(&maker, name, number);
    if (!err)
        err = sync_with(&maker);
    return err ? err : ask_documents(number);
}

/* Its values and what happened before, as the other centre has them. */
static int whole(const char *number)
{
    struct book_detail detail;
    struct arena *arena = arena_new();
    int err = book_request_get(other.clerk, number, arena, &detail);
    int fits = !err && strcmp(detail.request.applicant, "سالم بن سعيد") == 0 &&
               strcmp(detail.request.centre, "DA01-003") == 0 && detail.histories == 6 &&
               strcmp(detail.history[0].type, "request.submitted") == 0 &&
               strcmp(detail.history[4].documents, "deed") == 0 &&
               strcmp(detail.history[4].note, "صورة واضحة") == 0 &&
               strcmp(detail.history[5].type, "request.passed") == 0 &&
               strcmp(detail.history[5].account, "DA02-007") == 0;
    const char *civil = err ? NULL : record_get(detail.record, "civil");
    if (!fits || !civil || strcmp(civil, CIVIL) != 0)
        tap_note("%d: %zu steps, %s", err, err ? 0 : detail.histories, civil ? civil : "-");
    fits = fits && civil && strcmp(civil, CIVIL) == 0;
    record_free(&detail.record);
    arena_free(&arena);
    return fits;
}

static int found(const char *words)
{
    struct book_request *list;
    size_t count = 0;
    struct arena *arena = arena_new();
    int err = book_request_list(other.clerk, words, "", 10, arena, &list, &count);
    arena_free(&arena);
    return err ? err : (int)count;
}

static void continued(void)
{
    char number[BOOK_NUMBER];
    struct book_detail detail;
    tap_ok(made("سالم بن سعيد", number) == 0 && sync_with(&maker) == 0,
           "documents are wanted for a request of one centre");
    tap_is_int(show(other.clerk, number, &detail), SND_E_NOTFOUND, "another has it not");
    tap_is(want(&other, "DA01-003", CIVIL), err_text(SND_E_INVALID), "half a number is none");
    tap_is(want(&other, number, "87654321"), "asked", "it asks for it with a wrong civil number");
    tap_ok(waits(&other, 0, 1, 0), "the wish is kept while the line is down");
    tap_ok(strcmp(answer(&other), "asked") == 0 && strcmp(newest.tail, "••••4321") == 0 &&
               newest.applicant[0] == '\0',
           "its row has the last four signs of the number that was asked with");
    tap_ok(sync_with(&other) == 0 && strcmp(answer(&other), "pair") == 0 &&
               strcmp(newest.tail, "••••4321") == 0,
           "and the answer is that there is no such pair");
    tap_ok(waits(&other, 0, 0, 1), "the answer is news");
    tap_is(want(&other, "DA01-003-7K3M9Q0-M", CIVIL), "asked", "of a number that there isn't");
    tap_ok(sync_with(&other) == 0 && strcmp(answer(&other), "pair") == 0, "the same is said");
    tap_is(want(&other, number, CIVIL), "asked", "it is asked for rightly");
    tap_ok(sync_with(&other) == 0 && strcmp(answer(&other), "passed") == 0, "and passed");
    tap_ok(strncmp(newest.applicant, "سالم", strlen("سالم")) == 0 &&
               strcmp(newest.tail, "••••5678") == 0,
           "its row says whose it is, by the last four signs of the number");
    tap_ok(book_wish_read(other.clerk) == 0 && waits(&other, 0, 0, 0), "the answers are read");
    tap_ok(whole(number), "all of it is there, with what happened before");
    tap_ok(found(number) == 1 && found(CIVIL) == 1 && found("سالم") == 1, "it is found there");
    tap_ok(stands(&hub, number, STATE_NEED_DOCS, "DA02-007"), "the hub knows who has it");
    tap_is_int(sync_with(&maker), 0, "the one that made it hears");
    tap_ok(stands(&maker, number, STATE_NEED_DOCS, "DA02-007"), "that it passed, and where");
    tap_is_int(go(maker.clerk, number, STATE_IN_REVIEW, ""), SND_E_ELSEWHERE,
               "and does nothing with it any more");
    tap_is(want(&other, number, CIVIL), "passed", "who has it need not ask");
    tap_is_int(go(other.clerk, number, STATE_IN_REVIEW, "deed"), 0, "the other clerk answers");
    tap_ok(sync_with(&other) == 0 && stands(&hub, number, STATE_IN_REVIEW, "DA02-007"),
           "and the agency goes on with it");
    tap_ok(sync_with(&maker) == 0 && stands(&maker, number, STATE_IN_REVIEW, "DA02-007"),
           "the one that made it goes on hearing of it");
    tap_is(want(&maker, number, CIVIL), "asked", "it asks for it back");
    tap_ok(sync_with(&maker) == 0 && strcmp(answer(&maker), "agency") == 0,
           "not while the agency has it");
}

static int close_conflict(struct book *book, const char *reason)
{
    struct book_conflict *list;
    size_t count = 0;
    struct arena *arena = arena_new();
    int err = book_conflict_list(book, arena, &list, &count);
    if (!err)
        err = count != 1 ? SND_E_NOTFOUND : book_conflict_close(book, &list[0], reason);
    arena_free(&arena);
    return err;
}

static int listed(struct book *book, struct book_conflict *first)
{
    struct book_conflict *list;
    size_t count = 0;
    struct arena *arena = arena_new();
    int err = book_conflict_list(book, arena, &list, &count);
    if (!err && count > 0)
        *first = list[0];
    arena_free(&arena);
    return err ? err : (int)count;
}

/* Its agency's fee is paid where the person is, too. */
static void paid_there(void)
{
    static const enum request_state way[] = {STATE_SENT, STATE_RECEIVED, STATE_IN_REVIEW,
                                             STATE_FEE_DUE};
    char number[BOOK_NUMBER];
    struct book_detail detail;
    struct book *shell = rig_shell(&hub.rig);
    int err = side_submit(&maker, "خالد بن علي", number);
    if (!err)
        err = sync_with(&maker);
    for (size_t i = 0; i < SND_COUNT(way) && !err; i++)
        err = go(shell, number, way[i], "");
    book_close(&shell);
    tap_is_int(err, 0, "a fee is due for a request of one centre");
    tap_ok(strcmp(want(&other, number, CIVIL), "asked") == 0 && sync_with(&other) == 0 &&
               strcmp(answer(&other), "passed") == 0 && show(other.clerk, number, &detail) == 0 &&
               detail.fee_due == FEE,
           "another is passed it, with what is due");
    tap_ok(go(other.clerk, number, STATE_PAID, "") == 0 && sync_with(&other) == 0 &&
               stands(&hub, number, STATE_PAID, "DA02-007"),
           "there it is paid, and the agency's side knows");
    tap_ok(sync_with(&maker) == 0 && stands(&maker, number, STATE_PAID, "DA02-007") &&
               book_wish_read(other.clerk) == 0,
           "and so does the centre that made it");
}

/* Both do something with it, neither having heard of the other. */
static void at_once(void)
{
    char number[BOOK_NUMBER];
    struct book_conflict lost = {0};
    struct book *owner = rig_login(&maker.rig, "owner"), *sup = rig_login(&hub.rig, "sup");
    tap_ok(made("مريم بنت علي", number) == 0 && sync_with(&maker) == 0, "another request");
    tap_is_int(go(maker.clerk, number, STATE_IN_REVIEW, "deed"), 0,
               "its centre answers with the line down");
    tap_ok(strcmp(want(&other, number, CIVIL), "asked") == 0 && sync_with(&other) == 0 &&
               strcmp(answer(&other), "passed") == 0 &&
               go(other.clerk, number, STATE_IN_REVIEW, "") == 0,
           "another centre was passed it meanwhile, and answers");
    tap_ok(sync_with(&maker) == 0 && sync_with(&other) == 0 && sync_with(&maker) == 0,
           "all hear of it");
    tap_ok(stands(&hub, number, STATE_IN_REVIEW, "DA02-007") &&
               stands(&maker, number, STATE_IN_REVIEW, "DA02-007") &&
               stands(&other, number, STATE_IN_REVIEW, "DA02-007"),
           "27: two centres change a request: who has it stands on all sides");
    tap_ok(listed(owner, &lost) == 1 && strcmp(lost.number, number) == 0 &&
               lost.lost == STATE_IN_REVIEW && strcmp(lost.centre, "DA01-003") == 0 &&
               strcmp(lost.account, "clerk") == 0 && waits(&maker, 1, 0, 1),
           "27: what was lost is listed for a person, with whose it was");
    tap_ok(listed(sup, &lost) == 1 && strcmp(lost.centre, "DA01-003") == 0 &&
               waits(&other, 0, 0, 1),
           "27: at the hub too, and not where nothing was lost");
    tap_is_int(close_conflict(maker.clerk, "نظرت فيه"), SND_E_DENIED, "a clerk doesn't close it");
    tap_is_int(close_conflict(owner, "لا"), SND_E_INVALID, "nor anybody without a reason");
    tap_is_int(close_conflict(owner, "أجاب المركز الآخر"), 0, "the owner closes it");
    tap_ok(sync_with(&maker) == 0 && listed(owner, &lost) == 0 && listed(sup, &lost) == 0,
           "on both sides");
    book_close(&owner);
    book_close(&sup);
}

static void guesses(void)
{
    char number[BOOK_NUMBER], civil[16];
    int pairs = 0;
    tap_is_int(made("هند بنت راشد", number), 0, "a third request");
    for (int i = 0; i < 8; i++) { /* two were wrong before */
        snprintf(civil, sizeof civil, "7654321%d", i);
        (void)want(&other, number, civil);
        pairs += sync_with(&other) == 0 && strcmp(answer(&other), "pair") == 0;
    }
    tap_is_int(pairs, 8, "ten wrong pairs in an hour are told so");
    tap_ok(strcmp(want(&other, number, CIVIL), "asked") == 0 && sync_with(&other) == 0 &&
               strcmp(answer(&other), "limit") == 0,
           "then even the right one has to wait");
    tap_ok(stands(&hub, number, STATE_NEED_DOCS, "DA01-003"), "nothing is passed");
    tap_is(want(&hub, number, CIVIL), "passed", "a centre at the hub itself is not that one");
    tap_ok(stands(&hub, number, STATE_NEED_DOCS, "MU01-001"), "and has it at once");
    tap_ok(sync_with(&maker) == 0 && strcmp(want(&maker, number, CIVIL), "asked") == 0 &&
               sync_with(&maker) == 0 && strcmp(answer(&maker), "passed") == 0 &&
               stands(&maker, number, STATE_NEED_DOCS, "DA01-003"),
           "the one that made it gets it back");
    tap_is_int(go(hub.clerk, number, STATE_IN_REVIEW, ""), SND_E_NOTFOUND,
               "and who had it between sees it no more");
    tap_ok(go(maker.clerk, number, STATE_IN_REVIEW, "") == 0 && sync_with(&maker) == 0 &&
               stands(&hub, number, STATE_IN_REVIEW, "DA01-003"),
           "it goes on there");
}

int main(void)
{
    side_hub(&hub);
    hub.clerk = rig_login(&hub.rig, "clerk");
    side_centre(&maker, "DA01-003");
    side_centre(&other, "DA02-007");
    side_join(&hub, &maker);
    side_join(&hub, &other);
    continued();
    paid_there();
    at_once();
    guesses();
    tap_is_int(side_check(&hub, "hub", NULL), 0, "the hub's book is clean: replay, recount, chain");
    tap_is_int(side_check(&maker, "sync", NULL), 0, "and the maker's");
    tap_is_int(side_check(&other, "sync", NULL), 0, "and the other's");
    side_end(&hub);
    side_end(&maker);
    side_end(&other);
    rig_remove(&hub.rig);
    rig_remove(&maker.rig);
    rig_remove(&other.rig);
    return tap_done();
}
