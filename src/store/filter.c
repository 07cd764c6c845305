/* SPDX-License-Identifier: Apache-2.0 */
/* Which requests a report is about, and the walk over the rows that may hold them. What a filter
 * says is turned once into beginnings of centres' codes and into tables by word number. */
#include <string.h>
#include "base/err.h"
#include "store/report_priv.h"

const char *const report_bands[BANDS] = {"morning", "evening", "weekend"};

static const struct report_dim dims[] = {
#define DIM(word, kind, length, names) {word, kind, length, names},
#include "store/dims.def"
#undef DIM
};

const struct report_dim *report_dim(const char *word)
{
    for (size_t i = 0; i < SND_COUNT(dims); i++)
        if (strcmp(dims[i].word, word) == 0)
            return &dims[i];
    return NULL;
}

int report_sector(struct store *store, const char *agency, char out[16])
{
    struct store_entry entry;
    int err = store_register_get(store, "agency", agency, &entry);
    if (err == 0)
        return str_copy(out, 16, entry.parent[0] != '\0' ? entry.parent : "-");
    return err == SND_E_NOTFOUND ? str_copy(out, 16, "-") : err;
}

/* A word that is wanted: itself, its agency or its sector, as the dimension says. */
static int filter_wants(struct store *store, const struct report_dim *dim, const char *value,
                        const char *word, const char *parent, int *wants)
{
    char sector[16] = "";
    int err = dim->length == 2 ? report_sector(store, parent, sector) : 0;
    const char *says = dim->length == 0 ? word : dim->length == 1 ? parent : sector;
    *wants = strcmp(says, value) == 0;
    return err;
}

static int filter_words(struct store *store, const struct report_dim *dim, const char *kind,
                        const char *value, uint8_t **table)
{
    int got, err = 0, fresh = *table == NULL;
    if (fresh)
        *table = x_calloc(FACT_WORDS, 1);
    if (fresh)
        memset(*table, 1, FACT_WORDS);
    (*table)[0] &= strcmp(value, "-") == 0;
    struct query *query = db_query(store->db, "SELECT no, word, parent FROM word WHERE kind = $1"
                                              " AND no < 65536 ORDER BY no");
    db_bind_text(query, kind);
    while (err == 0 && (got = db_row(query)) != 0) {
        char word[48], parent[48];
        int wants = 0;
        if (got < 0)
            return got;
        int64_t no = db_int(query);
        db_text(query, word, sizeof word);
        db_text(query, parent, sizeof parent);
        err = filter_wants(store, dim, value, word, parent, &wants);
        (*table)[no] &= (uint8_t)wants;
    }
    return db_end(query, err);
}

/* The bit of the one word that is wanted. */
static int filter_bit(const char *const *words, size_t count, const char *value, unsigned *bits)
{
    unsigned bit = 0;
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], value) == 0)
            bit = 1u << i;
    *bits &= bit;
    return bit == 0 ? SND_E_BAD : 0;
}

static int filter_add(struct store *store, struct filter *filter, const char *word,
                      const char *value)
{
    const struct report_dim *dim = report_dim(word);
    if (dim == NULL || (dim->kind == DIM_PLACE && dim->length == 0))
        return SND_E_BAD;
    switch (dim->kind) {
    case DIM_PLACE:
        filter->place[filter->places++] = value;
        if (dim->length == 15)
            filter->centre = value;
        return 0;
    case DIM_SERVICE:
        return filter_words(store, dim, "service", value, &filter->service);
    case DIM_CLERK:
        return filter_words(store, dim, "clerk", value, &filter->clerk);
    case DIM_STATE:
        return filter_words(store, dim, "state", value, &filter->state);
    case DIM_BAND:
        return filter_bit(report_bands, BANDS, value, &filter->bands);
    case DIM_CHANNEL:
        return filter_bit(store_channels, STORE_CHANNELS, value, &filter->channels);
    case DIM_TIME:
        break; /* a time is the period itself */
    }
    return SND_E_BAD;
}

int filter_make(struct store *store, const struct store_ask *ask, struct filter *out)
{
    int err = ask->wheres > STORE_WHERES ? SND_E_BAD : 0;
    *out = (struct filter){
        .ask = ask, .bands = (1u << BANDS) - 1, .channels = (1u << STORE_CHANNELS) - 1};
    for (size_t i = 0; i < ask->wheres && err == 0; i++)
        err = filter_add(store, out, ask->where[i].dim, ask->where[i].value);
    return err;
}

void filter_free(struct filter *filter)
{
    x_free(&filter->service);
    x_free(&filter->clerk);
    x_free(&filter->state);
}

static int filter_begins(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* The scope of whoever asks: one of its beginnings, or no bounds at all. */
static int filter_scope(const struct store_ask *ask, const char *centre)
{
    for (size_t i = 0; i < ask->scopes; i++)
        if (filter_begins(centre, ask->scope[i]))
            return 1;
    return ask->scopes == 0;
}

int filter_place(const struct filter *filter, const char *centre)
{
    if (filter->centre != NULL && strcmp(filter->centre, centre) != 0)
        return 0;
    for (size_t i = 0; i < filter->places; i++)
        if (!filter_begins(centre, filter->place[i]))
            return 0;
    return filter_scope(filter->ask, centre);
}

static int filter_meets(const char *place, const char *beginning)
{
    return filter_begins(place, beginning) || filter_begins(beginning, place);
}

int filter_overlaps(const struct filter *filter, const char *place)
{
    int inside = filter->ask->scopes == 0;
    for (size_t i = 0; i < filter->ask->scopes; i++)
        inside |= filter_meets(place, filter->ask->scope[i]);
    for (size_t i = 0; i < filter->places; i++)
        inside &= filter_meets(place, filter->place[i]);
    return inside;
}

int tally_walk_begin(struct db *db, const struct filter *filter, int32_t from, int32_t to,
                     int newest, struct tally_walk *out)
{
    *out = (struct tally_walk){.db = db,
                               .filter = filter,
                               .day = newest ? to : from,
                               .last = newest ? from : to,
                               .newest = newest,
                               .low = tally_id(from, 0, 0, 0),
                               .high = tally_id(to + 1, 0, 0, 0) - 1};
    if (filter->centre == NULL)
        return 0;
    int err = word_find(db, "centre", filter->centre, &out->centre);
    if (err == 0 && out->centre == 0) /* a centre that nobody has counted yet */
        out->low = out->high + 1;
    return err;
}

/* Opens the next range of ids: 0 when there is none left. */
static int tally_walk_open(struct tally_walk *walk)
{
    int64_t low = walk->low, high = walk->high;
    if (low > high || (walk->newest ? walk->day < walk->last : walk->day > walk->last))
        return 0;
    if (walk->centre != 0) {
        int64_t first = tally_id(walk->day, walk->centre, 0, 0);
        int64_t last = tally_id(walk->day, walk->centre, TALLY_PARTS - 1, 1);
        low = first > low ? first : low;
        high = last < high ? last : high;
        walk->day += walk->newest ? -1 : 1;
    } else {
        walk->low = walk->high + 1;
    }
    walk->query = walk->newest ? db_query(walk->db, "SELECT " TALLY_COLUMNS " FROM tally"
                                                    " WHERE id >= $1 AND id <= $2 ORDER BY id DESC")
                               : db_query(walk->db, "SELECT " TALLY_COLUMNS " FROM tally"
                                                    " WHERE id >= $1 AND id <= $2 ORDER BY id");
    db_bind_int(walk->query, low);
    db_bind_int(walk->query, high);
    return 1;
}

int tally_walk_next(struct tally_walk *walk, struct tally_row *row)
{
    while (walk->query != NULL || tally_walk_open(walk)) {
        int got = db_row(walk->query);
        if (got < 0)
            return got;
        if (got == 0) {
            walk->query = NULL;
            continue;
        }
        tally_row(walk->query, row);
        if (filter_place(walk->filter, row->centre))
            return 1;
    }
    return 0;
}

int tally_walk_end(struct tally_walk *walk, int err)
{
    return walk->query == NULL ? err : db_end(walk->query, err);
}
