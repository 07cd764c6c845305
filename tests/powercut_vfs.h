/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_POWERCUT_VFS_H
#define TESTS_POWERCUT_VFS_H
/* A disk for SQLite that loses its power. Files live in memory; what was written since a file's
 * last sync survives a cut as a random part of the writes, some of them torn between sectors. */
#include "base/attr.h"
/* From now on SQLite opens its files here. Give it once, in a process that will end by the cut. */
void powercut_start(unsigned seed);
/* Puts a real file's bytes on the disk under that name, safely written. 0 or SND_E_... */
SND_MUST int powercut_load(const char *path);
/* The power goes before the n-th write, truncation, deletion or sync from now: what survives is
 * written to the real files of the same names, and the process ends with status 0. */
void powercut_after(long operations);
/* From now on each write and sync fails with this SQLite code, and does nothing; 0 heals. */
void powercut_fail(int code);
/* The n-th write, truncation, deletion or sync from now fails so, and with `for_good` all after it. /
 * A fault that came for good is over; one that is still to come does not come any more. */
void powercut_fail_at(long operations, int code, int for_good);
void powercut_heal_once(void);
/* Cuts now. */
SND_NORETURN void powercut_now(void);
/* Operations so far. */
long powercut_operations(void);
#endif
