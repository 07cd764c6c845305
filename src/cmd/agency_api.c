/* SPDX-License-Identifier: Apache-2.0
 * The OpenAPI documents of the lines to agencies and to the portal: agency_api.json and
 * portal_api.json, which the program carries in itself, filled with what the program knows: the
 * states that an agency may give a request or that the portal may hear of, and, for one agency, the
 * schemas of its services. */
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "book/ops.h"
#include "cmd/agency.h"
#include "form/schema.h"

extern const char *const agency_api_files[];

/* The states that somebody at an agency may give a request once it was sent. */
static int is_theirs(enum request_state to)
{
    int may = 0;
    for (int from = STATE_SENT; from < STATE_COUNT; from++)
        may |= state_may_move((enum request_state)from, to, ROLE_AGENCY);
    return may;
}

static struct json *agency_states(void)
{
    struct json *list = json_new_array();
    for (int state = 0; state < STATE_COUNT; state++)
        if (is_theirs((enum request_state)state))
            json_push_text(list, state_word((enum request_state)state));
    return list;
}

static struct json *all_states(void)
{
    struct json *list = json_new_array();
    for (int state = STATE_QUEUED; state < STATE_COUNT; state++)
        json_push_text(list, state_word((enum request_state)state));
    return list;
}

static struct json *member(struct json *from, const char *const *path)
{
    for (; *path; path++)
        snd_assert((from = json_get(from, *path)) != NULL);
    return from;
}

/* The n-th of the documents that are carried along. */
static struct json *document(size_t n)
{
    const char *text = agency_api_files[2 * n + 1];
    struct json *api = NULL;
    int err = json_parse(text, strlen(text), &api);
    snd_assert(err == 0);
    return api;
}

struct json *agency_api(void)
{
    static const char *const state[] = {"components", "schemas", "Status",
                                        "properties", "state",   NULL};
    struct json *api = document(0);
    json_put(member(api, state), "enum", agency_states());
    return api;
}

struct json *portal_api(void)
{
    static const char *const state[] = {"components", "schemas", "State", NULL};
    struct json *api = document(1);
    json_put(member(api, state), "enum", all_states());
    return api;
}

void agency_api_add(struct json *api, const struct form *form)
{
    static const char *const all[] = {"components", "schemas", NULL};
    static const char *const request[] = {"components", "schemas", "Request", NULL};
    struct json *schemas = member(api, all), *either = member(api, request);
    char *path = x_printf("#/components/schemas/%s", form->code);
    struct json *one = json_new_object(), *list = json_get(either, "oneOf");
    if (!list) {
        list = json_new_array();
        json_put(either, "oneOf", list);
    }
    json_put(schemas, form->code, schema_request(form));
    json_put_text(one, "$ref", path);
    json_push(list, one);
    x_free(&path);
}
