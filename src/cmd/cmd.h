/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_CMD_H
#define CMD_CMD_H
/* What the subcommands share. A subcommand gets its own arguments and returns the exit status:
 * 0 done, 1 refused or failed (one sentence on standard error), 2 wrong use. */
#include "base/attr.h"
#include "book/book.h"
#define COMMAND(name, words, function, arguments, help) int function(int argc, char **argv);
#include "cmd/commands.def"
#undef COMMAND

/* Loads what is loaded once. 0, or the exit status with the reason printed. */
SND_MUST int cmd_begin(void);
/* Takes `--name VALUE` (or `--name=VALUE`) out of argv; NULL when it isn't there. */
char *cmd_option(int *argc, char **argv, const char *name);
int cmd_flag(int *argc, char **argv, const char *name);
/* Prints how the command is called, returns 2. */
int cmd_usage(const char *words);
/* "sanad: sentence" on standard error, returns 1. */
SND_PRINTF(1, 2) int cmd_fail(const char *format, ...);
/* Prints a JSON value, indented, and frees it. */
struct json;
void cmd_print_json(struct json *json);
/* The state folder: --state, else SANAD_STATE, else /var/lib/sanad. */
const char *cmd_state(int *argc, char **argv);
/* A path inside the state folder, yours to x_free(). */
char *cmd_path(const char *state, const char *name);
/* Path of the office's key ring, yours to x_free(). Whether the book can be opened with it: 0, or the
 * exit status with the reason printed. A book that was never sealed gets a ring if it has none. */
struct conf;
char *cmd_keyring(const char *state, const struct conf *conf);
SND_MUST int cmd_keyring_ready(const char *db, const char *keyring);
/* The same path as the configuration that is there says, if any; and the ring, read. 0, or an error
 * already printed. */
struct vault;
SND_MUST int cmd_keyring_of(const char *state, char **out);
SND_MUST int cmd_vault(const char *state, struct vault **out);
/* Where forms and catalogues are: the installed folders, or SANAD_DATADIR / SANAD_LOCALEDIR (for
 * tests). Forms stand in DATADIR/screens. */
const char *cmd_datadir(void);
const char *cmd_localedir(void);
/* 0 when there is an office that this person may work with and this program can; else an error, already
 * printed. */
SND_MUST int cmd_there(const char *state);
/* Connects to the office's ledger, starting a ledger of its own for the time of the command when none
 * runs: as nobody yet / as the command line. 0 or an error, already printed. Close either with
 * cmd_book_close(). */
SND_MUST int cmd_book_connect(const char *state, struct book **out);
SND_MUST int cmd_book_open(const char *state, struct book **out);
void cmd_book_close(struct book **book);
/* Takes --notice and --notice-en out of argv: what clerks are to be told of a service. 0, or a
 * status after one sentence. */
SND_MUST int cmd_notice(int *argc, char **argv, struct book_notice *out);
/* A command whose first argument says which of several things to do: runs that one with the
 * office's ledger open and returns its status; 2 when there is no such one. */
struct cmd_verb {
    const char *word;
    int (*function)(struct book *book, int argc, char **argv);
};
/* The state folder of the office that a verb runs in. */
const char *cmd_verb_state(void);
int cmd_verb_run(const char *command, const struct cmd_verb *verbs, size_t count, int argc,
                 char **argv);
#endif
