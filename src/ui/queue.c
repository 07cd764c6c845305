/* SPDX-License-Identifier: Apache-2.0
 * What waits for this person's side: an officer's agency, or a centre. State after state and in
 * each the oldest first, a page at a time; narrowed by typing, to one state, or to what an officer
 * has in his own hands. */
#include <string.h>
#include "base/err.h"
#include "text/date.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

struct queue {
    struct arena *arena;
    struct pick pick;
    struct pick_item *item;
    struct book_waiting *list;
    size_t count;
    int more;       /* the last answer was full: there may be more */
    int mine;       /* only what this officer has */
    unsigned state; /* only of that state, or BOOK_ANY_STATE */
    struct book_waits waits;
    struct chooser_list states; /* what F4 shows */
    unsigned state_at[STATE_COUNT + 1];
    int choosing;
};

static const char *whose(const struct ui *ui, const struct book_waiting *row)
{
    if (ui->me.role != ROLE_AGENCY || !row->officer[0])
        return "";
    return strcmp(row->officer, ui->me.account) == 0 ? _("yours") : row->officer;
}

static void make_items(struct ui *ui, struct queue *queue)
{
    char date[16];
    queue->item = arena_alloc(queue->arena, (queue->count + 1) * sizeof *queue->item);
    for (size_t i = 0; i < queue->count; i++) {
        const struct book_request *request = &queue->list[i].request;
        const char *officer = whose(ui, &queue->list[i]);
        struct pick_item *item = &queue->item[i];
        date_text(request->day, CALENDAR_GREGORIAN, date);
        if (date_to_gregorian(request->day).year == date_to_gregorian(ui->me.today).year)
            date[5] = '\0'; /* this year's go without saying */
        item->text = arena_printf(queue->arena, "%s" LAYOUT_GAP "%s",
                                  short_number(ui, request->number), request->applicant);
        item->note =
            arena_printf(queue->arena, "%s%s%s%s" LAYOUT_GAP "%s" LAYOUT_GAP "%s", officer,
                         *officer ? LAYOUT_GAP : "", row_tail(ui, request->tail, queue->arena),
                         request->service, state_name(request->state, msg_language()), date);
        item->note_look = LOOK_PLAIN;
        item->folded = item_folded(queue->arena, request->number, request->applicant,
                                   arena_printf(queue->arena, "%s %s", request->service, officer));
    }
    queue->pick.nothing = _("Nothing waits here.");
    pick_set(&queue->pick, queue->item, queue->count);
}

static int ask_page(struct ui *ui, const struct queue *queue, const struct book_waiting *after,
                    struct arena *arena, struct book_waiting **list, size_t *count)
{
    struct book_queue ask = {.mine = queue->mine,
                             .state = queue->state,
                             .after_state = after ? after->request.state : 0,
                             .after = after ? after->request.number : "",
                             .max = BOOK_PAGE};
    return book_request_queue(ui->book, &ask, arena, list, count);
}

static int ask(struct ui *ui, struct queue *queue)
{
    struct arena *fresh = arena_new();
    struct book_waiting *list;
    size_t count;
    int error = ask_page(ui, queue, NULL, fresh, &list, &count);
    if (!error)
        error = book_request_waits(ui->book, &queue->waits);
    if (error) {
        arena_free(&fresh);
        return error;
    }
    arena_free(&queue->arena);
    queue->arena = fresh;
    queue->list = list;
    queue->count = count;
    queue->more = count == BOOK_PAGE;
    make_items(ui, queue);
    return 0;
}

/* The next page below what is shown. */
static void ask_more(struct ui *ui, struct queue *queue)
{
    struct book_waiting *list, *all;
    size_t count;
    int chosen = pick_chosen(&queue->pick);
    int error = ask_page(ui, queue, &queue->list[queue->count - 1], queue->arena, &list, &count);
    if (error) {
        ui_tell_error(ui, error);
        return;
    }
    all = arena_alloc(queue->arena, (queue->count + count) * sizeof *all);
    memcpy(all, queue->list, queue->count * sizeof *all);
    if (count > 0)
        memcpy(all + queue->count, list, count * sizeof *all);
    queue->list = all;
    queue->count += count;
    queue->more = count == BOOK_PAGE;
    make_items(ui, queue);
    pick_choose(&queue->pick, chosen);
}

int queue_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)arg;
    struct queue *queue = x_alloc(sizeof *queue);
    queue->arena = arena_new();
    queue->state = BOOK_ANY_STATE;
    edit_set(&queue->pick.filter, "", 60, TEXT_AUTO);
    int error = ask(ui, queue);
    if (error) {
        ui_tell_error(ui, error);
        queue_close(ui, queue);
        return error;
    }
    *state = queue;
    return 0;
}

void queue_close(struct ui *ui, void *state)
{
    (void)ui;
    struct queue *queue = state;
    pick_free(&queue->pick);
    arena_free(&queue->arena);
    x_free(&queue);
}

/* The same rows again, as near as can be to where one was. */
static void again(struct ui *ui, struct queue *queue)
{
    int chosen = pick_chosen(&queue->pick);
    int error = ask(ui, queue);
    if (error)
        ui_tell_error(ui, error);
    else if (chosen >= 0)
        pick_choose(&queue->pick, chosen < (int)queue->count ? chosen : (int)queue->count - 1);
}

void queue_resume(struct ui *ui, void *state)
{
    struct queue *queue = state;
    if (queue->choosing && ui->answer >= 0)
        queue->state = queue->state_at[ui->answer];
    queue->choosing = 0;
    again(ui, queue);
}

static unsigned choose_state(struct ui *ui, struct queue *queue)
{
    struct pick_item *item = arena_alloc(queue->arena, (STATE_COUNT + 1) * sizeof *item);
    size_t rows = 0;
    for (unsigned i = BOOK_ANY_STATE; i != STATE_COUNT; i = i == BOOK_ANY_STATE ? 0 : i + 1) {
        int any = i == BOOK_ANY_STATE;
        if (!any && !state_waits(i, ui->me.role))
            continue;
        const char *name = any ? _("All that waits") : state_name(i, msg_language());
        queue->state_at[rows] = i;
        item[rows++] = (struct pick_item){
            .text = name,
            .note = arena_strdup(queue->arena,
                                 frame_number(ui, any ? queue->waits.all : queue->waits.n[i])),
            .folded = item_folded(queue->arena, name, "", ""),
            .note_look = LOOK_PLAIN};
    }
    queue->states = (struct chooser_list){
        .title = _("Which state?"), .item = item, .count = rows, .filter = "", .chosen = 0};
    queue->choosing = 1;
    ui_push(ui, SCREEN_CHOOSER, &(struct ui_arg){.thing = &queue->states});
    return UI_HANDLED;
}

static unsigned take(struct ui *ui, struct queue *queue)
{
    int chosen = pick_chosen(&queue->pick);
    struct ui_arg arg = {0};
    if (chosen < 0)
        return UI_HANDLED;
    (void)str_copy(arg.text, sizeof arg.text, queue->list[chosen].request.number);
    ui_push(ui, SCREEN_REQUEST, &arg);
    return UI_HANDLED;
}

unsigned queue_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct queue *queue = state;
    if (event->key == K_F4)
        return choose_state(ui, queue);
    if (event->key == K_F5) {
        queue->mine = ui->me.role == ROLE_AGENCY && !queue->mine;
        again(ui, queue);
        return UI_REDRAW;
    }
    enum pick_did did = pick_key(&queue->pick, event, 1, ui);
    if (did == PICK_TAKEN)
        return take(ui, queue);
    if (did == PICK_MOVED && queue->more && queue->pick.at + 1 == queue->pick.shown_count)
        ask_more(ui, queue);
    if (event->key == K_UP || event->key == K_DOWN)
        return did == PICK_MOVED ? UI_FOCUS : UI_HANDLED;
    return did == PICK_IGNORED ? UI_IGNORED : UI_FOCUS;
}

void queue_focus(struct ui *ui, void *state)
{
    struct queue *queue = state;
    pick_paint(ui, &queue->pick, FRAME_TOP, frame_body(ui), _("Find:"));
}

void queue_paint(struct ui *ui, void *state)
{
    static const struct frame_key officers[] = {{K_ENTER, N_("open the request")},
                                                {K_F1, N_("help")},
                                                {K_F3, N_("back")},
                                                {K_F4, N_("state")},
                                                {K_F5, N_("yours or all")}};
    const struct queue *queue = state;
    int officer = ui->me.role == ROLE_AGENCY;
    const char *what = queue->state == BOOK_ANY_STATE ? _("What waits, the oldest first")
                                                      : state_name(queue->state, msg_language());
    const char *waits = arena_printf(ui->arena, queue->mine ? _("yours: %s") : _("waiting: %s"),
                                     frame_number(ui, queue->mine || queue->state != BOOK_ANY_STATE
                                                          ? (int64_t)queue->count
                                                          : (int64_t)queue->waits.all));
    frame_context(ui, what, waits);
    queue_focus(ui, state);
    frame_hint(ui, officer ? _("Enter opens a request; there its digits say what can be done.")
                           : _("Enter opens a request; there its digits say what can be done. F4 "
                               "chooses a state."));
    frame_keys(ui, officers, officer ? SND_COUNT(officers) : SND_COUNT(officers) - 1);
}
