/* SPDX-License-Identifier: Apache-2.0
 * Where people stood whose sessions broke off, for their next login. A few words each, which only
 * the screens understand. They may hold what was typed to look somebody up: so they are in this
 * process's memory alone, never in the book, for some hours, and go with it; drafts, which must not
 * be lost, are kept elsewhere. */
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "ledger/op_priv.h"

#define PLACES_MOST 1024
#define PLACE_MS (12LL * 3600 * 1000)

struct place {
    char account[BOOK_NAME];
    char text[BOOK_PLACE];
    int64_t at;
};
struct places {
    struct place *row;
    size_t count;
};

struct places *places_new(void)
{
    return x_alloc(sizeof(struct places));
}

void places_free(struct places **places)
{
    if (!*places)
        return;
    if ((*places)->row)
        mem_wipe((*places)->row, (*places)->count * sizeof *(*places)->row);
    x_free(&(*places)->row);
    x_free(places);
}

static struct place *find(const struct places *places, const char *account)
{
    for (size_t i = 0; i < places->count; i++)
        if (strcmp(places->row[i].account, account) == 0)
            return &places->row[i];
    return NULL;
}

/* The row of somebody new: a further one, or when there are too many the oldest. */
static struct place *row_for(struct places *places)
{
    if (places->count < PLACES_MOST) {
        places->row = x_realloc(places->row, places->count + 1, sizeof *places->row);
        return &places->row[places->count++];
    }
    struct place *oldest = places->row;
    for (size_t i = 1; i < places->count; i++)
        if (places->row[i].at < oldest->at)
            oldest = &places->row[i];
    return oldest;
}

const char *places_get(const struct places *places, const char *account)
{
    const struct place *place = places ? find(places, account) : NULL;
    return place && clock_mono_ms() - place->at < PLACE_MS ? place->text : "";
}

int op_place_put(struct call *call)
{
    char text[BOOK_PLACE];
    wire_text(&call->in, text, sizeof text);
    if (!call_done(call))
        return OP_MALFORMED;
    struct place *place = find(call->places, call->who->account);
    if (!place && text[0])
        place = row_for(call->places);
    if (place) {
        mem_wipe(place, sizeof *place);
        (void)str_copy(place->account, sizeof place->account, call->who->account);
        (void)str_copy(place->text, sizeof place->text, text);
        place->at = clock_mono_ms();
    }
    mem_wipe(text, sizeof text);
    return 0;
}
