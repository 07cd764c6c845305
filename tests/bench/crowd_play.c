/* SPDX-License-Identifier: Apache-2.0
 * Centres that all come back in the same second. Each is a thread that speaks as a centre's own
 * process does, by the same code: its pauses, its patience, its two connections. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <curl/curl.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"
#include "sync/carrier_priv.h"
#include "sync/pace_priv.h"
#include "sync/squeeze_priv.h"
#include "tests/bench/crowd.h"

#define SAME_MS 1000 /* all begin within this */
#define LOOK_MS 250
#define ANSWER_MOST (MESSAGE_RUN_MAX + MESSAGE_HEAD_MAX)
#define STACK (256u << 10)

struct player {
    const struct crowd *crowd;
    struct crowd_centre *centre;
    pthread_t thread;
    struct centre_args args;
    struct pace pace;
    struct message_down down;
    int64_t acked; /* ms from the start to the answer that said so, 0 = never */
    int attempts, busy, trouble[TROUBLES];
    enum trouble last;
};

static struct {
    int64_t start, give_up;
    double cpu;        /* s that were used up before */
    volatile int stop; /* all is in, or too much time has gone */
    pthread_mutex_t lock;
    size_t there; /* centres of whom the hub has all */
} play = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void doze(int64_t ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    nanosleep(&time, NULL);
}

static int on_head(void *arg, const void *head, size_t len)
{
    return message_get_down(head, len, arg);
}

static int on_run(void *arg, const void *bytes, size_t len)
{
    (void)arg;
    (void)bytes;
    (void)len;
    return 0;
}

static int open_answer(const struct buf *answer, struct message_down *down)
{
    struct message_reader reader = {.on_head = on_head, .on_run = on_run, .arg = down};
    message_reader_begin(&reader);
    struct unsqueeze *unsqueeze = unsqueeze_new(ANSWER_MOST, message_reader_put, &reader);
    int err = unsqueeze_put(unsqueeze, answer->data, answer->len);
    if (!err)
        err = unsqueeze_end(unsqueeze);
    unsqueeze_free(&unsqueeze);
    message_reader_end(&reader);
    return err;
}

static void squeeze_up(struct player *player, struct buf *body)
{
    struct buf plain = BUF_INIT(MESSAGE_BODY_MAX);
    struct message_up *up = &player->centre->up;
    up->now = clock_utc_ms();
    up->room = player->pace.batch;
    (void)str_copy(up->program, sizeof up->program, "crowd");
    message_put_up(&plain, up);
    buf_put(&plain, player->centre->run.data, player->centre->run.len);
    if (squeeze(plain.data, plain.len, body))
        crowd_stop("squeeze", SND_E_LIMIT);
    buf_free(&plain);
}

/* 1 when the hub has all of it now. */
static int speak(struct player *player, struct carrier *carrier)
{
    struct buf body = BUF_INIT(MESSAGE_BODY_MAX), answer = BUF_INIT(MESSAGE_BODY_MAX);
    struct carried carried;
    squeeze_up(player, &body);
    carrier_send(carrier, "POST", "/v1/sync", NULL, &body, &answer, &carried);
    player->attempts++;
    player->busy += !carried.trouble && carried.status >= 429;
    player->trouble[carried.trouble]++;
    player->last = carried.trouble;
    int there = !carried.trouble && carried.status == 200 &&
                open_answer(&answer, &player->down) == 0 && player->down.code == MESSAGE_TAKEN &&
                player->down.have == player->centre->last;
    buf_free(&body);
    buf_free(&answer);
    return there;
}

/* As a centre that has nothing to say. */
static void listen_on(struct player *player, struct carrier *carrier)
{
    struct carried heard;
    char path[96];
    int readable;
    (void)str_format(path, sizeof path, "/v1/wait?epoch=%lld&seq=%lld",
                     (long long)player->down.hub_epoch, (long long)player->down.hub_seq);
    while (!play.stop) {
        if (!carrier_listening(carrier))
            carrier_listen(carrier, path);
        (void)carrier_doze(carrier, LOOK_MS, -1, &heard, &readable);
    }
}

static void *be(void *arg)
{
    struct player *player = arg;
    struct carrier *carrier = NULL;
    int there = 0;
    if (carrier_open(&player->args, &play.stop, &carrier))
        crowd_stop("libcurl", SND_E_SYS);
    pace_begin(&player->pace);
    doze(play.start + random_below(SAME_MS) - clock_mono_ms());
    while (!play.stop && !(there = speak(player, carrier)))
        doze(pace_failed(&player->pace, 0));
    if (there) {
        player->acked = clock_mono_ms() - play.start;
        pthread_mutex_lock(&play.lock);
        play.there++;
        pthread_mutex_unlock(&play.lock);
        listen_on(player, carrier);
    }
    carrier_close(&carrier);
    return NULL;
}

/* ---- figures ---- */

static int earlier(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static double cpu_s(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static int say(const struct player *player, const struct crowd *crowd, int64_t most, FILE *told)
{
    int64_t *acked = x_calloc(crowd->centres, sizeof *acked);
    int attempts = 0, busy = 0, there = 0, requests = 0, trouble[TROUBLES] = {0};
    for (size_t i = 0; i < crowd->centres; i++) {
        const struct crowd_centre *centre = &crowd->centre[i];
        attempts += player[i].attempts;
        busy += player[i].busy;
        for (int n = 0; n < TROUBLES; n++)
            trouble[n] += player[i].trouble[n];
        if (player[i].acked == 0) {
            printf("  %s is not in: %s\n", centre->code, trouble_word(player[i].last));
            continue;
        }
        acked[there++] = player[i].acked;
        requests += centre->requests;
        fputs(buf_text(&centre->numbers), told);
    }
    qsort(acked, (size_t)there, sizeof *acked, earlier);
    double last = there ? (double)acked[there - 1] / 1000 : 0;
    printf("%zu centres at once, %d of %zu requests in after %.1f s (wanted: %lld)\n",
           crowd->centres, requests, crowd->requests, last, (long long)most);
    if (there)
        printf("  half of the centres after %.1f s, nine of ten after %.1f s\n",
               (double)acked[there / 2] / 1000, (double)acked[there * 9 / 10] / 1000);
    printf("  %d attempts, %d told to come again", attempts, busy);
    for (int n = 1; n < TROUBLES; n++)
        if (trouble[n])
            printf(", %d %s", trouble[n], trouble_word((enum trouble)n));
    printf("; the centres' own CPU %.1f s\n", cpu_s() - play.cpu);
    x_free(&acked);
    return there == (int)crowd->centres && last <= (double)most ? 0 : 1;
}

static void start(struct player *player, struct crowd *crowd, const char *url)
{
    pthread_attr_t attr;
    if (pthread_attr_init(&attr) || pthread_attr_setstacksize(&attr, STACK))
        crowd_stop("threads", SND_E_SYS);
    for (size_t i = 0; i < crowd->centres; i++) {
        player[i].crowd = crowd;
        player[i].centre = &crowd->centre[i];
        player[i].args = (struct centre_args){
            .url = url, .own = &crowd->centre[i].own, .authority = crowd->authority};
        if (pthread_create(&player[i].thread, &attr, be, &player[i]))
            crowd_stop("threads", SND_E_SYS);
    }
    pthread_attr_destroy(&attr);
}

int crowd_play(struct crowd *crowd, const char *url, const char *told, int64_t most, int64_t linger)
{
    struct player *player = x_calloc(crowd->centres, sizeof *player);
    FILE *file = fopen(told, "we");
    if (!file || curl_global_init(CURL_GLOBAL_DEFAULT))
        crowd_stop(told, SND_E_SYS);
    play.start = clock_mono_ms() + SAME_MS;
    play.cpu = cpu_s();
    play.give_up = play.start + 2 * most * 1000;
    start(player, crowd, url);
    size_t there = 0;
    while (there < crowd->centres && clock_mono_ms() < play.give_up) {
        doze(LOOK_MS / 5);
        pthread_mutex_lock(&play.lock);
        there = play.there;
        pthread_mutex_unlock(&play.lock);
    }
    doze(linger * 1000);
    play.stop = 1;
    for (size_t i = 0; i < crowd->centres; i++)
        pthread_join(player[i].thread, NULL);
    int status = say(player, crowd, most, file);
    if (fclose(file))
        crowd_stop(told, SND_E_IO);
    curl_global_cleanup();
    x_free(&player);
    return status;
}
