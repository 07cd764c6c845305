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
    char *busy; /* in both languages */
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

static const char busy_id[] = N_("This can't be shown just now: try again in a minute.");

struct pages *pages_new(void)
{
    struct pages *pages = x_alloc(sizeof *pages);
    snd_assert(pthread_mutex_init(&pages->lock, NULL) == 0);
    pages->guesses = guesses_new();
    msg_set_language(LANG_AR);
    char *arabic = x_strdup(_(busy_id));
    msg_set_language(LANG_EN);
    pages->busy = x_printf("%s\n%s", arabic, _(busy_id));
    x_free(&arabic);
    return pages;
}

const char *pages_busy(const struct pages *pages)
{
    return pages->busy;
}

void pages_free(struct pages **pages)
{
    if (!*pages)
        return;
    pthread_mutex_destroy(&(*pages)->lock);
    guesses_free(&(*pages)->guesses);
    x_free(&(*pages)->busy);
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
        page_refuse(page, 503, _(busy_id));
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

/* What follows `;q=`, in thousandths; 1000 when nothing does. */
static int weight_of(const char *at, size_t len)
{
    const char *q = memchr(at, ';', len), *end = at + len;
    int weight = 0, unit = 1000;
    if (!q)
        return 1000;
    q += 1 + strspn(q + 1, " ");
    if (end - q < 3 || tolower((unsigned char)q[0]) != 'q' || q[1] != '=')
        return 1000;
    for (q += 2; q < end && (*q == '.' || isdigit((unsigned char)*q)); q++)
        if (*q != '.') {
            weight += (*q - '0') * unit;
            unit /= 10;
        }
    return weight;
}

/* The one of our languages that the reader likes best; Arabic otherwise. */
static enum lang wanted_language(const char *languages)
{
    enum lang best = LANG_AR;
    int most = 0;
    for (const char *at = languages ? languages : ""; *at;) {
        enum lang lang;
        char code[3] = "";
        at += strspn(at, " ,");
        size_t len = strcspn(at, ",");
        (void)str_format(code, sizeof code, "%.2s", at);
        int named = strlen(code) == 2 && !isalpha((unsigned char)at[2]);
        if (named && msg_lang_parse(code, &lang) == 0 && weight_of(at, len) > most) {
            best = lang;
            most = weight_of(at, len);
        }
        at += len;
    }
    return best;
}

static void send_to(struct pages_answer *out, enum lang lang)
{
    out->status = 302;
    out->type = "text/plain";
    out->cache = "no-store";
    (void)str_format(out->location, sizeof out->location, "/%s/", msg_lang_code(lang));
}

/* Who left the last stroke of the first page away, or who has not said which one it is to be. */
static int is_on_the_way(const struct pages_asked *asked, struct pages_answer *out)
{
    if (strcmp(asked->path, "/") == 0)
        send_to(out, wanted_language(asked->languages));
    else if (strcmp(asked->path, "/ar") == 0 || strcmp(asked->path, "/en") == 0)
        send_to(out, strcmp(asked->path, "/en") == 0 ? LANG_EN : LANG_AR);
    else
        return 0;
    return 1;
}

/* Whether a list of tags has ours, however strong the others are said to be: a proxy that
 * compresses weakens them. */
static int has_tag(const char *list, const char *tag)
{
    size_t len = strlen(tag);
    for (const char *at = list; *at;) {
        at += strspn(at, " \t,");
        if (*at == '*')
            return 1;
        if (strncmp(at, "W/", 2) == 0)
            at += 2;
        if (strncmp(at, tag, len) == 0 && (!at[len] || strchr(" \t,", at[len])))
            return 1;
        at += strcspn(at, ",");
    }
    return 0;
}

/* A page that the reader has already is not sent again. The tag is a weak one: it names what is
 * said, compressed or not. */
static void mark(const struct pages_asked *asked, struct pages_answer *out)
{
    uint8_t sha[HASH_SIZE];
    char hex[HASH_TEXT];
    if (out->status != 200 || strcmp(out->cache, "no-store") == 0)
        return;
    hash_bytes(out->body.data, out->body.len, sha);
    hex_text(sha, HASH_SIZE / 2, hex);
    (void)str_format(out->etag, sizeof out->etag, "W/\"%s\"", hex);
    if (asked->known && has_tag(asked->known, out->etag + 2)) {
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
    int english = strncmp(rest, "/en/", 4) == 0, ours = english || strncmp(rest, "/ar/", 4) == 0;
    page.lang = english ? LANG_EN : ours ? LANG_AR : wanted_language(asked->languages);
    msg_set_language(page.lang);
    find_page(&page, ours ? rest + 4 : "?");
    if (out->body.failed) {
        out->body.failed = 0;
        page_refuse(&page, 500, _(busy_id));
    }
    arena_free(&page.arena);
}

void pages_answer(struct pages *pages, struct book *book, const struct pages_asked *asked,
                  struct pages_answer *out)
{
    *out = (struct pages_answer){.body = BUF_INIT(PAGES_MOST)};
    if (is_on_the_way(asked, out))
        return;
    snd_assert(pthread_mutex_lock(&pages->lock) == 0);
    answer_locked(pages, book, asked, out);
    snd_assert(pthread_mutex_unlock(&pages->lock) == 0);
    mark(asked, out);
}
