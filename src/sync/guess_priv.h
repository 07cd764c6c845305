/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_GUESS_PRIV_H
#define SYNC_GUESS_PRIV_H
#include <stdint.h>
/* How often somebody was wrong about one thing (the number of a request, the code of a centre), or
 * at one address about anything, in the last hour. For several threads. */
struct guesses;
struct guesses *guesses_new(void);
void guesses_free(struct guesses **guesses);
/* 0, or seconds to wait. now: clock_mono_ms(). */
int guesses_wait(struct guesses *guesses, const char *thing, const char *peer, int64_t now);
void guesses_wrong(struct guesses *guesses, const char *thing, const char *peer, int64_t now);
#endif
