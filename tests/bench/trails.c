/* SPDX-License-Identifier: Apache-2.0 */
/* How soon a trail is there, in the book of an office that nobody serves:
 *     trails DB KEYRING ACCOUNT
 * Takes requests from all over the book and reads the first page of the trail of each, of its
 * person, of the session in which it was submitted and of that account, each twice: the second time
 * is a warm one. Prints the number of requests, and of each kind the median and the worst in
 * milliseconds, and how many events the longest page had. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/err.h"
#include "base/json.h"
#include "base/vault.h"
#include "store/store.h"

#define SAMPLES 200
#define PAGE 100

static struct store *store;
static struct arena *arena;

static void must(int err, const char *what)
{
    if (!err)
        return;
    fprintf(stderr, "trails: %s: %s\n", what, err_text(err));
    exit(1);
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double one(struct store_trail *ask, size_t *most)
{
    struct store_event *event;
    struct arena *own = arena_new();
    size_t count;
    double begun = now_ms();
    must(store_view_begin(store), "view");
    must(store_trail(store, ask, own, &event, &count), "trail");
    store_view_end(store);
    double took = now_ms() - begun;
    arena_free(&own);
    *most = count > *most ? count : *most;
    return took;
}

struct subject {
    struct id tx, session;
    char civil[16];
};

/* A kind of trail, over the sampled requests. */
static void measure(const char *name, enum trail_of of, const char *account,
                    const struct subject *subject, size_t count)
{
    static double took[SAMPLES];
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        struct store_trail ask = {.of = of,
                                  .tx = of == TRAIL_SESSION ? subject[i].session : subject[i].tx,
                                  .key = of == TRAIL_PERSON ? subject[i].civil : account,
                                  .before = {.epoch = INT64_MAX, .seq = INT64_MAX},
                                  .max = PAGE};
        (void)one(&ask, &most);
        took[i] = one(&ask, &most);
    }
    qsort(took, count, sizeof *took, by_size);
    if (count == 0)
        return;
    printf("trail of a %s: %.2f ms median, %.2f ms worst of %zu, up to %zu events\n", name,
           took[count / 2], took[count - 1], count, most);
}

/* Submissions from all over the chain, evenly. */
static size_t sample(const char *account, struct subject *out)
{
    struct store_trail newest = {.of = TRAIL_ACCOUNT,
                                 .key = account,
                                 .before = {.epoch = INT64_MAX, .seq = INT64_MAX},
                                 .max = 1};
    struct store_event *last, event;
    size_t count = 0, got;
    must(store_trail(store, &newest, arena, &last, &got), "newest");
    for (int64_t i = 1; got == 1 && i <= SAMPLES; i++) {
        struct store_where place = {.epoch = last->at.epoch, .seq = last->at.seq * i / SAMPLES};
        struct json *payload = NULL;
        if (store_event_get(store, &place, arena, &event) || !event.payload ||
            json_parse(event.payload, strlen(event.payload), &payload))
            continue;
        const char *civil = json_get_text(payload, "civil");
        if (civil && strcmp(event.type, "request.submitted") == 0 &&
            store_event_session(store, &event, &out[count].session) == 0) {
            out[count].tx = event.tx;
            (void)str_copy(out[count].civil, sizeof out[count].civil, civil);
            count++;
        }
        json_free(&payload);
    }
    return count;
}

int main(int argc, char **argv)
{
    static struct subject subject[SAMPLES];
    struct vault *vault = NULL;
    int64_t all = 0;
    if (argc != 4) {
        fputs("usage: trails DB KEYRING ACCOUNT\n", stderr);
        return 2;
    }
    must(vault_load(argv[2], &vault), argv[2]);
    must(store_open(argv[1], STORE_READ, vault, &store), argv[1]);
    arena = arena_new();
    must(store_view_begin(store), "view");
    must(store_request_count(store, "", &all), "count");
    size_t count = sample(argv[3], subject);
    store_view_end(store);
    printf("%lld requests\n", (long long)all);
    measure("request", TRAIL_REQUEST, argv[3], subject, count);
    measure("person", TRAIL_PERSON, argv[3], subject, count);
    measure("session", TRAIL_SESSION, argv[3], subject, count);
    measure("clerk", TRAIL_ACCOUNT, argv[3], subject, count);
    arena_free(&arena);
    store_close(&store);
    vault_free(&vault);
    return count == 0;
}
