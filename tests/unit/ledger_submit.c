/* SPDX-License-Identifier: Apache-2.0
 * Submitting: once whatever is repeated, by whichever session; judged by the ledger alone; and only
 * where and when the service is open. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define FAULTS 16

static struct fault faults[FAULTS];
static size_t count;

static int submit(struct book *book, const struct id *id, const struct record *record,
                  struct book_receipt *out)
{
    return book_submit(book, id, record, out, faults, FAULTS, &count);
}

static void once(struct book *clerk, struct record *record)
{
    struct book_receipt first, second;
    struct book_request *list;
    size_t rows = 0;
    struct id id = id_new();
    struct arena *arena = arena_new();
    tap_is_int(submit(clerk, &id, record, &first), 0, "a right record is taken");
    tap_ok(strncmp(first.number, "DA01-003-", 9) == 0, "its number begins with the centre's code");
    tap_ok(first.fee_agency == 500 && first.fee_centre == 2000, "the fees are the form's");
    tap_is_int(submit(clerk, &id, record, &second), 0, "a repeat is answered");
    tap_is(second.number, first.number, "with the first one's number");
    tap_is_int(book_request_list(clerk, "", "", 10, arena, &list, &rows), 0, "the list");
    tap_is_int((long long)rows, 1, "has it once");
    tap_ok(rows == 1 && list[0].state == STATE_QUEUED && strcmp(list[0].number, first.number) == 0,
           "waiting to be sent, under its number");
    arena_free(&arena);
}

static void two_sessions(struct book *one, struct book *two, struct record *record)
{
    struct book_receipt first, second = {0};
    struct id id = id_new();
    struct book_draft draft = {.id = id, .service = "TS-01"};
    memcpy(draft.sha, record->form->sha, HASH_SIZE);
    tap_is_int(book_draft_put(one, &draft, "", record), 0, "one session has the draft");
    tap_is_int(book_draft_flush(one), 0, "it was kept");
    tap_is_int(submit(two, &id, record, &second), SND_E_INUSE, "the other can't submit it");
    tap_is_int(submit(one, &id, record, &first), 0, "its holder can");
    tap_is_int(submit(two, &id, record, &second), 0, "afterwards the other is answered");
    tap_is(second.number, first.number, "with the same number");
}

static void other_account(struct book *clerk, struct book *owner, struct record *record)
{
    struct book_receipt receipt;
    struct id id = id_new();
    tap_is_int(submit(clerk, &id, record, &receipt), 0, "a clerk submits");
    tap_is_int(submit(owner, &id, record, &receipt), SND_E_CONFLICT,
               "another person's repeat of it is not an answer to him");
}

static void judged(struct book *clerk, struct record *record)
{
    struct book_receipt receipt;
    struct id id = id_new();
    int mobile = form_field(record->form, "mobile"), name = form_field(record->form, "name");
    record_set(record, mobile, "12");
    record_set(record, name, NULL);
    tap_is_int(submit(clerk, &id, record, &receipt), SND_E_INVALID, "wrong values are refused");
    tap_is_int((long long)count, 2, "with both faults");
    int seen = 0;
    for (size_t i = 0; i < count; i++) {
        seen += faults[i].field == mobile && faults[i].rule == FAULT_KIND;
        seen += faults[i].field == name && faults[i].rule == FAULT_REQUIRED;
        seen += faults[i].sentence && faults[i].sentence[0] ? 0 : 100;
    }
    tap_is_int(seen, 2, "each says the field, the rule and what to do");
    record_set(record, mobile, "92345678");
    record_set(record, name, "سالم بن سعيد");
    tap_is_int(submit(clerk, &id, record, &receipt), 0, "the same draft is taken once it is right");
}

/* What a desk could never send: asked with raw frames. */
static int raw_submit(struct rig *rig, const uint8_t *sha, const char *values)
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new();
    int fd = rig_connect(rig), status = 0;
    int err = rig_raw_login(fd, "clerk", NULL);
    rig_begin(&frame, 5, "request.submit", &id);
    wire_put_id(&frame, &id);
    wire_put_bytes(&frame, sha, HASH_SIZE);
    wire_put_text(&frame, values);
    if (!err)
        err = rig_ask(fd, &frame, &status, &answer);
    close(fd);
    return err ? err : status;
}

static void raw(struct rig *rig)
{
    uint8_t none[HASH_SIZE] = {1};
    static const char right[] = "{\"civil\":\"12345678\",\"name\":\"سالم بن سعيد\",\"mobile\":"
                                "\"92345678\",\"capacity\":\"self\"}";
    tap_is_int(raw_submit(rig, rig->open_form, right), 0, "right values, sent raw");
    tap_is_int(raw_submit(rig, rig->open_form,
                          "{\"civil\":\"12345678\",\"name\":\"سالم\",\"mobile\":\"92345678\","
                          "\"capacity\":\"emperor\"}"),
               SND_E_INVALID, "a choice that the list doesn't have");
    tap_is_int(raw_submit(rig, rig->open_form, "{\"civil\":\"12345678\",\"fee\":\"0\"}"), SND_E_BAD,
               "a field that the form doesn't have");
    tap_is_int(raw_submit(rig, rig->open_form,
                          "{\"civil\":\"12345678\",\"name\":\"سالم\",\"mobile\":\"92345678\","
                          "\"capacity\":\"self\",\"name\":\"علي\"}"),
               SND_E_BAD, "a field that comes twice");
    tap_is_int(raw_submit(rig, rig->open_form, "{\"civil\":\"12345678\""), SND_E_BAD,
               "half a record");
    tap_is_int(
        raw_submit(rig, rig->open_form,
                   "{\"civil\":\"12345678\",\"name\":\"\xe2\x80\xae\",\"mobile\":\"92345678\","
                   "\"capacity\":\"self\"}"),
        SND_E_BAD, "a text with a direction override");
    tap_is_int(raw_submit(rig, none, right), SND_E_NOTFOUND, "a form that nobody knows");
    tap_is_int(raw_submit(rig, rig->closed_form, right), SND_E_CLOSED, "a service that is closed");
}

static void entered(struct rig *rig, int practice)
{
    struct book *shell = rig_shell(rig);
    struct record *record = rig_record(shell, rig, "مريم بنت علي");
    struct book_receipt receipt;
    struct book_detail detail;
    struct arena *arena = arena_new();
    struct id id = id_new();
    int err = book_enter(shell, &id, "clerk", "2018-01-14", 610, "", record, &receipt, faults,
                         FAULTS, &count);
    if (!practice) {
        tap_is_int(err, SND_E_DENIED, "an office in earnest has no entering for past days");
    } else {
        tap_is_int(err, 0, "a practice office enters for a past day");
        tap_is_int(book_request_get(shell, receipt.number, arena, &detail), 0, "it is found");
        tap_is(detail.request.account, "clerk", "in the clerk's name");
        tap_is_int(detail.request.day, 17545, "on that day");
        tap_is(record_get(detail.record, "name"), "مريم بنت علي", "with its values");
        tap_ok(detail.histories == 1 && strcmp(detail.history[0].actor_name, "موظف مركز") == 0,
               "its history has who did it, by name");
        record_free(&detail.record);
        id = id_new();
        err = book_enter(shell, &id, "clerk", "2199-01-01", 610, "", record, &receipt, faults,
                         FAULTS, &count);
        tap_is_int(err, SND_E_BAD, "but not for a day to come");
    }
    record_free(&record);
    book_close(&shell);
    arena_free(&arena);
}

int main(void)
{
    struct rig rig;
    int64_t requests;
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    struct book *clerk = rig_login(&rig, "clerk"), *again = rig_login(&rig, "clerk");
    struct book *owner = rig_login(&rig, "owner");
    struct record *record = rig_record(clerk, &rig, "سالم بن سعيد");
    once(clerk, record);
    two_sessions(clerk, again, record);
    other_account(clerk, owner, record);
    judged(clerk, record);
    raw(&rig);
    entered(&rig, 1);
    record_free(&record);
    book_close(&clerk);
    book_close(&again);
    book_close(&owner);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, &requests), 0, "the book is clean");
    tap_is_int(requests, 6, "and has each request once");
    rig_remove(&rig);
    rig_make(&rig, RIG_EARNEST);
    rig_start(&rig);
    entered(&rig, 0);
    rig_remove(&rig);
    return tap_done();
}
