/* SPDX-License-Identifier: Apache-2.0
 * The submitted requests that this person may see, newest first, a page at a time; narrowed by the
 * ledger to a number, a civil number or words of a name. */
#include <string.h>
#include "base/err.h"
#include "text/date.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

/* How many signs of the veil before a number's tail stand in a row, by the screen's width. */
enum { ROW_NARROW, ROW_SHORT = 2, ROW_ALL = 4 };
#define ROW_WIDE 100

struct requests {
    struct arena *arena;
    struct pick pick;
    struct pick_item *item;
    struct book_request *list;
    size_t count;
    int more;              /* the last answer was full: there may be more */
    int counted;           /* nothing of it is in this book, it is of imported history */
    char asked[BOOK_TEXT]; /* the query that the list answers */
};

const char *short_number(const struct ui *ui, const char *number)
{
    size_t len = strlen(ui->me.centre);
    int own = len > 0 && strncmp(number, ui->me.centre, len) == 0 && number[len] == '-';
    const char *short_one = number + (own ? len + 1 : 0);
    /* Seven digits and a letter would be turned around in an Arabic row: that one is shown whole.
     */
    return strspn(short_one, "0123456789") < strcspn(short_one, "-") ? short_one : number;
}

const char *row_tail(const struct ui *ui, const char *tail, struct arena *arena)
{
    static const char sign[] = "•";
    int signs = frame_narrow(ui) ? ROW_NARROW : frame_width(ui) < ROW_WIDE ? ROW_SHORT : ROW_ALL;
    const char *shown = tail;
    if (!*tail || signs == ROW_NARROW)
        return "";
    for (int i = signs; i < ROW_ALL && strncmp(shown, sign, strlen(sign)) == 0; i++)
        shown += strlen(sign);
    return arena_printf(arena, "%s  ", shown);
}

/* A number of imported history finds no request of this book: then that is what is said. */
static int was_counted(struct ui *ui, const char *asked)
{
    struct book_goal goal[BOOK_FIND_ROWS];
    size_t count = 0;
    return strchr(asked, '-') && ui_may(ui, OP_GO_FIND) &&
           book_go_find(ui->book, asked, goal, &count) == 0 && count == 1 &&
           goal[0].kind == GOAL_COUNTED;
}

static void make_items(const struct ui *ui, struct requests *requests)
{
    char date[16];
    requests->item = arena_alloc(requests->arena, (requests->count + 1) * sizeof *requests->item);
    for (size_t i = 0; i < requests->count; i++) {
        const struct book_request *request = &requests->list[i];
        struct pick_item *item = &requests->item[i];
        date_text(request->day, CALENDAR_GREGORIAN, date);
        if (date_to_gregorian(request->day).year == date_to_gregorian(ui->me.today).year)
            date[5] = '\0'; /* this year's go without saying */
        item->text = arena_printf(requests->arena, "%s" LAYOUT_GAP "%s",
                                  short_number(ui, request->number), request->applicant);
        item->note = arena_printf(requests->arena, "%s%s" LAYOUT_GAP "%s" LAYOUT_GAP "%s",
                                  row_tail(ui, request->tail, requests->arena), request->service,
                                  state_name(request->state, msg_language()), date);
        item->note_look = LOOK_PLAIN;
    }
    requests->pick.nothing = requests->counted ? _(ui_counted)
                             : *requests->asked
                                 ? _("No request has that number or name: type another.")
                                 : _("There are no requests yet.");
    pick_set(&requests->pick, requests->item, requests->count);
}

static int ask(struct ui *ui, struct requests *requests)
{
    struct arena *fresh = arena_new();
    struct book_request *list;
    size_t count;
    int error = book_request_list(ui->book, requests->pick.filter.text, "", BOOK_PAGE, fresh, &list,
                                  &count);
    if (error) {
        arena_free(&fresh);
        return error;
    }
    (void)str_copy(requests->asked, sizeof requests->asked, requests->pick.filter.text);
    arena_free(&requests->arena);
    requests->arena = fresh;
    requests->list = list;
    requests->count = count;
    requests->more = count == BOOK_PAGE;
    requests->counted = count == 0 && was_counted(ui, requests->asked);
    make_items(ui, requests);
    return 0;
}

/* The next page below what is shown. */
static void ask_more(struct ui *ui, struct requests *requests)
{
    struct book_request *list;
    size_t count;
    int chosen = pick_chosen(&requests->pick);
    const char *after = requests->list[requests->count - 1].number;
    int error = book_request_list(ui->book, requests->asked, after, BOOK_PAGE, requests->arena,
                                  &list, &count);
    if (error) {
        ui_tell_error(ui, error);
        return;
    }
    struct book_request *all =
        arena_alloc(requests->arena, (requests->count + count) * sizeof *all);
    memcpy(all, requests->list, requests->count * sizeof *all);
    if (count > 0)
        memcpy(all + requests->count, list, count * sizeof *all);
    requests->list = all;
    requests->count += count;
    requests->more = count == BOOK_PAGE;
    make_items(ui, requests);
    pick_choose(&requests->pick, chosen);
}

int requests_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct requests *requests = x_alloc(sizeof *requests);
    requests->arena = arena_new();
    edit_set(&requests->pick.filter, arg->text, 60, TEXT_AUTO);
    int error = ask(ui, requests);
    if (error) {
        ui_tell_error(ui, error);
        requests_close(ui, requests);
        return error;
    }
    *state = requests;
    /* What was looked up and is the only one is what was meant. */
    if (arg->text[0] && requests->count == 1) {
        struct ui_arg only = {0};
        (void)str_copy(only.text, sizeof only.text, requests->list[0].number);
        ui_push(ui, SCREEN_REQUEST, &only);
    }
    return 0;
}

int requests_place(const struct ui *ui, const void *state, struct ui_arg *out)
{
    const struct requests *requests = state;
    (void)ui;
    return str_copy(out->text, sizeof out->text, requests->pick.filter.text) == 0;
}

void requests_close(struct ui *ui, void *state)
{
    (void)ui;
    struct requests *requests = state;
    pick_free(&requests->pick);
    arena_free(&requests->arena);
    x_free(&requests);
}

static unsigned take(struct ui *ui, struct requests *requests)
{
    if (strcmp(requests->asked, requests->pick.filter.text) != 0) {
        int error = ask(ui, requests);
        if (error)
            ui_tell_error(ui, error);
        else
            ui_quiet(ui);
        return UI_REDRAW;
    }
    int chosen = pick_chosen(&requests->pick);
    if (chosen < 0)
        return UI_HANDLED;
    struct ui_arg arg = {0};
    (void)str_copy(arg.text, sizeof arg.text, requests->list[chosen].number);
    ui_push(ui, SCREEN_REQUEST, &arg);
    return UI_HANDLED;
}

unsigned requests_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct requests *requests = state;
    enum pick_did did = pick_key(&requests->pick, event, 0, ui);
    if (did == PICK_TAKEN)
        return take(ui, requests);
    if (did == PICK_MOVED) {
        if (requests->more && requests->pick.at + 1 == requests->pick.shown_count)
            ask_more(ui, requests);
        return UI_FOCUS;
    }
    if (event->key == K_UP || event->key == K_DOWN)
        return UI_HANDLED;
    if (edit_key(&requests->pick.filter, event, ui->rtl, ui->arena) == EDIT_IGNORED)
        return UI_IGNORED;
    requests->pick.roamed = 0;
    return UI_FOCUS;
}

void requests_focus(struct ui *ui, void *state)
{
    struct requests *requests = state;
    pick_paint(ui, &requests->pick, FRAME_TOP, frame_body(ui), _("Number or name:"));
}

void requests_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("search or open")}, {K_F1, N_("help")}, {K_F3, N_("back")}};
    const struct requests *requests = state;
    const char *count = frame_number(ui, (int64_t)requests->count);
    const char *words = requests->more
                            ? arena_printf(ui->arena, _("the newest %s are shown"), count)
                            : arena_printf(ui->arena, _("shown: %s"), count);
    frame_context(ui, _("Submitted requests, the newest first"), words);
    requests_focus(ui, state);
    frame_hint(ui, _("Type a request number, a civil number or a name, then Enter."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
