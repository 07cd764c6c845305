/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_DESK_TO_H
#define CMD_DESK_TO_H
/* `sanad desk --to`: the screens on this box, the office behind a line. The exit status. to is
 * USER@HOST[:PORT]; config is what ssh(1) takes with -F, or NULL. */
int desk_to_run(const char *to, const char *config);
#endif
