/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_KEEP_H
#define CMD_KEEP_H
/* What the commands that look after an office share. */
#include <stdint.h>
#include "base/attr.h"
#define KEEP_ENCLOSED_MAX (1 << 20)
#define KEEP_DOCUMENT_MAX (1100 * (1 << 20)) /* of one that is sealed */
#define KEEP_STAMP 17 /* 20180114T083015Z and a zero */
#define KEEP_TIME 17  /* 2018-01-14 12:30 and a zero */

/* The small files of a state folder that a backup may carry; ends with a NULL name. */
struct keep_file {
    const char *name;
    int secret; /* only when keys are asked for */
};
extern const struct keep_file keep_files[];

/* Who types a command, `cli:<unix user>`, at this moment and of that centre ("" = none). */
struct store_actor;
void keep_actor(const char *centre, struct store_actor *out);
/* The moment, as part of a file's name. */
void keep_stamp(char out[KEEP_STAMP]);
/* A moment in Oman's time, for people. */
void keep_time(int64_t utc_ms, char out[KEEP_TIME]);
#endif
