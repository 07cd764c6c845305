/* SPDX-License-Identifier: Apache-2.0 */
/* Clerks who do nothing but save, all at once:
 *     save_flat SOCKET ACCOUNT PASSWORD CLERKS SECONDS FILE
 * Each has a connection of its own to the office's ledger, logged in as ACCOUNT, and submits the
 * request of FILE's first line (as `sanad request enter` reads it) again and again, each time as a
 * new one, as soon as the one before was answered. One process plays them all and does next to
 * nothing for each, so that the machine is the ledger's. Prints how long a save took for the one
 * who waited, how many were saved, and how evenly: the fewest and the most of any clerk. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/num.h"
#include "base/proc.h"
#include "base/wire.h"
#include "book/book.h"

#define FLAT_CLERKS 500
#define FLAT_FILE 65536
#define FLAT_ANSWER_MS 20000

struct flat_clerk {
    struct book *book; /* logged in; its connection is used directly */
    int fd;
    int saves;
    int64_t sent; /* now_us() of the save that waits for its answer */
};
struct flat {
    uint8_t form[HASH_SIZE];
    char *values;
    int poller, clerks;
    struct flat_clerk clerk[FLAT_CLERKS];
    int32_t *us; /* of each save */
    size_t saves, room;
};

SND_NORETURN static void stop(const char *what, int err)
{
    fprintf(stderr, "save_flat: %s: %s\n", what, err_text(err));
    exit(1);
}

static void try(int err, const char *what)
{
    if (err)
        stop(what, err);
}

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

/* The values of the first line, and the service that they belong to. */
static void read_case(struct flat *flat, const char *path, char service[16])
{
    struct json *json;
    char *text;
    size_t len;
    try(proc_read_file(path, 16 * FLAT_FILE, &text, &len), path);
    try(json_parse(text, strcspn(text, "\n"), &json), path);
    const char *code = json_get_text(json, "service");
    if (!code || !json_get(json, "values"))
        stop(path, SND_E_BAD);
    (void)str_copy(service, 16, code);
    flat->values = json_text(json_get(json, "values"), 0);
    json_free(&json);
    x_free(&text);
}

static void find_form(struct flat *flat, struct book *book, const char *service)
{
    struct book_service *list;
    size_t count, found = 0;
    struct arena *arena = arena_new();
    try(book_service_list(book, arena, &list, &count), "service.list");
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].code, service) == 0 && ++found)
            memcpy(flat->form, list[i].sha, HASH_SIZE);
    arena_free(&arena);
    if (!found)
        stop(service, SND_E_NOTFOUND);
}

static void log_in(struct flat *flat, int number, char **argv)
{
    struct flat_clerk *clerk = &flat->clerk[number];
    struct book_me me;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = clerk};
    char peer[32];
    (void)str_format(peer, sizeof peer, "127.0.%d.%d", number / 200, number % 200 + 1);
    try(book_open(argv[1], &clerk->book), "open");
    try(book_auth_password(clerk->book, argv[2], argv[3], peer, &me), "auth.password");
    clerk->fd = book_fd(clerk->book);
    try(proc_nonblocking(clerk->fd, 1), "connection");
    if (epoll_ctl(flat->poller, EPOLL_CTL_ADD, clerk->fd, &event))
        stop("epoll", SND_E_SYS);
}

static void save(const struct flat *flat, struct flat_clerk *clerk)
{
    struct buf frame = BUF_INIT(WIRE_MAX);
    struct id id = id_new();
    wire_begin(&frame);
    wire_put_u8(&frame, 'Q');
    wire_put_u32(&frame, (uint32_t)clerk->saves + 1000000);
    wire_put_text(&frame, "request.submit");
    wire_put_id(&frame, &id);
    wire_put_id(&frame, &id);
    wire_put_bytes(&frame, flat->form, HASH_SIZE);
    wire_put_text(&frame, flat->values);
    try(wire_end(&frame), "request");
    clerk->sent = now_us();
    try(wire_send(clerk->fd, &frame), "request.submit");
    buf_free(&frame);
}

static void remember(struct flat *flat, int64_t us)
{
    if (flat->saves == flat->room) {
        flat->room = flat->room * 2 + 65536;
        flat->us = x_realloc(flat->us, flat->room, sizeof *flat->us);
    }
    flat->us[flat->saves++] = (int32_t)us;
}

static void hear(struct flat *flat, struct flat_clerk *clerk)
{
    static uint8_t frame[WIRE_MAX];
    struct wire answer;
    int got = wire_recv(clerk->fd, frame, sizeof frame);
    if (got <= 0 || wire_open(&answer, frame, (size_t)got) || wire_u8(&answer) != 'A' ||
        wire_u32(&answer) != (uint32_t)clerk->saves + 1000000)
        stop("answer", got < 0 ? got : SND_E_BAD);
    try((int)wire_i64(&answer), "request.submit");
    remember(flat, now_us() - clerk->sent);
    clerk->saves++;
}

/* Everybody saves until the time is over; what is on its way then is still waited for. */
static void play(struct flat *flat, int seconds)
{
    struct epoll_event event[FLAT_CLERKS];
    int waiting = flat->clerks;
    int64_t until = clock_mono_ms() + seconds * 1000;
    for (int i = 0; i < flat->clerks; i++)
        save(flat, &flat->clerk[i]);
    while (waiting > 0) {
        int count = epoll_wait(flat->poller, event, FLAT_CLERKS, FLAT_ANSWER_MS);
        if (count <= 0)
            stop("answers", SND_E_TIMEOUT);
        for (int i = 0; i < count; i++) {
            hear(flat, event[i].data.ptr);
            if (clock_mono_ms() < until)
                save(flat, event[i].data.ptr);
            else
                waiting--;
        }
    }
}

static int by_size(const void *a, const void *b)
{
    const int32_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static double at(const struct flat *flat, size_t thousandths)
{
    return flat->us[flat->saves * thousandths / 1000] / 1e3;
}

static void print_figures(struct flat *flat, int seconds)
{
    int least = INT32_MAX, most = 0;
    for (int i = 0; i < flat->clerks; i++) {
        least = flat->clerk[i].saves < least ? flat->clerk[i].saves : least;
        most = flat->clerk[i].saves > most ? flat->clerk[i].saves : most;
    }
    qsort(flat->us, flat->saves, sizeof *flat->us, by_size);
    printf("%d clerks saving flat out: %zu saves a second, p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, "
           "longest %.1f ms; %d to %d each\n",
           flat->clerks, flat->saves / (size_t)seconds, at(flat, 500), at(flat, 900), at(flat, 990),
           flat->us[flat->saves - 1] / 1e3, least, most);
}

int main(int argc, char **argv)
{
    int64_t clerks = 0, seconds = 0;
    char service[16];
    struct flat *flat = x_alloc(sizeof *flat);
    if (argc != 7 || num_parse(argv[4], 1, FLAT_CLERKS, &clerks) ||
        num_parse(argv[5], 1, 3600, &seconds)) {
        fputs("usage: save_flat SOCKET ACCOUNT PASSWORD CLERKS SECONDS FILE\n", stderr);
        return 2;
    }
    read_case(flat, argv[6], service);
    flat->clerks = (int)clerks;
    flat->poller = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < flat->clerks; i++)
        log_in(flat, i, argv);
    find_form(flat, flat->clerk[0].book, service);
    play(flat, (int)seconds);
    print_figures(flat, (int)seconds);
    for (int i = 0; i < flat->clerks; i++)
        book_close(&flat->clerk[i].book);
    x_free(&flat->us);
    x_free(&flat->values);
    x_free(&flat);
    return 0;
}
