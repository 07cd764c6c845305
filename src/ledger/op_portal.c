/* SPDX-License-Identifier: Apache-2.0
 * The unified national portal, where people ask for services by themselves. It has a link as an
 * agency has one, under a code of its own, and is known by the same token or certificate. What it
 * files is judged as a clerk's submission is and stands at the hub's own centre, by the channel
 * `self`. Its key for a submission is kept with the messages of agencies and the hash of what was
 * submitted, never the words of it, so that a purge has nothing to look for there. */
#include <string.h>
#include "base/err.h"
#include "base/hash.h"
#include "book/agency.h"
#include "ledger/errand_priv.h"
#include "ledger/submission_priv.h"

#define CHANNEL "self"

/* The portal calls: 0; SND_E_AUTH, also for an agency that has a link; OP_MALFORMED. */
static int is_portal(struct call *call, struct store_link *link)
{
    int err = told_caller(call, link);
    mem_wipe(link->token, sizeof link->token);
    return !err && strcmp(link->agency, AGENCY_PORTAL) != 0 ? SND_E_AUTH : err;
}

/* And it is time for it to. */
static int is_open(const struct call *call, const struct store_link *link)
{
    return store_link_open(link, call->office) && call->day >= link->since ? 0 : SND_E_DENIED;
}

int op_portal_hello(struct call *call)
{
    struct store_link link;
    int err = is_portal(call, &link);
    if (!call_done(call))
        return OP_MALFORMED;
    return err ? err : is_open(call, &link);
}

/* ---- submitting ---- */

/* What was submitted, by its hash. */
static void print_of(const struct submission *sub, char out[HASH_TEXT])
{
    uint8_t sum[HASH_SIZE];
    struct hash *hash = hash_start();
    hash_add(hash, sub->sha, HASH_SIZE);
    hash_add(hash, sub->values, strlen(sub->values));
    hash_end(&hash, sum);
    hex_text(sum, HASH_SIZE, out);
}

/* The receipt of what that key has named before. SND_E_EXISTS: that was something else. */
static int answer_again(struct call *call, const struct store_kept *kept, const char *print)
{
    struct errand errand;
    if (strcmp(kept->body, print) != 0)
        return SND_E_EXISTS;
    int err = errand_get(call, &kept->told.request, &errand);
    if (!err) {
        wire_put_text(call->out, errand.request.number);
        wire_put_i64(call->out, errand.request.fee_agency);
        wire_put_i64(call->out, errand.request.fee_centre);
        wire_put_u8(call->out, 0);
    }
    errand_free(&errand);
    return err;
}

static int submit_new(struct call *call, const char *key, const char *print, struct submission *sub)
{
    struct store_told told = {.id = id_new(), .request = sub->id, .at = call->actor.at};
    errand_by(call, AGENCY_PORTAL);
    (void)str_copy(call->actor.centre, sizeof call->actor.centre, call->office->centre);
    (void)str_copy(sub->centre, sizeof sub->centre, call->office->centre);
    (void)str_copy(sub->account, sizeof sub->account, call->actor.name);
    (void)str_copy(sub->channel, sizeof sub->channel, CHANNEL);
    (void)str_copy(told.agency, sizeof told.agency, AGENCY_PORTAL);
    (void)str_copy(told.message, sizeof told.message, key);
    (void)str_copy(told.code, sizeof told.code, "taken");
    sub->actor = call->actor;
    int err = call_submit(call, sub);
    return err ? err : store_told_put(call->store, &told, print, strlen(print));
}

static int submit_once(struct call *call, const char *key, struct submission *sub)
{
    struct store_kept kept;
    char print[HASH_TEXT];
    struct arena *arena = arena_new();
    print_of(sub, print);
    int err = store_told_get(call->store, AGENCY_PORTAL, key, arena, &kept);
    if (!err)
        err = answer_again(call, &kept, print);
    else if (err == SND_E_NOTFOUND)
        err = submit_new(call, key, print, sub);
    arena_free(&arena);
    return err;
}

int op_portal_submit(struct call *call)
{
    struct store_link link;
    struct submission sub = {.id = id_new()};
    char key[PORTAL_KEY];
    int known = is_portal(call, &link);
    wire_text(&call->in, key, sizeof key);
    if (call_get_sha(call, sub.sha))
        return OP_MALFORMED;
    sub.values = wire_text_dup(&call->in, WIRE_MAX);
    int err = call_done(call) ? known : OP_MALFORMED;
    if (!err)
        err = portal_key_fits(key) ? is_open(call, &link) : SND_E_BAD;
    if (!err)
        err = submit_once(call, key, &sub);
    x_free(&sub.values);
    return err;
}

/* ---- how it stands ---- */

static void put_step(struct call *call, const void *row)
{
    const struct store_history *step = row;
    enum request_state state = STATE_QUEUED;
    if (state_find(step->state, &state))
        state = STATE_QUEUED;
    wire_put_i64(call->out, step->at);
    wire_put_u8(call->out, (uint8_t)state);
    wire_put_text(call->out, step->note);
    wire_put_text(call->out, step->documents);
    wire_put_i64(call->out, step->fee);
}

static int put_status(struct call *call, const struct store_request *request)
{
    struct store_history *step;
    enum request_state state;
    size_t count = 0;
    struct arena *arena = arena_new();
    int err = state_find(request->state, &state) ? SND_E_CORRUPT : 0;
    if (!err)
        err = store_request_history(call->store, &request->id, arena, &step, &count);
    if (!err) {
        wire_put_text(call->out, request->number);
        wire_put_text(call->out, request->service);
        wire_put_u8(call->out, (uint8_t)state);
        wire_put_i64(call->out, request->changed);
        wire_put_i64(call->out, request->fee_due);
        call_put_list(call, put_step, step, sizeof *step, count);
    }
    arena_free(&arena);
    return err;
}

int op_portal_status(struct call *call)
{
    struct store_link link;
    struct store_request request;
    char number[BOOK_NUMBER];
    int err = is_portal(call, &link);
    wire_text(&call->in, number, sizeof number);
    if (!call_done(call))
        return OP_MALFORMED;
    errand_by(call, AGENCY_PORTAL);
    if (!err)
        err = is_open(call, &link);
    if (!err)
        err = store_request_row(call->store, &store_reach_all, number, &request);
    if (!err &&
        (strcmp(request.channel, CHANNEL) != 0 || strcmp(request.account, call->actor.name) != 0))
        err = SND_E_NOTFOUND;
    return err ? err : put_status(call, &request);
}
