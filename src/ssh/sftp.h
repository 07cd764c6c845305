/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SSH_SFTP_H
#define SSH_SFTP_H
/* The SSH file transfer protocol, version 3, over any stream of bytes: a tree of names that exists
 * nowhere but in the functions that answer for it. Nothing here opens a file. */
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
#include "base/buf.h"
#define SFTP_PATH 1024    /* bytes of a path that is looked at */
#define SFTP_READ 32768   /* most bytes of one answer */
#define SFTP_HANDLES 256  /* open at once */
#define SFTP_PACKET 98304 /* bytes of a packet; a longer one ends the conversation */

struct sftp_attr {
    int folder;
    int has_size;
    int64_t size;
    int64_t time; /* seconds since 1970 */
};
struct sftp_entry {
    const char *name;
    struct sftp_attr attr;
};
enum sftp_open {
    SFTP_OPEN_READ = 1,
    SFTP_OPEN_WRITE = 2,
    SFTP_OPEN_APPEND = 4,
    SFTP_OPEN_NEW = 32
};
/* What a tree can do; paths are absolute, without ".", ".." or a slash at the end. Each gives 0 or
 * SND_E_...; a file or list that was opened is given back with close. */
struct sftp_tree {
    void *arg;
    int (*stat)(void *arg, const char *path, struct sftp_attr *out);
    int (*open)(void *arg, const char *path, unsigned how, void **file);
    int (*read)(void *file, int64_t offset, size_t max, struct buf *out); /* nothing: the end */
    int (*write)(void *file, int64_t offset, const void *bytes, size_t len);
    int (*stat_file)(void *file, struct sftp_attr *out);
    int (*close)(void *file, int whole); /* whole = 0: the conversation broke off */
    int (*list)(void *arg, const char *path, void **list);
    int (*next)(void *list, struct sftp_entry *out); /* 1, or 0 at the end */
    void (*close_list)(void *list);
    int (*remove)(void *arg, const char *path);
    int (*rename)(void *arg, const char *from, const char *to);
};
struct sftp;
struct sftp *sftp_new(const struct sftp_tree *tree);
/* Closes what is open. */
void sftp_free(struct sftp **sftp);
/* Takes bytes of the client, in pieces as they come, and puts the answers into *out. SND_E_BAD:
 * this is no such conversation; it must end. */
SND_MUST int sftp_feed(struct sftp *sftp, const void *bytes, size_t len, struct buf *out);
/* The path without ".", "..", doubled slashes and a slash at the end; *up = it had a "..".
 * SND_E_BAD. */
SND_MUST int sftp_path(const char *text, size_t len, char out[SFTP_PATH], int *up);
#endif
