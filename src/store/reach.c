/* SPDX-License-Identifier: Apache-2.0 */
/* How far somebody reaches. The only place that says what lies within; lists and look-ups ask it of
 * each row that they would give out, whatever way they found it by. */
#include <string.h>
#include "store/store.h"

const struct store_reach store_reach_all = {.kind = REACH_OF_ALL};

/* Is the word among those, with a space between them? */
static int reach_has(const char *codes, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = codes; *at != '\0';) {
        size_t span = strcspn(at, " ");
        if (span == len && memcmp(at, word, len) == 0)
            return 1;
        at += span;
        at += strspn(at, " ");
    }
    return 0;
}

int store_reach_holds(const struct store_reach *reach, const char *centre, const char *agency)
{
    switch (reach->kind) {
    case REACH_OF_ALL:
        return 1;
    case REACH_OF_CENTRES:
        return centre[0] != '\0' && reach_has(reach->codes, centre);
    case REACH_OF_AGENCY:
        return reach->codes[0] != '\0' && strcmp(reach->codes, agency) == 0;
    case REACH_OF_GOVERNORATE:
        return reach->codes[0] != '\0' && strncmp(reach->codes, centre, strlen(reach->codes)) == 0;
    case REACH_OF_NOBODY:
        break;
    }
    return 0;
}
