/* SPDX-License-Identifier: Apache-2.0
 * One thing done with a request: what it needs is filled in (documents marked by digits, a fee, an
 * officer, words for the person), then it is asked about once more, and then done. What was typed
 * stays when the book refuses; when somebody else was first, the request is shown as it stands. */
#include "ui/act.h"
#include <string.h>
#include "base/err.h"
#include "text/input.h"
#include "text/number.h"
#include "ui/fields.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

#define R(name) (1u << ROLE_##name)
#define CENTRES (R(CLERK) | R(OWNER))
#define DOCUMENTS_MOST 16
#define WORDS_MOST 240

static const struct act acts[] = {
#define ACT(NAME, digit, roles, to, with, name, question, done)                                    \
    {digit, roles, STATE_##to, ACT_##with, name, question, done},
#include "ui/acts.def"
#undef ACT
};

enum { FEE_FIELD, WORDS_FIELD, ACT_FIELDS };
struct act_state {
    const struct act *act;
    const struct book_detail *detail;
    struct id id;
    struct edit field[ACT_FIELDS];
    struct fields fields;
    int document[DOCUMENTS_MOST]; /* fields of the form */
    int documents;
    unsigned marked; /* a bit for each */
    int any;         /* the agency has named none: what is brought is attached to any of them */
    const char *attached[DOCUMENTS_MOST]; /* names of the files, NULL = a paper */
    struct arena *choices;                /* of the list of files that is open */
    struct offered offered;
    int choosing;
    int listing; /* the documents have the focus, at this one */
    int at;
    struct arena *arena;
    struct pick pick;
    struct book_officer *officer;
    size_t officers;
    int sure; /* it was asked about; the next key answers */
};

/* ---- which ---- */

/* Whether what an act does to a request in that state is possible for this person. */
static int fits(const struct ui *ui, const struct book_detail *detail, const struct act *act)
{
    enum request_state state = detail->request.state;
    int mine = strcmp(detail->officer, ui->me.account) == 0;
    if ((act->roles >> ui->me.role & 1u) == 0)
        return 0;
    if (act->with == ACT_TAKE)
        return !mine && state_waits(state, ROLE_AGENCY);
    if (ui->me.role == ROLE_AGENCY && !mine)
        return 0;
    if (act->with == ACT_OFFICER || act->with == ACT_BACK)
        return state_waits(state, ROLE_AGENCY);
    if (act->with == ACT_CORRECT && state != STATE_REJECTED)
        return 0;
    if (ui->me.role == ROLE_CLERK && strcmp(detail->holder, ui->me.centre) != 0)
        return 0; /* another centre goes on with it */
    return state_may_move(state, act->to, ui->me.role);
}

const struct act *act_of(const struct ui *ui, const struct book_detail *detail, int digit)
{
    for (size_t i = 0; i < SND_COUNT(acts); i++)
        if (acts[i].digit == digit && fits(ui, detail, &acts[i]))
            return &acts[i];
    return NULL;
}

const char *act_words(struct ui *ui, const struct book_detail *detail)
{
    const char *words = "";
    for (size_t i = 0; i < SND_COUNT(acts); i++)
        if (fits(ui, detail, &acts[i]))
            words = arena_printf(ui->arena, "%s%s%s %s", words, *words ? "  " : "",
                                 frame_number(ui, acts[i].digit), _(acts[i].name));
    return words;
}

const char *act_documents(struct ui *ui, const struct form *form, const char *keys)
{
    const char *words = "";
    for (const char *key = keys; *key; key += strspn(key, " ")) {
        size_t len = strcspn(key, " ");
        const char *name = arena_printf(ui->arena, "%.*s", (int)len, key);
        int field = form_field(form, name);
        if (field >= 0)
            name = form->field[field].label[msg_language()];
        words = arena_printf(ui->arena, "%s%s%s", words, *words ? _(", ") : "", name);
        key += len;
    }
    return words;
}

/* ---- opening ---- */

/* The documents wanted last: those that can be brought. */
static const char *wanted(const struct book_detail *detail)
{
    for (size_t i = detail->histories; i-- > 0;)
        if (detail->history[i].state == STATE_NEED_DOCS)
            return detail->history[i].documents;
    return "";
}

static int has_key(const char *keys, const char *key)
{
    size_t len = strlen(key);
    for (const char *at = keys; *at; at += strspn(at, " ")) {
        size_t span = strcspn(at, " ");
        if (span == len && memcmp(at, key, len) == 0)
            return 1;
        at += span;
    }
    return 0;
}

static void list_documents(struct act_state *act)
{
    const struct form *form = act->detail->record->form;
    const char *asked = act->act->with == ACT_BROUGHT ? wanted(act->detail) : NULL;
    if (asked && !*asked) {
        act->any = 1;
        asked = NULL;
    }
    for (int i = 0; i < (int)form->fields && act->documents < DOCUMENTS_MOST; i++)
        if (form->field[i].kind == FIELD_DOC && (!asked || has_key(asked, form->field[i].key)))
            act->document[act->documents++] = i;
    act->listing = act->documents > 0;
}

static int list_officers(struct ui *ui, struct act_state *act)
{
    int error = book_officer_list(ui->book, act->arena, &act->officer, &act->officers);
    size_t rows = 0;
    if (error)
        return error;
    struct pick_item *item = arena_alloc(act->arena, (act->officers + 1) * sizeof *item);
    for (size_t i = 0; i < act->officers; i++) {
        const struct book_officer *officer = &act->officer[i];
        if (strcmp(officer->account, ui->me.account) == 0)
            continue;
        act->officer[rows] = *officer;
        officer = &act->officer[rows];
        item[rows++] = (struct pick_item){
            .text = officer->name,
            .note = officer->account,
            .folded = item_folded(act->arena, officer->name, officer->account, "")};
    }
    act->pick.nothing = _("Your agency has no other officer here.");
    pick_set(&act->pick, item, rows);
    return 0;
}

static unsigned ask(struct ui *ui, struct act_state *act)
{
    act->sure = 1;
    ui_tell(ui, TELL_WARNING, "%s", _(act->act->question));
    return UI_REDRAW;
}

int act_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    const struct act_case *what = arg->thing;
    struct act_state *act = x_alloc(sizeof *act);
    int fee = what->act->with == ACT_FEE;
    act->act = what->act;
    act->detail = what->detail;
    act->id = id_new();
    act->arena = arena_new();
    edit_set(&act->field[FEE_FIELD], "", 12, TEXT_LTR);
    edit_set(&act->field[WORDS_FIELD], "", WORDS_MOST, TEXT_AUTO);
    edit_set(&act->pick.filter, "", 60, TEXT_AUTO);
    act->fields = (struct fields){act->field, fee ? FEE_FIELD : WORDS_FIELD, ACT_FIELDS,
                                  fee ? FEE_FIELD : WORDS_FIELD};
    if (act->act->with == ACT_DOCUMENTS || act->act->with == ACT_BROUGHT)
        list_documents(act);
    int error = act->act->with == ACT_OFFICER ? list_officers(ui, act) : 0;
    if (error) {
        ui_tell_error(ui, error);
        act_close(ui, act);
        return error;
    }
    ui_quiet(ui);
    if (act->act->with == ACT_TAKE || act->act->with == ACT_BACK)
        (void)ask(ui, act);
    *state = act;
    return 0;
}

void act_close(struct ui *ui, void *state)
{
    (void)ui;
    struct act_state *act = state;
    pick_free(&act->pick);
    arena_free(&act->choices);
    arena_free(&act->arena);
    x_free(&act);
}

static void tell_elsewhere(struct ui *ui)
{
    ui_tell(ui, TELL_ERROR, "%s",
            _("Another centre has the request now: F2 and its number ask for it."));
}

/* ---- files for what was brought ---- */

/* F8: a list of what was sent, or the paper is marked when there is nothing. */
static unsigned choose_file(struct ui *ui, struct act_state *act)
{
    const struct record *record = act->detail->record;
    const char *key = record->form->applicant_civil;
    arena_free(&act->choices);
    act->choices = arena_new();
    if (!offered_make(ui, act->choices, key ? record_get(record, key) : NULL, &act->offered)) {
        ui_tell(ui, TELL_PLAIN, "%s",
                _("No file was sent: F8 attaches one that came by sftp, the digit marks a paper."));
        return UI_HANDLED;
    }
    act->offered.list.title = record->form->field[act->document[act->at]].label[msg_language()];
    act->choosing = 1;
    ui_push(ui, SCREEN_CHOOSER, &(struct ui_arg){.thing = &act->offered.list});
    return UI_HANDLED;
}

static void attach(struct ui *ui, struct act_state *act, const struct book_document *document)
{
    const char *key = act->detail->record->form->field[act->document[act->at]].key;
    int error = book_document_attach(ui->book, act->detail->request.number, key, document->sha);
    if (error == SND_E_ELSEWHERE) {
        tell_elsewhere(ui);
        return;
    }
    if (error && error != SND_E_EXISTS) {
        ui_tell_error(ui, error == SND_E_CONFLICT ? SND_E_DENIED : error);
        return;
    }
    ui->answer = 1;
    act->attached[act->at] = arena_strdup(act->arena, document->name);
    act->marked |= 1u << act->at;
    ui_tell(ui, TELL_DONE, _("Attached: %s (%s)."), document->name,
            document_about(ui->arena, document));
}

void act_resume(struct ui *ui, void *state)
{
    struct act_state *act = state;
    int answer = ui->answer;
    if (!act->choosing)
        return;
    act->choosing = 0;
    if (answer < 0)
        return;
    if ((size_t)answer + 1 == act->offered.list.count)
        act->marked |= 1u << act->at; /* the paper alone */
    else
        attach(ui, act, &act->offered.document[answer]);
}

/* ---- doing ---- */

static const char *officer_chosen(struct ui *ui, const struct act_state *act)
{
    int chosen = pick_chosen(&act->pick);
    if (act->act->with == ACT_TAKE)
        return ui->me.account;
    return act->act->with == ACT_OFFICER && chosen >= 0 ? act->officer[chosen].account : "";
}

/* The keys of what was marked, a space between. */
static void marked_keys(const struct act_state *act, char *out, size_t size)
{
    struct buf keys = BUF_INIT(size - 1);
    for (int i = 0; i < act->documents; i++)
        if (act->marked >> i & 1u)
            buf_printf(&keys, "%s%s", keys.len ? " " : "",
                       act->detail->record->form->field[act->document[i]].key);
    (void)str_copy(out, size, buf_text(&keys));
    buf_free(&keys);
}

static int send(struct ui *ui, const struct act_state *act)
{
    const struct book_request *request = &act->detail->request;
    struct book_move move = {.rev = request->rev, .to = act->act->to};
    enum act_with with = act->act->with;
    (void)str_copy(move.number, sizeof move.number, request->number);
    if (with == ACT_TAKE || with == ACT_OFFICER || with == ACT_BACK)
        return book_request_assign(ui->book, &act->id, &move, officer_chosen(ui, act));
    (void)str_copy(move.note, sizeof move.note, act->field[WORDS_FIELD].text);
    marked_keys(act, move.documents, sizeof move.documents);
    if (with == ACT_FEE && money_parse(act->field[FEE_FIELD].text, &move.fee))
        return SND_E_INVALID;
    return book_request_move(ui->book, &act->id, &move);
}

static unsigned done(struct ui *ui, struct act_state *act)
{
    int error = send(ui, act);
    ui->answer = 1; /* the request is looked at again */
    switch (error) {
    case 0:
        ui_tell(ui, TELL_DONE, "%s", _(act->act->done));
        return UI_LEAVE;
    case SND_E_ELSEWHERE:
        tell_elsewhere(ui);
        return UI_LEAVE;
    case SND_E_CONFLICT:
    case SND_E_DENIED:
    case SND_E_INUSE:
        ui_tell(ui, TELL_ERROR, "%s",
                _("Somebody else was first: the request is shown as it stands now."));
        return UI_LEAVE;
    case SND_E_INVALID:
        ui_tell(ui, TELL_ERROR, "%s", _("The book did not take that: look at what you typed."));
        return UI_REDRAW;
    default:
        ui_tell_error(ui, error);
        return UI_REDRAW;
    }
}

static int words_missing(const struct act_state *act)
{
    int all = act->marked == (1u << act->documents) - 1u;
    int empty = utf8_count(act->field[WORDS_FIELD].text) < BOOK_REASON_LEAST;
    if (act->act->with == ACT_REASON)
        return empty;
    if (act->act->with == ACT_DOCUMENTS)
        return empty && act->marked == 0;
    return act->act->with == ACT_BROUGHT && empty && !all && !act->any;
}

/* All is filled in: what is missing is said, or the question is asked. */
static unsigned filled(struct ui *ui, struct act_state *act)
{
    static const char *const missing[] = {
        [ACT_REASON] = N_("Write the reason in a few words: the person is told it."),
        [ACT_DOCUMENTS] = N_("Mark the documents by their digits, or say in words what is needed."),
        [ACT_BROUGHT] = N_("Mark what was brought by its digit, or say why something is missing."),
    };
    int64_t baisa;
    if (act->act->with == ACT_FEE &&
        (money_parse(act->field[FEE_FIELD].text, &baisa) || baisa <= 0 || baisa > BOOK_FEE_MOST))
        return fields_refuse(ui, &act->fields, FEE_FIELD,
                             _("Write the fee in rials, such as 12.500."));
    if (words_missing(act)) {
        act->listing = 0;
        return fields_refuse(ui, &act->fields, WORDS_FIELD, _(missing[act->act->with]));
    }
    return ask(ui, act);
}

static unsigned mark(struct act_state *act, int which)
{
    if (which < 0 || which >= act->documents)
        return UI_HANDLED;
    act->at = which;
    act->marked ^= 1u << which;
    return UI_REDRAW;
}

/* While the documents have the focus: digits and the space bar mark, a letter begins the words. */
static unsigned list_key(struct ui *ui, struct act_state *act, const struct key_event *event)
{
    if (event->key == K_F10)
        return filled(ui, act);
    if (event->key == K_F8 && act->act->with == ACT_BROUGHT)
        return choose_file(ui, act);
    if (event->key == K_CHAR && event->point == ' ')
        return mark(act, act->at);
    if (ui_digit(event) > 0)
        return mark(act, ui_digit(event) - 1);
    if (event->key == K_UP || event->key == K_BACKTAB) {
        act->at -= act->at > 0;
        return UI_REDRAW;
    }
    if (event->key == K_DOWN && act->at + 1 < act->documents) {
        act->at++;
        return UI_REDRAW;
    }
    if (event->key == K_DOWN || event->key == K_TAB || event->key == K_ENTER) {
        act->listing = 0;
        return UI_REDRAW;
    }
    if (event->key != K_CHAR)
        return UI_IGNORED;
    act->listing = 0;
    return UI_REDRAW | fields_key(ui, &act->fields, event, _("The field is full."));
}

static unsigned officer_key(struct ui *ui, struct act_state *act, const struct key_event *event)
{
    enum pick_did did = pick_key(&act->pick, event, 1, ui);
    if (did == PICK_TAKEN)
        return pick_chosen(&act->pick) >= 0 ? ask(ui, act) : UI_HANDLED;
    return did == PICK_IGNORED ? UI_IGNORED : UI_REDRAW;
}

unsigned act_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct act_state *act = state;
    if (act->sure) {
        int sure = ui_answer(event) == 1, simple = act->act->with >= ACT_TAKE;
        act->sure = 0;
        ui_quiet(ui);
        if (sure)
            return done(ui, act);
        return simple ? UI_LEAVE : UI_REDRAW;
    }
    if (act->act->with == ACT_OFFICER)
        return officer_key(ui, act, event);
    if (act->listing)
        return list_key(ui, act, event);
    if (act->documents > 0 && (event->key == K_UP || event->key == K_BACKTAB)) {
        act->listing = 1;
        return UI_REDRAW;
    }
    unsigned did = fields_key(ui, &act->fields, event, _("The field is full."));
    return did == FIELDS_DONE ? filled(ui, act) : did;
}

/* ---- painting ---- */

static const char *words_label(const struct act_state *act)
{
    static const char *const labels[] = {
        [ACT_WORDS] = N_("For the person:"),
        [ACT_FEE] = N_("For the person:"),
        [ACT_REASON] = N_("Reason:"),
        [ACT_DOCUMENTS] = N_("In words:"),
        [ACT_BROUGHT] = N_("What is missing, why:"),
    };
    return _(labels[act->act->with]);
}

static int paint_documents(struct ui *ui, const struct act_state *act, int row)
{
    const struct form *form = act->detail->record->form;
    for (int i = 0; i < act->documents; i++) {
        const char *label = form->field[act->document[i]].label[msg_language()];
        const char *file = act->attached[i];
        int here = act->listing && act->at == i;
        frame_text(ui, row + i, 3, 2, frame_number(ui, i + 1), here ? LOOK_FOCUS : LOOK_PLAIN);
        frame_text(ui, row + i, 6, 3, act->marked >> i & 1u ? "[x]" : "[ ]", LOOK_PLAIN);
        if (file)
            label = arena_printf(ui->arena, "%s: %s", label, file);
        frame_text(ui, row + i, 10, frame_width(ui) - 11, label, here ? LOOK_FOCUS : LOOK_PLAIN);
        if (here)
            frame_caret(ui, row + i, 7);
    }
    return act->documents > 0 ? act->documents + 1 : 0;
}

#define LABEL_WIDTH 22
static void paint_fields(struct ui *ui, const struct act_state *act, int row)
{
    struct fields shown = act->fields;
    int width = frame_width(ui) - LABEL_WIDTH - 7;
    if (act->listing)
        shown.focus = -1;
    for (int i = shown.first; i < shown.count; i++, row += 2)
        fields_paint(ui, &shown, i, row, i == FEE_FIELD ? _("Fee in rials:") : words_label(act),
                     LABEL_WIDTH, width);
}

static const char *hint(const struct act_state *act)
{
    if (act->sure)
        return _(act->act->question);
    if (act->act->with == ACT_OFFICER)
        return _("Type a few letters; the arrows choose, Enter takes the officer.");
    if (act->listing && act->act->with == ACT_BROUGHT)
        return _("The digits mark the papers, F8 attaches a file; Enter goes on to the words.");
    if (act->listing)
        return _(
            "The digits mark the documents; Enter goes on to the words, F10 or Enter there ends.");
    return _("Enter or F10 goes on to the question. F3 goes back, nothing is done.");
}

const char *act_name(struct ui *ui, void *state)
{
    (void)ui;
    const struct act_state *act = state;
    return _(act->act->name);
}

void act_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("next")}, {K_F1, N_("help")}, {K_F3, N_("back")}, {K_F10, N_("save")}};
    struct act_state *act = state;
    const struct book_request *request = &act->detail->request;
    int row = FRAME_TOP + 3;
    frame_context(ui, request->number, state_name(request->state, msg_language()));
    frame_text(ui, FRAME_TOP, 1, frame_width(ui),
               arena_printf(ui->arena, "%s" LAYOUT_GAP "%s", request->service,
                            act->detail->record->form->title[msg_language()]),
               LOOK_HEADING);
    frame_text(ui, FRAME_TOP + 1, 2, frame_width(ui) - 2, request->applicant, LOOK_PLAIN);
    if (act->act->with == ACT_OFFICER) {
        pick_paint(ui, &act->pick, row, frame_body(ui) - 3, _("Officer:"));
    } else if (act->act->with < ACT_TAKE) {
        row += paint_documents(ui, act, row);
        paint_fields(ui, act, row);
    } else {
        frame_caret(ui, FRAME_TOP + 1, 1);
    }
    frame_hint(ui, hint(act));
    frame_keys(ui, keys, SND_COUNT(keys));
}
