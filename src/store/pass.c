/* SPDX-License-Identifier: Apache-2.0 */
/* Requests made at one centre are continued at another. Who has the number and the civil number of
 * the applicant asks for it (request.wanted); the hub, or a node that is its own hub, answers with
 * all that is needed to go on (request.passed), or says why not (request.withheld). One centre at a
 * time holds a request: the passing is a revision of it like any move, so of a passing and a move
 * that cross, one is lost and a person hears of it. A centre that guesses is stopped for an hour.
 */
#include <string.h>
#include "base/err.h"
#include "base/filetype.h"
#include "store/blob_priv.h"
#include "store/pass_priv.h"
#include "store/tally_priv.h"

#define PASS_WRONG 10                 /* wrong pairs of one centre ... */
#define PASS_WHILE (60 * 60 * 1000LL) /* ... in that time */
#define PASS_STEPS 200                /* of its history that go along, the newest */
#define PASS_PAYLOAD_MAX (32 * 1024 * 1024)
#define WISH_PASSED "passed"
#define WISH_PAIR "pair"

/* ---- the question ---- */

static int wish_id(const struct json *payload, uint8_t id[ID_SIZE])
{
    return hex_parse(event_text(payload, "wish"), id, ID_SIZE);
}

int pass_apply_wanted(struct store *store, const struct event *event, const struct json *payload)
{
    uint8_t id[ID_SIZE];
    char number[24];
    int err = wish_id(payload, id);
    if (err == 0 && str_copy(number, sizeof number, event_text(payload, "number")) != 0)
        err = SND_E_BAD;
    if (err != 0)
        return err;
    struct query *query =
        db_query(store->db, "INSERT INTO wish (id, number, centre, account, at, word, answered)"
                            " VALUES ($1, $2, $3, $4, $5, 'asked', 0)");
    db_bind_blob(query, id, ID_SIZE);
    db_bind_text(query, number);
    db_bind_text(query, event->centre);
    db_bind_text(query, event->actor);
    db_bind_int(query, event->t);
    return db_run(query, NULL);
}

/* Nobody's wish here, when another centre has asked. */
static int wish_answer(struct store *store, const struct event *event, const struct json *payload,
                       const char *word)
{
    uint8_t id[ID_SIZE];
    int err = wish_id(payload, id);
    if (err != 0)
        return err;
    struct query *query =
        db_query(store->db, "UPDATE wish SET word = $1, answered = $2 WHERE id = $3");
    db_bind_text(query, word);
    db_bind_int(query, event->t);
    db_bind_blob(query, id, ID_SIZE);
    return db_run(query, NULL);
}

int pass_apply_withheld(struct store *store, const struct event *event, const struct json *payload)
{
    return wish_answer(store, event, payload, event_text(payload, "why"));
}

/* ---- the answer: what goes along ---- */

static void put_step(struct json *steps, const struct store_history *row)
{
    char id[2 * ID_SIZE + 1];
    struct json *step = json_new_object();
    hex_text(row->id.b, ID_SIZE, id);
    json_put_text(step, "id", id);
    json_put_int(step, "rev", row->rev);
    json_put_int(step, "at", row->at);
    json_put_text(step, "actor", row->actor);
    json_put_text(step, "type", row->type);
    json_put_text(step, "state", row->state);
    json_put_text(step, "note", row->note);
    json_put_text(step, "account", row->account);
    json_put_text(step, "documents", row->documents);
    json_put_int(step, "fee", row->fee);
    json_push(steps, step);
}

static int pass_history(struct store *store, const struct id *id, struct json *said)
{
    struct store_history *row;
    size_t count;
    struct arena *arena = arena_new();
    struct json *steps = json_new_array();
    int err = store_request_history(store, id, arena, &row, &count);
    for (size_t i = count > PASS_STEPS ? count - PASS_STEPS : 0; err == 0 && i < count; i++)
        put_step(steps, &row[i]);
    json_put(said, "history", steps);
    arena_free(&arena);
    return err;
}

static void put_file(struct json *files, const struct store_document *document)
{
    char id[2 * ID_SIZE + 1], sha[HASH_TEXT];
    struct json *file = json_new_object();
    hex_text(document->id.b, ID_SIZE, id);
    hex_text(document->blob.sha, HASH_SIZE, sha);
    json_put_text(file, "id", id);
    json_put_text(file, "role", document->role);
    json_put_text(file, "name", document->name);
    json_put_text(file, "sha", sha);
    json_put_int(file, "size", document->blob.size);
    json_put_text(file, "mime", filetype_mime(document->blob.type));
    json_put_int(file, "pages", document->blob.pages);
    json_put_int(file, "at", document->at);
    json_push(files, file);
}

static int pass_files(struct store *store, const struct id *id, struct json *said)
{
    struct store_document *document;
    size_t count;
    struct arena *arena = arena_new();
    struct json *files = json_new_array();
    int err = store_document_list(store, id, arena, &document, &count);
    for (size_t i = 0; err == 0 && i < count; i++)
        put_file(files, &document[i]);
    json_put(said, "files", files);
    arena_free(&arena);
    return err;
}

/* What was said when it was submitted, with how it stands now. */
static int pass_said(struct store *store, const struct store_request *row, struct json **out)
{
    struct id event_id;
    size_t len;
    struct json *said = NULL;
    struct query *query = db_query(store->db, "SELECT e.id, e.payload FROM request r"
                                              " JOIN event e ON e.node = r.node"
                                              " AND e.epoch = r.epoch AND e.seq = r.seq"
                                              " WHERE r.id = $1");
    db_bind_id(query, &row->id);
    int err = db_one(query);
    if (err == 0) {
        db_id(query, &event_id);
        const void *sealed = db_blob_peek(query, &len);
        said = sealed == NULL ? NULL : event_sealed_json(store, event_id.b, sealed, len);
    }
    err = db_end(query, err);
    if (err == 0 && said == NULL)
        err = SND_E_NOTFOUND;
    if (err != 0)
        return err;
    json_put_text(said, "state", row->state);
    json_put_int(said, "day", row->day);
    json_put_int(said, "at", row->at);
    json_put_int(said, "fee_due", row->fee_due);
    json_put_text(said, "ack", row->ack);
    err = pass_history(store, &row->id, said);
    if (err == 0)
        err = pass_files(store, &row->id, said);
    if (err != 0)
        json_free(&said);
    *out = said;
    return err;
}

/* ---- the answer: whether ---- */

/* Wrong pairs of that centre in the hour before. */
static int pass_wrong(struct store *store, const char *centre, int64_t now, int64_t *out)
{
    struct query *query = db_query(store->db, "SELECT COUNT(*) FROM wish WHERE centre = $1"
                                              " AND word = '" WISH_PAIR "' AND answered > $2");
    db_bind_text(query, centre);
    db_bind_int(query, now - PASS_WHILE);
    int err = db_one(query);
    if (err == 0)
        *out = db_int(query);
    return db_end(query, err);
}

/* A word for why not, "" when it may be passed. A number that there isn't and a civil number that
 * isn't the applicant's are told by the same word. */
static int pass_judge(struct store *store, const char *centre, const struct json *payload,
                      const struct store_actor *actor, struct store_request *row, const char **why)
{
    int64_t wrong = 0;
    const char *civil = event_text(payload, "civil");
    int err = pass_wrong(store, centre, actor->at, &wrong);
    if (err == 0 && wrong >= PASS_WRONG) {
        *why = "limit";
        return 0;
    }
    if (err == 0)
        err = store_request_row(store, &store_reach_all, event_text(payload, "number"), row);
    if (err != 0 && err != SND_E_NOTFOUND)
        return err;
    if (err != 0 || civil[0] == '\0' || strcmp(civil, row->civil) != 0)
        *why = WISH_PAIR;
    else if (strcmp(row->state, "closed") == 0 || strcmp(row->state, "cancelled") == 0)
        *why = "done";
    else
        *why = move_of_centre(row->state) ? "" : "agency";
    return 0;
}

/* Who hears of it: who has it now, who had it, and who made it. */
static void pass_to(const struct store_request *row, const char *centre, char *out, size_t size)
{
    int cut = str_format(out, size, "%s %s %s", centre, row->holder, row->centre);
    snd_assert(cut == 0);
}

static int pass_on(struct store *store, const struct store_request *row, const char *centre,
                   const char *wish, const struct store_actor *actor)
{
    char to[3 * sizeof row->centre];
    struct json *said;
    int err = pass_said(store, row, &said);
    if (err != 0)
        return err;
    json_put_text(said, "holder", centre);
    json_put_text(said, "former", row->holder);
    json_put_text(said, "wish", wish);
    pass_to(row, centre, to, sizeof to);
    struct event_about about = {.tx = row->id, .rev = row->rev + 1, .form = row->sha, .to = to};
    err = event_append(store, EVENT_REQUEST_PASSED, actor, &about, said);
    json_free(&said);
    return err;
}

static int pass_withhold(struct store *store, const char *number, const char *centre,
                         const char *wish, const char *why, const struct store_actor *actor)
{
    struct event_about about = {.to = centre};
    struct json *said = json_new_object();
    json_put_text(said, "number", number);
    json_put_text(said, "wish", wish);
    json_put_text(said, "why", why);
    int err = event_append(store, EVENT_REQUEST_WITHHELD, actor, &about, said);
    json_free(&said);
    return err;
}

static int pass_answer(struct store *store, const char *centre, const struct json *payload,
                       const struct store_actor *actor)
{
    struct store_request row;
    const char *why = "", *wish = event_text(payload, "wish");
    int err = pass_judge(store, centre, payload, actor, &row, &why);
    if (err == 0 && why[0] == '\0')
        err = pass_on(store, &row, centre, wish, actor);
    else if (err == 0)
        err = pass_withhold(store, event_text(payload, "number"), centre, wish, why, actor);
    return err;
}

int pass_react(struct store *store, const struct event *event, const struct json *payload,
               const struct store_actor *actor)
{
    return pass_answer(store, event->centre, payload, actor);
}

int store_request_want(struct store *store, const struct id *wish, const char *number,
                       const char *civil, const struct store_actor *actor)
{
    char id[2 * ID_SIZE + 1];
    if (!store_number_ok(number) || !json_text_fits(civil) || civil[0] == '\0')
        return SND_E_BAD;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    hex_text(wish->b, ID_SIZE, id);
    struct json *said = json_new_object();
    json_put_text(said, "number", number);
    json_put_text(said, "civil", civil);
    json_put_text(said, "wish", id);
    err =
        event_append(store, EVENT_REQUEST_WANTED, actor, &(struct event_about){.tx = *wish}, said);
    if (err == 0 && !store_line_joined(store))
        err = pass_answer(store, actor->centre, said, actor);
    json_free(&said);
    return store_write_end(store, err);
}

/* ---- what follows ---- */

/* The row of a request that is here, as a passing finds it. */
struct passing {
    int64_t day, fact, rev;
    char centre[16];
};

static int passing_get(struct store *store, const uint8_t id[ID_SIZE], struct passing *out)
{
    struct query *query =
        db_query(store->db, "SELECT day, fact, rev, centre FROM request WHERE id = $1");
    db_bind_blob(query, id, ID_SIZE);
    int err = db_one(query);
    if (err == 0) {
        out->day = db_int(query);
        out->fact = db_int(query);
        out->rev = db_int(query);
        db_text(query, out->centre, sizeof out->centre);
    }
    return db_end(query, err);
}

static int passing_put(struct store *store, const struct event *event, const struct json *payload)
{
    struct query *query =
        db_query(store->db, "UPDATE request SET rev = $1, changed = $2, holder = $3, state = $4,"
                            " fee_due = $5, ack = $6 WHERE id = $7");
    db_bind_int(query, event->rev);
    db_bind_int(query, event->t);
    db_bind_text(query, event_text(payload, "holder"));
    db_bind_text(query, event_text(payload, "state"));
    db_bind_int(query, json_get_int(payload, "fee_due", 0));
    db_bind_text(query, event_text(payload, "ack"));
    db_bind_blob(query, event->tx, ID_SIZE);
    return db_run(query, NULL);
}

/* One that is here: at the hub its next revision, at a centre whatever it had. */
static int pass_change(struct store *store, const struct event *event, const struct json *payload,
                       const struct passing *passing)
{
    struct store_place from;
    if (!feed_relayed(event->peer, &from) && passing->rev != event->rev - 1)
        return SND_E_CONFLICT;
    int err = passing_put(store, event, payload);
    return err != 0 ? err
                    : tally_restate(store->db, (int32_t)passing->day, passing->centre,
                                    passing->fact, event_text(payload, "state"));
}

static int pass_keep_files(struct store *store, const struct event *event,
                           const struct json *payload)
{
    const struct json *files = json_get(payload, "files");
    int err = 0;
    for (size_t i = 0; err == 0 && i < json_count(files); i++)
        err = document_keep_passed(store, event, json_at(files, i));
    return err;
}

static int pass_fits(const struct json *payload)
{
    static const struct {
        const char *member;
        size_t size;
    } texts[] = {{"holder", 16}, {"former", 16}, {"state", 16}, {"ack", 64}};
    for (size_t i = 0; i < SND_COUNT(texts); i++)
        if (strlen(event_text(payload, texts[i].member)) >= texts[i].size)
            return 0;
    return event_text(payload, "holder")[0] != '\0';
}

int pass_apply(struct store *store, const struct event *event, const struct json *payload)
{
    struct passing passing;
    if (!pass_fits(payload))
        return SND_E_BAD;
    int err = passing_get(store, event->tx, &passing);
    if (err == SND_E_NOTFOUND)
        err = request_put_passed(store, event, payload);
    else if (err == 0)
        err = pass_change(store, event, payload, &passing);
    if (err == 0)
        err = pass_keep_files(store, event, payload);
    if (err == 0 && event_text(payload, "wish")[0] != '\0')
        err = wish_answer(store, event, payload, WISH_PASSED);
    return err;
}

/* ---- the one that made it goes on hearing of it ---- */

int pass_follow(struct store *store, const struct event *event, const struct json *payload,
                const struct store_actor *actor)
{
    struct store_request row;
    int err = store_request_row(store, &store_reach_all, event_text(payload, "number"), &row);
    if (err != 0 || strcmp(row.centre, event->centre) == 0)
        return err;
    struct event_about about = {.tx = row.id, .rev = row.rev, .to = row.centre};
    struct json *said = json_new_object();
    json_put_text(said, "number", row.number);
    json_put_text(said, "state", row.state);
    err = event_append(store, EVENT_REQUEST_FOLLOWED, actor, &about, said);
    json_free(&said);
    return err;
}

int pass_apply_followed(struct store *store, const struct event *event, const struct json *payload)
{
    struct store_place from;
    return feed_relayed(event->peer, &from)
               ? move_restate(store, event, event_text(payload, "state"))
               : 0;
}

/* ---- reading ---- */

/* By the question itself, as long as it is kept: the number that was typed. */
static void wish_asked_for(const struct store *store, struct query *query, struct store_wish *wish)
{
    struct id event;
    size_t len;
    db_id(query, &event);
    const void *sealed = db_blob_peek(query, &len);
    struct json *said = sealed == NULL ? NULL : event_sealed_json(store, event.b, sealed, len);
    if (said != NULL && wish->civil[0] == '\0' &&
        str_copy(wish->civil, sizeof wish->civil, event_text(said, "civil")) != 0)
        wish->civil[0] = '\0';
    json_free(&said);
}

/* Whose it is: of the request that was passed, or else as it was asked for. */
static int wish_whose(const struct store *store, struct query *query, struct store_wish *wish)
{
    struct store_request row = {0};
    struct sealed_bytes civil;
    db_id(query, &row.id);
    db_text(query, wish->applicant, sizeof wish->applicant);
    civil.bytes = db_blob_peek(query, &civil.len);
    int err = request_civil(store, &civil, &row);
    memcpy(wish->civil, row.civil, sizeof row.civil);
    wish_asked_for(store, query, wish);
    return err;
}

static int wish_rows(const struct store *store, struct query *query, struct arena *arena,
                     struct store_wish **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_wish);
    int got = 0, err = 0;
    while (err == 0 && (got = db_row(query)) == 1) {
        struct store_wish *row = rows_add(&rows);
        memset(row, 0, sizeof *row);
        db_id(query, &row->id);
        db_text(query, row->number, sizeof row->number);
        db_text(query, row->account, sizeof row->account);
        row->at = db_int(query);
        db_text(query, row->word, sizeof row->word);
        row->answered = db_int(query);
        row->news = db_int(query) == 0 && row->answered != 0;
        err = wish_whose(store, query, row);
    }
    err = db_end(query, err != 0 ? err : got);
    *out = rows_take(&rows, arena, count);
    return err;
}

/* What was passed is there once the text that it was filled in by is. */
int store_wish_list(struct store *store, const char *account, int64_t since, size_t max,
                    struct arena *arena, struct store_wish **out, size_t *count)
{
    struct query *query =
        db_query(store->db, "SELECT w.id, w.number, w.account, w.at,"
                            " CASE WHEN f.sha IS NULL THEN w.word ELSE 'asked' END,"
                            " CASE WHEN f.sha IS NULL THEN w.answered ELSE 0 END,"
                            " EXISTS (SELECT 1 FROM wish_read d WHERE d.id = w.id),"
                            " COALESCE(h.id, w.id), COALESCE(h.applicant, ''), h.civil,"
                            " COALESCE(e.id, w.id), e.payload FROM wish w"
                            " LEFT JOIN request r ON r.number = w.number AND w.word = 'passed'"
                            " LEFT JOIN form_wanted f ON f.sha = r.form"
                            " LEFT JOIN request h ON h.id = r.id AND f.sha IS NULL"
                            " AND w.centre IN (h.centre, h.holder)"
                            " LEFT JOIN event e ON e.tx = w.id AND e.type = 'request.wanted'"
                            " WHERE w.account = $1 AND w.at > $2"
                            " ORDER BY w.at DESC, w.id DESC LIMIT $3");
    db_bind_text(query, account);
    db_bind_int(query, since);
    db_bind_int(query, (int64_t)max);
    return wish_rows(store, query, arena, out, count);
}

int store_wish_read(struct store *store, const char *account)
{
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct query *query =
        db_query(store->db, "INSERT INTO wish_read (id) SELECT w.id FROM wish w"
                            " WHERE w.account = $1 AND w.answered > 0 AND NOT EXISTS (SELECT 1"
                            " FROM request r JOIN form_wanted f ON f.sha = r.form"
                            " WHERE r.number = w.number) ON CONFLICT (id) DO NOTHING");
    db_bind_text(query, account);
    return store_write_end(store, db_run(query, NULL));
}
