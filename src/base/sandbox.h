/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H
#include "base/attr.h"
/* What each process may still do once it has begun: its system calls (sandbox.def) and the files it
 * may reach. A call outside the list kills the process. */
enum sandbox_kind {
    SANDBOX_GATE,
    SANDBOX_DOOR,
    SANDBOX_NURSERY,
    SANDBOX_DESK,
    SANDBOX_LEDGER,
    SANDBOX_READER,
    SANDBOX_HASHER,
    SANDBOX_SYNC,    /* speaks to the hub: may connect outwards */
    SANDBOX_HUB,     /* takes connections at sockets it was given: connects to nobody but the ledger */
    SANDBOX_COURIER, /* speaks to agencies: may connect outwards */
    SANDBOX_FILES,   /* a desk that has narrowed itself to carry files or frames: reaches none */
    SANDBOX_KINDS
};
struct sandbox_path {
    const char *path;
    int write; /* may also create, write and remove below it */
};
/* Compiles every filter once, so that the processes forked from here share them. Optional. */
void sandbox_warm(void);
/* For good, in this order: no new privileges, not dumpable, landlock, seccomp with kill.
 * paths ends with a NULL path; one that doesn't exist is skipped. `weak` goes on where the kernel
 * lacks a part (logged), otherwise that is SND_E_SYS. */
SND_MUST int sandbox_enter(enum sandbox_kind kind, const struct sandbox_path *paths, int weak);
/* A process that has entered one goes into another that allows less, with no file at all. */
SND_MUST int sandbox_narrow(enum sandbox_kind kind, int weak);
/* 1 when the kernel has both landlock and seccomp filters. */
int sandbox_available(void);
#endif
