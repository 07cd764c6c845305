/* SPDX-License-Identifier: Apache-2.0
 * What is asked of the ledger about seats. */
#include <string.h>
#include "base/err.h"
#include "book/seat.h"
#include "book/talk_priv.h"
#include "text/msg.h"

#define CAMPAIGN_LEAST 48 /* bytes of a row with empty texts */

static void get_campaign(struct wire *answer, struct arena *arena, void *to)
{
    struct book_campaign *row = to;
    wire_text(answer, row->code, sizeof row->code);
    wire_text(answer, row->season, sizeof row->season);
    row->name[LANG_AR] = wire_text_in(answer, arena);
    row->name[LANG_EN] = wire_text_in(answer, arena);
    row->seats = wire_i64(answer);
    row->free = wire_i64(answer);
    row->wanted = wire_i64(answer);
    row->at = wire_i64(answer);
}

int book_seat_list(struct book *book, struct arena *arena, struct book_campaign **out,
                   size_t *count)
{
    static const struct talk_rows rows = {CAMPAIGN_LEAST, sizeof **out, get_campaign};
    struct buf frame;
    talk_begin(book, OP_SEAT_LIST, NULL, &frame);
    return talk_list(book, &frame, &rows, arena, out, count);
}

int book_seat_get(struct book *book, const char *number, struct book_seat *out)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_SEAT_GET, NULL, &frame);
    wire_put_text(&frame, number);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    wire_text(&answer, out->campaign, sizeof out->campaign);
    wire_text(&answer, out->other, sizeof out->other);
    wire_text(&answer, out->season, sizeof out->season);
    wire_text(&answer, out->state, sizeof out->state);
    wire_text(&answer, out->why, sizeof out->why);
    out->at = wire_i64(&answer);
    return talk_end(book, &answer);
}

const char *seat_words(const struct book_seat *seat)
{
    static const struct {
        const char *state, *why, *words;
    } table[] = {
        {"wanted", NULL, N_("the wish is kept; the hub answers when the line is up.")},
        {"given", NULL, N_("the person has it.")},
        {"refused", "person", N_("none: the person has one this season by another request.")},
        {"refused", "unknown", N_("none: it is no campaign of this season; choose another one.")},
        {"refused", NULL, N_("none is left: choose another campaign in a new request.")},
        {"freed", NULL, N_("free again, as this request is over.")},
    };
    for (size_t i = 0; i < SND_COUNT(table); i++)
        if (strcmp(table[i].state, seat->state) == 0 &&
            (!table[i].why || strcmp(table[i].why, seat->why) == 0))
            return table[i].words;
    return "";
}
