/* SPDX-License-Identifier: Apache-2.0
 * sanad import: registers (governorates, wilayats, agencies, the calendar, centres, staff) and the
 * nation's history into an office. */
#include "cmd/import.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "book/oversight.h"
#include "book/report.h"
#include "cmd/cmd.h"
#include "cmd/tsv.h"

#define REGISTER_FILE "screens/register.tsv"

struct entries {
    struct book *book;
    const char *only; /* the one register that is entered; NULL = each */
    char kind[16];
    struct register_entry entry[REGISTER_ROWS];
    size_t count, all;
};

static int send_entries(struct entries *entries)
{
    size_t added = 0;
    if (entries->count == 0)
        return 0;
    int err = book_register(entries->book, entries->kind, entries->entry, entries->count, &added);
    if (err)
        cmd_fail("The register of %s could not be entered: %s.", entries->kind, err_text(err));
    entries->all += entries->count;
    entries->count = 0;
    return err;
}

static int get_day(const struct tsv *tsv, const char *column, int32_t *out)
{
    const char *text = tsv_get(tsv, column);
    *out = 0;
    return *text ? clock_day_parse(text, out) : 0;
}

static int get_entry(const struct tsv *tsv, const struct import_columns *columns,
                     struct register_entry *out)
{
    const struct {
        const char *column;
        char *text;
        size_t size;
    } text[] = {
        {columns->code, out->code, sizeof out->code},
        {columns->parent, out->parent, sizeof out->parent},
        {columns->ar, out->ar, sizeof out->ar},
        {columns->en, out->en, sizeof out->en},
        {columns->note, out->note, sizeof out->note},
        {columns->owner, out->owner, sizeof out->owner},
        {columns->licence, out->licence, sizeof out->licence},
    };
    for (size_t i = 0; i < SND_COUNT(text); i++)
        if (str_copy(text[i].text, text[i].size, tsv_get(tsv, text[i].column)))
            return tsv_complain(tsv, "a text is too long.");
    if (!out->code[0])
        return tsv_complain(tsv, "there is no code.");
    if (get_day(tsv, columns->since, &out->since) || get_day(tsv, columns->until, &out->until) ||
        get_day(tsv, columns->licensed, &out->licensed))
        return tsv_complain(tsv, "write a day as in 2016-11-28.");
    return 0;
}

static int add_entry(struct entries *entries, const struct tsv *tsv,
                     const struct import_columns *columns)
{
    const char *kind = columns->kind[0] == ':' ? tsv_get(tsv, columns->kind + 1) : columns->kind;
    int err = 0;
    if (entries->only && strcmp(kind, entries->only) != 0)
        return 0;
    if (entries->count == REGISTER_ROWS || strcmp(entries->kind, kind) != 0)
        err = send_entries(entries);
    if (err)
        return err;
    if (!*kind || str_copy(entries->kind, sizeof entries->kind, kind))
        return tsv_complain(tsv, "there is no such register.");
    err = get_entry(tsv, columns, &entries->entry[entries->count]);
    entries->count += !err;
    return err;
}

static int import_of(struct book *book, const char *path, const struct import_columns *columns,
                     const char *only, size_t *count)
{
    struct tsv *tsv = x_alloc(sizeof *tsv);
    struct entries *entries = x_alloc(sizeof *entries);
    entries->book = book;
    entries->only = only;
    int got, err = tsv_open(tsv, path);
    while (!err && (got = tsv_next(tsv)) != 0)
        err = got < 0 ? got : add_entry(entries, tsv, columns);
    if (!err)
        err = send_entries(entries);
    *count = entries->all;
    tsv_close(tsv);
    x_free(&entries);
    x_free(&tsv);
    return err;
}

int import_register(struct book *book, const char *path, const struct import_columns *columns,
                    size_t *count)
{
    return import_of(book, path, columns, NULL, count);
}

static const struct import_columns plain = {":kind", "code",    "parent",    "ar",
                                            "en",    "since",   "until",     "note",
                                            "owner", "licence", "licence_to"};

int import_first_register(struct book *book, size_t *entries)
{
    char *path = cmd_path(cmd_datadir(), REGISTER_FILE);
    int err = import_register(book, path, &plain, entries);
    x_free(&path);
    return err;
}

int import_missing_register(struct book *book, size_t *entries)
{
    struct arena *arena = arena_new();
    struct book_violation *violation;
    size_t count = 0;
    *entries = 0;
    int err = book_violation_list(book, arena, &violation, &count);
    arena_free(&arena);
    if (err || count > 0)
        return err;
    char *path = cmd_path(cmd_datadir(), REGISTER_FILE);
    err = import_of(book, path, &plain, "violation", entries);
    x_free(&path);
    return err;
}

static int verb_register(struct book *book, int argc, char **argv)
{
    size_t entries = 0;
    if (argc > 2)
        return cmd_usage("import");
    int err = argc == 2 ? import_register(book, argv[1], &plain, &entries)
                        : import_first_register(book, &entries);
    if (!err)
        printf("%zu entries are in the register.\n", entries);
    return err != 0;
}

/* One of a nation's files: there may be none of it. */
static int one_register(struct book *book, const char *folder, const char *name,
                        const struct import_columns *columns, const char *what)
{
    size_t entries = 0;
    char *path = x_printf("%s/%s", folder, name);
    int err = 0;
    if (access(path, F_OK) == 0) {
        err = import_register(book, path, columns, &entries);
        if (!err)
            printf("%zu %s are in the register.\n", entries, what);
    }
    x_free(&path);
    return err;
}

static int one_history(struct book *book, const char *folder)
{
    int64_t added = 0, there = 0;
    char *path = x_printf("%s/requests.tsv", folder);
    int err = 0;
    if (access(path, F_OK) == 0) {
        err = import_history(book, path, &added, &there);
        if (!err)
            printf("%" PRId64 " requests were imported, %" PRId64 " were there already.\n", added,
                   there);
    }
    x_free(&path);
    return err;
}

static int verb_nation(struct book *book, int argc, char **argv)
{
    static const struct import_columns centres = {"centre",  "code",    "wilayat",   "name_ar",
                                                  "name_en", "opened",  "closed",    "link",
                                                  "owner",   "licence", "licence_to"};
    static const struct import_columns staff = {
        "staff", "code", "centre", "name_ar", "name_en", "hired", "left", "gender", "", "", ""};
    size_t entries = 0;
    if (argc != 2)
        return cmd_usage("import");
    if (access(argv[1], R_OK | X_OK) != 0)
        return cmd_fail("The folder %s could not be read.", argv[1]);
    int err = import_first_register(book, &entries);
    if (!err)
        err = one_register(book, argv[1], "centres.tsv", &centres, "centres");
    if (!err)
        err = one_register(book, argv[1], "clerks.tsv", &staff, "members of staff");
    if (!err)
        err = one_history(book, argv[1]);
    return err != 0;
}

static const struct cmd_verb verbs[] = {{"nation", verb_nation}, {"register", verb_register}};

int cmd_import(int argc, char **argv)
{
    return cmd_verb_run("import", verbs, SND_COUNT(verbs), argc, argv);
}
