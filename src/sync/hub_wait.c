/* SPDX-License-Identifier: Apache-2.0
 * GET /v1/wait?epoch=E&seq=S at the hub: answered when something goes down to the centre behind
 * that place (200), or when it has waited long enough (204). One parked request costs a connection
 * and no thread. The hub's first thread asks the ledger four times a second what is new, as long as
 * somebody waits. Of one centre only the newest request waits. */
#include <pthread.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "base/num.h"
#include "book/feed.h"
#include "sync/hub_priv.h"

#define WAIT_LEAST_MS 25000
#define WAIT_SPREAD_MS 25000 /* so that centres that came at once don't come again at once */

static struct {
    pthread_mutex_t lock;
    struct ask *first;
    int count;
    int stopping;
    struct book_place seen; /* the ledger's end as of the last look */
} waits = {.lock = PTHREAD_MUTEX_INITIALIZER};

static int place_argument(const struct ask *ask, const char *name, int64_t *out)
{
    const char *text = ask_argument(ask, name);
    return text ? num_parse(text, 0, INT64_MAX, out) : SND_E_BAD;
}

/* Takes one out of the list: 1, or 0 when somebody else has. */
static int take_out(struct ask *ask)
{
    int found = 0;
    pthread_mutex_lock(&waits.lock);
    for (struct ask **at = &waits.first; *at && !found; at = found ? at : &(*at)->next) {
        found = *at == ask;
        if (found)
            *at = ask->next;
    }
    waits.count -= found;
    pthread_mutex_unlock(&waits.lock);
    return found;
}

static void finish(struct ask *ask, int status)
{
    ask->next = NULL;
    ask->reply.status = status;
    server_answer(ask);
}

/* Puts it into the list; what waited for the same centre before is taken out. */
static struct ask *park(struct ask *ask)
{
    struct ask *before = NULL;
    pthread_mutex_lock(&waits.lock);
    for (struct ask **at = &waits.first; *at && !before;) {
        if (id_equal(&(*at)->node, &ask->node)) {
            before = *at;
            *at = before->next;
            waits.count--;
        } else {
            at = &(*at)->next;
        }
    }
    ask->next = waits.first;
    waits.first = ask;
    waits.count++;
    pthread_mutex_unlock(&waits.lock);
    return before;
}

void page_wait(struct ask *ask, struct reply *reply SND_UNUSED)
{
    struct book_place after;
    struct book_feed_down down;
    if (place_argument(ask, "epoch", &after.epoch) || place_argument(ask, "seq", &after.seq)) {
        finish(ask, 400);
        return;
    }
    int err = ask_known(ask);
    if (err) {
        finish(ask, err == SND_E_DENIED ? 403 : 503);
        return;
    }
    ask->until = clock_mono_ms() + WAIT_LEAST_MS + random_below(WAIT_SPREAD_MS);
    struct ask *before = park(ask);
    if (before)
        finish(before, 204);
    /* Parked first and looked at then: what happens in between is not missed. From here on the
     * watch may answer it at any moment, so nothing of it is touched until it was taken out again.
     */
    struct book *book = ask->book;
    struct id node = ask->node;
    err = book_feed_give_down(book, &node, &after, 0, 1, &down);
    int status = err == SND_E_NOTFOUND ? 403 : err ? 503 : down.len > 0 || down.more ? 200 : 0;
    if (status && take_out(ask))
        finish(ask, status);
}

int wait_count(void)
{
    pthread_mutex_lock(&waits.lock);
    int count = waits.count;
    pthread_mutex_unlock(&waits.lock);
    return count;
}

static int is_for(const struct book_feed_news *news, const char *centre)
{
    for (size_t i = 0; i < news->count; i++)
        if (strcmp(news->dest[i], "*") == 0 ||
            strncmp(news->dest[i], centre, strlen(news->dest[i])) == 0)
            return 1;
    return news->count == BOOK_NEWS; /* there may be more than were told */
}

/* Takes out of the list whoever there is something for, or whose time is over. */
static struct ask *take_due(const struct book_feed_news *news, int all)
{
    struct ask *due = NULL;
    int64_t now = clock_mono_ms();
    pthread_mutex_lock(&waits.lock);
    for (struct ask **at = &waits.first; *at;) {
        struct ask *ask = *at;
        int told = news->count > 0 && is_for(news, ask->peer.unit);
        if (!all && !told && now < ask->until) {
            at = &ask->next;
            continue;
        }
        *at = ask->next;
        waits.count--;
        ask->reply.status = told ? 200 : 204;
        ask->next = due;
        due = ask;
    }
    pthread_mutex_unlock(&waits.lock);
    return due;
}

static void answer_all(struct ask *due)
{
    while (due) {
        struct ask *ask = due;
        due = ask->next;
        finish(ask, ask->reply.status);
    }
}

void wait_watch(struct book *book)
{
    static struct book_feed_news news;
    if (wait_count() == 0)
        return;
    news.count = 0;
    if (book_feed_news(book, &waits.seen, &news) == 0)
        waits.seen = news.now;
    answer_all(take_due(&news, 0));
}

void wait_let_go(void)
{
    static const struct book_feed_news none;
    answer_all(take_due(&none, 1));
}
