/* SPDX-License-Identifier: Apache-2.0
 * The permission matrix: every operation is asked by every role with arguments that are right, on
 * a connection of its own. What the table allows must be done; everything else must be refused for
 * that reason and no other. The table itself must say what tests/golden/permissions.tsv, written by
 * hand, says: a change of rights is to be seen in a review. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/code.h"
#include "base/err.h"
#include "book/report.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

/* What the arguments are made of. */
struct scene {
    const struct rig *rig;
    enum role role;
    struct id write, draft; /* draft: put before, by those who may */
    struct id notice;       /* of a service that was opened */
    char number[BOOK_NUMBER];
    int64_t opened; /* the event by which the clerk logged in */
    uint8_t ticket[32];
    char unique[BOOK_NAME];
    char *values;
};

static void no_args(struct buf *frame, const struct scene *scene)
{
    (void)frame;
    (void)scene;
}

static void password(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "clerk");
    wire_put_text(frame, RIG_PASSWORD);
    wire_put_text(frame, "127.0.0.1:1");
    wire_put_text(frame, "");
}

static void key(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "clerk");
    wire_put_text(frame, rig_key("clerk"));
    wire_put_text(frame, "127.0.0.1:1");
}

static void ticket(struct buf *frame, const struct scene *scene)
{
    wire_put_bytes(frame, scene->ticket, sizeof scene->ticket);
    wire_put_text(frame, "127.0.0.1:1");
}

static void language(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "en");
}

static void terminal(struct buf *frame, const struct scene *scene)
{
    uint8_t print[HASH_SIZE] = {1};
    (void)scene;
    wire_put_bytes(frame, print, sizeof print);
}

static void terminal_word(struct buf *frame, const struct scene *scene)
{
    terminal(frame, scene);
    wire_put_text(frame, "plain");
}

static void own_password(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, RIG_PASSWORD);
    wire_put_text(frame, "another horse");
}

static void nothing_after(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "");
}

static void add(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, scene->unique);
    wire_put_text(frame, "سالم");
    wire_put_u8(frame, ROLE_CLERK);
    wire_put_text(frame, "DA01-003");
    wire_put_text(frame, "");
    wire_put_text(frame, "");
}

static void two_codes(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "123456");
    wire_put_text(frame, "654321");
}

static void one_code(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "123456");
}

static void runner(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "runner");
}

static void enrol(struct buf *frame, const struct scene *scene)
{
    char code[CODE_TEXT];
    code_make(code);
    runner(frame, scene);
    wire_put_text(frame, code);
}

static void enable(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "runner");
    wire_put_u8(frame, 0);
}

static void new_password(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "runner");
    wire_put_text(frame, "battery staple");
    wire_put_u8(frame, 1);
}

static void add_key(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, "runner");
    wire_put_text(frame, rig_key(scene->unique));
    wire_put_u8(frame, 1);
}

static void form_sha(struct buf *frame, const struct scene *scene)
{
    wire_put_bytes(frame, scene->rig->open_form, HASH_SIZE);
}

static void form_list(struct buf *frame, const struct scene *scene)
{
    form_sha(frame, scene);
    wire_put_text(frame, "capacities");
}

static void form_text(struct buf *frame, const struct scene *scene)
{
    char text[RIG_FORM], code[16];
    snprintf(code, sizeof code, "TS-%02d", 30 + (int)scene->role);
    rig_form_text(code, text);
    wire_put_text(frame, text);
    wire_put_u32(frame, 1);
    wire_put_text(frame, "capacities");
    wire_put_text(frame, rig_list);
    wire_put_text(frame, "");
    wire_put_text(frame, "");
}

static void draft_put(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->draft);
    wire_put_text(frame, "TS-01");
    form_sha(frame, scene);
    wire_put_u32(frame, 1);
    wire_put_u32(frame, 2);
    wire_put_text(frame, "سالم");
    wire_put_text(frame, "");
    wire_put_text(frame, "{}");
}

static void draft_id(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->draft);
}

static void submit(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->write);
    form_sha(frame, scene);
    wire_put_text(frame, scene->values);
}

static void enter(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->write);
    wire_put_text(frame, "clerk");
    wire_put_text(frame, "2018-01-14");
    wire_put_u32(frame, 600);
    form_sha(frame, scene);
    wire_put_text(frame, scene->values);
}

static void list(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "");
    wire_put_text(frame, "");
    wire_put_u32(frame, 10);
}

static void look_up(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "civil");
    wire_put_text(frame, "12345678");
    wire_put_text(frame, "TS-01");
}

static void alike(struct buf *frame, const struct scene *scene)
{
    form_sha(frame, scene);
    wire_put_text(frame, "12345678");
}

static void number(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, scene->number);
}

static void number_and_reason(struct buf *frame, const struct scene *scene)
{
    number(frame, scene);
    wire_put_text(frame, "شكوى من صاحب الطلب");
}

/* Of a revision that the request has not: who may is told that somebody else was first. */
static void move(struct buf *frame, const struct scene *scene)
{
    number(frame, scene);
    wire_put_u32(frame, 99);
    wire_put_u8(frame, STATE_CANCELLED);
    wire_put_text(frame, "");
    wire_put_text(frame, "سبب الإلغاء");
    wire_put_text(frame, "");
    wire_put_i64(frame, 0);
    wire_put_text(frame, "");
}

static void assign(struct buf *frame, const struct scene *scene)
{
    number(frame, scene);
    wire_put_u32(frame, 99);
    wire_put_text(frame, "agency");
}

/* One that there isn't: who may is told so. */
static void conflict(struct buf *frame, const struct scene *scene)
{
    number(frame, scene);
    wire_put_id(frame, &scene->write);
}

static void queue(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_u8(frame, 0);
    wire_put_u8(frame, BOOK_ANY_STATE);
    wire_put_u8(frame, 0);
    wire_put_text(frame, "");
    wire_put_u32(frame, 10);
}

static void ruling(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "TS-02");
    wire_put_i64(frame, 17545);
    wire_put_i64(frame, BOOK_FOREVER);
    wire_put_text(frame, "سبب");
}

static void service_code(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "TS-02");
}

static void opening(struct buf *frame, const struct scene *scene)
{
    ruling(frame, scene);
    wire_put_text(frame, "");
    wire_put_text(frame, "");
    wire_put_u8(frame, 1);
}

static void notice(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->notice);
}

static void practice(struct buf *frame, const struct scene *scene)
{
    form_sha(frame, scene);
    wire_put_u32(frame, 2);
}

static void backup_made(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_i64(frame, 1);
    wire_put_i64(frame, 1);
    wire_put_i64(frame, 4096);
    wire_put_u8(frame, 0);
}

static void words(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, scene->number);
}

/* The beginning of a trail. */
static void from_newest(struct buf *frame)
{
    wire_put_i64(frame, 0);
    wire_put_i64(frame, 0);
    wire_put_u32(frame, 10);
}

static void trail_of_number(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, scene->number);
    from_newest(frame);
}

static void trail_of_clerk(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "clerk");
    from_newest(frame);
}

/* The first account that was made: an event that everybody who reads trails may read. */
static void event_place(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_i64(frame, 1);
    wire_put_i64(frame, 2);
}

static void trail_of_session(struct buf *frame, const struct scene *scene)
{
    char key[40];
    snprintf(key, sizeof key, "@1.%lld", (long long)scene->opened);
    wire_put_text(frame, key);
    from_newest(frame);
}

static void chain_start(struct buf *frame, const struct scene *scene)
{
    static const struct id none;
    (void)scene;
    wire_put_id(frame, &none);
    wire_put_i64(frame, 0);
    wire_put_i64(frame, 0);
}

static void purge(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, "civil");
    wire_put_i64(frame, 1000);
    wire_put_u8(frame, 0);
    wire_put_u8(frame, 0);
    wire_put_u32(frame, 1);
    wire_put_text(frame, "TS-01");
    wire_put_i64(frame, 0);
    wire_put_id(frame, &scene->write);
    wire_put_i64(frame, 0);
    wire_put_i64(frame, 0);
}

static void report_ask(struct buf *frame)
{
    wire_put_text(frame, "service");
    wire_put_i64(frame, 17167);
    wire_put_i64(frame, 17532);
    wire_put_u8(frame, 1);
    wire_put_u32(frame, 1);
    wire_put_text(frame, "governorate");
    wire_put_text(frame, "DA");
}

static void report_run(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    report_ask(frame);
    wire_put_text(frame, "");
}

static void report_list(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    report_ask(frame);
    wire_put_i64(frame, 0);
    wire_put_u32(frame, 0);
    wire_put_u32(frame, 10);
}

static void register_enter(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "holiday");
    wire_put_u32(frame, 1);
    wire_put_text(frame, "2018-11-18");
    for (int i = 0; i < 6; i++)
        wire_put_text(frame, "NATIONAL");
    for (int i = 0; i < 3; i++)
        wire_put_i64(frame, 0);
}

static void centre_get(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "DA01-003");
}

static void public_centres_of(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "TS-01");
    wire_put_text(frame, "DA01");
}

static void public_status_of(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, scene->number);
    wire_put_text(frame, "5678");
}

static void history_import(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "@2016-11-28 DA01-003 1\n"
                         "09:14 morning .02 MP-01 MOMP closed m 5000 2000 1\n");
}

static void reseal(struct buf *frame, const struct scene *scene)
{
    static const struct id none;
    (void)scene;
    wire_put_u32(frame, 3); /* the last table: a walk that ends */
    wire_put_id(frame, &none);
    wire_put_i64(frame, 0);
    wire_put_i64(frame, 0);
}

/* ---- a centre and its hub ---- */

static void part(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "hub");
}

static void own_head(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_bytes(frame, NULL, 0);
}

static void from_start(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_i64(frame, 0);
    wire_put_i64(frame, 0);
}

static void give_up(struct buf *frame, const struct scene *scene)
{
    from_start(frame, scene);
    wire_put_u32(frame, 0);
    wire_put_u32(frame, 1000);
    wire_put_u8(frame, 0);
}

static void give_node(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->draft);
    from_start(frame, scene);
    wire_put_u32(frame, 0);
    wire_put_u32(frame, 1000);
}

static void take_up(struct buf *frame, const struct scene *scene)
{
    static const uint8_t zeros[HASH_SIZE];
    wire_put_id(frame, &scene->draft);
    wire_put_i64(frame, 1);
    wire_put_i64(frame, 1);
    wire_put_u32(frame, 0);
    wire_put_bytes(frame, zeros, HASH_SIZE);
    wire_put_bytes(frame, NULL, 0);
    wire_put_bytes(frame, NULL, 0);
    wire_put_bytes(frame, NULL, 0);
    wire_put_bytes(frame, zeros, HASH_SIZE);
}

static void take_down(struct buf *frame, const struct scene *scene)
{
    wire_put_u32(frame, 0);
    wire_put_bytes(frame, NULL, 0);
    from_start(frame, scene);
    wire_put_i64(frame, 0);
}

static void seen(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->draft);
    wire_put_i64(frame, 0);
    wire_put_text(frame, "sanad");
}

static void note(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_i64(frame, 0);
    wire_put_text(frame, "");
}

static void join_line(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, "");
    wire_put_id(frame, &scene->draft);
}

/* A centre for each who may invite one. */
static void put_centre(struct buf *frame, const struct scene *scene)
{
    char centre[16];
    snprintf(centre, sizeof centre, "ZZ01-%03d", (int)scene->role);
    wire_put_text(frame, centre);
}

static void invite(struct buf *frame, const struct scene *scene)
{
    put_centre(frame, scene);
    wire_put_text(frame, "مركز");
    wire_put_text(frame, "secret");
    wire_put_i64(frame, INT64_MAX);
}

static void list_nodes(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_u32(frame, 0);
}

static void join_hub(struct buf *frame, const struct scene *scene)
{
    static const uint8_t zeros[HASH_SIZE];
    put_centre(frame, scene);
    wire_put_text(frame, "secret");
    wire_put_id(frame, &scene->draft);
    wire_put_bytes(frame, zeros, HASH_SIZE);
    wire_put_bytes(frame, zeros, HASH_SIZE);
}

static void renew(struct buf *frame, const struct scene *scene)
{
    static const uint8_t zeros[HASH_SIZE];
    wire_put_id(frame, &scene->draft);
    wire_put_bytes(frame, zeros, HASH_SIZE);
}

static void inbox_name(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, scene->unique);
    wire_put_i64(frame, 100);
    wire_put_u8(frame, 0);
}

/* Of an entry that isn't there, as all that names a document here is. */
static void inbox_entry(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->write);
}

static void inbox_piece(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->write);
    wire_put_i64(frame, 0);
    wire_put_bytes(frame, "%PDF-", 5);
}

static void inbox_named(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->write);
    wire_put_text(frame, "scan.pdf");
}

static void some_sha(struct buf *frame, const struct scene *scene)
{
    uint8_t sha[HASH_SIZE] = {1};
    (void)scene;
    wire_put_bytes(frame, sha, HASH_SIZE);
}

static void document_piece(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, scene->number);
    some_sha(frame, scene);
    wire_put_i64(frame, 0);
    wire_put_u32(frame, 100);
}

static void document_of(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, scene->number);
    wire_put_text(frame, "name");
    some_sha(frame, scene);
}

static void blob_from(struct buf *frame, const struct scene *scene)
{
    some_sha(frame, scene);
    wire_put_i64(frame, 0);
    wire_put_u32(frame, 100);
}

static void blob_piece(struct buf *frame, const struct scene *scene)
{
    some_sha(frame, scene);
    wire_put_i64(frame, 0);
    wire_put_bytes(frame, "%PDF-", 5);
}

static void ten(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_u32(frame, 10);
}

static void link_terms(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "TEST");
    wire_put_text(frame, "https://agency.example");
    wire_put_text(frame, "");
    wire_put_text(frame, "");
    wire_put_i64(frame, 1);
    wire_put_text(frame, "");
    wire_put_text(frame, "reference");
    wire_put_u32(frame, 0);
    wire_put_u32(frame, 4);
}

static void link_stage(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "NONE");
    wire_put_text(frame, "live");
    wire_put_i64(frame, 1);
}

static void link_pause(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "NONE");
    wire_put_u8(frame, 1);
    wire_put_text(frame, "");
}

static void two_texts(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "");
    wire_put_text(frame, "");
}

static void text_and_number(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "NONE");
    wire_put_u32(frame, 9);
}

static void no_request(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->write);
}

static void no_body(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->write);
    wire_put_u32(frame, 0);
}

static void no_attempt(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->write);
    wire_put_u8(frame, 0);
    wire_put_text(frame, "");
    wire_put_u32(frame, 200);
    wire_put_text(frame, "");
    wire_put_i64(frame, 0);
    wire_put_bytes(frame, "", 0);
}

static void line_goes(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "TEST");
    wire_put_u32(frame, 0);
    wire_put_i64(frame, 0);
    wire_put_i64(frame, 0);
    wire_put_text(frame, "");
}

static void foreign_document(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, "");
    wire_put_text(frame, "00");
    wire_put_text(frame, "");
    some_sha(frame, scene);
}

static void no_message(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "");
    wire_put_text(frame, "00");
    wire_put_text(frame, "");
    wire_put_bytes(frame, "{}", 2);
}

static void (*const args[OP_COUNT])(struct buf *, const struct scene *) = {
    [OP_AUTH_PASSWORD] = password,
    [OP_AUTH_KEY] = key,
    [OP_AUTH_TICKET] = ticket,
    [OP_AUTH_CLI] = no_args,
    [OP_AUTH_BYE] = no_args,
    [OP_OFFICE_GET] = no_args,
    [OP_ACCOUNT_ME] = no_args,
    [OP_ACCOUNT_LANGUAGE] = language,
    [OP_TERMINAL_GET] = terminal,
    [OP_TERMINAL_PUT] = terminal_word,
    [OP_ACCOUNT_OWN_PASSWORD] = own_password,
    [OP_TOTP_NEW] = no_args,
    [OP_TOTP_PROVE] = two_codes,
    [OP_TOTP_PASS] = one_code,
    [OP_ACCOUNT_KEYS] = runner,
    [OP_ACCOUNT_CODE] = enrol,
    [OP_ACCOUNT_TOTP] = runner,
    [OP_ACCOUNT_TOTP_RESET] = runner,
    [OP_ACCOUNT_UNLOCK] = runner,
    [OP_ACCOUNT_LIST] = nothing_after,
    [OP_ACCOUNT_ADD] = add,
    [OP_ACCOUNT_DISABLE] = enable,
    [OP_ACCOUNT_PASSWORD] = new_password,
    [OP_ACCOUNT_KEY] = add_key,
    [OP_SERVICE_LIST] = no_args,
    [OP_FORM_GET] = form_sha,
    [OP_FORM_LIST_GET] = form_list,
    [OP_FORM_LOAD] = form_text,
    [OP_SERVICE_OPEN] = opening,
    [OP_SERVICE_CLOSE] = ruling,
    [OP_NOTICE_LIST] = no_args,
    [OP_NOTICE_READ] = notice,
    [OP_SERVICE_RULINGS] = service_code,
    [OP_TRAINING_ADD] = practice,
    [OP_TRAINING_LIST] = no_args,
    [OP_DRAFT_PUT] = draft_put,
    [OP_DRAFT_LIST] = no_args,
    [OP_DRAFT_OPEN] = draft_id,
    [OP_DRAFT_RELEASE] = draft_id,
    [OP_DRAFT_PARK] = draft_id,
    [OP_DRAFT_DROP] = draft_id,
    [OP_PERSON_LOOK_UP] = look_up,
    [OP_REQUEST_ALIKE] = alike,
    [OP_REQUEST_SUBMIT] = submit,
    [OP_REQUEST_ENTER] = enter,
    [OP_REQUEST_LIST] = list,
    [OP_GO_FIND] = words,
    [OP_REQUEST_GET] = number,
    [OP_REQUEST_REVEAL] = number_and_reason,
    [OP_REQUEST_MOVE] = move,
    [OP_REQUEST_ASSIGN] = assign,
    [OP_REQUEST_QUEUE] = queue,
    [OP_REQUEST_WAITS] = no_args,
    [OP_CONFLICT_LIST] = no_args,
    [OP_CONFLICT_CLOSE] = conflict,
    [OP_OFFICER_LIST] = no_args,
    [OP_TRAIL_FIND] = words,
    [OP_TRAIL_REQUEST] = trail_of_number,
    [OP_TRAIL_ACCOUNT] = trail_of_clerk,
    [OP_TRAIL_PERSON] = trail_of_number,
    [OP_TRAIL_SESSION] = trail_of_session,
    [OP_TRAIL_EVENT] = event_place,
    [OP_LEDGER_VERIFY] = chain_start,
    [OP_LEDGER_CHECK] = no_args,
    [OP_REPORT_RUN] = report_run,
    [OP_REPORT_LIST] = report_list,
    [OP_PUBLIC_PLACES] = no_args,
    [OP_PUBLIC_CENTRES] = public_centres_of,
    [OP_PUBLIC_STATUS] = public_status_of,
    [OP_REGISTER_ENTER] = register_enter,
    [OP_CENTRE_GET] = centre_get,
    [OP_HISTORY_IMPORT] = history_import,
    [OP_BACKUP_MADE] = backup_made,
    [OP_KEY_LIST] = no_args,
    [OP_KEY_ADD] = no_args,
    [OP_KEY_RESEAL] = reseal,
    [OP_KEY_DROP] = no_args,
    [OP_LEDGER_PURGE] = purge,
    [OP_AUTH_PART] = part,
    [OP_FEED_HEAD] = own_head,
    [OP_FEED_GIVE_UP] = give_up,
    [OP_FEED_TAKE_UP] = take_up,
    [OP_FEED_GIVE_DOWN] = give_node,
    [OP_FEED_GIVE_BACK] = give_node,
    [OP_FEED_TAKE_DOWN] = take_down,
    [OP_FEED_NEWS] = from_start,
    [OP_FEED_SEEN] = seen,
    [OP_FEED_NOTE] = note,
    [OP_FEED_WAIT] = no_args,
    [OP_LINE_STATE] = no_args,
    [OP_LINE_PUSH] = no_args,
    [OP_LINE_KEY] = no_args,
    [OP_LINE_JOIN] = join_line,
    [OP_NODE_INVITE] = invite,
    [OP_NODE_LIST] = list_nodes,
    [OP_NODE_REVOKE] = put_centre,
    [OP_NODE_JOIN] = join_hub,
    [OP_NODE_RENEW] = renew,
    [OP_INBOX_LIST] = nothing_after,
    [OP_INBOX_BEGIN] = inbox_name,
    [OP_INBOX_PUT] = inbox_piece,
    [OP_INBOX_END] = inbox_entry,
    [OP_INBOX_RENAME] = inbox_named,
    [OP_INBOX_DROP] = inbox_entry,
    [OP_DOCUMENT_LIST] = number,
    [OP_DOCUMENT_GET] = document_piece,
    [OP_DOCUMENT_ATTACH] = document_of,
    [OP_DOCUMENT_DROP] = document_of,
    [OP_BLOB_HEAD] = some_sha,
    [OP_BLOB_GET] = blob_from,
    [OP_BLOB_BEGIN] = some_sha,
    [OP_BLOB_PUT] = blob_piece,
    [OP_BLOB_END] = some_sha,
    [OP_BLOB_MISSING] = ten,
    [OP_BLOB_UNSENT] = ten,
    [OP_BLOB_SENT] = some_sha,
    [OP_AGENCY_ADD] = link_terms,
    [OP_AGENCY_STAGE] = link_stage,
    [OP_AGENCY_PAUSE] = link_pause,
    [OP_AGENCY_LIST] = no_args,
    [OP_OUTBOX_LIST] = two_texts,
    [OP_OUTBOX_RETRY] = number,
    [OP_OUTBOX_LINES] = no_args,
    [OP_OUTBOX_DUE] = text_and_number,
    [OP_OUTBOX_BEGIN] = no_request,
    [OP_OUTBOX_BODY] = no_body,
    [OP_OUTBOX_DONE] = no_attempt,
    [OP_OUTBOX_LINE] = line_goes,
    [OP_AGENCY_TOLD] = no_message,
    [OP_AGENCY_DOCUMENT] = foreign_document,
};

/* What the arguments that can be made here are answered with where that isn't yes. */
static const struct {
    enum operation op;
    int want;
} answered[] = {
    {OP_KEY_DROP, SND_E_INUSE},          /* nobody has walked the whole book */
    {OP_FEED_GIVE_DOWN, SND_E_NOTFOUND}, /* no centre has joined, */
    {OP_NODE_RENEW, SND_E_NOTFOUND},
    {OP_NODE_JOIN, SND_E_AUTH},          /* or was invited, */
    {OP_FEED_TAKE_DOWN, SND_E_NOTFOUND}, /* and this office has no hub */
    {OP_FEED_NOTE, SND_E_NOTFOUND},
    {OP_LINE_PUSH, SND_E_NOTFOUND},    /* and this office has no hub */
    {OP_AGENCY_STAGE, SND_E_NOTFOUND}, /* nor that agency's link, */
    {OP_AGENCY_PAUSE, SND_E_NOTFOUND},
    {OP_OUTBOX_RETRY, SND_E_NOTFOUND}, /* nor a request that was on its way */
    {OP_OUTBOX_BEGIN, SND_E_NOTFOUND},
    {OP_OUTBOX_BODY, SND_E_NOTFOUND},
    {OP_OUTBOX_DONE, SND_E_NOTFOUND},
    {OP_AGENCY_TOLD, SND_E_AUTH},
    {OP_AGENCY_DOCUMENT, SND_E_AUTH},
};

static int ask(int fd, enum operation op, const struct scene *scene)
{
    struct buf frame;
    struct wire answer;
    int status = 0;
    rig_begin(&frame, 7, op_row(op)->wire, &scene->write);
    args[op](&frame, scene);
    int err = rig_ask(fd, &frame, &status, &answer);
    return err ? err : status;
}

static int become_part(int fd, enum role role)
{
    struct buf frame;
    struct wire answer;
    int status = 0;
    rig_begin(&frame, 6, "auth.part", NULL);
    wire_put_text(&frame, role_word(role));
    int err = rig_ask(fd, &frame, &status, &answer);
    return err ? err : status;
}

/* One cell: a new connection that has become that role. */
static int ask_as(struct scene *scene, enum operation op)
{
    int fd = rig_connect(scene->rig), err = 0;
    if (scene->role < ROLE_CLI)
        err = rig_raw_login(fd, role_word(scene->role), NULL);
    else if (scene->role == ROLE_CLI)
        err = ask(fd, OP_AUTH_CLI, scene);
    else if (scene->role != ROLE_NOBODY)
        err = become_part(fd, scene->role);
    if (err)
        tap_note("could not become %s: %s", role_word(scene->role), err_text(err));
    scene->write = id_new();
    scene->draft = id_new();
    if (op_allows(OP_DRAFT_PUT, scene->role))
        err = ask(fd, OP_DRAFT_PUT, scene);
    if (!err)
        err = ask(fd, op, scene);
    close(fd);
    return err;
}

/* An operation that takes a revision: the one that it is asked with here is not the request's. */
static int takes_revision(enum operation op)
{
    return args[op] == move || args[op] == assign;
}

/* What is answered about documents that are nobody's. */
static int no_document(enum operation op)
{
    static const enum operation named[] = {
        OP_INBOX_PUT, OP_INBOX_END,  OP_INBOX_RENAME, OP_INBOX_DROP, OP_DOCUMENT_GET, OP_BLOB_HEAD,
        OP_BLOB_GET,  OP_BLOB_BEGIN, OP_BLOB_PUT,     OP_BLOB_END,   OP_BLOB_SENT};
    for (size_t i = 0; i < SND_COUNT(named); i++)
        if (named[i] == op)
            return SND_E_NOTFOUND;
    /* The field that is named is none of a document. */
    return op == OP_DOCUMENT_ATTACH || op == OP_DOCUMENT_DROP ? SND_E_BAD : 0;
}

static int cell(struct scene *scene, enum operation op)
{
    int want = 0, got;
    if (takes_revision(op))
        want = SND_E_CONFLICT;
    if (op == OP_CONFLICT_CLOSE)
        want = SND_E_NOTFOUND;
    for (size_t i = 0; i < SND_COUNT(answered); i++)
        if (answered[i].op == op)
            want = answered[i].want;
    if (no_document(op))
        want = no_document(op);
    if (!op_allows(op, scene->role))
        want = scene->role == ROLE_NOBODY ? SND_E_AUTH : SND_E_DENIED;
    snprintf(scene->unique, sizeof scene->unique, "new%d", (int)scene->role);
    got = ask_as(scene, op);
    if (got != want)
        tap_note("%s as %s: got %d, want %d", op_row(op)->wire, role_word(scene->role), got, want);
    return got == want;
}

static void every_cell(struct scene *scene)
{
    int cells = 0, right = 0;
    for (enum operation op = 0; op < OP_COUNT; op++)
        for (enum role role = 0; role < ROLE_COUNT; role++) {
            scene->role = role;
            cells++;
            right += args[op] != NULL && cell(scene, op);
        }
    tap_note("%d of %d cells", right, cells);
    tap_ok(right == cells && cells == (int)OP_COUNT * (int)ROLE_COUNT,
           "every operation for every role");
}

/* Every operation that names a request, asked of one that lies outside: it isn't there, but for
 * those who reach the nation. */
static void every_far_cell(struct scene *scene)
{
    int cells = 0, right = 0;
    for (enum operation op = 0; op < OP_COUNT; op++)
        for (enum role role = 0; role < ROLE_CLI; role++) {
            int names_one =
                args[op] == number || args[op] == number_and_reason || takes_revision(op);
            if (!names_one || op_row(op)->scope != SCOPE_WIDE || !op_allows(op, role))
                continue;
            int there = takes_revision(op) ? SND_E_CONFLICT : 0;
            int want = role_reach(role) == REACH_NATION ? there : SND_E_NOTFOUND, got;
            scene->role = role;
            got = ask_as(scene, op);
            cells++;
            right += got == want;
            if (got != want)
                tap_note("%s of a far request as %s: got %d, want %d", op_row(op)->wire,
                         role_word(role), got, want);
        }
    tap_note("%d of %d cells", right, cells);
    tap_ok(cells > 5 && right == cells,
           "a request outside of the scope is not found, for every role");
}

/* y, or how far the role reaches where the operation asks that. */
static char cell_letter(enum operation op, enum role role)
{
    if (!op_allows(op, role))
        return '-';
    return op_row(op)->scope == SCOPE_WIDE ? reach_letter(role_reach(role)) : 'y';
}

/* The table as the golden file has it. */
static void print_table(char *out, size_t size)
{
    size_t at = (size_t)snprintf(out, size, "operation");
    for (enum role role = 0; role < ROLE_COUNT; role++)
        at += (size_t)snprintf(out + at, size - at, "\t%s", role_word(role));
    at += (size_t)snprintf(out + at, size - at, "\n");
    for (enum operation op = 0; op < OP_COUNT; op++) {
        at += (size_t)snprintf(out + at, size - at, "%s", op_row(op)->wire);
        for (enum role role = 0; role < ROLE_COUNT; role++)
            at += (size_t)snprintf(out + at, size - at, "\t%c", cell_letter(op, role));
        at += (size_t)snprintf(out + at, size - at, "\n");
    }
}

static void golden_table(void)
{
    static char made[16384], kept[16384];
    FILE *file = fopen(tap_source("tests/golden/permissions.tsv"), "r");
    if (file) {
        kept[fread(kept, 1, sizeof kept - 1, file)] = '\0';
        fclose(file);
    }
    print_table(made, sizeof made);
    tap_is(made, kept, "the table says what tests/golden/permissions.tsv says");
}

/* A notice, for whoever may read it. */
static void make_notice(struct rig *rig, struct book *clerk, struct id *out)
{
    struct book_ruling ruling = {.service = "TS-02", .from = 17545, .to = BOOK_FOREVER};
    struct book *shell = rig_shell(rig);
    struct arena *arena = arena_new();
    struct book_notice *list;
    size_t count;
    int told = 0;
    tap_ok(book_service_open(shell, &ruling, NULL, 0, &told) == 0 && told &&
               book_notice_list(clerk, arena, &list, &count) == 0 && count == 1,
           "a notice to read");
    *out = list[0].id;
    arena_free(&arena);
    book_close(&shell);
}

/* The newest of the clerk's logins. */
static int64_t newest_login(const struct rig *rig)
{
    struct book *shell = rig_shell(rig);
    struct arena *arena = arena_new();
    struct book_trail_page page = {0};
    int64_t seq = 0;
    if (book_trail(shell, BOOK_TRAIL_ACCOUNT, "clerk", NULL, arena, &page) == 0)
        for (size_t i = 0; i < page.steps && seq == 0; i++)
            if (strcmp(page.step[i].type, "session.opened") == 0)
                seq = page.step[i].place.seq;
    arena_free(&arena);
    book_close(&shell);
    return seq;
}

/* The centre at which everybody is, as it is registered. */
static void register_centre(const struct rig *rig)
{
    struct register_entry entry = {.code = "DA01-003", .parent = "DA01", .owner = "سالم بن حمد"};
    size_t added = 0;
    struct book *shell = rig_shell(rig);
    tap_ok(book_register(shell, "centre", &entry, 1, &added) == 0 && added == 1,
           "the centre is registered");
    book_close(&shell);
}

int main(void)
{
    struct rig rig;
    struct scene scene = {.rig = &rig};
    struct book_receipt receipt;
    struct fault faults[8];
    char far_number[BOOK_NUMBER];
    size_t count;
    golden_table();
    rig_make(&rig, RIG_USUAL);
    rig_add_request(&rig, "MU02-001", "OTHER", far_number);
    rig_start(&rig);
    struct book *clerk = rig_login(&rig, "clerk");
    struct record *record = rig_record(clerk, &rig, "سالم بن سعيد");
    struct id id = id_new();
    tap_ok(book_submit(clerk, &id, record, &receipt, faults, 8, &count) == 0,
           "a request to look at");
    (void)str_copy(scene.number, sizeof scene.number, receipt.number);
    scene.opened = newest_login(&rig);
    scene.values = record_json(record);
    make_notice(&rig, clerk, &scene.notice);
    register_centre(&rig);
    int fd = rig_connect(&rig);
    tap_ok(rig_raw_login(fd, "clerk", scene.ticket) == 0, "a ticket to come back with");
    every_cell(&scene);
    (void)str_copy(scene.number, sizeof scene.number, far_number);
    every_far_cell(&scene);
    close(fd);
    record_free(&record);
    book_close(&clerk);
    x_free(&scene.values);
    tap_is_int(rig_end(&rig, 15), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, NULL), 0, "the book is clean");
    rig_remove(&rig);
    return tap_done();
}
