/* SPDX-License-Identifier: Apache-2.0
 * What a field offers instead of typing: the list of its choices, and what may be said of a
 * document. The chooser shows the list and answers with a line of it; nothing of the field changes
 * until then. */
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "ui/fill_priv.h"

static void open_chooser(struct ui *ui, struct fill *fill, enum choosing what, const char *filter)
{
    struct ui_arg arg = {.thing = &fill->list};
    fill->choosing = what;
    fill->list.title = fill_field(fill)->label[msg_language()];
    fill->list.filter = arena_strdup(fill->choices, filter);
    ui_push(ui, SCREEN_CHOOSER, &arg);
}

static const char *group_label(const struct choices *choices, const char *group)
{
    for (size_t i = 0; group && i < choices->groups; i++)
        if (strcmp(choices->group[i].value, group) == 0)
            return choices->group[i].label[msg_language()];
    return NULL;
}

struct pick_item *fill_choices(const struct choices *choices, const char *stored,
                               struct arena *arena, struct chooser_list *list)
{
    struct pick_item *item = arena_alloc(arena, (choices->count + 1) * sizeof *item);
    *list = (struct chooser_list){
        .title = "", .item = item, .count = choices->count, .filter = "", .chosen = -1};
    for (size_t i = 0; i < choices->count; i++) {
        const struct choice *choice = &choices->item[i];
        item[i].text = choice->label[msg_language()];
        item[i].note = group_label(choices, choice->group);
        item[i].folded =
            item_folded(arena, choice->label[LANG_AR], choice->label[LANG_EN], choice->value);
        if (stored && strcmp(stored, choice->value) == 0)
            list->chosen = (int)i;
    }
    return item;
}

void fill_open_list(struct ui *ui, struct fill *fill, const char *filter)
{
    arena_free(&fill->choices);
    fill->choices = arena_new();
    struct pick_item *item = fill_choices(
        fill_field(fill)->choices, fill->record->value[fill->focus], fill->choices, &fill->list);
    seat_notes(ui, fill->form, fill_field(fill), fill->choices, item);
    open_chooser(ui, fill, CHOOSING_VALUE, filter);
}

/* What may be said of a document; the last line is typed by the clerk. */
static const char *const document_lines[] = {
    N_("It is with the papers"),
    N_("Not there: the agency has it already"),
    N_("Not there: the person brings it later"),
    N_("Not there: it does not exist for this property"),
    N_("Not there: I type the reason"),
    N_("Take the document off"),
};
static const char *const document_reasons[] = {
    NULL,
    N_("the agency has it already"),
    N_("the person brings it later"),
    N_("it does not exist for this property"),
    NULL,
    NULL,
};
#define DOCUMENT_REASON 4 /* the line of a reason that is typed; */
#define DOCUMENT_OFF 5    /* and the last, which is for one that is attached */

static int is_stored(const struct fill *fill)
{
    const char *stored = fill->record->value[fill->focus];
    return stored && strncmp(stored, DOCUMENT_STORED, strlen(DOCUMENT_STORED)) == 0;
}

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
    fill->list.count = DOCUMENT_OFF + (size_t)is_stored(fill);
    fill->list.digits = 0;
    fill->list.chosen = -1;
    open_chooser(ui, fill, CHOOSING_DOCUMENT, "");
}

unsigned fill_list(struct ui *ui, struct fill *fill)
{
    const struct field *field = fill_field(fill);
    if (field->kind == FIELD_DOC)
        open_documents(ui, fill);
    else if (field->choices)
        fill_open_list(ui, fill, fill->edit.changed ? fill->edit.text : "");
    else
        ui_tell(ui, TELL_PLAIN, "%s", _("This field has no list: type its value."));
    return UI_HANDLED;
}

const char *fill_document_line(size_t line)
{
    return line < DOCUMENT_REASON ? _(document_lines[line]) : NULL;
}

int fill_document_say(struct ui *ui, struct fill *fill, size_t line)
{
    if (line >= SND_COUNT(document_lines))
        return 0;
    if (line == 0 || line == DOCUMENT_OFF) {
        fill_put(ui, fill, line == 0 ? DOCUMENT_SEEN : "");
        return line == 0;
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

/* ---- documents that were sent ---- */

/* What this clerk has sent, and what the person brought before: 1 when there is anything to take.
 */
static int offer_stored(struct ui *ui, struct fill *fill)
{
    struct offered offered;
    const char *key = fill->form->applicant_civil;
    const char *civil = key ? record_get(fill->record, key) : NULL;
    arena_free(&fill->choices);
    fill->choices = arena_new();
    if (fill->practice || !offered_make(ui, fill->choices, civil, &offered))
        return 0;
    fill->offered = offered.document;
    fill->list = offered.list;
    open_chooser(ui, fill, CHOOSING_STORED, "");
    return 1;
}

static int answer_stored(struct ui *ui, struct fill *fill, size_t line)
{
    char hex[HASH_TEXT], stored[HASH_TEXT + 8];
    if (line + 1 >= fill->list.count) {
        fill_put(ui, fill, DOCUMENT_SEEN);
        return 1;
    }
    const struct book_document *document = &fill->offered[line];
    hex_text(document->sha, HASH_SIZE, hex);
    (void)str_format(stored, sizeof stored, DOCUMENT_STORED "%s", hex);
    fill_put(ui, fill, stored);
    /* L10N: a file's name and what it is. */
    ui_tell(ui, TELL_DONE, _("Attached: %s (%s)."), document->name,
            document_about(ui->arena, document));
    return 1;
}

int fill_answered(struct ui *ui, struct fill *fill, int answer)
{
    enum choosing what = fill->choosing;
    fill->choosing = CHOOSING_NOTHING;
    if (answer < 0)
        return 0;
    if (what == CHOOSING_DOCUMENT)
        return fill_document_say(ui, fill, (size_t)answer);
    if (what == CHOOSING_STORED)
        return answer_stored(ui, fill, (size_t)answer);
    fill_put(ui, fill, fill_field(fill)->choices->item[answer].value);
    return 1;
}

unsigned fill_document(struct ui *ui, struct fill *fill)
{
    if (!fill->edit.changed && offer_stored(ui, fill))
        return UI_HANDLED;
    if (!fill->edit.text[0] || fill->absent)
        fill_put(ui, fill, DOCUMENT_SEEN);
    return fill_forward(ui, fill);
}
