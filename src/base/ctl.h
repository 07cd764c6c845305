/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CTL_H
#define BASE_CTL_H
/* What a door and its desk say to each other over their control socket (SEQPACKET, wire frames).
 * The door asks and the desk answers, in turn, until CTL_START; after that either may speak.
 * The terminal's bytes go over a second, STREAM socket. */
#include <stdint.h>
#include "base/attr.h"
#define CTL_NAME 33      /* user name [a-z0-9._-]{1,32} and a zero */
#define CTL_PASSWORD 257 /* 256 bytes at most */
#define CTL_KEY 4096     /* public key in OpenSSH's form "type base64" and a zero */
#define CTL_TERM 33
#define CTL_PEER 64
#define CTL_TEXT 512
#define CTL_FAR_MS 250 /* of a round trip: by satellite, or through a crowded telephone network */

enum ctl_type {
    CTL_PASSWORD_TRY = 1, /* door: user, text = password                        */
    CTL_KEY_PROVEN,       /* door: user, text = key; libssh checked the signature */
    CTL_ANSWER,           /* desk: status = 0 or SND_E_AUTH, SND_E_LIMIT, ...   */
    CTL_START,   /* door: term ("" = no terminal: line mode), rows, cols, lang (of LANG/LC_ALL, may
                    be ""), peer, banner, rtt_ms, mono */
    CTL_RESIZE,  /* door: rows, cols                                   */
    CTL_REFUSED, /* door: text names what was asked for and isn't served (exec, subsystem, no
                    terminal) */
    CTL_MODES,   /* desk: text = what undoes the modes that it has set, for when it dies  */
    CTL_FILES,   /* door: peer, lang; files are asked for in the place of a screen */
    CTL_BOOK,    /* door: peer, lang; the ledger's frames, for screens on the client's side */
    CTL_SAY,     /* desk: text = a line for the client beside what it gets */
    CTL_PAINTED, /* desk, on a long line: the bytes hold the first picture, whole */
    CTL_EXIT,    /* desk: status = exit status; the screen is restored */
};
struct ctl {
    enum ctl_type type;
    int status;
    uint32_t rows, cols;
    uint32_t rtt_ms; /* to the client and back, as its login took; 0 = unknown */
    uint32_t mono;   /* the client asks for no colours */
    char user[CTL_NAME];
    char term[CTL_TERM];
    char lang[CTL_TERM];
    char peer[CTL_PEER];   /* address:port of the client */
    char banner[CTL_TEXT]; /* the client's SSH banner */
    char text[CTL_KEY];
};
/* 0, SND_E_BUSY (socket is non-blocking and full) or SND_E_LOST. */
SND_MUST int ctl_send(int socket, const struct ctl *message);
/* 1 = a message, 0 = the other side has gone, SND_E_BUSY, SND_E_BAD. The message is wiped first. */
SND_MUST int ctl_recv(int socket, struct ctl *message);
/* 1 when the name is [a-z0-9._-]{1,32}. */
int ctl_name_ok(const char *name);
#endif
