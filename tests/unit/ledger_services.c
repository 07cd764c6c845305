/* SPDX-License-Identifier: Apache-2.0
 * The life of a service in an office that works: closed and opened again for some days whatever its
 * form says, loaded in a new version under the hands of those who fill in the old one, begun by a
 * clerk only when its notice has been read, and practised without leaving anything but a record. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define DAY 17545 /* 2018-01-14 */

static struct rig rig;
static struct book *clerk, *other, *shell, *super;
static struct record *record; /* of TS-01, right */
static struct arena *kept;    /* of the services looked at */

static int submit(struct book *book, const struct record *of)
{
    struct book_receipt receipt;
    struct fault faults[8];
    struct id id = id_new();
    size_t count;
    return book_submit(book, &id, of, &receipt, faults, 8, &count);
}

static struct book_service service_of(struct book *book, const char *code)
{
    struct book_service *list, found = {0};
    size_t count = 0;
    tap_ok(book_service_list(book, kept, &list, &count) == 0, "the catalogue comes");
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].code, code) == 0)
            found = list[i];
    return found;
}

static struct book_ruling ruling_of(const char *service, int32_t from, int32_t to,
                                    const char *reason)
{
    struct book_ruling ruling = {.from = from, .to = to};
    (void)str_copy(ruling.service, sizeof ruling.service, service);
    (void)str_copy(ruling.reason, sizeof ruling.reason, reason);
    return ruling;
}

static void closing(void)
{
    struct book_ruling ruling = ruling_of("TS-01", DAY, DAY + 2, "انتقال الجهة");
    int told;
    tap_is_int(book_service_close(clerk, &ruling), SND_E_DENIED, "a clerk closes nothing");
    tap_is_int(book_service_close(super, &ruling), 0, "a supervisor closes a service");
    struct book_service service = service_of(clerk, "TS-01");
    tap_ok(!service.open && service.state == SERVICE_CLOSED, "it is shown closed");
    tap_is(service.reason, "انتقال الجهة", "with the reason");
    tap_is_int(service.opens, DAY + 3, "and the day on which its form opens it again");
    tap_is_int(submit(clerk, record), SND_E_CLOSED, "nothing is submitted meanwhile");
    ruling = ruling_of("TS-01", DAY, DAY, "");
    tap_is_int(book_service_open(shell, &ruling, NULL, 0, &told), 0, "it is opened after all");
    tap_is_int(told, 0, "which is no news: it was open before");
    tap_is_int(submit(clerk, record), 0, "what is submitted then is taken");
    ruling = ruling_of("TS-01", DAY + 1, BOOK_FOREVER, "");
    tap_is_int(book_service_close(shell, &ruling), 0, "closed from tomorrow on");
    tap_ok(service_of(clerk, "TS-01").open, "it is open today");
    ruling = ruling_of("TS-01", DAY - 9, DAY - 1, "");
    tap_is_int(book_service_close(shell, &ruling), 0, "closed until yesterday");
    tap_ok(service_of(clerk, "TS-01").open, "it is open today");
}

static void ruled(void)
{
    struct arena *arena = arena_new();
    struct book_ruled *list;
    size_t count = 0;
    tap_is_int(book_service_rulings(clerk, "TS-01", arena, &list, &count), SND_E_DENIED,
               "a clerk doesn't read who ruled what");
    tap_ok(book_service_rulings(super, "TS-01", arena, &list, &count) == 0 && count == 4,
           "a supervisor reads all that was ruled of a service");
    tap_ok(list[0].ruling.to == DAY - 1 && list[1].ruling.to == BOOK_FOREVER && list[2].opens &&
               !list[3].opens,
           "the newest first");
    tap_is(list[3].ruling.reason, "انتقال الجهة", "with the reason");
    tap_is(list[3].actor, "sup", "and whoever did it");
    tap_ok(list[3].at > 0 && list[3].ruling.from == DAY && list[3].ruling.to == DAY + 2,
           "and the days");
    tap_ok(book_service_rulings(super, "XX-99", arena, &list, &count) == 0 && count == 0,
           "of a service that isn't there nothing");
    arena_free(&arena);
}

static void refused(void)
{
    struct book_ruling ruling = ruling_of("XX-99", DAY, DAY, "");
    tap_is_int(book_service_close(shell, &ruling), SND_E_NOTFOUND, "no such service");
    ruling = ruling_of("TS-01", DAY, DAY, "\xe2\x80\xaeسبب");
    tap_is_int(book_service_close(shell, &ruling), SND_E_BAD, "a reason with a bidi control");
    ruling = ruling_of("TS-01", DAY, DAY - 1, "");
    int err = book_service_close(shell, &ruling);
    tap_ok(err != 0, "an end before the beginning");
    book_close(&shell);
    shell = rig_shell(&rig);
}

/* TS-02 was never open: who may begin it must first know of it. */
static void first_opening(void)
{
    struct book_ruling ruling = ruling_of("TS-02", DAY, BOOK_FOREVER, "");
    struct arena *arena = arena_new();
    struct book_notice *list;
    struct book_me me;
    size_t count = 9;
    int told = 0;
    const struct form *form;
    tap_is_int(service_of(clerk, "TS-02").state, SERVICE_CLOSED, "a service is closed by its form");
    tap_is_int(book_service_open(shell, &ruling, NULL, 0, &told), 0, "it is opened");
    tap_is_int(told, 1, "for the first time, so that its clerks are told");
    struct book_service service = service_of(clerk, "TS-02");
    tap_ok(service.open && !id_is_zero(&service.notice), "it is open, with a notice");
    tap_is_int(book_form(clerk, service.sha, &form), 0, "its form");
    struct record *second = record_new(form);
    for (size_t i = 0; i < form->fields; i++)
        record_set(second, (int)i, record->value[i]);
    tap_is_int(submit(clerk, second), SND_E_CLOSED, "a clerk who hasn't read it submits nothing");
    tap_is_int(book_auth_key(other, "owner", rig_key("owner"), "x", &me), 0, "another logs in");
    tap_is_int(me.notices, 1, "and hears that there is something to read");
    tap_ok(book_notice_list(clerk, arena, &list, &count) == 0 && count == 1, "there is one notice");
    tap_ok(strcmp(list[0].service, "TS-02") == 0 && list[0].version == 0 && list[0].from == DAY &&
               strcmp(list[0].title[LANG_EN], "A service to test with") == 0,
           "that says which service, and that it is new");
    tap_is_int(book_notice_read(clerk, &list[0].id), 0, "it is read");
    tap_is_int(book_notice_read(clerk, &list[0].id), 0, "reading it again is no harm");
    tap_is_int(submit(clerk, second), 0, "then the service is open for that clerk");
    tap_is_int(submit(other, second), SND_E_CLOSED, "and not for the other");
    tap_ok(book_notice_list(clerk, arena, &list, &count) == 0 && count == 0,
           "none is left to read");
    tap_is_int(book_service_open(shell, &ruling, NULL, 0, &told), 0, "opened once more");
    tap_is_int(told, 0, "it is no news");
    struct id none = id_new();
    tap_is_int(book_notice_read(clerk, &none), SND_E_NOTFOUND, "a notice that isn't there");
    record_free(&second);
    arena_free(&arena);
}

static int load(struct book *book, int version, const struct book_notice *notice, int *added)
{
    static const char *const names[] = {"capacities"};
    const char *texts[] = {rig_list};
    char text[RIG_FORM];
    uint8_t sha[HASH_SIZE];
    rig_form_text("TS-01", text);
    char *at = strstr(text, "version 1");
    at[strlen("version ")] = (char)('0' + version);
    return book_form_load(book, text, 1, names, texts, notice, sha, added);
}

static struct record *record_of(struct book *book, const uint8_t sha[HASH_SIZE])
{
    const struct form *form;
    if (book_form(book, sha, &form) != 0)
        return NULL;
    struct record *made = record_new(form);
    for (size_t i = 0; i < form->fields; i++)
        record_set(made, (int)i, record->value[i]);
    return made;
}

static void new_version(void)
{
    struct book_notice notice = {.body = {"حقل جديد للصفة.", "A new field."}}, *list;
    struct book_draft draft = {.id = id_new(), .service = "TS-01"}, opened;
    struct record *read_back = NULL;
    struct arena *arena = arena_new();
    char *typed = NULL;
    size_t count;
    int added = 0;
    memcpy(draft.sha, record->form->sha, HASH_SIZE);
    tap_ok(book_draft_put(clerk, &draft, "", record) == 0 && book_draft_flush(clerk) == 0,
           "a clerk is in the middle of a form");
    tap_is_int(load(clerk, 2, NULL, &added), SND_E_DENIED, "a clerk loads no forms");
    tap_is_int(load(super, 2, &notice, &added), 0,
               "a supervisor loads a new version with a notice");
    tap_is_int(added, 1, "it is new");
    struct book_service service = service_of(clerk, "TS-01");
    tap_ok(memcmp(service.sha, record->form->sha, HASH_SIZE) != 0, "it is the one in force");
    tap_ok(book_notice_list(clerk, arena, &list, &count) == 0 && count == 1 &&
               strcmp(list[0].body[LANG_AR], notice.body[LANG_AR]) == 0 && list[0].version == 2,
           "its notice waits");
    tap_is_int(submit(clerk, record), 0, "the old one is taken as before");
    tap_is_int(book_draft_release(clerk, &draft.id), 0, "the draft is put aside");
    tap_is_int(book_draft_open(clerk, &draft.id, &opened, &typed, &read_back), 0, "and opened");
    tap_ok(read_back && read_back->form->version == 1, "with its own form");
    struct record *new_one = record_of(clerk, service.sha);
    tap_is_int(submit(clerk, new_one), SND_E_CLOSED, "the new one waits for the notice");
    tap_is_int(book_notice_read(clerk, &list[0].id), 0, "which is read");
    tap_is_int(submit(clerk, new_one), 0, "then it is taken");
    tap_is_int(load(shell, 3, NULL, &added), 0, "a version without a notice");
    service = service_of(clerk, "TS-01");
    struct record *third = record_of(clerk, service.sha);
    tap_is_int(submit(clerk, third), 0, "is open at once for who has read of the one before");
    struct record *theirs = record_of(other, service.sha);
    tap_is_int(submit(other, theirs), SND_E_CLOSED, "and for others once they have");
    record_free(&theirs);
    record_free(&third);
    record_free(&new_one);
    record_free(&read_back);
    x_free(&typed);
    arena_free(&arena);
}

static void practising(void)
{
    struct arena *arena = arena_new();
    struct book_training *list;
    size_t count;
    struct id id = id_new();
    tap_is_int(book_training_add(clerk, &id, rig.open_form, 3), 0, "practice is noted");
    tap_is_int(book_training_add(clerk, &id, rig.open_form, 3), 0, "once, also when repeated");
    tap_ok(book_training_list(super, arena, &list, &count) == 0 && count == 1 &&
               strcmp(list[0].account, "clerk") == 0 && strcmp(list[0].service, "TS-01") == 0 &&
               strcmp(list[0].centre, "DA01-003") == 0 && list[0].faults == 3,
           "a supervisor sees who, where, which service and how many faults");
    uint8_t none[HASH_SIZE] = {1};
    id = id_new();
    tap_is_int(book_training_add(clerk, &id, none, 0), SND_E_NOTFOUND, "a form that nobody knows");
    arena_free(&arena);
}

int main(void)
{
    int64_t requests;
    kept = arena_new();
    setenv("SANAD_TODAY", "2018-01-14", 1);
    rig_make(&rig, 1);
    rig_start(&rig);
    clerk = rig_login(&rig, "clerk");
    super = rig_login(&rig, "sup");
    shell = rig_shell(&rig);
    tap_is_int(book_open(rig.socket, &other), 0, "a connection more");
    record = rig_record(clerk, &rig, "سالم بن سعيد");
    closing();
    ruled();
    refused();
    first_opening();
    new_version();
    practising();
    record_free(&record);
    book_close(&clerk);
    book_close(&super);
    book_close(&other);
    book_close(&shell);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, &requests), 0,
               "a replay gives the same rulings, notices and practice");
    tap_is_int(requests, 5, "and the requests");
    rig_remove(&rig);
    arena_free(&kept);
    return tap_done();
}
