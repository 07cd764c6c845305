/* SPDX-License-Identifier: Apache-2.0 */
/* A centre's customers: the people and establishments that its requests speak of, found again by
 * their number. A row is made and brought up to date by each request that is submitted, from what
 * the request's event says; nothing else writes here. What is known is one sealed text, the number
 * stands in it and nowhere in clear; the row is named by a keyed hash of centre and number, so that
 * only who has the key and the whole number finds it, and each centre finds its own. By name a
 * person is found through the requests that speak of them. */
#include "store/person_priv.h"
#include <string.h>
#include "base/err.h"
#include "form/party.h"
#include "store/request_priv.h"
#include "store/seal_priv.h"
#include "text/fold.h"

#define PERSON_KEPT 8192 /* bytes of what is known of one */
#define PERSON_NUMBER 32

/* The words of parts that a party is known by. */
static const enum person_part person_numbers[] = {PERSON_CIVIL, PERSON_CR};

static void person_row(const struct store *store, const char *centre, const char *known_by,
                       const char *number, uint8_t out[VAULT_INDEX])
{
    char text[96];
    int cut = str_format(text, sizeof text, "%s %s %s", centre, known_by, number);
    snd_assert(cut == 0); /* of a centre's code and a field's digits */
    vault_index(store->vault, "person", text, out);
}

/* One customer, while an event is applied. */
struct person {
    uint8_t id[VAULT_INDEX];
    const char *centre;
    char name[256]; /* as it stands in the row */
    int64_t requests;
    int learnt; /* something new was said */
    struct json *known;
};

static int person_knew(void *arg, const char *key, const char *text)
{
    json_put_text(arg, key, text);
    return 0;
}

/* What was kept, as it was written by person_write(). */
static int person_unpack(const struct buf *plain, struct json **known)
{
    *known = json_new_object();
    if (json_each_flat(buf_text(plain), plain->len, person_knew, *known) == 0)
        return 0;
    json_free(known);
    return json_parse(buf_text(plain), plain->len, known) != 0 ? SND_E_CORRUPT : 0;
}

/* What is known already; an empty object when nobody of that number was here. */
static int person_load(struct store *store, struct person *person)
{
    struct buf plain = BUF_INIT(PERSON_KEPT);
    struct query *query =
        db_query(store->db, "SELECT name, requests, kept FROM person WHERE id = $1");
    db_bind_blob(query, person->id, VAULT_INDEX);
    int err = db_one(query);
    if (err == 0) {
        size_t len;
        db_text(query, person->name, sizeof person->name);
        person->requests = db_int(query);
        const void *kept = db_blob_peek(query, &len);
        err = seal_get(store, SEALED_PERSON_KEPT, person->id, kept, len, &plain);
        if (err == 0)
            err = person_unpack(&plain, &person->known);
    }
    err = db_end(query, err);
    buf_free(&plain);
    if (err == SND_E_NOTFOUND) {
        person->known = json_new_object();
        err = 0;
    }
    return err;
}

static int person_write(struct store *store, const struct person *person, const char *name,
                        int64_t at)
{
    char *text = json_text(person->known, 0);
    struct buf kept = BUF_INIT(PERSON_KEPT + VAULT_MORE);
    seal_put(store, SEALED_PERSON_KEPT, person->id, text, strlen(text), &kept);
    int err = kept.failed ? SND_E_LIMIT : 0;
    if (err == 0) {
        struct query *query =
            db_query(store->db, "INSERT INTO person (id, centre, name, kept, requests, last)"
                                " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET"
                                " name = excluded.name, kept = excluded.kept,"
                                " requests = excluded.requests, last = excluded.last");
        db_bind_blob(query, person->id, VAULT_INDEX);
        db_bind_text(query, person->centre);
        db_bind_text(query, name);
        db_bind_blob(query, kept.data, kept.len);
        db_bind_int(query, person->requests + 1);
        db_bind_int(query, at);
        err = db_run(query, NULL);
    }
    buf_free(&kept);
    x_free(&text);
    return err;
}

/* One more request of somebody of whom all is known. */
static int person_count(struct store *store, const struct person *person, int64_t at)
{
    struct query *query =
        db_query(store->db, "UPDATE person SET requests = $1, last = $2 WHERE id = $3");
    db_bind_int(query, person->requests + 1);
    db_bind_int(query, at);
    db_bind_blob(query, person->id, VAULT_INDEX);
    return db_run(query, NULL);
}

/* What is said now goes before what was said earlier. */
static int person_learn(void *arg, const char *key, const char *text)
{
    struct person *person = arg;
    const char *known = json_get_text(person->known, key);
    if (known != NULL && strcmp(known, text) == 0)
        return 0;
    json_put_text(person->known, key, text);
    person->learnt = 1;
    return 0;
}

static int person_spoken_of(struct store *store, const struct person *person,
                            const struct event *event)
{
    struct query *query =
        db_query(store->db, "INSERT INTO person_request (person, request) VALUES ($1, $2)"
                            " ON CONFLICT (person, request) DO NOTHING");
    db_bind_blob(query, person->id, VAULT_INDEX);
    db_bind_blob(query, event->tx, ID_SIZE);
    return db_run(query, NULL);
}

/* The number that somebody is known by, or NULL when there is none that could be. */
static const char *person_number(const struct json *said, const char **known_by)
{
    const char *number = NULL;
    for (size_t i = 0; i < SND_COUNT(person_numbers) && number == NULL; i++) {
        *known_by = person_word(person_numbers[i]);
        number = json_get_text(said, *known_by);
    }
    return number == NULL || number[0] == '\0' || strlen(number) >= PERSON_NUMBER ? NULL : number;
}

static int person_keep(struct store *store, struct person *person, const struct event *event)
{
    char now[256] = "";
    const char *name = json_get_text(person->known, person_word(PERSON_NAME));
    (void)str_copy(now, sizeof now, name == NULL ? "" : name);
    int err = person_spoken_of(store, person, event);
    if (err == 0 && !person->learnt && person->requests > 0 && strcmp(now, person->name) == 0)
        return person_count(store, person, event->t);
    return err != 0 ? err : person_write(store, person, now, event->t);
}

/* What is done with each person that an event speaks of. */
typedef int person_visit(struct store *store, struct person *person, const struct json *said,
                         const struct event *event);

static int person_meet(struct store *store, struct person *person, const struct json *said,
                       const struct event *event)
{
    int err = person_load(store, person);
    if (err == 0)
        err = json_each_text(said, person_learn, person);
    if (err == 0)
        err = person_keep(store, person, event);
    json_free(&person->known);
    return err;
}

/* A visit to everybody that an event speaks of, or to one of them. */
struct visiting {
    person_visit *visit;
    const uint8_t *only; /* NULL = everybody */
};

static int person_one(struct store *store, const char *centre, const struct json *said,
                      const struct event *event, const struct visiting *visiting)
{
    struct person person = {.centre = centre};
    const char *known_by, *number = person_number(said, &known_by);
    if (number == NULL)
        return 0;
    person_row(store, centre, known_by, number, person.id);
    if (visiting->only != NULL && memcmp(visiting->only, person.id, VAULT_INDEX) != 0)
        return 0;
    return visiting->visit(store, &person, said, event);
}

/* A request of before there were customers says who applied, and no more. */
static int person_applicant(struct store *store, const char *centre, const struct json *payload,
                            const struct event *event, const struct visiting *visiting)
{
    struct json *said = json_new_object();
    json_put_text(said, person_word(PERSON_CIVIL), event_text(payload, "civil"));
    if (event_text(payload, "applicant")[0] != '\0')
        json_put_text(said, person_word(PERSON_NAME), event_text(payload, "applicant"));
    int err = person_one(store, centre, said, event, visiting);
    json_free(&said);
    return err;
}

static int person_each(struct store *store, const struct event *event, const struct json *payload,
                       const struct visiting *visiting)
{
    const char *centre = event_text(payload, "centre");
    const struct json *people = json_get(payload, "people");
    size_t count = people == NULL ? 0 : json_count(people);
    int err = 0;
    if (!store_centre_ok(centre))
        return 0;
    if (people == NULL)
        return person_applicant(store, centre, payload, event, visiting);
    for (size_t i = 0; i < count && err == 0; i++)
        err = person_one(store, centre, json_at(people, i), event, visiting);
    return err;
}

int person_apply_submitted(struct store *store, const struct event *event,
                           const struct json *payload)
{
    return person_each(store, event, payload, &(struct visiting){.visit = person_meet});
}

/* ---- from events that are there ---- */

/* The event that `walk` stands at. */
static int person_event(struct store *store, struct query *walk, const uint8_t *only)
{
    const struct visiting visiting = {.visit = person_meet, .only = only};
    struct event event;
    const void *sealed;
    size_t len;
    uint8_t hash[HASH_SIZE];
    event_read(walk, &event, &sealed, &len, hash);
    if (strcmp(event.type, event_word(EVENT_REQUEST_SUBMITTED)) != 0 || sealed == NULL)
        return 0;
    struct json *payload = event_sealed_json(store, event.id, sealed, len);
    int err = payload == NULL ? SND_E_CORRUPT : person_each(store, &event, payload, &visiting);
    json_free(&payload);
    return err;
}

int person_first(struct store *store)
{
    int got = 0, err = 0;
    struct query *walk = event_walk(store);
    while (err == 0 && (got = db_row(walk)) == 1)
        err = person_event(store, walk, NULL);
    return db_end(walk, err != 0 ? err : got);
}

/* ---- letting go ---- */

static int person_delete(struct store *store, const char *sql, const uint8_t id[VAULT_INDEX])
{
    struct query *query = db_query(store->db, sql);
    db_bind_blob(query, id, VAULT_INDEX);
    return db_run(query, NULL);
}

/* Everything that was learnt of the person goes, and what the other requests say is learnt anew. */
static int person_anew(struct store *store, struct person *person)
{
    int got = 0;
    int err = person_delete(store, "DELETE FROM person WHERE id = $1", person->id);
    if (err != 0)
        return err;
    struct query *query = db_query(
        store->db, "SELECT e.node, e.epoch, e.seq, e.id, e.tx, e.rev, e.type, e.actor, e.centre,"
                   " e.peer, e.t, e.day, e.form, e.payload_sha, e.payload, e.hash"
                   " FROM person_request p CROSS JOIN request r"
                   " CROSS JOIN event e WHERE p.person = $1 AND r.id = p.request"
                   " AND e.node = r.node AND e.epoch = r.epoch AND e.seq = r.seq"
                   " ORDER BY e.node, e.epoch, e.seq");
    db_bind_blob(query, person->id, VAULT_INDEX);
    while (err == 0 && (got = db_row(query)) == 1)
        err = person_event(store, query, person->id);
    return db_end(query, err != 0 ? err : got);
}
static int person_let_go(struct store *store, struct person *person, const struct json *said,
                         const struct event *event)
{
    (void)said;
    struct query *query =
        db_query(store->db, "DELETE FROM person_request WHERE person = $1 AND request = $2");
    db_bind_blob(query, person->id, VAULT_INDEX);
    db_bind_blob(query, event->tx, ID_SIZE);
    int err = db_run(query, NULL);
    return err != 0 ? err : person_anew(store, person);
}

int person_forget(struct store *store, const struct id *request, const struct json *payload)
{
    struct event event = {0};
    memcpy(event.tx, request->b, ID_SIZE);
    return person_each(store, &event, payload, &(struct visiting){.visit = person_let_go});
}

/* ---- looking up ---- */

int store_person_find(struct store *store, const char *centre, const char *known_by,
                      const char *number, char **known)
{
    struct person person = {.centre = centre};
    *known = NULL;
    if (strlen(number) >= PERSON_NUMBER || !store_centre_ok(centre))
        return SND_E_NOTFOUND;
    person_row(store, centre, known_by, number, person.id);
    int err = person_load(store, &person);
    if (err == 0 && json_count(person.known) == 0)
        err = SND_E_NOTFOUND;
    if (err == 0)
        *known = json_text(person.known, 0);
    json_free(&person.known);
    return err;
}

/* ---- requests alike ---- */

#define ALIKE_ROWS 64 /* most requests of one number and service that are looked at */
static int alike_row(const struct store *store, struct query *query, const char *civil,
                     struct store_alike *out)
{
    struct buf plain = BUF_INIT(64);
    struct id id;
    size_t len;
    db_id(query, &id);
    db_text(query, out->number, sizeof out->number);
    out->day = (int32_t)db_int(query);
    db_text(query, out->state, sizeof out->state);
    const void *sealed = db_blob_peek(query, &len);
    int err = seal_get(store, SEALED_REQUEST_CIVIL, id.b, sealed, len, &plain);
    /* The number may also be an agent's, who applies for many. */
    int fits = err == 0 && strcmp(buf_text(&plain), civil) == 0;
    buf_free(&plain);
    return err != 0 ? err : fits;
}

int store_request_alike(struct store *store, const char *centre, const char *service,
                        const char *civil, int32_t since, struct arena *arena,
                        struct store_alike **out, size_t *count)
{
    uint8_t mark[VAULT_INDEX];
    struct rows rows = ROWS_OF(struct store_alike);
    struct buf folded = BUF_INIT(256);
    int got = 0, fits = 0;
    search_number(civil, &folded);
    vault_index(store->vault, "civil", buf_text(&folded), mark);
    buf_free(&folded);
    struct query *query =
        db_query(store->db, "SELECT r.id, r.number, r.day, r.state, r.civil FROM lookup k"
                            " CROSS JOIN request r WHERE k.mark = $1 AND r.id = k.request"
                            " AND r.centre = $2 AND r.service = $3 AND r.day >= $4"
                            " ORDER BY r.at DESC, r.id DESC LIMIT $5");
    db_bind_blob(query, mark, sizeof mark);
    db_bind_text(query, centre);
    db_bind_text(query, service);
    db_bind_int(query, since);
    db_bind_int(query, ALIKE_ROWS);
    while (fits >= 0 && (got = db_row(query)) == 1) {
        struct store_alike alike = {0};
        fits = alike_row(store, query, civil, &alike);
        if (fits == 1)
            *(struct store_alike *)rows_add(&rows) = alike;
    }
    int err = db_end(query, fits < 0 ? fits : got < 0 ? got : 0);
    *out = rows_take(&rows, arena, count);
    return err;
}
