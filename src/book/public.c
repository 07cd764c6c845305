/* SPDX-License-Identifier: Apache-2.0
 * What the public pages ask the ledger. */
#include "book/public.h"
#include "base/err.h"
#include "book/talk_priv.h"

#define PLACE_LEAST 16  /* bytes of a row with empty texts */
#define CENTRE_LEAST 20 /* the same */

static void get_place(struct wire *answer, struct arena *arena, void *to)
{
    struct public_place *row = to;
    wire_text(answer, row->code, sizeof row->code);
    wire_text(answer, row->parent, sizeof row->parent);
    row->name[LANG_AR] = wire_text_in(answer, arena);
    row->name[LANG_EN] = wire_text_in(answer, arena);
}

int public_places(struct book *book, struct arena *arena, struct public_place **out, size_t *count)
{
    static const struct talk_rows rows = {PLACE_LEAST, sizeof **out, get_place};
    struct buf frame;
    talk_begin(book, OP_PUBLIC_PLACES, NULL, &frame);
    return talk_list(book, &frame, &rows, arena, out, count);
}

int public_centres(struct book *book, const char *service, const char *wilayat, struct arena *arena,
                   struct public_centres *out)
{
    struct buf frame;
    struct wire answer;
    *out = (struct public_centres){0};
    talk_begin(book, OP_PUBLIC_CENTRES, NULL, &frame);
    wire_put_text(&frame, service);
    wire_put_text(&frame, wilayat);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    out->day = talk_get_day(&answer);
    out->holiday = (int)talk_get_enum(&answer, 2);
    out->count = talk_count(&answer, CENTRE_LEAST);
    out->centre = arena_alloc(arena, (out->count + 1) * sizeof *out->centre);
    for (size_t i = 0; i < out->count; i++) {
        struct public_centre *row = &out->centre[i];
        wire_text(&answer, row->code, sizeof row->code);
        wire_text(&answer, row->wilayat, sizeof row->wilayat);
        row->name[LANG_AR] = wire_text_in(&answer, arena);
        row->name[LANG_EN] = wire_text_in(&answer, arena);
        row->hours = wire_text_in(&answer, arena);
    }
    return talk_end(book, &answer);
}

int public_status(struct book *book, const char *number, const char *digits,
                  struct public_status *out)
{
    struct buf frame;
    struct wire answer;
    *out = (struct public_status){0};
    talk_begin(book, OP_PUBLIC_STATUS, NULL, &frame);
    wire_put_text(&frame, number);
    wire_put_text(&frame, digits);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    wire_text(&answer, out->service, sizeof out->service);
    out->state = talk_get_enum(&answer, STATE_COUNT);
    out->day = talk_get_day(&answer);
    out->changed = wire_i64(&answer);
    return talk_end(book, &answer);
}
