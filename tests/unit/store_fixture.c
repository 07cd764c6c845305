/* SPDX-License-Identifier: Apache-2.0 */
/* An office for the store's tests. The form is put together by hand: these tests are about keeping
 * things, and don't depend on how a form is written. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "form/party.h"
#include "base/proc.h"
#include "store/keep.h"
#include "store/report.h"
#include "store/feed_priv.h"
#include "store/link.h"
#include "store/oversight.h"
#include "store/seat.h"
#include "tests/tap.h"
#include "tests/unit/store_fixture.h"

static const struct field fixture_fields[] = {
    {.key = "name", .kind = FIELD_NAME_AR},  {.key = "civil", .kind = FIELD_CIVIL},
    {.key = "note", .kind = FIELD_TEXT},     {.key = "mobile", .kind = FIELD_MOBILE},
    {.key = "agent", .kind = FIELD_NAME_AR}, {.key = "agent_civil", .kind = FIELD_CIVIL},
};

void fixture_must(int err, const char *call)
{
    if (err == 0)
        return;
    tap_note("%s: %s", call, err_text(err));
    tap_ok(0, "the fixture works");
    exit(tap_done());
}

/* Who applies, and for whom somebody does, by the fields above. */
#define NOTHING_ELSE                                                                               \
    [PERSON_CR] = -1, [PERSON_NAME_EN] = -1, [PERSON_BIRTH] = -1, [PERSON_GENDER] = -1,            \
    [PERSON_MARITAL] = -1, [PERSON_WILAYAT] = -1, [PERSON_GRADE] = -1, [PERSON_CAPACITY] = -1,     \
    [PERSON_MANDATE] = -1
static const struct party fixture_parties[] = {
    {.name = "applicant",
     .field = {[PERSON_CIVIL] = 1, [PERSON_NAME] = 0, [PERSON_MOBILE] = 3, NOTHING_ELSE}},
    {.name = "agent",
     .field = {[PERSON_CIVIL] = 5, [PERSON_NAME] = 4, [PERSON_MOBILE] = -1, NOTHING_ELSE}},
};

static void fixture_form(struct form *form)
{
    static const char text[] = "form MZ-01 version 1\n";
    memset(form, 0, sizeof *form);
    form->code = "MZ-01";
    form->version = 1;
    form->agency = "MZEC";
    form->text = text;
    form->field = fixture_fields;
    form->fields = SND_COUNT(fixture_fields);
    form->party = fixture_parties;
    form->parties = SND_COUNT(fixture_parties);
    hash_bytes(text, strlen(text), form->sha);
}

void fixture_open(struct fixture *f)
{
    fixture_open_at(f, "DA01-003");
}

void fixture_open_at(struct fixture *f, const char *centre)
{
    memset(f, 0, sizeof *f);
    must(str_format(f->folder, sizeof f->folder, "%s/sanad-store-XXXXXX", tap_place()));
    if (mkdtemp(f->folder) == NULL)
        fixture_must(SND_E_SYS, "mkdtemp");
    must(str_format(f->path, sizeof f->path, "%s/office.db", f->folder));
    must(str_format(f->kept, sizeof f->kept, "%s/kept.db", f->folder));
    f->office = (struct store_office){.node = id_new(), .epoch = 1, .practice = 1};
    must(str_copy(f->office.centre, sizeof f->office.centre, centre));
    must(str_copy(f->office.centre_name, sizeof f->office.centre_name, "سند الاختبار"));
    must(str_format(f->office.wilayat, sizeof f->office.wilayat, "%.4s", centre));
    f->actor = (struct store_actor){.at = 1700000000000, .day = 19676};
    must(str_copy(f->actor.name, sizeof f->actor.name, "huda"));
    must(str_copy(f->actor.centre, sizeof f->actor.centre, centre));
    must(str_copy(f->actor.peer, sizeof f->actor.peer, "127.0.0.1:4022"));
    fixture_form(&f->form);
    must(str_format(f->keyring, sizeof f->keyring, "%s/keyring", f->folder));
    must(vault_make(f->keyring));
    must(vault_load(f->keyring, &f->vault));
    must(store_open(f->path, STORE_CREATE, f->vault, &f->store));
    must(store_office_make(f->store, &f->office, &f->actor));
}

void fixture_remove(const char *path)
{
    static const char *const tails[] = {"", "-wal", "-shm"};
    char name[128];
    for (size_t i = 0; i < SND_COUNT(tails); i++) {
        must(str_format(name, sizeof name, "%s%s", path, tails[i]));
        unlink(name);
    }
}

void fixture_close(struct fixture *f)
{
    store_close(&f->store);
    vault_free(&f->vault);
    unlink(f->keyring);
    fixture_remove(f->path);
    fixture_remove(f->kept);
    rmdir(f->folder);
}

void fixture_again(struct fixture *f, enum store_mode mode)
{
    store_close(&f->store);
    must(store_open(f->path, mode, f->vault, &f->store));
}

int fixture_submit(struct fixture *f, const char *name, const char *civil,
                   struct store_request *out)
{
    struct record *record = record_new(&f->form);
    if (id_is_zero(&out->id))
        out->id = id_new();
    must(str_copy(out->service, sizeof out->service, "MZ-01"));
    must(str_copy(out->agency, sizeof out->agency, "MZEC"));
    if (out->centre[0] == '\0')
        must(str_copy(out->centre, sizeof out->centre, f->office.centre));
    must(str_copy(out->account, sizeof out->account, "huda"));
    must(str_copy(out->applicant, sizeof out->applicant, name));
    must(str_copy(out->civil, sizeof out->civil, civil));
    memcpy(out->sha, f->form.sha, HASH_SIZE);
    out->fee_agency = 2000;
    out->fee_centre = 500;
    record_set(record, 0, name);
    record_set(record, 1, civil);
    record_set(record, 3, f->mobile);
    record_set(record, 4, f->agent);
    record_set(record, 5, f->agent_civil);
    f->actor.at += 1000;
    int err = store_request_submit(f->store, out, record, &f->actor);
    record_free(&record);
    return err;
}

/* A service closed and opened again with a notice, which somebody has read, and practised. */
static void fixture_services(struct fixture *f)
{
    struct store_ruling ruling = {.service = "MZ-01", .from = 19676, .to = 19700};
    struct store_notice notice = {.body = {"جديد", "New"}}, found;
    struct store_training training = {.account = "huda", .service = "MZ-01", .faults = 2};
    must(str_copy(ruling.reason, sizeof ruling.reason, "الجهة مغلقة"));
    must(store_service_rule(f->store, &ruling, NULL, &f->actor));
    memcpy(training.sha, f->form.sha, HASH_SIZE);
    must(store_training_add(f->store, &training, &f->actor));
    ruling.opens = 1;
    must(store_service_rule(f->store, &ruling, &notice, &f->actor));
    must(store_notice_newest(f->store, "MZ-01", 1, &found));
    must(store_notice_read(f->store, "huda", &found.id, &f->actor));
}

/* What the centre raised. */
static void fixture_issue(struct fixture *f)
{
    struct store_oversight issue = {.id = id_new(), .kind = OVERSIGHT_ISSUE, .day = 17545};
    must(str_copy(issue.place, sizeof issue.place, "DA01-003"));
    must(str_copy(issue.words, sizeof issue.words, "الخط ينقطع كل صباح"));
    must(store_oversight_add(f->store, &issue, &f->actor));
}

/* Somebody searched, long ago, and what was searched for is let go. */
static void fixture_purge(struct fixture *f)
{
    struct store_seen seen = {.sight = SIGHT_SEARCH, .words = "سالم", .rows = 2};
    struct store_purge what = {.class = "looking", .trail = 1, .before = 1600000000000};
    struct store_purged out;
    struct store_actor then = f->actor;
    then.at = 1500000000000;
    must(store_seen_keep(f->store, &seen, &then));
    must(store_purge(f->store, &what, &out, &f->actor));
}

/* A register, and two requests of the past. */
static void fixture_past(struct fixture *f)
{
    static const char *const text = "@2016-11-28 DA01-003 1\n"
                                    "09:14 morning .02 MP-01 MOMP closed m 5000 2000 1\n"
                                    "17:05 evening .02 MP-02 MOMP rejected f 0 1000 1\n";
    struct store_entry centre = {.parent = "DA01", .note = "fibre", .since = 15000};
    struct store_import import;
    size_t added;
    must(str_copy(centre.code, sizeof centre.code, "DA01-003"));
    must(str_copy(centre.ar, sizeof centre.ar, "مركز الأفق"));
    must(str_copy(centre.owner, sizeof centre.owner, "سالم بن حمد"));
    must(str_copy(centre.licence, sizeof centre.licence, "L-3"));
    centre.licensed = 20000;
    must(store_register_enter(f->store, "centre", &centre, 1, &added, &f->actor));
    must(store_history_import(f->store, text, &import, &f->actor));
}

/* A centre that has joined, one that is invited, and an event of a hub's that can't be read. */
static void fixture_feed(struct fixture *f)
{
    struct store_node node = {.id = id_new(), .centre = "BS01-002", .name = "مركز", .cert = "aa"};
    struct buf run = BUF_INIT(4096), body = BUF_INIT(4096);
    struct event event = {.type = "x.future", .actor = "hub", .centre = "MU01-001"};
    struct id id = id_new(), hub = id_new();
    size_t offset = 0;
    memcpy(event.id, id.b, ID_SIZE);
    must(str_copy(node.code, sizeof node.code, "$argon2id$three"));
    node.until = 1900000000000;
    must(store_node_invite(f->store, &node, &f->actor));
    must(store_node_join(f->store, &node, &f->actor));
    must(str_copy(node.centre, sizeof node.centre, "BS01-003"));
    must(store_node_invite(f->store, &node, &f->actor));
    must(store_line_key(f->store, node.sign_key));
    must(store_line_join(f->store, "https://hub", &hub));
    feed_record_put(&body, &event, "no JSON", 7, NULL);
    wire_put_u32(&run, (uint32_t)(body.len - 4 + 16));
    wire_put_i64(&run, 1);
    wire_put_i64(&run, 1);
    buf_put(&run, body.data + 4, body.len - 4);
    must(store_feed_in(f->store, run.data, run.len, &offset, 10, &f->actor));
    must(store_line_join(f->store, "", &hub));
    buf_free(&run);
    buf_free(&body);
}

/* The hub's event with that number, of which `said` is the payload. */
static void fixture_told(struct fixture *f, struct event *event, int seq, const struct buf *said)
{
    struct buf run = BUF_INIT(4096), body = BUF_INIT(4096);
    struct id id = id_new(), hub = id_new();
    size_t offset = 0;
    memcpy(event->id, id.b, ID_SIZE);
    event->t = f->actor.at;
    must(store_line_join(f->store, "https://hub", &hub));
    feed_record_put(&body, event, said->data, said->len, NULL);
    wire_put_u32(&run, (uint32_t)(body.len - 4 + 16));
    wire_put_i64(&run, 1);
    wire_put_i64(&run, seq);
    buf_put(&run, body.data + 4, body.len - 4);
    must(store_feed_in(f->store, run.data, run.len, &offset, 10, &f->actor));
    must(store_line_join(f->store, "", &hub));
    buf_free(&run);
    buf_free(&body);
}

/* What a hub says of a request that was changed at both at once. */
static void fixture_clash(struct fixture *f, const struct store_request *request)
{
    struct buf said = BUF_INIT(512);
    struct event event = {.type = "request.clashed", .actor = "hub", .rev = 2};
    memcpy(event.tx, request->id.b, ID_SIZE);
    buf_printf(&said,
               "sixteen bytes...{\"number\":\"%s\",\"event\":\"0102030405060708090a0b0c0d0e0f10\","
               "\"lost\":\"cancelled\",\"state\":\"sent\"}",
               request->number);
    fixture_told(f, &event, 2, &said);
    buf_free(&said);
}

void fixture_passed(struct fixture *f)
{
    struct buf said = BUF_INIT(512);
    struct event event = {.type = "request.passed", .actor = "hub", .rev = 1, .form = {9}};
    struct id id = id_new();
    memcpy(event.tx, id.b, ID_SIZE);
    buf_puts(&said, "sixteen bytes...{\"number\":\"BS01-002-0000001-0\",\"service\":\"MZ-01\","
                    "\"agency\":\"MZEC\",\"centre\":\"BS01-002\",\"holder\":\"DA01-003\","
                    "\"account\":\"huda\",\"applicant\":\"سالم\",\"state\":\"sent\"}");
    fixture_told(f, &event, 3, &said);
    buf_free(&said);
}

/* A link to an agency. */
static void fixture_link(struct fixture *f)
{
    const struct store_link link = {.agency = "MZEC",
                                    .url = "https://agency",
                                    .token = "from the agency",
                                    .callback = "00",
                                    .documents = "reference",
                                    .most = 4};
    must(store_link_put(f->store, &link, &f->actor));
    must(store_link_stage(f->store, "MZEC", "live", f->actor.day, &f->actor));
}

/* A campaign, and the wish of the next request for a seat of it. */
static void fixture_seat(struct fixture *f, struct store_request *request)
{
    struct store_entry entry = {.code = "HC001", .parent = "1447", .note = "2"};
    size_t added;
    request->id = id_new();
    must(store_register_enter(f->store, "campaign", &entry, 1, &added, &f->actor));
    must(store_seat_want(f->store, &request->id, "HC001", "HC002", &f->actor));
}

void fixture_fill(struct fixture *f, int requests)
{
    static const char *const names[] = {"سالم بن أحمد الحارثي", "فاطمة بنت علي الهنائي",
                                        "خميس بن سعيد المعمري"};
    static const char *const list = "areas", *const text = "ALL\nMA\n";
    struct store_account account = {.account = "huda", .name = "هدى", .role = "clerk"};
    const struct store_backup backup = {.epoch = 1, .seq = 5, .bytes = 4096};
    const struct store_code code = {.secret = "$argon2id$two", .until = 1700000100000};
    uint8_t ticket[HASH_SIZE] = {7};
    int added;
    must(str_copy(account.centre, sizeof account.centre, "DA01-003"));
    must(str_copy(account.secret, sizeof account.secret, "$argon2id$one"));
    must(store_account_add(f->store, &account, &f->actor));
    must(str_copy(account.account, sizeof account.account, "zahir"));
    must(store_account_add(f->store, &account, &f->actor));
    must(store_account_key(f->store, "huda", "ssh-ed25519 AAAA", 1, &f->actor));
    must(store_session_open(f->store, "huda", ticket, "key", &f->actor));
    must(store_code_put(f->store, "zahir", &code, &f->actor));
    must(store_form_load(f->store, &f->form, 1, &list, &text, NULL, &added, &f->actor));
    fixture_services(f);
    must(store_backup_made(f->store, &backup, &f->actor));
    fixture_issue(f);
    fixture_purge(f);
    fixture_past(f);
    fixture_feed(f);
    fixture_link(f);
    for (int i = 0; i < requests; i++) {
        struct store_request request = {0};
        char civil[16];
        must(str_format(civil, sizeof civil, "%d", 7000000 + i));
        if (i == 1)
            fixture_seat(f, &request);
        must(fixture_submit(f, names[i % 3], civil, &request));
        if (i == 1)
            must(store_seat_decide(f->store, &request.id, &f->actor));
        if (i == 0)
            fixture_clash(f, &request);
    }
}

static void fixture_copy(const char *from, const char *to)
{
    char *bytes;
    size_t len;
    fixture_remove(to);
    must(proc_read_file(from, 64 << 20, &bytes, &len));
    must(proc_write_file(to, bytes, len, 0600));
    x_free(&bytes);
}

void fixture_keep(struct fixture *f)
{
    store_close(&f->store);
    fixture_copy(f->path, f->kept);
}

void fixture_restore(struct fixture *f)
{
    store_close(&f->store);
    fixture_copy(f->kept, f->path);
}

long long fixture_raw_int(struct fixture *f, const char *sql)
{
    sqlite3 *handle = NULL;
    sqlite3_stmt *stmt = NULL;
    long long number = -1;
    int code = sqlite3_open(f->path, &handle);
    sqlite3_busy_timeout(handle, 5000);
    if (code == SQLITE_OK)
        code = sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL);
    if (code == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
        number = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(handle);
    return number;
}

void fixture_raw(struct fixture *f, const char *sql)
{
    sqlite3 *handle = NULL;
    char *message = NULL;
    int code = sqlite3_open(f->path, &handle);
    sqlite3_busy_timeout(handle, 5000);
    if (code == SQLITE_OK)
        code = sqlite3_exec(handle, sql, NULL, NULL, &message);
    if (code != SQLITE_OK)
        tap_note("%s: %s", sql, message == NULL ? "can't open" : message);
    sqlite3_free(message);
    sqlite3_close(handle);
    fixture_must(code == SQLITE_OK ? 0 : SND_E_SYS, "raw SQL");
}

int fixture_findings(struct fixture *f, const char *prefix)
{
    struct store_check check;
    struct arena *arena = arena_new();
    int n = 0;
    fixture_again(f, STORE_READ);
    must(store_check(f->store, arena, &check));
    for (size_t i = 0; i < check.findings; i++)
        n += strncmp(check.finding[i], prefix, strlen(prefix)) == 0;
    if (check.findings > 0)
        tap_note("first of %zu findings: %s", check.findings, check.finding[0]);
    arena_free(&arena);
    return n;
}
