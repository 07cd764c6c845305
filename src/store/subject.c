/* SPDX-License-Identifier: Apache-2.0 */
/* Whom an event is about: the account and the person that its payload names by the members
 * "account" and "civil", whatever its type, so that a new event finds its way into the trails by
 * itself. The actor's own events are found by the actor's name and need no row here. A civil number
 * stands here as a keyed index alone. Part of every event's application, so a replay makes the same
 * rows. */
#include <string.h>
#include "base/err.h"
#include "store/trail_priv.h"

void subject_account(const char *account, struct subject *out)
{
    out->bytes[0] = 'a';
    out->len = 1 + strnlen(account, sizeof out->bytes - 1);
    memcpy(out->bytes + 1, account, out->len - 1);
}

void subject_person(const struct store *store, const char *civil, struct subject *out)
{
    out->bytes[0] = 'p';
    out->len = 1 + VAULT_INDEX;
    vault_index(store->vault, "civil", civil, out->bytes + 1);
}

static int subject_add(struct store *store, const struct event *event,
                       const struct subject *subject)
{
    struct query *query =
        db_query(store->db, "INSERT INTO event_subject (subject, epoch, seq, node)"
                            " VALUES ($1, $2, $3, $4)");
    db_bind_blob(query, subject->bytes, subject->len);
    db_bind_int(query, event->epoch);
    db_bind_int(query, event->seq);
    db_bind_blob(query, event->node, ID_SIZE);
    return db_run(query, NULL);
}

int subject_keep(struct store *store, const struct event *event, const struct json *payload)
{
    const char *account = event_text(payload, "account"), *civil = event_text(payload, "civil");
    struct subject subject;
    int err = 0;
    if (account[0] != '\0' && strcmp(account, event->actor) != 0) {
        subject_account(account, &subject);
        err = subject_add(store, event, &subject);
    }
    if (err == 0 && civil[0] != '\0') {
        subject_person(store, civil, &subject);
        err = subject_add(store, event, &subject);
    }
    return err;
}

int subject_forget(struct store *store, const struct event *event, const struct json *payload)
{
    const char *civil = event_text(payload, "civil");
    struct subject subject;
    if (civil[0] == '\0')
        return 0;
    subject_person(store, civil, &subject);
    struct query *query =
        db_query(store->db, "DELETE FROM event_subject WHERE subject = $1 AND epoch = $2"
                            " AND seq = $3 AND node = $4");
    db_bind_blob(query, subject.bytes, subject.len);
    db_bind_int(query, event->epoch);
    db_bind_int(query, event->seq);
    db_bind_blob(query, event->node, ID_SIZE);
    return db_run(query, NULL);
}

static int subject_one(struct store *store, const struct event *event, const void *sealed,
                       size_t len)
{
    struct json *json = event_sealed_json(store, event->id, sealed, len);
    int err = json == NULL ? 0 : subject_keep(store, event, json);
    json_free(&json);
    return err;
}

int subject_first(struct store *store)
{
    return event_each(store, subject_one);
}
