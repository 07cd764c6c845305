/* SPDX-License-Identifier: Apache-2.0
 * The permission matrix: every operation is asked by every role with arguments that are right, on
 * a connection of its own. What the table allows must be done; everything else must be refused for
 * that reason and no other. The table itself must say what tests/golden/permissions.tsv, written by
 * hand, says: a change of rights is to be seen in a review. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "book/report.h"
#include "tests/tap.h"
#include "tests/unit/ledger_args.h"

static int ask(int fd, enum operation op, const struct scene *scene)
{
    struct buf frame;
    struct wire answer;
    int status = 0;
    rig_begin(&frame, 7, op_row(op)->wire, &scene->write);
    args_of(op)->put(&frame, scene);
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

static int cell(struct scene *scene, enum operation op)
{
    int want = args_of(op)->answer, got;
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
            right += args_of(op)->put && cell(scene, op);
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
            if (args_of(op)->far != FAR || !op_allows(op, role))
                continue;
            int there = args_of(op)->answer;
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
    enum op_scope scope = op_row(op)->scope;
    enum reach reach = role_reach(role);
    int its = scope == SCOPE_WIDE || (scope == SCOPE_AREA && reach == REACH_GOVERNORATE);
    return its ? reach_letter(reach) : 'y';
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
