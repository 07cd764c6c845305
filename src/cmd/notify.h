/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_NOTIFY_H
#define CMD_NOTIFY_H
/* state: "READY=1" or "STOPPING=1". */
void notify_manager(const char *state);
#endif
