/* SPDX-License-Identifier: Apache-2.0
 * A loopback TCP proxy that behaves like a bad line: delay, jitter, rate cap, bounded queue, stall,
 * drop; and counts what crosses it. One thread, poll.
 *
 * Model, per direction: a read of at most MTU bytes is a packet; packets are serialised at RATE
 * bits/s counting OVERHEAD bytes each, and arrive DELAY (+ jitter, never reordered) later. When
 * more than BUFFER bytes wait to be serialised the proxy stops reading, so the sender's TCP feels
 * it. TCP's own acknowledgements are not charged. A packet that is lost arrives when a sender would
 * have sent it again, a round trip later (at least a fifth of a second), twice as much when that is
 * lost, too; what is behind it waits, as TCP makes it wait. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include "base/attr.h"
#include "base/id.h"
#include "base/mem.h"
#include "base/num.h"

#define LINKS_MAX 512
#define READ_MAX 65536
enum { UP, DOWN, WAYS };
enum { CLIENT, SERVER };

static struct {
    int listen, to;
    size_t mtu, overhead, buffer;
    double delay, jitter, loss, rate[WAYS], drop_after, stall_at, stall_for;
    uint64_t drop_bytes, spare;
    bool share, handshake;
    const char *control;
} options = {.mtu = 1400, .overhead = 40, .buffer = 32768};

struct packet {
    struct packet *next;
    double sent, due; /* left the slow line; arrives */
    size_t len, gone;
    char bytes[];
};
struct way {
    struct packet *first, *last;
    double free_at, last_due;
    bool ended, shut, blocked;
};
struct link {
    int fd[2]; /* CLIENT, SERVER; -1 = not (yet) there */
    bool open;
    double born, connect_at;
    uint64_t bytes;
    struct way way[WAYS];
};
static struct link links[LINKS_MAX];
static double line_free[WAYS], stall_until, begun;
static uint64_t total_bytes[WAYS], total_packets[WAYS], connections, dropped;
static volatile sig_atomic_t asked_to_end, asked_to_print;

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

SND_NORETURN static void die(const char *what)
{
    fprintf(stderr, "weaklink: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void close_link(struct link *link, bool reset)
{
    struct linger at_once = {1, 0};
    for (int side = CLIENT; side <= SERVER; side++) {
        if (link->fd[side] < 0)
            continue;
        if (reset)
            setsockopt(link->fd[side], SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(link->fd[side]);
        link->fd[side] = -1;
    }
    for (int way = UP; way <= DOWN; way++) {
        for (struct packet *packet = link->way[way].first, *next; packet; packet = next) {
            next = packet->next;
            free(packet);
        }
    }
    *link = (struct link){.fd = {-1, -1}};
}

/* Seconds until a packet has been sent as often as it is lost. */
static double again(void)
{
    double after = fmax(0.2, 2 * options.delay), late = 0;
    while (options.loss > 0 && random_below(1u << 20) < options.loss * (1u << 20)) {
        late += after;
        after *= 2;
    }
    return late;
}

static void enqueue(struct link *link, int way, const char *bytes, size_t len)
{
    struct way *w = &link->way[way];
    double *free_at = options.share ? &line_free[way] : &w->free_at;
    double start = fmax(fmax(now_s(), *free_at), stall_until);
    double rate = options.rate[way];
    *free_at = start + (rate > 0 ? (double)(len + options.overhead) * 8 / rate : 0);
    struct packet *packet = x_alloc(sizeof *packet + len);
    memcpy(packet->bytes, bytes, len);
    packet->len = len;
    packet->sent = *free_at;
    double jitter = options.jitter * random_below(1u << 20) / (1u << 20);
    packet->due = fmax(*free_at + options.delay + jitter + again(), w->last_due);
    w->last_due = packet->due;
    if (w->last)
        w->last->next = packet;
    else
        w->first = packet;
    w->last = packet;
    total_bytes[way] += len;
    total_packets[way]++;
    link->bytes += len;
}

static size_t waiting(const struct way *way, double now)
{
    size_t bytes = 0;
    for (const struct packet *packet = way->first; packet; packet = packet->next)
        bytes += packet->sent > now ? packet->len - packet->gone : 0;
    return bytes;
}

static void deliver(struct link *link, int way)
{
    struct way *w = &link->way[way];
    int to = link->fd[way == UP ? SERVER : CLIENT];
    double now = now_s();
    w->blocked = false;
    while (w->first && w->first->due <= now && now >= stall_until) {
        struct packet *packet = w->first;
        ssize_t put = send(to, packet->bytes + packet->gone, packet->len - packet->gone,
                           MSG_NOSIGNAL | MSG_DONTWAIT);
        if (put < 0 && errno != EAGAIN) {
            close_link(link, true);
            return;
        }
        packet->gone += put > 0 ? (size_t)put : 0;
        if (packet->gone < packet->len) {
            w->blocked = true;
            return;
        }
        w->first = packet->next;
        if (!w->first)
            w->last = NULL;
        free(packet);
    }
    if (w->ended && !w->first && !w->shut) {
        w->shut = true;
        shutdown(to, SHUT_WR);
        if (link->way[!way].shut)
            close_link(link, false);
    }
}

static void take_in(struct link *link, int side)
{
    static char bytes[READ_MAX];
    int way = side == CLIENT ? UP : DOWN;
    size_t most = options.mtu < sizeof bytes ? options.mtu : sizeof bytes;
    for (int i = 0; i < 8 && waiting(&link->way[way], now_s()) < options.buffer; i++) {
        ssize_t len = recv(link->fd[side], bytes, most, MSG_DONTWAIT);
        if (len > 0) {
            enqueue(link, way, bytes, (size_t)len);
            continue;
        }
        if (len == 0)
            link->way[way].ended = true;
        else if (errno != EAGAIN && errno != EINTR)
            close_link(link, true);
        return;
    }
}

static void connect_up(struct link *link)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)options.to),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address)) {
        if (fd >= 0)
            close(fd);
        close_link(link, true);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    link->fd[SERVER] = fd;
}

static void accept_one(int listener)
{
    int on = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    for (int i = 0; i < LINKS_MAX; i++) {
        if (links[i].open)
            continue;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        double now = now_s();
        links[i] = (struct link){.fd = {fd, -1},
                                 .open = true,
                                 .born = now,
                                 .connect_at = now + (options.handshake ? 2 * options.delay : 0)};
        connections++;
        return;
    }
    close(fd);
}

static void print_counts(FILE *out)
{
    fprintf(
        out,
        "{\"seconds\":%.2f,\"connections\":%lu,\"dropped\":%lu,\"up_bytes\":%lu,\"down_bytes\":%lu,"
        "\"up_packets\":%lu,\"down_packets\":%lu}\n",
        now_s() - begun, (unsigned long)connections, (unsigned long)dropped,
        (unsigned long)total_bytes[UP], (unsigned long)total_bytes[DOWN],
        (unsigned long)total_packets[UP], (unsigned long)total_packets[DOWN]);
    fflush(out);
}

static void drop_all(double unused)
{
    (void)unused;
    for (int i = 0; i < LINKS_MAX; i++) {
        if (links[i].open) {
            dropped++;
            close_link(&links[i], true);
        }
    }
}

static void set_stall(double seconds)
{
    stall_until = now_s() + seconds;
}

static void set_rate(double rate)
{
    options.rate[UP] = options.rate[DOWN] = rate;
}

static void set_delay(double ms)
{
    options.delay = ms / 1e3;
}

static void set_zero(double unused)
{
    (void)unused;
    memset(total_bytes, 0, sizeof total_bytes);
    memset(total_packets, 0, sizeof total_packets);
    begun = now_s();
}

static void say_only(double unused)
{
    (void)unused;
}

static void quit(double unused)
{
    (void)unused;
    asked_to_end = 1;
}

/* One order a connection: "stall 5", "drop", ... ; the answer is the counts. */
static void take_order(int control)
{
    static const struct {
        const char *word;
        void (*does)(double);
    } orders[] = {{"stall", set_stall}, {"drop", drop_all}, {"rate", set_rate},
                  {"delay", set_delay}, {"zero", set_zero}, {"stats", say_only},
                  {"quit", quit}};
    char text[256], word[32] = "";
    double number = 0;
    int fd = accept4(control, NULL, NULL, SOCK_CLOEXEC);
    ssize_t len = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
    FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!out)
        return;
    text[len > 0 ? len : 0] = '\0';
    if (sscanf(text, "%31s %lf", word, &number) > 0) {
        for (size_t i = 0; i < SND_COUNT(orders); i++) {
            if (strcmp(orders[i].word, word) == 0)
                orders[i].does(number);
        }
    }
    print_counts(out);
    fclose(out);
}

/* Moves what may move on one link; the moment it next needs a look. */
static double tend(struct link *link, double now, double due)
{
    if (link->fd[SERVER] < 0) {
        if (link->connect_at > now)
            return fmin(due, link->connect_at);
        connect_up(link);
    }
    if (link->open && ((options.drop_after > 0 && now - link->born >= options.drop_after) ||
                       (options.drop_bytes && link->bytes >= options.spare + options.drop_bytes))) {
        dropped++;
        close_link(link, true);
    }
    for (int way = UP; way <= DOWN && link->open; way++) {
        deliver(link, way);
        const struct packet *first = link->open ? link->way[way].first : NULL;
        if (first && !link->way[way].blocked)
            due = fmin(due, fmax(first->due, stall_until));
        if (first && first->sent > now)
            due = fmin(due, first->sent);
    }
    if (link->open && options.drop_after > 0)
        due = fmin(due, link->born + options.drop_after);
    return due;
}

static short wanted(const struct link *link, int side, double now)
{
    int in = side == CLIENT ? UP : DOWN, out = !in;
    short events = 0;
    if (!link->way[in].ended && now >= stall_until && link->fd[SERVER] >= 0 &&
        waiting(&link->way[in], now) < options.buffer)
        events |= POLLIN;
    if (link->way[out].blocked)
        events |= POLLOUT;
    return events;
}

static double stall_once(double now, double due)
{
    static bool done;
    if (options.stall_for <= 0 || done)
        return due;
    if (now - begun < options.stall_at)
        return fmin(due, begun + options.stall_at);
    stall_until = now + options.stall_for;
    done = true;
    return due;
}

static void turn(int listener, int control)
{
    static struct pollfd polls[2 + 2 * LINKS_MAX];
    static struct {
        struct link *link;
        int side;
    } of[2 + 2 * LINKS_MAX];
    double now = now_s(), due = stall_once(now, now + 0.5);
    nfds_t count = 2;
    polls[0] = (struct pollfd){.fd = listener, .events = POLLIN};
    polls[1] = (struct pollfd){.fd = control, .events = POLLIN};
    for (int i = 0; i < LINKS_MAX; i++) {
        struct link *link = &links[i];
        if (link->open)
            due = tend(link, now, due);
        for (int side = CLIENT; link->open && side <= SERVER; side++) {
            short events = wanted(link, side, now);
            if (!events)
                continue; /* an error would wake us for ever: it shows at the next read or write */
            polls[count] = (struct pollfd){.fd = link->fd[side], .events = events};
            of[count].link = link;
            of[count++].side = side;
        }
    }
    if (stall_until > now)
        due = fmin(due, stall_until);
    double wait = fmax(due - now_s(), 1e-5);
    struct timespec timeout = {(time_t)wait, (long)((wait - floor(wait)) * 1e9)};
    if (ppoll(polls, count, &timeout, NULL) <= 0)
        return;
    if (polls[0].revents)
        accept_one(listener);
    if (polls[1].revents)
        take_order(control);
    for (nfds_t i = 2; i < count; i++) {
        if ((polls[i].revents & (POLLIN | POLLHUP | POLLERR)) && of[i].link->open &&
            of[i].link->fd[of[i].side] == polls[i].fd)
            take_in(of[i].link, of[i].side);
    }
}

static int listen_tcp(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) || listen(fd, 1024))
        die("--listen");
    return fd;
}

static int listen_control(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!path)
        return -1;
    if (str_copy(address.sun_path, sizeof address.sun_path, path))
        die("--control");
    unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) || listen(fd, 8))
        die("--control");
    return fd;
}

static const char usage[] =
    "usage: weaklink --listen PORT --to PORT [options]       (both on 127.0.0.1)\n"
    "  --delay MS   one way, each direction                --jitter MS   --loss PERCENT\n"
    "  --rate BPS   both directions (0 = no cap)           --share      one line for all "
    "connections\n"
    "  --buffer B   queue before the slow line (32768)     --mtu B (1400)   --overhead B a packet "
    "(40)\n"
    "  --handshake  charge one round trip to connect       --drop-after S   --drop-bytes N\n"
    "  --spare N    bytes of a connection that are not counted before drop-bytes (a handshake)\n"
    "  --stall-at S --stall-for S   freeze the line once\n"
    "  --control PATH   Unix socket taking: stall S, drop, rate BPS, delay MS, zero, stats, quit\n"
    "SIGUSR1 prints the counts as JSON; SIGTERM prints them and ends.\n";

enum {
    LISTEN = 256,
    TO,
    DELAY,
    JITTER,
    LOSS,
    RATE,
    SHARE,
    BUFFER,
    MTU,
    OVERHEAD,
    HANDSHAKE,
    DROP_AFTER,
    DROP_BYTES,
    SPARE,
    STALL_AT,
    STALL_FOR,
    CONTROL
};

static int64_t whole(const char *text)
{
    int64_t number;
    if (num_parse(text, 0, INT32_MAX, &number)) {
        fprintf(stderr, "weaklink: not a number: %s\n", text);
        exit(2);
    }
    return number;
}

static void take_option(int option, const char *value)
{
    switch (option) {
    case LISTEN:
        options.listen = (int)whole(value);
        break;
    case TO:
        options.to = (int)whole(value);
        break;
    case DELAY:
        options.delay = strtod(value, NULL) / 1e3;
        break;
    case JITTER:
        options.jitter = strtod(value, NULL) / 1e3;
        break;
    case LOSS:
        options.loss = strtod(value, NULL) / 100;
        break;
    case RATE:
        set_rate(strtod(value, NULL));
        break;
    case SHARE:
        options.share = true;
        break;
    case BUFFER:
        options.buffer = (size_t)whole(value);
        break;
    case MTU:
        options.mtu = (size_t)whole(value);
        break;
    case OVERHEAD:
        options.overhead = (size_t)whole(value);
        break;
    case HANDSHAKE:
        options.handshake = true;
        break;
    case DROP_AFTER:
        options.drop_after = strtod(value, NULL);
        break;
    case DROP_BYTES:
        options.drop_bytes = (uint64_t)whole(value);
        break;
    case SPARE:
        options.spare = (uint64_t)whole(value);
        break;
    case STALL_AT:
        options.stall_at = strtod(value, NULL);
        break;
    case STALL_FOR:
        options.stall_for = strtod(value, NULL);
        break;
    case CONTROL:
        options.control = value;
        break;
    default:
        fputs(usage, option == 'h' ? stdout : stderr);
        exit(option == 'h' ? 0 : 2);
    }
}

static void on_signal(int number)
{
    if (number == SIGUSR1)
        asked_to_print = 1;
    else
        asked_to_end = 1;
}

int main(int argc, char **argv)
{
    static const struct option table[] = {{"listen", 1, 0, LISTEN},
                                          {"to", 1, 0, TO},
                                          {"delay", 1, 0, DELAY},
                                          {"jitter", 1, 0, JITTER},
                                          {"loss", 1, 0, LOSS},
                                          {"rate", 1, 0, RATE},
                                          {"share", 0, 0, SHARE},
                                          {"buffer", 1, 0, BUFFER},
                                          {"mtu", 1, 0, MTU},
                                          {"overhead", 1, 0, OVERHEAD},
                                          {"handshake", 0, 0, HANDSHAKE},
                                          {"drop-after", 1, 0, DROP_AFTER},
                                          {"drop-bytes", 1, 0, DROP_BYTES},
                                          {"spare", 1, 0, SPARE},
                                          {"stall-at", 1, 0, STALL_AT},
                                          {"stall-for", 1, 0, STALL_FOR},
                                          {"control", 1, 0, CONTROL},
                                          {"help", 0, 0, 'h'},
                                          {0, 0, 0, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "h", table, NULL)) != -1)
        take_option(option, optarg);
    if (!options.listen || !options.to || !options.mtu)
        take_option('?', NULL);
    for (int i = 0; i < LINKS_MAX; i++)
        links[i].fd[CLIENT] = links[i].fd[SERVER] = -1;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGUSR1, on_signal);
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    begun = now_s();
    int listener = listen_tcp(options.listen), control = listen_control(options.control);
    while (!asked_to_end) {
        turn(listener, control);
        if (asked_to_print)
            print_counts(stdout);
        asked_to_print = 0;
    }
    print_counts(stdout);
    if (options.control)
        unlink(options.control);
    return 0;
}
