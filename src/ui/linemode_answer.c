/* SPDX-License-Identifier: Apache-2.0
 * One field in line mode: what its prompt says, and what a line typed at it means. The value is
 * made and judged by the form's own functions; here are only the ways to say what the screens have
 * keys for: a document that is with the papers, a line of a list by its number, an empty field. */
#include <string.h>
#include "base/err.h"
#include "form/expr.h"
#include "text/fold.h"
#include "text/input.h"
#include "ui/frame.h"
#include "ui/linemode_priv.h"

#define INLINE_CHOICES 6 /* so few stand in the prompt */
#define DOCUMENT_FIXED 4 /* lines of fill_document_line() */

/* ---- words that name keys on the screens ---- */

static const struct {
    enum field_kind kind;
    const char *help;
} helps[] = {
    {FIELD_CHOICE, N_("Type the beginning of a line of the list, or its number.")},
    {FIELD_WILAYAT, N_("Type the beginning of the wilayat's name; ? lists them.")},
    {FIELD_YESNO, N_("Type 1 for yes or 0 for no.")},
    {FIELD_DOC,
     N_("Type + when it is with the papers, or its number, or a dash and why it is not there.")},
};

/* How values of the kind are written. */
static const char *help_of_kind(enum field_kind kind)
{
    for (size_t i = 0; i < SND_COUNT(helps); i++)
        if (helps[i].kind == kind)
            return _(helps[i].help);
    return field_kind_help(kind, msg_language());
}

static const char *help_of(const struct field *field)
{
    const char *help = field->help[msg_language()];
    int own = strcmp(help, field_kind_help(field->kind, msg_language())) != 0;
    return own ? help : help_of_kind(field->kind);
}

const char *lineform_sentence(const struct field *field, enum fault_rule rule, const char *sentence)
{
    if (rule == FAULT_CHOICE)
        return _("Choose one of the list: ? shows it.");
    if (rule == FAULT_STORED)
        return _("Say it of the document again: it is not stored any more.");
    if (rule == FAULT_KIND)
        return help_of_kind(field->kind);
    return sentence && *sentence ? _(sentence) : "";
}

void lineform_say(struct lineform *form, int field, const char *why)
{
    linemode_sayf(form->lm, "%s: %s", form->fill->form->field[field].label[msg_language()], why);
}

/* ---- the prompt ---- */

/* What stands in the field. */
static const char *standing(struct lineform *form)
{
    const struct fill *fill = form->fill;
    const char *stored = fill->record->value[fill->focus];
    struct ui *ui = &form->lm->ui;
    if (fill->edit.changed)
        return arena_printf(ui->arena, "%s%s", fill->absent ? "-" : "", fill->edit.text);
    return stored ? value_words(ui, fill_field(fill), stored) : "";
}

static const char *choices_hint(struct lineform *form)
{
    const struct choices *choices = fill_field(form->fill)->choices;
    struct arena *arena = form->lm->ui.arena;
    const char *hint = "";
    if (choices->count > INLINE_CHOICES)
        return _("? lists");
    int numbers = fill_by_number(form->fill);
    for (size_t i = 0; i < choices->count; i++) {
        const char *label = choices->item[i].label[msg_language()];
        const char *number =
            numbers ? arena_printf(arena, "%s ", frame_number(&form->lm->ui, (int64_t)i + 1)) : "";
        hint = arena_printf(arena, "%s%s%s%s", hint, *hint ? _(", ") : "", number, label);
    }
    return hint;
}

/* How it is answered, where that goes without saying nowhere. */
static const char *hint_of(struct lineform *form)
{
    const struct fill *fill = form->fill;
    const struct field *field = fill_field(fill);
    struct fault fault;
    if (field->choices)
        return choices_hint(form);
    if (field->kind == FIELD_YESNO)
        return _("1 yes, 0 no");
    if (field->kind == FIELD_DOC && !form->documents) {
        form->documents = 1;
        return _("+ it is here, or its number, or - and why not");
    }
    if (!fill->record->value[fill->focus] &&
        !record_judge(fill->record, fill->focus, &fill->day, msg_language(), &fault))
        return _("may stay empty");
    return "";
}

const char *lineform_prompt(struct lineform *form)
{
    struct arena *arena = form->lm->ui.arena;
    const char *label = fill_field(form->fill)->label[msg_language()], *hint = hint_of(form),
               *stands = standing(form);
    if (*hint)
        label = arena_printf(arena, "%s (%s)", label, hint);
    if (*stands)
        label = arena_printf(arena, "%s [%s]", label, stands);
    return arena_printf(arena, "%s:", label);
}

/* ---- lists ---- */

static void say_item(struct lineform *form, size_t number, const struct pick_item *item)
{
    linemode_sayf(form->lm, "%s%s%s%s%s",
                  number ? frame_number(&form->lm->ui, (int64_t)number) : "", number ? " " : "",
                  item->text, item->note ? ", " : "", item->note ? item->note : "");
}

/* The choices that the filter fits. */
static void say_choices(struct lineform *form, const char *filter)
{
    struct fill *fill = form->fill;
    struct ui *ui = &form->lm->ui;
    size_t said = 0, hidden = 0;
    fill_open_list(ui, fill, filter);
    ui->next = NEXT_NONE; /* the list is here, not on a screen */
    fill->choosing = CHOOSING_NOTHING;
    int numbers = fill_by_number(fill);
    for (size_t i = 0; i < fill->list.count; i++) {
        const struct pick_item *item = &fill->list.item[i];
        if (*filter && item->folded && !fold_matches(item->folded, filter))
            continue;
        if (said++ < LINEMODE_ITEMS)
            say_item(form, numbers ? i + 1 : 0, item);
        else
            hidden++;
    }
    if (hidden)
        linemode_sayf(form->lm, _("and %s more: ? and letters after it shows those that begin so."),
                      frame_number(ui, (int64_t)hidden));
    if (!said && *filter)
        lineform_say(form, fill->focus, _("Choose one of the list: ? shows it."));
}

/* Documents that were sent, as F8 offers them: how many. */
static size_t sent_documents(struct lineform *form, struct arena *arena, struct offered *out)
{
    const struct fill *fill = form->fill;
    const char *key = fill->form->applicant_civil,
               *civil = key ? record_get(fill->record, key) : NULL;
    if (!offered_make(&form->lm->ui, arena, civil, out))
        return 0;
    return out->list.count - 1;
}

static void say_documents(struct lineform *form)
{
    struct arena *arena = arena_new();
    struct offered offered;
    for (size_t i = 0; i < DOCUMENT_FIXED; i++)
        linemode_sayf(form->lm, "%d %s", (int)i + 1, fill_document_line(i));
    size_t sent = sent_documents(form, arena, &offered);
    for (size_t i = 0; i < sent; i++)
        linemode_sayf(form->lm, "%d %s, %s", DOCUMENT_FIXED + (int)i + 1, offered.document[i].name,
                      document_about(arena, &offered.document[i]));
    arena_free(&arena);
}

void lineform_help(struct lineform *form, const char *filter)
{
    const struct field *field = fill_field(form->fill);
    if (!*filter || !field->choices)
        lineform_say(form, form->fill->focus, help_of(field));
    if (field->choices)
        say_choices(form, filter);
    else if (field->kind == FIELD_DOC)
        say_documents(form);
    if (!*filter)
        linemode_say(form->lm,
                     _("Words with a dot before them do other things: .help lists them."));
}

/* ---- an answer ---- */

/* A line of a document's list by its number: 1 = taken. */
static int take_document_line(struct lineform *form, const char *answer)
{
    struct fill *fill = form->fill;
    struct ui *ui = &form->lm->ui;
    struct offered offered;
    int number = linemode_number(answer, 9 + DOCUMENT_FIXED);
    if (strcmp(answer, "+") == 0)
        number = 1;
    if (number == 0)
        return 0;
    if (number <= DOCUMENT_FIXED)
        return fill_document_say(ui, fill, (size_t)number - 1);
    struct arena *arena = arena_new();
    size_t sent = sent_documents(form, arena, &offered);
    arena_free(&arena);
    if ((size_t)(number - DOCUMENT_FIXED) > sent)
        return 0;
    fill_enter(fill, fill->focus); /* what was typed before is not meant any more */
    (void)fill_document(ui, fill);
    ui->next = NEXT_NONE;
    return fill_answered(ui, fill, number - DOCUMENT_FIXED - 1);
}

/* The answer into the field, as if it had been typed there. 0 = it is too long. */
static int type_answer(struct lineform *form, const char *answer)
{
    struct fill *fill = form->fill;
    struct edit *edit = &fill->edit;
    int absent = fill_field(fill)->kind == FIELD_DOC && *answer == '-';
    answer += absent;
    answer += absent ? strspn(answer, " ") : 0;
    if (utf8_count(answer) > (size_t)edit->max)
        return 0;
    edit_set(edit, answer, edit->max, edit->dir);
    edit->changed = 1;
    fill->absent = absent;
    fill_touch(&form->lm->ui, fill);
    return 1;
}

static int wrong(struct lineform *form, const char *why)
{
    char **kept = &form->why[form->fill->focus];
    x_free(kept);
    *kept = x_strdup(why);
    ui_quiet(&form->lm->ui);
    return 0;
}

/* What the form's own function has said of the field. */
static int wrong_as_told(struct lineform *form, enum commit commit)
{
    struct ui *ui = &form->lm->ui;
    struct fill *fill = form->fill;
    const char *prefix = _("Error:"), *told = ui->message;
    ui_drop(ui);
    if (commit == COMMIT_ASKING) {
        say_choices(form, fill->edit.text);
        return wrong(form, _("Several fit: type more of it, or the number of one."));
    }
    if (strncmp(told, prefix, strlen(prefix)) == 0)
        told += strlen(prefix) + strspn(told + strlen(prefix), " ");
    const char *why =
        lineform_sentence(fill_field(fill), (enum fault_rule)fill->fault[fill->focus], NULL);
    if (fill_field(fill)->choices && fill->edit.changed)
        why = arena_printf(ui->arena, "%s (%s)", why, fill->edit.text);
    return wrong(form, *why ? why : told);
}

int lineform_take(struct lineform *form, const char *answer)
{
    struct fill *fill = form->fill;
    struct ui *ui = &form->lm->ui;
    const int document = fill_field(fill)->kind == FIELD_DOC;
    ui_quiet(ui);
    if (strcmp(answer, "-") == 0)
        fill_put(ui, fill, "");
    else if (document && take_document_line(form, answer))
        ui_quiet(ui);
    else if (*answer && !type_answer(form, answer))
        return wrong(form, _("Shorten the text: it is longer than the field takes."));
    enum commit commit = fill_commit(ui, fill);
    if (commit != COMMIT_RIGHT)
        return wrong_as_told(form, commit);
    x_free(&form->why[fill->focus]);
    if (fill->asked >= 0)
        linemode_hear(form->lm);
    return 1;
}

void lineform_leave_wrong(struct lineform *form)
{
    fill_abandon(&form->lm->ui, form->fill);
    ui_drop(&form->lm->ui);
}

struct deciding {
    int field, found;
};

static void look(void *arg, int field)
{
    struct deciding *deciding = arg;
    deciding->found |= field == deciding->field;
}

int lineform_decides(const struct form *form, int field)
{
    struct deciding deciding = {.field = field};
    for (size_t i = 0; i < form->fields; i++)
        if (form->field[i].relevant)
            expr_uses(form->field[i].relevant, look, &deciding);
    return deciding.found;
}
