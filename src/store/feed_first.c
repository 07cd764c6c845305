/* SPDX-License-Identifier: Apache-2.0 */
/* For bringing a database forward: which of the events that are there would go down to centres. An
 * office that has worked for years may become a hub. */
#include "base/err.h"
#include "store/feed_priv.h"
#include "store/schema_priv.h"

static int first_centre(struct store *store, const char *account, char centre[16])
{
    struct query *query = db_query(store->db, "SELECT centre FROM account WHERE account = $1");
    centre[0] = '\0';
    db_bind_text(query, account);
    int err = db_one(query);
    if (err == 0)
        db_text(query, centre, 16);
    err = db_end(query, err);
    return err == SND_E_NOTFOUND ? 0 : err;
}

static int first_one(struct store *store, const struct event *event, const void *sealed, size_t len)
{
    enum event_type type;
    char centre[16] = "";
    int err = 0;
    if (event_type_find(event->type, &type) != 0 || event_down(type) == DOWN_HOME)
        return 0;
    if (event_down(type) == DOWN_CENTRE) {
        struct json *json = event_sealed_json(store, event->id, sealed, len);
        if (json != NULL)
            err = first_centre(store, event_text(json, "account"), centre);
        json_free(&json);
    }
    return err != 0 ? err : event_feed(store, event, event_down(type), centre);
}

int feed_first(struct store *store)
{
    return event_each(store, first_one);
}
