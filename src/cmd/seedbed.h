/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_SEEDBED_H
#define CMD_SEEDBED_H
/* The parent of gate and nursery: everything that a session would load or set up is loaded and set
 * up here once, and shared. */
#include "base/attr.h"
#include "base/conf.h"
struct seedbed_args {
    const struct conf *conf;
    int listener;
    const char *host_key;
    const char *ledger; /* its socket */
    const char *door_user; /* service users, NULL = stay */
    const char *desk_user;
    int ready; /* descriptor to write one byte to once the gate takes connections */
    int weak;
};
/* Leads a process group of its own, to which its doors and desks belong. Runs until SIGTERM; ends
 * when all of them have. */
SND_NORETURN void seedbed_run(const struct seedbed_args *args);
#endif
