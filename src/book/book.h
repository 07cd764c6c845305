/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BOOK_BOOK_H
#define BOOK_BOOK_H
/* The ledger as its clients see it. One connection = one person: it has no rights until one of the
 * auth calls succeeded on it, and then those of that account.
 *
 * Frames (base/wire.h). Request: u8 'Q', u32 tag, text operation, id (of a write; zeros for a
 * read), then the arguments. Answer: u8 'A', u32 tag, i64 status (0 or SND_E_...), then the
 * results. Arguments and results of each operation are listed over its call, in order, by wire
 * type; a status other than 0 has no results unless the call says so.
 *
 * A write repeated with the same id gives the stored answer. When the ledger has gone, every call
 * reconnects with the ticket (for at most BOOK_PATIENCE_MS) and, as reads and writes are both safe
 * to repeat, sends again. */
#include <stdint.h>
#include "base/filetype.h"
#include "base/id.h"
#include "base/mem.h"
#include "book/ops.h"
#include "form/party.h"
#define BOOK_PATIENCE_MS 15000
#define BOOK_NUMBER 24 /* DA01-003-7K3M9QX-H and a zero */
#define BOOK_SCOPE 128
#define BOOK_NAME 33
#define BOOK_TEXT 256
#define BOOK_PAGE 100 /* most rows of a list in one answer */
struct book;

/* path: the ledger's socket. Nothing is sent before the first call. */
SND_MUST int book_open(const char *path, struct book **out);
/* Says good-bye (auth.bye: the ticket dies) if logged in, closes. */
void book_close(struct book **book);
/* Descriptor to poll, -1 when not connected; call book_pump() when readable: takes in answers to
 * draft puts. 0, or SND_E_LOST (the next call will reconnect). */
int book_fd(const struct book *book);
int book_pump(struct book *book);
/* When the oldest draft put that is not answered yet was sent, clock_mono_ms(); 0 = none waits. Nobody
 * needs such an answer at once: it may be fetched when something else has to be done anyway. */
int64_t book_put_since(const struct book *book);
/* One short attempt (a fifth of a second at most) to be connected again, for a session that has
 * nothing else to send: 0, SND_E_LOST (try later), SND_E_AUTH (the session was ended: nothing
 * brings it back). */
SND_MUST int book_retry(struct book *book);

/* What an office is for. A demonstration is for practice too, and asks nobody for one-time codes:
 * `sanad init --demonstration` makes it, and every screen says so. */
enum office_kind { OFFICE_EARNEST, OFFICE_PRACTICE, OFFICE_DEMONSTRATION, OFFICE_KINDS };

/* Who is on this connection. */
#define BOOK_PLACE 384
struct book_me {
    char account[BOOK_NAME];
    char name[BOOK_TEXT]; /* the person's name */
    enum role role;
    enum lang lang;
    char centre[16]; /* DA01-003; "" for those without */
    char wilayat[8]; /* DA01 */
    char centre_name[BOOK_TEXT];
    /* What must be done first, the code before the password; CHANGE_FRESH: there is no old one. */
    enum { CHANGE_NONE, CHANGE_OLD, CHANGE_FRESH } must_change;
    enum { CODE_NONE, CODE_ASKED, CODE_NEW } must_code;
    int practice;    /* enum office_kind */
    int32_t today;   /* business day */
    int notices;     /* how many of book_notice_list() */
    int terminals;   /* for how many this person has chosen something: book_terminal() */
    char place[BOOK_PLACE]; /* of the session before, when it broke off: book_place(); "" = none */
};
/* me = text account, text name, u8 role, u8 language, text centre, text wilayat, text centre name,
 * u8 owes, u8 practice, i64 today, u32 notices, u32 terminals, text place. owes, bits: 1 a password must be chosen, 2 and there
 * is no old one, 4 the code of this moment must be typed, 8 whose secret must be made first. While
 * any is set the ledger lets this person do nothing but that, read who it is, set the language, and
 * leave (SND_E_DENIED).
 * auth.ticket: bytes ticket, text peer -> me, for reconnecting. account.me -> me. auth.bye.
 * auth.password: text account, text password, text peer, text key -> me, bytes ticket. The password
 * may be a one-time code: then the key that the client has proved to hold ("" = none) is enrolled.
 * SND_E_AUTH for whatever is wrong, after the same time; SND_E_LIMIT after too many tries. */
SND_MUST int book_auth_password(struct book *book, const char *account, const char *password,
                                const char *peer, struct book_me *out);
SND_MUST int book_auth_enrol(struct book *book, const char *account, const char *password,
                             const char *key, const char *peer, struct book_me *out);
/* auth.key: text account, text key, text peer -> me, bytes ticket. The caller has checked the
 * signature. */
SND_MUST int book_auth_key(struct book *book, const char *account, const char *key,
                           const char *peer, struct book_me *out);
/* auth.cli -> me: the command line of the ledger's own user or root; actor `cli:<unix user>`. */
SND_MUST int book_auth_cli(struct book *book, struct book_me *out);

/* office.get -> text node, text centre, text centre name, text wilayat, u8 practice, i64 today */
struct book_office {
    char centre[16], centre_name[BOOK_TEXT], wilayat[8];
    int practice; /* enum office_kind */
    int32_t today;
};
SND_MUST int book_office(struct book *book, struct book_office *out);
/* account.language: text lang -> nothing */
SND_MUST int book_set_language(struct book *book, enum lang lang);
/* What this person has chosen for the terminal that says `print` of itself.
 * terminal.get: bytes hash of it -> text word, "" = nothing; terminal.put: bytes hash, text word (at
 * most 15 of a-z) -> nothing. */
#define BOOK_PROFILE 16
SND_MUST int book_terminal(struct book *book, const char *print, char out[BOOK_PROFILE]);
SND_MUST int book_set_terminal(struct book *book, const char *print, const char *word);
/* Where this person stands, in words of the screens' own, for the login after a session that breaks
 * off; "" = nowhere. place.put: text -> nothing. */
SND_MUST int book_place(struct book *book, const char *place);
/* The same without waiting, as a draft is put; what becomes of it nobody is told. */
SND_MUST int book_place_note(struct book *book, const char *place);
/* account.own_password: text old, text new -> nothing. SND_E_AUTH: old is wrong; SND_E_INVALID: new
 * is under 8 characters; SND_E_COMMON: it is tried first by whoever guesses. `old` is not looked at
 * of somebody who has none (CHANGE_FRESH). */
SND_MUST int book_own_password(struct book *book, const char *old, const char *new_one);

/* Codes by time (base/totp.h) of who must type one. totp.new -> text secret (base 32), text uri: the
 * same again until it was proved; both "" when none is to be made. totp.prove: text code, text next
 * -> nothing: two codes that follow each other. totp.pass: text code -> nothing. SND_E_AUTH: wrong,
 * or used before; SND_E_LIMIT: too many wrong ones; SND_E_CONFLICT: another session has proved it.
 * totp.vouch: nothing -> nothing: this session, which can be asked no code, may list requests and read
 * their documents, and nothing else, for as long as another of the same account that owes nothing is
 * open from the same address. It is kept as login.vouched. SND_E_AUTH: there is none; SND_E_DENIED:
 * more is owed than the code of this moment. Not remembered by a ledger that is started anew. */
struct book_totp {
    char secret[40], uri[BOOK_TEXT];
};
SND_MUST int book_totp_new(struct book *book, struct book_totp *out);
SND_MUST int book_totp_prove(struct book *book, const char *code, const char *next);
SND_MUST int book_totp_pass(struct book *book, const char *code);
SND_MUST int book_totp_vouch(struct book *book);

/* account.list: text after (account of the last row seen, "" = from the first) -> u32 count, {text
 * account, text name, u8 role, text centre, text scope, u8 disabled, u8 keys, u8 has a password, u8
 * a one-time code waits, u8 has proved codes by time}; in pages, joined here */
struct book_account {
    char account[BOOK_NAME], name[BOOK_TEXT], centre[16];
    char scope[BOOK_SCOPE]; /* reaches.def: further centres, an agency, a governorate */
    enum role role;
    int disabled, keys, password, code, totp;
};
SND_MUST int book_account_list(struct book *book, struct arena *arena, struct book_account **out,
                               size_t *count);
/* account.add: text account, text name, u8 role, text centre, text scope, text password ("" = none)
 * -> nothing. SND_E_INVALID for a name, centre, scope or password that can't be. Outside a practice office the
 * password is a one-time word. */
SND_MUST int book_account_add(struct book *book, const struct book_account *account,
                              const char *password);
/* account.disable: text account, u8 disabled -> nothing. Its sessions end at once. */
SND_MUST int book_account_disable(struct book *book, const char *account, int disabled);
/* account.password: text account, text password, u8 one_time -> nothing. Outside a practice office
 * a lasting password for another person is SND_E_DENIED. */
SND_MUST int book_account_password(struct book *book, const char *account, const char *password,
                                   int one_time);
/* account.key: text account, text key, u8 add -> nothing. SND_E_INVALID for what isn't "type
 * base64", and for certificates. */
SND_MUST int book_account_key(struct book *book, const char *account, const char *key, int add);

/* account.keys: text account -> u32 count, {text key, i64 added}. */
struct book_key {
    char key[4096];
    int64_t added;
};
SND_MUST int book_account_keys(struct book *book, const char *account, struct arena *arena,
                               struct book_key **out, size_t *count);
/* account.code: text account, text code (base/code.h) -> i64 until: a new one-time code to enrol
 * with, in place of any before. SND_E_INVALID: it is no code. */
SND_MUST int book_account_code(struct book *book, const char *account, const char *code,
                               int64_t *until);
/* account.totp: text account -> text secret, text uri: a new secret for codes by time, to be handed
 * over. account.totp_reset: text account -> nothing: the next login makes a new one. account.unlock: text account -> nothing: no pauses any more. */
SND_MUST int book_account_totp(struct book *book, const char *account, struct book_totp *out);
SND_MUST int book_account_totp_reset(struct book *book, const char *account);
SND_MUST int book_account_unlock(struct book *book, const char *account);

/* service.list -> u32 count, {text code, text agency, text title ar, text title en, u8 state,
 * u8 open (here, today), u8 in area, bytes sha (32) of the form in force, text reason, i64 opens,
 * id notice}. The texts lie in the arena. */
struct book_service {
    char code[16], agency[16];
    const char *title[LANG_COUNT];
    enum service_state state; /* by its form, or as it was ruled */
    int open;                 /* may be started here today, once its notice has been read */
    int in_area;              /* this centre lies in its area today */
    uint8_t sha[HASH_SIZE];
    const char *reason; /* of the ruling that closed it, "" = none */
    int32_t opens;          /* the first day to come on which it is live; 0 = not known */
    struct id notice;       /* the notice that concerns it; zeros = none */
};
/* Why it can't be begun here today: the reason that was given, else an English id of the catalogue;
 * NULL when it can. */
const char *book_service_why(const struct book_service *service);
SND_MUST int book_service_list(struct book *book, struct arena *arena, struct book_service **out,
                               size_t *count);
/* form.get: bytes sha -> text form. Parsed with its lists (form.list_get: bytes sha, text name ->
 * text), kept by the book for its lifetime; borrowed. */
SND_MUST int book_form(struct book *book, const uint8_t sha[HASH_SIZE], const struct form **out);
/* For a process that desks will be forked from: fetches every form in force and keeps it for good,
 * so that all of them share one parsed copy and none has to ask. Newer forms are fetched as they
 * come. */
SND_MUST int book_forms_share(struct book *book);
/* What is new about a service. Texts that are empty in both languages are no notice. */
#define BOOK_NOTICE 512
struct book_notice {
    struct id id;
    char service[16];
    char title[LANG_COUNT][BOOK_TEXT]; /* of the service */
    uint8_t sha[HASH_SIZE];            /* of its form in force */
    int version;                       /* of the form it came with; 0: opened for the first time */
    int32_t from;                      /* the day from which it holds */
    char body[LANG_COUNT][BOOK_NOTICE];
};
/* form.load: text form text, u32 lists {text name, text}, text notice ar, text notice en -> bytes
 * sha, u8 new. SND_E_BAD when it doesn't parse. The same code and version with another text is
 * SND_E_EXISTS. notice: NULL = clerks may begin it at once. */
SND_MUST int book_form_load(struct book *book, const char *text, size_t lists,
                            const char *const *names, const char *const *texts,
                            const struct book_notice *notice, uint8_t sha[HASH_SIZE], int *added);
/* A form as one office hands it to another, in the arena. form.whole: bytes sha -> text form text,
 * u32 lists {text name, text}. form.wanted: nothing -> u32 count {bytes sha}: texts that requests here
 * were filled in by and that the office lacks. form.keep: the answer of form.whole -> nothing.
 * SND_E_BAD when it doesn't parse, SND_E_NOTFOUND for one that isn't wanted. */
struct book_form_whole {
    const char *text;
    struct {
        const char *name, *text;
    } *list;
    size_t lists;
};
SND_MUST int book_form_whole(struct book *book, const uint8_t sha[HASH_SIZE], struct arena *arena,
                             struct book_form_whole *out);
SND_MUST int book_form_wanted(struct book *book, struct arena *arena, uint8_t (**out)[HASH_SIZE],
                              size_t *count);
SND_MUST int book_form_keep(struct book *book, const struct book_form_whole *form);
/* A service opened or closed from one day to another whatever its form says; its area stays.
 * service.open: text service, i64 from, i64 to, text reason, text notice ar, text notice en, u8
 * quiet
 * -> u8 told. Without a notice, a service that nobody can have begun before gets one that says no
 * more than that, unless `quiet`. service.close: text service, i64 from, i64 to, text reason ->
 * nothing. SND_E_NOTFOUND: no such service; SND_E_BAD: a text that can't be stored. */
#define BOOK_FOREVER INT32_MAX
struct book_ruling {
    char service[16];
    int32_t from, to; /* both ends included; to may be BOOK_FOREVER */
    char reason[BOOK_TEXT];
};
SND_MUST int book_service_open(struct book *book, const struct book_ruling *ruling,
                               const struct book_notice *notice, int quiet, int *told);
SND_MUST int book_service_close(struct book *book, const struct book_ruling *ruling);
/* service.rulings: text service -> u32 count, {u8 opens, i64 from, i64 to, text reason, i64 at, text
 * actor}: what was ruled of it, the newest first. Of two that hold on a day the newer counts. */
struct book_ruled {
    struct book_ruling ruling;
    int opens;
    int64_t at;
    char actor[BOOK_NAME + 16];
};
SND_MUST int book_service_rulings(struct book *book, const char *service, struct arena *arena,
                                  struct book_ruled **out, size_t *count);
/* notice.list -> u32 count, {id, text service, text title ar, text title en, bytes sha, u32
 * version, i64 from, text ar, text en}: those that this person hasn't read, the newest of each
 * service. notice.read: id -> nothing. From then on the service is open for this person. */
SND_MUST int book_notice_list(struct book *book, struct arena *arena, struct book_notice **out,
                              size_t *count);
SND_MUST int book_notice_read(struct book *book, const struct id *notice);
/* training.add: bytes sha of the form, u32 faults -> nothing: this person has practised it.
 * training.list -> u32 count, {text account, text centre, text service, i64 at, u32 faults}: the
 * newest, of the centre or of all. */
struct book_training {
    char account[BOOK_NAME], centre[16], service[16];
    int64_t at;
    int faults; /* found when the form was first thought to be ready */
};
SND_MUST int book_training_add(struct book *book, const struct id *id, const uint8_t sha[HASH_SIZE],
                               int faults);
SND_MUST int book_training_list(struct book *book, struct arena *arena, struct book_training **out,
                                size_t *count);

/* A draft: a request not yet submitted. It belongs to one session at a time. */
struct book_draft {
    struct id id;
    char service[16];
    uint8_t sha[HASH_SIZE];
    int64_t saved; /* UTC ms */
    int field;     /* focus when it was saved */
    int caret;
    char summary[BOOK_TEXT]; /* applicant's name, for lists */
    int elsewhere;           /* another live session has it open */
    int parked;              /* digit (1 to 9) that it was put aside under, 0 = none */
};
#define BOOK_PARKED 9 /* most drafts of one person that are put aside */
/* draft.put: id draft, text service, bytes sha, u32 field, u32 caret, text summary, text typed,
 * text values(JSON) -> nothing. Sent and not waited for; the connection's order keeps the newest.
 * `typed` is the unfinished text of the focused field. 0, or SND_E_LOST / SND_E_BUSY when it could
 * not be sent now: keep it and put again. SND_E_INUSE comes later, from book_pump(). */
SND_MUST int book_draft_put(struct book *book, const struct book_draft *draft, const char *typed,
                            const struct record *record);
/* Waits until every put has been answered: before a session says "saved". */
SND_MUST int book_draft_flush(struct book *book);
/* draft.list -> u32 count, {id, text service, bytes sha, i64 saved, text summary, u8 elsewhere,
 * u8 parked}; newest first */
SND_MUST int book_draft_list(struct book *book, struct arena *arena, struct book_draft **out,
                             size_t *count);
/* draft.open: id -> text service, bytes sha, i64 saved, u32 field, u32 caret,
 * text summary, text typed, text values. It is this session's now. SND_E_INUSE while
 * another live session has it; SND_E_NOTFOUND. `typed` is yours to x_free(). */
SND_MUST int book_draft_open(struct book *book, const struct id *id, struct book_draft *out,
                             char **typed, struct record **record);
/* draft.look: the same, without making it this session's: to be printed. */
SND_MUST int book_draft_look(struct book *book, const struct id *id, struct book_draft *out,
                             struct record **record);
/* What it is called where its paper is taken out: "OP-01-4f3a". */
void book_draft_file(const struct book_draft *draft, char out[BOOK_TEXT]);
SND_MUST int book_draft_release(struct book *book, const struct id *id); /* draft.release: id */
/* draft.park: id -> u8 digit. Puts it aside under the lowest free digit and releases it, after the
 * puts before it; opening it gives the digit back. SND_E_LIMIT: nine are put aside. */
SND_MUST int book_draft_park(struct book *book, const struct id *id, int *digit);
SND_MUST int book_draft_drop(struct book *book, const struct id *id);    /* draft.drop: id */

/* Questions that are never waited for: book_..._ask() sends one (0, or SND_E_LOST / SND_E_BUSY: it was
 * not asked), the answer comes in over book_pump() or any call, and book_..._heard() gives it, once:
 * SND_E_BUSY while there is none. A new question of the same kind replaces the one before. */
enum book_question {
    BOOK_ASKED_PERSON,
    BOOK_ASKED_ALIKE,
    BOOK_ASKED_WAITS,
    BOOK_ASKED_LINE,
    BOOK_QUESTIONS
};
/* 1 while a question has no answer yet: somebody looks at the screen for it. */
int book_asking(const struct book *book);
/* 1 when an answer waits to be heard; and lets go of those that nobody wants to hear. */
int book_heard(const struct book *book);
void book_hear_no_more(struct book *book);
/* person.look_up: text "civil" or "cr", text number, text service -> text what is known of this
 * centre's customer (JSON by the words of form/person.def, "" = nobody), text number of that person's
 * newest request of that service ("" = none). Is kept as an event. SND_E_NOTFOUND: nobody of that
 * number was here; SND_E_LIMIT: too many were asked for. */
struct book_person {
    char *known[PERSON_PARTS]; /* NULL = not known */
    char newest[BOOK_NUMBER];
};
SND_MUST int book_person_ask(struct book *book, enum person_part known_by, const char *number,
                             const char *service);
SND_MUST int book_person_heard(struct book *book, struct book_person *out);
void book_person_free(struct book_person *person);
/* request.alike: bytes sha of the form, text civil number -> u32 count, {text number, i64 day, u8
 * state}: requests of that service by that applicant at this centre that are still under way, within
 * the days that the form says; newest first. Asked while one is being submitted, so it leaves no
 * event of its own. */
#define BOOK_ALIKE 3
struct book_alike {
    char number[BOOK_NUMBER];
    int32_t day;
    enum request_state state;
};
SND_MUST int book_alike_ask(struct book *book, const struct record *record, const char *civil);
SND_MUST int book_alike_heard(struct book *book, struct book_alike out[BOOK_ALIKE], size_t *count);

/* request.submit: id draft, bytes sha, text values -> text number, i64 fee agency, i64 fee centre, u8
 * little room is left.
 * The write's id is made from the draft's id, so the same draft can never be submitted twice.
 * SND_E_INVALID has results: u32 count, {u32 field, u8 rule}; SND_E_CLOSED: not open here today. */
struct book_receipt {
    char number[BOOK_NUMBER];
    int64_t fee_agency, fee_centre; /* baisa */
    int disk_low; /* little room is left for the book: somebody should be told */
};
SND_MUST int book_submit(struct book *book, const struct id *draft, const struct record *record,
                         struct book_receipt *out, struct fault *faults, size_t max, size_t *count);
/* request.enter: the same for a practice office only: id, text account, text "YYYY-MM-DD",
 * u32 minute of that day, text channel ("" = as its account's requests come), bytes sha, text values
 * -> as submit. SND_E_DENIED elsewhere. */
SND_MUST int book_enter(struct book *book, const struct id *id, const char *account,
                        const char *day, int minute, const char *channel,
                        const struct record *record, struct book_receipt *out, struct fault *faults, size_t max, size_t *count);

#define BOOK_TAIL 32
struct book_request {
    char number[BOOK_NUMBER];
    char service[16], centre[16], account[BOOK_NAME];
    char applicant[BOOK_TEXT];
    char tail[BOOK_TAIL]; /* the last signs of the applicant's number behind a veil, "" = none */
    enum request_state state;
    int32_t day; /* business day */
    int64_t at;  /* UTC ms of submission */
    int64_t changed;
    int rev;
    uint8_t sha[HASH_SIZE];
};
/* What shows people's data is TRACED in operations.def: an event says who saw it, from where, and
 * the answer comes only once that is committed (so it may be refused as a write is: SND_E_FULL).
 * request.get is request.seen; request.list is request.searched, once for a search however many of
 * its pages are read. The newest page of one's own centre without search words is no event: it is
 * on the counter's screens all day. Nor are one's own drafts.
 *
 * request = text number, text service, text centre, text account, text applicant, text the tail of the
 * applicant's number, u8 state, i64 day, i64 at, i64 changed, u32 rev, bytes sha. A row of a list tells
 * people of one name apart by that tail, and holds no more of anybody's number for any role. request.list: text query ("" = all; a number, its
 * beginning, civil number, or words of a name), text after (number of the last row seen, "" = from
 * the newest), u32 max -> u32 count, {request}. Newest first; only what the actor's scope holds. */
SND_MUST int book_request_list(struct book *book, const char *query, const char *after, size_t max,
                               struct arena *arena, struct book_request **out, size_t *count);
/* go.find: text words -> u32 count, {u8 kind, text number, text name, text the tail of that person's
 * number, text service, u8 state, i64 day, u32 requests}: whom and what in the book the words may mean, people first and then requests, the
 * newest first, for somebody who is still typing. Nothing for under BOOK_FIND_LEAST letters. A
 * person's row has the newest request's number and how many were found. A counted request is of the
 * time before this book: it has a number, a service and a day, nobody's name, and no more. */
#define BOOK_FIND_LEAST 3
#define BOOK_FIND_PEOPLE 5
#define BOOK_FIND_REQUESTS 10
#define BOOK_FIND_ROWS (BOOK_FIND_PEOPLE + BOOK_FIND_REQUESTS)
enum goal_kind { GOAL_PERSON, GOAL_REQUEST, GOAL_COUNTED, GOAL_KINDS };
struct book_goal {
    enum goal_kind kind;
    char number[BOOK_NUMBER];
    char name[BOOK_TEXT]; /* the applicant's */
    char tail[BOOK_TAIL]; /* as in a request's row */
    char service[16];
    enum request_state state;
    int32_t day;
    int requests; /* of a person */
};
SND_MUST int book_go_find(struct book *book, const char *words,
                          struct book_goal out[BOOK_FIND_ROWS], size_t *count);
/* request.get: text number -> request, text values, i64 fee agency, i64 fee centre, u32 count,
 * {i64 at, text actor, text actor's name, text type, u8 state, text note, text documents, i64 fee,
 * text account}, text officer, text officer's name, i64 fee due, text the agency's number of it, text
 * holder, text channel: its history, oldest first, and how it stands. */
#define BOOK_NOTE 512
struct book_history {
    int64_t at, fee;
    char actor[BOOK_NAME + 8], actor_name[BOOK_TEXT], type[32], note[BOOK_NOTE];
    char documents[BOOK_NOTE]; /* keys of the form's documents, a space between */
    char account[BOOK_NAME];   /* to whom it was given */
    enum request_state state;
};
struct book_detail {
    struct book_request request;
    struct record *record; /* yours to record_free() */
    int64_t fee_agency, fee_centre;
    struct book_history *history; /* in the arena */
    size_t histories;
    char officer[BOOK_NAME], officer_name[BOOK_TEXT]; /* "" = nobody has it yet */
    char ack[64], holder[16];
    char channel[8]; /* how it came to be: a word of the report's dimension of that name */
    int64_t fee_due; /* baisa, 0 = none was asked for */
};
SND_MUST int book_request_get(struct book *book, const char *number, struct arena *arena,
                              struct book_detail *out);
/* request.reveal: text number, text reason -> as request.get, but nothing masked; the reason goes into
 * the trail. SND_E_INVALID for a reason of less than 6 characters. */
SND_MUST int book_request_reveal(struct book *book, const char *number, const char *reason,
                                 struct arena *arena, struct book_detail *out);

/* What becomes of a request. Both take the revision that was seen: SND_E_CONFLICT when somebody else
 * was first. request.move: text number, u32 rev, u8 to, text why, text note, text documents, i64 fee,
 * text ack -> u32 rev, u8 state. SND_E_DENIED: moves.def has no such move for this role; SND_E_INUSE:
 * another officer has it, or nobody yet; SND_E_INVALID: what that move needs is missing (a reason of
 * BOOK_REASON_LEAST letters, documents, a fee) or can't be. note is for the person. */
#define BOOK_REASON_LEAST 4
#define BOOK_FEE_MOST 1000000000
struct book_move {
    char number[BOOK_NUMBER];
    int rev; /* in: as it was seen; out: as it is now */
    enum request_state to; /* out: what followed by itself included */
    char why[32], note[BOOK_NOTE], documents[BOOK_NOTE], ack[64];
    int64_t fee;
};
SND_MUST int book_request_move(struct book *book, const struct id *id, struct book_move *move);
/* request.assign: text number, u32 rev, text account ("" = back into the queue) -> u32 rev, u8 state.
 * From an officer's queue into an officer's hands: it is in review from then on. SND_E_NOTFOUND: no
 * such officer of that agency. */
SND_MUST int book_request_assign(struct book *book, const struct id *id, struct book_move *move,
                                 const char *account);
/* request.queue: u8 mine, u8 state (or 255: all that wait for this role), u8 state and text number of
 * the last row seen ("" = from the beginning), u32 max -> u32 count, {request, text officer, i64 fee
 * due}: by state and in each the oldest first. */
#define BOOK_ANY_STATE 255
struct book_queue {
    int mine;
    unsigned state; /* of enum request_state, or BOOK_ANY_STATE */
    unsigned after_state;
    const char *after;
    size_t max;
};
struct book_waiting {
    struct book_request request;
    char officer[BOOK_NAME];
    int64_t fee_due;
};
SND_MUST int book_request_queue(struct book *book, const struct book_queue *ask,
                                struct arena *arena, struct book_waiting **out, size_t *count);
/* request.waits -> u32 count, {u8 state, u32 n (at most BOOK_WAITS)}, u32 conflicts, u32 wishes that
 * wait for the hub, u32 that it has answered since they were last read (book/pass.h): what waits for
 * this role, and for this person. */
#define BOOK_WAITS 999
struct book_waits {
    unsigned n[STATE_COUNT], all;
    unsigned conflicts, asked, news;
};
SND_MUST int book_request_waits(struct book *book, struct book_waits *out);
SND_MUST int book_waits_ask(struct book *book); /* the same as a question that nobody waits for */
SND_MUST int book_waits_heard(struct book *book, struct book_waits *out);
/* officer.list -> u32 count, {text account, text name}: the officers of one's own agency. */
struct book_officer {
    char account[BOOK_NAME], name[BOOK_TEXT];
};
SND_MUST int book_officer_list(struct book *book, struct arena *arena, struct book_officer **out,
                               size_t *count);
/* Documents. The inbox holds what a clerk has sent and attached to nothing yet; a name stands there
 * once for an account.
 * blob = bytes sha (zeros until it is whole), i64 size (so far), u8 type (base/filetype.def), u32 pages.
 * inbox.list: text civil number ("" = of nobody) -> u32 count, {id, text name, text role, blob, i64 at, u8
 * whole}: the person's own inbox, newest first; then (id zeros, role = the field it was attached to)
 * what requests of that applicant at this centre have. Such rows are an event, person.looked_up.
 * inbox.begin: text name, i64 size (0 = unknown), u8 resume -> id, i64 have: a new entry, or one that is
 * not whole emptied or (resume) gone on with. SND_E_EXISTS: one of that name is whole; SND_E_BAD: no
 * such name can be; SND_E_LIMIT: too long, too many; SND_E_FULL: the disk is nearly full.
 * inbox.put: id, i64 offset, bytes (at most BOOK_PIECE) -> i64 have: what is there is passed over,
 * nothing is put beyond the end. SND_E_LIMIT: too long.
 * inbox.end: id -> u8 finished, blob: called while it says BOOK_MORE, here done for you. TYPE and SHA:
 * the entry is gone; CUT: the end is missing, it can be gone on with.
 * inbox.rename: id, text name -> nothing. SND_E_EXISTS. inbox.drop: id -> nothing. */
#define BOOK_PIECE (48 * 1024)
#define BOOK_FILE_NAME 256
struct book_document {
    struct id id;              /* of an entry of the inbox, else zeros */
    char name[BOOK_FILE_NAME]; /* what its file was called */
    char role[64];             /* key of the field it is attached to, "" = none */
    uint8_t sha[HASH_SIZE];
    int64_t size, at;
    enum filetype type;
    uint32_t pages; /* 0 = not known */
    int whole;      /* all of it is here */
};
enum book_finished { BOOK_MORE, BOOK_DONE, BOOK_CUT, BOOK_TYPE, BOOK_SHA, BOOK_FINISHES };
SND_MUST int book_inbox_list(struct book *book, const char *civil, struct arena *arena,
                             struct book_document **out, size_t *count);
SND_MUST int book_inbox_begin(struct book *book, const char *name, int64_t size, int resume,
                              struct id *id, int64_t *have);
SND_MUST int book_inbox_put(struct book *book, const struct id *id, int64_t offset,
                            const void *bytes, size_t len, int64_t *have);
SND_MUST int book_inbox_end(struct book *book, const struct id *id, struct book_document *out,
                            enum book_finished *how);
SND_MUST int book_inbox_rename(struct book *book, const struct id *id, const char *name);
SND_MUST int book_inbox_drop(struct book *book, const struct id *id);
/* A request names documents by "att:" and their hash; the one who submits it must have them to give:
 * in the own inbox, or attached to a request of the centre. Each is an event document.attached.
 * document.list: text number -> u32 count, {text role, text name, blob, i64 at, u8 whole}: those of a
 * request. document.get: text number, bytes sha, i64 offset, u32 max -> bytes (none at the end); its
 * first piece is kept as request.seen. document.attach, document.drop: text number, text role, bytes
 * sha -> nothing, while the request is queued or documents are wanted for it (else
 * SND_E_CONFLICT). SND_E_EXISTS: it has it; SND_E_NOTFOUND: it isn't there to give. */
SND_MUST int book_document_list(struct book *book, const char *number, struct arena *arena,
                                struct book_document **out, size_t *count);
/* What the document is called where it is taken out: as its field is, the second one of a field has a
 * number. */
const char *book_document_file(struct arena *arena, const struct book_document *list, size_t i);
SND_MUST int book_document_get(struct book *book, const char *number, const uint8_t sha[HASH_SIZE],
                               int64_t offset, uint32_t max, struct buf *out);
SND_MUST int book_document_attach(struct book *book, const char *number, const char *role,
                                  const uint8_t sha[HASH_SIZE]);
SND_MUST int book_document_drop(struct book *book, const char *number, const char *role,
                                const uint8_t sha[HASH_SIZE]);
/* Documents by hash, for the node's own processes. Only what some request has is known and taken:
 * events come before documents. blob.head: bytes sha -> i64 size, i64 have, u8 whole, text mime.
 * SND_E_NOTFOUND: no request has it. blob.get: bytes sha, i64 offset, u32 max -> bytes; SND_E_BAD: the
 * offset is beyond its end. blob.begin: bytes sha -> i64 have (where to go on), u8 whole. blob.put:
 * bytes sha, i64 offset, bytes -> i64 have. blob.end: bytes sha -> u8 finished; SHA: it was not what it
 * should be and begins anew. blob.missing, blob.unsent: u32 max -> i64 how many in all, u32 count,
 * {bytes sha, i64 size, i64 have}, the smallest first: what isn't here; what is here and the hub
 * doesn't have, of which blob.sent: bytes sha -> nothing says that it has it now. */
struct book_blob {
    uint8_t sha[HASH_SIZE];
    int64_t size, have;
    int whole;
    char mime[64];
};
SND_MUST int book_blob_head(struct book *book, const uint8_t sha[HASH_SIZE], struct book_blob *out);
SND_MUST int book_blob_get(struct book *book, const uint8_t sha[HASH_SIZE], int64_t offset,
                           uint32_t max, struct buf *out);
SND_MUST int book_blob_begin(struct book *book, const uint8_t sha[HASH_SIZE], int64_t *have,
                             int *whole);
SND_MUST int book_blob_put(struct book *book, const uint8_t sha[HASH_SIZE], int64_t offset,
                           const void *bytes, size_t len, int64_t *have);
SND_MUST int book_blob_end(struct book *book, const uint8_t sha[HASH_SIZE],
                           enum book_finished *how);
SND_MUST int book_blob_missing(struct book *book, uint32_t max, struct arena *arena,
                               struct book_blob **out, size_t *count, int64_t *total);
SND_MUST int book_blob_unsent(struct book *book, uint32_t max, struct arena *arena,
                              struct book_blob **out, size_t *count, int64_t *total);
SND_MUST int book_blob_sent(struct book *book, const uint8_t sha[HASH_SIZE]);

/* Trails: what was done and what was seen, newest first. Reading one is itself an event (trail.seen,
 * trail.searched), about the request, account or person whose trail it is. What a role may not read
 * of a payload is masked by the ledger; an administrator gets security events only.
 *
 * trail.find: text words (an account's or a person's name, a number or its seven symbols, a civil
 * number) -> u32 count, {u8 kind, text key, text name, text note}: what has a trail that fits. */
enum book_trail { BOOK_TRAIL_REQUEST, BOOK_TRAIL_ACCOUNT, BOOK_TRAIL_PERSON, BOOK_TRAIL_SESSION };
struct book_found {
    enum book_trail of;
    char key[BOOK_TEXT]; /* for book_trail() */
    char name[BOOK_TEXT], note[BOOK_TEXT];
};
SND_MUST int book_trail_find(struct book *book, const char *words, struct arena *arena,
                             struct book_found **out, size_t *count);
/* Where an event stands in the office's chain. */
struct book_place {
    int64_t epoch, seq;
};
/* Where one stands among those of all nodes; node zeros = in the office's own chain.
 * where = i64 epoch, i64 seq, id node */
struct book_where {
    int64_t epoch, seq;
    struct id node;
};
/* step = where, i64 at, i64 day, text type, text actor, text actor's name, text centre,
 * text peer, text request's number, text was, text now */
struct book_step {
    struct book_where place;
    int64_t at;  /* UTC ms */
    int32_t day; /* business day */
    char type[32], actor[BOOK_NAME + 16], actor_name[BOOK_TEXT], centre[16], peer[64];
    char number[BOOK_NUMBER];            /* "" when it is about no request */
    char was[BOOK_TEXT], now[BOOK_TEXT]; /* old and new, in short */
};
/* trail.request: text number; trail.account: text account; trail.person: text civil number, or a
 * request's number for its applicant; trail.session: the place of an event that was done in it, as
 * below. Each of these also takes "@epoch.seq.node": the request, actor, person or session of that
 * event. Then where (only what is before; zeros = from the newest), u32 max -> text title, where (the next
 * page goes on; zeros = there is none), u32 count, {step}. Each node's in the order of its chain,
 * several nodes' by time.
 * SND_E_NOTFOUND: nothing here has that trail. A page may be short and still have a next one. */
struct book_trail_page {
    char title[BOOK_TEXT]; /* whose it is; a civil number masked as the role demands */
    struct book_where next;
    struct book_step *step; /* in the arena */
    size_t steps;
};
SND_MUST int book_trail(struct book *book, enum book_trail of, const char *key,
                        const struct book_where *before, struct arena *arena,
                        struct book_trail_page *out);
/* trail.event: where -> step, i64 revision, id, id of request or session, bytes form,
 * bytes payload's hash, bytes hash, u8 about a person, u8 in a session, u32 count, {text member, text
 * was, text now} */
struct book_member {
    char *name, *was, *now; /* in the arena */
};
struct book_event {
    struct book_step step;
    int64_t rev;
    struct id id, tx;
    uint8_t form[HASH_SIZE], payload_sha[HASH_SIZE], hash[HASH_SIZE];
    int person, session;
    struct book_member *member;
    size_t members;
};
SND_MUST int book_trail_event(struct book *book, const struct book_where *place,
                              struct arena *arena, struct book_event *out);

/* ledger.verify: id node, i64 epoch, i64 seq (zeros = from the beginning) -> id node, i64 epoch, i64
 * seq, i64 events, i64 of how many, u8 done, u32 count, {u8 flaw, i64 seq}: verifies the chain for a
 * twentieth of a second from there; called until it is done. The chain only: ledger.check replays
 * too. */
enum book_flaw { BOOK_FLAW_HASH, BOOK_FLAW_ORDER, BOOK_FLAW_PAYLOAD, BOOK_FLAW_HEAD, BOOK_FLAW_COLUMN,
                 BOOK_FLAWS };
struct book_verify {
    struct id node;
    struct book_place place;
    int64_t events, total; /* so far / in all */
    int done;
    int64_t flaws;           /* in all so far */
    enum book_flaw flaw;     /* the first one, and of which event */
    int64_t flaw_seq;
};
/* One piece more; begin with zeros. */
SND_MUST int book_verify(struct book *book, struct book_verify *inout);

/* ledger.check -> i64 events, i64 requests, u32 count, {text finding}: verifies the chain, replays
 * and compares every projection. No findings = clean. */
struct book_check {
    int64_t events, requests;
    char **finding; /* in the arena */
    size_t findings;
};
SND_MUST int book_check(struct book *book, struct arena *arena, struct book_check *out);

/* backup.made: i64 epoch, i64 seq, i64 bytes, u8 keys inside: a copy was made and verified that ends
 * with that event of the office's chain. */
struct book_backup {
    int64_t epoch, seq, bytes;
    int keyring;
};
SND_MUST int book_backup_made(struct book *book, const struct book_backup *backup);

/* ledger.purge: text class, i64 before, u8 trail, u8 dry, u32 count, {text service}, then the place to
 * go on after: i64 at, id, i64 epoch, i64 seq -> i64 requests, i64 events, i64 drafts, u8 more, and
 * the next place. Lets go of the people in requests of those services that were last changed before
 * that moment (UTC ms), or with `trail` of what people searched for before it. All steps together;
 * `dry` only counts. */
struct book_purge {
    const char *class;
    const char *const *service;
    size_t services;
    int trail, dry;
    int64_t before;
};
struct book_purged {
    int64_t requests, events, drafts;
};
SND_MUST int book_purge(struct book *book, const struct book_purge *what, struct book_purged *out);

/* key.list -> u32 count, {u32 number, u8 known (the ring has it), u8 current, i64 rows}: what seals. */
#define BOOK_KEYS 64
struct book_seal_key {
    uint32_t number;
    int known, current;
    int64_t rows;
};
SND_MUST int book_key_list(struct book *book, struct book_seal_key *key, size_t *count); /* room for BOOK_KEYS */
/* key.add -> u32 number, u8 going on: a new key seals from now on; none is added while older ones
 * are there yet. */
SND_MUST int book_key_add(struct book *book, uint32_t *number, int *going_on);
/* key.reseal: u32 what, id, i64 epoch, i64 seq (zeros = the beginning) -> i64 sealed, u8 more, then
 * the place to go on from. */
struct book_key_place {
    uint32_t what;
    struct id id;
    int64_t epoch, seq;
    int more;
};
SND_MUST int book_key_reseal(struct book *book, struct book_key_place *place, int64_t *sealed);
/* key.drop -> u32 dropped: all older keys. SND_E_INUSE unless a walk from the beginning to the end has
 * just found nothing sealed with them. */
SND_MUST int book_key_drop(struct book *book, uint32_t *dropped);
#endif
