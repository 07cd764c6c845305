/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TERM_SCREEN_H
#define TERM_SCREEN_H
/* The canvas on a real terminal, through ncurses; the only place that calls it. Works on a terminal
 * device and on a blocking socket alike; SIGPIPE must be ignored. */
#include <stdio.h>
#include "term/canvas.h"
#include "term/profile.h"
struct screen;
/* Once per process that will fork desks, before the sandbox: loads what ncurses loads lazily. */
void screen_warm(void);
/* term: the client's TERM, already [A-Za-z0-9+._-]{1,32}; unknown ones fall back (suffix cut,
 * xterm, vt100). colour: 0 = never. SND_E_SYS when not even vt100 is known. */
SND_MUST int screen_open(int in, int out, const char *term, int rows, int cols, int colour,
                         struct screen **out_screen);
/* Treats the terminal so from the next picture on, which repaints everything. At first: PLAIN. */
void screen_treat(struct screen *screen, enum profile profile);
enum profile screen_treated(const struct screen *screen);
/* With colours or without, from the next picture on, which repaints everything; never with where the
 * terminal has none. */
void screen_colours(struct screen *screen, int on);
/* Bytes past ncurses, between two pictures: questions to the terminal. */
void screen_send(struct screen *screen, const char *bytes);
/* Restores the terminal's modes and leaves the alternate screen. */
void screen_close(struct screen **screen);
/* The next picture starts from a cleared terminal, also when the size is the same. */
void screen_resize(struct screen *screen, int rows, int cols);
/* Sends what changed since the last call, as few bytes as ncurses can: only dirty rows are looked
 * at. full: clears and repaints everything (Ctrl-L). */
void screen_show(struct screen *screen, struct canvas *canvas, int full);
/* Bytes written but not yet taken by the other side (a socket's SIOCOUTQ); 0 for a terminal device.
 * While > 0 the caller skips frames. */
int screen_pending(const struct screen *screen);
#endif
