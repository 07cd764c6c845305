/* SPDX-License-Identifier: Apache-2.0
 * Texts of forms that requests passed to this office were filled in by, one a step, before
 * documents: without them a clerk can't read the request. What came is what its hash says, or it is
 * not kept; one that the hub can't give, or that isn't one, holds up none. */
#include "sync/texts_priv.h"
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "sync/squeeze_priv.h"

#define LATER_MS 30000 /* before the ledger is asked again whether there is any */
#define ANSWER_MOST (256 * 1024)
#define TEXT_MOST (1024 * 1024)
#define PATH 96

static int on_bytes(void *arg, const void *bytes, size_t len)
{
    struct buf *plain = arg;
    buf_put(plain, bytes, len);
    return plain->failed ? SND_E_LIMIT : 0;
}

static int open_answer(const struct buf *answer, struct json **out)
{
    struct buf plain = BUF_INIT(TEXT_MOST);
    struct unsqueeze *unsqueeze = unsqueeze_new(TEXT_MOST, on_bytes, &plain);
    int err = unsqueeze_put(unsqueeze, answer->data, answer->len);
    if (!err)
        err = unsqueeze_end(unsqueeze);
    if (!err)
        err = json_parse(buf_text(&plain), plain.len, out);
    unsqueeze_free(&unsqueeze);
    buf_free(&plain);
    return err;
}

/* What came, as the ledger takes it; what isn't text is left out, and the ledger refuses the rest.
 */
static int keep(struct book *book, const struct json *json, const uint8_t sha[HASH_SIZE])
{
    const struct json *lists = json_get(json, "lists");
    uint8_t found[HASH_SIZE];
    struct book_form_whole form = {.text = json_get_text(json, "form")};
    if (!form.text)
        return SND_E_BAD;
    hash_bytes(form.text, strlen(form.text), found);
    if (memcmp(found, sha, HASH_SIZE) != 0)
        return SND_E_BAD;
    struct arena *arena = arena_new();
    form.list = arena_alloc(arena, (json_count(lists) + 1) * sizeof *form.list);
    for (size_t i = 0; i < json_count(lists); i++) {
        const struct json *list = json_at(lists, i);
        form.list[form.lists].name = json_get_text(list, "name");
        form.list[form.lists].text = json_get_text(list, "list");
        form.lists += form.list[form.lists].name && form.list[form.lists].text;
    }
    int err = book_form_keep(book, &form);
    arena_free(&arena);
    return err;
}

/* 1, 0 = we lack no more, or an error. */
static int find_next(const struct texts *texts, struct book *book, uint8_t sha[HASH_SIZE])
{
    struct arena *arena = arena_new();
    uint8_t(*list)[HASH_SIZE];
    size_t count;
    int err = book_form_wanted(book, arena, &list, &count);
    int more = !err && texts->passed < count;
    if (more)
        memcpy(sha, list[texts->passed], HASH_SIZE);
    arena_free(&arena);
    return err ? err : more;
}

static enum trouble fetch(struct carrier *carrier, const uint8_t sha[HASH_SIZE], struct buf *answer,
                          int *status)
{
    struct carried carried;
    char path[PATH], hex[HASH_TEXT];
    hex_text(sha, HASH_SIZE, hex);
    (void)str_format(path, sizeof path, "/v1/forms/%s", hex);
    carrier_send(carrier, "GET", path, NULL, NULL, answer, &carried);
    *status = carried.status;
    if (carried.trouble)
        return carried.trouble;
    if (carried.status == 401 || carried.status == 403)
        return TROUBLE_REFUSED;
    return carried.status == 429 || carried.status >= 500 ? TROUBLE_BUSY : TROUBLE_NONE;
}

enum trouble texts_step(struct texts *texts, struct book *book, struct carrier *carrier, int *did)
{
    uint8_t sha[HASH_SIZE];
    struct buf answer = BUF_INIT(ANSWER_MOST);
    struct json *json = NULL;
    int status = 0;
    *did = 0;
    if (clock_mono_ms() < texts->later)
        return TROUBLE_NONE;
    if (find_next(texts, book, sha) != 1) {
        *texts = (struct texts){.later = clock_mono_ms() + LATER_MS};
        return TROUBLE_NONE;
    }
    enum trouble trouble = fetch(carrier, sha, &answer, &status);
    if (!trouble) {
        *did = 1;
        int err = status == 200 ? open_answer(&answer, &json) : SND_E_NOTFOUND;
        if (!err)
            err = keep(book, json, sha);
        texts->passed += err != 0;
        log_info("sync.form", "status=%d err=%s", status, err_text(err));
    }
    json_free(&json);
    buf_free(&answer);
    return trouble;
}
