/* SPDX-License-Identifier: Apache-2.0
 * Parsed forms by hash, in one process. A form never changes under its hash, so nothing here goes
 * stale; the number is bounded because old requests open with their own old forms. */
#include <string.h>
#include "base/err.h"
#include "ledger/op_priv.h"

#define FORMS_MAX 256

struct formcache {
    struct form *form[FORMS_MAX];
    size_t next; /* where the next one goes, over the oldest */
};

struct formcache *formcache_new(void)
{
    return x_alloc(sizeof(struct formcache));
}

void formcache_free(struct formcache **cache)
{
    for (size_t i = 0; *cache && i < FORMS_MAX; i++)
        if ((*cache)->form[i])
            form_free(&(*cache)->form[i]);
    x_free(cache);
}

/* What form_read() asks for while it reads. */
struct lists {
    struct store *store;
    const uint8_t *sha;
    struct arena *arena;
};

static const char *find_list(void *arg, const char *name)
{
    const struct lists *lists = arg;
    char *text = NULL;
    if (store_form_list_get(lists->store, lists->sha, name, &text))
        return NULL;
    const char *kept = arena_strdup(lists->arena, text);
    x_free(&text);
    return kept;
}

static int read_form(struct store *store, const uint8_t sha[HASH_SIZE], struct form **out)
{
    char *text = NULL;
    const struct form_fault *faults;
    size_t count;
    int err = store_form_get(store, sha, &text);
    if (err)
        return err;
    struct arena *arena = arena_new();
    struct lists lists = {.store = store, .sha = sha, .arena = arena};
    err = form_read(text, strlen(text), find_list, &lists, arena, out, &faults, &count);
    if (!err && memcmp((*out)->sha, sha, HASH_SIZE) != 0) {
        form_free(out);
        err = SND_E_CORRUPT;
    }
    arena_free(&arena);
    x_free(&text);
    return err;
}

int formcache_get(struct formcache *cache, struct store *store, const uint8_t sha[HASH_SIZE],
                  const struct form **out)
{
    for (size_t i = 0; i < FORMS_MAX && cache->form[i]; i++)
        if (memcmp(cache->form[i]->sha, sha, HASH_SIZE) == 0) {
            *out = cache->form[i];
            return 0;
        }
    struct form *form = NULL;
    int err = read_form(store, sha, &form);
    if (err)
        return err == SND_E_BAD ? SND_E_CORRUPT : err;
    if (cache->form[cache->next])
        form_free(&cache->form[cache->next]);
    cache->form[cache->next] = form;
    cache->next = (cache->next + 1) % FORMS_MAX;
    *out = form;
    return 0;
}
