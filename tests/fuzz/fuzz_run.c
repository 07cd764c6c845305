/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a run of events from another machine. What is read is whole within its bounds, and
 * written again it is the same bytes. */
#include <stdint.h>
#include <string.h>
#include "base/err.h"
#include "store/feed_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same_again(const struct feed_record *record, const uint8_t *bytes, size_t len)
{
    struct buf again = BUF_INIT(FEED_RECORD_MAX + 4096);
    if (record->relayed)
        feed_record_put_relayed(&again, &record->from);
    else
        feed_record_put(&again, &record->event, record->payload, record->len, record->kept);
    /* A number or a hash may be written in a longer way than ours; what is read of it is the same.
     */
    struct feed_record twice;
    struct wire body;
    size_t whole;
    snd_assert(feed_record_next(again.data, again.len, &body, &whole) == 1 && whole == again.len);
    snd_assert(feed_record_get(&body, &twice) == 0);
    snd_assert(memcmp(&twice.event, &record->event, sizeof twice.event) == 0);
    snd_assert(whole <= len || bytes == NULL);
    x_free(&twice.kept);
    buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t all, at = 0, whole;
    struct wire body;
    int sound = feed_whole(data, size, &all);
    snd_assert(all <= size);
    while (feed_record_next(data + at, size - at, &body, &whole) == 1) {
        struct feed_record record;
        struct store_place from;
        if (feed_record_get(&body, &record) == 0) {
            same_again(&record, data + at, whole);
            (void)feed_relayed(record.event.peer, &from);
            x_free(&record.kept);
        }
        at += whole;
    }
    snd_assert(at == all || sound != 0);
    return 0;
}
