/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_OP_PRIV_H
#define LEDGER_OP_PRIV_H
/* What an operation's handler sees: the person, the decoded head of the request, a store, and where
 * the results go. The same for the writer and the readers. A handler decides nothing about who may
 * call it: that was done from the table before. */
#include "base/secret.h"
#include "base/wire.h"
#include "book/book.h"
#include "store/blob.h"
#include "store/keep.h"
#include "store/store.h"
#define OP_NAME_MAX 64
#define OP_PASSWORD 257 /* 256 bytes and a zero */
#define OP_KEY 4096
#define OP_TICKET 32
#define OP_LIVES 512 /* most sessions of one account that a reader is told of */

/* What a handler may return besides 0 and SND_E_...: */
enum op_more {
    OP_MALFORMED = 1, /* the arguments don't fit: the connection is closed */
    OP_HASH = 2,      /* *hash was filled in: call again with what came out */
};

/* Why a session may do little yet: bits, as `me` says them. */
enum limited {
    LIMITED_PASSWORD = 1, /* must choose a password, */
    LIMITED_FRESH = 2,    /* and has no old one to type */
    LIMITED_CODE = 4,     /* must type the code of this moment, */
    LIMITED_NEW_CODE = 8, /* whose secret is not there yet: is shown one, types two */
    LIMITED_ALL = 15,
};
/* The person a connection acts as. */
struct who {
    enum role role;
    char account[BOOK_NAME]; /* "" for the command line and before logging in */
    char actor[48];          /* name in events: the account, or cli:<unix user> */
    char centre[16];
    char scope[STORE_SCOPE];
    char peer[64];
    uint64_t session; /* 0 = none */
    uint8_t ticket_sha[HASH_SIZE];
    unsigned limited; /* enum limited: what must be done before anything else */
    uint64_t vouched; /* it owes a code, and that session vouches for it: it may read documents; 0 */
    int trusted;      /* the process at the other end is believed about keys and peers */
    int shell;        /* it may be the command line */
    unsigned parts;   /* which of the server's own processes it may be: bits 1<<role */
};
/* For a password worker. An empty `secret` is nobody's: never right, after the same time. */
struct hash_ask {
    int check, make;
    char secret[SECRET_TEXT], password[OP_PASSWORD], new_password[OP_PASSWORD];
};
struct hash_done {
    int matched;
    char checked[SECRET_TEXT]; /* what it was compared with, which may be replaced meanwhile */
    char made[SECRET_TEXT];
};
/* What is to happen to the connection once the write has been committed. */
struct effect {
    int become; /* the connection is `who` from now on */
    struct who who;
    unsigned unlimit;            /* these limits are gone */
    uint64_t vouch;              /* that other session vouches for it from now on, 0 */
    int bye;                     /* the session ended: close */
    char end_account[BOOK_NAME]; /* every session of it ends, "" = none */
    int settle; /* something was deleted that may not go on standing in the log */
};
/* Whether a session lives: the writer asks its table, a reader the list it was given. */
typedef int op_live(void *arg, uint64_t session);
/* Who vouches for this person's session: another of the same account that lives, came from the same
 * address and owes nothing. Its number, with the hash of its ticket, or 0. */
typedef uint64_t op_voucher(void *arg, const struct who *who, uint8_t by[HASH_SIZE]);
struct tries;
struct formcache;
struct feeds;
/* A walk over all sealed rows, as far as this process has followed it. */
struct walked {
    struct store_reseal at;
    int clean; /* from the beginning up to there nothing was sealed with an older key */
    int whole; /* and that was the end */
};
/* Documents: how much may be kept, and those that are being finished. */
struct documents {
    int64_t most, inbox_most; /* bytes of one; of a centre's inbox */
    struct {
        struct id file;
        struct store_walk *walk;
    } walk[16];
    size_t next;
};
struct call {
    struct store *store;
    enum operation op;
    struct id id; /* of a write */
    const struct who *who;
    struct store_actor actor;
    struct store_reach reach; /* what every question about requests is asked with */
    const struct store_office *office;
    int disk_low; /* little room is left for the book */
    int64_t silent_ms; /* a centre not heard of for so long is silent; of a reader */
    int32_t day;
    struct wire in;          /* the arguments, not yet read */
    struct buf *out;         /* results */
    struct store_seen *seen; /* of a TRACED read: what it shows; SIGHT_NOTHING when nothing */
    op_live *live;
    op_voucher *voucher; /* of the writer, NULL in a reader; with the same argument */
    void *live_arg;
    struct formcache *forms;
    struct tries *tries; /* of the writer, NULL in a reader; like the next three */
    struct feeds *feeds;
    struct vault *vault;
    struct walked *walked;
    struct documents *documents;
    struct hash_ask *ask;
    const struct hash_done *hashed; /* NULL at first */
    struct effect *effect;
    int keep; /* what was written stays, though the call is refused */
};

/* The handlers of operations.def. */
#define OPERATION(name, wire, roles, scope, mode, handler) int handler(struct call *call);
#include "book/operations.def"
#undef OPERATION

/* A request as it came, with the arguments still to be read. */
struct request {
    uint32_t tag;
    enum operation op;
    int known; /* the operation is one of ours */
    struct id id;
    struct wire in;
};
/* 0, or SND_E_BAD: then nothing more is to be believed of that connection. */
SND_MUST int request_parse(const void *frame, size_t len, struct request *out);
/* Whether this person may: 0, SND_E_AUTH (not logged in) or SND_E_DENIED; from the table alone. */
SND_MUST int call_permit(const struct who *who, enum operation op);
/* How far somebody reaches with an operation: the one place that says it. What is in the handlers
 * and the store is asked with this, and finds nothing outside. */
void call_reach(const struct who *who, enum operation op, struct store_reach *out);
/* Fills in reach and actor, then runs the handler. */
int call_run(struct call *call);
/* Somebody at this moment, as events name them. */
void who_actor(const struct who *who, const struct store_office *office, int32_t day,
               struct store_actor *out);

/* The address of a peer, who is address:port: every port is the same one. */
void address_of(const char *peer, char out[64]);
/* A session's number, made of its ticket. */
uint64_t session_number(const uint8_t ticket_sha[HASH_SIZE]);

/* Shared by handlers. */
int call_done(const struct call *call); /* 1 when the arguments were read whole */
void call_put_me(struct call *call, const struct who *who, const struct store_account *account);
void call_put_sha(struct call *call, const uint8_t sha[HASH_SIZE]);
int call_get_sha(struct call *call, uint8_t sha[HASH_SIZE]);
int call_get_flag(struct call *call);
/* Puts a request, as lists and details begin with it. / The name of an account's person, or the
 * account when there is none of that name. */
/* What a list shows of a person's number, whoever looks. */
void call_put_tail(struct call *call, const char *civil);
/* Rows of people were seen that nobody searched for; seen again right after, they are no new event. */
void call_say_paged(struct call *call, size_t rows);
void call_put_request(struct call *call, const void *row);
void call_name_of(struct call *call, const char *account, char out[BOOK_TEXT]);
/* Puts a row with `put`, taken back when the frame has no room for it: 1 or 0. */
int call_put_row(struct call *call, void (*put)(struct call *call, const void *row),
                 const void *row);
/* Puts a list whose rows take `size` bytes each in memory, as far as there is room: how many they are. */
uint32_t call_put_list(struct call *call, void (*put)(struct call *call, const void *row),
                       const void *list, size_t size, size_t count);
/* Begins a list; its count is filled in by call_put_count(). */
size_t call_begin_list(struct call *call);
void call_put_count(struct call *call, size_t at, uint32_t count);
/* Whether a password may be chosen for that account: 0, SND_E_INVALID (too short), SND_E_COMMON. */
SND_MUST int password_judge(const char *password, const char *account, const char *centre);
/* 1 when it is "type base64", as a door names a key: no comment, and no certificate. */
int key_ok(const char *key);
/* 1 when another session that lives has this draft open. */
int call_held_elsewhere(const struct call *call, const struct store_draft *draft);
/* Masks a request's values (JSON, replaced) as this call's role may see them: mask.def. */
void mask_values(struct call *call, const uint8_t sha[HASH_SIZE], char **values);
/* A request that was read in this call moves: the move is judged (SND_E_INVALID), kept, and then what
 * follows by itself. Whether it may was asked before. */
SND_MUST int call_move(struct call *call, struct store_request *request, enum request_state to,
                       struct store_move *move);
/* 1 unless somebody of a centre asks and another centre has the request. */
int call_holds(const struct call *call, const struct store_request *request);
/* 1 for a reason that says something. */
int call_is_reason(const char *reason);
/* What of this person's and centre's stands between them and others: conflicts, wishes. */
SND_MUST int call_put_asked(struct call *call);
/* A text masked so, put into *out. */
void veil_text(enum member_mask mask, const char *text, struct buf *out);
/* A payload's member as this role may read it in a trail: book/members.def. The command line, which
 * has the server's shell, reads all but what nobody reads. Cut to fit. */
void veil_member(enum role role, const char *member, const char *text, char *out, size_t size);
/* A civil number as this role may read it in a trail. */
void veil_civil(enum role role, const char *civil, char out[BOOK_TEXT]);
/* A civil number that was typed to search for, in ASCII digits; "" when it is none. */
void call_civil_of(const char *typed, char out[16]);
/* Code of a centre's wilayat: DA01 of DA01-003. */
void call_wilayat(const struct store_office *office, const char *centre, char out[8]);

/* What holds of a service in a wilayat on a day. */
struct standing {
    enum service_state state; /* by its form, or as it was ruled */
    int in_area;
    int open;          /* live, here */
    int32_t closed_to; /* last day of the ruling that closes it, 0 = none does */
    char reason[256];  /* of that ruling */
};
/* By the ruling that holds on that day (NULL = none) / by the one that the store has. */
void service_ruled(const struct form *form, const char *wilayat, int32_t day,
                   const struct store_ruling *ruling, struct standing *out);
SND_MUST int service_standing(struct call *call, const struct form *form, const char *wilayat,
                              int32_t day, struct standing *out);
/* The first day to come on which it is live, as far as that is known; 0 = now, or nobody knows. */
SND_MUST int service_opens(struct call *call, const struct form *form, int32_t day,
                           const struct standing *standing, int32_t *out);
/* 0, or SND_E_CLOSED while the account has not read the notice that concerns this form. */
SND_MUST int service_may_begin(struct call *call, const struct form *form, const char *account);
/* The form in force of a service; borrowed as from formcache_get(). */
SND_MUST int service_form(struct call *call, const char *code, const struct form **out);
/* A notice's two texts among the arguments; whether there is one; whether it may be stored. */
void call_get_notice(struct call *call, struct store_notice *out);
int call_notice_given(const struct store_notice *notice);
int call_notice_clean(const struct store_notice *notice);

/* Parsed forms by hash; borrowed until the next get. 0, SND_E_NOTFOUND, SND_E_CORRUPT, ... */
struct formcache *formcache_new(void);
void formcache_free(struct formcache **cache);
SND_MUST int formcache_get(struct formcache *cache, struct store *store,
                           const uint8_t sha[HASH_SIZE], const struct form **out);

/* Runs on their way in (feeds.c), of the writer's process. */
struct feeds *feeds_new(void);
void feeds_free(struct feeds **feeds);
/* The documents that a record names by hash, as this account of that centre may give them, with the
 * fields as their roles. SND_E_INVALID: *wrong is the field whose document isn't there. */
SND_MUST int documents_offered(struct call *call, const struct record *record, const char *account,
                               const char *centre, struct arena *arena, struct store_document **out,
                               size_t *count, int *wrong);
void documents_free(struct documents *documents);
/* A piece added to a growing file, its length put out. / One step of finishing it. / A piece of a
 * document put out. */
SND_MUST int call_add_bytes(struct call *call, const struct id *file, int64_t offset,
                            const uint8_t *bytes, size_t len);
SND_MUST int call_finish(struct call *call, struct id *file, struct store_blob *blob,
                         enum store_walked *how);
SND_MUST int call_put_bytes(struct call *call, const uint8_t sha[HASH_SIZE], int64_t offset,
                            uint32_t max);

/* Puts where the account's session before stood when it broke off (NULL = there is no account). */
void call_put_place(struct call *call, const char *account);

/* How often somebody was wrong (tries.c). `name` is what was typed; a code's tries are counted
 * apart under "code " and the name. All but load are for the writer's calls. */
struct tries *tries_new(void);
void tries_free(struct tries **tries);
SND_MUST int tries_load(struct tries *tries, struct store *store);
/* A try begins: 0 or SND_E_LIMIT. known: its person has come in from there before. */
SND_MUST int tries_begin(struct call *call, const char *name, const char *peer, int known);
/* It was wrong: kept, though the call is refused, and told in the trail as far as that may grow. */
SND_MUST int tries_wrong(struct call *call, const char *name, const char *account, const char *why,
                         const char *peer);
SND_MUST int tries_right(struct call *call, const char *name, const char *peer);
/* 1 when a name was tried wrong so often that a one-time code of it must not stay. */
int tries_worn(struct call *call, const char *name);
/* Forgets all tries of a name, and of the addresses they came from. */
SND_MUST int tries_forgive(struct call *call, const char *name);
/* Addresses by which a person is known. */
int tries_known(struct call *call, const char *account, const char *peer);
SND_MUST int tries_learn(struct call *call, const char *account, const char *peer);
/* Customers that somebody has asked for by number: so many at once, and then one now and then. 0 or
 * SND_E_LIMIT. */
SND_MUST int tries_look_up(struct tries *tries, const char *account, int64_t now);
#endif
