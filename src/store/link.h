/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_LINK_H
#define STORE_LINK_H
/* The lines to agencies that take requests by machine. Which agencies have one, and how it is set, are
 * events. What may be sent is no list of its own: it is every request that waits here in a state
 * before `received`, of an agency whose line is open and a day since it is, so nothing can be
 * forgotten. Attempts, answers and what agencies told are local state; what becomes of a request by
 * them is an event as ever (store_request_move()). */
#include "base/buf.h"
#include "store/store.h"
#define LINK_AGENCY 16
#define LINK_URL 256
#define LINK_TOKEN 256
#define LINK_WORD 32
#define LINK_REASON 256
#define LINK_MESSAGE 81

struct store_link {
    char agency[LINK_AGENCY], url[LINK_URL];
    char token[LINK_TOKEN];    /* the agency's, "" = none: our certificate says who we are */
    char callback[HASH_TEXT];  /* SHA-256 of the token that it calls with, "" = none */
    int64_t until;             /* that token ends */
    char peer[HASH_TEXT];      /* SHA-256 of the certificate that it calls with, "" = none */
    char documents[LINK_WORD]; /* reference: fetched from the hub by hash */
    int poll;                  /* seconds between two questions, 0 = it calls */
    int most;                  /* requests on their way at once */
    char stage[LINK_WORD];     /* agreed, building, testing, live */
    int32_t since;             /* day of the stage */
    int paused;
    char reason[LINK_REASON];
};
/* Makes a link (stage `agreed` on the actor's day) or changes its settings: all but stage, since,
 * paused, reason. SND_E_BAD for a text that can't be one. */
SND_MUST int store_link_put(struct store *store, const struct store_link *link, const struct store_actor *actor);
/* From a day on; pause and go on. SND_E_NOTFOUND. */
SND_MUST int store_link_stage(struct store *store, const char *agency, const char *stage, int32_t day, const struct store_actor *actor);
SND_MUST int store_link_pause(struct store *store, const char *agency, int paused, const char *reason, const struct store_actor *actor);
SND_MUST int store_link_get(struct store *store, const char *agency, struct store_link *out);
/* By the token that an agency calls with (its hash) or its certificate: SND_E_NOTFOUND. */
SND_MUST int store_link_caller(struct store *store, const char *callback, const char *peer, struct store_link *out);
/* By agency, in the arena. */
SND_MUST int store_link_list(struct store *store, struct arena *arena, struct store_link **out, size_t *count);
/* Days of its stages, in their order; 0 = not yet. */
#define LINK_STAGES 4
extern const char *const store_link_stages[LINK_STAGES];
SND_MUST int store_link_days(struct store *store, const char *agency, int32_t out[LINK_STAGES]);
/* 1 when requests go over it: not paused, and live, or being tested by an office for practice. */
int store_link_open(const struct store_link *link, const struct store_office *office);

#define STORE_LINE_PUSHED (-1) /* `until` of a line that a person wants tried now */
/* How a line goes. get: zeros when nothing was ever said. */
struct store_agency_line {
    int fails;
    int64_t since, until, last_ok; /* since: when the first of these failed */
    char why[LINK_WORD];
};
SND_MUST int store_agency_line_get(struct store *store, const char *agency, struct store_agency_line *out);
SND_MUST int store_agency_line_put(struct store *store, const char *agency, const struct store_agency_line *line);

/* ---- what goes out ---- */
struct store_sending {
    struct id request, id; /* id: of the event that submitted it */
    char number[24], agency[LINK_AGENCY], state[LINK_WORD]; /* state: waiting, taken, failed; "" = untried */
    char applicant[128]; /* "" in lists */
    int attempts;
    int64_t first_at, next_at;
    uint8_t sha[HASH_SIZE];
    int status;
    char why[LINK_WORD];
    uint8_t answer_sha[HASH_SIZE];
    int64_t rev; /* of the move that it tells of; 0 = it is the request itself */
};
/* Requests that are due to be sent on that line, the oldest first, in the arena: those never tried
 * whose day is since the line's, and those whose next attempt has come; none whose documents are not
 * all here. */
SND_MUST int store_outbox_due(struct store *store, const struct store_link *link, int64_t now, size_t max, struct arena *arena, struct id **out, size_t *count);
/* Those that were taken and may be asked about. */
SND_MUST int store_outbox_asked(struct store *store, const char *agency, int64_t now, size_t max, struct arena *arena, struct id **out, size_t *count);
/* The row of a request; SND_E_NOTFOUND when it was never tried. put: makes or replaces it; an answer
 * that is NULL leaves the one there is. */
SND_MUST int store_outbox_get(struct store *store, const struct id *request, struct store_sending *out);
SND_MUST int store_outbox_put(struct store *store, const struct store_sending *sending, const void *answer, size_t len);
/* All in that state ("" = waiting and failed) of that agency ("" = all), the oldest first. */
SND_MUST int store_outbox_list(struct store *store, const char *agency, const char *state, size_t max, struct arena *arena, struct store_sending **out, size_t *count);
/* How many, at most `most`: of that state; never tried. */
SND_MUST int store_outbox_count(struct store *store, const char *agency, const char *state, int64_t most, int64_t *out);
SND_MUST int store_outbox_untried(struct store *store, const struct store_link *link, int64_t most, int64_t *out);
/* When the oldest that waits or failed came about, 0 = there is none. / What waits is due at once. */
SND_MUST int store_outbox_oldest(struct store *store, const struct store_link *link, int64_t *out);
SND_MUST int store_outbox_now(struct store *store, const char *agency, int64_t now);

/* What a centre did with a request that its agency has: each by the id of its event, in the request's
 * order, after the request. due: those whose request is there and whose documents are here. of: those
 * of a request that are before a revision. get: SND_E_NOTFOUND. put: changes a row that is there. */
SND_MUST int store_followup_due(struct store *store, const char *agency, int64_t now, size_t max, struct arena *arena, struct id **out, size_t *count);
SND_MUST int store_followup_of(struct store *store, const struct id *request, int64_t before, struct arena *arena, struct id **out, size_t *count);
SND_MUST int store_followup_get(struct store *store, const struct id *id, struct store_sending *out);
SND_MUST int store_followup_put(struct store *store, const struct store_sending *sending, const void *answer, size_t len);

/* 0 when a request that went to that agency has that document, else SND_E_NOTFOUND. */
SND_MUST int store_outbox_document(struct store *store, const char *agency, const uint8_t sha[HASH_SIZE]);

/* A request by its own id: its row, the event that submitted it, and what was filled in (JSON). */
SND_MUST int store_request_by_id(struct store *store, const struct id *id, struct store_request *out, struct id *event, char **values);

/* ---- what agencies tell ---- */
struct store_told {
    struct id id, request;
    char agency[LINK_AGENCY], message[LINK_MESSAGE], code[LINK_WORD];
    int64_t at;
};
/* SND_E_EXISTS when that message came before, with what it was answered in *code. */
SND_MUST int store_told_new(struct store *store, const char *agency, const char *message, char code[LINK_WORD]);
SND_MUST int store_told_put(struct store *store, const struct store_told *told, const void *body, size_t len);
SND_MUST int store_told_code(struct store *store, const struct id *id, const char *code);
/* The message of that name, with its body in the arena: SND_E_NOTFOUND. */
struct store_kept;
SND_MUST int store_told_get(struct store *store, const char *agency, const char *message, struct arena *arena, struct store_kept *out);
/* The messages of a request that were kept, the oldest first; `body` in the arena. */
struct store_kept {
    struct store_told told;
    const char *body;
};
SND_MUST int store_told_kept(struct store *store, const struct id *request, struct arena *arena, struct store_kept **out, size_t *count);
#endif
