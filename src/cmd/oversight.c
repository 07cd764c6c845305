/* SPDX-License-Identifier: Apache-2.0
 * sanad oversight: what supervisors note about centres: findings coded to violations, meetings of a
 * governorate's centres, and issues with who solves each and how; as lines or as files for
 * spreadsheets. The same events as from the screens. */
#include "book/oversight.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "cmd/cmd.h"
#include "cmd/csv.h"

static int take_day(int *argc, char **argv, const char *name, int32_t *out)
{
    const char *text = cmd_option(argc, argv, name);
    if (!text || clock_day_parse(text, out) == 0)
        return 0;
    return cmd_fail("Write the day after --%s as in 2016-11-28.", name);
}

static int today(struct book *book, int32_t *out)
{
    struct book_office office;
    int err = book_office(book, &office);
    *out = office.today;
    return err ? cmd_fail("The office could not be read: %s.", err_text(err)) : 0;
}

static int said(int err)
{
    switch (err) {
    case 0:
        return 0;
    case SND_E_NOTFOUND:
        return cmd_fail("There is no such row here.");
    case SND_E_CONFLICT:
        return cmd_fail("Somebody else changed it meanwhile: look at it again.");
    case SND_E_INVALID:
        return cmd_fail("Name a centre (DA01-003) or a governorate (DA) and a violation that are "
                        "registered, a day that has been, and at least %d letters of words.",
                        BOOK_REASON_LEAST);
    case SND_E_ELSEWHERE:
        return cmd_fail("This is noted at the hub, which tells the centre.");
    default:
        return cmd_fail("It could not be done: %s.", err_text(err));
    }
}

/* ---- lists ---- */

/* The row's texts and numbers in the order of its columns. */
static void csv_row(struct buf *out, const struct book_oversight *row)
{
    char id[ID_TEXT], day[11], closed[11] = "";
    id_text(&row->id, id);
    clock_day_text(row->day, day);
    if (row->closed)
        clock_day_text(row->closed, closed);
    buf_printf(out, "%s,%s,", id, day);
    csv_text(out, row->place);
    csv_text(out, row->code);
    buf_printf(out, "%u,", (unsigned)row->n);
    csv_text(out, row->words);
    csv_text(out, row->account);
    csv_text(out, row->owner);
    csv_text(out, row->answer);
    buf_printf(out, "%s\r\n", closed);
}

static void print_row(const struct book_oversight *row)
{
    char id[ID_TEXT], day[11], closed[11] = "";
    id_text(&row->id, id);
    clock_day_text(row->day, day);
    if (row->closed)
        clock_day_text(row->closed, closed);
    printf("%s\t%s\t%s\t%s\t%u\t%s\t%s\t%s\t%s\t%s\n", id, day, row->place, row->code,
           (unsigned)row->n, row->words, row->account, row->owner, row->answer, closed);
}

static int list(struct book *book, enum book_oversight_kind kind, int argc, char **argv)
{
    const char *csv = cmd_option(&argc, argv, "csv");
    struct book_oversight *row;
    size_t count = 0;
    if (argc != 1)
        return cmd_usage("oversight");
    struct arena *arena = arena_new();
    struct buf out = BUF_INIT(CSV_BYTES);
    int err = book_oversight_list(book, kind, "", arena, &row, &count), status = 0;
    buf_puts(&out, CSV_MARK "id,day,place,violation,cases,words,account,owner,solution,closed\r\n");
    for (size_t i = 0; !err && i < count; i++)
        if (csv)
            csv_row(&out, &row[i]);
        else
            print_row(&row[i]);
    if (err)
        status = cmd_fail("The list could not be read: %s.", err_text(err));
    else if (csv)
        status = csv_write(&out, csv);
    buf_free(&out);
    arena_free(&arena);
    return status;
}

static int list_issues(struct book *book, int argc, char **argv)
{
    return list(book, BOOK_ISSUES, argc, argv);
}

static int list_meetings(struct book *book, int argc, char **argv)
{
    return list(book, BOOK_MEETINGS, argc, argv);
}

static int list_findings(struct book *book, int argc, char **argv)
{
    return list(book, BOOK_FINDINGS, argc, argv);
}

/* ---- counting ---- */

static const struct book_violation *violation_of(const struct book_violation *list, size_t count,
                                                 const char *code)
{
    static const struct book_violation none = {.name = {"", ""}};
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].code, code) == 0)
            return &list[i];
    return &none;
}

static int print_counts(const struct book_findings *row, size_t count,
                        const struct book_violation *violation, size_t violations, const char *csv)
{
    struct buf out = BUF_INIT(CSV_BYTES);
    buf_puts(&out, CSV_MARK "code,name_ar,name_en,severity,findings,cases\r\n");
    for (size_t i = 0; i < count; i++) {
        const struct book_violation *is = violation_of(violation, violations, row[i].code);
        csv_text(&out, row[i].code);
        csv_text(&out, is->name[LANG_AR]);
        csv_text(&out, is->name[LANG_EN]);
        csv_text(&out, is->severity);
        buf_printf(&out, "%" PRId64 ",%" PRId64 "\r\n", row[i].findings, row[i].cases);
        if (!csv)
            printf("%s\t%s\t%" PRId64 "\t%" PRId64 "\n", row[i].code, is->name[LANG_EN],
                   row[i].findings, row[i].cases);
    }
    int status = csv ? csv_write(&out, csv) : 0;
    buf_free(&out);
    return status;
}

static int count_findings(struct book *book, int argc, char **argv)
{
    const char *by = cmd_option(&argc, argv, "by"), *csv = cmd_option(&argc, argv, "csv");
    struct book_findings *row;
    struct book_violation *violation = NULL;
    size_t count = 0, violations = 0;
    int32_t from = 0, to;
    int status = today(book, &to);
    if (status == 0 && (take_day(&argc, argv, "from", &from) || take_day(&argc, argv, "to", &to)))
        return 1;
    if (status != 0 || argc != 1)
        return status ? status : cmd_usage("oversight");
    struct arena *arena = arena_new();
    int err = book_finding_count(book, by ? by : "code", from, to, arena, &row, &count);
    if (!err)
        err = book_violation_list(book, arena, &violation, &violations);
    if (err == SND_E_BAD)
        status = cmd_fail("Findings are counted --by code, centre or governorate.");
    else if (err)
        status = cmd_fail("The findings could not be counted: %s.", err_text(err));
    else
        status = print_counts(row, count, violation, violations, csv);
    arena_free(&arena);
    return status;
}

/* ---- noting ---- */

static int note(struct book *book, enum book_oversight_kind kind, int argc, char **argv)
{
    const char *words = cmd_option(&argc, argv, "words");
    const char *cases = cmd_option(&argc, argv, "cases");
    struct book_oversight row = {.words = words ? words : ""};
    int64_t n = kind == BOOK_FINDINGS;
    int coded = kind == BOOK_FINDINGS;
    if (today(book, &row.day) || take_day(&argc, argv, "day", &row.day))
        return 1;
    if (argc != 2 + coded || (cases && num_parse(cases, 1, 1000000, &n)))
        return cmd_usage("oversight");
    row.n = (uint32_t)n;
    if (str_copy(row.place, sizeof row.place, argv[1]) ||
        str_copy(row.code, sizeof row.code, coded ? argv[2] : "") ||
        strlen(row.words) >= OVERSIGHT_TEXT)
        return said(SND_E_INVALID);
    return said(book_oversight_add(book, kind, &row));
}

static int note_finding(struct book *book, int argc, char **argv)
{
    return note(book, BOOK_FINDINGS, argc, argv);
}

static int note_meeting(struct book *book, int argc, char **argv)
{
    return note(book, BOOK_MEETINGS, argc, argv);
}

static int raise_issue(struct book *book, int argc, char **argv)
{
    return note(book, BOOK_ISSUES, argc, argv);
}

/* What isn't named stays as it is. */
static int answer_issue(struct book *book, int argc, char **argv)
{
    const char *owner = cmd_option(&argc, argv, "owner");
    const char *solution = cmd_option(&argc, argv, "solution");
    struct book_oversight *row;
    size_t count = 0;
    struct id id;
    int32_t closed = 0;
    if (take_day(&argc, argv, "closed", &closed))
        return 1;
    if (argc != 2 || id_parse(argv[1], &id))
        return cmd_usage("oversight");
    struct arena *arena = arena_new();
    int err = book_oversight_list(book, BOOK_ISSUES, "", arena, &row, &count);
    size_t at = 0;
    while (!err && at < count && !id_equal(&row[at].id, &id))
        at++;
    if (!err && at == count)
        err = SND_E_NOTFOUND;
    if (!err && owner)
        err = str_copy(row[at].owner, sizeof row[at].owner, owner) ? SND_E_INVALID : 0;
    if (!err && solution)
        row[at].answer = solution;
    if (!err && closed)
        row[at].closed = closed;
    if (!err)
        err = book_issue_answer(book, &row[at]);
    arena_free(&arena);
    return said(err);
}

static const struct cmd_verb verbs[] = {{"issues", list_issues},     {"meetings", list_meetings},
                                        {"findings", list_findings}, {"count", count_findings},
                                        {"finding", note_finding},   {"meeting", note_meeting},
                                        {"issue", raise_issue},      {"answer", answer_issue}};

int cmd_oversight(int argc, char **argv)
{
    return cmd_verb_run("oversight", verbs, SND_COUNT(verbs), argc, argv);
}
