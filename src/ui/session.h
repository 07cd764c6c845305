/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UI_SESSION_H
#define UI_SESSION_H
/* One person at one terminal, from greeting to good-bye: the loop that the desk runs, over SSH and
 * on a local terminal alike. */
#include "book/book.h"
struct session_args {
    int in, out; /* the terminal's bytes; out is blocking */
    int ctl;     /* door's control socket (CTL_RESIZE, end of file = gone), or -1: local */
    const char *term;
    const char *client; /* banner of the SSH client, "" on a local terminal */
    int rows, cols;
    int far;           /* 1 = the line is long: what can be asked for is not sent unasked */
    int colour;        /* 0 = mono */
    struct book *book; /* logged in */
    struct book_me me;
    const char *peer;
    const char *preset; /* profile of terminals that can't be known, "ask" = the person is asked */
    const char *locale; /* LANG as the client sent it, "" = none; the account's own language wins */
};
enum session_end { SESSION_LEFT, SESSION_GONE, SESSION_STOPPED, SESSION_FAILED };
/* Before the sandbox, once: warms the words and the layout (needs text_open(), msg_open()). */
void session_warm(void);
/* Runs to the end. The terminal is restored; drafts are saved. SIGTERM ends it politely, SIGWINCH
 * (local) resizes. */
enum session_end session_run(const struct session_args *args);

/* The same without a screen: prompts and answers line by line (linemode.c). Nothing but text and LF
 * goes out; what is typed is shown by the terminal at the other end. term, rows, cols and colour are
 * not used. */
enum session_end linemode_run(const struct session_args *args);

/* How a form looks, without a server: every page on a rows x cols canvas, empty, as text. For
 * `sanad form show`. */
void session_show_form(const struct form *form, enum lang lang, int rows, int cols,
                       struct buf *out);
/* Paints every screen that shows texts of a form or of a list in that language on `cols` columns,
 * with everything on it that there can be, and tells of each text that does not fit its row, as it
 * stood there. For `sanad form check`. */
typedef void session_cut(void *arg, const char *text);
void session_check_form(const struct form *form, enum lang lang, int cols, session_cut *cut,
                        void *arg);
void session_check_list(const struct choices *choices, enum lang lang, int cols, session_cut *cut,
                        void *arg);
#endif
