/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of events, as the table has them. A word that isn't there is no mistake: it came from a
 * newer program. */
#include <string.h>
#include "base/err.h"
#include "store/event_priv.h"

static const struct {
    const char *word;
    enum event_up up;
    enum event_down down;
} event_types[] = {
#define EVENT(name, word, apply, up, down) {word, UP_##up, DOWN_##down},
#include "store/events.def"
#undef EVENT
};

const char *event_word(enum event_type type)
{
    return event_types[type].word;
}

int event_type_find(const char *word, enum event_type *out)
{
    for (size_t i = 0; i < SND_COUNT(event_types); i++)
        if (strcmp(event_types[i].word, word) == 0) {
            *out = (enum event_type)i;
            return 0;
        }
    return SND_E_NOTFOUND;
}

enum event_up event_up(enum event_type type)
{
    return event_types[type].up;
}

enum event_down event_down(enum event_type type)
{
    return event_types[type].down;
}
