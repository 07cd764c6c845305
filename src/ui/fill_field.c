/* SPDX-License-Identifier: Apache-2.0
 * One field of the form: what its keys do by its kind, how typed text becomes its value, its list.
 *
 * Text that can't be understood keeps the cursor; who goes on all the same leaves it as it was
 * typed and marked: nothing typed is thrown away, and the review (and the ledger) refuses it. Free
 * typing goes through edit.c; this file only adds what a kind is helped with: separators of dates,
 * prefixes of choices. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/num.h"
#include "text/fold.h"
#include "text/input.h"
#include "text/number.h"
#include "ui/fill_priv.h"

#define ABSORB_MS 700    /* an Enter this soon after a field went on by itself was meant for it */
static const struct field *field_of(const struct fill *fill)
{
    return &fill->form->field[fill->focus];
}

int fill_focusable(const struct fill *fill, int field)
{
    return fill->record->relevant[field] && !fill->form->field[field].calculate;
}

int fill_next(const struct fill *fill, int from, int by)
{
    for (int i = from + by; i >= 0 && (size_t)i < fill->form->fields; i += by)
        if (fill_focusable(fill, i))
            return i;
    return -1;
}

static int edit_max(const struct field *field)
{
    int max = field_max(field);
    return field->choices || field->kind == FIELD_YESNO || max <= 0 ? 80 : max;
}

static enum text_dir edit_dir_of(const struct field *field)
{
    return field->kind == FIELD_DOC ? TEXT_AUTO : field_dir(field);
}

void fill_enter(struct fill *fill, int field)
{
    struct buf shown = BUF_INIT(EDIT_BYTES);
    const char *stored = fill->record->value[field];
    fill->focus = field;
    fill->absent = stored && strncmp(stored, "none:", 5) == 0;
    /* The presence of a document without a number is shown beside the box, not in it. */
    if (stored && strcmp(stored, DOCUMENT_SEEN) != 0)
        field_show(field_of(fill), stored, msg_language(), &shown);
    edit_set(&fill->edit, buf_text(&shown), edit_max(field_of(fill)), edit_dir_of(field_of(fill)));
    buf_free(&shown);
}

const char *fill_typed(const struct fill *fill, struct buf *out)
{
    if (!fill->edit.changed)
        return "";
    if (fill->absent)
        buf_puts(out, "-");
    buf_puts(out, fill->edit.text);
    return buf_text(out);
}

void fill_restore(struct fill *fill, const char *typed, int caret)
{
    if (typed && *typed) {
        int absent = field_of(fill)->kind == FIELD_DOC && *typed == '-';
        edit_set(&fill->edit, typed + absent, fill->edit.max, fill->edit.dir);
        fill->edit.changed = 1;
        fill->absent = absent;
    }
    if (caret >= 0 && caret < fill->edit.caret)
        fill->edit.caret = caret;
}

/* ---- typed text -> value ---- */

void fill_put(struct ui *ui, struct fill *fill, const char *stored)
{
    struct fault fault;
    record_set(fill->record, fill->focus, stored);
    record_settle(fill->record, &fill->day, 1);
    int wrong = record_judge(fill->record, fill->focus, &fill->day, msg_language(), &fault);
    fill->fault[fill->focus] =
        (uint8_t)(wrong && fault.rule != FAULT_REQUIRED ? fault.rule : FAULT_NONE);
    fill_enter(fill, fill->focus);
    fill_touch(ui, fill);
}

/* The choices that typed text fits: how many, the first in *item. A number picks by order. */
static size_t matching(const struct choices *choices, const char *typed, size_t *item)
{
    struct buf folded = BUF_INIT(4096);
    int64_t number;
    size_t found = 0;
    for (size_t i = 0; i < choices->count; i++) {
        buf_clear(&folded);
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            fold_text(choices->item[i].label[lang], &folded);
            buf_putc(&folded, ' ');
        }
        fold_text(choices->item[i].value, &folded);
        if (!fold_matches(buf_text(&folded), typed))
            continue;
        if (found++ == 0)
            *item = i;
    }
    buf_free(&folded);
    if (found == 0 && num_parse(typed, 1, (int64_t)choices->count, &number) == 0) {
        *item = (size_t)number - 1;
        found = 1;
    }
    return found;
}

static enum commit open_list(struct ui *ui, struct fill *fill, const char *filter);

/* A choice may be typed by its beginning. 1 = taken, 0 = not this way, -1 = the list was opened. */
static int take_prefix(struct ui *ui, struct fill *fill, const char *typed, struct buf *stored)
{
    const struct choices *choices = field_of(fill)->choices;
    size_t item = 0, found = choices ? matching(choices, typed, &item) : 0;
    if (found == 0)
        return 0;
    if (found > 1) {
        /* What was typed past this field waits until the list is answered. */
        ui_hold(ui);
        (void)open_list(ui, fill, typed);
        return -1;
    }
    buf_puts(stored, choices->item[item].value);
    return 1;
}

static void typed_text(const struct fill *fill, char *out, size_t size)
{
    const struct field *field = field_of(fill);
    int absent = field->kind == FIELD_DOC && fill->edit.text[0] && fill->absent;
    (void)str_format(out, size, "%s%s", absent ? "none:" : "", fill->edit.text);
    if (field->choices)
        digits_to_ascii(out);
}

static void mark(struct ui *ui, struct fill *fill, enum fault_rule rule, const char *sentence)
{
    fill->fault[fill->focus] = (uint8_t)rule;
    ui_tell(ui, TELL_ERROR, "%s", sentence && *sentence ? _(sentence) : "");
}

/* Typed text that makes no value: it stays in the box, and the value stays what it was. */
static enum commit refuse(struct ui *ui, struct fill *fill)
{
    static const char *const sentences[] = {
#define FAULT(name, word, sentence) sentence,
#include "form/fault.def"
#undef FAULT
    };
    enum fault_rule rule = field_of(fill)->choices ? FAULT_CHOICE : FAULT_KIND;
    mark(ui, fill, rule, sentences[rule]);
    return COMMIT_WRONG;
}

/* Makes the value of the typed text. */
static enum commit take_typed(struct ui *ui, struct fill *fill)
{
    char typed[EDIT_BYTES + 8];
    struct buf stored = BUF_INIT(EDIT_BYTES + 8);
    enum commit commit = COMMIT_RIGHT;
    typed_text(fill, typed, sizeof typed);
    if (field_parse(field_of(fill), typed, &stored) != 0) {
        buf_clear(&stored);
        int taken = take_prefix(ui, fill, typed, &stored);
        commit = taken > 0 ? COMMIT_RIGHT : taken < 0 ? COMMIT_ASKING : refuse(ui, fill);
    }
    if (commit == COMMIT_RIGHT)
        fill_put(ui, fill, buf_text(&stored));
    buf_free(&stored);
    return commit;
}

enum commit fill_commit(struct ui *ui, struct fill *fill)
{
    struct fault fault;
    const int changed = fill->edit.changed;
    enum commit commit = changed ? take_typed(ui, fill) : COMMIT_RIGHT;
    if (commit != COMMIT_RIGHT)
        return commit;
    if (record_judge(fill->record, fill->focus, &fill->day, msg_language(), &fault) &&
        fault.rule != FAULT_REQUIRED) {
        mark(ui, fill, fault.rule, fault.sentence);
        return COMMIT_WRONG;
    }
    fill->fault[fill->focus] = FAULT_NONE;
    if (changed)
        ui_quiet(ui);
    return COMMIT_RIGHT;
}

void fill_abandon(struct ui *ui, struct fill *fill)
{
    char typed[EDIT_BYTES + 8];
    struct buf raw = BUF_INIT(EDIT_BYTES + 8);
    if (!fill->edit.changed)
        return;
    if (field_of(fill)->choices) {
        /* A word that is in no list is nothing to keep, and other fields hang on the choice. */
        fill->fault[fill->focus] = FAULT_NONE;
        fill_enter(fill, fill->focus);
        return;
    }
    typed_text(fill, typed, sizeof typed);
    (void)!input_clean(typed, strlen(typed), &raw);
    fill_put(ui, fill, buf_text(&raw));
    buf_free(&raw);
}

/* ---- lists ---- */

static enum commit open_chooser(struct ui *ui, struct fill *fill, enum choosing what,
                                const char *filter)
{
    struct ui_arg arg = {.thing = &fill->list};
    fill->choosing = what;
    fill->list.title = field_of(fill)->label[msg_language()];
    fill->list.filter = arena_strdup(fill->choices, filter);
    ui_push(ui, SCREEN_CHOOSER, &arg);
    return COMMIT_ASKING;
}

static const char *group_label(const struct choices *choices, const char *group)
{
    for (size_t i = 0; group && i < choices->groups; i++)
        if (strcmp(choices->group[i].value, group) == 0)
            return choices->group[i].label[msg_language()];
    return NULL;
}

static enum commit open_list(struct ui *ui, struct fill *fill, const char *filter)
{
    const struct choices *choices = field_of(fill)->choices;
    const char *stored = fill->record->value[fill->focus];
    arena_free(&fill->choices);
    fill->choices = arena_new();
    struct pick_item *item = arena_alloc(fill->choices, (choices->count + 1) * sizeof *item);
    fill->list.chosen = -1;
    for (size_t i = 0; i < choices->count; i++) {
        const struct choice *choice = &choices->item[i];
        item[i].text = choice->label[msg_language()];
        item[i].note = group_label(choices, choice->group);
        item[i].folded = item_folded(fill->choices, choice->label[LANG_AR], choice->label[LANG_EN],
                                     choice->value);
        if (stored && strcmp(stored, choice->value) == 0)
            fill->list.chosen = (int)i;
    }
    fill->list.item = item;
    fill->list.count = choices->count;
    return open_chooser(ui, fill, CHOOSING_VALUE, filter);
}

/* What may be said of a document; the last line is typed by the clerk. */
static const char *const document_lines[] = {
    N_("It is with the papers"),
    N_("Not there: the agency has it already"),
    N_("Not there: the person brings it later"),
    N_("Not there: it does not exist for this property"),
    N_("Not there: I type the reason"),
};
static const char *const document_reasons[] = {
    NULL,
    N_("the agency has it already"),
    N_("the person brings it later"),
    N_("it does not exist for this property"),
    NULL,
};

static void open_documents(struct ui *ui, struct fill *fill)
{
    arena_free(&fill->choices);
    fill->choices = arena_new();
    struct pick_item *item = arena_alloc(fill->choices, SND_COUNT(document_lines) * sizeof *item);
    for (size_t i = 0; i < SND_COUNT(document_lines); i++) {
        item[i].text = _(document_lines[i]);
        item[i].folded = item_folded(fill->choices, item[i].text, "", "");
    }
    fill->list.item = item;
    fill->list.count = SND_COUNT(document_lines);
    fill->list.chosen = -1;
    (void)open_chooser(ui, fill, CHOOSING_DOCUMENT, "");
}

unsigned fill_list(struct ui *ui, struct fill *fill)
{
    const struct field *field = field_of(fill);
    if (field->kind == FIELD_DOC)
        open_documents(ui, fill);
    else if (field->choices)
        (void)open_list(ui, fill, fill->edit.changed ? fill->edit.text : "");
    else
        ui_tell(ui, TELL_PLAIN, "%s", _("This field has no list: type its value."));
    return UI_HANDLED;
}

static int answer_document(struct ui *ui, struct fill *fill, size_t line)
{
    if (line >= SND_COUNT(document_lines))
        return 0;
    if (line == 0) {
        fill_put(ui, fill, DOCUMENT_SEEN);
        return 1;
    }
    if (document_reasons[line]) {
        char stored[BOOK_TEXT];
        (void)str_format(stored, sizeof stored, "none:%s", _(document_reasons[line]));
        fill_put(ui, fill, stored);
        return 1;
    }
    edit_set(&fill->edit, "", fill->edit.max, TEXT_AUTO);
    fill->edit.changed = 1;
    fill->absent = 1;
    ui_tell(ui, TELL_PLAIN, "%s", _("Type why the document is not there."));
    return 0;
}

int fill_answered(struct ui *ui, struct fill *fill, int answer)
{
    enum choosing what = fill->choosing;
    fill->choosing = CHOOSING_NOTHING;
    if (answer < 0)
        return 0;
    if (what == CHOOSING_DOCUMENT)
        return answer_document(ui, fill, (size_t)answer);
    fill_put(ui, fill, field_of(fill)->choices->item[answer].value);
    return 1;
}

unsigned fill_document(struct ui *ui, struct fill *fill)
{
    if (field_of(fill)->kind != FIELD_DOC) {
        ui_tell(ui, TELL_PLAIN, "%s", _("F8 notes a document: go to its field first."));
        return UI_HANDLED;
    }
    if (!fill->edit.text[0] || fill->absent)
        fill_put(ui, fill, DOCUMENT_SEEN);
    return fill_forward(ui, fill);
}

unsigned fill_repeat(struct ui *ui, struct fill *fill)
{
    const char *stored =
        ui->repeat.record ? record_get(ui->repeat.record, field_of(fill)->key) : NULL;
    if (!stored) {
        ui_tell(ui, TELL_PLAIN, "%s", _("There is no value before to repeat: type it."));
        return UI_HANDLED;
    }
    fill_put(ui, fill, stored);
    return UI_REDRAW;
}

/* ---- typing ---- */

static uint32_t ascii_digit(uint32_t point)
{
    if (point >= 0x0660 && point <= 0x0669)
        return point - 0x0660 + '0';
    if (point >= 0x06f0 && point <= 0x06f9)
        return point - 0x06f0 + '0';
    return point;
}

/* What stands where in a text with separators: `#` is a digit. */
static const char *mask_of(const struct field *field)
{
    if (field->kind == FIELD_DATE_G || field->kind == FIELD_DATE_H)
        return "##/##/####";
    return field->kind == FIELD_TIME ? "##:##" : NULL;
}

/* Writes the separators of a date or time, so that digits alone do. A year typed first (2016-11-28)
 * is left alone. Returns 1 when the character is used up. */
static int type_masked(struct fill *fill, const char *mask, uint32_t point)
{
    struct edit *edit = &fill->edit;
    size_t len = strlen(edit->text);
    if ((size_t)edit->caret != len || len >= strlen(mask))
        return 0;
    int digit = point >= '0' && point <= '9',
        separator = point == '/' || point == '-' || point == '.' || point == ':';
    if (strchr(edit->text, '-'))
        return 0;
    if (point == '-' && len == 5 && fill->separated) {
        /* Four digits without a sign between them, and now a sign: a year. */
        memmove(edit->text + 2, edit->text + 3, 3);
        edit->caret = 4;
        return 0;
    }
    if (separator && (len == 1 || len == 4) && mask[len] == '#') {
        edit->text[len] = edit->text[len - 1];
        edit->text[len - 1] = '0';
        edit->text[len + 1] = '\0';
        edit->caret++;
        len++;
    }
    if (separator && len > 0 && mask[len - 1] != '#')
        return 1;
    if (!digit && !separator)
        return 0;
    if (mask[len] != '#') {
        (void)edit_insert(edit, (uint32_t)mask[len]);
        fill->separated = digit && len == 2;
        return separator;
    }
    return 0;
}

static unsigned type_yesno(struct ui *ui, struct fill *fill, uint32_t point)
{
    static const struct {
        uint32_t point;
        const char *stored;
    } keys[] = {{'y', "yes"},    {'Y', "yes"},   {'1', "yes"},  {0x0646, "yes"},
                {0x0661, "yes"}, {'n', "no"},    {'N', "no"},   {'2', "no"},
                {'0', "no"},     {0x0644, "no"}, {0x0662, "no"}};
    const char *now = fill->record->value[fill->focus];
    if (point == ' ') {
        fill_put(ui, fill, now && strcmp(now, "yes") == 0 ? "no" : "yes");
        return UI_REDRAW;
    }
    for (size_t i = 0; i < SND_COUNT(keys); i++) {
        if (keys[i].point == point) {
            fill_put(ui, fill, keys[i].stored);
            return UI_REDRAW;
        }
    }
    ui_tell(ui, TELL_ERROR, "%s", _("Press y for yes, n for no, or the space bar."));
    return UI_HANDLED;
}

/* The first letter typed over a chosen value begins anew. */
static void begin_anew(struct fill *fill)
{
    if (!fill->edit.changed && fill->edit.text[0])
        edit_set(&fill->edit, "", fill->edit.max, fill->edit.dir);
}

/* Characters with a meaning of their own in this field. 1 = used up, *result says how. */
static int type_special(struct ui *ui, struct fill *fill, uint32_t point, unsigned *result)
{
    const struct field *field = field_of(fill);
    const int empty = !fill->edit.text[0];
    const char *mask = mask_of(field);
    *result = UI_FOCUS;
    if ((point == '?' || point == 0x061f) && (empty || !fill->edit.changed) &&
        (field->choices || field->kind == FIELD_DOC)) {
        *result = fill_list(ui, fill);
        return 1;
    }
    if (field->kind == FIELD_DOC && point == '-' && empty) {
        fill->absent = 1;
        fill->edit.changed = 1;
        return 1;
    }
    return mask && type_masked(fill, mask, point);
}

static unsigned type_character(struct ui *ui, struct fill *fill, const struct key_event *event)
{
    const struct field *field = field_of(fill);
    uint32_t point = field_dir(field) == TEXT_LTR ? ascii_digit(event->point) : event->point;
    unsigned result;
    if (field->kind == FIELD_YESNO)
        return type_yesno(ui, fill, point);
    if (field->choices)
        begin_anew(fill);
    if (!event->pasted && type_special(ui, fill, point, &result)) {
        fill_touch(ui, fill);
        return result;
    }
    switch (edit_insert(&fill->edit, point)) {
    case EDIT_FULL:
        ui_tell(ui, TELL_ERROR, "%s", _("The field is full."));
        return UI_HANDLED;
    case EDIT_REFUSED:
        ui_tell(ui, TELL_ERROR, "%s", _("This sign may not be stored."));
        return UI_HANDLED;
    case EDIT_CHANGED:
    case EDIT_MOVED:
    case EDIT_IGNORED:
        break;
    }
    fill_touch(ui, fill);
    int fixed = field_fixed(field);
    if (fixed && !event->pasted && (int)utf8_count(fill->edit.text) == fixed &&
        fill->edit.caret == fixed) {
        int before = fill->focus;
        unsigned left = fill_forward(ui, fill);
        fill->absorb_until = fill->focus != before ? clock_mono_ms() + ABSORB_MS : 0;
        return left;
    }
    return UI_FOCUS;
}

unsigned fill_type(struct ui *ui, struct fill *fill, const struct key_event *event)
{
    if (event->key == K_CHAR)
        return type_character(ui, fill, event);
    int backspace = event->key == K_BACKSPACE || event->key == K_DELETE;
    const struct field *field = field_of(fill);
    if (backspace && (field->choices || field->kind == FIELD_YESNO) && !fill->edit.changed) {
        fill_put(ui, fill, "");
        return UI_REDRAW;
    }
    if (backspace && field->kind == FIELD_DOC && !fill->edit.text[0]) {
        fill_put(ui, fill, "");
        return UI_REDRAW;
    }
    switch (edit_key(&fill->edit, event, ui->rtl, ui->arena)) {
    case EDIT_CHANGED:
        fill_touch(ui, fill);
        return UI_FOCUS;
    case EDIT_MOVED:
        return UI_FOCUS;
    case EDIT_FULL:
        ui_tell(ui, TELL_ERROR, "%s", _("The field is full."));
        return UI_HANDLED;
    case EDIT_REFUSED:
        return UI_HANDLED;
    case EDIT_IGNORED:
        break;
    }
    return UI_IGNORED;
}
