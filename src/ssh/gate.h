/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SSH_GATE_H
#define SSH_GATE_H
/* The SSH side: the gate accepts connections and forks a door for each; a door speaks SSH and hands
 * bytes to its desk. Neither opens a file once it runs; the desk's ends of the two sockets go to
 * the nursery. */
#include "base/attr.h"
#include "base/conf.h"
struct gate_args {
    const struct conf *conf;
    int listener; /* bound and listening */
    int nursery; /* SEQPACKET: each frame = {u8 'D', text peer} with two descriptors: control, bytes
                  */
    const char *host_key; /* path, ed25519 */
    const char *user;     /* service user, NULL = stay */
    int ready;            /* descriptor to write one byte to; -1 = none */
    int weak;
};
/* In the parent of gate and nursery, once: a whole throw-away SSH session with a throw-away key, so
 * that every later door shares those pages. `desk` runs the desk's half on the two sockets. */
void gate_warm(void (*desk)(int ctl, int bytes));
/* Runs until SIGTERM; loads the host key first. 0 or an error. */
SND_MUST int gate_run(const struct gate_args *args);
/* The SSH library that the program runs with: its version, and whether it is one that is good enough. */
const char *gate_library(void);
int gate_library_fits(void);
/* Makes an ed25519 host key at path, mode 0600; leaves one that is there. */
SND_MUST int gate_make_key(const char *path);
/* "SHA256:..." fingerprint of the key at path into out[64]. */
SND_MUST int gate_fingerprint(const char *path, char out[64]);
#endif
