/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SSH_DOOR_PRIV_H
#define SSH_DOOR_PRIV_H
/* One connection's state, shared by the door's four files: door.c (its life), doorlogin.c (who is
 * it), dooropen.c (what is asked for), doorpump.c (the terminal's bytes). */
#include <libssh/callbacks.h>
#include <stddef.h>
#include <stdint.h>
#include "ssh/ssh_priv.h"

#define DOOR_CHUNK 16384 /* bytes taken from the desk at once */

enum door_stage {
    DOOR_LOGIN,   /* key exchange and login */
    DOOR_WAITING, /* logged in, nothing opened yet */
    DOOR_RUNNING, /* the desk has the terminal */
    DOOR_LEAVING, /* everything is said; the last bytes are on their way */
};

struct door {
    ssh_session session;
    ssh_channel channel;
    ssh_event event;
    struct ssh_server_callbacks_struct server_calls;
    struct ssh_channel_callbacks_struct channel_calls;
    const struct door_args *args;
    int ctl, bytes, report; /* ours to close; -1 = closed */
    enum door_stage stage;
    int64_t deadline; /* of this stage, monotonic ms; 0 = none */
    int tries;        /* refused logins so far */
    int over;         /* the connection can't or must not go on */
    int gathers;      /* what is said leaves at the end of a turn, in one piece */
    /* what the client asked for */
    int has_pty;
    int mono; /* no colours */
    int wants_shell;
    enum ctl_type wants_bytes;      /* a subsystem: CTL_FILES or CTL_BOOK, 0 = none */
    int resized;                    /* and the desk doesn't know yet */
    const struct unserved *refused; /* what it asked for and isn't served */
    uint32_t rows, cols;
    char term[CTL_TERM], lang[CTL_TERM];
    int64_t confirmed; /* when it was told that it has a channel, */
    uint32_t rtt_ms;   /* and how long it took until it asked for a terminal there */
    /* the desk's side */
    short watched;    /* poll events asked for on `bytes` */
    int readable;     /* `bytes` has something, or has ended */
    int spoke;        /* something of it has been passed on, */
    int64_t first_at; /* nor is it read before, unless the first picture is there; 0 = any time */
    int input_held;   /* libssh holds what the desk had no room for */
    enum { INPUT_OPEN, INPUT_ENDING, INPUT_ENDED } input_ended; /* the client's end of file */
    int bytes_ended;                                            /* the desk closed its end */
    int ctl_readable; /* the control socket has something, or has ended */
    int desk_told;    /* CTL_EXIT came: the screen is restored */
    int exit_status;
    char modes[64]; /* what undoes the terminal modes that the desk has set */
    size_t out_at, out_len;
    size_t in_at, in_len; /* taken back from libssh, not yet by the desk */
    char in[4096];
    char out[DOOR_CHUNK]; /* taken from the desk, not yet by libssh */
};

/* A request that is answered with a line and not with a screen: unserved.def. */
struct unserved {
    const char *name; /* for the desk */
    const char *line; /* for the client */
};

/* The callbacks of login, and of opening the one session channel. */
void doorlogin_set(struct door *door);
ssh_channel dooropen_channel(ssh_session session, void *userdata);

/* Says goodbye: exit status, end of file, close; then the stage is DOOR_LEAVING. */
void door_leave(struct door *door, int status);
void door_stage(struct door *door, enum door_stage stage, int64_t ms);

/* Begins watching the desk's two sockets. SND_E_SYS. */
SND_MUST int doorpump_start(struct door *door);
/* Ends that: a socket whose other end has gone would wake the loop for ever. */
void doorpump_stop(struct door *door);
/* Passes what the client typed; returns how many bytes the desk took. */
size_t doorpump_input(struct door *door, const void *bytes, size_t len);
/* One turn: held input, then at most one chunk of output. */
void doorpump_turn(struct door *door);
/* Writes a text outside the desk's stream, as far as the window lets it. */
void doorpump_say(struct door *door, const char *text, int to_stderr);
#endif
