/* SPDX-License-Identifier: Apache-2.0
 * One field of the form: how its value becomes the text in the box, and how typed text becomes its
 * value when it is left.
 *
 * Text that can't be understood keeps the cursor; who goes on all the same leaves it as it was
 * typed and marked: nothing typed is thrown away, and the review (and the ledger) refuses it. */
#include <string.h>
#include "base/err.h"
#include "base/num.h"
#include "text/fold.h"
#include "text/input.h"
#include "text/number.h"
#include "ui/fill_priv.h"

const struct field *fill_field(const struct fill *fill)
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
    if (stored && strcmp(stored, DOCUMENT_SEEN) != 0 &&
        strncmp(stored, DOCUMENT_STORED, strlen(DOCUMENT_STORED)) != 0)
        field_show(fill_field(fill), stored, msg_language(), &shown);
    edit_set(&fill->edit, buf_text(&shown), edit_max(fill_field(fill)),
             edit_dir_of(fill_field(fill)));
    buf_free(&shown);
}

void fill_typed(const struct fill *fill, struct buf *out)
{
    if (fill->edit.changed && fill->absent)
        buf_puts(out, "-");
    if (fill->edit.changed)
        buf_puts(out, fill->edit.text);
}

void fill_restore(struct fill *fill, const char *typed, int caret)
{
    if (typed && *typed) {
        int absent = fill_field(fill)->kind == FIELD_DOC && *typed == '-';
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
    fill->given[fill->focus] = GIVEN_NOT;
    record_settle(fill->record, &fill->day, 1);
    int wrong = record_judge(fill->record, fill->focus, &fill->day, msg_language(), &fault);
    fill->fault[fill->focus] =
        (uint8_t)(wrong && fault.rule != FAULT_REQUIRED ? fault.rule : FAULT_NONE);
    fill_enter(fill, fill->focus);
    fill_touch(ui, fill);
}

/* The choices whose words typed text begins: how many, the first in *item. */
static size_t matching_words(const struct choices *choices, const char *typed, size_t *item)
{
    struct buf folded = BUF_INIT(4096);
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
    return found;
}

/* The choices that typed text fits. A number that begins no word picks by order. */
static size_t matching(const struct choices *choices, const char *typed, size_t *item)
{
    int64_t number;
    size_t found = matching_words(choices, typed, item);
    if (found == 0 && num_parse(typed, 1, (int64_t)choices->count, &number) == 0) {
        *item = (size_t)number - 1;
        found = 1;
    }
    return found;
}

int fill_by_number(const struct fill *fill)
{
    const struct choices *choices = fill_field(fill)->choices;
    struct buf folded = BUF_INIT(4096);
    int found = 0;
    for (size_t i = 0; choices && i < choices->count && !found; i++) {
        buf_clear(&folded);
        fold_text(choices->item[i].value, &folded);
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            buf_putc(&folded, ' ');
            fold_text(choices->item[i].label[lang], &folded);
        }
        const char *words = buf_text(&folded);
        for (const char *at = words; *at && !found; at++)
            found = *at >= '0' && *at <= '9' && (at == words || at[-1] == ' ');
    }
    buf_free(&folded);
    return choices && !found;
}

#define BY_PLACE 9 /* most lines of a list that one digit picks from */
int fill_by_place(const struct fill *fill, uint32_t point, size_t *item)
{
    const struct choices *choices = fill_field(fill)->choices;
    const char typed[] = {(char)point, '\0'};
    size_t any;
    if (!choices || choices->count > BY_PLACE || point < '1' || point - '0' > choices->count ||
        fill->edit.text[0] || matching_words(choices, typed, &any) > 0)
        return 0;
    *item = point - '1';
    return 1;
}

/* A choice may be typed by its beginning. 1 = taken, 0 = not this way, -1 = the list was opened. */
static int take_prefix(struct ui *ui, struct fill *fill, const char *typed, struct buf *stored)
{
    const struct choices *choices = fill_field(fill)->choices;
    size_t item = 0, found = choices ? matching(choices, typed, &item) : 0;
    if (found == 0)
        return 0;
    if (found > 1) {
        /* What was typed past this field waits until the list is answered. */
        ui_hold(ui);
        fill_open_list(ui, fill, typed);
        return -1;
    }
    buf_puts(stored, choices->item[item].value);
    return 1;
}

static void typed_text(const struct fill *fill, char *out, size_t size)
{
    const struct field *field = fill_field(fill);
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
    enum fault_rule rule = fill_field(fill)->choices ? FAULT_CHOICE : FAULT_KIND;
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
    if (field_parse(fill_field(fill), typed, &stored) != 0) {
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
        fill_ask_person(ui, fill);
    if (changed || ui->message_kind == TELL_ERROR)
        ui_quiet(ui);
    return COMMIT_RIGHT;
}

void fill_abandon(struct ui *ui, struct fill *fill)
{
    char typed[EDIT_BYTES + 8];
    struct buf raw = BUF_INIT(EDIT_BYTES + 8);
    if (!fill->edit.changed)
        return;
    if (fill_field(fill)->choices) {
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
