/* SPDX-License-Identifier: Apache-2.0 */
/* What people saw: a read of somebody's data is an event like any change, and stands in the same
 * chain. It changes no projection. The payload says what was shown by number and civil number and
 * what was searched for as it was typed, never the data itself: that is in the event which brought
 * it. */
#include <string.h>
#include "base/err.h"
#include "store/event_priv.h"

static const enum event_type seen_types[] = {
    [SIGHT_REQUEST] = EVENT_REQUEST_SEEN,    [SIGHT_REVEAL] = EVENT_REQUEST_REVEALED,
    [SIGHT_SEARCH] = EVENT_REQUEST_SEARCHED, [SIGHT_TRAIL] = EVENT_TRAIL_SEEN,
    [SIGHT_FIND] = EVENT_TRAIL_SEARCHED,     [SIGHT_PERSON] = EVENT_PERSON_LOOKED_UP,
};

int seen_apply(struct store *store, const struct event *event, const struct json *payload)
{
    (void)store, (void)event, (void)payload;
    return 0;
}

static void seen_put(struct json *payload, const char *key, const char *text)
{
    if (text[0] != '\0')
        json_put_text(payload, key, text);
}

int store_seen_keep(struct store *store, const struct store_seen *seen,
                    const struct store_actor *actor)
{
    snd_assert(seen->sight > SIGHT_NOTHING && seen->sight < (int)SND_COUNT(seen_types));
    const char *const texts[] = {seen->number, seen->civil, seen->account, seen->of, seen->words};
    for (size_t i = 0; i < SND_COUNT(texts); i++)
        if (!json_text_fits(texts[i]))
            return SND_E_BAD;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct json *payload = json_new_object();
    seen_put(payload, "number", seen->number);
    seen_put(payload, "civil", seen->civil);
    seen_put(payload, "account", seen->account);
    seen_put(payload, "of", seen->of);
    seen_put(payload, seen->sight == SIGHT_REVEAL ? "reason" : "words", seen->words);
    if (seen->seq != 0)
        json_put_int(payload, "seq", seen->seq);
    if (seen->sight != SIGHT_REQUEST)
        json_put_int(payload, "shown", seen->rows);
    err = event_append(store, seen_types[seen->sight], actor, &(struct event_about){.tx = seen->tx},
                       payload);
    json_free(&payload);
    return store_write_end(store, err);
}
