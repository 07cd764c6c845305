/* SPDX-License-Identifier: Apache-2.0 */
/* The office's line to its hub: which hub, how far each has the other's events, how the last try
 * went, and the key by which the office signs the end of its chain. All of it is this machine's.
 * The key never leaves the book; its secret half is sealed. */
#include <string.h>
#include "base/err.h"
#include "base/json.h"
#include "store/feed_priv.h"
#include "store/memo_priv.h"

int store_line_get(struct store *store, struct store_line *out)
{
    memset(out, 0, sizeof *out);
    struct query *query =
        db_query(store->db, "SELECT url, hub, down_epoch, down_seq, acked_epoch, acked_seq,"
                            " last_ok, skew_ms, pushed, error, sign_key FROM uplink");
    int err = db_one(query);
    if (err == 0) {
        db_text(query, out->url, sizeof out->url);
        db_id(query, &out->hub);
        out->down.epoch = db_int(query);
        out->down.seq = db_int(query);
        out->acked.epoch = db_int(query);
        out->acked.seq = db_int(query);
        out->last_ok = db_int(query);
        out->skew_ms = db_int(query);
        out->pushed = db_int(query);
        db_text(query, out->error, sizeof out->error);
        db_blob(query, out->sign_key, SIGN_PUBLIC);
    }
    return db_end(query, err);
}

int store_line_joined(struct store *store)
{
    struct query *query = db_query(store->db, "SELECT 1 FROM uplink WHERE url <> ''");
    return db_end(query, db_one(query)) == 0;
}

int store_line_stopped(const struct store_line *line)
{
    return strcmp(line->error, "fork") == 0 || strcmp(line->error, "revoked") == 0;
}

int store_account_of_hub(struct store *store, const char *account)
{
    struct query *query =
        db_query(store->db, "SELECT 1 FROM account WHERE account = $1 AND of_hub = 1");
    db_bind_text(query, account);
    return db_end(query, db_one(query)) == 0;
}

int feed_office(struct store *store, struct id *node)
{
    int64_t epoch;
    return memo_office(store, node, &epoch);
}

static int line_make(struct store *store, const struct store_line *line, const struct id *node,
                     const uint8_t secret[SIGN_SECRET])
{
    struct buf sealed = BUF_INIT(SIGN_SECRET + VAULT_MORE);
    seal_put(store, SEALED_SIGN_SECRET, node->b, secret, SIGN_SECRET, &sealed);
    struct query *query = db_query(
        store->db, "INSERT INTO uplink (id, url, hub, down_epoch, down_seq, acked_epoch, acked_seq,"
                   " last_ok, error, skew_ms, pushed, sign_key, sign_secret)"
                   " VALUES ($1, $2, $3, 0, 0, 0, 0, 0, '', 0, 0, $4, $5)");
    db_bind_id(query, node);
    db_bind_text(query, line->url);
    db_bind_id(query, &line->hub);
    db_bind_blob(query, line->sign_key, SIGN_PUBLIC);
    db_bind_blob(query, sealed.data, sealed.len);
    int err = db_run(query, NULL);
    buf_free(&sealed);
    return err;
}

/* Of no hub yet. */
static int line_make_new(struct store *store, uint8_t public_key[SIGN_PUBLIC])
{
    struct store_line line = {.url = ""};
    uint8_t secret[SIGN_SECRET];
    struct id node;
    int err = feed_office(store, &node);
    if (err != 0)
        return err;
    sign_new(line.sign_key, secret);
    memcpy(public_key, line.sign_key, SIGN_PUBLIC);
    err = line_make(store, &line, &node, secret);
    mem_wipe(secret, sizeof secret);
    return err;
}

int store_line_back(struct store *store, const struct store_line *line, const struct id *node,
                    const uint8_t secret[SIGN_SECRET])
{
    if (!json_text_fits(line->url))
        return SND_E_BAD;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = db_run(db_query(store->db, "DELETE FROM uplink"), NULL);
    if (err == 0)
        err = line_make(store, line, node, secret);
    return store_write_end(store, err);
}

int store_line_node(struct store *store, struct id *node)
{
    struct query *query = db_query(store->db, "SELECT id FROM uplink");
    int err = db_one(query);
    if (err == 0)
        db_id(query, node);
    return db_end(query, err);
}

int store_line_key(struct store *store, uint8_t public_key[SIGN_PUBLIC])
{
    struct store_line line;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_line_get(store, &line);
    if (err == 0)
        memcpy(public_key, line.sign_key, SIGN_PUBLIC);
    else if (err == SND_E_NOTFOUND)
        err = line_make_new(store, public_key);
    return store_write_end(store, err);
}

/* A change of the one row. */
static int line_change(struct store *store, struct query *query)
{
    int64_t changed = 0;
    int err = db_run(query, &changed);
    return store_write_end(store, err == 0 && changed == 0 ? SND_E_NOTFOUND : err);
}

int store_line_join(struct store *store, const char *url, const struct id *hub)
{
    struct store_line line;
    if (!json_text_fits(url) || strlen(url) >= sizeof line.url)
        return SND_E_BAD;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_line_get(store, &line);
    if (err != 0)
        return store_write_end(store, err);
    int same = id_equal(&line.hub, hub); /* another hub has nothing of us yet */
    struct query *query =
        same ? db_query(store->db, "UPDATE uplink SET url = $1, hub = $2, error = ''")
             : db_query(store->db, "UPDATE uplink SET url = $1, hub = $2, error = '', last_ok = 0,"
                                   " down_epoch = 0, down_seq = 0, acked_epoch = 0, acked_seq = 0");
    db_bind_text(query, url);
    db_bind_id(query, hub);
    return line_change(store, query);
}

int store_line_note(struct store *store, int64_t last_ok, const char *error)
{
    if (strlen(error) >= FEED_ERROR_WORD)
        return SND_E_BAD;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct query *query = db_query(store->db, "UPDATE uplink SET error = $1,"
                                              " last_ok = CASE WHEN last_ok < $2 THEN $3"
                                              " ELSE last_ok END");
    db_bind_text(query, error);
    db_bind_int(query, last_ok);
    db_bind_int(query, last_ok);
    return line_change(store, query);
}

int store_line_push(struct store *store, int64_t at)
{
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct query *query = db_query(store->db, "UPDATE uplink SET pushed = $1");
    db_bind_int(query, at);
    return line_change(store, query);
}

/* The last that came down stands last in our own chain. */
static int line_down(struct store *store, const struct id *node, struct store_place *down)
{
    char peer[64];
    struct query *query = db_query(store->db, "SELECT peer FROM event WHERE node = $1"
                                              " AND peer >= 'hub ' AND peer < 'hub!'"
                                              " ORDER BY epoch DESC, seq DESC LIMIT 1");
    db_bind_id(query, node);
    *down = (struct store_place){0};
    int err = db_one(query);
    if (err == 0)
        db_text(query, peer, sizeof peer);
    err = db_end(query, err);
    if (err == 0 && !feed_relayed(peer, down))
        *down = (struct store_place){0};
    return err == SND_E_NOTFOUND ? 0 : err;
}

int line_returned(struct store *store, const struct id *node, const struct store_place *end)
{
    struct store_place down;
    int err = line_down(store, node, &down);
    if (err != 0)
        return err;
    struct query *query = db_query(store->db, "UPDATE uplink SET down_epoch = $1, down_seq = $2,"
                                              " acked_epoch = $3, acked_seq = $4");
    db_bind_int(query, down.epoch);
    db_bind_int(query, down.seq);
    db_bind_int(query, end->epoch);
    db_bind_int(query, end->seq);
    return db_run(query, NULL);
}

int store_feed_acked(struct store *store, const struct store_place *acked, int64_t skew_ms)
{
    struct store_feed_head head;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_feed_own(store, &head);
    if (err == 0 && place_order(acked, &head.at) > 0)
        err = SND_E_CONFLICT;
    if (err != 0)
        return store_write_end(store, err);
    struct query *query = db_query(store->db, "UPDATE uplink SET acked_epoch = $1, acked_seq = $2,"
                                              " skew_ms = $3");
    db_bind_int(query, acked->epoch);
    db_bind_int(query, acked->seq);
    db_bind_int(query, skew_ms);
    return line_change(store, query);
}

/* ---- signing ---- */

static void signed_text(const struct id *node, int64_t epoch, int64_t seq,
                        const uint8_t hash[HASH_SIZE], struct buf *out)
{
    char id[ID_TEXT], hex[HASH_TEXT];
    id_text(node, id);
    hex_text(hash, HASH_SIZE, hex);
    buf_printf(out, "sanad-head-1 %s %lld %lld %s", id, (long long)epoch, (long long)seq, hex);
}

int store_feed_sign(struct store *store, const struct id *node, int64_t epoch, int64_t seq,
                    const uint8_t hash[HASH_SIZE], uint8_t out[SIGN_SIZE])
{
    struct buf secret = BUF_INIT(SIGN_SECRET), text = BUF_INIT(256);
    struct query *query = db_query(store->db, "SELECT id, sign_secret FROM uplink");
    int err = db_one(query);
    if (err == 0) {
        struct id row;
        size_t len;
        db_id(query, &row);
        const void *sealed = db_blob_peek(query, &len);
        err = seal_get(store, SEALED_SIGN_SECRET, row.b, sealed, len, &secret);
    }
    err = db_end(query, err);
    if (err == 0 && secret.len != SIGN_SECRET)
        err = SND_E_CORRUPT;
    if (err == 0) {
        signed_text(node, epoch, seq, hash, &text);
        sign_make(secret.data, text.data, text.len, out);
    }
    buf_free(&secret);
    buf_free(&text);
    return err;
}

int feed_signed(const uint8_t key[SIGN_PUBLIC], const struct id *node, int64_t epoch, int64_t seq,
                const uint8_t hash[HASH_SIZE], const uint8_t signature[SIGN_SIZE])
{
    struct buf text = BUF_INIT(256);
    signed_text(node, epoch, seq, hash, &text);
    int fits = sign_check(key, text.data, text.len, signature);
    buf_free(&text);
    return fits;
}
