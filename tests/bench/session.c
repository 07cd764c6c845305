/* SPDX-License-Identifier: Apache-2.0
 * One session's terminal: its screen as libvterm has it, the keys it presses, and the answers that
 * are still awaited. */
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <linux/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/bench/load.h"

#define SECOND_HALF ((uint32_t)-1) /* libvterm's mark for the right half of a wide character */

struct counts session_counts(const struct session *session)
{
    struct counts counts = {
        .at = load_now(), .keys = session->keys, .screen = session->screen_bytes};
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    if (load.options.command || session->fd < 0 ||
        getsockopt(session->fd, IPPROTO_TCP, TCP_INFO, &info, &size))
        return counts;
    counts.received = info.tcpi_bytes_received;
    counts.sent = info.tcpi_bytes_sent - info.tcpi_bytes_retrans;
    counts.segments_in = info.tcpi_segs_in;
    counts.segments_out = info.tcpi_segs_out;
    return counts;
}

static int on_damage(VTermRect rect, void *arg)
{
    struct session *session = arg;
    for (int row = rect.start_row; row < rect.end_row && row < load.options.rows; row++) {
        for (int col = rect.start_col; col < rect.end_col && col < load.options.cols; col++) {
            VTermScreenCell cell;
            vterm_screen_get_cell(session->screen, (VTermPos){row, col}, &cell);
            session->grid[row][col] = cell.chars[0];
        }
        session->stale[row] = true;
    }
    session->changed = true;
    return 1;
}

static int on_cursor(VTermPos to, VTermPos from, int visible, void *arg)
{
    struct session *session = arg;
    (void)from;
    (void)visible;
    session->cursor = to;
    session->changed = true;
    return 1;
}

void session_setup(struct session *session)
{
    static const VTermScreenCallbacks callbacks = {.damage = on_damage, .movecursor = on_cursor};
    size_t rows = (size_t)load.options.rows;
    session->grid = x_calloc(rows, sizeof *session->grid);
    session->forward = x_calloc(rows, sizeof *session->forward);
    session->backward = x_calloc(rows, sizeof *session->backward);
    session->forward_len = x_calloc(rows, sizeof *session->forward_len);
    session->backward_len = x_calloc(rows, sizeof *session->backward_len);
    session->stale = x_calloc(rows, sizeof *session->stale);
    session->terminal = vterm_new(load.options.rows, load.options.cols);
    vterm_set_utf8(session->terminal, 1);
    session->screen = vterm_obtain_screen(session->terminal);
    vterm_screen_set_callbacks(session->screen, &callbacks, session);
    vterm_screen_set_damage_merge(session->screen, VTERM_DAMAGE_SCROLL);
    vterm_screen_enable_altscreen(session->screen, 1);
    vterm_screen_reset(session->screen, 1);
    for (size_t row = 0; row < rows; row++)
        session->stale[row] = true;
}

static int fold_row(const uint32_t *cells, int from, int step, uint32_t *out)
{
    uint32_t folded[2];
    int n = 0;
    for (int col = from; col >= 0 && col < load.options.cols; col += step) {
        if (cells[col] == SECOND_HALF)
            continue;
        int k = fold_point(cells[col], folded);
        for (int j = 0; j < k; j++)
            out[n++] = folded[j];
    }
    return n;
}

static void refold(struct session *session, int row)
{
    const uint32_t *cells = session->grid[row];
    session->forward_len[row] = fold_row(cells, 0, 1, session->forward[row]);
    session->backward_len[row] = fold_row(cells, load.options.cols - 1, -1, session->backward[row]);
    session->stale[row] = false;
}

static int occurrences(const uint32_t *in, int len, const uint32_t *pattern, int count)
{
    int found = 0;
    for (int i = 0; i + count <= len; i++)
        found += memcmp(in + i, pattern, (size_t)count * sizeof *pattern) == 0;
    return found;
}

int session_count(struct session *session, const uint32_t *pattern, int len)
{
    int found = 0;
    for (int row = 0; row < load.options.rows; row++) {
        if (session->stale[row])
            refold(session, row);
        found += occurrences(session->forward[row], session->forward_len[row], pattern, len);
        found += occurrences(session->backward[row], session->backward_len[row], pattern, len);
    }
    return found;
}

void session_dump(const struct session *session, FILE *out)
{
    const struct step *step =
        session->at < load.script.steps ? &load.script.step[session->at] : NULL;
    fprintf(out, "--- session %d, form %d, at %s:%d, cursor %d,%d\n", session->number,
            session->form, step ? step->file : "end", step ? step->line : 0, session->cursor.row,
            session->cursor.col);
    for (int row = 0; row < load.options.rows; row++) {
        const uint32_t *cells = session->grid[row];
        int last = load.options.cols;
        while (last > 0 && (cells[last - 1] == 0 || cells[last - 1] == ' '))
            last--;
        for (int col = 0; col < last; col++) {
            char text[5];
            if (cells[col] == SECOND_HALF)
                continue;
            fold_encode(cells[col] ? cells[col] : ' ', text);
            fputs(text, out);
        }
        fputc('\n', out);
    }
    fputs("---\n", out);
}

void session_arm(struct session *session)
{
    struct epoll_event event = {.events = EPOLLIN | (session->want_out ? EPOLLOUT : 0u),
                                .data.u32 = (uint32_t)session->number};
    epoll_ctl(load.epoll, EPOLL_CTL_MOD, session->fd, &event);
}

static void hang_up(struct session *session)
{
    if (session->fd >= 0)
        epoll_ctl(load.epoll, EPOLL_CTL_DEL, session->fd, NULL);
    if (load.options.command) {
        if (session->fd >= 0)
            close(session->fd);
        if (session->child > 0) {
            kill(session->child, SIGHUP);
            waitpid(session->child, NULL, WNOHANG);
        }
    } else if (session->ssh) {
        if (session->channel)
            ssh_channel_free(session->channel);
        ssh_disconnect(session->ssh);
        ssh_free(session->ssh);
    }
    session->fd = -1;
    if (session->terminal)
        vterm_free(session->terminal);
    session->terminal = NULL;
}

void session_over(struct session *session, const char *why)
{
    if (session->stage == STAGE_OVER)
        return;
    if (!why) {
        load.finished++;
    } else if (++load.failed <= 3 || load.options.verbose) {
        fprintf(stderr, "sshload: session %d: %s\n", session->number, why);
        if (session->stage == STAGE_PLAY)
            session_dump(session, stderr);
    }
    session->stage = STAGE_OVER;
    load.alive--;
    hang_up(session);
}

void session_send(struct session *session, const char *bytes, size_t len)
{
    if (!load.options.command) {
        ssh_channel_write(session->channel, bytes, (uint32_t)len);
        bool pending = ssh_get_poll_flags(session->ssh) & SSH_WRITE_PENDING;
        if (pending != session->want_out) {
            session->want_out = pending;
            session_arm(session);
        }
        return;
    }
    while (len > 0) {
        ssize_t put = write(session->fd, bytes, len);
        if (put < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (put < 0)
            return;
        bytes += put;
        len -= (size_t)put;
    }
}

static void send_terminal(struct session *session)
{
    char bytes[512];
    size_t len;
    while ((len = vterm_output_read(session->terminal, bytes, sizeof bytes)) > 0)
        session_send(session, bytes, len);
}

/* A terminal that does its own editing puts a return before each line's end. */
static void show_lines(struct session *session, const char *bytes, size_t len)
{
    while (len > 0) {
        const char *end = memchr(bytes, '\n', len);
        size_t part = end ? (size_t)(end - bytes) : len;
        vterm_input_write(session->terminal, bytes, part);
        if (end)
            vterm_input_write(session->terminal, "\r\n", 2);
        part += end != NULL;
        bytes += part;
        len -= part;
    }
    vterm_screen_flush_damage(session->screen);
}

void session_feed(struct session *session, const char *bytes, size_t len)
{
    session->screen_bytes += len;
    if (load.options.lines) {
        show_lines(session, bytes, len);
        return;
    }
    vterm_input_write(session->terminal, bytes, len);
    vterm_screen_flush_damage(session->screen);
    send_terminal(session); /* answers to queries, as a real terminal gives them */
}

void session_type(struct session *session, const char *bytes, size_t len)
{
    if (!load.options.lines) {
        session_send(session, bytes, len);
        return;
    }
    if (session->line_len + len < sizeof session->line) {
        memcpy(session->line + session->line_len, bytes, len);
        session->line_len += len;
    }
    /* Nothing else echoes it; what is said meanwhile may stand between two letters. */
    double at = load_now();
    show_lines(session, bytes, len);
    samples_add(&load.echo, (load_now() - at) * 1e3);
    session_match(session, load_now());
}

/* Enter sends the line; ^L is the terminal's own. */
static void press_at_hand(struct session *session, const char *key)
{
    if (strcmp(key, "ENTER") == 0) {
        session_type(session, "\n", 1);
        session_send(session, session->line, session->line_len);
        session->line_len = 0;
    } else if (strcmp(key, "^L") == 0) {
        show_lines(session, "\033[2J\033[H", 7);
        session_match(session, load_now());
    } else {
        session_type(session, key, strlen(key));
    }
}

static const struct {
    const char *name;
    VTermKey key;
    VTermModifier modifier;
} named_keys[] = {
    {"UP", VTERM_KEY_UP, VTERM_MOD_NONE},       {"DOWN", VTERM_KEY_DOWN, VTERM_MOD_NONE},
    {"LEFT", VTERM_KEY_LEFT, VTERM_MOD_NONE},   {"RIGHT", VTERM_KEY_RIGHT, VTERM_MOD_NONE},
    {"HOME", VTERM_KEY_HOME, VTERM_MOD_NONE},   {"END", VTERM_KEY_END, VTERM_MOD_NONE},
    {"ENTER", VTERM_KEY_ENTER, VTERM_MOD_NONE}, {"TAB", VTERM_KEY_TAB, VTERM_MOD_NONE},
    {"BTAB", VTERM_KEY_TAB, VTERM_MOD_SHIFT},   {"BACKSPACE", VTERM_KEY_BACKSPACE, VTERM_MOD_NONE},
    {"ESC", VTERM_KEY_ESCAPE, VTERM_MOD_NONE},  {"DEL", VTERM_KEY_DEL, VTERM_MOD_NONE},
    {"PGUP", VTERM_KEY_PAGEUP, VTERM_MOD_NONE}, {"PGDN", VTERM_KEY_PAGEDOWN, VTERM_MOD_NONE},
};

static bool press_named(struct session *session, const char *key)
{
    if (key[0] == 'F' && isdigit((unsigned char)key[1])) {
        int number = (int)strtol(key + 1, NULL, 10);
        vterm_keyboard_key(session->terminal, (VTermKey)VTERM_KEY_FUNCTION(number), VTERM_MOD_NONE);
        return true;
    }
    for (size_t i = 0; i < SND_COUNT(named_keys); i++) {
        if (strcmp(named_keys[i].name, key) == 0) {
            vterm_keyboard_key(session->terminal, named_keys[i].key, named_keys[i].modifier);
            return true;
        }
    }
    return false;
}

void session_press(struct session *session, const char *key)
{
    session->keys++;
    load.keys++;
    if (load.options.lines) {
        press_at_hand(session, key);
    } else if (press_named(session, key)) {
        send_terminal(session);
    } else if (strcmp(key, "SPACE") == 0) {
        session_send(session, " ", 1);
    } else if (key[0] == '^' && key[1]) {
        char control = (char)(key[1] & 31);
        session_send(session, &control, 1);
    } else {
        session_send(session, key, strlen(key));
    }
}

/* len 0 = a navigation key. */
void session_expect(struct session *session, const uint32_t *pattern, int len, int before)
{
    if (session->queued == LOAD_PENDING) {
        load.lost++;
        return;
    }
    int slot = (session->queue_head + session->queued++) % LOAD_PENDING;
    struct pending *pending = &session->queue[slot];
    *pending =
        (struct pending){.at = load_now(), .navigation = len == 0, .len = len, .before = before};
    if (len > 0)
        memcpy(pending->pattern, pattern, (size_t)len * sizeof *pattern);
}

void session_match(struct session *session, double now)
{
    if (!session->changed)
        return;
    bool changed = true;
    session->changed = false;
    session->changed_at = now;
    while (session->queued > 0) {
        const struct pending *pending = &session->queue[session->queue_head];
        if (pending->navigation) {
            if (!changed)
                return;
            changed = false; /* one change answers one navigation key */
            samples_add(&load.navigation, (now - pending->at) * 1e3);
        } else {
            if (session_count(session, pending->pattern, pending->len) <= pending->before)
                return;
            samples_add(&load.echo, (now - pending->at) * 1e3);
        }
        session->queue_head = (session->queue_head + 1) % LOAD_PENDING;
        session->queued--;
    }
}
