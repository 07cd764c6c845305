/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions: who was logged in, from where and when is shared state with events; the ticket by which
 * a session comes back after the ledger was restarted is local, and only its hash is kept. */
#include <string.h>
#include "base/err.h"
#include "store/event_priv.h"

int session_apply_opened(struct store *store, const struct event *event, const struct json *payload)
{
    struct query *query =
        db_query(store->db, "INSERT INTO session (id, account, how, peer, opened, closed)"
                            " VALUES ($1, $2, $3, $4, $5, 0)");
    db_bind_blob(query, event->tx, ID_SIZE);
    db_bind_text(query, event_text(payload, "account"));
    db_bind_text(query, event_text(payload, "how"));
    db_bind_text(query, event->peer);
    db_bind_int(query, event->t);
    return db_run(query, NULL);
}

static int session_keep_ticket(struct store *store, const uint8_t sha[HASH_SIZE],
                               const struct id *session, const char *account)
{
    struct query *query =
        db_query(store->db, "INSERT INTO ticket (sha, session, account) VALUES ($1, $2, $3)");
    db_bind_blob(query, sha, HASH_SIZE);
    db_bind_id(query, session);
    db_bind_text(query, account);
    return db_run(query, NULL);
}

int store_session_open(struct store *store, const char *account,
                       const uint8_t ticket_sha[HASH_SIZE], const char *how,
                       const struct store_actor *actor)
{
    struct event_about about = {.tx = id_new()};
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct json *payload = json_new_object();
    json_put_text(payload, "account", account);
    json_put_text(payload, "how", how);
    err = session_keep_ticket(store, ticket_sha, &about.tx, account);
    if (err == 0)
        err = event_append(store, EVENT_SESSION_OPENED, actor, &about, payload);
    json_free(&payload);
    return store_write_end(store, err);
}

static int session_of_ticket(struct store *store, const uint8_t sha[HASH_SIZE], struct id *session,
                             char account[33])
{
    struct query *query = db_query(store->db, "SELECT session, account FROM ticket WHERE sha = $1");
    db_bind_blob(query, sha, HASH_SIZE);
    int err = db_one(query);
    if (err == 0) {
        db_id(query, session);
        db_text(query, account, 33);
    }
    return db_end(query, err);
}

int store_session_find(struct store *store, const uint8_t ticket_sha[HASH_SIZE], char account[33])
{
    struct id session;
    return session_of_ticket(store, ticket_sha, &session, account);
}

static int passed_at_all(struct store *store, const struct id *session)
{
    struct query *query = db_query(store->db, "SELECT 1 FROM ticket_passed WHERE session = $1");
    db_bind_id(query, session);
    return db_end(query, db_one(query));
}

int store_session_passed(struct store *store, const uint8_t ticket_sha[HASH_SIZE])
{
    struct id session;
    char account[33];
    return session_of_ticket(store, ticket_sha, &session, account) == 0 &&
           passed_at_all(store, &session) == 0;
}

static int pass(struct store *store, const struct id *session)
{
    int err = passed_at_all(store, session);
    if (err != SND_E_NOTFOUND)
        return err;
    struct query *query = db_query(store->db, "INSERT INTO ticket_passed (session) VALUES ($1)");
    db_bind_id(query, session);
    return db_run(query, NULL);
}

int store_login_vouched(struct store *store, const uint8_t ticket_sha[HASH_SIZE],
                        const uint8_t by_sha[HASH_SIZE], const char *account,
                        const struct store_actor *actor)
{
    struct event_about about = {0};
    struct id by;
    char owner[33], text[ID_TEXT];
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = session_of_ticket(store, by_sha, &by, owner);
    if (err == 0)
        err = session_of_ticket(store, ticket_sha, &about.tx, owner);
    if (err == 0) {
        struct json *payload = json_new_object();
        id_text(&by, text);
        json_put_text(payload, "account", account);
        json_put_text(payload, "session", text);
        err = event_append(store, EVENT_LOGIN_VOUCHED, actor, &about, payload);
        json_free(&payload);
    }
    return store_write_end(store, err);
}

int store_login_passed(struct store *store, const uint8_t ticket_sha[HASH_SIZE],
                       const char *account, const struct store_actor *actor)
{
    struct event_about about = {0};
    char owner[33];
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = session_of_ticket(store, ticket_sha, &about.tx, owner);
    if (err == 0)
        err = pass(store, &about.tx);
    if (err == 0) {
        struct json *payload = json_new_object();
        json_put_text(payload, "account", account);
        err = event_append(store, EVENT_LOGIN_PASSED, actor, &about, payload);
        json_free(&payload);
    }
    return store_write_end(store, err);
}

int session_apply_closed(struct store *store, const struct event *event, const struct json *payload)
{
    (void)payload;
    struct query *query = db_query(store->db, "UPDATE session SET closed = $1 WHERE id = $2");
    db_bind_int(query, event->t);
    db_bind_blob(query, event->tx, ID_SIZE);
    return db_run(query, NULL);
}

/* The ticket goes and the event is kept, within the caller's write. */
static int session_close(struct store *store, const struct id *session, const char *account,
                         const struct store_actor *actor)
{
    struct query *query = db_query(store->db, "DELETE FROM ticket WHERE session = $1");
    db_bind_id(query, session);
    int err = db_run(query, NULL);
    if (err == 0) {
        query = db_query(store->db, "DELETE FROM ticket_passed WHERE session = $1");
        db_bind_id(query, session);
        err = db_run(query, NULL);
    }
    if (err != 0)
        return err;
    struct json *payload = json_new_object();
    json_put_text(payload, "account", account);
    err = event_append(store, EVENT_SESSION_CLOSED, actor, &(struct event_about){.tx = *session},
                       payload);
    json_free(&payload);
    return err;
}

int store_session_close(struct store *store, const uint8_t ticket_sha[HASH_SIZE],
                        const struct store_actor *actor)
{
    struct id session;
    char account[33];
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = session_of_ticket(store, ticket_sha, &session, account);
    if (err == 0)
        err = session_close(store, &session, account, actor);
    return store_write_end(store, err);
}

static int session_next(struct store *store, const char *account, struct id *session)
{
    struct query *query =
        db_query(store->db, "SELECT session FROM ticket WHERE account = $1 LIMIT 1");
    db_bind_text(query, account);
    int err = db_one(query);
    if (err == 0)
        db_id(query, session);
    return db_end(query, err);
}

int store_session_close_all(struct store *store, const char *account,
                            const struct store_actor *actor)
{
    struct id session;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    while ((err = session_next(store, account, &session)) == 0) {
        err = session_close(store, &session, account, actor);
        if (err != 0)
            break;
    }
    return store_write_end(store, err == SND_E_NOTFOUND ? 0 : err);
}

int store_session_tickets(struct store *store, const uint8_t after[HASH_SIZE],
                          uint8_t (*out)[HASH_SIZE], size_t max, size_t *count)
{
    int got;
    struct query *query =
        db_query(store->db, "SELECT sha FROM ticket WHERE sha > $1 ORDER BY sha LIMIT $2");
    db_bind_blob(query, after, HASH_SIZE);
    db_bind_int(query, (int64_t)max);
    *count = 0;
    while ((got = db_row(query)) == 1)
        db_blob(query, out[(*count)++], HASH_SIZE);
    return db_end(query, got);
}
