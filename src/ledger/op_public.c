/* SPDX-License-Identifier: Apache-2.0
 * What everybody may know. Nothing of a person leaves here: a request is only said to be as far as
 * it is, to whoever knows its number and the last four digits of the applicant's civil number.
 * Whether a number exists can't be told from the answer nor from the time it takes: with an unknown
 * number some other request is opened and compared instead. */
#include <ctype.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "book/public.h"
#include "ledger/op_priv.h"
#include "store/report.h"

#define DIGITS 4
#define GOVERNORATE 2 /* letters of a wilayat's code that are its governorate's */

static void put_place(struct call *call, const void *row)
{
    const struct store_entry *entry = row;
    wire_put_text(call->out, entry->code);
    wire_put_text(call->out, entry->parent);
    wire_put_text(call->out, entry->ar);
    wire_put_text(call->out, entry->en);
}

int op_public_places(struct call *call)
{
    static const char *const kinds[] = {"governorate", "wilayat"};
    uint32_t rows = 0;
    int err = 0;
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    size_t at = call_begin_list(call);
    for (size_t kind = 0; kind < SND_COUNT(kinds) && !err; kind++) {
        struct store_entry *list;
        size_t count = 0;
        err = store_register_list(call->store, kinds[kind], arena, &list, &count);
        for (size_t i = 0; i < count && !err && call_put_row(call, put_place, &list[i]); i++)
            rows++;
    }
    call_put_count(call, at, rows);
    arena_free(&arena);
    return err;
}

/* ---- where a service is offered ---- */

struct centres {
    struct call *call;
    const char *area, *wilayat;
    uint32_t rows;
};

struct centre_row {
    const struct store_entry *entry;
    const char *hours;
};

static void put_centre(struct call *call, const void *arg)
{
    const struct centre_row *row = arg;
    wire_put_text(call->out, row->entry->code);
    wire_put_text(call->out, row->entry->parent);
    wire_put_text(call->out, row->entry->ar);
    wire_put_text(call->out, row->entry->en);
    wire_put_text(call->out, row->hours);
}

static int is_there(const struct store_entry *entry, int32_t day)
{
    return entry->since <= day && (entry->until == 0 || entry->until >= day);
}

/* How near: 0 the same wilayat, 1 the same governorate, 2 elsewhere. */
static int distance(const char *a, const char *b)
{
    return strcmp(a, b) == 0 ? 0 : strncmp(a, b, GOVERNORATE) == 0 ? 1 : 2;
}

static int put_centres(struct centres *centres, const struct store_entry *list, size_t count,
                       int near)
{
    struct call *call = centres->call;
    for (size_t i = 0; i < count && centres->rows < PUBLIC_CENTRES; i++) {
        struct store_entry hours = {0};
        const struct centre_row row = {&list[i], hours.note};
        if (!is_there(&list[i], call->day) || distance(list[i].parent, centres->wilayat) != near ||
            !area_holds(centres->area, list[i].parent))
            continue;
        int err = store_register_get(call->store, "hours", list[i].code, &hours);
        if (err && err != SND_E_NOTFOUND)
            return err;
        if (!call_put_row(call, put_centre, &row))
            return 0;
        centres->rows++;
    }
    return 0;
}

/* 1, 0 or an error. */
static int is_holiday(struct call *call)
{
    struct store_entry entry;
    char day[11];
    clock_day_text(call->day, day);
    int err = store_register_get(call->store, "holiday", day, &entry);
    return err == SND_E_NOTFOUND ? 0 : err ? err : 1;
}

int op_public_centres(struct call *call)
{
    char service[16], wilayat[16];
    const struct form *form;
    struct store_entry *list = NULL;
    size_t count = 0;
    wire_text(&call->in, service, sizeof service);
    wire_text(&call->in, wilayat, sizeof wilayat);
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int holiday = is_holiday(call);
    int err = holiday < 0 ? holiday : service_form(call, service, &form);
    if (!err && *wilayat)
        err = store_register_list(call->store, "centre", arena, &list, &count);
    if (!err) {
        struct centres centres = {call, form_area(form, call->day)->centre, wilayat, 0};
        wire_put_i64(call->out, call->day);
        wire_put_u8(call->out, holiday != 0);
        size_t at = call_begin_list(call);
        for (int near = 0; near <= 1 && !err; near++)
            err = put_centres(&centres, list, count, near);
        call_put_count(call, at, centres.rows);
    }
    arena_free(&arena);
    return err;
}

/* ---- how far a request is ---- */

/* Opens a request and compares the end of its civil number: 0 or SND_E_NOTFOUND. */
static int matches(struct call *call, const char *number, const char *digits,
                   struct store_request *row)
{
    char *values = NULL;
    int err = store_request_get(call->store, &store_reach_all, number, row, &values);
    size_t len = err ? 0 : strlen(row->civil);
    if (values)
        mem_wipe(values, strlen(values));
    x_free(&values);
    if (err)
        return err;
    return len > DIGITS && mem_equal_secret(row->civil + len - DIGITS, digits, DIGITS)
               ? 0
               : SND_E_NOTFOUND;
}

static int find_status(struct call *call, const char *number, const char *digits,
                       struct store_request *row)
{
    struct store_request other;
    char decoy[BOOK_NUMBER] = "";
    int err = store_request_any(call->store, decoy);
    if (err)
        return err; /* there are no requests at all */
    err = matches(call, number, digits, row);
    if (err == SND_E_NOTFOUND && !row->number[0])
        (void)!matches(call, decoy, digits, &other);
    return err;
}

int op_public_status(struct call *call)
{
    char typed[BOOK_NUMBER], number[BOOK_NUMBER], digits[DIGITS + 1];
    struct store_request row = {0};
    enum request_state state;
    wire_text(&call->in, typed, sizeof typed);
    wire_text(&call->in, digits, sizeof digits);
    if (!call_done(call) || strspn(digits, "0123456789") != DIGITS)
        return OP_MALFORMED;
    int err = store_number_read(typed, number);
    if (!err)
        err = find_status(call, number, digits, &row);
    if (!err)
        err = state_find(row.state, &state);
    if (!err) {
        wire_put_text(call->out, row.service);
        wire_put_u8(call->out, (uint8_t)state);
        wire_put_i64(call->out, row.day);
        wire_put_i64(call->out, row.changed);
    }
    mem_wipe(&row, sizeof row);
    return err;
}
