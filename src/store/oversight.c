/* SPDX-License-Identifier: Apache-2.0 */
/* Findings, meetings and issues: one table, since all are words about a place on a day. What is
 * noted never changes; only an issue gets an owner, a solution and an end, each time as a whole row
 * in event issue.listed, so that a centre which never heard of the issue has all of it. An issue
 * that a centre raises is listed by the hub for the other centres of the governorate. The words are
 * sealed: anything may stand in them. */
#include "store/oversight.h"
#include <string.h>
#include "base/err.h"
#include "store/feed_priv.h"
#include "store/oversight_priv.h"
#include "store/report.h"

#define CASES_MOST 1000000

static const struct {
    const char *word;
    enum event_type event;
} kinds[] = {
    [OVERSIGHT_ISSUE] = {"issue", EVENT_ISSUE_RAISED},
    [OVERSIGHT_MEETING] = {"meeting", EVENT_MEETING_HELD},
    [OVERSIGHT_FINDING] = {"finding", EVENT_FINDING_NOTED},
};

static int is_governorate(const char *place)
{
    return strlen(place) == FEED_GOVERNORATE;
}

/* ---- the row ---- */

static int oversight_put(struct store *store, const struct store_oversight *row)
{
    struct buf words = BUF_INIT(2 * OVERSIGHT_WORDS), answer = BUF_INIT(2 * OVERSIGHT_WORDS);
    seal_put(store, SEALED_OVERSIGHT_WORDS, row->id.b, row->words, strlen(row->words), &words);
    seal_put(store, SEALED_OVERSIGHT_ANSWER, row->id.b, row->answer, strlen(row->answer), &answer);
    struct query *query =
        db_query(store->db,
                 "INSERT INTO oversight (id, kind, place, code, day, n, words, account, at, owner,"
                 " answer, closed, rev) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
                 " $13) ON CONFLICT (id) DO UPDATE SET owner = excluded.owner,"
                 " answer = excluded.answer, closed = excluded.closed, rev = excluded.rev"
                 " WHERE excluded.rev > oversight.rev");
    db_bind_id(query, &row->id);
    db_bind_text(query, kinds[row->kind].word);
    db_bind_text(query, row->place);
    db_bind_text(query, row->code);
    db_bind_int(query, row->day);
    db_bind_int(query, row->n);
    db_bind_blob(query, words.data, words.len);
    db_bind_text(query, row->account);
    db_bind_int(query, row->at);
    db_bind_text(query, row->owner);
    db_bind_blob(query, answer.data, answer.len);
    db_bind_int(query, row->closed);
    db_bind_int(query, row->rev);
    int err = db_run(query, NULL);
    buf_free(&words);
    buf_free(&answer);
    return err;
}

static int oversight_open(const struct store *store, enum sealed what, struct query *query,
                          const struct id *id, char out[OVERSIGHT_WORDS])
{
    struct buf plain = BUF_INIT(OVERSIGHT_WORDS - 1);
    size_t len;
    const void *bytes = db_blob_peek(query, &len);
    int err = seal_get(store, what, id->b, bytes, len, &plain);
    if (err == 0)
        err = str_copy(out, OVERSIGHT_WORDS, buf_text(&plain));
    buf_free(&plain);
    return err;
}

#define OVERSIGHT_COLUMNS                                                                          \
    "id, kind, place, code, day, n, account, at, owner, closed, rev, words, answer"

static int oversight_row(const struct store *store, struct query *query,
                         struct store_oversight *out)
{
    char kind[16];
    memset(out, 0, sizeof *out);
    db_id(query, &out->id);
    db_text(query, kind, sizeof kind);
    while (out->kind + 1 < OVERSIGHT_KINDS && strcmp(kinds[out->kind].word, kind) != 0)
        out->kind++;
    db_text(query, out->place, sizeof out->place);
    db_text(query, out->code, sizeof out->code);
    out->day = (int32_t)db_int(query);
    out->n = db_int(query);
    db_text(query, out->account, sizeof out->account);
    out->at = db_int(query);
    db_text(query, out->owner, sizeof out->owner);
    out->closed = (int32_t)db_int(query);
    out->rev = db_int(query);
    int err = oversight_open(store, SEALED_OVERSIGHT_WORDS, query, &out->id, out->words);
    return err != 0 ? err
                    : oversight_open(store, SEALED_OVERSIGHT_ANSWER, query, &out->id, out->answer);
}

static int oversight_get(struct store *store, const struct id *id, struct store_oversight *out)
{
    struct query *query =
        db_query(store->db, "SELECT " OVERSIGHT_COLUMNS " FROM oversight WHERE id = $1");
    db_bind_id(query, id);
    int err = db_one(query);
    if (err == 0)
        err = oversight_row(store, query, out);
    return db_end(query, err);
}

/* ---- events ---- */

static struct json *oversight_json(const struct store_oversight *row)
{
    struct json *said = json_new_object();
    json_put_text(said, "place", row->place);
    json_put_int(said, "day", row->day);
    json_put_text(said, "said", row->words);
    json_put_text(said, "account", row->account);
    if (row->kind == OVERSIGHT_FINDING) {
        json_put_text(said, "code", row->code);
        json_put_int(said, "cases", row->n);
    }
    return said;
}

static int oversight_from(const struct event *event, const struct json *payload,
                          struct store_oversight *out)
{
    const struct {
        const char *key;
        char *text;
        size_t size;
    } member[] = {
        {"place", out->place, sizeof out->place}, {"code", out->code, sizeof out->code},
        {"said", out->words, sizeof out->words},  {"account", out->account, sizeof out->account},
        {"owner", out->owner, sizeof out->owner}, {"solution", out->answer, sizeof out->answer},
    };
    memset(out, 0, sizeof *out);
    memcpy(out->id.b, event->tx, ID_SIZE);
    out->day = (int32_t)json_get_int(payload, "day", event->day);
    out->closed = (int32_t)json_get_int(payload, "closed", 0);
    out->n = json_get_int(payload, "cases", 0);
    out->at = json_get_int(payload, "at", event->t);
    out->rev = event->rev;
    for (size_t i = 0; i < SND_COUNT(member); i++)
        if (str_copy(member[i].text, member[i].size, event_text(payload, member[i].key)) != 0)
            return SND_E_BAD;
    return 0;
}

/* A centre speaks for itself alone: 1 unless it is another's event that names another place. */
static int speaks_for(struct store *store, const struct event *event,
                      const struct store_oversight *row)
{
    struct store_place from;
    struct id own;
    if (feed_office(store, &own) != 0)
        return 0;
    return feed_relayed(event->peer, &from) || memcmp(own.b, event->node, ID_SIZE) == 0 ||
           strcmp(row->place, event->centre) == 0;
}

int oversight_apply_noted(struct store *store, const struct event *event,
                          const struct json *payload)
{
    struct store_oversight row;
    int err = oversight_from(event, payload, &row);
    while (err == 0 && row.kind + 1 < OVERSIGHT_KINDS &&
           strcmp(event_word(kinds[row.kind].event), event->type) != 0)
        row.kind++;
    if (err == 0 && !speaks_for(store, event, &row))
        err = SND_E_BAD;
    return err != 0 ? err : oversight_put(store, &row);
}

int oversight_apply_listed(struct store *store, const struct event *event,
                           const struct json *payload)
{
    struct store_oversight row;
    int err = oversight_from(event, payload, &row);
    return err != 0 ? err : oversight_put(store, &row);
}

/* A finding goes to its centre. Of the rest a governorate's centres hear, those that join years
 * later too: its feed is theirs from the beginning. */
static int oversight_append(struct store *store, enum event_type type,
                            const struct store_oversight *row, struct json *said,
                            const struct store_actor *actor)
{
    char to[sizeof row->place];
    int whole = row->kind == OVERSIGHT_FINDING ? (int)sizeof to : FEED_GOVERNORATE;
    (void)str_format(to, sizeof to, "%.*s", whole, row->place);
    struct event_about about = {.tx = row->id, .rev = row->rev, .to = to};
    return event_append(store, type, actor, &about, said);
}

static int listed_append(struct store *store, const struct store_oversight *row,
                         const struct store_actor *actor)
{
    struct json *said = oversight_json(row);
    json_put_int(said, "at", row->at);
    json_put_text(said, "owner", row->owner);
    json_put_text(said, "solution", row->answer);
    json_put_int(said, "closed", row->closed);
    int err = oversight_append(store, EVENT_ISSUE_LISTED, row, said, actor);
    json_free(&said);
    return err;
}

int oversight_react(struct store *store, const struct event *event, const struct json *payload,
                    const struct store_actor *actor)
{
    struct store_oversight row;
    (void)payload;
    struct id id;
    memcpy(id.b, event->tx, ID_SIZE);
    int err = oversight_get(store, &id, &row);
    return err != 0 ? err : listed_append(store, &row, actor);
}

/* ---- what is asked for ---- */

static int oversight_fits(struct store *store, const struct store_oversight *row)
{
    struct store_entry entry;
    int governorate = is_governorate(row->place);
    if (id_is_zero(&row->id) || row->day < STORE_FIRST_DAY || row->day > STORE_LAST_DAY ||
        row->words[0] == '\0' || !json_text_fits(row->words))
        return SND_E_BAD;
    if (!governorate && (row->kind == OVERSIGHT_MEETING || !store_centre_ok(row->place)))
        return SND_E_BAD;
    if (row->kind == OVERSIGHT_FINDING && (governorate || row->n < 1 || row->n > CASES_MOST))
        return SND_E_BAD;
    int err = 0;
    if (governorate)
        err = store_register_get(store, "governorate", row->place, &entry);
    if (err == 0 && row->kind == OVERSIGHT_FINDING)
        err = store_register_get(store, "violation", row->code, &entry);
    return err == SND_E_NOTFOUND ? SND_E_BAD : err;
}

int store_oversight_add(struct store *store, const struct store_oversight *row,
                        const struct store_actor *actor)
{
    struct store_oversight fresh = *row;
    int err = oversight_fits(store, row);
    if (err == 0)
        err = str_copy(fresh.account, sizeof fresh.account, actor->name);
    if (err == 0)
        err = store_write_begin(store);
    if (err != 0)
        return err;
    fresh.rev = 1;
    struct json *said = oversight_json(&fresh);
    err = oversight_append(store, kinds[row->kind].event, &fresh, said, actor);
    json_free(&said);
    return store_write_end(store, err);
}

/* Whether that reach holds a place's row: of a finding the centre itself, else any centre of its
 * governorate. */
static int oversight_within(const struct store_reach *reach, enum oversight_kind kind,
                            const char *place)
{
    if (kind == OVERSIGHT_FINDING || reach->kind != REACH_OF_CENTRES)
        return store_reach_holds(reach, place, "");
    for (const char *code = reach->codes; *code != '\0';) {
        if (strncmp(code, place, FEED_GOVERNORATE) == 0)
            return 1;
        code += strcspn(code, " ");
        code += strspn(code, " ");
    }
    return 0;
}

int store_oversight_answer(struct store *store, const struct store_reach *reach,
                           const struct store_oversight *row, const struct store_actor *actor)
{
    struct store_oversight now;
    if (!json_text_fits(row->owner) || !json_text_fits(row->answer) ||
        (row->closed != 0 && (row->closed < STORE_FIRST_DAY || row->closed > STORE_LAST_DAY)))
        return SND_E_BAD;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = oversight_get(store, &row->id, &now);
    if (err == 0 && (now.kind != OVERSIGHT_ISSUE || !oversight_within(reach, now.kind, now.place)))
        err = SND_E_NOTFOUND;
    if (err == 0 && now.rev != row->rev)
        err = SND_E_CONFLICT;
    if (err == 0) {
        memcpy(now.owner, row->owner, sizeof now.owner);
        memcpy(now.answer, row->answer, sizeof now.answer);
        now.closed = row->closed;
        now.rev++;
        err = listed_append(store, &now, actor);
    }
    return store_write_end(store, err);
}

int store_oversight_list(struct store *store, const struct store_reach *reach,
                         enum oversight_kind kind, const char *place,
                         const struct store_oversight *after, size_t max, struct arena *arena,
                         struct store_oversight **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_oversight);
    int got = 0, err = 0;
    struct query *query =
        db_query(store->db, "SELECT " OVERSIGHT_COLUMNS " FROM oversight WHERE kind = $1"
                            " AND (day < $2 OR (day = $2 AND id < $3)) AND ($4 = '' OR place = $4)"
                            " ORDER BY day DESC, id DESC");
    static const struct id none = {0};
    db_bind_text(query, kinds[kind].word);
    db_bind_int(query, after == NULL ? STORE_LAST_DAY + 1 : after->day);
    db_bind_id(query, after == NULL ? &none : &after->id);
    db_bind_text(query, place);
    while (err == 0 && rows.count < max && (got = db_row(query)) == 1) {
        struct store_oversight row;
        err = oversight_row(store, query, &row);
        if (err == 0 && oversight_within(reach, kind, row.place))
            *(struct store_oversight *)rows_add(&rows) = row;
    }
    err = db_end(query, err != 0 ? err : got < 0 ? got : 0);
    *out = rows_take(&rows, arena, count);
    return err;
}

/* ---- counting ---- */

static void count_add(struct rows *rows, const char *code, int64_t findings, int64_t cases)
{
    struct store_findings *row = rows->all;
    size_t i = 0;
    while (i < rows->count && strcmp(row[i].code, code) != 0)
        i++;
    if (i == rows->count) {
        row = rows_add(rows);
        *row = (struct store_findings){0};
        int cut = str_copy(row->code, sizeof row->code, code);
        snd_assert(cut == 0);
    } else {
        row += i;
    }
    row->findings += findings;
    row->cases += cases;
}

int store_findings_count(struct store *store, const struct store_reach *reach, const char *by,
                         int32_t from, int32_t to, struct arena *arena, struct store_findings **out,
                         size_t *count)
{
    static const char *const words[] = {"code", "centre", "governorate"};
    static const char *const texts[] = {
        "SELECT code, place, code, COUNT(*), CAST(SUM(n) AS BIGINT) FROM oversight"
        " WHERE kind = 'finding' AND day >= $1 AND day <= $2 GROUP BY code, place"
        " ORDER BY code, place",
        "SELECT code, place, place, COUNT(*), CAST(SUM(n) AS BIGINT) FROM oversight"
        " WHERE kind = 'finding' AND day >= $1 AND day <= $2 GROUP BY code, place"
        " ORDER BY place, code",
        "SELECT code, place, SUBSTR(place, 1, 2), COUNT(*), CAST(SUM(n) AS BIGINT)"
        " FROM oversight WHERE kind = 'finding' AND day >= $1 AND day <= $2 GROUP BY code, place"
        " ORDER BY place, code"};
    struct rows rows = ROWS_OF(struct store_findings);
    size_t which = 0;
    int got = 0;
    *count = 0;
    while (which < SND_COUNT(words) && strcmp(words[which], by) != 0)
        which++;
    if (which == SND_COUNT(words))
        return SND_E_BAD;
    struct query *query = db_query(store->db, texts[which]);
    db_bind_int(query, from);
    db_bind_int(query, to);
    while ((got = db_row(query)) == 1) {
        char code[16], place[16], group[16];
        db_text(query, code, sizeof code);
        db_text(query, place, sizeof place);
        db_text(query, group, sizeof group);
        int64_t findings = db_int(query), cases = db_int(query);
        if (store_reach_holds(reach, place, ""))
            count_add(&rows, group, findings, cases);
    }
    int err = db_end(query, got);
    *out = rows_take(&rows, arena, count);
    return err;
}
