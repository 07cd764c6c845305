/* SPDX-License-Identifier: Apache-2.0
 * By which channel a request came: at a centre, at the desk that an agency shares with one, or by
 * the person. It follows from the account, stands in the request, and reports count it. */
#include <signal.h>
#include <string.h>
#include "base/err.h"
#include "book/report.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define FAULTS 8

static void add_desk(struct book *shell, const char *name, const char *agency, int want)
{
    struct book_account row = {.role = ROLE_CLERK};
    (void)str_copy(row.account, sizeof row.account, name);
    (void)str_copy(row.name, sizeof row.name, "مكتب");
    (void)str_copy(row.centre, sizeof row.centre, "DA01-003");
    (void)str_copy(row.scope, sizeof row.scope, agency);
    int err = book_account_add(shell, &row, "");
    if (!err)
        err = book_account_key(shell, name, rig_key(name), 1);
    tap_ok(err == want, "a clerk's account whose joint desk is of \"%s\"", agency);
}

static void channel_is(struct book *book, const char *number, const char *want)
{
    struct book_detail detail = {0};
    struct arena *arena = arena_new();
    int err = book_request_get(book, number, arena, &detail);
    if (err)
        detail.channel[0] = '\0';
    tap_is(detail.channel, want,
           strcmp(want, "joint") == 0 ? "a request of the joint desk says so"
                                      : "the request says its channel");
    record_free(&detail.record);
    arena_free(&arena);
}

static void submitted(const struct rig *rig, const char *account, const char *want)
{
    struct book *book = rig_login(rig, account);
    struct record *record = rig_record(book, rig, "سالم بن سعيد");
    struct book_receipt receipt = {0};
    struct fault faults[FAULTS];
    size_t count;
    struct id draft = id_new();
    int err = book_submit(book, &draft, record, &receipt, faults, FAULTS, &count);
    tap_ok(err == 0, "%s submits", account);
    channel_is(book, receipt.number, want);
    record_free(&record);
    book_close(&book);
}

static void entered(const struct rig *rig, struct book *shell, const char *channel, int want)
{
    struct record *record = rig_record(shell, rig, "مريم بنت علي");
    struct book_receipt receipt = {0};
    struct fault faults[FAULTS];
    size_t count;
    struct id id = id_new();
    int err = book_enter(shell, &id, "clerk", "2018-01-14", 610, channel, record, &receipt, faults,
                         FAULTS, &count);
    tap_ok(err == want, "a prepared request of channel \"%s\"", channel);
    if (!err)
        channel_is(shell, receipt.number, channel);
    record_free(&record);
}

static void counted(struct book *shell, const char *where, const char *want)
{
    struct book_report report;
    char got[128] = "";
    struct arena *arena = arena_new();
    struct book_ask ask = {.by = DIM_CHANNEL, .from = 17545, .to = 25000, .wheres = 1};
    ask.where[0].dim = DIM_AGENCY;
    (void)str_copy(ask.where[0].value, sizeof ask.where[0].value, "TEST");
    if (where) {
        ask.where[1].dim = DIM_CHANNEL;
        (void)str_copy(ask.where[1].value, sizeof ask.where[1].value, where);
        ask.wheres = 2;
    }
    int err = book_report(shell, &ask, arena, &report);
    for (size_t i = 0; !err && i < report.count; i++) {
        size_t len = strlen(got);
        (void)str_format(got + len, sizeof got - len, "%s=%d ", report.row[i].code,
                         (int)report.row[i].n);
    }
    tap_is(err ? "" : got, want,
           where ? "and those of one channel" : "an agency's requests by channel");
    arena_free(&arena);
}

static void listed(struct book *shell)
{
    struct report_request *row = NULL;
    size_t count = 0;
    struct arena *arena = arena_new();
    struct book_ask ask = {.by = DIM_NATION, .from = 17545, .to = 25000, .wheres = 1};
    ask.where[0].dim = DIM_CHANNEL;
    (void)str_copy(ask.where[0].value, sizeof ask.where[0].value, "joint");
    int err = book_report_list(shell, &ask, NULL, 10, arena, &row, &count);
    tap_ok(err == 0 && count == 1 && strcmp(row[0].clerk, "desk") == 0,
           "the request behind the number is the joint desk's");
    arena_free(&arena);
}

static void unknown(struct book *shell)
{
    struct book_report report;
    struct arena *arena = arena_new();
    struct book_ask ask = {.by = DIM_NATION, .from = 17545, .to = 25000, .wheres = 1};
    ask.where[0].dim = DIM_CHANNEL;
    (void)str_copy(ask.where[0].value, sizeof ask.where[0].value, "pigeon");
    tap_is_int(book_report(shell, &ask, arena, &report), SND_E_BAD, "there is no such channel");
    arena_free(&arena);
}

int main(void)
{
    struct rig rig;
    int64_t requests;
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    struct book *shell = rig_shell(&rig);
    add_desk(shell, "desk", "TEST", 0);
    add_desk(shell, "other", "MZEC", 0);
    add_desk(shell, "wrong", "no agency", SND_E_INVALID);
    submitted(&rig, "clerk", "centre");
    submitted(&rig, "desk", "joint");
    submitted(&rig, "other", "centre"); /* it is another agency's service */
    entered(&rig, shell, "self", 0);
    entered(&rig, shell, "pigeon", SND_E_BAD);
    counted(shell, NULL, "centre=2 joint=1 self=1 ");
    counted(shell, "self", "self=1 ");
    listed(shell);
    unknown(shell);
    book_close(&shell);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, &requests), 0,
               "channels of a replay and a recount are those of the book");
    tap_is_int(requests, 4, "with each request");
    rig_remove(&rig);
    return tap_done();
}
