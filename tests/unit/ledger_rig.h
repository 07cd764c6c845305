/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_LEDGER_RIG_H
#define TESTS_LEDGER_RIG_H
/* An office in a folder of its own with a real ledger in a process of its own; one account for each
 * role, named by the role's word; the forms TS-01 (open) and TS-02 (closed). */
#include <sys/types.h>
#include "book/book.h"
#define RIG_PASSWORD "correct horse"
struct rig {
    char folder[64], db[96], keyring[96], socket[96];
    pid_t ledger; /* 0 = not running */
    int document_mib, inbox_mib; /* 0 = as usual */
    uint8_t open_form[HASH_SIZE], closed_form[HASH_SIZE];
};
/* The usual rig is a demonstration, which asks nobody for one-time codes; RIG_CODES asks. */
enum rig_kind { RIG_EARNEST, RIG_USUAL, RIG_CODES };
/* Ends the test program when the office can't be made. */
void rig_make(struct rig *rig, enum rig_kind kind);
/* The same for another centre than DA01-003. */
void rig_make_at(struct rig *rig, enum rig_kind kind, const char *centre);
/* Before it is started: a request of another centre to another agency; its number. */
void rig_add_request(struct rig *rig, const char *centre, const char *agency, char number[24]);
void rig_start(struct rig *rig);
/* Sends the signal and waits for the end; returns what waitpid() said. */
int rig_end(struct rig *rig, int signal);
void rig_remove(struct rig *rig);
/* The text of TS-01 under another code of five letters, and the one list that it names. */
#define RIG_FORM 2048
void rig_form_text(const char *code, char out[RIG_FORM]);
extern const char rig_list[];
/* The key of an account, "type base64". */
const char *rig_key(const char *account);
/* Logged in by key, or the test program ends. */
struct book *rig_login(const struct rig *rig, const char *account);
struct book *rig_shell(const struct rig *rig);
/* A record of TS-01 with every value right. The form is the book's. */
struct record *rig_record(struct book *book, const struct rig *rig, const char *name);
/* `sanad fsck` in short: findings in the book, -1 when it could not be opened. Notes each. */
int rig_check(const struct rig *rig, int64_t *requests);
/* With its book open, when it can be opened; the ledger was stopped. */
struct store;
void rig_with_store(const struct rig *rig, void (*does)(struct store *store, void *arg), void *arg);
/* rig_check(), added to an ending. */
struct ending;
void rig_ending(const struct rig *rig, struct ending *ending);

/* Without the book room: raw frames. */
int rig_connect(const struct rig *rig);
void rig_begin(struct buf *frame, uint32_t tag, const char *operation, const struct id *id);
/* Sends, frees the frame, waits (10 s) for the answer with that tag: 0 and *status, or SND_E_LOST.
 */
int rig_ask(int fd, struct buf *frame, int *status, struct wire *answer);
int rig_raw_login(int fd, const char *account, uint8_t ticket[32]);
#endif
