/* SPDX-License-Identifier: Apache-2.0
 * A request as its agency gets it: the frame and the values as the schema of the service says
 * (form/schema.h). It is made anew at each attempt, so nothing in it may change between two: what
 * is sent twice must have one hash. */
#include "ledger/errand_priv.h"
#include <string.h>
#include "base/clock.h"
#include "base/err.h"

int errand_get(struct call *call, const struct id *request, struct errand *out)
{
    memset(out, 0, sizeof *out);
    return store_request_by_id(call->store, request, &out->request, &out->event, &out->values);
}

void errand_free(struct errand *errand)
{
    x_free(&errand->values);
}

void errand_by(struct call *call, const char *agency)
{
    int cut = str_format(call->actor.name, sizeof call->actor.name, "agency:%s", agency);
    snd_assert(cut == 0);
    call->actor.centre[0] = '\0';
}

static void put_frame(const struct errand *errand, const struct form *form, struct json *out)
{
    const struct store_request *request = &errand->request;
    char id[ID_TEXT], sha[HASH_TEXT], at[25], day[11];
    struct json *fees = json_new_object();
    id_text(&request->id, id);
    hex_text(request->sha, HASH_SIZE, sha);
    clock_utc_text(request->at, at);
    clock_day_text(request->day, day);
    json_put_text(out, "id", id);
    json_put_text(out, "number", request->number);
    json_put_text(out, "service", request->service);
    json_put_int(out, "version", form->version);
    json_put_text(out, "form", sha);
    json_put_text(out, "agency", request->agency);
    json_put_text(out, "centre", request->centre);
    json_put_text(out, "channel", "centre");
    json_put_text(out, "submitted", at);
    json_put_text(out, "day", day);
    json_put_int(out, "rev", 1);
    json_put_int(fees, "agency", request->fee_agency);
    json_put_int(fees, "centre", request->fee_centre);
    json_put(out, "fees", fees);
}

int errand_body(struct call *call, const struct errand *errand, struct buf *out)
{
    const struct form *form;
    struct json *values = NULL;
    int err = formcache_get(call->forms, call->store, errand->request.sha, &form);
    if (!err)
        err = json_parse(errand->values, strlen(errand->values), &values);
    if (err)
        return err;
    struct json *body = json_new_object();
    put_frame(errand, form, body);
    json_put(body, "values", values);
    json_put(body, "documents", json_new_array());
    char *text = json_text(body, 0);
    buf_puts(out, text);
    x_free(&text);
    json_free(&body);
    return out->failed ? SND_E_LIMIT : 0;
}
