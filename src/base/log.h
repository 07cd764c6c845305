/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LOG_H
#define BASE_LOG_H
#include <stddef.h>
#include "base/attr.h"
/* One line a happening on standard error: UTC time, process name, pid, event, key=value fields.
 * Everything is escaped so that a line stays one line of printable ASCII. Never pass what a
 * citizen said or typed. Each happening is logged once, where it is handled. */
enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };
/* Name of this process in the lines ("gate", "ledger", ...), and the least level that is written. */
void log_open(const char *process, enum log_level least);
/* event: a fixed dotted name such as "door.auth_refused"; fields: "key=%s key=%d" in printf style. */
SND_PRINTF(3, 4) void log_event(enum log_level level, const char *event, const char *fields, ...);
#define log_error(...) log_event(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...) log_event(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...) log_event(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_event(LOG_LEVEL_DEBUG, __VA_ARGS__)
/* Copies peer-supplied text with everything unprintable as \xHH, cut to fit; returns out. */
char *log_escape(char *out, size_t size, const char *text);
#endif
