/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TERM_SEQUENCE_PRIV_H
#define TERM_SEQUENCE_PRIV_H
/* What a whole escape sequence means: keys.def and the modifiers that terminals put into it. */
#include "term/keys.h"

#define SEQUENCE_PARAMS_MAX 32 /* longer parameters are no key */

enum sequence {
    SEQUENCE_UNKNOWN,
    SEQUENCE_KEY, /* *out is set */
    SEQUENCE_PASTE_ON,
    SEQUENCE_PASTE_OFF,
};
/* The key of a sequence as it stands in keys.def (without its Esc, without modifiers): 1 or 0. */
int sequence_find(const char *bytes, struct key_event *out);
/* The meaning of Esc [ params final; params is shorter than SEQUENCE_PARAMS_MAX and is changed. */
enum sequence sequence_csi(char *params, char final, struct key_event *out);
#endif
