/* SPDX-License-Identifier: Apache-2.0
 * A clerk who fills one request of every service at the screens of `sanad desk`, on a terminal of
 * libvterm: looks which field the caret is at, types its value as people do (letters of a choice
 * and then the list, digits of a date, F8 or a number or a reason for a document), and goes on;
 * reads the review, submits, writes the number down.
 *
 * usage: services DAY WILAYAT DONE -- COMMAND...
 *
 * The command is the desk, already in Arabic. What is typed is the first record of each service in
 * tests/golden/verdicts that is right on DAY at a centre of WILAYAT. Services that centres there
 * don't offer, and those that DONE has, are left out. For each the file DONE gets a line: code,
 * number, and the values that the book must have. */
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <vterm.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "form/record.h"
#include "tests/tap.h"
#include "tests/unit/form_tools.h"
#include "text/fold.h"
#include "text/input.h"
#include "text/layout.h"
#include "text/text.h"

#define ROWS 24
#define COLS 80
#define PATIENCE_MS 60000
#define QUIET_MS 2
#define F8 "\x1b[19~"
#define F10 "\x1b[21~"
#define CTRL_U "\x15"
#define BACKSPACE "\x7f"
#define UP "\x1b[A"
#define DOWN "\x1b[B"

static struct {
    int fd;
    pid_t desk;
    VTerm *terminal;
    VTermScreen *screen;
    VTermPos caret;
    const char *service, *field; /* for whoever reads why it stopped */
    struct rule_day day;
    const char *done;
    int documents; /* noted so far, so that each of the ways is used */
} clerk;

/* ---- the terminal ---- */

static int on_caret(VTermPos to, VTermPos from, int visible, void *arg)
{
    (void)from, (void)visible, (void)arg;
    clerk.caret = to;
    return 1;
}

static void open_terminal(char **command)
{
    static const VTermScreenCallbacks callbacks = {.movecursor = on_caret};
    struct winsize size = {.ws_row = ROWS, .ws_col = COLS};
    clerk.terminal = vterm_new(ROWS, COLS);
    vterm_set_utf8(clerk.terminal, 1);
    clerk.screen = vterm_obtain_screen(clerk.terminal);
    vterm_screen_set_callbacks(clerk.screen, &callbacks, NULL);
    vterm_screen_enable_altscreen(clerk.screen, 1);
    vterm_screen_reset(clerk.screen, 1);
    clerk.desk = forkpty(&clerk.fd, NULL, NULL, &size);
    if (clerk.desk == 0) {
        (void)setenv("TERM", "xterm", 1);
        execvp(command[0], command);
        _exit(127);
    }
}

/* A row of the screen as code points. */
static void row_points(int row, uint32_t out[COLS])
{
    for (int col = 0; col < COLS; col++) {
        VTermScreenCell cell;
        vterm_screen_get_cell(clerk.screen, (VTermPos){row, col}, &cell);
        out[col] = cell.chars[0] ? cell.chars[0] : ' ';
    }
}

static void print_screen(void)
{
    for (int row = 0; row < ROWS; row++) {
        uint32_t points[COLS];
        row_points(row, points);
        printf("# |");
        for (int col = 0; col < COLS; col++) {
            char utf8[5];
            utf8_put(points[col] < 0x110000 ? points[col] : ' ', utf8);
            fputs(utf8, stdout);
        }
        printf("|\n");
    }
}

static _Noreturn void stop(const char *why)
{
    printf("# %s: field %s: %s\n", clerk.service ? clerk.service : "-",
           clerk.field ? clerk.field : "-", why);
    print_screen();
    kill(clerk.desk, SIGTERM);
    exit(1);
}

/* Takes in what the desk writes: waits so many ms for it, then until a picture is whole, which is
 * when nothing more comes for a moment. */
static void take_in(int wait)
{
    struct pollfd poll_fd = {.fd = clerk.fd, .events = POLLIN};
    char bytes[4096];
    while (poll(&poll_fd, 1, wait) == 1) {
        ssize_t got = read(clerk.fd, bytes, sizeof bytes);
        if (got <= 0)
            stop("the desk has ended");
        vterm_input_write(clerk.terminal, bytes, (size_t)got);
        wait = QUIET_MS;
    }
}

static void press(const char *keys)
{
    size_t len = strlen(keys);
    if (write(clerk.fd, keys, len) != (ssize_t)len)
        stop("the desk takes no keys");
}

/* A field of fixed length goes on by itself when it is full, and takes the Enter that follows. */
static void type_line(const char *text)
{
    char *keys = x_printf("%s\r", text);
    press(keys);
    x_free(&keys);
}

/* ---- looking ---- */

/* 1 when the row has the text as the screen lays it out. */
static int row_has(int row, const char *text)
{
    uint32_t points[COLS], want[COLS];
    struct line line;
    struct arena *arena = arena_new();
    int count = 0, found = 0;
    layout_line(text, TEXT_RTL, COLS, arena, &line);
    for (int i = 0; i < line.count && count < COLS; i++)
        want[count++] = line.cells[i].base;
    arena_free(&arena);
    if (row < 0 || row >= ROWS)
        return 0;
    row_points(row, points);
    for (int col = 0; !found && col + count <= COLS; col++)
        found = memcmp(points + col, want, (size_t)count * sizeof *want) == 0;
    return found;
}

static int screen_has(const char *text)
{
    for (int row = 0; row < ROWS; row++)
        if (row_has(row, text))
            return 1;
    return 0;
}

/* A long label has a row of its own over its box, and a long value may have rows above the caret.
 */
static int at_field(const char *label)
{
    return row_has(clerk.caret.row, label) || row_has(clerk.caret.row - 1, label);
}

static void wait_for(int (*seen)(const char *text), const char *text)
{
    int64_t until = clock_mono_ms() + PATIENCE_MS;
    take_in(QUIET_MS);
    while (!seen(text)) {
        if (clock_mono_ms() > until) {
            printf("# waited for: %s\n", text);
            stop("it did not come");
        }
        take_in(20);
    }
}

/* A list is open, narrowed to that. */
static int at_list(const char *typed)
{
    return screen_has("اكتب بعض الحروف واختر بالأسهم.") && row_has(clerk.caret.row, typed);
}

/* What is typed does not show. */
static int unseen(const char *text)
{
    struct termios mode;
    (void)text;
    return tcgetattr(clerk.fd, &mode) == 0 && !(mode.c_lflag & ECHO);
}

static void see(const char *text)
{
    wait_for(screen_has, text);
}

/* ---- typing one field ---- */

/* What the list is narrowed with: the first three letters of the label. */
static void first_letters(const char *label, char out[16])
{
    size_t len = 0, left = strlen(label), used;
    for (int i = 0; i < 3 && len < left; i++, len += used)
        (void)utf8_get(label + len, left - len, &used);
    snd_assert(str_format(out, 16, "%.*s", (int)len, label) == 0);
}

/* How a choice fits what was typed: 0 = not, 1 = a word of it begins so, 2 = all of it does. */
static int fits(const struct choice *choice, const char *typed)
{
    struct buf row = BUF_INIT(4096), query = BUF_INIT(64);
    char *all = x_printf("%s %s %s", choice->label[LANG_AR], choice->label[LANG_EN], choice->value);
    fold_text(all, &row);
    fold_text(typed, &query);
    int how = !fold_matches(buf_text(&row), typed)                        ? 0
              : strncmp(buf_text(&row), buf_text(&query), query.len) == 0 ? 2
                                                                          : 1;
    x_free(&all);
    buf_free(&row);
    buf_free(&query);
    return how;
}

/* The choice whose label is just that, which the field takes without a list; or NULL. */
static const struct choice *named(const struct field *field, const char *typed)
{
    for (size_t i = 0; i < field->choices->count; i++)
        if (strcmp(field->choices->item[i].label[LANG_AR], typed) == 0)
            return &field->choices->item[i];
    return NULL;
}

static void type_choice(const struct field *field, const char *stored)
{
    const struct choice *wanted = field_choice(field, stored);
    char typed[16];
    int matches = 0, at = 0, best = -1;
    if (!wanted)
        stop("no such choice");
    first_letters(wanted->label[LANG_AR], typed);
    if (named(field, typed)) {
        type_line(wanted->label[LANG_AR]);
        return;
    }
    for (size_t i = 0; i < field->choices->count; i++) {
        const struct choice *choice = &field->choices->item[i];
        int how = fits(choice, typed);
        if (choice == wanted)
            at = matches;
        if (how == 2 && best < 0)
            best = matches;
        matches += how > 0;
    }
    type_line(typed);
    if (matches == 1)
        return;
    wait_for(at_list, typed); /* it stands at the best */
    for (int from = best < 0 ? 0 : best; from != at; from += from < at ? 1 : -1)
        press(from < at ? DOWN : UP);
    press("\r");
}

/* What of a document is said, and what the book keeps of that. */
static const char *type_document(const char *stored)
{
    static char kept[64];
    const char *mark = stored + strcspn(stored, ":") + 1;
    switch (clerk.documents++ % 3) {
    case 0:
        press(F8);
        return "have:seen";
    case 1:
        type_line(mark);
        (void)str_format(kept, sizeof kept, "have:%.40s", mark);
        return kept;
    default:
        type_line("-يحضره لاحقا");
        return "none:يحضره لاحقا";
    }
}

/* Digits alone, day first. */
static void type_date(enum field_kind kind, const char *stored)
{
    char digits[16] = "";
    if (kind == FIELD_DATE_G)
        (void)str_format(digits, sizeof digits, "%.2s%.2s%.4s\r", stored + 8, stored + 5, stored);
    else
        (void)str_format(digits, sizeof digits, "%.2s%.2s%.4s\r", stored, stored + 3, stored + 6);
    press(digits);
}

/* Types the value; returns what the book will keep. */
static const char *type_value(const struct field *field, const char *stored)
{
    switch ((int)field->kind) {
    case FIELD_CHOICE:
    case FIELD_WILAYAT:
        type_choice(field, stored);
        return stored;
    case FIELD_YESNO:
        press(strcmp(stored, "yes") == 0 ? "y\r" : "n\r");
        return stored;
    case FIELD_DOC:
        return type_document(stored);
    case FIELD_DATE_G:
    case FIELD_DATE_H:
        type_date(field->kind, stored);
        return stored;
    default:
        type_line(stored);
        return stored;
    }
}

/* Empties what stands there by itself; how, depends on whether it was chosen or typed. */
static void clear(const struct field *field)
{
    press(field->choices || field->kind == FIELD_YESNO ? BACKSPACE : CTRL_U);
}

/* ---- one request ---- */

/* Goes through the fields as they come; `now` is the record as the screen must have it. */
static void fill_form(const struct record *wanted, struct record *now)
{
    const struct form *form = wanted->form;
    for (size_t i = 0; i < form->fields; i++) {
        const struct field *field = &form->field[i];
        const char *want = wanted->value[i], *stands = now->value[i];
        if (!now->relevant[i] || field->calculate)
            continue;
        clerk.field = field->key;
        wait_for(at_field, field->label[LANG_AR]);
        if (want && stands && strcmp(want, stands) == 0) {
            press("\r");
            continue;
        }
        if (stands)
            clear(field);
        if (want)
            want = type_value(field, want);
        else
            press("\r");
        if (want || stands)
            record_set(now, (int)i, want);
        record_settle(now, &clerk.day, 1);
    }
    clerk.field = NULL;
}

/* A request's number that begins in that place of the row: DA01-003-7K3M9QX-H. */
static int number_at(const uint32_t points[COLS], int col, char out[32])
{
    int len = 0;
    for (; col + len < COLS && len < 31 && points[col + len] > ' ' && points[col + len] < 0x7f;
         len++)
        out[len] = (char)points[col + len];
    out[len] = '\0';
    return len == 18 && out[4] == '-' && out[8] == '-' && out[16] == '-';
}

static char number[32];

static int number_shown(const char *text)
{
    (void)text;
    for (int row = 0; row < ROWS; row++) {
        uint32_t points[COLS];
        row_points(row, points);
        for (int col = 0; col < COLS; col++)
            if ((col == 0 || points[col - 1] == ' ') && number_at(points, col, number))
                return 1;
    }
    return 0;
}

static void note(const struct form *form, const struct record *now)
{
    char *values = record_json(now);
    FILE *done = fopen(clerk.done, "a");
    if (!done || fprintf(done, "%s\t%s\t%s\n", form->code, number, values) < 0 || fclose(done))
        stop("DONE can't be written");
    x_free(&values);
}

static void one_request(const struct record *wanted)
{
    struct record *now = record_new(wanted->form);
    record_settle(now, &clerk.day, 1);
    see("ماذا تريد أن تفعل؟ اضغط رقمه."); /* home */
    press("1");
    see("أي خدمة يريد صاحب الطلب؟");
    type_line(wanted->form->code);
    fill_form(wanted, now);
    see("كل الحقول مكتملة.");
    press(F10);
    see("تم حفظ الطلب، ورقمه:");
    wait_for(number_shown, "the number");
    note(wanted->form, now);
    press("\r");
    record_free(&now);
}

/* ---- which ---- */

static int is_done(const char *code)
{
    char line[65536];
    int found = 0;
    FILE *done = fopen(clerk.done, "r");
    while (done && !found && fgets(line, sizeof line, done))
        found = strncmp(line, code, strlen(code)) == 0 && line[strlen(code)] == '\t';
    if (done)
        fclose(done);
    return found;
}

static void all_services(void)
{
    const char *name;
    for (size_t i = 0; (name = tools_service(i)) != NULL; i++) {
        struct form *form = tools_form(name);
        clerk.service = form->code;
        if (area_holds(form_area(form, clerk.day.today)->centre, clerk.day.wilayat) &&
            !is_done(form->code)) {
            struct record *record = tools_right(form, name, &clerk.day);
            if (!record)
                stop("no record is right on that day");
            one_request(record);
            record_free(&record);
        }
        form_free(&form);
    }
}

int main(int argc, char **argv)
{
    if (argc < 6 || strcmp(argv[4], "--") != 0 || text_open() != 0 ||
        clock_day_parse(argv[1], &clerk.day.today) != 0)
        return 2;
    clerk.day.wilayat = argv[2];
    clerk.done = argv[3];
    open_terminal(argv + 5);
    wait_for(unseen, "Password:");
    type_line(getenv("SANAD_PASSWORD"));
    see("Enter"); /* the greeting */
    press("\r");
    all_services();
    press("6");
    (void)waitpid(clerk.desk, NULL, 0);
    vterm_free(clerk.terminal);
    tools_end();
    return 0;
}
