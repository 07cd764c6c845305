/* SPDX-License-Identifier: Apache-2.0
 * What F2 opens everywhere: one box for where to go. The screens, the services and one's own drafts
 * are at hand when it opens and narrow at each key, without the ledger; people and requests are
 * asked of the book when typing pauses, since each such look is an event. Below all of them stands
 * the search among all requests, for what the quick look has not found.
 *
 * Going there closes what is open. A form keeps its draft as it closes, and until the book has that
 * draft one isn't let out. */
#include <string.h>
#include <strings.h>
#include "base/clock.h"
#include "base/err.h"
#include "book/feed.h"
#include "text/date.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

/* The screens that can be gone to, before the services. */
static const struct {
    enum screen_id id;
    enum operation needs;
} places[] = {
    {SCREEN_HOME, OP_ACCOUNT_ME},
    {SCREEN_CATALOGUE, OP_REQUEST_SUBMIT},
    {SCREEN_DRAFTS, OP_DRAFT_LIST},
    {SCREEN_REQUESTS, OP_REQUEST_LIST},
    {SCREEN_TRAILS, OP_TRAIL_FIND},
    {SCREEN_QUEUE, OP_REQUEST_WAITS},
    {SCREEN_ACCOUNTS, OP_ACCOUNT_LIST},
    {SCREEN_VERIFY, OP_LEDGER_VERIFY},
    {SCREEN_REPORTS, OP_REPORT_RUN},
    {SCREEN_SERVICES, OP_SERVICE_OPEN},
    {SCREEN_TRAINING, OP_REPORT_LIST},
    {SCREEN_LINE, OP_LINE_STATE},
    {SCREEN_CENTRES, OP_NODE_LIST},
    {SCREEN_WISHES, OP_WISH_LIST},
    {SCREEN_OVERSIGHT, OP_FINDING_COUNT},
    {SCREEN_CONFLICTS, OP_CONFLICT_LIST},
    {SCREEN_QUARANTINE, OP_QUARANTINE_LIST},
    {SCREEN_TERMINAL, OP_ACCOUNT_ME},
};

/* Where there is no hub there is nothing to see of one. */
static int is_there(const struct ui *ui, enum screen_id id)
{
    return (id != SCREEN_LINE && id != SCREEN_CENTRES) || line_screen(ui) == id;
}

/* What a row leads to; the order of the list is that of the members. */
enum to_kind { TO_PLACE, TO_SERVICE, TO_DRAFT, TO_FOUND, TO_WISH, TO_SEARCH };
struct goal {
    enum to_kind kind;
    size_t at; /* in places[] or the list of its kind */
};
struct go {
    struct arena *arena, *found_arena;
    struct pick pick;
    struct book_service *service;
    struct book_draft *draft;
    size_t services, drafts, founds;
    struct book_goal found[BOOK_FIND_ROWS];
    struct pick_item *item;
    struct goal *goal; /* of each item */
    size_t count;
    size_t at_hand;                           /* items before those that were found */
    char asked[BOOK_TEXT];                    /* what the found rows answer */
    char number[BOOK_TEXT], civil[BOOK_TEXT]; /* of a request of another centre, "" = none typed */
    int leave_anyway;                         /* told once that the form's draft is not saved yet */
};

/* ---- the rows ---- */

static struct pick_item *add(struct go *go, enum to_kind kind, size_t at, const char *note)
{
    struct pick_item *item = &go->item[go->count];
    *item = (struct pick_item){.note = note, .note_look = LOOK_HINT};
    go->goal[go->count++] = (struct goal){kind, at};
    return item;
}

static void add_places(struct ui *ui, struct go *go)
{
    for (size_t i = 0; i < SND_COUNT(places); i++) {
        if (!ui_may(ui, places[i].needs) || !is_there(ui, places[i].id))
            continue;
        const char *title = _(screen_table[places[i].id].title);
        struct pick_item *item = add(go, TO_PLACE, i, _("screen"));
        item->text = title;
        item->folded = item_folded(go->arena, title, screen_table[places[i].id].title, "");
    }
}

/* MZ-01 is mz1 to those who know it by heart. */
static const char *short_code(struct arena *arena, const char *code)
{
    const char *dash = strchr(code, '-'), *digits = dash ? dash + 1 + strspn(dash + 1, "0") : "";
    return arena_printf(arena, "%.*s%s", dash ? (int)(dash - code) : 0, code, digits);
}

static void add_services(struct go *go)
{
    for (size_t i = 0; i < go->services; i++) {
        const struct book_service *service = &go->service[i];
        const char *why = service_why(service);
        struct pick_item *item = add(go, TO_SERVICE, i, why ? why : _("service"));
        item->note_look = why ? LOOK_WARNING : LOOK_HINT;
        item->text = arena_printf(go->arena, "%s" LAYOUT_GAP "%s", service->code,
                                  service->title[msg_language()]);
        item->folded = item_folded(go->arena, service->code, service->title[LANG_AR],
                                   arena_printf(go->arena, "%s %s", service->title[LANG_EN],
                                                short_code(go->arena, service->code)));
    }
}

static void add_drafts(struct ui *ui, struct go *go)
{
    for (size_t i = 0; i < go->drafts; i++) {
        const struct book_draft *draft = &go->draft[i];
        const char *who = *draft->summary ? draft->summary : _("nobody yet");
        const char *when = frame_moment(ui, draft->saved);
        struct pick_item *item = add(go, TO_DRAFT, i,
                                     arena_printf(go->arena, "%s" LAYOUT_GAP "%s" LAYOUT_GAP "%s",
                                                  _("draft"), draft->service, when));
        item->text = arena_strdup(go->arena, who);
        item->folded = item_folded(go->arena, who, draft->service, _("draft"));
    }
}

static const char *found_note(struct ui *ui, struct go *go, const struct book_goal *found,
                              const char *date)
{
    const char *tail = row_tail(ui, found->tail, go->found_arena);
    if (found->kind == GOAL_PERSON) {
        const char *many = arena_printf(
            go->found_arena,
            P_("person, %s request", "person, %s requests", (unsigned long)found->requests),
            frame_number(ui, found->requests));
        return arena_printf(go->found_arena, "%s%s", tail, many);
    }
    if (found->kind == GOAL_COUNTED)
        return arena_printf(go->found_arena, "%s" LAYOUT_GAP "%s", _("counted, of a past year"),
                            date);
    return arena_printf(go->found_arena, "%s%s" LAYOUT_GAP "%s" LAYOUT_GAP "%s", tail, _("request"),
                        found->service, date);
}

/* What was typed and what came for it begin the same row, so that it is chosen; but who typed a
 * request's number means the request. */
static void add_found(struct ui *ui, struct go *go)
{
    char date[16];
    arena_reset(go->found_arena);
    for (size_t i = 0; i < go->founds; i++) {
        const struct book_goal *found = &go->found[i];
        const char *shown = short_number(ui, found->number);
        int person = found->kind == GOAL_PERSON;
        size_t len = strlen(go->asked);
        int numbered = strncasecmp(found->number, go->asked, len) == 0 ||
                       strncasecmp(shown, go->asked, len) == 0;
        date_text(found->day, CALENDAR_GREGORIAN, date);
        struct pick_item *item = add(go, TO_FOUND, i, found_note(ui, go, found, date));
        item->text = person ? arena_strdup(go->found_arena, found->name)
                            : arena_printf(go->found_arena, "%s" LAYOUT_GAP "%s", shown,
                                           *found->name ? found->name : found->service);
        item->folded = item_folded(go->found_arena, person && numbered ? found->name : go->asked,
                                   found->name, found->number);
    }
}

/* As receipts show it: a centre's code, seven symbols, and one. */
static int is_number(const char *typed, size_t len)
{
    const size_t tail = sizeof "-7K3M9QX-H" - 1;
    return len > tail && typed[len - tail] == '-' && typed[len - 2] == '-';
}

/* A whole number, and what stands behind it. */
static void read_wish(struct go *go)
{
    const char *typed = go->asked + strspn(go->asked, " ");
    size_t len = strcspn(typed, " ");
    go->number[0] = go->civil[0] = '\0';
    if (!is_number(typed, len))
        return;
    (void)str_format(go->number, sizeof go->number, "%.*s", (int)len, typed);
    typed += len;
    (void)str_copy(go->civil, sizeof go->civil, typed + strspn(typed, " "));
}

/* A request that is not this centre's is asked for by its number and the civil number behind it. */
static void add_wish(struct ui *ui, struct go *go)
{
    if (!go->number[0] || !ui_may(ui, OP_REQUEST_WANT))
        return;
    add(go, TO_WISH, 0, _("other centres"))->text =
        *go->civil ? arena_printf(go->found_arena, _("Ask the hub for request %s"), go->number)
                   : arena_printf(go->found_arena, _("Of another centre: %s and the civil number"),
                                  go->number);
}

/* Puts what was found below what is at hand; a chosen row that is at hand stays so. */
static void make_rows(struct ui *ui, struct go *go)
{
    int chosen = go->count > 0 ? pick_chosen(&go->pick) : -1;
    go->count = go->at_hand;
    add_found(ui, go);
    read_wish(go);
    if (*go->civil)
        add_wish(ui, go);
    if (ui_may(ui, OP_REQUEST_LIST))
        add(go, TO_SEARCH, 0, NULL)->text = _("Search among all requests");
    if (!*go->civil && go->founds == 0)
        add_wish(ui, go);
    pick_set(&go->pick, go->item, go->count);
    if (chosen >= 0 && (size_t)chosen < go->at_hand)
        pick_choose(&go->pick, chosen);
}

/* ---- opening, and what the book is asked ---- */

int go_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct go *go = x_alloc(sizeof *go);
    int error = 0;
    edit_set(&go->pick.filter, arg->text, 60, TEXT_AUTO);
    go->arena = arena_new();
    go->found_arena = arena_new();
    if (ui_may(ui, OP_REQUEST_SUBMIT))
        error = book_service_list(ui->book, go->arena, &go->service, &go->services);
    if (!error && ui_may(ui, OP_DRAFT_LIST))
        error = book_draft_list(ui->book, go->arena, &go->draft, &go->drafts);
    if (error) {
        ui_tell_error(ui, error);
        go_close(ui, go);
        return error;
    }
    size_t most = SND_COUNT(places) + go->services + go->drafts + BOOK_FIND_ROWS + 2;
    go->item = arena_alloc(go->arena, most * sizeof *go->item);
    go->goal = arena_alloc(go->arena, most * sizeof *go->goal);
    add_places(ui, go);
    add_services(go);
    add_drafts(ui, go);
    go->at_hand = go->count;
    make_rows(ui, go);
    *state = go;
    return 0;
}

int go_place(const struct ui *ui, const void *state, struct ui_arg *out)
{
    const struct go *go = state;
    (void)ui;
    return str_copy(out->text, sizeof out->text, go->pick.filter.text) == 0;
}

void go_close(struct ui *ui, void *state)
{
    struct go *go = state;
    ui->rests_at = 0;
    pick_free(&go->pick);
    arena_free(&go->arena);
    arena_free(&go->found_arena);
    x_free(&go);
}

void go_rest(struct ui *ui, void *state)
{
    struct go *go = state;
    const char *typed = go->pick.filter.text;
    if (strcmp(typed, go->asked) == 0 || !ui_may(ui, OP_GO_FIND))
        return;
    if (str_copy(go->asked, sizeof go->asked, typed) != 0)
        return;
    int error = book_go_find(ui->book, typed, go->found, &go->founds);
    if (error)
        ui_tell_error(ui, error);
    make_rows(ui, go);
    ui->dirty |= DIRTY_FOCUS;
}

/* ---- going ---- */

/* The form that is open has its draft in the book, or one stays. */
static int form_kept(struct ui *ui, struct go *go)
{
    ui_tick(ui, clock_mono_ms());
    if ((!ui->unsaved && book_draft_flush(ui->book) == 0) || go->leave_anyway)
        return 1;
    go->leave_anyway = 1;
    ui_tell(ui, TELL_ERROR, "%s",
            _("The draft is not saved yet: wait, or press the key again to leave."));
    return 0;
}

static void go_screen(struct ui *ui, enum screen_id id)
{
    if (id == SCREEN_HOME)
        ui_home(ui);
    else
        ui_home_push(ui, id, &(struct ui_arg){0});
}

/* A person's requests are found by what found the person, when that was a number, else by name. */
static void go_found(struct ui *ui, const struct go *go, const struct book_goal *found)
{
    struct ui_arg arg = {0};
    int digits = go->asked[0] && strpbrk(go->asked, "0123456789٠١٢٣٤٥٦٧٨٩") != NULL;
    const char *text = found->kind == GOAL_REQUEST ? found->number
                       : digits                    ? go->asked
                                                   : found->name;
    (void)str_copy(arg.text, sizeof arg.text, text);
    ui_home_push(ui, found->kind == GOAL_REQUEST ? SCREEN_REQUEST : SCREEN_REQUESTS, &arg);
}

/* The line to the hub, for who has asked something of it. */
static const char *line_words(struct ui *ui)
{
    struct book_line_state line;
    int up = book_line_state(ui->book, &line) == 0 && line.state == BOOK_LINE_UP;
    return up ? _("Asked of the hub: the request opens when it is here.")
              : _("The line to the hub is down: the question is kept, and goes when it is back.");
}

static unsigned go_wish(struct ui *ui, struct go *go)
{
    struct book_wish wish;
    struct ui_arg arg = {0};
    if (!go->civil[0]) {
        ui_tell(ui, TELL_PLAIN, "%s",
                _("Type the civil number behind the number: then the hub is asked for it."));
        return UI_HANDLED;
    }
    if (!form_kept(ui, go))
        return UI_HANDLED;
    int error = book_request_want(ui->book, go->number, go->civil, &wish);
    int here = !error && strcmp(wish.word, "passed") == 0;
    if (error == SND_E_INVALID)
        ui_tell(ui, TELL_ERROR, "%s",
                _("That is no request number with a civil number: look at both again."));
    else if (error)
        ui_tell_error(ui, error);
    else if (wish_sentence(wish.word) && !here)
        ui_tell(ui, TELL_WARNING, "%s", wish_sentence(wish.word));
    if (error || (wish_sentence(wish.word) && !here))
        return UI_HANDLED;
    (void)str_copy(arg.text, sizeof arg.text, wish.number);
    if (here)
        ui_quiet(ui);
    else
        ui_tell(ui, TELL_PLAIN, "%s", line_words(ui));
    ui_home_push(ui, here ? SCREEN_REQUEST : SCREEN_WISHES, &arg);
    return UI_HANDLED;
}

static unsigned take(struct ui *ui, void *state)
{
    struct go *go = state;
    struct ui_arg arg = {0};
    if (ui->rests_at)
        ui_rested(ui); /* Enter came before the pause */
    int chosen = pick_chosen(&go->pick);
    if (chosen < 0) {
        ui_tell(ui, TELL_ERROR, "%s", _("Nothing fits: erase a letter."));
        return UI_HANDLED;
    }
    const struct goal *goal = &go->goal[chosen];
    if (goal->kind == TO_FOUND && go->found[goal->at].kind == GOAL_COUNTED) {
        ui_tell(ui, TELL_PLAIN, "%s", _(ui_counted));
        return UI_HANDLED;
    }
    if (goal->kind == TO_WISH)
        return go_wish(ui, go);
    if (!form_kept(ui, go))
        return UI_HANDLED;
    ui_quiet(ui);
    switch (goal->kind) {
    case TO_PLACE:
        go_screen(ui, places[goal->at].id);
        break;
    case TO_SERVICE:
        return service_begin(ui, &go->service[goal->at], BEGIN_EMPTY);
    case TO_DRAFT:
        arg.id = go->draft[goal->at].id;
        ui_home_push(ui, SCREEN_FILL, &arg);
        break;
    case TO_FOUND:
        go_found(ui, go, &go->found[goal->at]);
        break;
    case TO_WISH: /* above */
        break;
    case TO_SEARCH:
        (void)str_copy(arg.text, sizeof arg.text, go->pick.filter.text);
        ui_home_push(ui, SCREEN_REQUESTS, &arg);
        break;
    }
    return UI_HANDLED;
}

unsigned go_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct go *go = state;
    ui->answer = -1;
    unsigned result = pick_screen_key(&go->pick, event, ui, take, go);
    if (strcmp(go->pick.filter.text, go->asked) != 0 && result == UI_FOCUS)
        ui_rest(ui);
    return result;
}

void go_focus(struct ui *ui, void *state)
{
    struct go *go = state;
    pick_paint(ui, &go->pick, FRAME_TOP, frame_body(ui), _("Go to:"));
}

void go_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("go there")}, {K_F1, N_("help")}, {K_F3, N_("back")}};
    frame_context(ui, _("Where to?"), NULL);
    go_focus(ui, state);
    frame_hint(
        ui, frame_narrow(ui)
                ? _("A service's code, a request number, a civil number or a name, then Enter.")
                : _("A service, a screen, a draft, a request number, a civil number or a name."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
