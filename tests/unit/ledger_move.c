/* SPDX-License-Identifier: Apache-2.0
 * What becomes of a request: every move from every state by every role that may ask, against the
 * table; two who act on the same sight of a request; what a move must say; a repeat that is
 * answered and does nothing; the lists of what waits; and the book, which is whole after all of it.
 */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define FAULTS 16

/* Who acts in this test. */
static struct {
    struct rig rig;
    struct book *shell, *clerk, *officer, *other, *owner;
    struct record *record;
} at;

/* The state machine as the domain has it, written by hand: from, and what may follow. */
static const struct {
    const char *from, *next;
} domain[] = {
    {"queued", "at_hub sent cancelled"},
    {"at_hub", "sent cancelled"},
    {"sent", "received send_failed"},
    {"send_failed", "sent cancelled"},
    {"received", "in_review"},
    {"in_review", "need_docs fee_due field_visit approved rejected"},
    {"need_docs", "in_review cancelled"},
    {"fee_due", "paid cancelled"},
    {"paid", "in_review approved"},
    {"field_visit", "in_review approved rejected"},
    {"approved", "delivered"},
    {"rejected", "closed"},
    {"delivered", "closed"},
    {"cancelled", ""},
    {"closed", ""},
    {"draft", ""},
};

static void table(void)
{
    int wrong = 0, rows = 0;
    for (size_t i = 0; i < SND_COUNT(domain); i++) {
        enum request_state from;
        if (state_find(domain[i].from, &from))
            wrong++;
        for (unsigned to = 0; to < STATE_COUNT; to++) {
            char padded[128], word[40];
            snprintf(padded, sizeof padded, " %s ", domain[i].next);
            snprintf(word, sizeof word, " %s ", state_word(to));
            int want = strstr(padded, word) != NULL;
            rows += want;
            if (state_may_become(from, to) != want) {
                tap_note("%s to %s", domain[i].from, state_word(to));
                wrong++;
            }
        }
    }
    tap_ok(wrong == 0 && rows == 27 && SND_COUNT(domain) == STATE_COUNT,
           "the moves are those of the domain, and no others");
}

/* A new request, as it stands. */
static struct book_move fresh(void)
{
    struct book_receipt receipt;
    struct fault faults[FAULTS];
    size_t count;
    struct id id = id_new();
    struct book_move move = {.rev = 1, .to = STATE_QUEUED};
    if (book_submit(at.clerk, &id, at.record, &receipt, faults, FAULTS, &count))
        tap_note("a request could not be submitted");
    (void)str_copy(move.number, sizeof move.number, receipt.number);
    return move;
}

/* Asks for a move with all that any move needs. Only a success changes *move. */
static int go(struct book *book, struct book_move *move, enum request_state to)
{
    struct book_move next = *move;
    struct id id = id_new();
    next.to = to;
    (void)str_copy(next.note, sizeof next.note, "لأن الوثائق ناقصة");
    next.fee = to == STATE_FEE_DUE ? 1500 : 0;
    int err = book_request_move(book, &id, &next);
    if (!err)
        *move = next;
    return err;
}

static int give(struct book *book, struct book_move *move, const char *account)
{
    struct id id = id_new();
    return book_request_assign(book, &id, move, account);
}

/* A request brought into that state by the shell, in the officer's hands if an officer can have it.
 */
static struct book_move brought(enum request_state to)
{
    static const struct {
        enum request_state to;
        const char *way;
    } ways[] = {
        {STATE_QUEUED, ""},
        {STATE_AT_HUB, "at_hub"},
        {STATE_SENT, "sent"},
        {STATE_SEND_FAILED, "sent send_failed"},
        {STATE_RECEIVED, "sent received"},
        {STATE_IN_REVIEW, "sent received in_review"},
        {STATE_NEED_DOCS, "sent received in_review need_docs"},
        {STATE_FEE_DUE, "sent received in_review fee_due"},
        {STATE_PAID, "sent received in_review fee_due paid"},
        {STATE_FIELD_VISIT, "sent received in_review field_visit"},
        {STATE_APPROVED, "sent received in_review approved"},
        {STATE_REJECTED, "sent received in_review rejected"},
        {STATE_DELIVERED, ""}, /* it closes by itself */
        {STATE_CANCELLED, "cancelled"},
        {STATE_CLOSED, "sent received in_review rejected closed"},
    };
    struct book_move move = fresh();
    for (size_t i = 0; i < SND_COUNT(ways); i++) {
        if (ways[i].to != to)
            continue;
        for (const char *word = ways[i].way; *word; word += strspn(word, " ")) {
            char one[16];
            enum request_state state;
            size_t len = strcspn(word, " ");
            snprintf(one, sizeof one, "%.*s", (int)len, word);
            if (state_find(one, &state) || go(at.shell, &move, state))
                tap_note("not brought to %s", one);
            if (state == STATE_IN_REVIEW && give(at.shell, &move, "agency"))
                tap_note("not given");
            word += len;
        }
    }
    return move;
}

static void matrix(void)
{
    struct {
        struct book *book;
        enum role role;
    } who[] = {{at.clerk, ROLE_CLERK},
               {at.owner, ROLE_OWNER},
               {at.officer, ROLE_AGENCY},
               {at.shell, ROLE_CLI}};
    int cells = 0, right = 0, moved = 0;
    for (unsigned from = STATE_QUEUED; from < STATE_COUNT; from++) {
        if (from == STATE_DELIVERED)
            continue;
        struct book_move move = brought(from);
        for (unsigned to = 0; to < STATE_COUNT; to++)
            for (size_t i = 0; i < SND_COUNT(who); i++) {
                int may = state_may_move(from, to, who[i].role);
                /* An officer's is what is in his hands: before that he takes it. */
                int taken = who[i].role == ROLE_AGENCY && from < STATE_IN_REVIEW;
                int want = !may ? SND_E_DENIED : taken ? SND_E_INUSE : 0;
                int got = go(who[i].book, &move, to);
                cells++;
                right += got == want;
                if (got != want)
                    tap_note("%s to %s by %s: got %d, want %d", state_word(from), state_word(to),
                             role_word(who[i].role), got, want);
                if (got)
                    continue;
                moved++;
                move = brought(from);
            }
    }
    tap_note("%d of %d cells, %d moves", right, cells, moved);
    tap_ok(right == cells && moved > 40, "every move from every state for every role that may ask");
}

static void two_at_once(void)
{
    struct book_move one = brought(STATE_QUEUED), two = one, third = one;
    tap_is_int(give(at.officer, &one, "agency"), 0, "an officer takes a request out of the queue");
    tap_is_int((long long)one.to, STATE_IN_REVIEW, "and has it in review");
    tap_is_int(give(at.other, &two, "agency2"), SND_E_CONFLICT, "the other was second");
    tap_is_int(go(at.other, &one, STATE_APPROVED), SND_E_INUSE,
               "what one has, another does not decide");
    tap_is_int(go(at.clerk, &third, STATE_CANCELLED), SND_E_CONFLICT,
               "the centre can't cancel what it sees no more as it is");
    tap_is_int(give(at.officer, &one, "agency2"), 0, "it is handed to another officer");
    tap_is_int(go(at.officer, &one, STATE_APPROVED), SND_E_INUSE, "who has it now");
    tap_is_int(give(at.officer, &one, "clerk"), SND_E_NOTFOUND, "a clerk is no officer");
    tap_is_int(give(at.other, &one, ""), 0, "back into the queue");
    tap_is_int(go(at.other, &one, STATE_APPROVED), SND_E_INUSE, "where nobody has it");
}

static void once(void)
{
    struct book_move due = brought(STATE_FEE_DUE), again, late = due;
    struct book_detail detail;
    struct arena *arena = arena_new();
    struct id id = id_new();
    int paid = 0;
    due.to = STATE_PAID;
    due.fee = 0;
    again = due;
    tap_is_int(book_request_move(at.clerk, &id, &due), 0, "a fee is paid");
    tap_is_int(book_request_move(at.clerk, &id, &again), 0, "a repeat is answered");
    tap_ok(again.rev == due.rev && again.to == STATE_PAID, "with the same answer");
    tap_is_int(go(at.owner, &late, STATE_PAID), SND_E_CONFLICT, "nobody pays it a second time");
    tap_is_int(go(at.clerk, &due, STATE_PAID), SND_E_DENIED, "nor now");
    tap_is_int(book_request_get(at.clerk, due.number, arena, &detail), 0, "the request");
    for (size_t i = 0; i < detail.histories; i++)
        paid += detail.history[i].state == STATE_PAID;
    tap_ok(paid == 1 && detail.fee_due == 1500 && strcmp(detail.officer, "agency") == 0,
           "it was paid once, knows the fee and who has it");
    record_free(&detail.record);
    arena_free(&arena);
}

static int say(struct book_move *move, enum request_state to, const char *note,
               const char *documents, int64_t fee)
{
    struct book_move next = *move;
    struct id id = id_new();
    next.to = to;
    next.fee = fee;
    (void)str_copy(next.note, sizeof next.note, note);
    (void)str_copy(next.documents, sizeof next.documents, documents);
    int err = book_request_move(at.officer, &id, &next);
    if (!err)
        *move = next;
    return err;
}

static void said(void)
{
    struct book_move move = brought(STATE_IN_REVIEW);
    struct book_detail detail;
    struct arena *arena = arena_new();
    tap_is_int(say(&move, STATE_REJECTED, "", "", 0), SND_E_INVALID,
               "no rejection without a reason");
    tap_is_int(say(&move, STATE_REJECTED, "لا", "", 0), SND_E_INVALID, "nor with two letters");
    tap_is_int(say(&move, STATE_REJECTED, "\xe2\x80\xaeسبب الرفض", "", 0), SND_E_INVALID,
               "nor with a direction override");
    tap_is_int(say(&move, STATE_FEE_DUE, "", "", 0), SND_E_INVALID, "no fee of nothing");
    tap_is_int(say(&move, STATE_FEE_DUE, "", "", BOOK_FEE_MOST + 1), SND_E_INVALID,
               "nor of a million rials");
    tap_is_int(say(&move, STATE_APPROVED, "", "", 5), SND_E_INVALID, "nor where none is asked for");
    tap_is_int(say(&move, STATE_NEED_DOCS, "", "", 0), SND_E_INVALID, "no documents asked for");
    tap_is_int(say(&move, STATE_NEED_DOCS, "", "doc_a\"}", 0), SND_E_INVALID, "a key that is none");
    tap_is_int(say(&move, STATE_NEED_DOCS, "صورة حديثة للموقع", "doc_a doc_b", 0), 0,
               "documents are asked for");
    tap_is_int(book_request_get(at.clerk, move.number, arena, &detail), 0, "the clerk looks");
    const struct book_history *last = &detail.history[detail.histories - 1];
    tap_ok(detail.histories > 4 && last->state == STATE_NEED_DOCS &&
               strcmp(last->note, "صورة حديثة للموقع") == 0 &&
               strcmp(last->documents, "doc_a doc_b") == 0 && strcmp(last->actor, "agency") == 0,
           "and reads which, and why");
    record_free(&detail.record);
    arena_free(&arena);
}

static void lists(void)
{
    struct book_waiting *list;
    struct book_waits waits;
    size_t count, seen = 0;
    struct arena *arena = arena_new();
    struct book_queue ask = {.state = BOOK_ANY_STATE, .after = "", .max = 3};
    int order = 1, before = -1;
    int64_t last = 0;
    char after[BOOK_NUMBER];
    tap_is_int(book_request_waits(at.officer, &waits), 0, "what waits for the agency");
    do {
        if (book_request_queue(at.officer, &ask, arena, &list, &count))
            break;
        for (size_t i = 0; i < count; i++) {
            int state = (int)list[i].request.state;
            order &= state > before || (state == before && list[i].request.at >= last);
            before = state;
            last = list[i].request.at;
            ask.after_state = list[i].request.state;
            (void)str_copy(after, sizeof after, list[i].request.number);
        }
        ask.after = after;
        seen += count;
    } while (count == ask.max);
    tap_ok(seen == waits.all && seen > 5 && order,
           "its pages have each once, by state and the oldest first (%zu)", seen);
    tap_ok(waits.n[STATE_NEED_DOCS] == 0 && waits.n[STATE_QUEUED] > 0,
           "and nothing of the centre's");
    tap_is_int(book_request_waits(at.clerk, &waits), 0, "what waits for the centre");
    tap_ok(waits.n[STATE_NEED_DOCS] > 0 && waits.n[STATE_QUEUED] == 0,
           "and nothing of the agency's");
    ask = (struct book_queue){.mine = 1, .state = BOOK_ANY_STATE, .after = "", .max = BOOK_PAGE};
    tap_is_int(book_request_queue(at.officer, &ask, arena, &list, &count), 0, "an officer's own");
    int mine = count > 0;
    for (size_t i = 0; i < count; i++)
        mine &= strcmp(list[i].officer, "agency") == 0;
    tap_ok(mine, "are those in his hands");
    struct book_officer *officers;
    tap_ok(book_officer_list(at.officer, arena, &officers, &count) == 0 && count == 2 &&
               strcmp(officers[0].account, "agency") == 0,
           "the officers of the agency");
    arena_free(&arena);
}

/* Another agency's officer, and a clerk of another centre. */
static void outside(void)
{
    struct book_move move = brought(STATE_NEED_DOCS);
    struct book *far = rig_login(&at.rig, "agency3"), *away = rig_login(&at.rig, "clerk3");
    struct book_waits waits;
    tap_is_int(give(far, &move, "agency3"), SND_E_NOTFOUND, "another agency has no such request");
    tap_is_int(go(away, &move, STATE_IN_REVIEW), SND_E_NOTFOUND, "nor has another centre");
    tap_ok(book_request_waits(far, &waits) == 0 && waits.all == 0 &&
               book_request_waits(away, &waits) == 0 && waits.all == 0,
           "and nothing waits for them");
    book_close(&far);
    book_close(&away);
}

static void add(const char *name, enum role role, const char *centre, const char *scope)
{
    struct book_account row = {.role = role};
    (void)str_copy(row.account, sizeof row.account, name);
    (void)str_copy(row.name, sizeof row.name, "موظف آخر");
    (void)str_copy(row.centre, sizeof row.centre, centre);
    (void)str_copy(row.scope, sizeof row.scope, scope);
    if (book_account_add(at.shell, &row, "") || book_account_key(at.shell, name, rig_key(name), 1))
        tap_note("no account %s", name);
}

int main(void)
{
    int64_t requests;
    table();
    rig_make(&at.rig, RIG_USUAL);
    rig_start(&at.rig);
    at.shell = rig_shell(&at.rig);
    add("agency2", ROLE_AGENCY, "", "TEST");
    add("agency3", ROLE_AGENCY, "", "OTHER");
    add("clerk3", ROLE_CLERK, "DA01-009", "");
    at.clerk = rig_login(&at.rig, "clerk");
    at.owner = rig_login(&at.rig, "owner");
    at.officer = rig_login(&at.rig, "agency");
    at.other = rig_login(&at.rig, "agency2");
    at.record = rig_record(at.clerk, &at.rig, "سالم بن سعيد");
    matrix();
    two_at_once();
    once();
    said();
    lists();
    outside();
    record_free(&at.record);
    book_close(&at.clerk);
    book_close(&at.owner);
    book_close(&at.officer);
    book_close(&at.other);
    book_close(&at.shell);
    tap_is_int(rig_end(&at.rig, 15), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&at.rig, &requests), 0,
               "the book is clean: replay and recount say the same");
    rig_remove(&at.rig);
    return tap_done();
}
