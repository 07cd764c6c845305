/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_STORE_H
#define STORE_STORE_H
/* The office's database: an append-only, chained event log; everything else is a projection
 * written in the same transaction (shared state), or local state (drafts, tickets, answers). The
 * only room with SQL in it. A store is one connection: the writer's, or a reader's (read-only, with
 * an authorizer that denies writes). Never carry one across fork. */
#include <stdint.h>
#include "base/hash.h"
#include "base/id.h"
#include "base/mem.h"
#include "form/record.h"
struct store;
struct vault;
enum store_mode { STORE_CREATE, STORE_WRITE, STORE_READ, STORE_ALONE };
/* path: the database file (STATE/office.db). WAL, synchronous=FULL for writers; brings the schema
 * forward. STORE_ALONE writes too, into one plain file that nobody else has open (SND_E_BUSY). The
 * vault (base/vault.h) seals what citizens said; it is borrowed and must outlive the store.
 * SND_E_VERSION, SND_E_CORRUPT, SND_E_IO, SND_E_NOTFOUND, SND_E_EXISTS. */
SND_MUST int store_open(const char *path, enum store_mode mode, const struct vault *vault, struct store **out);
/* Who hears of it while stores that are opened by this process come forward from an older version:
 * at each version, and about once a second. NULL = nobody. */
void store_tell_forward(void (*tell)(void *arg, int64_t version, int64_t newest), void *arg);
/* Whether a database was sealed already: then it opens with its own key ring and with no other. One
 * that was not is sealed when it is next opened for writing. */
SND_MUST int store_is_sealed(const char *path, int *sealed);
const struct vault *store_vault(const struct store *store);
void store_close(struct store **store);

/* Every call that writes is whole or nothing: outside a batch it is a transaction of its own.
 * Group commit. A batch is one transaction; each operation in it is a savepoint, so one that fails
 * takes nothing of the others with it. Answers may be sent only after store_batch_commit() gave 0.
 * A failed commit leaves nothing of the batch. fsync errors are SND_E_IO: the store then takes no more
 * writes and the caller must stop. SND_E_FULL leaves nothing of the batch and it can be tried again. */
#define store_batch_begin(store) store_batch_begin_at((store), __FILE__, __LINE__)
SND_MUST int store_batch_begin_at(struct store *store, const char *file, int line);
SND_MUST int store_batch_commit(struct store *store);
void store_batch_rollback(struct store *store);
SND_MUST int store_step_begin(struct store *store);
SND_MUST int store_step_end(struct store *store, int keep);
/* Steps that share one savepoint with those before them, or the whole transaction when nothing else
 * was written in it: that is most of the cost of a step. What can't be kept of one takes all of them with it since the last step that didn't share: then `end`
 * gives STORE_UNDONE, and the caller runs them again, each with a savepoint of its own. A step that
 * is not kept and has changed nothing undoes nobody. */
#define STORE_UNDONE 1
SND_MUST int store_step_share(struct store *store);
/* The log may be written back into the file by another process, so that no commit waits for that.
 * In the writer: leave it, and ask after a commit how long it is, in pages. In the other, whose
 * store is open for writing and does nothing else: copy. */
void store_log_leave(struct store *store);
int store_log_len(const struct store *store);
SND_MUST int store_log_copy(struct store *store);
/* Readers: one consistent view from begin to end. */
SND_MUST int store_view_begin(struct store *store);
void store_view_end(struct store *store);

/* The office (one row): node id, centre; practice: 0 in earnest, 1 for practice, 2 a demonstration. */
struct store_office {
    struct id node;
    uint32_t epoch;
    char centre[16], centre_name[256], wilayat[8];
    int practice;
};
/* Who does it and when: goes into every event. */
struct store_actor {
    char name[48];   /* account name, or "cli:<unix user>" */
    char centre[16];
    char peer[64];
    int64_t at;      /* UTC ms */
    int32_t day;     /* business day */
};
/* event office.made. Once (SND_E_EXISTS); the centre's code is at most 13 of A-Z 0-9 and dashes
 * (SND_E_BAD), since request numbers begin with it. */
SND_MUST int store_office_make(struct store *store, const struct store_office *office, const struct store_actor *actor);
SND_MUST int store_office_get(struct store *store, struct store_office *out);

/* How far somebody reaches: every question about requests is asked with one, and what lies outside is
 * as if it weren't there. */
#define STORE_SCOPE 128
enum store_reach_kind { REACH_OF_NOBODY, REACH_OF_CENTRES, REACH_OF_AGENCY, REACH_OF_GOVERNORATE, REACH_OF_ALL };
struct store_reach {
    enum store_reach_kind kind;
    char codes[STORE_SCOPE + 16]; /* its centres, a space between them; its agency; its governorate */
};
extern const struct store_reach store_reach_all;
/* 1 or 0: whether that centre's request to that agency lies within. */
int store_reach_holds(const struct store_reach *reach, const char *centre, const char *agency);

/* Accounts. role is book/roles.def's word. The password is already hashed; "" = none. */
struct store_account {
    char account[33], name[256], role[16], centre[16], lang[3];
    char scope[STORE_SCOPE]; /* book/reaches.def: centres, an agency or a governorate; "" = none */
    char secret[128];
    int one_time, disabled, keys;
    int code, totp; /* a code to enrol with waits; codes by time are proved */
    int64_t secret_at;
};
struct store_key {
    char key[4096]; /* type base64 */
    int64_t added;
};
/* add: SND_E_EXISTS, SND_E_BAD for a name that can't be one. get, and every change: SND_E_NOTFOUND
 * when there is no such account. The list is by name, in the arena. Each change is an event. */
SND_MUST int store_account_add(struct store *store, const struct store_account *account, const struct store_actor *actor);
SND_MUST int store_account_get(struct store *store, const char *account, struct store_account *out);
SND_MUST int store_account_list(struct store *store, struct arena *arena, struct store_account **out, size_t *count);
SND_MUST int store_account_disable(struct store *store, const char *account, int disabled, const struct store_actor *actor);
SND_MUST int store_account_secret(struct store *store, const char *account, const char *secret, int one_time, const struct store_actor *actor);
SND_MUST int store_account_language(struct store *store, const char *account, const char *lang, const struct store_actor *actor);
/* Adds (SND_E_EXISTS) or takes away (SND_E_NOTFOUND) a public key, "type base64". */
SND_MUST int store_account_key(struct store *store, const char *account, const char *key, int add, const struct store_actor *actor);
SND_MUST int store_account_keys(struct store *store, const char *account, struct arena *arena, struct store_key **out, size_t *count);
SND_MUST int store_account_has_key(struct store *store, const char *account, const char *key); /* 0 or SND_E_NOTFOUND */

/* One-time codes for enrolling. put replaces the code that there was; gone: SND_E_NOTFOUND when
 * there is none, `why` is "key", "password" or "wrong". Each is an event. get: also of a code whose
 * time is over; SND_E_NOTFOUND. */
struct store_code {
    char secret[128];
    int64_t until;
};
SND_MUST int store_code_put(struct store *store, const char *account, const struct store_code *code, const struct store_actor *actor);
SND_MUST int store_code_get(struct store *store, const char *account, struct store_code *out);
SND_MUST int store_code_gone(struct store *store, const char *account, const char *why, const struct store_actor *actor);

/* Codes by time: local state; that something happened to them is an event, what they are is not.
 * get, use: SND_E_NOTFOUND; drop: when there is no such account. `what`: "made", "proved", "given" or "taken away". */
struct store_totp {
    uint8_t secret[20];
    int proved;
    int64_t used;
};
SND_MUST int store_totp_get(struct store *store, const char *account, struct store_totp *out);
SND_MUST int store_totp_put(struct store *store, const char *account, const struct store_totp *totp, const char *what, const struct store_actor *actor);
SND_MUST int store_totp_use(struct store *store, const char *account, int64_t step);
SND_MUST int store_totp_drop(struct store *store, const char *account, const struct store_actor *actor);

/* Wrong logins. A try is local state, by hashes. put replaces; each: SND_E_NOTFOUND at the end.
 * forget: those of that account, and those of every address that tried it. */
#define STORE_TRY_ID 16
struct store_try {
    uint8_t id[STORE_TRY_ID], account[STORE_TRY_ID], address[STORE_TRY_ID];
    int kind, count;
    int64_t last, until;
};
SND_MUST int store_try_put(struct store *store, const struct store_try *row);
SND_MUST int store_try_drop(struct store *store, const uint8_t id[STORE_TRY_ID]);
/* The newest `max`, in the arena. / Those that were quiet since `before` go: a pause is never longer. */
SND_MUST int store_try_list(struct store *store, int64_t max, struct arena *arena, struct store_try **out, size_t *count);
SND_MUST int store_try_sweep(struct store *store, int64_t before);
/* What stands for a name or an address in a try: not to be read back from the disk. */
void store_try_hash(const struct store *store, const char *kind, const char *text, uint8_t out[STORE_TRY_ID]);
/* Events: login.refused and login.paused with the account ("" when nobody has that name, for then it
 * may be a password), why, and how many like it were left out before it; login.passed; login.vouched
 * with the session `by` that stands for it; account.unlocked. */
SND_MUST int store_login_refused(struct store *store, const char *account, const char *why, int64_t left_out, int64_t paused_until, const struct store_actor *actor);
SND_MUST int store_login_passed(struct store *store, const uint8_t ticket_sha[HASH_SIZE], const char *account, const struct store_actor *actor);
SND_MUST int store_login_vouched(struct store *store, const uint8_t ticket_sha[HASH_SIZE], const uint8_t by_sha[HASH_SIZE], const char *account, const struct store_actor *actor);
SND_MUST int store_account_unlocked(struct store *store, const char *account, const struct store_actor *actor);
/* Whether somebody has come in from that address since then: 0 or SND_E_NOTFOUND. / She has now. */
SND_MUST int store_address_known(struct store *store, const char *account, const char *address, int64_t since);
SND_MUST int store_address_learn(struct store *store, const char *account, const char *address, int64_t now);

/* How that account's terminal of that print is to be treated. get: SND_E_NOTFOUND. The newest 32 of an
 * account are kept. */
#define STORE_PROFILE 16
SND_MUST int store_terminal_get(struct store *store, const char *account, const uint8_t print[HASH_SIZE], char profile[STORE_PROFILE]);
SND_MUST int store_terminal_count(struct store *store, const char *account, int *out);
SND_MUST int store_terminal_put(struct store *store, const char *account, const uint8_t print[HASH_SIZE], const char *profile, int64_t at);

/* Where that account's session stood when it broke off, in words of the screens' own; "" = nowhere, and
 * forgets. Kept for 12 hours. put: SND_E_LIMIT; get: SND_E_NOTFOUND. */
#define STORE_PLACE 384
SND_MUST int store_place_put(struct store *store, const char *account, const char *words, int64_t at);
SND_MUST int store_place_get(struct store *store, const char *account, int64_t now, char out[STORE_PLACE]);

/* Sessions: event session.opened / session.closed; the ticket's hash is local state. */
SND_MUST int store_session_open(struct store *store, const char *account, const uint8_t ticket_sha[HASH_SIZE], const char *how, const struct store_actor *actor);
SND_MUST int store_session_find(struct store *store, const uint8_t ticket_sha[HASH_SIZE], char account[33]);
/* 1 when that ticket's session has typed its code by time. */
int store_session_passed(struct store *store, const uint8_t ticket_sha[HASH_SIZE]);
SND_MUST int store_session_close(struct store *store, const uint8_t ticket_sha[HASH_SIZE], const struct store_actor *actor);
/* Tickets after that one, in their order: at most `max` hashes, how many into *count. */
SND_MUST int store_session_tickets(struct store *store, const uint8_t after[HASH_SIZE], uint8_t (*out)[HASH_SIZE], size_t max, size_t *count);
SND_MUST int store_session_close_all(struct store *store, const char *account, const struct store_actor *actor);

/* Answers to writes, by the client's id: a repeat gets the stored one. Kept 30 days.
 * find: 0, SND_E_NOTFOUND, or SND_E_CONFLICT (same id, other actor or operation). */
SND_MUST int store_answer_find(struct store *store, const struct id *id, const char *actor, const char *operation, struct buf *out);
SND_MUST int store_answer_keep(struct store *store, const struct id *id, const char *actor, const char *operation, const void *answer, size_t len, int64_t at);

/* Forms and lists: immutable versions by hash. load gives SND_E_EXISTS for another text of the same
 * code and version. `added` = 0 when it was there. Event form.loaded. */
struct store_form_head {
    char code[16];
    int version;
    uint8_t sha[HASH_SIZE];
};
struct store_notice; /* what is new about it, NULL = nothing that a clerk must read */
SND_MUST int store_form_load(struct store *store, const struct form *form, size_t lists, const char *const *names, const char *const *texts, const struct store_notice *notice, int *added, const struct store_actor *actor);
SND_MUST int store_form_get(struct store *store, const uint8_t sha[HASH_SIZE], char **text); /* yours to x_free() */
/* The text of a list as it was when that form was loaded. */
SND_MUST int store_form_list_get(struct store *store, const uint8_t sha[HASH_SIZE], const char *name, char **text);
/* The newest version of one code / of each. */
SND_MUST int store_form_head(struct store *store, const char *code, uint8_t sha[HASH_SIZE]);
SND_MUST int store_form_heads(struct store *store, struct arena *arena, struct store_form_head **out, size_t *count);
/* A form's lists, by name, in the arena. / Texts that requests passed to this office were filled in by
 * and that aren't here: at most `max` hashes. / Keeps one of these for what was filled in by it, event
 * form.kept: nothing is begun with it. SND_E_NOTFOUND: it is not wanted. */
struct store_form_list {
    const char *name, *text;
};
SND_MUST int store_form_lists(struct store *store, const uint8_t sha[HASH_SIZE], struct arena *arena, struct store_form_list **out, size_t *count);
SND_MUST int store_form_wanted(struct store *store, uint8_t (*out)[HASH_SIZE], size_t max, size_t *count);
SND_MUST int store_form_keep(struct store *store, const struct form *form, const struct store_form_list *list, size_t lists, const struct store_actor *actor);
/* How many are kept for what was filled in by them alone. */
SND_MUST int store_forms_replaced(struct store *store, int64_t *out);

/* Rulings: a service opened or closed from one day to another, whatever its form says. Of those that
 * hold on a day the newest counts; SND_E_NOTFOUND when none does. */
#define STORE_FOREVER INT32_MAX
struct store_ruling {
    char service[16];
    int opens;
    int32_t from, to; /* both ends included; to may be STORE_FOREVER */
    char reason[256]; /* for people, "" = none */
};
/* What clerks must have read of a service before they begin it. It concerns the form's version and
 * those after it; version 0: the service was opened for the first time. */
struct store_notice {
    struct id id;
    char service[16];
    int version;
    int32_t from; /* day from which it holds */
    char body[LANG_COUNT][512];
};
/* event service.opened or service.closed. SND_E_NOTFOUND: no such service; SND_E_BAD: it ends before
 * it begins. Only what opens can have a notice, of which the texts are taken. */
SND_MUST int store_service_rule(struct store *store, const struct store_ruling *ruling, const struct store_notice *notice, const struct store_actor *actor);
SND_MUST int store_service_ruling(struct store *store, const char *service, int32_t day, struct store_ruling *out);
/* All that hold on a day, by service, the newest of each first. */
SND_MUST int store_service_rulings(struct store *store, int32_t day, struct arena *arena, struct store_ruling **out, size_t *count);
/* The first day after that one on which a ruling opens it: 0 or SND_E_NOTFOUND. */
SND_MUST int store_service_opens(struct store *store, const char *service, int32_t day, int32_t *out);
/* What was ruled of a service, the newest first: at most `max`. */
struct store_ruled {
    struct store_ruling ruling;
    int64_t at;
    char actor[48];
};
SND_MUST int store_service_ruled(struct store *store, const char *service, size_t max, struct arena *arena, struct store_ruled **out, size_t *count);
SND_MUST int store_service_was_opened(struct store *store, const char *service); /* by a ruling, ever: 0 or SND_E_NOTFOUND */
/* The notice that concerns a version: the newest one. / Of every service, whatever the version. / Whether an account has read it: 0 or
 * SND_E_NOTFOUND. / The newest of each service that it hasn't read. / event notice.read, once. */
SND_MUST int store_notice_newest(struct store *store, const char *service, int version, struct store_notice *out);
SND_MUST int store_notice_list(struct store *store, struct arena *arena, struct store_notice **out, size_t *count);
SND_MUST int store_notice_is_read(struct store *store, const char *account, const struct id *notice);
SND_MUST int store_notice_unread(struct store *store, const char *account, struct arena *arena, struct store_notice **out, size_t *count);
SND_MUST int store_notice_count(struct store *store, const char *account, int *out); /* of those not read */
SND_MUST int store_notice_read(struct store *store, const char *account, const struct id *notice, const struct store_actor *actor);
/* Practice: event service.practised. / The newest, of a centre or ("") of all. */
struct store_training {
    char account[33], centre[16], service[16];
    uint8_t sha[HASH_SIZE];
    int64_t at;
    int32_t day;
    int faults; /* that were found when it was first thought to be ready */
};
SND_MUST int store_training_add(struct store *store, const struct store_training *training, const struct store_actor *actor);
SND_MUST int store_training_list(struct store *store, const struct store_reach *reach, size_t max, struct arena *arena, struct store_training **out, size_t *count);

/* Drafts: local state of one account. `holder` is the session that has it (0 = none); the ledger
 * knows which sessions live. put makes or replaces; SND_E_DENIED when it is another account's;
 * SND_E_EXISTS when that draft was submitted already. */
struct store_draft {
    struct id id;
    char account[33], service[16];
    uint8_t sha[HASH_SIZE];
    int64_t saved;
    int field, caret;
    char summary[256];
    uint64_t holder;
    int parked; /* digit that it was put aside under, 0 = none; told by the list only */
};
/* get: the texts are yours to x_free(); typed and values may both be NULL. get, hold and drop: SND_E_NOTFOUND when it isn't there (drop:
 * or is another account's). The list is newest first, in the arena. */
SND_MUST int store_draft_put(struct store *store, const struct store_draft *draft, const char *typed, const char *values);
SND_MUST int store_draft_get(struct store *store, const struct id *id, struct store_draft *out, char **typed, char **values);
SND_MUST int store_draft_list(struct store *store, const char *account, struct arena *arena, struct store_draft **out, size_t *count);
SND_MUST int store_draft_hold(struct store *store, const struct id *id, uint64_t holder);
/* Puts it aside under the lowest digit (1 to 9) that is free, or the one it has: SND_E_LIMIT when there
 * is none. / Gives the digit back, if it has one. */
SND_MUST int store_draft_park(struct store *store, const char *account, const struct id *draft, int *digit);
SND_MUST int store_draft_unpark(struct store *store, const char *account, const struct id *draft);
SND_MUST int store_draft_drop(struct store *store, const struct id *id, const char *account);

/* Requests. submit: one event request.submitted, request row, search tokens, the tally, the draft
 * away; SND_E_EXISTS when this id was submitted before. */
struct store_request {
    struct id id;        /* the draft's */
    char number[24];
    char service[16], agency[16], centre[16], account[33], applicant[256], civil[16], state[16];
    int32_t day;
    int64_t at, changed, fee_agency, fee_centre;
    int rev;
    uint8_t sha[HASH_SIZE];
    char holder[16];  /* the centre that may work on it */
    char officer[33]; /* the agency's account that has it, "" = nobody yet */
    int64_t fee_due;  /* baisa that the agency has asked for, 0 = none */
    char ack[64];     /* the agency's own number of it, "" = none */
    char channel[8];  /* how it came to be, store_channels[]; "" = the first of them */
};
/* "centre": by a centre's clerk; "joint": at a joint desk, by the clerk of the agency's; "self": by
 * the person herself. */
#define STORE_CHANNELS 3
extern const char *const store_channels[STORE_CHANNELS];
/* Fills in number (new), state (queued), rev, and from the actor at, changed and day. */
SND_MUST int store_request_submit(struct store *store, struct store_request *request, const struct record *record, const struct store_actor *actor);
/* By number: SND_E_NOTFOUND when there is none within reach; *values is JSON, yours to x_free(), "{}" once it was purged. */
SND_MUST int store_request_get(struct store *store, const struct store_reach *reach, const char *number, struct store_request *out, char **values);
/* The number of some request; SND_E_NOTFOUND when there is none at all. */
SND_MUST int store_request_any(struct store *store, char number[24]);
/* query as in book/book.h; after = number, "" = from the newest.
 * SND_E_NOTFOUND: no such number to go on after; SND_E_LIMIT: the query is over 255 bytes. */
SND_MUST int store_request_list(struct store *store, const struct store_reach *reach, const char *query, const char *after, size_t max, struct arena *arena, struct store_request **out, size_t *count);
/* The same for somebody who is still typing: the newest, from so few rows that it is quick whatever
 * the book holds. When all words are common, those before the last must be whole. */
SND_MUST int store_request_find(struct store *store, const struct store_reach *reach, const char *query, size_t max, struct arena *arena, struct store_request **out, size_t *count);
/* 1 when each word typed begins a word of the name, or all of it is the number. */
int store_words_mean(const char *typed, const char *name, const char *number);
/* Whom of all that a request speaks of the words mean: an agent, a guardian, a firm, or who applies
 * for it; by name or whole number. SND_E_NOTFOUND when nobody, or when it was purged. */
struct store_party {
    char name[256], civil[32];
};
SND_MUST int store_request_party(struct store *store, const struct id *request, const char *words, struct store_party *out);
/* The same without its values. */
SND_MUST int store_request_row(struct store *store, const struct store_reach *reach, const char *number, struct store_request *out);
struct store_history {
    struct id id;
    int64_t rev, at, fee;
    char actor[48], type[32], state[16], note[512];
    char account[33];    /* whom it was given to */
    char documents[512]; /* that were asked for or brought, a space between their keys */
};
/* What becomes of a request. Event request.moved: it is in another state, and why. Event
 * request.assigned: that officer has it ("" = nobody). Each gives it the revision after the one in
 * *request, which must still be the row's: SND_E_CONFLICT. *request is the row afterwards. */
#define STORE_NOTE 512
struct store_move {
    char state[16];
    char by[16];  /* on whose side: clerk, agency, runner or system */
    char why[32]; /* a word for programs, "" = none */
    char note[STORE_NOTE];
    char ack[64];
    int64_t fee;
    char documents[STORE_NOTE]; /* keys of the form's, a space between: asked for, or brought */
};
SND_MUST int store_request_move(struct store *store, struct store_request *request, const struct store_move *move, const struct store_actor *actor);
SND_MUST int store_request_assign(struct store *store, struct store_request *request, const char *account, const struct store_actor *actor);
/* Requests within reach that are in one of these states (words, a space between), state after state
 * in that order, in each the oldest first; only those that `officer` has unless it is "". Goes on
 * after the request of that state and number; "" = from the beginning. */
struct store_queue {
    const char *states, *officer, *after_state, *after;
    size_t max;
};
SND_MUST int store_request_queue(struct store *store, const struct store_reach *reach, const struct store_queue *ask, struct arena *arena, struct store_request **out, size_t *count);
/* A request of another centre is asked for, with the applicant's civil number: event request.wanted.
 * The hub answers, at once where this office is its own: with event request.passed, from which on the
 * request is here, or request.withheld. SND_E_BAD: no number can be that. word of a wish: asked,
 * passed, or why not: pair (no such number, or another applicant), limit (too many wrong ones), agency
 * (nothing is for a centre to do now), done. */
struct store_wish {
    struct id id;
    char number[24], account[33], word[16];
    char applicant[256]; /* of what was passed and is still here, "" = none */
    char civil[32];      /* the applicant's, else the one that was asked with */
    int64_t at, answered; /* 0 = not yet */
    int news;             /* answered, and not read */
};
SND_MUST int store_request_want(struct store *store, const struct id *wish, const char *number, const char *civil, const struct store_actor *actor);
/* Those of an account since a moment, the newest first. / All its answers are read. */
SND_MUST int store_wish_list(struct store *store, const char *account, int64_t since, size_t max, struct arena *arena, struct store_wish **out, size_t *count);
SND_MUST int store_wish_read(struct store *store, const char *account);
/* What was lost when a centre and its hub changed a request at once, as far as nobody has closed it:
 * the state that was lost, and the one that stands. close: event conflict.closed, on
 * both sides; SND_E_NOTFOUND. */
struct store_conflict {
    char number[24], lost[16], state[16];
    char applicant[256], civil[32];
    struct id event;
    int64_t at;
    char centre[16], actor[48]; /* of what was lost */
};
SND_MUST int store_conflict_list(struct store *store, const struct store_reach *reach, size_t max, struct arena *arena, struct store_conflict **out, size_t *count);
SND_MUST int store_conflict_close(struct store *store, const struct store_reach *reach, const char *number, const struct id *event, const char *reason, const struct store_actor *actor);
/* How many within reach are in that state, counting no further than `most`. */
SND_MUST int store_request_waits(struct store *store, const struct store_reach *reach, const char *state, int64_t most, int64_t *out);
/* What happened to it (not who looked at it), oldest first, with the state after each; a note that is too long is cut. / How many, of a centre or of all. */
SND_MUST int store_request_history(struct store *store, const struct id *id, struct arena *arena, struct store_history **out, size_t *count);
SND_MUST int store_request_count(struct store *store, const char *centre, int64_t *out);

/* Customers of a centre, as its requests made them. known_by: "civil" or "cr"; *known is JSON of the
 * words of form/person.def, yours to x_free(). SND_E_NOTFOUND. */
SND_MUST int store_person_find(struct store *store, const char *centre, const char *known_by, const char *number, char **known);
/* That centre's requests of a service by the applicant with that civil number since a day, newest
 * first, at most 64; in the arena. */
struct store_alike {
    char number[24], state[16];
    int32_t day;
};
SND_MUST int store_request_alike(struct store *store, const char *centre, const char *service, const char *civil, int32_t since, struct arena *arena, struct store_alike **out, size_t *count);

/* What a read has shown of people's data, to be kept as an event: request.seen (about that request),
 * request.revealed (in full, and why),
 * request.searched (the words as they were typed, rows = what the first page had), of customers
 * asked for by number person.looked_up (rows = 1 when there was one), and of trails trail.seen and
 * trail.searched. */
enum store_sight { SIGHT_NOTHING, SIGHT_REQUEST, SIGHT_REVEAL, SIGHT_SEARCH, SIGHT_TRAIL, SIGHT_FIND, SIGHT_PERSON };
struct store_seen {
    enum store_sight sight;
    struct id tx;     /* the request, zeros without one */
    char number[24];  /* and its number */
    char civil[16];   /* the person it is about, "" when it isn't known to be one */
    char account[48]; /* whose trail it is */
    char of[16];      /* which kind of trail */
    int64_t seq;      /* of the one event that was opened, 0 = none */
    char words[256];  /* what was searched for; why it was revealed */
    int64_t rows;
    int later;        /* a further page of the same search: said to the ledger, not kept */
};
SND_MUST int store_seen_keep(struct store *store, const struct store_seen *seen, const struct store_actor *actor);

/* Events as they stand, for trails. A place is where one stands in its office's chain. */
struct store_place {
    int64_t epoch, seq;
};
/* Where an event stands among those of all nodes: a hub has chains of others, too. */
struct store_where {
    int64_t epoch, seq;
    struct id node; /* zeros: this office's own */
};
struct store_event {
    struct store_where at;
    struct id id, tx;
    int64_t rev, t;
    int32_t day;
    char type[32], actor[48], centre[16], peer[64];
    uint8_t form[HASH_SIZE], payload_sha[HASH_SIZE], hash[HASH_SIZE];
    char *payload; /* JSON, in the arena; NULL when it was purged or can't be opened */
};
/* What is asked for: a request or session (tx), an account (key: did, or had done to it), a person
 * (key: the civil number; done to or seen of). Newest first, at most `max`, only before `before`: each node's in
 * the order of its chain, several nodes' by time. What came from a hub stands once. An account's are those of
 * this office and of the centre that it is of, where another may have the same name for somebody else. A
 * person is seen when a request was opened or a civil number searched for; a list of many names is
 * found under who asked for it. SND_E_NOTFOUND: no such session. */
enum trail_of { TRAIL_REQUEST, TRAIL_ACCOUNT, TRAIL_PERSON, TRAIL_SESSION, TRAIL_KINDS };
struct store_trail {
    enum trail_of of;
    struct id tx;
    const char *key;
    struct store_where before; /* seq INT64_MAX: from the newest */
    size_t max;
};
SND_MUST int store_trail(struct store *store, const struct store_trail *ask, struct arena *arena, struct store_event **out, size_t *count);
/* One event. / The session in which it was done: SND_E_NOTFOUND when it
 * was in none (the command line). / A request's number and centre by its id. */
SND_MUST int store_event_get(struct store *store, const struct store_where *at, struct arena *arena, struct store_event *out);
SND_MUST int store_event_session(struct store *store, const struct store_event *event, struct id *out);
SND_MUST int store_request_number(struct store *store, const struct id *id, char number[24], char centre[16]);

/* Verifies the chain from where the last piece ended (zeros: from its beginning) for about that
 * long: how many events, of how many in all, what is wrong with which, and whether it is done. */
#define VERIFY_FINDINGS 20
enum store_flaw { FLAW_HASH, FLAW_ORDER, FLAW_PAYLOAD, FLAW_HEAD, FLAW_COLUMN, FLAW_KINDS };
struct store_flaw_at {
    enum store_flaw flaw;
    int64_t seq;
};
struct store_chain {
    struct id node;        /* in and out, with `at`: the last event that was verified */
    struct store_place at;
    int64_t events, total;
    int done;
    struct store_flaw_at *flaw; /* in the arena, at most VERIFY_FINDINGS of this piece */
    size_t flaws;
};
SND_MUST int store_chain(struct store *store, int64_t most_ms, struct arena *arena, struct store_chain *inout);

/* Verifies the chain (every immutable column, every payload's hash), replays all events into empty
 * projections and compares; recounts the tally; SQLite's own check. Findings in plain English. */
struct store_check {
    int64_t events, requests;
    char **finding;
    size_t findings;
};
SND_MUST int store_check(struct store *store, struct arena *arena, struct store_check *out);

/* 1 when it can be a centre's code: 1 to 13 of A-Z 0-9 and dashes, none at either end. */
int store_centre_ok(const char *centre);
/* A request's number: centre (one that is a code), seven random Crockford symbols, one check symbol (mod 37). */
void store_number_make(const char *centre, char out[24]);
/* A number as somebody types it, as it is kept: SND_E_BAD when it is none. */
SND_MUST int store_number_read(const char *typed, char out[24]);
int store_number_ok(const char *number); /* 1 when well formed and the check symbol fits; case and look-alikes (O I L) forgiven */
#endif
