/* SPDX-License-Identifier: Apache-2.0 */
/* Fills an office's database with made-up requests, for figures on a full book:
 *     fill_store DB N
 * The key ring is the one beside it. The office must have been made and its forms loaded, and
 * nobody may be serving it. The requests go through the store's own calls, oldest first, about a
 * hundred a day up to now; names and values are made up and need not satisfy the form's rules. One
 * person comes about three times, and one in a thousand requests is an agent's own; each day is a
 * session of the clerk's from another address; now and then a request is one that many look at.
 *
 * Millions of them are no matter of hours because nothing of this would be missed: the engine keeps
 * no journal, waits for no disk and has memory for what lies in no order. So a database whose
 * filling was interrupted is to be thrown away. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/num.h"
#include "base/vault.h"
#include "store/store.h"

#define FILL_BATCH 200000
#define FILL_A_DAY 100
#define FILL_COMES 3        /* how often one person comes */
#define FILL_AGENT 1000     /* one in so many requests is the agent's own */
#define FILL_LOOKED_AT 5000 /* one in so many requests is looked at ... */
#define FILL_LOOKS 300      /* ... that often */
#define FILL_DAY_MS (24LL * 3600 * 1000)

struct fill {
    struct vault *vault;
    struct store *store;
    struct arena *arena;
    struct store_office office;
    struct store_actor actor;
    struct form *form;
    struct store_form_head head;
    struct store_account clerk;
    char *list[64]; /* texts of lists that the form asked for */
    size_t lists;
    int64_t count, begun;
};

static sqlite3 *fill_engine; /* what the store opens last */

static void fill_stop(const char *what, int err)
{
    fprintf(stderr, "fill_store: %s: %s\n", what, err_text(err));
    exit(1);
}

static void fill_try(int err, const char *what)
{
    if (err != 0)
        fill_stop(what, err);
}

static const char *fill_list(void *arg, const char *name)
{
    struct fill *fill = arg;
    char *text = NULL;
    if (fill->lists == SND_COUNT(fill->list) ||
        store_form_list_get(fill->store, fill->head.sha, name, &text) != 0)
        return NULL;
    fill->list[fill->lists++] = text;
    return text;
}

static void fill_form(struct fill *fill)
{
    const struct form_fault *faults;
    struct store_form_head *head;
    size_t count;
    char *text = NULL;
    fill_try(store_form_heads(fill->store, fill->arena, &head, &count), "forms");
    if (count == 0)
        fill_stop("no form was loaded", SND_E_NOTFOUND);
    fill->head = head[0];
    fill_try(store_form_get(fill->store, fill->head.sha, &text), "form");
    fill_try(
        form_read(text, strlen(text), fill_list, fill, fill->arena, &fill->form, &faults, &count),
        "form");
    x_free(&text);
}

static void fill_clerk(struct fill *fill)
{
    struct store_account *list;
    size_t count;
    fill_try(store_account_list(fill->store, fill->arena, &list, &count), "accounts");
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].role, "clerk") == 0 || fill->clerk.account[0] == '\0')
            fill->clerk = list[i];
    if (count == 0)
        fill_stop("no account", SND_E_NOTFOUND);
}

static const char *fill_pick(const char *const *from, size_t count)
{
    return from[random_below((uint32_t)count)];
}

static void fill_name(char out[256])
{
    static const char *const first[] = {"سالم", "أحمد",  "محمد",  "خميس",    "ناصر", "فاطمة",
                                        "مريم", "عائشة", "زهران", "إبراهيم", "هلال", "منى"};
    static const char *const father[] = {"سعيد",    "علي",  "حمد",  "خلفان", "سيف",
                                         "عبدالله", "راشد", "يوسف", "ماجد",  "بدر"};
    static const char *const tribe[] = {"الحارثي", "البلوشي", "الهنائي", "المعمري",  "الرواحي",
                                        "السيابي", "الغافري", "الكندي",  "الزدجالي", "العبري"};
    fill_try(str_format(out, 256, "%s بن %s بن %s %s", fill_pick(first, SND_COUNT(first)),
                        fill_pick(father, SND_COUNT(father)), fill_pick(father, SND_COUNT(father)),
                        fill_pick(tribe, SND_COUNT(tribe))),
             "name");
}

/* A value that looks like one of that kind. */
static const char *fill_value(const struct field *field)
{
    static const struct {
        enum field_kind kind;
        const char *value;
    } values[] = {
        {FIELD_DATE_G, "2026-03-15"}, {FIELD_MOBILE, "91234567"},     {FIELD_DOC, "have:1"},
        {FIELD_YESNO, "yes"},         {FIELD_AMOUNT, "12.500"},       {FIELD_INT, "3"},
        {FIELD_DECIMAL, "1.5"},       {FIELD_CIVIL, "12345678"},      {FIELD_EMAIL, "a@example.om"},
        {FIELD_ELEC_ACC, "12345678"}, {FIELD_LONGTEXT, "قرب المسجد"}, {FIELD_TEXT, "قطعة ١٢"},
        {FIELD_METER, "1234567"},     {FIELD_CODE, "2016/123"},
    };
    if (field->choices != NULL && field->choices->count > 0)
        return field->choices->item[random_below((uint32_t)field->choices->count)].value;
    for (size_t i = 0; i < SND_COUNT(values); i++)
        if (values[i].kind == field->kind)
            return values[i].value;
    return NULL;
}

static struct record *fill_record(const struct form *form, const struct store_request *request)
{
    struct record *record = record_new(form);
    for (size_t i = 0; i < form->fields; i++) {
        const struct field *field = &form->field[i];
        const char *value = fill_value(field);
        if (strcmp(field->key, form->applicant_name) == 0)
            value = request->applicant;
        if (strcmp(field->key, form->applicant_civil) == 0)
            value = request->civil;
        record_set(record, (int)i, value);
    }
    return record;
}

static void fill_civil(const struct fill *fill, int64_t n, char out[16])
{
    unsigned people = (unsigned)(fill->count / FILL_COMES + 1);
    unsigned who = n % FILL_AGENT == FILL_AGENT - 1 ? 0 : random_below(people);
    fill_try(str_format(out, 16, "%u", 10000000 + who * 7), "civil");
}

/* The day's session, from an address of its own. */
static void fill_day(struct fill *fill, int64_t n)
{
    static uint8_t ticket[HASH_SIZE];
    int64_t day = n / FILL_A_DAY;
    if (day > 0)
        fill_try(store_session_close(fill->store, ticket, &fill->actor), "session");
    fill_try(str_format(fill->actor.peer, sizeof fill->actor.peer, "10.%d.%d.%d",
                        (int)(day >> 16 & 255), (int)(day >> 8 & 255), (int)(day & 255)),
             "address");
    random_bytes(ticket, sizeof ticket);
    fill_try(store_session_open(fill->store, fill->clerk.account, ticket, "key", &fill->actor),
             "session");
}

static void fill_looks(struct fill *fill, const struct store_request *request)
{
    struct store_seen seen = {.sight = SIGHT_REQUEST, .tx = request->id};
    fill_try(str_copy(seen.number, sizeof seen.number, request->number), "number");
    fill_try(str_copy(seen.civil, sizeof seen.civil, request->civil), "civil");
    for (int i = 0; i < FILL_LOOKS; i++)
        fill_try(store_seen_keep(fill->store, &seen, &fill->actor), "look");
}

static void fill_one(struct fill *fill, int64_t n)
{
    struct store_request request = {.id = id_new(), .fee_centre = 2000};
    fill->actor.at = fill->begun - (fill->count - n) * (FILL_DAY_MS / FILL_A_DAY);
    fill->actor.day = clock_oman_day(fill->actor.at);
    if (n % FILL_A_DAY == 0)
        fill_day(fill, n);
    fill_try(str_copy(request.service, sizeof request.service, fill->form->code), "code");
    fill_try(str_copy(request.agency, sizeof request.agency, fill->form->agency), "agency");
    fill_try(str_copy(request.centre, sizeof request.centre, fill->office.centre), "centre");
    fill_try(str_copy(request.account, sizeof request.account, fill->clerk.account), "account");
    fill_civil(fill, n, request.civil);
    memcpy(request.sha, fill->head.sha, HASH_SIZE);
    fill_name(request.applicant);
    struct record *record = fill_record(fill->form, &request);
    fill_try(store_request_submit(fill->store, &request, record, &fill->actor), "submit");
    record_free(&record);
    if (n % FILL_LOOKED_AT == 0)
        fill_looks(fill, &request);
}

static void fill_all(struct fill *fill)
{
    for (int64_t n = 0; n < fill->count;) {
        fill_try(store_batch_begin(fill->store), "begin");
        for (int i = 0; i < FILL_BATCH && n < fill->count; i++)
            fill_one(fill, n++);
        fill_try(store_batch_commit(fill->store), "commit");
    }
}

static void fill_end(struct fill *fill)
{
    for (size_t i = 0; i < fill->lists; i++)
        x_free(&fill->list[i]);
    form_free(&fill->form);
    arena_free(&fill->arena);
    store_close(&fill->store);
    vault_free(&fill->vault);
}

static int fill_opened(sqlite3 *engine, const char **why, const void *api)
{
    (void)why, (void)api;
    fill_engine = engine;
    return SQLITE_OK;
}

static void fill_hurry(void)
{
    static const char *const hurry[] = {
        "PRAGMA locking_mode=EXCLUSIVE",
        "PRAGMA journal_mode=OFF",
        "PRAGMA synchronous=OFF",
        "PRAGMA secure_delete=OFF",
        "PRAGMA cache_size=-2500000", /* kB, if there are as many pages */
    };
    sqlite3_db_config(fill_engine, SQLITE_DBCONFIG_DEFENSIVE, 0, (int *)NULL);
    for (size_t i = 0; i < SND_COUNT(hurry); i++)
        if (sqlite3_exec(fill_engine, hurry[i], NULL, NULL, NULL) != SQLITE_OK)
            fill_stop(hurry[i], SND_E_SYS);
}

static void fill_open(struct fill *fill, const char *db)
{
    const char *slash = strrchr(db, '/');
    char *keyring = x_printf("%.*skeyring", slash == NULL ? 0 : (int)(slash - db + 1), db);
    fill_try(vault_load(keyring, &fill->vault), keyring);
    sqlite3_auto_extension((void (*)(void))fill_opened);
    fill_try(store_open(db, STORE_WRITE, fill->vault, &fill->store), db);
    fill_hurry();
    x_free(&keyring);
}

int main(int argc, char **argv)
{
    struct fill fill = {.begun = clock_utc_ms()};
    if (argc != 3 || num_parse(argv[2], 1, 100000000, &fill.count) != 0) {
        fputs("usage: fill_store DB N\n", stderr);
        return 2;
    }
    fill.arena = arena_new();
    fill_open(&fill, argv[1]);
    fill_try(store_office_get(fill.store, &fill.office), "office");
    fill_form(&fill);
    fill_clerk(&fill);
    fill_try(str_copy(fill.actor.name, sizeof fill.actor.name, fill.clerk.account), "account");
    fill_try(str_copy(fill.actor.centre, sizeof fill.actor.centre, fill.office.centre), "centre");
    int64_t start = clock_mono_ms();
    fill_all(&fill);
    printf("%lld requests in %lld ms\n", (long long)fill.count,
           (long long)(clock_mono_ms() - start));
    fill_end(&fill);
    return 0;
}
