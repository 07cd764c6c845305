/* SPDX-License-Identifier: Apache-2.0
 * Seats of campaigns: what is free stands at the choices of the list, as it is or as the hub said
 * it last; and how a request's wish stands is said when it was submitted and when it is opened. */
#include "book/seat.h"
#include <string.h>
#include "ui/frame.h"
#include "ui/screens_priv.h"

void seat_tell(struct ui *ui, const struct form *form, const char *number)
{
    struct book_seat seat;
    if (!form->seat || !ui_may(ui, OP_SEAT_GET) || book_seat_get(ui->book, number, &seat))
        return;
    const char *words =
        arena_printf(ui->arena, _("Seat in campaign %s: %s"), seat.campaign, _(seat_words(&seat)));
    if (strcmp(seat.state, "given") == 0)
        ui_tell(ui, TELL_DONE, "%s", words);
    else
        ui_tell(ui, strcmp(seat.state, "refused") == 0 ? TELL_ERROR : TELL_WARNING, "%s", words);
}

static const char *note_of(struct ui *ui, struct arena *arena, const struct book_campaign *campaign)
{
    if (campaign->free == 0)
        return _("full");
    /* L10N: seats free, seats in all. */
    return arena_printf(arena, _("free: %s of %s"), frame_number(ui, campaign->free),
                        frame_number(ui, campaign->seats));
}

void seat_notes(struct ui *ui, const struct form *form, const struct field *field,
                struct arena *arena, struct pick_item *item)
{
    struct book_campaign *list;
    size_t count;
    int names = form->seat && (strcmp(field->key, form->seat) == 0 ||
                               (form->seat_also && strcmp(field->key, form->seat_also) == 0));
    if (!names || book_seat_list(ui->book, arena, &list, &count))
        return;
    for (size_t i = 0; i < field->choices->count; i++)
        for (size_t k = 0; k < count; k++)
            if (strcmp(field->choices->item[i].value, list[k].code) == 0) {
                item[i].note = note_of(ui, arena, &list[k]);
                item[i].note_look = list[k].free ? LOOK_HINT : LOOK_WARNING;
            }
}
