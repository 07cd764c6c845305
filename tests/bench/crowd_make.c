/* SPDX-License-Identifier: Apache-2.0
 * The books of many centres, made one after the other and thrown away: what stays of each is its
 * node, its certificate and the signed run of events that its hub lacks. The forms are the hub's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/vault.h"
#include "store/feed.h"
#include "tests/bench/crowd.h"

#define LISTS 16 /* that one form names */
#define FORMS 64 /* that are used */
#define FILE_MOST (64u << 20)
#define RUN_MOST (4u << 20)
#define TAKE 1000 /* events of a slice */

#define TRY(call) try((call), #call)

/* A form of the hub's, and the lists that it names. */
struct made_form {
    struct form *form;
    const char *name[LISTS], *text[LISTS];
    size_t lists;
};
struct making {
    struct crowd *crowd;
    struct arena *arena;
    struct vault *vault, *ours; /* the hub's; the centres' */
    struct store *hub, *store;  /* store: of the centre in hand */
    struct store_office office, here;
    struct store_actor actor;
    struct cert_pair ca;
    char folder[64], db[96];
    struct made_form form[FORMS];
    size_t forms;
    int32_t today;
};

static void try(int err, const char *what)
{
    if (err)
        crowd_stop(what, err);
}

static char *read_file(const char *state, const char *name)
{
    char *path = x_printf("%s/%s", state, name), *text;
    size_t len;
    try(proc_read_file(path, FILE_MOST, &text, &len), path);
    x_free(&path);
    return text;
}

/* ---- forms ---- */

struct finding {
    struct making *making;
    struct made_form *form;
    uint8_t sha[HASH_SIZE];
};

static const char *find_list(void *arg, const char *name)
{
    struct finding *finding = arg;
    struct made_form *form = finding->form;
    char *text = NULL;
    if (form->lists == LISTS ||
        store_form_list_get(finding->making->hub, finding->sha, name, &text))
        return NULL;
    form->name[form->lists] = arena_strdup(finding->making->arena, name);
    form->text[form->lists] = arena_strdup(finding->making->arena, text);
    x_free(&text);
    return form->text[form->lists++];
}

/* The hub's form of a service, read when it is first asked for. */
static const struct made_form *form_of(struct making *making, const char *code)
{
    const struct form_fault *faults;
    struct finding finding = {.making = making, .form = &making->form[making->forms]};
    char *text;
    size_t count;
    for (size_t i = 0; i < making->forms; i++)
        if (strcmp(making->form[i].form->code, code) == 0)
            return &making->form[i];
    try(making->forms < FORMS ? 0 : SND_E_LIMIT, "too many services");
    try(store_form_head(making->hub, code, finding.sha), code);
    TRY(store_form_get(making->hub, finding.sha, &text));
    try(form_read(text, strlen(text), find_list, &finding, making->arena, &finding.form->form,
                  &faults, &count),
        code);
    x_free(&text);
    making->forms++;
    return finding.form;
}

static void load_form(struct making *making, const struct made_form *form)
{
    int added;
    TRY(store_form_load(making->store, form->form, form->lists, form->name, form->text, NULL,
                        &added, &making->actor));
}

/* ---- one request ---- */

static void put_dates(struct record *record, const struct json *dates, int32_t day)
{
    for (size_t i = 0; dates && i < record->form->fields; i++) {
        char text[11];
        int64_t days = json_get_int(dates, record->form->field[i].key, INT32_MAX);
        if (days < -36500 || days > 36500)
            continue;
        clock_day_text(day + (int32_t)days, text);
        record_set(record, (int)i, text);
    }
}

static void copy_value(char *out, size_t size, const struct record *record, const char *key)
{
    const char *value = key ? record_get(record, key) : NULL;
    (void)str_copy(out, size, value ? value : "");
}

static void submit(struct making *making, struct crowd_centre *centre, const struct json *json)
{
    const struct form *form = form_of(making, json_get_text(json, "service"))->form;
    struct store_request row = {.id = id_new()};
    struct rule_day day = {.wilayat = making->here.wilayat};
    struct store_actor actor = making->actor;
    struct record *record;
    struct fee fee;
    char *values = json_text(json_get(json, "values"), 0);
    day.today = row.day = actor.day = making->today - (int32_t)json_get_int(json, "ago", 0);
    actor.at = (int64_t)actor.day * 86400000 + json_get_int(json, "minute", 600) * 60000 -
               CLOCK_OMAN_OFFSET_MS;
    (void)str_copy(actor.name, sizeof actor.name, json_get_text(json, "account"));
    try(record_from_json(form, values, strlen(values), &record), values);
    put_dates(record, json_get(json, "dates"), day.today);
    record_fee(record, &day, &fee);
    row.fee_agency = fee.agency;
    row.fee_centre = fee.centre;
    memcpy(row.sha, form->sha, HASH_SIZE);
    (void)str_copy(row.service, sizeof row.service, form->code);
    (void)str_copy(row.agency, sizeof row.agency, form->agency);
    (void)str_copy(row.centre, sizeof row.centre, centre->code);
    (void)str_copy(row.account, sizeof row.account, actor.name);
    copy_value(row.applicant, sizeof row.applicant, record, form->applicant_name);
    copy_value(row.civil, sizeof row.civil, record, form->applicant_civil);
    TRY(store_request_submit(making->store, &row, record, &actor));
    buf_printf(&centre->numbers, "%s\n", row.number);
    centre->requests++;
    record_free(&record);
    x_free(&values);
}

/* ---- one centre ---- */

static void open_book(struct making *making, struct crowd_centre *centre)
{
    making->here = (struct store_office){.node = id_new(), .epoch = 1, .practice = 2};
    centre->node = making->here.node;
    (void)str_copy(making->here.centre, sizeof making->here.centre, centre->code);
    (void)str_copy(making->here.centre_name, sizeof making->here.centre_name, "مركز سند");
    (void)str_format(making->here.wilayat, sizeof making->here.wilayat, "%.4s", centre->code);
    (void)str_copy(making->actor.centre, sizeof making->actor.centre, centre->code);
    TRY(store_open(making->db, STORE_CREATE, making->ours, &making->store));
    TRY(store_batch_begin(making->store));
    TRY(store_office_make(making->store, &making->here, &making->actor));
}

static void close_book(struct making *making)
{
    static const char *const tails[] = {"", "-wal", "-shm"};
    store_close(&making->store);
    for (size_t i = 0; i < SND_COUNT(tails); i++) {
        char *path = x_printf("%s%s", making->db, tails[i]);
        unlink(path);
        x_free(&path);
    }
}

/* As `sanad join` does it, at the hub and here. */
static void join(struct making *making, struct crowd_centre *centre)
{
    struct store_node node = {.id = centre->node, .name = "مركز سند", .until = INT64_MAX};
    struct store_actor actor = making->actor;
    struct cert_facts facts;
    struct cert_pair asked;
    char id[ID_TEXT];
    (void)str_copy(actor.centre, sizeof actor.centre, making->office.centre);
    (void)str_copy(node.centre, sizeof node.centre, centre->code);
    id_text(&centre->node, id);
    TRY(cert_ask(&asked));
    TRY(cert_issue_node(&making->ca, asked.cert, strlen(asked.cert), id, centre->code,
                        clock_utc_ms(), &centre->own.cert));
    centre->own.key = asked.key;
    asked.key = NULL;
    cert_pair_free(&asked);
    TRY(cert_read(centre->own.cert, strlen(centre->own.cert), &facts));
    hex_text(facts.fingerprint, HASH_SIZE, node.cert);
    TRY(store_line_key(making->store, node.sign_key));
    TRY(store_node_invite(making->hub, &node, &actor));
    TRY(store_node_join(making->hub, &node, &actor));
    TRY(store_line_join(making->store, "https://hub", &making->office.node));
}

/* All after a place, signed. */
static void take_run(struct making *making, const struct store_place *after, struct buf *out,
                     struct store_feed_taking *taking, int64_t *last)
{
    struct store_feed_run run;
    TRY(store_feed_up(making->store, &making->here.node, after, 0, RUN_MOST, 0, out, &run));
    try(out->failed || run.more ? SND_E_LIMIT : 0, "a run is too long");
    *taking = (struct store_feed_taking){.node = making->here.node,
                                         .epoch = run.epoch,
                                         .first = run.first,
                                         .run = out->data,
                                         .len = out->len};
    memcpy(taking->before, run.before, HASH_SIZE);
    memcpy(taking->head, run.hash, HASH_SIZE);
    (void)str_copy(taking->centre, sizeof taking->centre, making->here.centre);
    TRY(store_feed_sign(making->store, &making->here.node, run.epoch, run.last, run.hash,
                        taking->signature));
    *last = run.last;
}

/* What it did before its requests. */
static void take_past(struct making *making, struct store_place *end)
{
    struct buf bytes = BUF_INIT(RUN_MOST);
    struct store_feed_taking taking;
    struct store_actor actor = making->actor;
    size_t offset = 0;
    int64_t seq = 0;
    (void)str_copy(actor.centre, sizeof actor.centre, making->office.centre);
    take_run(making, &(struct store_place){0}, &bytes, &taking, &end->seq);
    end->epoch = taking.epoch;
    while (offset < taking.len)
        TRY(store_feed_take(making->hub, &taking, &offset, &seq, TAKE, &actor));
    buf_free(&bytes);
}

static void make_centre(struct making *making, struct crowd_centre *centre,
                        struct json *const *request, size_t count)
{
    struct store_feed_taking taking;
    struct store_place past;
    open_book(making, centre);
    for (size_t i = 0; i < making->forms; i++)
        load_form(making, &making->form[i]);
    TRY(store_batch_begin(making->hub));
    join(making, centre);
    TRY(store_batch_commit(making->store));
    take_past(making, &past);
    TRY(store_batch_commit(making->hub));
    TRY(store_batch_begin(making->store));
    for (size_t i = 0; i < count; i++)
        if (strcmp(json_get_text(request[i], "centre"), centre->code) == 0)
            submit(making, centre, request[i]);
    TRY(store_batch_commit(making->store));
    take_run(making, &past, &centre->run, &taking, &centre->last);
    centre->up.epoch = taking.epoch;
    centre->up.first = taking.first;
    centre->up.ends = 1;
    memcpy(centre->up.before, taking.before, HASH_SIZE);
    memcpy(centre->up.signature, taking.signature, SIGN_SIZE);
    close_book(making);
}

/* ---- all of them ---- */

static struct crowd_centre *centre_find(struct crowd *crowd, const char *code)
{
    for (size_t i = 0; i < crowd->centres; i++)
        if (strcmp(crowd->centre[i].code, code) == 0)
            return &crowd->centre[i];
    crowd->centre = x_realloc(crowd->centre, crowd->centres + 1, sizeof *crowd->centre);
    struct crowd_centre *centre = &crowd->centre[crowd->centres++];
    *centre = (struct crowd_centre){.run = BUF_INIT(RUN_MOST), .numbers = BUF_INIT(RUN_MOST)};
    try(str_copy(centre->code, sizeof centre->code, code), code);
    return centre;
}

/* Reads the file: each line's centre and form are known afterwards. */
static struct json **read_requests(struct making *making, const char *path, size_t *count)
{
    struct json **all = NULL;
    char *text, *rest;
    size_t len;
    try(proc_read_file(path, FILE_MOST, &text, &len), path);
    rest = text;
    *count = 0;
    for (const char *line; (line = strsep(&rest, "\n")) != NULL && *line;) {
        all = x_realloc(all, *count + 1, sizeof *all);
        try(json_parse(line, strlen(line), &all[*count]), path);
        const char *code = json_get_text(all[*count], "centre");
        const char *service = json_get_text(all[*count], "service");
        try(code && service ? 0 : SND_E_BAD, path);
        (void)centre_find(making->crowd, code);
        (void)form_of(making, service);
        ++*count;
    }
    x_free(&text);
    return all;
}

static void begin(struct making *making, const char *state)
{
    const char *today = getenv("SANAD_TODAY");
    char *db = x_printf("%s/office.db", state), *ring = x_printf("%s/keyring", state);
    making->arena = arena_new();
    making->actor = (struct store_actor){.at = clock_utc_ms(), .name = "cli:crowd", .peer = "here"};
    making->today = clock_oman_day(making->actor.at);
    if (today)
        try(clock_day_parse(today, &making->today), today);
    making->actor.day = making->today;
    making->ca = (struct cert_pair){read_file(state, "hub/ca.crt"), read_file(state, "hub/ca.key")};
    making->crowd->authority = x_strdup(making->ca.cert);
    TRY(vault_load(ring, &making->vault));
    TRY(store_open(db, STORE_WRITE, making->vault, &making->hub));
    TRY(store_office_get(making->hub, &making->office));
    x_free(&db);
    x_free(&ring);
    /* in memory where that is to be had: these books live for a moment */
    (void)str_format(making->folder, sizeof making->folder, "%s/sanad-crowd-XXXXXX",
                     access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    try(mkdtemp(making->folder) ? 0 : SND_E_SYS, making->folder);
    (void)str_format(making->db, sizeof making->db, "%s/office.db", making->folder);
    ring = x_printf("%s/keyring", making->folder);
    TRY(vault_make(ring));
    TRY(vault_load(ring, &making->ours));
    unlink(ring);
    x_free(&ring);
}

static void end(struct making *making)
{
    struct store_feed_head head;
    TRY(store_feed_head(making->hub, &making->office.node, &head));
    for (size_t i = 0; i < making->crowd->centres; i++) {
        making->crowd->centre[i].up.hub_epoch = head.at.epoch;
        making->crowd->centre[i].up.hub_seq = head.at.seq;
    }
    for (size_t i = 0; i < making->forms; i++)
        form_free(&making->form[i].form);
    rmdir(making->folder);
    cert_pair_free(&making->ca);
    store_close(&making->hub);
    vault_free(&making->vault);
    vault_free(&making->ours);
    arena_free(&making->arena);
}

void crowd_make(struct crowd *crowd, const char *state, const char *requests)
{
    struct making making = {.crowd = crowd};
    begin(&making, state);
    struct json **all = read_requests(&making, requests, &crowd->requests);
    for (size_t i = 0; i < crowd->centres; i++)
        make_centre(&making, &crowd->centre[i], all, crowd->requests);
    for (size_t i = 0; i < crowd->requests; i++)
        json_free(&all[i]);
    x_free(&all);
    end(&making);
}

void crowd_free(struct crowd *crowd)
{
    for (size_t i = 0; i < crowd->centres; i++) {
        cert_pair_free(&crowd->centre[i].own);
        buf_free(&crowd->centre[i].run);
        buf_free(&crowd->centre[i].numbers);
    }
    x_free(&crowd->centre);
    x_free(&crowd->authority);
}
