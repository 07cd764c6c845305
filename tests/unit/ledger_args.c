/* SPDX-License-Identifier: Apache-2.0
 * The arguments with which each operation of the ledger can be asked rightly, for the permission
 * matrix and for the fuzzer's seeds. What there isn't in the scene (a document, a centre, an
 * agency's link) is named so that who may ask is told that it isn't there: ledger_args.def says
 * which. Which operation takes which stands in ledger_args.def alone; those between offices have
 * ledger_args_hub.def. */
#include "tests/unit/ledger_args.h"
#include <stdio.h>
#include "base/err.h"
#include "base/hash.h"

void args_none(struct buf *frame, const struct scene *scene)
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

static void place(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "DRAFTS\t0\t\n");
}

static void own_password(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, RIG_PASSWORD);
    wire_put_text(frame, "another horse");
}

void args_first_page(struct buf *frame, const struct scene *scene)
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
    runner(frame, scene);
    wire_put_text(frame, "TB5R-W7PC-2"); /* as code_make() makes them */
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

static void form_kept(struct buf *frame, const struct scene *scene)
{
    char text[RIG_FORM];
    (void)scene;
    rig_form_text("TS-29", text);
    wire_put_text(frame, text);
    wire_put_u32(frame, 1);
    wire_put_text(frame, "capacities");
    wire_put_text(frame, rig_list);
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
    wire_put_text(frame, "");
    form_sha(frame, scene);
    wire_put_text(frame, scene->values);
}

/* The scene has no register, so no violation and no governorate. */
static void place_words(struct buf *frame, const char *place, const char *code)
{
    wire_put_text(frame, place);
    wire_put_text(frame, code);
    wire_put_i64(frame, 17545);
    wire_put_u32(frame, 2);
    wire_put_text(frame, "لا إيصال للمستفيد");
}

static void finding(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    place_words(frame, "DA01-003", "V05");
}

static void meeting(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    place_words(frame, "DA", "");
}

static void issue(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    place_words(frame, "DA01-003", "");
}

static void issue_answer(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->write);
    wire_put_u32(frame, 1);
    wire_put_text(frame, "المديرية");
    wire_put_text(frame, "خط بديل للمركز");
    wire_put_i64(frame, 17545);
}

static void after_day(struct buf *frame, const struct scene *scene)
{
    static const struct id none = {0};
    (void)scene;
    wire_put_i64(frame, 0);
    wire_put_id(frame, &none);
    wire_put_text(frame, "");
}

static void finding_count(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "code");
    wire_put_i64(frame, 17500);
    wire_put_i64(frame, 17600);
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

void args_number(struct buf *frame, const struct scene *scene)
{
    wire_put_text(frame, scene->number);
}

static void number_and_reason(struct buf *frame, const struct scene *scene)
{
    args_number(frame, scene);
    wire_put_text(frame, "شكوى من صاحب الطلب");
}

/* Of a revision that the request has not: who may is told that somebody else was first. */
static void move(struct buf *frame, const struct scene *scene)
{
    args_number(frame, scene);
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
    args_number(frame, scene);
    wire_put_u32(frame, 99);
    wire_put_text(frame, "agency");
}

/* One that there isn't: who may is told so. */
static void conflict(struct buf *frame, const struct scene *scene)
{
    args_number(frame, scene);
    wire_put_id(frame, &scene->write);
    wire_put_text(frame, "نظرت فيه");
}

/* A request of another centre, which this office, its own hub, has not. */
static void want(struct buf *frame, const struct scene *scene)
{
    (void)scene;
    wire_put_text(frame, "DA01-003-7K3M9Q0-M");
    wire_put_text(frame, "12345678");
}

static void held(struct buf *frame, const struct scene *scene)
{
    wire_put_id(frame, &scene->write);
    wire_put_i64(frame, 1);
    wire_put_i64(frame, 1);
}

static void held_and_reason(struct buf *frame, const struct scene *scene)
{
    held(frame, scene);
    wire_put_text(frame, "لا حاجة إليه");
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
    wire_put_id(frame, &(struct id){0});
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
    wire_put_id(frame, &(struct id){0});
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

static const struct args args[OP_COUNT] = {
#define ARGS(operation, arguments, answer, far) [OP_##operation] = {arguments, answer, far},
#include "tests/unit/ledger_args.def"
#undef ARGS
};

const struct args *args_of(enum operation op)
{
    return args[op].put ? &args[op] : &args_hub[op];
}
