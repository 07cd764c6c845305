/* SPDX-License-Identifier: Apache-2.0 */
/* Facts: what is left of a request when only counting matters. Kept up in the transaction that
 * changes a request. Facts by centre and day were chosen by measuring: with 40 million
 * requests a table of counts by centre, day, service and state has 35 million rows, and narrower
 * ones answer only the question that each was made for; a year's facts of all centres are read in a
 * tenth of a second and answer every question. A centre's day is cut into parts of a bounded size,
 * so that a save costs the same in the morning and in the evening.
 *
 * Numbers of words come from the order of events, and the band from the calendar as it was
 * registered at that moment, so a replay gives the same bytes. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "store/memo_priv.h"
#include "store/request_priv.h"
#include "store/tally_priv.h"

#define EVENING_MINUTE (14 * 60 + 30)
#define DAY_MINUTES 1440

const char *const store_channels[STORE_CHANNELS] = {"centre", "joint", "self"};

static void put16(uint8_t *out, unsigned number)
{
    out[0] = (uint8_t)number;
    out[1] = (uint8_t)(number >> 8);
}

static uint32_t capped(int64_t fee, uint32_t most)
{
    return fee < 0 ? 0 : fee > most ? most : (uint32_t)fee;
}

static void put32(uint8_t *out, uint32_t number)
{
    put16(out, number & 0xffff);
    put16(out + 2, number >> 16);
}

static unsigned get16(const uint8_t *in)
{
    return in[0] | (unsigned)in[1] << 8;
}

void fact_put(const struct fact *fact, uint8_t out[FACT_SIZE])
{
    put16(out, fact->service);
    put16(out + 2, fact->clerk);
    put16(out + 4, fact->state);
    put16(out + 6,
          (unsigned)fact->minute | (unsigned)fact->band << 11 | (unsigned)fact->gender << 13);
    put32(out + 8, capped(fact->fee_agency, UINT32_MAX));
    put32(out + 12,
          capped(fact->fee_centre, FACT_FEE - 1) | (uint32_t)fact->channel << FACT_FEE_BITS);
    put16(out + 16, fact->n);
}

void fact_get(const uint8_t in[FACT_SIZE], struct fact *out)
{
    unsigned when = get16(in + 6);
    out->service = (uint16_t)get16(in);
    out->clerk = (uint16_t)get16(in + 2);
    out->state = (uint16_t)get16(in + 4);
    out->minute = (int)(when & 0x7ff);
    out->band = (int)(when >> 11 & 3);
    out->gender = (int)(when >> 13 & 3);
    out->fee_agency = get16(in + 8) | (int64_t)get16(in + 10) << 16;
    int64_t centre = get16(in + 12) | (int64_t)get16(in + 14) << 16;
    out->fee_centre = centre & (FACT_FEE - 1);
    out->channel = (int)(centre >> FACT_FEE_BITS);
    out->n = (uint16_t)get16(in + 16);
}

int tally_channel(const char *word)
{
    for (int i = 0; i < STORE_CHANNELS; i++)
        if (strcmp(store_channels[i], word) == 0)
            return i;
    return -1;
}

uint16_t word_in_fact(int64_t no)
{
    return no < FACT_WORDS ? (uint16_t)no : 0;
}

int word_find(struct db *db, const char *kind, const char *word, int64_t *no)
{
    struct query *query = db_query(db, "SELECT no FROM word WHERE kind = $1 AND word = $2");
    db_bind_text(query, kind);
    db_bind_text(query, word);
    int err = db_one(query);
    *no = err == 0 ? db_int(query) : 0;
    err = db_end(query, err);
    return err == SND_E_NOTFOUND ? 0 : err;
}

int word_number(struct db *db, const char *kind, const char *word, const char *parent, int64_t *no)
{
    int err = word_find(db, kind, word, no);
    if (err != 0 || *no != 0)
        return err;
    struct query *query =
        db_query(db, "INSERT INTO word (no, kind, word, parent) VALUES"
                     " ((SELECT COALESCE(MAX(no), 0) + 1 FROM word), $1, $2, $3)");
    db_bind_text(query, kind);
    db_bind_text(query, word);
    db_bind_text(query, parent);
    err = db_run(query, NULL);
    return err != 0 ? err : word_find(db, kind, word, no);
}

int weekend_of(struct db *db, int32_t day, unsigned *mask)
{
    static const char *const names[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    char text[11];
    const char *days = "fri sat";
    clock_day_text(day, text);
    struct query *query = db_query(db, "SELECT note FROM register WHERE kind = 'weekend'"
                                       " AND code <= $1 ORDER BY code DESC");
    db_bind_text(query, text);
    int err = db_one(query);
    if (err == 0)
        days = db_text_peek(query);
    *mask = 0;
    for (unsigned i = 0; i < SND_COUNT(names); i++)
        if (strstr(days, names[i]) != NULL)
            *mask |= 1u << i;
    err = db_end(query, err);
    return err == SND_E_NOTFOUND ? 0 : err;
}

static int is_holiday(struct db *db, int32_t day, int *holiday)
{
    char text[11];
    clock_day_text(day, text);
    struct query *query =
        db_query(db, "SELECT 1 FROM register WHERE kind = 'holiday' AND code = $1");
    db_bind_text(query, text);
    int err = db_end(query, db_one(query));
    *holiday = err == 0;
    return err == SND_E_NOTFOUND ? 0 : err;
}

int rest_of(struct db *db, int32_t day, int *rest)
{
    unsigned weekend = 0;
    int holiday = 0, err = weekend_of(db, day, &weekend);
    if (err == 0)
        err = is_holiday(db, day, &holiday);
    unsigned weekday = (unsigned)((day % 7 + 11) % 7); /* day 0 was a Thursday */
    *rest = holiday || (weekend >> weekday & 1u) != 0;
    return err;
}

static int band_at(int rest, int minute)
{
    if (rest)
        return BAND_WEEKEND;
    return minute >= EVENING_MINUTE ? BAND_EVENING : BAND_MORNING;
}

int band_of(struct db *db, int32_t day, int minute, int *band)
{
    int rest = 0, err = rest_of(db, day, &rest);
    *band = band_at(rest, minute);
    return err;
}

int64_t tally_id(int32_t day, int64_t centre, int64_t part, int past)
{
    return (int64_t)day << 32 | centre << 14 | part << 1 | past;
}

static int64_t part_of(int64_t id)
{
    return id >> 1 & (TALLY_PARTS - 1);
}

void tally_row(struct query *query, struct tally_row *out)
{
    size_t len;
    out->id = db_int(query);
    out->day = (int32_t)db_int(query);
    db_text(query, out->centre, sizeof out->centre);
    out->past = (int)db_int(query);
    out->n = db_int(query);
    out->facts = db_blob_peek(query, &len);
    out->count = len / FACT_SIZE;
    out->first = (size_t)part_of(out->id) * TALLY_PART;
}

int tally_find(struct db *db, int32_t day, const char *centre, int past, struct buf *facts)
{
    int64_t no;
    int got = 0, err = word_find(db, "centre", centre, &no);
    if (err != 0 || no == 0)
        return err != 0 ? err : SND_E_NOTFOUND;
    struct query *query = db_query(db, "SELECT facts FROM tally WHERE id >= $1 AND id <= $2"
                                       " AND past = $3 ORDER BY id");
    db_bind_int(query, tally_id(day, no, 0, 0));
    db_bind_int(query, tally_id(day, no, TALLY_PARTS - 1, 1));
    db_bind_int(query, past);
    while ((got = db_row(query)) == 1) {
        size_t len;
        const void *bytes = db_blob_peek(query, &len);
        buf_put(facts, bytes, len);
    }
    err = db_end(query, got < 0 ? got : 0);
    return err == 0 && facts->len == 0 ? SND_E_NOTFOUND : err;
}

/* The last part of a centre's day and what is in it; *part = -1 when there is none. */
static int part_last(struct db *db, int32_t day, int64_t no, int past, int64_t *part,
                     struct buf *facts)
{
    size_t len;
    *part = -1;
    struct query *query = db_query(db, "SELECT id, facts FROM tally WHERE id >= $1 AND id <= $2"
                                       " AND past = $3 ORDER BY id DESC LIMIT 1");
    db_bind_int(query, tally_id(day, no, 0, 0));
    db_bind_int(query, tally_id(day, no, TALLY_PARTS - 1, 1));
    db_bind_int(query, past);
    int err = db_one(query);
    if (err == 0) {
        *part = part_of(db_int(query));
        const void *bytes = db_blob_peek(query, &len);
        buf_put(facts, bytes, len);
    }
    err = db_end(query, err);
    return err == SND_E_NOTFOUND ? 0 : err;
}

/* How many requests facts stand for. */
static int64_t facts_n(const struct buf *facts)
{
    int64_t n = 0;
    for (size_t at = 0; at < facts->len; at += FACT_SIZE) {
        struct fact fact;
        fact_get((const uint8_t *)facts->data + at, &fact);
        n += fact.n;
    }
    return n;
}

static int part_insert(struct db *db, int64_t id, int32_t day, const char *centre, int past,
                       const struct buf *facts)
{
    struct query *query = db_query(db, "INSERT INTO tally (id, day, centre, past, n, facts)"
                                       " VALUES ($1, $2, $3, $4, $5, $6)");
    db_bind_int(query, id);
    db_bind_int(query, day);
    db_bind_text(query, centre);
    db_bind_int(query, past);
    db_bind_int(query, facts_n(facts));
    db_bind_blob(query, facts->data, facts->len);
    return db_run(query, NULL);
}

static int part_update(struct db *db, int64_t id, const struct buf *facts)
{
    struct query *query = db_query(db, "UPDATE tally SET n = $1, facts = $2 WHERE id = $3");
    db_bind_int(query, facts_n(facts));
    db_bind_blob(query, facts->data, facts->len);
    db_bind_int(query, id);
    return db_run(query, NULL);
}

/* no: the centre's number. */
static int append(struct db *db, int32_t day, const char *centre, int64_t no, int past,
                  const struct buf *run, int64_t *place)
{
    struct buf facts = BUF_INIT(TALLY_PART * FACT_SIZE);
    int64_t part = -1;
    int err = part_last(db, day, no, past, &part, &facts);
    for (size_t at = 0; at < run->len && err == 0;) {
        int fresh = part < 0 || facts.len == TALLY_PART * FACT_SIZE;
        if (fresh) {
            part++;
            buf_clear(&facts);
        }
        size_t room = TALLY_PART * FACT_SIZE - facts.len, left = run->len - at;
        size_t len = left < room ? left : room;
        buf_put(&facts, (const uint8_t *)run->data + at, len);
        at += len;
        int64_t id = tally_id(day, no, part, past);
        if (part == TALLY_PARTS)
            err = SND_E_LIMIT;
        else
            err = fresh ? part_insert(db, id, day, centre, past, &facts)
                        : part_update(db, id, &facts);
    }
    if (place != NULL)
        *place = part * TALLY_PART + (int64_t)(facts.len / FACT_SIZE) - 1;
    buf_free(&facts);
    return err;
}

int tally_append(struct db *db, int32_t day, const char *centre, int past, const struct buf *run,
                 int64_t *place)
{
    int64_t no = 0;
    int err = word_number(db, "centre", centre, "", &no);
    return err != 0 ? err : append(db, day, centre, no, past, run, place);
}

static int fact_of(struct store *store, const struct store_request *request, struct fact *out)
{
    int64_t service = 0, clerk = 0, state = 0;
    int channel = tally_channel(request->channel);
    int rest = 0, err = memo_word(store, "service", request->service, request->agency, &service);
    if (err == 0)
        err = memo_word(store, "clerk", request->account, "", &clerk);
    if (err == 0)
        err = memo_word(store, "state", request->state, "", &state);
    if (err == 0)
        err = memo_rest(store, request->day, &rest);
    *out = (struct fact){.service = word_in_fact(service),
                         .clerk = word_in_fact(clerk),
                         .state = word_in_fact(state),
                         .n = 1,
                         .channel = channel < 0 ? 0 : channel,
                         .fee_agency = request->fee_agency,
                         .fee_centre = request->fee_centre};
    int64_t local = request->at + CLOCK_OMAN_OFFSET_MS;
    if (local > 0)
        out->minute = (int)(local / 60000 % DAY_MINUTES);
    out->band = band_at(rest, out->minute);
    return err;
}

int tally_add(struct store *store, const struct store_request *request, int64_t *place)
{
    struct fact fact;
    int64_t no = 0;
    uint8_t bytes[FACT_SIZE];
    struct buf facts = BUF_INIT(FACT_SIZE);
    int err = fact_of(store, request, &fact);
    if (err == 0)
        err = memo_word(store, "centre", request->centre, "", &no);
    if (err != 0)
        return err;
    fact_put(&fact, bytes);
    buf_put(&facts, bytes, FACT_SIZE);
    err = append(store->db, request->day, request->centre, no, 0, &facts, place);
    buf_free(&facts);
    return err;
}

/* The facts of one part, with the state of one of them set. */
static int part_restate(struct db *db, int64_t id, size_t at, uint16_t state)
{
    size_t len;
    struct buf facts = BUF_INIT(TALLY_PART * FACT_SIZE);
    struct query *query = db_query(db, "SELECT facts FROM tally WHERE id = $1");
    db_bind_int(query, id);
    int err = db_one(query);
    if (err == 0) {
        const void *bytes = db_blob_peek(query, &len);
        buf_put(&facts, bytes, len);
    }
    err = db_end(query, err);
    if (err == 0 && (facts.failed || (at + 1) * FACT_SIZE > facts.len))
        err = SND_E_CORRUPT;
    if (err == 0) {
        struct fact fact;
        uint8_t *bytes = (uint8_t *)facts.data + at * FACT_SIZE;
        fact_get(bytes, &fact);
        fact.state = state;
        fact_put(&fact, bytes);
        err = part_update(db, id, &facts);
    }
    buf_free(&facts);
    return err;
}

int tally_restate(struct db *db, int32_t day, const char *centre, int64_t place, const char *state)
{
    int64_t no, word;
    int err = word_find(db, "centre", centre, &no);
    if (err == 0)
        err = word_number(db, "state", state, "", &word);
    if (err != 0 || no == 0)
        return err != 0 ? err : SND_E_CORRUPT;
    return part_restate(db, tally_id(day, no, place / TALLY_PART, 0), (size_t)(place % TALLY_PART),
                        word_in_fact(word));
}

static int place_keep(struct db *db, const struct id *id, int64_t place)
{
    struct query *query = db_query(db, "UPDATE request SET fact = $1 WHERE id = $2");
    db_bind_int(query, place);
    db_bind_id(query, id);
    return db_run(query, NULL);
}

int tally_places(struct store *store)
{
    int64_t place = 0, last = 0;
    char before[16] = "";
    int got, err = 0;
    struct query *query = db_query(store->db, "SELECT day, centre, id FROM request"
                                              " ORDER BY day, centre, epoch, seq");
    while (err == 0 && (got = db_row(query)) != 0) {
        char centre[16];
        struct id id;
        if (got < 0)
            return got;
        int64_t day = db_int(query);
        db_text(query, centre, sizeof centre);
        db_id(query, &id);
        place = day == last && strcmp(centre, before) == 0 ? place + 1 : 0;
        last = day;
        memcpy(before, centre, sizeof before);
        err = place_keep(store->db, &id, place);
    }
    return db_end(query, err);
}

int tally_first(struct store *store)
{
    struct db *db = store->db;
    int got, err = 0;
    struct query *query = db_query(db, "SELECT service, agency, centre, account, state, day, at,"
                                       " fee_agency, fee_centre FROM request"
                                       " ORDER BY node, epoch, seq");
    while (err == 0 && (got = db_row(query)) != 0) {
        struct store_request request = {0};
        if (got < 0)
            return got;
        db_text(query, request.service, sizeof request.service);
        db_text(query, request.agency, sizeof request.agency);
        db_text(query, request.centre, sizeof request.centre);
        db_text(query, request.account, sizeof request.account);
        db_text(query, request.state, sizeof request.state);
        request.day = (int32_t)db_int(query);
        request.at = db_int(query);
        request.fee_agency = db_int(query);
        request.fee_centre = db_int(query);
        err = tally_add(store, &request, NULL);
    }
    return db_end(query, err);
}

int tally_parts(struct store *store)
{
    int got, err = 0;
    struct query *query = db_query(store->db, "SELECT " TALLY_COLUMNS " FROM tally_whole"
                                              " ORDER BY id");
    while (err == 0 && (got = db_row(query)) != 0) {
        struct tally_row row = {0};
        if (got < 0)
            return got;
        tally_row(query, &row);
        struct buf run = BUF_INIT(TALLY_PARTS * TALLY_PART * FACT_SIZE);
        buf_put(&run, row.facts, row.count * FACT_SIZE);
        err = tally_append(store->db, row.day, row.centre, row.past, &run, NULL);
        buf_free(&run);
    }
    return db_end(query, err);
}

int store_request_count(struct store *store, const char *centre, int64_t *out)
{
    struct query *query;
    if (centre[0] == '\0')
        query = db_query(store->db, "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM tally"
                                    " WHERE past = 0");
    else {
        query = db_query(store->db, "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM tally"
                                    " WHERE centre = $1 AND past = 0");
        db_bind_text(query, centre);
    }
    *out = 0;
    int err = db_one(query);
    if (err == 0)
        *out = db_int(query);
    return db_end(query, err);
}
