/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_JOIN_PRIV_H
#define CMD_JOIN_PRIV_H
/* What the two ways of joining a hub share. */
#include "base/attr.h"
#include "book/book.h"
#include "sync/back.h"
#include "sync/join.h"
/* The hub's address and the invitation as they were typed. */
struct join_typed {
    char url[BOOK_TEXT];
    struct invite invite;
};
/* Certificate, key and the hub's authority into the folder of the state. 0 or an error. */
SND_MUST int join_keep_files(const char *state, const struct join_answer *answer);
/* An office that has lost its book gets it back: the centre of that code, into a folder without an
 * office. Goes on where it was ended. The exit status. */
int join_regain(const char *state, const char *centre, const struct join_typed *typed);

/* ---- the second half of that: the office is there ---- */
/* The hub at that address, asked with the certificate that lies in the state. NULL: not there. */
struct regain_line;
struct regain_line *regain_line_open(const char *state, const char *url);
void regain_line_close(struct regain_line **line);
struct back *regain_line_back(const struct regain_line *line);
/* What to do when something did not come: waits and says so, or 0 when it is no use. Called with BACK_CAME
 * it forgets the trouble. */
int regain_line_again(struct regain_line *line, enum back_came came);
/* One line that grows on a terminal, and now and then a line of its own elsewhere. */
SND_PRINTF(2, 3) void regain_progress(struct regain_line *line, const char *format, ...);
/* Its documents, and what a person must know. The exit status. */
int regain_rest(const char *state, struct regain_line *line);
#endif
