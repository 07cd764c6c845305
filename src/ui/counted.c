/* SPDX-License-Identifier: Apache-2.0
 * The requests behind a number of a report, the newest first, a page at a time: exactly those that
 * were counted. Enter opens one that is in this book; of imported history there is no more. */
#include <string.h>
#include "base/err.h"
#include "text/date.h"
#include "ui/frame.h"
#include "ui/reports.h"

const char ui_counted[] =
    N_("This request is of the time before this book: there is no more of it here.");

struct counted {
    struct arena *arena;
    const struct book_ask *ask; /* the report's, which stays open below */
    char about[BOOK_TEXT];
    struct pick pick;
    struct pick_item *item;
    struct report_request *list;
    size_t count;
    int more;
};

static void make_items(struct counted *counted)
{
    counted->item = arena_alloc(counted->arena, (counted->count + 1) * sizeof *counted->item);
    for (size_t i = 0; i < counted->count; i++) {
        const struct report_request *request = &counted->list[i];
        struct pick_item *item = &counted->item[i];
        enum request_state state;
        char date[16];
        date_text(request->day, CALENDAR_GREGORIAN, date);
        item->text =
            arena_printf(counted->arena, "%s" LAYOUT_GAP "%s", request->number, request->service);
        const char *name = state_find(request->state, &state) == 0
                               ? state_name(state, msg_language())
                               : request->state;
        item->note =
            request->n == 1
                ? arena_printf(counted->arena, "%s" LAYOUT_GAP "%s %02d:%02d", name, date,
                               request->minute / 60, request->minute % 60)
                /* L10N: imported history counts like requests in one. */
                : arena_printf(counted->arena, _("%s  %s  %d alike"), name, date, request->n);
        item->note_look = LOOK_PLAIN;
    }
    counted->pick.nothing = _("There are no requests in this period.");
    pick_set(&counted->pick, counted->item, counted->count);
}

/* The next page below what is there. */
static int ask_more(struct ui *ui, struct counted *counted)
{
    struct report_request *list;
    size_t count;
    const struct report_request *after =
        counted->count > 0 ? &counted->list[counted->count - 1] : NULL;
    int error =
        book_report_list(ui->book, counted->ask, after, BOOK_PAGE, counted->arena, &list, &count);
    if (error) {
        ui_tell_error(ui, error);
        return error;
    }
    struct report_request *all =
        arena_alloc(counted->arena, (counted->count + count + 1) * sizeof *all);
    if (counted->count > 0)
        memcpy(all, counted->list, counted->count * sizeof *all);
    if (count > 0)
        memcpy(all + counted->count, list, count * sizeof *all);
    counted->list = all;
    counted->count += count;
    counted->more = count == BOOK_PAGE;
    make_items(counted);
    return 0;
}

int counted_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    const struct book_ask *ask = arg->thing ? arg->thing : reports_listed(ui);
    if (!ask)
        return SND_E_NOTFOUND;
    struct counted *counted = x_alloc(sizeof *counted);
    counted->arena = arena_new();
    counted->ask = ask;
    (void)str_copy(counted->about, sizeof counted->about, arg->text);
    int error = ask_more(ui, counted);
    if (error) {
        counted_close(ui, counted);
        return error;
    }
    *state = counted;
    return 0;
}

/* The report below says whose they are. */
int counted_place(const struct ui *ui, const void *state, struct ui_arg *out)
{
    const struct counted *counted = state;
    (void)ui;
    return str_copy(out->text, sizeof out->text, counted->about) == 0;
}

void counted_close(struct ui *ui, void *state)
{
    (void)ui;
    struct counted *counted = state;
    pick_free(&counted->pick);
    arena_free(&counted->arena);
    x_free(&counted);
}

static unsigned take(struct ui *ui, const struct counted *counted)
{
    int chosen = pick_chosen(&counted->pick);
    struct ui_arg arg = {0};
    if (chosen < 0)
        return UI_HANDLED;
    if (counted->list[chosen].past) {
        ui_tell(ui, TELL_PLAIN, "%s", _(ui_counted));
        return UI_HANDLED;
    }
    (void)str_copy(arg.text, sizeof arg.text, counted->list[chosen].number);
    ui_push(ui, SCREEN_REQUEST, &arg);
    return UI_HANDLED;
}

unsigned counted_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct counted *counted = state;
    enum pick_did did = pick_key(&counted->pick, event, 0, ui);
    if (did == PICK_TAKEN)
        return take(ui, counted);
    if (did == PICK_IGNORED)
        return UI_IGNORED;
    if (counted->more && counted->pick.at + 1 == counted->pick.shown_count) {
        int chosen = pick_chosen(&counted->pick);
        if (ask_more(ui, counted) == 0)
            pick_choose(&counted->pick, chosen);
    }
    return UI_FOCUS;
}

void counted_focus(struct ui *ui, void *state)
{
    struct counted *counted = state;
    pick_paint(ui, &counted->pick, FRAME_TOP, frame_body(ui), NULL);
}

void counted_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("go in")}, {K_F1, N_("help")}, {K_F3, N_("back")}};
    const struct counted *counted = state;
    const char *count = frame_number(ui, (int64_t)counted->count);
    const char *words = counted->more ? arena_printf(ui->arena, _("the newest %s are shown"), count)
                                      : arena_printf(ui->arena, _("shown: %s"), count);
    frame_context(ui, counted->about, words);
    counted_focus(ui, state);
    frame_hint(ui, _("The arrows choose, Enter opens a request of this book."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
