/* SPDX-License-Identifier: Apache-2.0 */
/* The centres of a hub: who was invited, which office's book joined for which centre, with what
 * certificate and key, and when it was last heard of. All but the last is shared state, by events
 * of the hub's own. A centre has one node at a time; those before it stay, revoked. */
#include <string.h>
#include "base/err.h"
#include "store/feed_take_priv.h"

#define NODE_SELECT                                                                                \
    "SELECT n.id, n.centre, n.name, n.state, n.cert, n.cert_next, n.sign_key, n.joined, "          \
    "n.changed,"                                                                                   \
    " COALESCE(s.at, 0), COALESCE(s.skew_ms, 0), COALESCE(s.program, ''),"                         \
    " COALESCE(s.events, 0), COALESCE(s.documents, 0), COALESCE(s.oldest, 0)"                      \
    " FROM node n LEFT JOIN node_seen s ON s.node = n.id "

static void node_row(struct query *query, struct store_node *out)
{
    memset(out, 0, sizeof *out);
    db_id(query, &out->id);
    db_text(query, out->centre, sizeof out->centre);
    db_text(query, out->name, sizeof out->name);
    db_text(query, out->state, sizeof out->state);
    db_text(query, out->cert, sizeof out->cert);
    db_text(query, out->cert_next, sizeof out->cert_next);
    db_blob(query, out->sign_key, SIGN_PUBLIC);
    out->joined = db_int(query);
    out->changed = db_int(query);
    out->seen = db_int(query);
    out->skew_ms = db_int(query);
    db_text(query, out->program, sizeof out->program);
    out->events = db_int(query);
    out->documents = db_int(query);
    out->oldest = db_int(query);
}

static int node_one(struct query *query, struct store_node *out)
{
    int err = db_one(query);
    if (err == 0)
        node_row(query, out);
    return db_end(query, err);
}

int store_node_get(struct store *store, const struct id *id, struct store_node *out)
{
    struct query *query = db_query(store->db, NODE_SELECT "WHERE n.id = $1");
    db_bind_id(query, id);
    return node_one(query, out);
}

int store_node_of(struct store *store, const char *centre, struct store_node *out)
{
    struct query *query =
        db_query(store->db, NODE_SELECT "WHERE n.centre = $1 AND n.state <> 'revoked'");
    db_bind_text(query, centre);
    return node_one(query, out);
}

int store_node_invited(struct store *store, const char *centre, struct store_node *out)
{
    memset(out, 0, sizeof *out);
    struct query *query =
        db_query(store->db, "SELECT centre, name, code, until FROM invitation WHERE centre = $1");
    db_bind_text(query, centre);
    int err = db_one(query);
    if (err == 0) {
        db_text(query, out->centre, sizeof out->centre);
        db_text(query, out->name, sizeof out->name);
        db_text(query, out->code, sizeof out->code);
        out->until = db_int(query);
        (void)str_copy(out->state, sizeof out->state, "invited");
    }
    return db_end(query, err);
}

int store_node_list(struct store *store, struct arena *arena, struct store_node **out,
                    size_t *count)
{
    struct rows rows = ROWS_OF(struct store_node);
    int got;
    struct query *query = db_query(store->db, NODE_SELECT "ORDER BY n.centre, n.joined");
    while ((got = db_row(query)) == 1)
        node_row(query, rows_add(&rows));
    int err = db_end(query, got);
    query = db_query(store->db, "SELECT centre, name, until FROM invitation ORDER BY centre");
    while (err == 0 && (got = db_row(query)) == 1) {
        struct store_node *row = rows_add(&rows);
        memset(row, 0, sizeof *row);
        db_text(query, row->centre, sizeof row->centre);
        db_text(query, row->name, sizeof row->name);
        row->until = db_int(query);
        (void)str_copy(row->state, sizeof row->state, "invited");
    }
    err = db_end(query, err != 0 ? err : got);
    *out = rows_take(&rows, arena, count);
    return err;
}

int store_nodes(struct store *store, const struct store_reach *reach, int64_t since,
                struct store_nodes *out)
{
    int got;
    *out = (struct store_nodes){0};
    struct query *query =
        db_query(store->db, "SELECT n.centre, n.state = 'joined' AND COALESCE(s.at, n.joined) >= $1"
                            " FROM node n LEFT JOIN node_seen s ON s.node = n.id"
                            " WHERE n.state <> 'revoked'");
    db_bind_int(query, since);
    while ((got = db_row(query)) == 1) {
        char centre[sizeof((struct store_node *)NULL)->centre];
        db_text(query, centre, sizeof centre);
        int64_t heard = db_int(query);
        if (!store_reach_holds(reach, centre, ""))
            continue;
        out->joined++;
        out->silent += heard == 0;
    }
    return db_end(query, got);
}

/* ---- what follows from an event ---- */

static int invitation_drop(struct store *store, const char *centre)
{
    struct query *query = db_query(store->db, "DELETE FROM invitation WHERE centre = $1");
    db_bind_text(query, centre);
    return db_run(query, NULL);
}

int node_apply_invited(struct store *store, const struct event *event, const struct json *payload)
{
    (void)event;
    int err = invitation_drop(store, event_text(payload, "of"));
    if (err != 0)
        return err;
    struct query *query = db_query(store->db, "INSERT INTO invitation (centre, name, code, until)"
                                              " VALUES ($1, $2, $3, $4)");
    db_bind_text(query, event_text(payload, "of"));
    db_bind_text(query, event_text(payload, "name"));
    db_bind_text(query, event_text(payload, "secret"));
    db_bind_int(query, json_get_int(payload, "until", 0));
    return db_run(query, NULL);
}

static int node_revoke_all(struct store *store, const struct event *event, const char *centre)
{
    struct query *query =
        db_query(store->db, "UPDATE node SET state = $1, changed = $2 WHERE centre = $3"
                            " AND state <> 'revoked'");
    db_bind_text(query, "revoked");
    db_bind_int(query, event->t);
    db_bind_text(query, centre);
    return db_run(query, NULL);
}

int node_apply_joined(struct store *store, const struct event *event, const struct json *payload)
{
    uint8_t node[ID_SIZE], key[SIGN_PUBLIC];
    const char *centre = event_text(payload, "of");
    if (hex_parse(event_text(payload, "node"), node, ID_SIZE) != 0 ||
        hex_parse(event_text(payload, "sign_key"), key, SIGN_PUBLIC) != 0)
        return SND_E_BAD;
    int err = invitation_drop(store, centre);
    if (err == 0)
        err = node_revoke_all(store, event, centre);
    if (err != 0)
        return err;
    struct query *query = db_query(
        store->db, "INSERT INTO node (id, centre, name, state, cert, cert_next, sign_key, joined,"
                   " changed) VALUES ($1, $2, $3, 'joined', $4, '', $5, $6, $7)"
                   " ON CONFLICT (id) DO UPDATE SET centre = excluded.centre,"
                   " name = excluded.name, state = excluded.state, cert = excluded.cert,"
                   " cert_next = '', sign_key = excluded.sign_key, joined = excluded.joined,"
                   " changed = excluded.changed");
    db_bind_blob(query, node, ID_SIZE);
    db_bind_text(query, centre);
    db_bind_text(query, event_text(payload, "name"));
    db_bind_text(query, event_text(payload, "cert"));
    db_bind_blob(query, key, SIGN_PUBLIC);
    db_bind_int(query, event->t);
    db_bind_int(query, event->t);
    return db_run(query, NULL);
}

/* "next": one more certificate is good. "used": the one before is not any more. */
int node_apply_renewed(struct store *store, const struct event *event, const struct json *payload)
{
    uint8_t node[ID_SIZE];
    int used = json_get(payload, "next") == NULL;
    if (hex_parse(event_text(payload, "node"), node, ID_SIZE) != 0)
        return SND_E_BAD;
    struct query *query =
        used ? db_query(store->db, "UPDATE node SET cert = $1, cert_next = '', changed = $2"
                                   " WHERE id = $3")
             : db_query(store->db, "UPDATE node SET cert_next = $1, changed = $2 WHERE id = $3");
    db_bind_text(query, event_text(payload, used ? "cert" : "next"));
    db_bind_int(query, event->t);
    db_bind_blob(query, node, ID_SIZE);
    return db_run(query, NULL);
}

int node_apply_revoked(struct store *store, const struct event *event, const struct json *payload)
{
    int err = invitation_drop(store, event_text(payload, "of"));
    return err != 0 ? err : node_revoke_all(store, event, event_text(payload, "of"));
}

static int node_set(struct store *store, const struct event *event, const struct json *payload,
                    const char *state)
{
    uint8_t node[ID_SIZE];
    if (hex_parse(event_text(payload, "node"), node, ID_SIZE) != 0)
        return SND_E_BAD;
    struct query *query =
        db_query(store->db, "UPDATE node SET state = $1, changed = $2 WHERE id = $3"
                            " AND state <> 'revoked'");
    db_bind_text(query, state);
    db_bind_int(query, event->t);
    db_bind_blob(query, node, ID_SIZE);
    return db_run(query, NULL);
}

int node_apply_forked(struct store *store, const struct event *event, const struct json *payload)
{
    return node_set(store, event, payload, "forked");
}

int node_apply_returned(struct store *store, const struct event *event, const struct json *payload)
{
    return node_set(store, event, payload, "joined");
}

/* ---- changes ---- */

static int node_append(struct store *store, enum event_type type, struct json *payload,
                       const char *to, const struct store_actor *actor)
{
    int err = event_append(store, type, actor, &(struct event_about){.to = to}, payload);
    json_free(&payload);
    return err;
}

static struct json *node_payload(const struct store_node *node)
{
    char id[ID_TEXT];
    struct json *payload = json_new_object();
    id_text(&node->id, id);
    json_put_text(payload, "node", id);
    json_put_text(payload, "of", node->centre);
    return payload;
}

int store_node_invite(struct store *store, const struct store_node *node,
                      const struct store_actor *actor)
{
    if (!store_centre_ok(node->centre) || !json_text_fits(node->name) ||
        !json_text_fits(node->code))
        return SND_E_BAD;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct json *payload = json_new_object();
    json_put_text(payload, "of", node->centre);
    json_put_text(payload, "name", node->name);
    json_put_text(payload, "secret", node->code);
    json_put_int(payload, "until", node->until);
    return store_write_end(store, node_append(store, EVENT_NODE_INVITED, payload, NULL, actor));
}

int store_node_join(struct store *store, const struct store_node *node,
                    const struct store_actor *actor)
{
    struct store_node invited, there;
    char key[2 * SIGN_PUBLIC + 1];
    if (id_is_zero(&node->id) || !json_text_fits(node->cert))
        return SND_E_BAD;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_node_invited(store, node->centre, &invited);
    if (err == 0 && actor->at >= invited.until)
        err = SND_E_NOTFOUND;
    if (err == 0 && store_node_get(store, &node->id, &there) == 0 &&
        strcmp(there.centre, node->centre) != 0)
        err = SND_E_EXISTS; /* that book is another centre's */
    if (err == 0) {
        struct json *payload = node_payload(node);
        hex_text(node->sign_key, SIGN_PUBLIC, key);
        json_put_text(payload, "name", invited.name);
        json_put_text(payload, "cert", node->cert);
        json_put_text(payload, "sign_key", key);
        err = node_append(store, EVENT_NODE_JOINED, payload, NULL, actor);
    }
    return store_write_end(store, err);
}

static int node_renewed(struct store *store, const struct store_node *node, const char *member,
                        const char *cert, const struct store_actor *actor)
{
    struct json *payload = node_payload(node);
    json_put_text(payload, member, cert);
    return node_append(store, EVENT_NODE_RENEWED, payload, NULL, actor);
}

int store_node_renew(struct store *store, const struct id *id, const char *cert,
                     const struct store_actor *actor)
{
    struct store_node node;
    if (!json_text_fits(cert))
        return SND_E_BAD;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_node_get(store, id, &node);
    if (err == 0 && strcmp(node.state, "joined") != 0)
        err = SND_E_NOTFOUND; /* revoked or forked in the meantime */
    if (err == 0)
        err = node_renewed(store, &node, "next", cert, actor);
    return store_write_end(store, err);
}

int store_node_used(struct store *store, const struct id *id, const char *cert,
                    const struct store_actor *actor)
{
    struct store_node node;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_node_get(store, id, &node);
    if (err == 0 && cert[0] != '\0' && strcmp(node.cert_next, cert) == 0)
        err = node_renewed(store, &node, "cert", cert, actor);
    return store_write_end(store, err);
}

int store_node_revoke(struct store *store, const char *centre, const struct store_actor *actor)
{
    struct store_node node;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_node_of(store, centre, &node);
    if (err == SND_E_NOTFOUND)
        err = store_node_invited(store, centre, &node);
    if (err == 0) {
        struct json *payload = json_new_object();
        json_put_text(payload, "of", centre);
        err = node_append(store, EVENT_NODE_REVOKED, payload, NULL, actor);
    }
    return store_write_end(store, err);
}

/* The two ends that contradict one another, each signed by the centre, are the proof. */
int store_feed_forked(struct store *store, const struct store_feed_taking *taking, int64_t last,
                      const struct store_actor *actor)
{
    struct store_node node;
    char hash[HASH_TEXT], signature[2 * SIGN_SIZE + 1];
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_node_get(store, &taking->node, &node);
    if (err == 0 && strcmp(node.state, "joined") == 0) {
        struct json *payload = node_payload(&node);
        hex_text(taking->head, HASH_SIZE, hash);
        hex_text(taking->signature, SIGN_SIZE, signature);
        json_put_int(payload, "epoch", taking->epoch);
        json_put_int(payload, "first", taking->first);
        json_put_int(payload, "seq", last);
        json_put_text(payload, "hash", hash);
        json_put_text(payload, "signature", signature);
        err = node_append(store, EVENT_NODE_FORKED, payload, NULL, actor);
    }
    return store_write_end(store, err);
}

int store_node_copied(struct store *store, const struct id *id, const char *cert,
                      const struct store_actor *actor)
{
    struct store_node node;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_node_get(store, id, &node);
    if (err == 0 && strcmp(node.state, "joined") == 0) {
        struct json *payload = node_payload(&node);
        json_put_text(payload, "cert", cert);
        err = node_append(store, EVENT_NODE_FORKED, payload, NULL, actor);
    }
    return store_write_end(store, err);
}

/* A centre has put an older book back and begun a new epoch. What the hub has beyond is told to it.
 */
int node_react_restored(struct store *store, const struct event *event, const struct json *payload,
                        const struct store_actor *actor)
{
    struct store_node node;
    struct id id;
    int64_t end, epoch = json_get_int(payload, "epoch", 0), seq = json_get_int(payload, "seq", 0);
    memcpy(id.b, event->node, ID_SIZE);
    int err = store_node_get(store, &id, &node);
    if (err == 0)
        err = taken_end(store, &id, epoch, &end);
    if (err != 0)
        return err;
    struct json *told = node_payload(&node);
    json_put_int(told, "epoch", event->epoch);
    json_put_int(told, "of_epoch", epoch);
    json_put_int(told, "of_seq", seq);
    json_put_int(told, "beyond", end > seq ? end - seq : 0);
    return node_append(store, EVENT_NODE_RETURNED, told, node.centre, actor);
}

int store_node_seen(struct store *store, const struct store_node *heard)
{
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct query *query = db_query(
        store->db,
        "INSERT INTO node_seen (node, at, skew_ms, program, events, documents, oldest)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (node) DO UPDATE SET at = excluded.at,"
        " skew_ms = excluded.skew_ms, program = excluded.program, events = excluded.events,"
        " documents = excluded.documents, oldest = excluded.oldest");
    db_bind_id(query, &heard->id);
    db_bind_int(query, heard->seen);
    db_bind_int(query, heard->skew_ms);
    db_bind_text(query, heard->program);
    db_bind_int(query, heard->events);
    db_bind_int(query, heard->documents);
    db_bind_int(query, heard->oldest);
    return store_write_end(store, db_run(query, NULL));
}
