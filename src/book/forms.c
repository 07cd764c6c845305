/* SPDX-License-Identifier: Apache-2.0
 * Services and their forms. A form's text never changes under its hash, so a parsed one is kept for
 * the book's lifetime. The text that came is checked against the hash before it is parsed. */
#include <string.h>
#include "base/err.h"
#include "book/talk_priv.h"

#define SERVICE_LEAST 83 /* bytes of a row with empty texts */

static void get_service(struct wire *answer, struct arena *arena, void *to)
{
    struct book_service *row = to;
    wire_text(answer, row->code, sizeof row->code);
    wire_text(answer, row->agency, sizeof row->agency);
    row->title[LANG_AR] = wire_text_in(answer, arena);
    row->title[LANG_EN] = wire_text_in(answer, arena);
    row->state = talk_get_enum(answer, SERVICE_STATES);
    row->open = (int)talk_get_enum(answer, 2);
    row->in_area = (int)talk_get_enum(answer, 2);
    talk_get_sha(answer, row->sha);
    row->reason = wire_text_in(answer, arena);
    row->opens = talk_get_day(answer);
    wire_id(answer, &row->notice);
}

int book_service_list(struct book *book, struct arena *arena, struct book_service **out,
                      size_t *count)
{
    static const struct talk_rows rows = {SERVICE_LEAST, sizeof **out, get_service};
    struct buf frame;
    talk_begin(book, OP_SERVICE_LIST, NULL, &frame);
    return talk_list(book, &frame, &rows, arena, out, count);
}

/* Asks for one text; *text is yours to x_free(). */
static int get_text(struct book *book, struct buf *frame, char **text)
{
    struct wire answer;
    int err = talk_ask(book, frame, &answer);
    if (err)
        return err;
    *text = wire_text_dup(&answer, WIRE_MAX);
    err = talk_end(book, &answer);
    if (err)
        x_free(text);
    return err;
}

/* What form_read() asks for while it reads one form. */
struct lists {
    struct book *book;
    const uint8_t *sha;
    struct arena *arena;
    int err; /* the first list that didn't come for another reason than that there is none */
};

static const char *find_list(void *arg, const char *name)
{
    struct lists *lists = arg;
    struct buf frame;
    char *text = NULL;
    talk_begin(lists->book, OP_FORM_LIST_GET, NULL, &frame);
    wire_put_bytes(&frame, lists->sha, HASH_SIZE);
    wire_put_text(&frame, name);
    int err = lists->err ? lists->err : get_text(lists->book, &frame, &text);
    buf_free(&frame);
    if (err && err != SND_E_NOTFOUND && !lists->err)
        lists->err = err;
    if (!text)
        return NULL;
    const char *kept = arena_strdup(lists->arena, text);
    x_free(&text);
    return kept;
}

static int fetch_form(struct book *book, const uint8_t sha[HASH_SIZE], struct form **out)
{
    struct buf frame;
    char *text = NULL;
    const struct form_fault *faults;
    size_t count;
    uint8_t found[HASH_SIZE];
    talk_begin(book, OP_FORM_GET, NULL, &frame);
    wire_put_bytes(&frame, sha, HASH_SIZE);
    int err = get_text(book, &frame, &text);
    if (err)
        return err;
    struct arena *arena = arena_new();
    struct lists lists = {.book = book, .sha = sha, .arena = arena};
    hash_bytes(text, strlen(text), found);
    if (memcmp(found, sha, HASH_SIZE) != 0)
        err = SND_E_CORRUPT;
    if (!err)
        err = form_read(text, strlen(text), find_list, &lists, arena, out, &faults, &count);
    if (lists.err) {
        if (!err)
            form_free(out);
        err = lists.err;
    }
    arena_free(&arena);
    x_free(&text);
    return err;
}

/* Kept by book_forms_share() until the process ends. */
static struct kept_form *shared_forms;

static const struct form *find_kept(const struct kept_form *kept, const uint8_t sha[HASH_SIZE])
{
    while (kept && memcmp(kept->form->sha, sha, HASH_SIZE) != 0)
        kept = kept->next;
    return kept ? kept->form : NULL;
}

int book_forms_share(struct book *book)
{
    struct book_service *services;
    size_t count;
    struct arena *arena = arena_new();
    int err = book_service_list(book, arena, &services, &count);
    for (size_t i = 0; !err && i < count; i++) {
        const struct form *form;
        err = book_form(book, services[i].sha, &form);
    }
    arena_free(&arena);
    struct kept_form **end = &shared_forms;
    while (*end)
        end = &(*end)->next;
    *end = book->forms;
    book->forms = NULL;
    return err;
}

int book_form(struct book *book, const uint8_t sha[HASH_SIZE], const struct form **out)
{
    const struct form *known = find_kept(shared_forms, sha);
    if (!known)
        known = find_kept(book->forms, sha);
    if (known) {
        *out = known;
        return 0;
    }
    struct form *form = NULL;
    int err = fetch_form(book, sha, &form);
    if (err)
        return err;
    struct kept_form *kept = x_alloc(sizeof *kept);
    kept->form = form;
    kept->next = book->forms;
    book->forms = kept;
    *out = form;
    return 0;
}

int book_form_load(struct book *book, const char *text, size_t lists, const char *const *names,
                   const char *const *texts, const struct book_notice *notice,
                   uint8_t sha[HASH_SIZE], int *added)
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new();
    talk_begin(book, OP_FORM_LOAD, &id, &frame);
    wire_put_text(&frame, text);
    wire_put_u32(&frame, (uint32_t)lists);
    for (size_t i = 0; i < lists; i++) {
        wire_put_text(&frame, names[i]);
        wire_put_text(&frame, texts[i]);
    }
    talk_put_notice(&frame, notice);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    talk_get_sha(&answer, sha);
    *added = (int)talk_get_enum(&answer, 2);
    return talk_end(book, &answer);
}

int book_form_wanted(struct book *book, struct arena *arena, uint8_t (**out)[HASH_SIZE],
                     size_t *count)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_FORM_WANTED, NULL, &frame);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *count = talk_count(&answer, 4 + HASH_SIZE);
    *out = arena_alloc(arena, (*count + 1) * sizeof **out);
    for (size_t i = 0; i < *count; i++)
        talk_get_sha(&answer, (*out)[i]);
    return talk_end(book, &answer);
}

int book_form_whole(struct book *book, const uint8_t sha[HASH_SIZE], struct arena *arena,
                    struct book_form_whole *out)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_FORM_WHOLE, NULL, &frame);
    wire_put_bytes(&frame, sha, HASH_SIZE);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    out->text = wire_text_in(&answer, arena);
    out->lists = talk_count(&answer, 8);
    out->list = arena_alloc(arena, (out->lists + 1) * sizeof *out->list);
    for (size_t i = 0; i < out->lists; i++) {
        out->list[i].name = wire_text_in(&answer, arena);
        out->list[i].text = wire_text_in(&answer, arena);
    }
    return talk_end(book, &answer);
}

int book_form_keep(struct book *book, const struct book_form_whole *form)
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new();
    talk_begin(book, OP_FORM_KEEP, &id, &frame);
    wire_put_text(&frame, form->text);
    wire_put_u32(&frame, (uint32_t)form->lists);
    for (size_t i = 0; i < form->lists; i++) {
        wire_put_text(&frame, form->list[i].name);
        wire_put_text(&frame, form->list[i].text);
    }
    int err = talk_ask(book, &frame, &answer);
    return err ? err : talk_end(book, &answer);
}
