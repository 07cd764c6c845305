/* SPDX-License-Identifier: Apache-2.0
 * The terminal's bytes between client and desk: the innermost loop of the server. One read from the
 * desk becomes one write to the channel, and nothing is allocated here. The desk is read only while
 * the client's window has room and everything written before has left for the network; otherwise
 * its socket fills, the desk sees that and paints no more frames until there is room again. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "ssh/door_priv.h"

/* Both callbacks only take notes: libssh may call them from inside any of its functions. */
static int on_bytes(socket_t fd SND_UNUSED, int events, void *userdata)
{
    struct door *door = userdata;
    if (events & (POLLIN | POLLHUP | POLLERR))
        door->readable = 1;
    return 0;
}

static int on_ctl(socket_t fd SND_UNUSED, int events SND_UNUSED, void *userdata)
{
    struct door *door = userdata;
    door->ctl_readable = 1;
    return 0;
}

/* After CTL_START the control socket speaks of modes, then CTL_EXIT, then ends. */
static void hear_desk(struct door *door)
{
    struct ctl message;
    int got = ctl_recv(door->ctl, &message);
    door->ctl_readable = 0;
    if (got == SND_E_BUSY)
        return;
    if (got == 1 && message.type == CTL_PAINTED) {
        door->first_at = 0;
        return;
    }
    if (got == 1 && message.type == CTL_SAY) {
        doorpump_say(door, message.text, 1);
        return;
    }
    if (got == 1 && message.type == CTL_EXIT) {
        door->desk_told = 1;
        door->exit_status = message.status & 255;
        return;
    }
    if (got == 1 && message.type == CTL_MODES) {
        (void)str_copy(door->modes, sizeof door->modes, message.text);
        return;
    }
    ssh_event_remove_fd(door->event, door->ctl);
    proc_close(&door->ctl);
}

/* Changes what is waited for on `bytes`. A socket that we don't mean to read must not be polled for
 * reading, or the loop would spin. */
static void watch(struct door *door, short events)
{
    if (events == door->watched)
        return;
    if (door->watched)
        ssh_event_remove_fd(door->event, door->bytes);
    door->watched = events;
    if (events && ssh_event_add_fd(door->event, door->bytes, events, on_bytes, door) != SSH_OK)
        door->over = 1;
}

int doorpump_start(struct door *door)
{
    if (proc_nonblocking(door->ctl, 1) ||
        ssh_event_add_fd(door->event, door->ctl, POLLIN, on_ctl, door) != SSH_OK)
        return SND_E_SYS;
    watch(door, POLLIN);
    return 0;
}

void doorpump_stop(struct door *door)
{
    if (door->ctl >= 0) {
        ssh_event_remove_fd(door->event, door->ctl);
        proc_close(&door->ctl);
    }
    if (door->bytes >= 0)
        watch(door, 0);
}

size_t doorpump_input(struct door *door, const void *bytes, size_t len)
{
    if (door->bytes_ended)
        return len;
    if (door->in_len > 0) {
        door->input_held = 1;
        return 0;
    }
    ssize_t sent = send(door->bytes, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR)
        return len; /* the desk has gone: its end of file comes the other way */
    size_t taken = sent < 0 ? 0 : (size_t)sent;
    door->input_held = taken < len;
    return taken;
}

/* libssh calls back for new data only: what it kept because the desk was full is fetched here. */
static void input_turn(struct door *door)
{
    for (;;) {
        if (door->in_len == 0) {
            int got = door->input_held ? ssh_channel_read_nonblocking(door->channel, door->in,
                                                                      sizeof door->in, 0)
                                       : 0;
            if (got <= 0)
                break;
            door->in_at = 0;
            door->in_len = (size_t)got;
        }
        ssize_t sent =
            send(door->bytes, door->in + door->in_at, door->in_len, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        size_t taken = sent < 0 ? door->in_len : (size_t)sent;
        door->in_at += taken;
        door->in_len -= taken;
    }
    door->input_held = 0;
    if (door->input_ended == INPUT_ENDING) {
        shutdown(door->bytes, SHUT_WR);
        door->input_ended = INPUT_ENDED;
    }
}

/* How many bytes may be written now without anything piling up here. */
static size_t room(const struct door *door)
{
    if (ssh_get_status(door->session) & SSH_WRITE_PENDING)
        return 0;
    return ssh_channel_window_size(door->channel);
}

static void write_out(struct door *door)
{
    size_t most = room(door), len = door->out_len < most ? door->out_len : most;
    if (len == 0)
        return;
    int sent = ssh_channel_write(door->channel, door->out + door->out_at, (uint32_t)len);
    if (sent < 0) {
        door->over = 1;
        return;
    }
    door->out_at += (size_t)sent; /* less than asked for while keys are being exchanged anew */
    door->out_len -= (size_t)sent;
    door->spoke = 1;
}

static void output_turn(struct door *door)
{
    size_t most = room(door);
    if (door->out_len == 0 && door->readable && most > 0) {
        if (most > sizeof door->out)
            most = sizeof door->out;
        ssize_t got = recv(door->bytes, door->out, most, MSG_DONTWAIT);
        door->readable = 0;
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            door->bytes_ended = 1;
        door->out_at = 0;
        door->out_len = got > 0 ? (size_t)got : 0;
    }
    if (door->out_len > 0)
        write_out(door);
}

void doorpump_turn(struct door *door)
{
    if (door->ctl_readable)
        hear_desk(door);
    if (door->first_at && (door->ctl < 0 || clock_mono_ms() >= door->first_at))
        door->first_at = 0;
    if (!door->bytes_ended)
        input_turn(door);
    if (!door->first_at)
        output_turn(door);
    if (door->bytes_ended) {
        watch(door, 0);
        return;
    }
    short events = door->out_len == 0 && room(door) > 0 && !door->first_at ? POLLIN : 0;
    if (door->in_len > 0 || door->input_held)
        events |= POLLOUT;
    watch(door, events);
}

void doorpump_say(struct door *door, const char *text, int to_stderr)
{
    size_t len = strlen(text), window = ssh_channel_window_size(door->channel);
    uint32_t fits = (uint32_t)(len < window ? len : window);
    int sent = to_stderr ? ssh_channel_write_stderr(door->channel, text, fits)
                         : ssh_channel_write(door->channel, text, fits);
    if (sent < 0)
        door->over = 1;
}
