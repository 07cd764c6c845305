/* SPDX-License-Identifier: Apache-2.0
 * sanad purge: lets go of the people in requests whose time of keeping has passed, class by class
 * as the retention file says. --before makes it let go of less, never of more than the file allows.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/vault.h"
#include "cmd/cmd.h"
#include "cmd/keep.h"
#include "cmd/retention.h"
#include "store/keep.h"

#define DAY_MS (24LL * 3600 * 1000)
#define FILE_MAX 65536
#define AHEAD_DAYS 366

struct purge {
    struct book *book;
    struct arena *arena;
    struct retention retention;
    struct book_service *service;
    size_t services;
    int32_t today, before; /* `before`: INT32_MAX = as the classes say */
    int dry;
};

/* The same day so many years ago; the 29th of February is the 28th. */
static int32_t years_ago(int32_t today, int years)
{
    char text[11];
    int32_t day = today;
    int year = 0;
    clock_day_text(today, text);
    for (size_t i = 0; i < 4; i++)
        year = year * 10 + (text[i] - '0');
    char then[16];
    (void)str_format(then, sizeof then, "%04d%s", year - years, text + 4);
    if (clock_day_parse(then, &day) != 0) {
        then[8] = '2';
        then[9] = '8';
        if (clock_day_parse(then, &day) != 0)
            return INT32_MIN; /* before any day that we know */
    }
    return day;
}

static int read_retention(struct purge *purge, const char *state)
{
    char error[128], *text = NULL, *path = cmd_path(state, "retention");
    size_t len = 0;
    if (access(path, F_OK) != 0) {
        x_free(&path);
        path = cmd_path(cmd_datadir(), "screens/retention");
    }
    int status = 0, err = proc_read_file(path, FILE_MAX, &text, &len);
    if (err)
        status = cmd_fail("%s could not be read: %s.", path, err_text(err));
    else if (retention_parse(text, len, &purge->retention, error, sizeof error) != 0)
        status = cmd_fail("%s, %s.", path, error);
    x_free(&text);
    x_free(&path);
    return status;
}

static int purge_class(struct purge *purge, const struct retention_class *class)
{
    char day[11];
    const char **codes = arena_alloc(purge->arena, (purge->services + 1) * sizeof *codes);
    struct book_purged purged;
    struct book_purge what = {.class = class->name, .dry = purge->dry, .service = codes};
    int32_t before = years_ago(purge->today, class->years);
    if (purge->before < before)
        before = purge->before;
    if (before == INT32_MIN)
        return 0;
    for (size_t i = 0; i < purge->services; i++)
        if (retention_of(&purge->retention, purge->service[i].code) == class)
            codes[what.services++] = purge->service[i].code;
    what.trail = retention_has(class, "searches");
    what.before = before * DAY_MS - CLOCK_OMAN_OFFSET_MS;
    int err = book_purge(purge->book, &what, &purged);
    if (err)
        return cmd_fail("Nothing more could be let go: %s.", err_text(err));
    clock_day_text(before, day);
    printf("%s: before %s, %" PRId64 " requests, %" PRId64 " events, %" PRId64 " drafts %s.\n",
           class->name, day, purged.requests, purged.events, purged.drafts,
           purge->dry ? "would be let go" : "were let go");
    return 0;
}

static int purge_all(struct purge *purge, const char *only)
{
    const struct retention *retention = &purge->retention;
    const struct retention_class *one = only ? retention_find(retention, only) : NULL;
    if (only && !one)
        return cmd_fail("There is no class %.40s in the retention file.", only);
    for (size_t i = 0; i < purge->services; i++)
        if (!retention_of(retention, purge->service[i].code))
            printf("%s is in no class: nothing of it is let go.\n", purge->service[i].code);
    int status = 0;
    for (size_t i = 0; i < retention->classes && !status; i++)
        if (!one || one == &retention->class[i])
            status = purge_class(purge, &retention->class[i]);
    return status;
}

/* What is let go does not come back, so a clock that runs ahead must not say that its time has
 * come: no day counts that is far from the book's last entry. Practice may be held on any day. */
static int32_t believed_day(const char *state, const struct book_office *office)
{
    struct vault *vault = NULL;
    struct store *store = NULL;
    struct store_head head;
    char *db = cmd_path(state, "office.db");
    int32_t today = office->today;
    int err = cmd_vault(state, &vault);
    if (!err)
        err = store_open(db, STORE_READ, vault, &store);
    if (!err)
        err = store_head_get(store, &head);
    if (!office->practice && (err || today > clock_oman_day(head.at) + AHEAD_DAYS)) {
        cmd_fail("The clock is far ahead of the book's last entry; set it first.");
        today = INT32_MIN;
    }
    store_close(&store);
    vault_free(&vault);
    x_free(&db);
    return today;
}

static int with_book(struct purge *purge, const char *state, const char *only)
{
    struct book_office office;
    if (cmd_book_open(state, &purge->book) != 0)
        return 1;
    purge->arena = arena_new();
    int status = 0, err = book_office(purge->book, &office);
    if (!err)
        err = book_service_list(purge->book, purge->arena, &purge->service, &purge->services);
    purge->today = err ? INT32_MIN : believed_day(state, &office);
    if (err)
        status = cmd_fail("The services could not be read: %s.", err_text(err));
    else
        status = purge->today == INT32_MIN ? 1 : purge_all(purge, only);
    arena_free(&purge->arena);
    cmd_book_close(&purge->book);
    return status;
}

int cmd_purge(int argc, char **argv)
{
    struct purge *purge = x_alloc(sizeof *purge);
    const char *state = cmd_state(&argc, argv), *only = cmd_option(&argc, argv, "class");
    const char *before = cmd_option(&argc, argv, "before");
    int status = 0;
    purge->dry = cmd_flag(&argc, argv, "dry-run");
    purge->before = INT32_MAX;
    if (argc != 1)
        status = cmd_usage("purge");
    else if (before && clock_day_parse(before, &purge->before) != 0)
        status = cmd_fail("Write the day as in 2018-01-14.");
    if (!status)
        status = read_retention(purge, state);
    if (!status)
        status = with_book(purge, state, only);
    x_free(&purge);
    return status;
}
