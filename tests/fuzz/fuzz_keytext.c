/* SPDX-License-Identifier: Apache-2.0
 * Keys that come back from a book, as a text that anybody may have put there: each is one that a
 * terminal could have sent, and goes through the same text once more. */
#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "term/keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = x_alloc(size + 1);
    struct key_event event, again;
    memcpy(text, data, size);
    for (const char *at = text; keytext_get(&at, &event);) {
        struct buf one = BUF_INIT(64);
        snd_assert(event.key > K_NONE && event.key <= K_PLUS_PAD && at <= text + size);
        snd_assert(keytext_put(&event, &one));
        const char *there = buf_text(&one);
        snd_assert(keytext_get(&there, &again) && *there == '\0');
        snd_assert(again.key == event.key && again.point == event.point &&
                   again.pasted == event.pasted);
        buf_free(&one);
    }
    x_free(&text);
    return 0;
}
