/* SPDX-License-Identifier: Apache-2.0 */
/* What a newer program might have written into the book of an office that is not served:
 *     newer STATE
 * one event of a kind that this program doesn't know, for everybody; and how many of that kind there
 * are:
 *     newer STATE count */
#include <stdio.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/vault.h"
#include "store/event_priv.h"

#define BORROWED EVENT_PLACE_REGISTERED /* goes to everybody */

const char *__real_event_word(enum event_type type);
const char *__wrap_event_word(enum event_type type);
const char *__wrap_event_word(enum event_type type)
{
    return type == BORROWED ? "future.happened" : __real_event_word(type);
}

static int write_event(struct store *store)
{
    struct store_actor actor = {.name = "cli:newer", .centre = "", .at = clock_utc_ms()};
    struct store_office office;
    struct json *payload = json_new_object();
    actor.day = clock_oman_day(actor.at);
    json_put_text(payload, "what", "unheard of");
    int err = store_office_get(store, &office);
    if (err == 0)
        err = str_copy(actor.centre, sizeof actor.centre, office.centre);
    if (err == 0)
        err = store_write_begin(store);
    if (err == 0)
        err = store_write_end(
            store, event_append(store, BORROWED, &actor, &(struct event_about){0}, payload));
    json_free(&payload);
    return err;
}

static int print_count(struct store *store)
{
    struct query *query =
        db_query(store->db, "SELECT COUNT(*) FROM event WHERE type = 'future.happened'");
    int err = db_one(query);
    if (err == 0)
        printf("%d\n", (int)db_int(query));
    return db_end(query, err);
}

int main(int argc, char **argv)
{
    struct vault *vault = NULL;
    struct store *store = NULL;
    if (argc < 2 || argc > 3)
        return 2;
    char *db = x_printf("%s/office.db", argv[1]), *keyring = x_printf("%s/keyring", argv[1]);
    int err = vault_load(keyring, &vault);
    if (err == 0)
        err = store_open(db, STORE_WRITE, vault, &store);
    if (err == 0)
        err = argc == 2 ? write_event(store) : print_count(store);
    if (err != 0)
        fprintf(stderr, "newer: %s\n", err_text(err));
    store_close(&store);
    vault_free(&vault);
    x_free(&db);
    x_free(&keyring);
    return err != 0;
}
