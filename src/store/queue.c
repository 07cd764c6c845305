/* SPDX-License-Identifier: Apache-2.0 */
/* Requests by what they wait for: those in certain states, state after state and in each the oldest
 * first, a page at a time. What an agency's officers and a centre's clerks work through all day, so
 * each page is read straight from an index that has it in that order. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "store/request_priv.h"

#define QUEUE_PAGE " AND r.state = $2 AND (r.at, r.id) > ($3, $4) ORDER BY r.at, r.id"

/* A list being made: where it goes on, and what was found. */
struct queue {
    struct store *store;
    const struct store_reach *reach;
    const struct store_queue *ask;
    int64_t at;
    struct id id;
    struct rows rows;
};

static struct query *queue_ask(const struct queue *queue)
{
    struct db *db = queue->store->db;
    if (queue->reach->kind == REACH_OF_AGENCY)
        return db_query(db,
                        "SELECT " REQUEST_COLUMNS " FROM request r WHERE r.agency = $1" QUEUE_PAGE);
    return db_query(db, "SELECT " REQUEST_COLUMNS " FROM request r WHERE r.holder = $1" QUEUE_PAGE);
}

/* One state of one agency or one centre: as many as the page has room for. */
static int queue_run(struct queue *queue, struct query *query, const char *state, size_t room)
{
    int got = 0;
    size_t before = queue->rows.count;
    db_bind_text(query, state);
    db_bind_int(query, queue->at);
    db_bind_id(query, &queue->id);
    while (queue->rows.count - before < room && (got = db_row(query)) == 1) {
        struct store_request row;
        struct sealed_bytes civil = request_row(query, &row);
        if (queue->ask->officer[0] != '\0' && strcmp(queue->ask->officer, row.officer) != 0)
            continue;
        if (request_civil(queue->store, &civil, &row) != 0)
            row.civil[0] = '\0'; /* a damaged row hides no other; the check tells of it */
        *(struct store_request *)rows_add(&queue->rows) = row;
    }
    return db_end(query, got < 0 ? got : 0);
}

static int oldest_first(const void *a, const void *b)
{
    const struct store_request *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return memcmp(x->id.b, y->id.b, ID_SIZE);
}

/* A page of each centre; the oldest of all of them are the page. */
static int queue_of_codes(struct queue *queue, const char *state, size_t room)
{
    size_t len;
    int err = 0;
    for (const char *code = queue->reach->codes; err == 0; code += len) {
        char one[STORE_SCOPE + 16];
        code = search_word(code, &len);
        if (code == NULL)
            break;
        err = str_format(one, sizeof one, "%.*s", (int)len, code);
        struct query *query = queue_ask(queue);
        db_bind_text(query, one);
        err = err == 0 ? queue_run(queue, query, state, room) : db_end(query, err);
    }
    return err;
}

static int queue_of_state(struct queue *queue, const char *state)
{
    size_t before = queue->rows.count, room = queue->ask->max - before;
    int err = 0;
    if (queue->reach->kind == REACH_OF_ALL) {
        /* The command line's, now and then: there is no index of a state alone. */
        struct query *query = db_query(queue->store->db, "SELECT " REQUEST_COLUMNS " FROM request r"
                                                         " WHERE r.agency >= $1" QUEUE_PAGE);
        db_bind_text(query, "");
        err = queue_run(queue, query, state, room);
    } else if (queue->reach->kind == REACH_OF_AGENCY || queue->reach->kind == REACH_OF_CENTRES) {
        err = queue_of_codes(queue, state, room);
    }
    size_t found = queue->rows.count - before;
    if (found > 1)
        qsort((struct store_request *)queue->rows.all + before, found, sizeof(struct store_request),
              oldest_first);
    if (found > room)
        queue->rows.count = before + room;
    return err;
}

/* Where the page begins: after that request, as it stood in the list. */
static int queue_after(struct queue *queue, const char *number)
{
    struct store_request row;
    int err = store_request_row(queue->store, queue->reach, number, &row);
    queue->at = row.at;
    queue->id = row.id;
    return err;
}

int store_request_queue(struct store *store, const struct store_reach *reach,
                        const struct store_queue *ask, struct arena *arena,
                        struct store_request **out, size_t *count)
{
    struct queue queue = {
        .store = store, .reach = reach, .ask = ask, .rows = ROWS_OF(struct store_request)};
    size_t len;
    int err = 0, began = ask->after[0] == '\0';
    queue.at = INT64_MIN;
    for (const char *word = ask->states; (word = search_word(word, &len)) != NULL; word += len) {
        char state[16];
        err = str_format(state, sizeof state, "%.*s", (int)len, word);
        if (err == 0 && !began && strcmp(state, ask->after_state) == 0) {
            began = 1;
            err = queue_after(&queue, ask->after);
        }
        if (err == 0 && began && queue.rows.count < ask->max)
            err = queue_of_state(&queue, state);
        if (err != 0)
            break;
        if (began) {
            queue.at = INT64_MIN;
            memset(&queue.id, 0, sizeof queue.id);
        }
    }
    *out = rows_take(&queue.rows, arena, count);
    return err;
}

static int waits_of(struct query *query, const char *code, const char *state, int64_t most,
                    int64_t *out)
{
    db_bind_text(query, code);
    db_bind_text(query, state);
    db_bind_int(query, most);
    int err = db_one(query);
    if (err == 0)
        *out += db_int(query);
    return db_end(query, err);
}

int store_request_waits(struct store *store, const struct store_reach *reach, const char *state,
                        int64_t most, int64_t *out)
{
    size_t len;
    int err = 0;
    *out = 0;
    if (reach->kind == REACH_OF_AGENCY)
        return waits_of(db_query(store->db, "SELECT COUNT(*) FROM (SELECT 1 FROM request"
                                            " WHERE agency = $1 AND state = $2 LIMIT $3) AS few"),
                        reach->codes, state, most, out);
    if (reach->kind != REACH_OF_CENTRES)
        return 0;
    for (const char *code = reach->codes; (code = search_word(code, &len)) != NULL && err == 0;
         code += len) {
        char one[STORE_SCOPE + 16];
        err = str_format(one, sizeof one, "%.*s", (int)len, code);
        if (err == 0)
            err =
                waits_of(db_query(store->db, "SELECT COUNT(*) FROM (SELECT 1 FROM request"
                                             " WHERE holder = $1 AND state = $2 LIMIT $3) AS few"),
                         one, state, most, out);
    }
    return err;
}
