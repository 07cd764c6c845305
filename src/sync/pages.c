/* SPDX-License-Identifier: Apache-2.0
 * Which page is asked for: /ar/ and /en/, below them the pages of one table, each with a twin in
 * JSON. One page is made at a time: the words of a page and the connection to the ledger are the
 * process's, and a page takes a few milliseconds. */
#include "sync/pages.h"
#include <ctype.h>
#include <pthread.h>
#include <string.h>
#include "base/err.h"
#include "base/hash.h"
#include "sync/pages_priv.h"

#define PATH_MAX_LEN 64
#define TWIN ".json"

struct pages {
    pthread_mutex_t lock;
    struct guesses *guesses;
};

static const struct kind {
    const char
        *path; /* below the language; one that ends with / has the name of one thing behind it */
    const char *twin; /* its path as JSON, where that is not path.json */
    int posts;
    int (*make)(struct page *page);
} kinds[] = {
    {"", "services.json", 0, show_services},
    {"service/", NULL, 0, show_service},
    {"status", NULL, 1, show_status},
};

struct pages *pages_new(void)
{
    struct pages *pages = x_alloc(sizeof *pages);
    snd_assert(pthread_mutex_init(&pages->lock, NULL) == 0);
    pages->guesses = guesses_new();
    return pages;
}

void pages_free(struct pages **pages)
{
    if (!*pages)
        return;
    pthread_mutex_destroy(&(*pages)->lock);
    guesses_free(&(*pages)->guesses);
    x_free(pages);
}

/* Whether `rest` is that page, or its twin; *name gets what stands behind a path that ends with /.
 */
static int is_page(const struct kind *kind, const char *rest, struct page *page)
{
    char name[PATH_MAX_LEN];
    size_t len = strlen(rest), tail = sizeof TWIN - 1, path = strlen(kind->path);
    page->json = 0;
    if (kind->twin)
        page->json = strcmp(rest, kind->twin) == 0;
    else if (len > tail && strcmp(rest + len - tail, TWIN) == 0)
        page->json = 1;
    if (kind->twin && page->json)
        return 1;
    if (str_copy(name, sizeof name, rest))
        return 0;
    if (page->json)
        name[len - tail] = '\0';
    int holds = path > 0 && kind->path[path - 1] == '/';
    if (holds && strncmp(name, kind->path, path) == 0 && name[path]) {
        page->name = arena_strdup(page->arena, name + path);
        return 1;
    }
    return !holds && strcmp(name, kind->path) == 0;
}

static int is_any(const char *method, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(method, *list) == 0)
            return 1;
    return 0;
}

static void make(struct page *page, const struct kind *kind)
{
    static const char *const reads[] = {"GET", "HEAD", NULL}, *const posts[] = {"GET", "HEAD",
                                                                                "POST", NULL};
    if (!is_any(page->asked->method, kind->posts ? posts : reads)) {
        page_refuse(page, 405, _("This page can't be asked for in this way."));
        page->answer->allow = kind->posts ? "GET, HEAD, POST" : "GET, HEAD";
        return;
    }
    page->answer->status = 200;
    if (kind->make(page) != 0) {
        page_refuse(page, 503, _("This can't be shown just now: try again in a minute."));
        page->answer->retry_after = 60;
    }
}

static void find_page(struct page *page, const char *rest)
{
    for (size_t i = 0; i < SND_COUNT(kinds); i++)
        if (is_page(&kinds[i], rest, page)) {
            make(page, &kinds[i]);
            return;
        }
    size_t len = strlen(rest), tail = sizeof TWIN - 1;
    page->json = len >= tail && strcmp(rest + len - tail, TWIN) == 0;
    page_refuse(page, 404, _("There is no such page."));
}

/* The first of the reader's languages that is ours; Arabic otherwise. */
static enum lang wanted_language(const char *languages)
{
    for (const char *at = languages ? languages : ""; *at;) {
        enum lang lang;
        char code[3] = "";
        while (*at == ' ' || *at == ',')
            at++;
        (void)str_format(code, sizeof code, "%.2s", at);
        if (strlen(code) == 2 && !isalpha((unsigned char)at[2]) && msg_lang_parse(code, &lang) == 0)
            return lang;
        at += strcspn(at, ",");
    }
    return LANG_AR;
}

static void choose_language(const struct pages_asked *asked, struct pages_answer *out)
{
    out->status = 302;
    out->type = "text/plain";
    out->cache = "no-store";
    (void)str_format(out->location, sizeof out->location, "/%s/",
                     msg_lang_code(wanted_language(asked->languages)));
}

/* A page that the reader has already is not sent again. */
static void mark(const struct pages_asked *asked, struct pages_answer *out)
{
    uint8_t sha[HASH_SIZE];
    char hex[HASH_TEXT];
    if (out->status != 200 || strcmp(out->cache, "no-store") == 0)
        return;
    hash_bytes(out->body.data, out->body.len, sha);
    hex_text(sha, HASH_SIZE / 2, hex);
    (void)str_format(out->etag, sizeof out->etag, "\"%s\"", hex);
    if (asked->known && strcmp(asked->known, out->etag) == 0) {
        out->status = 304;
        buf_clear(&out->body);
    }
}

static void answer_locked(struct pages *pages, struct book *book, const struct pages_asked *asked,
                          struct pages_answer *out)
{
    struct page page = {.book = book,
                        .guesses = pages->guesses,
                        .asked = asked,
                        .answer = out,
                        .arena = arena_new()};
    const char *rest = asked->path;
    page.lang = strncmp(rest, "/en/", 4) == 0 ? LANG_EN : LANG_AR;
    int ours = page.lang == LANG_EN || strncmp(rest, "/ar/", 4) == 0;
    msg_set_language(page.lang);
    find_page(&page, ours ? rest + 4 : "?");
    if (out->body.failed) {
        out->body.failed = 0;
        page_refuse(&page, 500, _("This can't be shown just now: try again in a minute."));
    }
    arena_free(&page.arena);
}

void pages_answer(struct pages *pages, struct book *book, const struct pages_asked *asked,
                  struct pages_answer *out)
{
    *out = (struct pages_answer){.body = BUF_INIT(PAGES_MOST)};
    if (strcmp(asked->path, "/") == 0) {
        choose_language(asked, out);
        return;
    }
    snd_assert(pthread_mutex_lock(&pages->lock) == 0);
    answer_locked(pages, book, asked, out);
    snd_assert(pthread_mutex_unlock(&pages->lock) == 0);
    mark(asked, out);
}
