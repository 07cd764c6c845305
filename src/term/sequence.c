/* SPDX-License-Identifier: Apache-2.0 */
/* What a whole escape sequence means. The families of terminals stand in keys.def; here are only
 * the ways in which they say "with Shift, Alt, Ctrl", which are taken off so that one row of the
 * table stands for all of them. No screen gives a modified key a meaning of its own: too many
 * terminals can't send one. Replies of the terminal look much like keys; what isn't surely a key is
 * none. */
#include "term/sequence_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/mem.h"

struct row {
    const char *bytes;
    enum key key;
    uint32_t point;
};

/* Some hundred short comparisons for a key pressed by hand; families stay readable in keys.def. */
static const struct row rows[] = {
#define KEY_SEQ(bytes, name) {bytes, K_##name, 0},
#define KEY_PAD(bytes, point) {bytes, K_CHAR, point},
#include "term/keys.def"
#undef KEY_PAD
#undef KEY_SEQ
};

const char *key_word(enum key key)
{
    static const char *const words[] = {
#define KEY_NAME(name, word) [K_##name] = word,
#include "term/keynames.def"
#undef KEY_NAME
    };

    if ((size_t)key >= SND_COUNT(words) || words[key] == NULL)
        return "";
    return words[key];
}

int sequence_find(const char *bytes, struct key_event *out)
{
    for (size_t i = 0; i < SND_COUNT(rows); i++) {
        if (strcmp(rows[i].bytes, bytes) == 0) {
            *out = (struct key_event){.key = rows[i].key, .point = rows[i].point};
            return 1;
        }
    }
    return 0;
}

/* Number of a modifier as xterm counts them (2 = Shift .. 16). The upper end also keeps cursor
 * position reports from looking like keys. */
static int is_modifier(const char *digits)
{
    long value = strtol(digits, NULL, 10);

    return value >= 2 && value <= 16;
}

/* Cursor and PF keys with a modifier: `1;5A`; older terminals leave the 1 out. */
static int is_modified_letter(const char *first, const char *second, char final)
{
    if (second == NULL)
        return strchr("ABCDFH", final) != NULL && is_modifier(first);
    return strchr("ABCDFHPQRS", final) != NULL && strcmp(first, "1") == 0 && is_modifier(second);
}

enum sequence sequence_csi(char *params, char final, struct key_event *out)
{
    char name[SEQUENCE_PARAMS_MAX + 4];
    char *second;
    int cut;

    if (params[strspn(params, "0123456789;")] != '\0')
        return SEQUENCE_UNKNOWN; /* private marks and intermediates: replies, not keys */
    second = strchr(params, ';');
    if (second != NULL)
        *second++ = '\0';
    if (final == '~' && strcmp(params, "200") == 0)
        return SEQUENCE_PASTE_ON;
    if (final == '~' && strcmp(params, "201") == 0)
        return SEQUENCE_PASTE_OFF;
    if (strchr("~$^@z", final) != NULL)
        cut = str_format(name, sizeof name, "[%s%c", params, final == 'z' ? 'z' : '~');
    else if (params[0] == '\0' && second == NULL)
        cut = str_format(name, sizeof name, "[%c", final);
    else if (is_modified_letter(params, second, final))
        cut = str_format(name, sizeof name, "O%c", final);
    else
        return SEQUENCE_UNKNOWN;
    return cut == 0 && sequence_find(name, out) ? SEQUENCE_KEY : SEQUENCE_UNKNOWN;
}
