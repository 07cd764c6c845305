/* SPDX-License-Identifier: Apache-2.0
 * A request's way between a centre and its hub: what the hub's side does comes down, what the
 * centre answers goes up, and of two who change it at once the hub's word stands on both sides,
 * with what was lost on a list for a person. */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "book/pass.h"
#include "tests/tap.h"
#include "tests/unit/feed_rig.h"

#define RUN 20000

static struct side hub, centre;

/* The request as that side has it. */
static int stands(struct side *side, const char *number, struct book_request *out)
{
    struct book *shell = rig_shell(&side->rig);
    struct book_detail detail = {0};
    struct arena *arena = arena_new();
    int err = book_request_get(shell, number, arena, &detail);
    *out = detail.request;
    record_free(&detail.record);
    arena_free(&arena);
    book_close(&shell);
    return err;
}

static int is(struct side *side, const char *number, enum request_state state, int rev)
{
    struct book_request row;
    int err = stands(side, number, &row);
    if (err || row.state != state || (rev && row.rev != rev))
        tap_note("%d: %s, revision %d", err, state_word(row.state), row.rev);
    return !err && row.state == state && (!rev || row.rev == rev);
}

static int go(struct side *side, struct book *book, const char *number, enum request_state to)
{
    struct book_request row;
    struct book_move move = {.to = to, .fee = to == STATE_FEE_DUE ? 2500 : 0};
    struct id id = id_new();
    int err = stands(side, number, &row);
    move.rev = row.rev;
    (void)str_copy(move.number, sizeof move.number, number);
    (void)str_copy(move.note, sizeof move.note, "لأن الوثائق ناقصة");
    return err ? err : book_request_move(book, &id, &move);
}

/* The hub's side brings it there, as its agency would. */
static int bring(const char *number, const char *way)
{
    struct book *shell = rig_shell(&hub.rig);
    int err = 0;
    for (const char *word = way; *word && !err; word += strspn(word, " ")) {
        char one[16];
        enum request_state state;
        size_t len = strcspn(word, " ");
        snprintf(one, sizeof one, "%.*s", (int)len, word);
        err = state_find(one, &state);
        if (!err)
            err = go(&hub, shell, number, state);
        word += len;
    }
    book_close(&shell);
    return err;
}

static int conflicts(struct side *side, struct book_conflict *first)
{
    struct book *shell = rig_shell(&side->rig);
    struct book_conflict *list;
    size_t count = 0;
    struct arena *arena = arena_new();
    int err = book_conflict_list(shell, arena, &list, &count);
    if (!err && count > 0)
        *first = list[0];
    arena_free(&arena);
    book_close(&shell);
    return err ? err : (int)count;
}

/* As lists show a number: a veil and the last four signs. */
static int is_tail(const char *tail)
{
    static const char veil[] = "••••";
    return strncmp(tail, veil, strlen(veil)) == 0 &&
           strspn(tail + strlen(veil), "0123456789") == 4 && strlen(tail) == strlen(veil) + 4;
}

static void there_and_back(void)
{
    char number[BOOK_NUMBER];
    tap_ok(side_submit(&centre, "سالم بن سعيد", number) == 0 && side_sync(&hub, &centre, RUN) == 0,
           "a request goes up");
    tap_ok(is(&hub, number, STATE_AT_HUB, 1), "and is at the hub");
    tap_is_int(bring(number, "sent received in_review need_docs"), 0,
               "its agency asks for documents");
    tap_is_int(side_sync(&hub, &centre, RUN), 0, "that comes down");
    tap_ok(is(&centre, number, STATE_NEED_DOCS, 5), "the centre has it so");
    tap_is_int(go(&centre, centre.clerk, number, STATE_IN_REVIEW), 0, "the clerk answers");
    tap_is_int(side_sync(&hub, &centre, RUN), 0, "the answer goes up");
    tap_ok(is(&hub, number, STATE_IN_REVIEW, 6), "and the hub has it");
    tap_is_int(bring(number, "fee_due"), 0, "a fee is due");
    tap_ok(side_sync(&hub, &centre, RUN) == 0 &&
               go(&centre, centre.clerk, number, STATE_PAID) == 0 &&
               side_sync(&hub, &centre, RUN) == 0 && side_sync(&hub, &centre, RUN) == 0,
           "it is paid, and told twice");
    tap_ok(is(&hub, number, STATE_PAID, 8) && is(&centre, number, STATE_PAID, 8), "once");
    tap_ok(bring(number, "approved") == 0 && side_sync(&hub, &centre, RUN) == 0 &&
               go(&centre, centre.clerk, number, STATE_DELIVERED) == 0 &&
               side_sync(&hub, &centre, RUN) == 0,
           "it is approved and handed over");
    tap_ok(is(&hub, number, STATE_CLOSED, 11) && is(&centre, number, STATE_CLOSED, 11),
           "and closed on both sides");
}

static void at_once(void)
{
    char number[BOOK_NUMBER];
    struct book_conflict lost = {0};
    tap_ok(side_submit(&centre, "مريم بنت علي", number) == 0 && side_sync(&hub, &centre, RUN) == 0,
           "another request goes up");
    tap_ok(go(&centre, centre.clerk, number, STATE_CANCELLED) == 0 && bring(number, "sent") == 0,
           "the centre cancels it while the hub sends it");
    tap_ok(side_sync(&hub, &centre, RUN) == 0 && side_sync(&hub, &centre, RUN) == 0,
           "both hear of it");
    tap_ok(is(&hub, number, STATE_SENT, 2) && is(&centre, number, STATE_SENT, 2),
           "the hub's word stands on both sides");
    tap_ok(conflicts(&hub, &lost) == 1 && conflicts(&centre, &lost) == 1 &&
               lost.lost == STATE_CANCELLED && lost.state == STATE_SENT &&
               strcmp(lost.number, number) == 0,
           "and what was lost is on the list of both");
    tap_ok(strcmp(lost.applicant, "مريم بنت علي") == 0 && is_tail(lost.tail),
           "with whose it is, of the number no more than its last four signs");
    struct book *owner = rig_login(&centre.rig, "owner");
    tap_is_int(book_conflict_close(owner, &lost, "سبقنا المركز الرئيسي"), 0,
               "the owner has looked");
    book_close(&owner);
    tap_is_int(conflicts(&centre, &lost), 0, "and it is off the list");
    tap_is_int(bring(number, "received in_review approved"), 0, "it goes on");
    tap_ok(side_sync(&hub, &centre, RUN) == 0 && is(&centre, number, STATE_APPROVED, 5),
           "and the centre hears of it");
}

/* What a centre says of a request that is none of its moves. */
static void overreach(void)
{
    char number[BOOK_NUMBER];
    struct book *shell = rig_shell(&centre.rig);
    struct book_conflict lost = {0};
    tap_ok(side_submit(&centre, "هند بنت راشد", number) == 0 && side_sync(&hub, &centre, RUN) == 0,
           "a third request goes up");
    tap_ok(go(&centre, shell, number, STATE_SENT) == 0 &&
               go(&centre, shell, number, STATE_RECEIVED) == 0 &&
               go(&centre, shell, number, STATE_IN_REVIEW) == 0 &&
               go(&centre, shell, number, STATE_APPROVED) == 0,
           "the centre itself says that it is approved");
    tap_ok(side_sync(&hub, &centre, RUN) == 0 && side_sync(&hub, &centre, RUN) == 0,
           "that goes up");
    tap_ok(is(&hub, number, STATE_AT_HUB, 1) && is(&centre, number, STATE_AT_HUB, 1),
           "the hub takes none of it, and the centre is put right");
    tap_ok(conflicts(&hub, &lost) >= 4, "all of it is on the list");
    book_close(&shell);
}

/* The hub's side asks anew while the centre answers what it was asked before: the states fit, only
 * the revision tells that the answer is to another question. */
static void asked_anew(void)
{
    char number[BOOK_NUMBER];
    struct book_conflict lost = {0};
    int before = conflicts(&hub, &lost);
    tap_ok(side_submit(&centre, "سعيد بن حمد", number) == 0 && side_sync(&hub, &centre, RUN) == 0 &&
               bring(number, "sent received in_review need_docs") == 0 &&
               side_sync(&hub, &centre, RUN) == 0,
           "documents are asked for");
    tap_ok(bring(number, "in_review need_docs") == 0 &&
               go(&centre, centre.clerk, number, STATE_IN_REVIEW) == 0,
           "others are asked for while the centre brings the first");
    tap_ok(side_sync(&hub, &centre, RUN) == 0 && side_sync(&hub, &centre, RUN) == 0 &&
               is(&hub, number, STATE_NEED_DOCS, 7) && is(&centre, number, STATE_NEED_DOCS, 7) &&
               conflicts(&hub, &lost) == before + 1,
           "27: an answer to what was asked before is not taken for one to what is asked now");
}

int main(void)
{
    side_hub(&hub);
    side_centre(&centre, "DA01-003");
    side_join(&hub, &centre);
    there_and_back();
    at_once();
    overreach();
    asked_anew();
    tap_is_int(side_check(&hub, "hub", NULL), 0,
               "the hub's book is clean: replay, recount and chain");
    tap_is_int(side_check(&centre, "sync", NULL), 0, "and the centre's");
    sides_end(&hub, (struct side *const[]){&centre}, 1, "27 29");
    rig_remove(&hub.rig);
    rig_remove(&centre.rig);
    return tap_done();
}
