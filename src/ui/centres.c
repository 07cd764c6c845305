/* SPDX-License-Identifier: Apache-2.0
 * The centres of a hub, for who looks after them: those that were not heard of for more than a day
 * first; a governorate's supervisor sees those of the governorate. Each has a row; how the chosen
 * one stands is said below in sentences, with what to do about it, and Enter opens all that is
 * known of it. The list is asked for when the screen opens and at F5, never at another key. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "book/feed.h"
#include "book/public.h"
#include "ui/centres.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

#define PANE_ROWS 6   /* about the chosen one, below the list */
#define GOVERNORATE 2 /* letters of a code that say where it lies */

struct centres {
    struct arena *arena;
    struct pick pick;
    struct book_node *all, **shown; /* shown: of the governorate, as the rows are */
    size_t count, rows, silent;
    struct public_place *place; /* names of governorates, as far as they are known */
    size_t places;
    int64_t now;                       /* when it was asked, UTC ms */
    char governorate[GOVERNORATE + 1]; /* "" = everywhere */
    struct chooser_list choices;
    const char **choice; /* the governorate of each of them */
    int choosing;
};

/* ---- in words ---- */

static int is_silent(const struct centres *centres, const struct book_node *node)
{
    return node_standing(node, centres->now) <= NODE_SILENT;
}

static const char *short_standing(struct ui *ui, const struct centres *centres,
                                  const struct book_node *node)
{
    const char *span = frame_span(ui, node_silence(node, centres->now));
    switch (node_standing(node, centres->now)) {
    case NODE_FORKED:
        return _("stopped");
    case NODE_SILENT:
        return arena_printf(ui->arena, _("silent for %s"), span);
    case NODE_QUIET:
        return arena_printf(ui->arena, _("not heard of for %s"), span);
    case NODE_INVITED:
        return _("invited");
    case NODE_WELL:
    case NODE_REVOKED:
    case NODE_STANDINGS:
        break;
    }
    return _("goes well");
}

const char *centre_heard(struct ui *ui, const struct book_node *node, int64_t now)
{
    const char *since = frame_moment(ui, node->seen ? node->seen : node->joined);
    const char *span = frame_span(ui, node_silence(node, now));
    switch (node_standing(node, now)) {
    case NODE_FORKED:
        return _("It has stopped: two computers have spoken as this centre, or an old disk was put "
                 "back. The administrator finds out which is right and invites it anew.");
    case NODE_SILENT:
        return arena_printf(
            ui->arena,
            _("Nothing was heard of it since %s. Telephone the centre and ask whether "
              "its computer is on and its line is up."),
            since);
    case NODE_QUIET:
        return arena_printf(ui->arena, _("Nothing was heard of it for %s: its line may be down."),
                            span);
    case NODE_INVITED:
        return arena_printf(ui->arena, _("It is invited until %s and has not joined yet."),
                            frame_moment(ui, node->until));
    case NODE_WELL:
    case NODE_REVOKED:
    case NODE_STANDINGS:
        break;
    }
    return arena_printf(ui->arena, _("It goes well; last heard of at %s."), since);
}

const char *centre_waiting(struct ui *ui, const struct book_node *node)
{
    if (node->seen == 0)
        return "";
    if (node->events == 0 && node->documents == 0)
        return _("Nothing waited there when it was last heard of.");
    const char *words = arena_printf(
        ui->arena, _("Waiting there when it was last heard of: events %s, documents %s."),
        frame_number(ui, node->events), frame_number(ui, node->documents));
    if (node->oldest == 0)
        return words;
    return arena_printf(
        ui->arena, "%s %s", words,
        arena_printf(ui->arena, _("The oldest: since %s."), frame_moment(ui, node->oldest)));
}

const char *centre_clock(struct ui *ui, const struct book_node *node)
{
    int64_t skew = node->skew_ms < 0 ? -node->skew_ms : node->skew_ms;
    if (node->seen == 0)
        return "";
    const char *clock =
        skew <= LINE_SKEW_TOLD_MS
            ? _("Its clock is right.")
            : arena_printf(ui->arena, _("Its clock is wrong by %s."), frame_span(ui, skew));
    return arena_printf(ui->arena, "%s %s", clock,
                        arena_printf(ui->arena, _("Its program: %s."), node->program));
}

/* ---- the list ---- */

static const char *governorate_name(const struct centres *centres, const char *code)
{
    for (size_t i = 0; i < centres->places; i++)
        if (strcmp(centres->place[i].code, code) == 0)
            return centres->place[i].name[msg_language()];
    return code;
}

static int lies_in(const struct book_node *node, const char *governorate)
{
    return strncmp(node->centre, governorate, strlen(governorate)) == 0;
}

static void make_item(struct ui *ui, struct centres *centres, const struct book_node *node,
                      struct pick_item *out)
{
    struct arena *arena = centres->arena;
    int64_t waiting = node->events + node->documents;
    enum node_standing standing = node_standing(node, centres->now);
    char governorate[GOVERNORATE + 1];
    (void)str_format(governorate, sizeof governorate, "%.*s", GOVERNORATE, node->centre);
    *out = (struct pick_item){.note_look = standing <= NODE_SILENT  ? LOOK_ERROR
                                           : standing == NODE_QUIET ? LOOK_WARNING
                                                                    : LOOK_PLAIN};
    out->text = arena_printf(arena, "%s" LAYOUT_GAP "%s", node->centre, node->name);
    out->note = arena_strdup(arena, short_standing(ui, centres, node));
    if (waiting > 0)
        out->note = arena_printf(arena, _("%s  waiting: %s"), out->note,
                                 arena_strdup(arena, frame_number(ui, waiting)));
    out->folded =
        item_folded(arena, node->centre, node->name, governorate_name(centres, governorate));
}

/* The rows of the governorate that was chosen. */
static void show(struct ui *ui, struct centres *centres)
{
    struct pick_item *item = arena_alloc(centres->arena, (centres->count + 1) * sizeof *item);
    centres->shown = arena_alloc(centres->arena, (centres->count + 1) * sizeof *centres->shown);
    centres->rows = centres->silent = 0;
    for (size_t i = 0; i < centres->count; i++) {
        struct book_node *node = &centres->all[i];
        if (strcmp(node->state, "revoked") == 0 || !lies_in(node, centres->governorate))
            continue;
        centres->silent += (size_t)is_silent(centres, node);
        make_item(ui, centres, node, &item[centres->rows]);
        centres->shown[centres->rows++] = node;
    }
    centres->pick.nothing = _("No centre has joined this hub.");
    pick_set(&centres->pick, item, centres->rows);
}

static int load(struct ui *ui, struct centres *centres)
{
    struct arena *fresh = arena_new();
    struct book_node *all;
    struct public_place *place = NULL;
    size_t count, places = 0;
    int error = book_node_list(ui->book, fresh, &all, &count);
    if (!error)
        error = public_places(ui->book, fresh, &place, &places);
    if (error) {
        arena_free(&fresh);
        return error;
    }
    arena_free(&centres->arena);
    centres->arena = fresh;
    centres->all = all;
    centres->count = count;
    centres->place = place;
    centres->places = places;
    centres->now = clock_utc_ms();
    nodes_sort(all, count, centres->now);
    show(ui, centres);
    return 0;
}

int centres_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct centres *centres = x_alloc(sizeof *centres);
    edit_set(&centres->pick.filter, arg->text, 60, TEXT_AUTO);
    int error = load(ui, centres);
    if (error) {
        ui_tell_error(ui, error);
        centres_close(ui, centres);
        return error;
    }
    *state = centres;
    return 0;
}

int centres_place(const struct ui *ui, const void *state, struct ui_arg *out)
{
    const struct centres *centres = state;
    (void)ui;
    return str_copy(out->text, sizeof out->text, centres->pick.filter.text) == 0;
}

void centres_close(struct ui *ui, void *state)
{
    (void)ui;
    struct centres *centres = state;
    pick_free(&centres->pick);
    arena_free(&centres->arena);
    x_free(&centres);
}

/* ---- governorates ---- */

/* How many of its centres are silent, of how many. */
static const char *governorate_note(struct ui *ui, const struct centres *centres, const char *code)
{
    size_t silent = 0, count = 0;
    for (size_t i = 0; i < centres->count; i++) {
        const struct book_node *node = &centres->all[i];
        int there = strcmp(node->state, "revoked") != 0 && lies_in(node, code);
        count += (size_t)there;
        silent += (size_t)(there && is_silent(centres, node));
    }
    /* L10N: silent centres, of how many. */
    return arena_printf(centres->arena, _("silent: %s of %s"), frame_number(ui, (int64_t)silent),
                        frame_number(ui, (int64_t)count));
}

static void add_choice(struct ui *ui, struct centres *centres, struct pick_item *item,
                       const char *code)
{
    size_t at = centres->choices.count++;
    const char *name = *code ? governorate_name(centres, code) : _("All governorates");
    centres->choice[at] = code;
    item[at] =
        (struct pick_item){.text = arena_printf(centres->arena, "%s" LAYOUT_GAP "%s", code, name),
                           .note = governorate_note(ui, centres, code),
                           .folded = item_folded(centres->arena, code, name, ""),
                           .note_look = LOOK_PLAIN};
}

static int chosen_already(const struct centres *centres, const char *code)
{
    for (size_t i = 1; i < centres->choices.count; i++)
        if (strcmp(centres->choice[i], code) == 0)
            return 1;
    return 0;
}

static unsigned choose_governorate(struct ui *ui, struct centres *centres)
{
    struct pick_item *item = arena_alloc(centres->arena, (centres->count + 1) * sizeof *item);
    centres->choice = arena_alloc(centres->arena, (centres->count + 1) * sizeof *centres->choice);
    centres->choices = (struct chooser_list){
        .title = _("Which governorate?"), .item = item, .filter = "", .chosen = 0};
    add_choice(ui, centres, item, "");
    for (size_t i = 0; i < centres->count; i++) {
        const char *code =
            arena_printf(centres->arena, "%.*s", GOVERNORATE, centres->all[i].centre);
        if (!chosen_already(centres, code))
            add_choice(ui, centres, item, code);
    }
    centres->choosing = 1;
    ui_push(ui, SCREEN_CHOOSER, &(struct ui_arg){.thing = &centres->choices});
    return UI_HANDLED;
}

void centres_resume(struct ui *ui, void *state)
{
    struct centres *centres = state;
    if (!centres->choosing) /* back from one of them */
        return;
    if (ui->answer >= 0)
        (void)str_copy(centres->governorate, sizeof centres->governorate,
                       centres->choice[ui->answer]);
    centres->choosing = 0;
    show(ui, centres);
}

/* ---- keys and painting ---- */

static unsigned again(struct ui *ui, struct centres *centres)
{
    int chosen = pick_chosen(&centres->pick), error = load(ui, centres);
    ui_quiet(ui);
    if (error)
        ui_tell_error(ui, error);
    else if (chosen >= 0 && (size_t)chosen < centres->rows)
        pick_choose(&centres->pick, chosen);
    return UI_REDRAW;
}

/* All that is known of the chosen one. */
static unsigned show_one(struct ui *ui, void *state)
{
    const struct centres *centres = state;
    int chosen = pick_chosen(&centres->pick);
    ui_quiet(ui);
    if (chosen >= 0)
        ui_push(ui, SCREEN_CENTRE, &(struct ui_arg){.thing = centres->shown[chosen]});
    return UI_HANDLED;
}

unsigned centres_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct centres *centres = state;
    if (event->key == K_F4)
        return choose_governorate(ui, centres);
    if (event->key == K_F5)
        return again(ui, centres);
    return pick_screen_key(&centres->pick, event, ui, show_one, centres);
}

static void paint_pane(struct ui *ui, const struct centres *centres, const struct book_node *node,
                       int row)
{
    const char *words[] = {centre_heard(ui, node, centres->now), centre_waiting(ui, node),
                           centre_clock(ui, node)};
    for (size_t i = 0; i < SND_COUNT(words); i++)
        row += frame_paragraph(ui, row, 2, frame_width(ui) - 2, 2, words[i], LOOK_PLAIN);
}

void centres_focus(struct ui *ui, void *state)
{
    struct centres *centres = state;
    int rows = frame_body(ui) - PANE_ROWS, chosen = pick_chosen(&centres->pick);
    for (int i = 0; i < PANE_ROWS; i++)
        frame_fill(ui, FRAME_TOP + rows + i, 1, frame_width(ui), ' ', LOOK_PLAIN);
    pick_paint(ui, &centres->pick, FRAME_TOP, rows, _("Find:"));
    if (chosen >= 0)
        paint_pane(ui, centres, centres->shown[chosen], FRAME_TOP + rows);
}

void centres_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {{K_ENTER, N_("show")},
                                            {K_F1, N_("help")},
                                            {K_F3, N_("back")},
                                            {K_F4, N_("governorate")},
                                            {K_F5, N_("again")}};
    const struct centres *centres = state;
    frame_context(ui,
                  centres->governorate[0] ? governorate_name(centres, centres->governorate)
                                          : _("The centres of this hub, the silent first"),
                  arena_printf(ui->arena, _("silent: %s of %s"),
                               frame_number(ui, (int64_t)centres->silent),
                               frame_number(ui, (int64_t)centres->rows)));
    centres_focus(ui, state);
    frame_hint(ui,
               _("Enter opens all that is known of the chosen centre. F4 chooses a governorate."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
