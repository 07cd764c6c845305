/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_OFFICE_H
#define CMD_OFFICE_H
/* An office that is about to be served: its files, configuration, users and port. */
#include "base/attr.h"
#include "base/conf.h"
#define OFFICE_LEDGER_USER "sanad-ledger"
#define OFFICE_DOOR_USER "sanad-door"
#define OFFICE_DESK_USER "sanad-desk"
#define OFFICE_HUB_USER "sanad-hub"
#define OFFICE_SYNC_USER "sanad-sync"
#define OFFICE_COURIER_USER "sanad-courier"
struct office {
    const char *state;
    struct conf conf;
    int weak;     /* go on where the kernel lacks part of the sandbox */
    int as_root;  /* the processes become the service users */
    int desk_uid; /* of the desks; -1 = everybody is us */
    int sync_uid, hub_uid, courier_uid; /* of who speaks over the network; the same */
    int listener; /* bound and listening */
    int port;     /* the one that was bound */
    int lock;     /* the pid file, locked: one server an office */
    char *db, *keyring, *socket, *host_key, *pid_file, *log_file;
};
/* Its files and configuration alone, for a process that serves a part of it. */
SND_MUST int office_read(struct office *office, const char *state, const char *port);
/* Everything. port: overrides the configuration's; NULL = doesn't. 0, or the exit status with the reason
 * printed. Close it either way. */
SND_MUST int office_open(struct office *office, const char *state, const char *port);
void office_close(struct office *office);
/* A socket that listens at a numeric address and port ("0": any), and the port that it got. 0, or the
 * exit status with the reason printed; `key` is the configuration's that said so. */
SND_MUST int office_listen(const char *key, const char *address, const char *port, int *out,
                           int *bound_port);
/* Tells whoever serves that office that what it says of the network has changed: 1, or 0 when nobody
 * serves it. */
int office_tell(const char *state);
/* Writes this process's id into the pid file, and the port that it listens on into run/port. */
SND_MUST int office_write_pid(const struct office *office);
#endif
