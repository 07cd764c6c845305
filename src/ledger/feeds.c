/* SPDX-License-Identifier: Apache-2.0
 * Runs that come in frames, gathered until they are whole: one of each node, in memory alone. A run
 * is taken from here once it was judged, a piece at a time, so that no other client waits for more
 * than a piece. What is gathered is bounded over all nodes; when there is no room the one that was
 * quiet for longest goes, and its sender begins again from what it is told. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "ledger/feeds_priv.h"

#define STAGED_EACH (FEED_RECORD_MAX + 2 * 1024 * 1024)
#define STAGED_ALL (64 * 1024 * 1024)

#define PIECE_LEAST 4
#define PIECE_LONG_MS 10 /* a piece that took so long was too large, */
#define PIECE_SHORT_MS 4 /* and one that took less was too small */

struct feeds {
    struct staged *first;
    size_t piece;
};

struct feeds *feeds_new(void)
{
    struct feeds *feeds = x_alloc(sizeof *feeds);
    feeds->piece = FEEDS_PIECE;
    return feeds;
}

size_t feeds_piece(const struct feeds *feeds)
{
    return feeds->piece;
}

void feeds_took(struct feeds *feeds, int64_t ms)
{
    if (ms > PIECE_LONG_MS && feeds->piece > PIECE_LEAST)
        feeds->piece /= 2;
    else if (ms < PIECE_SHORT_MS && feeds->piece < FEEDS_PIECE)
        feeds->piece *= 2;
}

void feeds_free(struct feeds **feeds)
{
    while ((*feeds)->first)
        feeds_drop(*feeds, (*feeds)->first);
    x_free(feeds);
}

void feeds_drop(struct feeds *feeds, struct staged *staged)
{
    struct staged **at = &feeds->first;
    while (*at != staged)
        at = &(*at)->next;
    *at = staged->next;
    buf_free(&staged->run);
    x_free(&staged);
}

struct staged *feeds_find(struct feeds *feeds, const struct id *node)
{
    for (struct staged *at = feeds->first; at; at = at->next)
        if (id_equal(&at->node, node))
            return at;
    return NULL;
}

static void make_room(struct feeds *feeds, const struct staged *keep)
{
    size_t all = 0;
    struct staged *oldest = NULL;
    for (struct staged *at = feeds->first; at; at = at->next) {
        all += at->run.room;
        if (at != keep && (!oldest || at->touched < oldest->touched))
            oldest = at;
    }
    if (all > STAGED_ALL && oldest)
        feeds_drop(feeds, oldest);
}

struct staged *feeds_begin(struct feeds *feeds, const struct id *node)
{
    struct staged *staged = feeds_find(feeds, node);
    if (staged)
        feeds_drop(feeds, staged);
    staged = x_alloc(sizeof *staged);
    staged->node = *node;
    staged->run = BUF_INIT(STAGED_EACH);
    staged->next = feeds->first;
    feeds->first = staged;
    return staged;
}

int feeds_add(struct feeds *feeds, struct staged *staged, const void *bytes, size_t len)
{
    staged->touched = clock_mono_ms();
    if (len > 0)
        buf_put(&staged->run, bytes, len);
    if (staged->run.failed)
        return SND_E_LIMIT;
    make_room(feeds, staged);
    return 0;
}
