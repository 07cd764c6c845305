/* SPDX-License-Identifier: Apache-2.0 */
/* What the hub decides upon a centre's events, by the table; and what it has lost that a centre
 * still has. */
#include <string.h>
#include "base/err.h"
#include "store/feed_take_priv.h"
#include "store/oversight_priv.h"

static const struct {
    enum event_type type;
    int (*react)(struct store *store, const struct event *event, const struct json *payload,
                 const struct store_actor *actor);
} reactions[] = {
#define REACTION(name, function) {EVENT_##name, function},
#include "store/reactions.def"
#undef REACTION
};

int react(struct store *store, const struct event *event, const struct json *payload,
          const struct store_actor *actor)
{
    struct store_place from;
    if (feed_relayed(event->peer, &from))
        return 0;
    for (size_t i = 0; i < SND_COUNT(reactions); i++) {
        if (strcmp(event_word(reactions[i].type), event->type) != 0)
            continue;
        int err = db_save(store->db);
        if (err != 0)
            return err;
        int decided = reactions[i].react(store, event, payload, actor);
        err = db_release(store->db, decided == 0);
        if (err != 0 || decided == SND_E_IO || decided == SND_E_FULL)
            return err != 0 ? err : decided;
    }
    return 0;
}

/* It keeps its id, so that a centre which has it passes over it when it comes down again. */
int regain(struct store *store, const struct feed_record *record, const char *centre)
{
    struct event event = record->event;
    struct store_office office;
    enum event_type type;
    int err = store_office_get(store, &office);
    if (err != 0 || event_type_find(event.type, &type) != 0 || event_down(type) == DOWN_HOME)
        return err;
    memcpy(event.node, office.node.b, ID_SIZE);
    event.epoch = office.epoch;
    struct json *json = event_json(record->payload, record->len);
    err = db_save(store->db);
    if (err != 0 || json == NULL) {
        json_free(&json);
        return err;
    }
    int kept = event_keep(store, &event, record->payload, record->len);
    if (kept == 0)
        kept = event_feed(store, &event, event_down(type), centre);
    if (kept == 0)
        kept = event_apply(store, &event, json);
    err = db_release(store->db, kept == 0);
    json_free(&json);
    return err != 0 ? err : kept == SND_E_IO || kept == SND_E_FULL ? kept : 0;
}
