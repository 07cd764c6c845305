/* SPDX-License-Identifier: Apache-2.0
 * A bridge's life: login, the loop between desk and line, and the last words. A key press never
 * gets here; what does is answered at once, or by the office. The desk is trusted as little as any
 * other by the office, and the office is held to frames that fit: what doesn't ends the line, which
 * is made anew.
 *
 * One bridge at a time has the folder of drafts, by a lock that its death gives back. */
#include "remote/bridge.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/proc.h"
#include "remote/bridge_priv.h"

#define TICK_MS 250
#define LAST_MS 4000 /* for what is to be sent when the desk has gone */

static int take_lock(struct bridge *bridge)
{
    char *path = x_printf("%s/lock", bridge->args.held);
    bridge->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    x_free(&path);
    if (bridge->lock < 0)
        return SND_E_IO;
    return flock(bridge->lock, LOCK_EX | LOCK_NB) ? SND_E_INUSE : 0;
}

/* Waits for what may come and takes it in. */
static void turn(struct bridge *bridge, int wait)
{
    short events = (short)(bridge->link.out.len > 0 ? POLLIN | POLLOUT : POLLIN);
    struct pollfd fds[] = {{.fd = bridge->desk, .events = POLLIN},
                           {.fd = bridge->link.fd, .events = events}};
    int ready = poll(fds, SND_COUNT(fds), wait);
    if (ready > 0 && fds[1].revents & (POLLIN | POLLHUP | POLLERR))
        line_hear(bridge);
    if (ready > 0 && fds[0].revents && desk_hear(bridge))
        proc_close(&bridge->desk);
    line_tick(bridge);
    held_tick(bridge);
    if (bridge->link.fd >= 0 && link_flush(&bridge->link) == SND_E_LOST)
        line_lost(bridge);
}

/* ssh may ask its questions for as long as the person needs. */
static int log_in(struct bridge *bridge)
{
    int err = link_start(&bridge->link, 1);
    if (!err)
        err = line_greet(bridge);
    if (!err) {
        held_ahead(bridge);
        known_ahead(bridge);
    }
    while (!err && !(bridge->has_me && bridge->ahead_there)) {
        struct pollfd line = {.fd = bridge->link.fd, .events = POLLIN};
        int sent = link_flush(&bridge->link);
        if (sent == SND_E_LOST)
            return SND_E_LOST;
        line.events |= (short)(sent == SND_E_BUSY ? POLLOUT : 0);
        if (poll(&line, 1, -1) > 0 && line.revents & (POLLIN | POLLHUP | POLLERR))
            line_hear(bridge);
        if (bridge->link.fd < 0)
            err = SND_E_LOST;
    }
    return err;
}

int bridge_open(const struct bridge_args *args, struct bridge **out, struct book_me *me)
{
    struct bridge *bridge = x_alloc(sizeof *bridge);
    bridge->args = *args;
    bridge->desk = -1;
    link_init(&bridge->link, args->who, args->port, args->config);
    *out = bridge;
    int err = take_lock(bridge);
    if (err)
        return err;
    bridge->cache = cache_open(args->cache);
    held_load(&bridge->held, args->held);
    err = log_in(bridge);
    *me = bridge->me;
    return err;
}

static int busy(const struct bridge *bridge)
{
    for (size_t i = 0; i < FRAMES_AHEAD; i++)
        if (bridge->ask[i].used)
            return 1;
    return bridge->link.out.len > 0;
}

/* The desk has gone: what is here goes up if that is a matter of moments, and the session ends. */
static void say_last(struct bridge *bridge)
{
    int64_t until = clock_mono_ms() + LAST_MS;
    struct id id = id_new();
    for (struct held *held = bridge->held.first; held; held = held->next)
        held->open = 0;
    if (!line_is_up(bridge))
        return;
    held_send(bridge, 0);
    do {
        turn(bridge, 20);
    } while (busy(bridge) && line_is_up(bridge) && clock_mono_ms() < until);
    if (line_is_up(bridge) && line_ask_op(bridge, OP_AUTH_BYE, &id, NULL, 0, NULL))
        (void)!link_flush(&bridge->link);
}

void bridge_serve(struct bridge *bridge, int desk)
{
    bridge->desk = desk;
    desk_tell(bridge, AWAY_NOTHING, "", 0);
    while (bridge->desk >= 0)
        turn(bridge, TICK_MS);
    say_last(bridge);
}

int bridge_waiting(const struct bridge *bridge, int *drafts)
{
    *drafts = 0;
    for (const struct held *held = bridge->held.first; held; held = held->next)
        *drafts += held->dirty && !held->submitted && held->draft.len > 0;
    return held_waiting(&bridge->held);
}

/* What both ways of ending have in common. */
static void let_go(struct bridge **out)
{
    struct bridge *bridge = *out;
    for (size_t i = 0; i < FRAMES_AHEAD; i++)
        buf_free(&bridge->ask[i].frame);
    link_free(&bridge->link);
    buf_free(&bridge->ahead);
    buf_free(&bridge->offered.asked);
    buf_free(&bridge->offered.results);
    cache_free(&bridge->cache);
    held_free(&bridge->held);
    proc_close(&bridge->desk);
    proc_close(&bridge->lock);
    mem_wipe(bridge->ticket, sizeof bridge->ticket);
    x_free(out);
}

void bridge_leave(struct bridge **out)
{
    proc_close(&(*out)->link.fd);
    proc_close(&(*out)->link.errors);
    let_go(out);
}

void bridge_close(struct bridge **out)
{
    if (!*out)
        return;
    (void)link_stop(&(*out)->link);
    let_go(out);
}
