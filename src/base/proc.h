/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_PROC_H
#define BASE_PROC_H
#include <stddef.h>
#include <sys/types.h>
#include "base/attr.h"
/* Socket pairs, close-on-exec. 0 or SND_E_SYS. */
SND_MUST int proc_pair_packets(int out[2]);
SND_MUST int proc_pair_bytes(int out[2]);
SND_MUST int proc_nonblocking(int fd, int on);
/* Closes *fd if it is open and sets it to -1. */
void proc_close(int *fd);
/* Writes everything, over short writes and interrupts; 0 or an error. For blocking descriptors. */
SND_MUST int proc_write_all(int fd, const void *bytes, size_t len);
/* Reads a whole file of at most max bytes; *out is yours to x_free() and is zero-terminated. */
SND_MUST int proc_read_file(const char *path, size_t max, char **out, size_t *len);
/* Writes a file by way of a temporary name, fsync and rename, so that it is whole or not there. */
SND_MUST int proc_write_file(const char *path, const void *bytes, size_t len, mode_t mode);
/* Makes what was renamed, made or removed beside that file last. */
SND_MUST int proc_sync_folder(const char *path);
/* Copies a file of any length to a new one (SND_E_EXISTS) and syncs it. */
SND_MUST int proc_copy_file(const char *from, const char *to, mode_t mode);
/* Forks; the child has default signals, its name set (as in ps), and dies with SIGTERM when its
 * parent dies if `tied`. Returns as fork(2). */
pid_t proc_fork(const char *name, int tied);
/* What ps shows of this process from now on. */
void proc_name(const char *name);
/* Asks the scheduler for short turns, for this process and all it will fork: who needs the processor
 * for some microseconds at a time then comes before who needs it for long, and has no larger share.
 * Linux 6.12 and later (sched_setattr(2), sched_runtime of SCHED_OTHER); no effect before. */
void proc_short_turns(void);
/* Lets processes that work for people go first, for this one and all it will fork or start. */
void proc_give_way(void);
/* Gives up root for a service user, for good. Does nothing when not root. 0 or SND_E_SYS. */
SND_MUST int proc_become(const char *user);
/* A listening / connected Unix SEQPACKET socket. */
SND_MUST int proc_listen_packets(const char *path, mode_t mode, int *out);
SND_MUST int proc_connect_packets(const char *path, int *out);
/* For when no descriptor is left. A spare one is kept (-1 = not there; spare takes it, if there is
 * one to take) and given up for a moment to hang up on somebody who waits at the listener, instead
 * of leaving him there. 1 when somebody was turned away. */
void proc_spare(int *spare);
int proc_turn_away(int listener, int *spare);
/* User id and pid of the other side of a Unix socket. */
SND_MUST int proc_peer(int socket, uid_t *uid, pid_t *pid);
#endif
