/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H
/* Test Anything Protocol for the unit tests: one line a point; tap_done() prints the plan and is
 * the program's exit status. */
#include "base/attr.h"
/* One point: ok when `good` isn't 0. The name is what tests/acceptance.tsv points at. */
SND_PRINTF(2, 3) int tap_ok(int good, const char *name, ...);
/* A remark, shown with the next failure. */
SND_PRINTF(1, 2) void tap_note(const char *format, ...);
/* ok when both texts are equal (NULL counts as a text of its own); shows both otherwise. */
int tap_is(const char *got, const char *want, const char *name);
int tap_is_int(long long got, long long want, const char *name);
int tap_done(void);
/* Path of a file in the source tree (SND_SRCDIR); borrowed until the next call. */
const char *tap_source(const char *path);
/* Where a test makes its folder: TMPDIR, else in memory where there is room, else /tmp. A test that writes
 * thousands of times need not wait for a disk each time. */
const char *tap_place(void);
#endif
