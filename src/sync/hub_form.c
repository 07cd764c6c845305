/* SPDX-License-Identifier: Apache-2.0
 * GET /v1/forms/SHA256: a form's text by its hash, with the lists that it names, for a centre to
 * which a request was passed that was filled in by a text it doesn't have. What stands under a hash
 * never changes. */
#include <string.h>
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "sync/hub_priv.h"
#include "sync/squeeze_priv.h"

/* {"form":TEXT,"lists":[{"name":NAME,"list":TEXT}]} */
static char *form_json(const struct book_form_whole *form)
{
    struct json *json = json_new_object(), *lists = json_new_array();
    json_put_text(json, "form", form->text);
    for (size_t i = 0; i < form->lists; i++) {
        struct json *list = json_new_object();
        json_put_text(list, "name", form->list[i].name);
        json_put_text(list, "list", form->list[i].text);
        json_push(lists, list);
    }
    json_put(json, "lists", lists);
    char *text = json_text(json, 0);
    json_free(&json);
    return text;
}

void page_form(struct ask *ask, struct reply *reply)
{
    uint8_t sha[HASH_SIZE];
    char tag[HASH_TEXT + 2], hex[HASH_TEXT];
    struct book_form_whole form;
    struct arena *arena = arena_new();
    const char *known = ask_header(ask, "If-None-Match");
    int err = hex_parse(ask->tail, sha, HASH_SIZE) ? SND_E_NOTFOUND : ask_known(ask);
    if (!err)
        err = book_form_whole(ask->book, sha, arena, &form);
    if (!err) {
        hex_text(sha, HASH_SIZE, hex);
        (void)str_format(tag, sizeof tag, "\"%s\"", hex);
        reply_header(reply, "ETag", tag);
        reply_header(reply, "Cache-Control", "private, max-age=31536000, immutable");
    }
    if (!err && known && strcmp(known, tag) == 0) {
        reply->status = 304;
    } else if (!err) {
        char *text = form_json(&form);
        err = squeeze(text, strlen(text), &reply->body);
        x_free(&text);
    }
    if (err)
        reply_error(reply, err);
    arena_free(&arena);
}
