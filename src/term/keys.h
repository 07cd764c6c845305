/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TERM_KEYS_H
#define TERM_KEYS_H
/* Bytes from the terminal -> key events. Pure: a table of sequences (keys.def: xterm, VT, rxvt,
 * Linux, PuTTY, SCO) and a small state, no clock of its own. */
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
enum key {
    K_NONE = 0,
    K_CHAR,   /* a character: event.point */
    K_ANSWER, /* no key: here came the answer to TERMINAL_ECHO, where answers are wanted */
#define KEY_NAME(name, word) K_##name,
#include "term/keynames.def"
#undef KEY_NAME
};
struct key_event {
    enum key key;
    uint32_t point; /* of K_CHAR; of K_CTRL: the letter 'a'..'z' or ']' ; of K_ALT: the character
                       after Esc */
    int pasted;     /* inside a bracketed paste */
};
struct keys; /* decoder state */
struct keys *keys_new(void);
void keys_free(struct keys **keys);
/* Feeds bytes as they came in one message. An Esc that ends a message alone is the key Esc, at
 * once; an unfinished longer sequence waits for keys_expire(). Unknown sequences are dropped whole.
 * Modifiers of named keys are dropped: Ctrl-Left is Left. In a bracketed paste only K_CHAR, K_ENTER
 * and K_TAB come, marked; Ctrl-C ends it. */
void keys_feed(struct keys *keys, const void *bytes, size_t len);
/* Takes the next event: 1, or 0 when there is none. */
int keys_next(struct keys *keys, struct key_event *out);
/* Whether answers of the terminal are kept (at first: no, they are dropped like unknown sequences).
 * Answers: `Esc [` with one of `?>=` first, reports of modes, and strings. Beyond KEYS_REPLIES not
 * yet taken, and KEYS_REPLY bytes, they are dropped. */
#define KEYS_REPLIES 16
#define KEYS_REPLY 80
void keys_want_replies(struct keys *keys, int wanted);
/* Takes the next one, without Esc and without the end of a string; NULL when there is none.
 * Borrowed until the next feed. */
const char *keys_reply(struct keys *keys);
/* 1 when an unfinished sequence is waiting, or a reported Esc for its digit (then call
 * keys_expire() when KEYS_WAIT_MS have passed without a message). */
#define KEYS_WAIT_MS 1000
int keys_waiting(const struct keys *keys);
void keys_expire(struct keys *keys);
/* Esc+digit arrives as F-key events (Esc 1..9 -> F1..F9, Esc 0 -> F10; Arabic digits too): decided
 * here, so that every screen has it. Pressed one after the other they arrive as K_ESC and then the
 * F-key, so a single K_ESC must do no harm. Word of a key for help lines and tests ("F1", "Enter").
 */
const char *key_word(enum key key);
/* Keys as a text, which may outlive their session (keytext.c). put: at the end of *out, 1; 0 =
 * there is no room, or it is no key. get: the next one, `at` moves on; 0 at the end. What could be
 * no key is passed over. KEYTEXT_MARK is no sign of such a text, nor of any that is typed. */
#define KEYTEXT_MARK '\x1e'
int keytext_put(const struct key_event *event, struct buf *out);
int keytext_get(const char **at, struct key_event *out);
#endif
