/* SPDX-License-Identifier: Apache-2.0 */
/* Anything that a client may send instead of keys. The first byte says how the rest is cut into
 * messages and whether the decoder is told to stop waiting in between; what comes out must be
 * something a screen can take. */
#include <stdint.h>

#include "base/err.h"
#include "term/keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_event(const struct key_event *event)
{
    snd_assert(event->key > K_NONE && event->key <= K_PLUS_PAD);
    if (event->key == K_CHAR || event->key == K_ALT)
        snd_assert(event->point >= 0x20 && event->point <= 0x10ffff &&
                   !(event->point >= 0x7f && event->point < 0xa0) &&
                   !(event->point >= 0xd800 && event->point < 0xe000));
    if (event->key == K_CTRL)
        snd_assert((event->point >= 'a' && event->point <= 'z') || event->point == ']');
    if (event->pasted)
        snd_assert(event->key == K_CHAR || event->key == K_ENTER || event->key == K_TAB);
    else if (event->key != K_CHAR && event->key != K_CTRL && event->key != K_ALT)
        snd_assert(event->point == 0 && key_word(event->key)[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct keys *keys = keys_new();
    struct key_event event;
    size_t step = size > 0 && data[0] % 16 != 0 ? data[0] % 16 : size;
    int expire = size > 0 && data[0] >= 128;

    for (size_t at = 1; at < size; at += step) {
        keys_feed(keys, data + at, size - at < step ? size - at : step);
        while (keys_next(keys, &event))
            check_event(&event);
        if (expire && keys_waiting(keys))
            keys_expire(keys);
    }
    keys_expire(keys);
    snd_assert(!keys_waiting(keys));
    keys_free(&keys);
    return 0;
}
