/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_LOGFILE_H
#define CMD_LOGFILE_H
#define LOGFILE_MAX (8 * 1024 * 1024)
#define LOGFILE_TEND_MS 60000
/* Turns the log over when standard error is that file and has grown too long. */
void logfile_tend(const char *path);
#endif
