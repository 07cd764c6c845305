/* SPDX-License-Identifier: Apache-2.0
 * One trail: what was done and seen, newest first, a page at a time. The chosen event is told in
 * full below the list: both clocks, where from, old and new. Enter opens it whole; the digits lead
 * from it to the trail of its request, its actor, its person and its session. */
#include "ui/trail.h"
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "book/report.h"
#include "text/date.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

#define STRIP 4 /* rows below the list */

struct trail {
    struct arena *arena;
    struct pick pick;
    struct pick_item *item;
    enum book_trail of;
    char key[BOOK_TEXT], title[BOOK_TEXT];
    struct book_step *step;
    size_t count;
    struct book_where next; /* where the next page goes on; seq 0 = there is none */
};

const char *trail_deed(const char *type)
{
    const struct deed_row *deed = deed_find(type);
    return deed ? deed->name[msg_language()] : type;
}

const char *trail_member(const char *name)
{
    const struct member_row *row = member_find(name);
    return row ? row->name[msg_language()] : name;
}

/* The words that a trail is called by in its own event. */
static const char *trail_kind(const char *word)
{
    static const char *const kinds[] = {N_("request"), N_("account"), N_("person"), N_("session"),
                                        N_("event")};
    for (size_t i = 0; i < SND_COUNT(kinds); i++)
        if (strcmp(word, kinds[i]) == 0)
            return _(kinds[i]);
    return word;
}

const char *trail_value(const char *member, const char *value)
{
    enum request_state state;
    enum role role;
    if (strcmp(member, "state") == 0 && state_find(value, &state) == 0)
        return state_name(state, msg_language());
    if (strcmp(member, "channel") == 0)
        return report_word_name(DIM_CHANNEL, value);
    if (strcmp(member, "of") == 0)
        return trail_kind(value);
    if (strcmp(member, "role") == 0 && role_find(value, &role) == 0)
        return role_name(role, msg_language());
    return value;
}

const char *trail_change(struct ui *ui, const char *member, const char *was, const char *now)
{
    const char *name = trail_member(member), *new_one = trail_value(member, now);
    if (!*now && !*was)
        return "";
    if (!*was)
        return arena_printf(ui->arena, "%s: %s", name, new_one);
    /* L10N: a member of an event, its old value, its new one. */
    return arena_printf(ui->arena, _("%s: from %s to %s"), name, trail_value(member, was), new_one);
}

static const char *two_digits(struct ui *ui, int64_t ms)
{
    int second = (int)(ms / 1000 % 86400);
    return arena_printf(ui->arena, "%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);
}

const char *trail_clock(struct ui *ui, int64_t utc_ms, int utc)
{
    char date[16];
    int64_t away = utc ? -CLOCK_OMAN_OFFSET_MS : 0;
    date_text(clock_oman_day(utc_ms + away), CALENDAR_GREGORIAN, date);
    return arena_printf(ui->arena, "%s %s", date,
                        two_digits(ui, utc_ms + CLOCK_OMAN_OFFSET_MS + away));
}

/* ---- the list ---- */

static void make_items(struct ui *ui, struct trail *trail)
{
    trail->item = arena_alloc(trail->arena, (trail->count + 1) * sizeof *trail->item);
    for (size_t i = 0; i < trail->count; i++) {
        const struct book_step *step = &trail->step[i];
        struct pick_item *item = &trail->item[i];
        item->text = arena_printf(trail->arena, "%s" LAYOUT_GAP "%s" LAYOUT_GAP "%s",
                                  frame_moment(ui, step->at), trail_deed(step->type), step->actor);
        item->note = step->number;
        item->note_look = LOOK_PLAIN;
    }
    trail->pick.nothing = _("Nothing has been done or seen yet.");
    pick_set(&trail->pick, trail->item, trail->count);
}

/* The next page below what is there. */
static int ask(struct ui *ui, struct trail *trail)
{
    struct book_trail_page page;
    int error = book_trail(ui->book, trail->of, trail->key, &trail->next, trail->arena, &page);
    if (error)
        return error;
    struct book_step *all =
        arena_alloc(trail->arena, (trail->count + page.steps + 1) * sizeof *all);
    if (trail->count > 0)
        memcpy(all, trail->step, trail->count * sizeof *all);
    if (page.steps > 0)
        memcpy(all + trail->count, page.step, page.steps * sizeof *all);
    trail->step = all;
    trail->count += page.steps;
    trail->next = page.next;
    (void)str_copy(trail->title, sizeof trail->title, page.title);
    return 0;
}

int trail_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct trail *trail = x_alloc(sizeof *trail);
    trail->arena = arena_new();
    trail->of = (enum book_trail)arg->index;
    (void)str_copy(trail->key, sizeof trail->key, arg->text);
    int error = ask(ui, trail);
    if (error == SND_E_NOTFOUND)
        ui_tell(ui, TELL_WARNING, "%s", _("This event has no such trail: choose another digit."));
    else if (error)
        ui_tell_error(ui, error);
    if (error) {
        trail_close(ui, trail);
        return error;
    }
    make_items(ui, trail);
    ui_quiet(ui);
    *state = trail;
    return 0;
}

int trail_place(const struct ui *ui, const void *state, struct ui_arg *out)
{
    const struct trail *trail = state;
    (void)ui;
    out->index = (int)trail->of;
    return str_copy(out->text, sizeof out->text, trail->key) == 0;
}

void trail_close(struct ui *ui, void *state)
{
    (void)ui;
    struct trail *trail = state;
    pick_free(&trail->pick);
    arena_free(&trail->arena);
    x_free(&trail);
}

static void more(struct ui *ui, struct trail *trail)
{
    int chosen = pick_chosen(&trail->pick);
    int error = ask(ui, trail);
    if (error) {
        ui_tell_error(ui, error);
        return;
    }
    make_items(ui, trail);
    pick_choose(&trail->pick, chosen);
}

unsigned trail_follow(struct ui *ui, const struct book_where *place, uint32_t point)
{
    static const enum book_trail ways[] = {BOOK_TRAIL_REQUEST, BOOK_TRAIL_ACCOUNT,
                                           BOOK_TRAIL_PERSON, BOOK_TRAIL_SESSION};
    size_t way = point >= 0x0661 ? point - 0x0661 : point - '1';
    if (way >= SND_COUNT(ways))
        return UI_IGNORED;
    if (ui->depth >= UI_DEPTH - 1) {
        ui_tell(ui, TELL_WARNING, "%s", _("You have followed far: go back with F3 first."));
        return UI_HANDLED;
    }
    struct ui_arg arg = {.index = (int)ways[way]};
    char node[ID_TEXT];
    id_text(&place->node, node);
    (void)str_format(arg.text, sizeof arg.text, "@%lld.%lld.%s", (long long)place->epoch,
                     (long long)place->seq, node);
    ui_push(ui, SCREEN_TRAIL, &arg);
    return UI_HANDLED;
}

static unsigned open_event(struct ui *ui, const struct book_step *step)
{
    struct ui_arg arg = {.thing = &step->place};
    if (ui->depth >= UI_DEPTH - 1)
        ui_tell(ui, TELL_WARNING, "%s", _("You have followed far: go back with F3 first."));
    else
        ui_push(ui, SCREEN_EVENT, &arg);
    return UI_HANDLED;
}

unsigned trail_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct trail *trail = state;
    enum pick_did did = pick_key(&trail->pick, event, 0, ui);
    int chosen = pick_chosen(&trail->pick);
    if (did == PICK_MOVED) {
        if (trail->next.seq > 0 && trail->pick.at + 1 == trail->pick.shown_count)
            more(ui, trail);
        return UI_REDRAW;
    }
    if (event->key == K_UP || event->key == K_DOWN || chosen < 0)
        return did == PICK_TAKEN ? UI_HANDLED : UI_IGNORED;
    if (did == PICK_TAKEN)
        return open_event(ui, &trail->step[chosen]);
    if (event->key == K_CHAR)
        return trail_follow(ui, &trail->step[chosen].place, event->point);
    return UI_IGNORED;
}

/* ---- painting ---- */

static void paint_strip(struct ui *ui, const struct book_step *step, int row)
{
    const struct deed_row *deed = deed_find(step->type);
    int width = frame_width(ui) - 3;
    frame_text(ui, row, 2, width,
               /* L10N: date and time in Muscat, date and time in UTC. */
               arena_printf(ui->arena, _("Muscat %s, UTC %s"), trail_clock(ui, step->at, 0),
                            trail_clock(ui, step->at, 1)),
               LOOK_PLAIN);
    frame_text(ui, row + 1, 2, width,
               arena_printf(ui->arena, _("%s, %s, from %s, centre %s"), step->actor,
                            step->actor_name, step->peer, step->centre),
               LOOK_PLAIN);
    frame_text(ui, row + 2, 2, width,
               arena_printf(ui->arena, _("Event %s. %s  %s"), frame_number(ui, step->place.seq),
                            trail_deed(step->type),
                            trail_change(ui, deed ? deed->member : "", step->was, step->now)),
               LOOK_PLAIN);
}

static const char *title_of(struct ui *ui, const struct trail *trail)
{
    static const char *const words[] = {
        [BOOK_TRAIL_REQUEST] = N_("Trail of a request"),
        [BOOK_TRAIL_ACCOUNT] = N_("Trail of an account"),
        [BOOK_TRAIL_PERSON] = N_("Trail of a person"),
        [BOOK_TRAIL_SESSION] = N_("Trail of a session"),
    };
    return arena_printf(ui->arena, "%s: %s", _(words[trail->of]), trail->title);
}

void trail_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("open")}, {K_F1, N_("help")}, {K_F3, N_("back")}};
    struct trail *trail = state;
    int rows = frame_body(ui) - STRIP, chosen;
    const char *count = frame_number(ui, (int64_t)trail->count);
    frame_context(ui, title_of(ui, trail),
                  trail->next.seq > 0 ? arena_printf(ui->arena, _("the newest %s are shown"), count)
                                      : arena_printf(ui->arena, _("shown: %s"), count));
    pick_paint(ui, &trail->pick, FRAME_TOP, rows, NULL);
    chosen = pick_chosen(&trail->pick);
    frame_fill(ui, FRAME_TOP + rows, 2, frame_width(ui) - 2, 0x2500, LOOK_HINT);
    if (chosen >= 0)
        paint_strip(ui, &trail->step[chosen], FRAME_TOP + rows + 1);
    else
        frame_caret(ui, FRAME_TOP, 2);
    frame_hint(ui, _("Trail of this event's 1 request, 2 account, 3 person, 4 session."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
