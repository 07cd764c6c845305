/* SPDX-License-Identifier: Apache-2.0
 * Masking: what reaches a desk of a supervisor or an auditor holds no civil number and no telephone
 * until it is asked for with a reason, which is then in the book; the clerk has the own centre's
 * open record whole; no list has more of a number than its tail for anybody. Looked for in the
 * frames as they come. */
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

static const char *const numbers[] = {"12345678", "92345678"};

/* How many of the numbers stand in an answer; -1: it was refused. */
static int shows(struct rig *rig, const char *account, const char *operation, const char *number,
                 const char *reason, int *status)
{
    struct buf frame;
    struct wire answer;
    struct id none = {0};
    int fd = rig_connect(rig), hits = 0;
    *status = SND_E_LOST;
    if (rig_raw_login(fd, account, NULL) != 0)
        return -1;
    rig_begin(&frame, 9, operation, &none);
    wire_put_text(&frame, number);
    if (strcmp(operation, "request.list") == 0) {
        wire_put_text(&frame, "");
        wire_put_u32(&frame, 10);
    } else if (reason) {
        wire_put_text(&frame, reason);
    }
    int err = rig_ask(fd, &frame, status, &answer);
    for (size_t i = 0; !err && *status == 0 && i < SND_COUNT(numbers); i++)
        hits += memmem(answer.at, answer.left, numbers[i], 8) != NULL;
    int tails = !err && *status == 0 &&
                memmem(answer.at, answer.left, "••••5678", strlen("••••5678")) != NULL;
    close(fd);
    return err || *status ? -1 : tails && hits == 0 ? 100 : hits;
}

static int revealed(const struct rig *rig, const char *actor)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    int count = -1;
    if (sqlite3_open_v2(rig->db, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db,
                           "SELECT COUNT(*) FROM event WHERE type = 'request.revealed'"
                           " AND actor = ?1 AND tx IN (SELECT id FROM request)",
                           -1, &stmt, NULL) == SQLITE_OK) {
        sqlite3_bind_text(stmt, 1, actor, -1, SQLITE_STATIC);
        if (sqlite3_step(stmt) == SQLITE_ROW)
            count = sqlite3_column_int(stmt, 0);
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return count;
}

static void test_roles(struct rig *rig, const char *number)
{
    static const struct {
        const char *account;
        int full; /* sees all of it without a word */
        int may;  /* may have it revealed */
    } role[] = {{"clerk", 1, 0},   {"owner", 1, 0}, {"agency", 1, 0},
                {"gov_sup", 0, 1}, {"sup", 0, 1},   {"auditor", 0, 1}};
    int status;
    for (size_t i = 0; i < SND_COUNT(role); i++) {
        const char *who = role[i].account;
        int got = shows(rig, who, "request.get", number, NULL, &status);
        tap_ok(got == (role[i].full ? 2 : 100), "%s sees an open request %s", who,
               role[i].full ? "in full" : "masked");
        tap_is_int(shows(rig, who, "request.list", "12345678", NULL, &status), 100,
                   "in a list the number's last four signs and no more");
        tap_is_int(shows(rig, who, "go.find", "12345678", NULL, &status), 100,
                   "the same in what is found while it is typed");
        got = shows(rig, who, "request.reveal", number, "شكوى من صاحب الطلب", &status);
        if (!role[i].may) {
            tap_is_int(status, SND_E_DENIED, "there is nothing to reveal");
            continue;
        }
        tap_is_int(got, 2, "with a reason all of it is shown");
        tap_is_int(revealed(rig, who), 1, "and that is in the book");
        got = shows(rig, who, "request.get", number, NULL, &status);
        tap_is_int(got, 100, "once: it is masked again after that");
        (void)shows(rig, who, "request.reveal", number, "x", &status);
        tap_is_int(status, SND_E_INVALID, "no reason, nothing shown");
        tap_is_int(revealed(rig, who), 1, "and nothing in the book");
    }
}

int main(void)
{
    struct rig rig;
    struct book_receipt receipt;
    struct fault faults[8];
    struct id id = id_new();
    size_t count;
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    struct book *clerk = rig_login(&rig, "clerk");
    struct record *record = rig_record(clerk, &rig, "سالم بن سعيد");
    tap_is_int(book_submit(clerk, &id, record, &receipt, faults, 8, &count), 0, "a request");
    test_roles(&rig, receipt.number);
    record_free(&record);
    book_close(&clerk);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, NULL), 0, "the book is clean");
    rig_remove(&rig);
    return tap_done();
}
