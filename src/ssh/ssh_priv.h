/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SSH_SSH_PRIV_H
#define SSH_SSH_PRIV_H
/* What the files of this room share. */
#include <libssh/libssh.h>
#include <libssh/server.h>
#include "base/attr.h"
#include "base/conf.h"
#include "base/ctl.h"

/* The host key, and the holder of key and algorithms that every session is made from. The holder
 * takes the key over; free it with ssh_bind_free(). */
SND_MUST int hostkey_load(const char *path, ssh_key *out);
SND_MUST int hostkey_bind(ssh_key key, ssh_bind *out);

/* One connection. */
struct door_args {
    ssh_bind bind;
    const struct conf *conf;
    int socket;       /* the accepted connection; the door's to close */
    int ctl;          /* control socket to the desk */
    int bytes;        /* the terminal's bytes, to and from the desk */
    int report;       /* closed as soon as somebody has logged in: the gate is waiting for that */
    const char *peer; /* address:port */
};
/* Speaks SSH until the connection is over; closes all four descriptors. Installs no signal handlers
 * and no sandbox. */
void door_serve(const struct door_args *args);
/* The same as a process of its own, never returns: a clock that ends it, signals, the sandbox. */
SND_NORETURN void door_run(const struct door_args *args, int weak);

/* A public key as the ledger keeps it, "type base64", into out[CTL_KEY]. SND_E_BAD unless it is
 * one of the plain kinds: never a certificate, whoever signed it. */
SND_MUST int plainkey_text(ssh_key key, char *out);
#endif
