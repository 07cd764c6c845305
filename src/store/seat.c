/* SPDX-License-Identifier: Apache-2.0 */
/* Seats of campaigns. A wish is an event of the centre where the request was made, and stands in
 * its chain before the request itself, so that the hub never has a request whose wish it doesn't
 * know. The hub takes wishes in the order of its own chain, each against a count of what was given
 * by then: that is all that keeps a campaign from being oversold, and why nobody else gives seats.
 * The answer, as every change of what is free that a centre should know, is an event of the hub's.
 *
 * What follows from an event here looks at nothing but the event, so that a replay gives the same
 * seats to the same people; only the decisions ask how many are left. */
#include "store/seat_priv.h"
#include <string.h>
#include "base/err.h"
#include "base/num.h"
#include "store/feed_priv.h"
#include "store/move_priv.h"
#include "store/report.h"

#define SEAT_COLUMNS "request, centre, season, campaign, other, state, why, at"
#define SEATS_MOST 1000000
#define NEWS_LAST 5   /* so few left: each is told to every centre */
#define NEWS_STEPS 20 /* else so many times on the way */

static void seat_row(struct query *query, struct store_seat *out)
{
    memset(out, 0, sizeof *out);
    db_id(query, &out->request);
    db_text(query, out->centre, sizeof out->centre);
    db_text(query, out->season, sizeof out->season);
    db_text(query, out->campaign, sizeof out->campaign);
    db_text(query, out->other, sizeof out->other);
    db_text(query, out->state, sizeof out->state);
    db_text(query, out->why, sizeof out->why);
    out->at = db_int(query);
}

int store_seat_get(struct store *store, const struct id *request, struct store_seat *out)
{
    struct query *query =
        db_query(store->db, "SELECT " SEAT_COLUMNS " FROM seat WHERE request = $1");
    db_bind_id(query, request);
    int err = db_one(query);
    if (err == 0)
        seat_row(query, out);
    return db_end(query, err);
}

static int seat_is(const struct store_seat *seat, const char *state)
{
    return strcmp(seat->state, state) == 0;
}

/* ---- what follows from an event ---- */

static int seat_put(struct store *store, const struct store_seat *seat)
{
    struct query *query = db_query(
        store->db, "INSERT INTO seat (" SEAT_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                   " ON CONFLICT (request) DO UPDATE SET centre = excluded.centre,"
                   " season = excluded.season, campaign = excluded.campaign,"
                   " other = excluded.other, state = excluded.state, why = excluded.why,"
                   " at = excluded.at");
    db_bind_id(query, &seat->request);
    db_bind_text(query, seat->centre);
    db_bind_text(query, seat->season);
    db_bind_text(query, seat->campaign);
    db_bind_text(query, seat->other);
    db_bind_text(query, seat->state);
    db_bind_text(query, seat->why);
    db_bind_int(query, seat->at);
    return db_run(query, NULL);
}

/* The row that an event is about, as it stands; an empty one when there is none yet. */
static int seat_of(struct store *store, const struct event *event, struct store_seat *out)
{
    struct id request;
    memcpy(request.b, event->tx, ID_SIZE);
    int err = store_seat_get(store, &request, out);
    if (err == SND_E_NOTFOUND) {
        *out = (struct store_seat){.request = request};
        err = 0;
    }
    out->at = event->t;
    return err;
}

static int seat_set(char *out, size_t size, const char *text)
{
    return str_copy(out, size, text) == 0 ? 0 : SND_E_BAD;
}

/* A wish of another centre than the first one's is none of its business; one that was answered with
 * a seat, or has no answer yet, is not made anew. */
int seat_apply_wanted(struct store *store, const struct event *event, const struct json *payload)
{
    struct store_seat seat;
    int err = seat_of(store, event, &seat);
    if (err != 0)
        return err;
    if (seat.state[0] != '\0')
        return SND_E_CONFLICT;
    err = seat_set(seat.centre, sizeof seat.centre, event->centre);
    if (err == 0)
        err = seat_set(seat.campaign, sizeof seat.campaign, event_text(payload, "campaign"));
    if (err == 0)
        err = seat_set(seat.other, sizeof seat.other, event_text(payload, "other"));
    if (err == 0)
        err = seat_set(seat.state, sizeof seat.state, "wanted");
    return err != 0 ? err : seat_put(store, &seat);
}

static int seat_apply(struct store *store, const struct event *event, const struct json *payload,
                      const char *state)
{
    struct store_seat seat;
    int err = seat_of(store, event, &seat);
    if (err == 0)
        err = seat_set(seat.campaign, sizeof seat.campaign, event_text(payload, "campaign"));
    if (err == 0)
        err = seat_set(seat.season, sizeof seat.season, event_text(payload, "season"));
    if (err == 0)
        err = seat_set(seat.why, sizeof seat.why, event_text(payload, "why"));
    if (err == 0)
        err = seat_set(seat.state, sizeof seat.state, state);
    return err != 0 ? err : seat_put(store, &seat);
}

int seat_apply_given(struct store *store, const struct event *event, const struct json *payload)
{
    return seat_apply(store, event, payload, "given");
}

int seat_apply_refused(struct store *store, const struct event *event, const struct json *payload)
{
    return seat_apply(store, event, payload, "refused");
}

int seat_apply_freed(struct store *store, const struct event *event, const struct json *payload)
{
    return seat_apply(store, event, payload, "freed");
}

int seat_apply_news(struct store *store, const struct event *event, const struct json *payload)
{
    struct query *query =
        db_query(store->db, "INSERT INTO seat_news (campaign, season, free, at)"
                            " VALUES ($1, $2, $3, $4) ON CONFLICT (campaign) DO UPDATE SET"
                            " season = excluded.season, free = excluded.free, at = excluded.at");
    db_bind_text(query, event_text(payload, "campaign"));
    db_bind_text(query, event_text(payload, "season"));
    db_bind_int(query, json_get_int(payload, "free", 0));
    db_bind_int(query, event->t);
    return db_run(query, NULL);
}

/* ---- how many there are ---- */

static int seat_count(struct store *store, const char *season, const char *campaign,
                      const char *state, int64_t *out)
{
    struct query *query = db_query(store->db, "SELECT COUNT(*) FROM seat WHERE campaign = $1 AND"
                                              " state = $2 AND (season = $3 OR state = 'wanted')");
    db_bind_text(query, campaign);
    db_bind_text(query, state);
    db_bind_text(query, season);
    int err = db_one(query);
    if (err == 0)
        *out = db_int(query);
    return db_end(query, err);
}

/* A campaign of the register, with what is free of it now. */
static int campaign_get(struct store *store, const char *code, struct store_campaign *out)
{
    struct store_entry entry;
    int64_t given = 0;
    *out = (struct store_campaign){0};
    int err = store_register_get(store, "campaign", code, &entry);
    if (err != 0)
        return err;
    if (num_parse(entry.note, 0, SEATS_MOST, &out->seats) != 0 ||
        str_copy(out->season, sizeof out->season, entry.parent) != 0)
        return SND_E_NOTFOUND; /* of a campaign without a number nothing is given */
    (void)str_copy(out->code, sizeof out->code, entry.code);
    (void)str_copy(out->ar, sizeof out->ar, entry.ar);
    (void)str_copy(out->en, sizeof out->en, entry.en);
    err = seat_count(store, out->season, code, "given", &given);
    if (err == 0)
        err = seat_count(store, out->season, code, "wanted", &out->wanted);
    out->free = given < out->seats ? out->seats - given : 0;
    return err;
}

/* Far from the hub: what it said last. */
static int campaign_told(struct store *store, struct store_campaign *campaign)
{
    struct query *query = db_query(store->db, "SELECT free, at FROM seat_news WHERE campaign = $1"
                                              " AND season = $2");
    campaign->free = campaign->seats;
    db_bind_text(query, campaign->code);
    db_bind_text(query, campaign->season);
    int err = db_one(query);
    if (err == 0) {
        campaign->free = db_int(query);
        campaign->at = db_int(query);
    }
    err = db_end(query, err);
    return err == SND_E_NOTFOUND ? 0 : err;
}

int store_campaign_list(struct store *store, struct arena *arena, struct store_campaign **out,
                        size_t *count)
{
    struct store_entry *entry;
    struct rows rows = ROWS_OF(struct store_campaign);
    size_t entries;
    int far = store_line_joined(store);
    int err = store_register_list(store, "campaign", arena, &entry, &entries);
    for (size_t i = 0; i < entries && err == 0; i++) {
        struct store_campaign one;
        err = campaign_get(store, entry[i].code, &one);
        if (err == SND_E_NOTFOUND) {
            err = 0;
            continue;
        }
        if (err == 0 && far)
            err = campaign_told(store, &one);
        *(struct store_campaign *)rows_add(&rows) = one;
    }
    *out = rows_take(&rows, arena, count);
    return err;
}

/* ---- deciding ---- */

static int campaigns_here(struct store *store)
{
    struct query *query =
        db_query(store->db, "SELECT 1 FROM register WHERE kind = 'campaign' LIMIT 1");
    return db_end(query, db_one(query)) == 0;
}

int store_seats_counted(struct store *store)
{
    return store_line_joined(store) || campaigns_here(store);
}

int store_seat_want(struct store *store, const struct id *request, const char *campaign,
                    const char *other, const struct store_actor *actor)
{
    if (campaign[0] == '\0' || strlen(campaign) >= SEAT_CODE || strlen(other) >= SEAT_CODE)
        return SND_E_BAD;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct event_about about = {.tx = *request};
    struct json *payload = json_new_object();
    json_put_text(payload, "campaign", campaign);
    if (other[0] != '\0')
        json_put_text(payload, "other", other);
    err = event_append(store, EVENT_SEAT_WANTED, actor, &about, payload);
    json_free(&payload);
    return store_write_end(store, err);
}

static int seat_append(struct store *store, enum event_type type, const struct store_request *of,
                       const struct store_campaign *campaign, const char *why,
                       const struct store_actor *actor)
{
    struct event_about about = {.tx = of->id, .to = of->centre};
    struct json *payload = json_new_object();
    json_put_text(payload, "number", of->number);
    json_put_text(payload, "campaign", campaign->code);
    json_put_text(payload, "season", campaign->season);
    if (why[0] != '\0')
        json_put_text(payload, "why", why);
    int err = event_append(store, type, actor, &about, payload);
    json_free(&payload);
    return err;
}

/* Tells all centres how many are left, when it is worth it: few, or a step fewer. */
static int seat_tell(struct store *store, const char *code, const struct store_actor *actor)
{
    struct store_campaign campaign;
    int err = campaign_get(store, code, &campaign);
    int64_t step = campaign.seats > NEWS_STEPS ? campaign.seats / NEWS_STEPS : 1;
    if (err != 0 || (campaign.free > NEWS_LAST && campaign.free % step != 0))
        return err == SND_E_NOTFOUND ? 0 : err;
    struct json *payload = json_new_object();
    json_put_text(payload, "campaign", campaign.code);
    json_put_text(payload, "season", campaign.season);
    json_put_int(payload, "free", campaign.free);
    err = event_append(store, EVENT_SEAT_NEWS, actor, &(struct event_about){0}, payload);
    json_free(&payload);
    return err;
}

/* A request by its own id, with the civil number. */
static int seat_request(struct store *store, const struct id *id, struct store_request *out)
{
    char number[sizeof out->number];
    struct query *query = db_query(store->db, "SELECT number FROM request WHERE id = $1");
    db_bind_id(query, id);
    int err = db_one(query);
    if (err == 0)
        db_text(query, number, sizeof number);
    err = db_end(query, err);
    return err != 0 ? err : store_request_row(store, &store_reach_all, number, out);
}

/* 1 when the person has a seat of that season by another request. */
static int person_has(struct store *store, const struct store_request *request, const char *season)
{
    int got, has = 0;
    struct query *query =
        db_query(store->db, "SELECT s.request FROM lookup k CROSS JOIN seat s"
                            " WHERE k.mark IN (SELECT l.mark FROM lookup l WHERE l.request = $1)"
                            " AND s.request = k.request AND s.request <> $2"
                            " AND s.state = 'given' AND s.season = $3");
    db_bind_id(query, &request->id);
    db_bind_id(query, &request->id);
    db_bind_text(query, season);
    while (has == 0 && (got = db_row(query)) == 1) {
        struct store_request other;
        struct id id;
        db_id(query, &id);
        int err = seat_request(store, &id, &other);
        if (err != 0 && err != SND_E_NOTFOUND)
            has = err;
        else if (err == 0 && strcmp(other.civil, request->civil) == 0)
            has = 1;
    }
    int err = db_end(query, has < 0 ? has : 0);
    return err != 0 ? err : has;
}

/* Why this campaign gives this request no seat: "" = it does. */
static int seat_why(struct store *store, const struct store_request *request, const char *code,
                    struct store_campaign *campaign, const char **why)
{
    int err = campaign_get(store, code, campaign);
    *why = campaigns_here(store) ? "unknown" : ""; /* where none is counted everybody has one */
    if (err != 0) {
        (void)str_copy(campaign->code, sizeof campaign->code, code);
        return err == SND_E_NOTFOUND ? 0 : err;
    }
    int has = person_has(store, request, campaign->season);
    *why = has == 1 ? "person" : campaign->free > 0 ? "" : "full";
    return has < 0 ? has : 0;
}

static int seat_refuse(struct store *store, struct store_request *request,
                       const struct store_campaign *campaign, const char *why,
                       const struct store_actor *actor)
{
    static const struct {
        const char *why, *note; /* to the person, in the person's language */
    } notes[] = {
        {"full", "لا مقعد شاغر في الحملة المختارة: تختار حملة أخرى في طلب جديد."},
        {"person", "لهذا الشخص مقعد في هذا الموسم بطلب آخر."},
        {"unknown", "الحملة المختارة ليست من حملات هذا الموسم."},
        {"foreign", "طلب المقعد ليس من المركز الذي قدم الطلب."},
    };
    struct store_move move = {.state = "cancelled", .by = "system"};
    int err = seat_append(store, EVENT_SEAT_REFUSED, request, campaign, why, actor);
    if (err != 0 || strcmp(why, "over") == 0)
        return err;
    (void)str_format(move.why, sizeof move.why, "seat_%s", why);
    for (size_t i = 0; i < SND_COUNT(notes); i++)
        if (strcmp(notes[i].why, why) == 0)
            (void)str_copy(move.note, sizeof move.note, notes[i].note);
    return move_keep(store, request, &move, actor);
}

static int seat_choose(struct store *store, struct store_request *request,
                       const struct store_seat *seat, const struct store_actor *actor)
{
    struct store_campaign first, second;
    const char *why, *also = "";
    int open = strcmp(request->state, "queued") == 0 || strcmp(request->state, "at_hub") == 0;
    int err = seat_why(store, request, seat->campaign, &first, &why);
    if (err != 0)
        return err;
    if (!open || strcmp(seat->centre, request->centre) != 0)
        return seat_refuse(store, request, &first, open ? "foreign" : "over", actor);
    const struct store_campaign *chosen = &first;
    if (why[0] != '\0' && strcmp(why, "person") != 0 && seat->other[0] != '\0') {
        err = seat_why(store, request, seat->other, &second, &also);
        if (err == 0 && also[0] == '\0') {
            chosen = &second;
            why = "";
        }
    }
    if (err != 0 || why[0] != '\0')
        return err != 0 ? err : seat_refuse(store, request, &first, why, actor);
    err = seat_append(store, EVENT_SEAT_GIVEN, request, chosen, "", actor);
    return err != 0 ? err : seat_tell(store, chosen->code, actor);
}

static int seat_decide(struct store *store, const struct id *request,
                       const struct store_actor *actor)
{
    struct store_seat seat;
    struct store_request row;
    int err = store_seat_get(store, request, &seat);
    if (err != 0 || !seat_is(&seat, "wanted") || store_line_joined(store))
        return err == SND_E_NOTFOUND ? 0 : err;
    err = seat_request(store, request, &row);
    if (err != 0)
        return err == SND_E_NOTFOUND ? 0 : err; /* decided when the request is there, too */
    return seat_choose(store, &row, &seat, actor);
}

int store_seat_decide(struct store *store, const struct id *request,
                      const struct store_actor *actor)
{
    int err = store_write_begin(store);
    return err != 0 ? err : store_write_end(store, seat_decide(store, request, actor));
}

static int seat_free(struct store *store, const struct store_request *request,
                     const struct store_seat *seat, const struct store_actor *actor)
{
    struct store_campaign campaign = {0};
    (void)str_copy(campaign.code, sizeof campaign.code, seat->campaign);
    (void)str_copy(campaign.season, sizeof campaign.season, seat->season);
    int err = seat_append(store, EVENT_SEAT_FREED, request, &campaign, "", actor);
    return err == 0 && seat_is(seat, "given") ? seat_tell(store, campaign.code, actor) : err;
}

int seat_follow(struct store *store, const struct id *request, const struct store_actor *actor)
{
    struct store_seat seat;
    struct store_request row;
    int err = store_seat_get(store, request, &seat);
    if (err != 0 || (!seat_is(&seat, "given") && !seat_is(&seat, "wanted")) ||
        store_line_joined(store))
        return err == SND_E_NOTFOUND ? 0 : err;
    err = seat_request(store, request, &row);
    if (err != 0 || (strcmp(row.state, "cancelled") != 0 && strcmp(row.state, "rejected") != 0))
        return err;
    return seat_free(store, &row, &seat, actor);
}

/* ---- reactions ---- */

static int seat_tx(const struct event *event, struct id *out)
{
    memcpy(out->b, event->tx, ID_SIZE);
    return !id_is_zero(out);
}

int seat_react(struct store *store, const struct event *event, const struct json *payload,
               const struct store_actor *actor)
{
    struct id request;
    (void)payload;
    return seat_tx(event, &request) ? seat_decide(store, &request, actor) : 0;
}

int seat_react_moved(struct store *store, const struct event *event, const struct json *payload,
                     const struct store_actor *actor)
{
    struct id request;
    (void)payload;
    return seat_tx(event, &request) ? seat_follow(store, &request, actor) : 0;
}
