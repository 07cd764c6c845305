/* SPDX-License-Identifier: Apache-2.0 */
/* Clerks who do nothing but save, all at once:
 *     save_flat SOCKET ACCOUNT PASSWORD CLERKS SECONDS FILE
 * Each is a process with its own connection to the office's ledger, logged in as ACCOUNT, and
 * submits the request of FILE's first line (as `sanad request enter` reads it) again and again,
 * each time as a new one. Prints how long a save took for the one who waited, how many were saved,
 * and how evenly: the fewest and the most of any clerk. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/num.h"
#include "base/proc.h"
#include "book/book.h"

#define FLAT_CLERKS 500
#define FLAT_SAVES 20000 /* of one clerk; as many are remembered */
#define FLAT_FILE 65536
#define FLAT_FAULTS 4

struct flat_clerk {
    int saves;
    int32_t us[FLAT_SAVES];
};

struct flat {
    atomic_int here, go;
    struct flat_clerk clerk[];
};

static const char *socket_path, *account, *password;
static char *values;

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

/* The values of the first line, and the service that they belong to. */
static void read_case(const char *path, char service[16])
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
    values = json_text(json_get(json, "values"), 0);
    json_free(&json);
    x_free(&text);
}

static const struct form *fetch_form(struct book *book, const char *service)
{
    struct book_service *list;
    const struct form *form = NULL;
    size_t count;
    struct arena *arena = arena_new();
    try(book_service_list(book, arena, &list, &count), "service.list");
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].code, service) == 0)
            try(book_form(book, list[i].sha, &form), "form.get");
    arena_free(&arena);
    if (!form)
        stop(service, SND_E_NOTFOUND);
    return form;
}

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static void save(struct book *book, const struct record *record, struct flat_clerk *clerk)
{
    struct book_receipt receipt;
    struct fault faults[FLAT_FAULTS];
    size_t count;
    struct id id = id_new();
    int64_t begun = now_us();
    int err = book_submit(book, &id, record, &receipt, faults, FLAT_FAULTS, &count);
    if (err == SND_E_INVALID && count > 0)
        stop(record->form->field[faults[0].field].key, err);
    try(err, "request.submit");
    if (clerk->saves < FLAT_SAVES)
        clerk->us[clerk->saves++] = (int32_t)(now_us() - begun);
}

SND_NORETURN static void work(struct flat *flat, int number, int seconds, const char *service)
{
    struct book *book = NULL;
    struct book_me me;
    struct record *record = NULL;
    char peer[32];
    (void)str_format(peer, sizeof peer, "127.0.%d.%d", number / 200, number % 200 + 1);
    try(book_open(socket_path, &book), "open");
    try(book_auth_password(book, account, password, peer, &me), "auth.password");
    try(record_from_json(fetch_form(book, service), values, strlen(values), &record), "values");
    atomic_fetch_add(&flat->here, 1);
    while (!atomic_load(&flat->go))
        usleep(1000);
    int64_t until = clock_mono_ms() + seconds * 1000;
    while (clock_mono_ms() < until)
        save(book, record, &flat->clerk[number]);
    book_close(&book);
    _exit(0);
}

static int by_size(const void *a, const void *b)
{
    const int32_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static void print_figures(const struct flat *flat, int clerks, int seconds)
{
    int least = INT32_MAX, most = 0, all = 0;
    int32_t *us = x_calloc((size_t)clerks * FLAT_SAVES, sizeof *us);
    for (int i = 0; i < clerks; i++) {
        const struct flat_clerk *clerk = &flat->clerk[i];
        memcpy(us + all, clerk->us, (size_t)clerk->saves * sizeof *us);
        all += clerk->saves;
        least = clerk->saves < least ? clerk->saves : least;
        most = clerk->saves > most ? clerk->saves : most;
    }
    if (all > 0) {
        qsort(us, (size_t)all, sizeof *us, by_size);
        printf(
            "%d clerks saving flat out: %d saves a second, p50 %.1f ms, p99 %.1f ms, longest %.1f "
            "ms; %d to %d each\n",
            clerks, all / seconds, us[all / 2] / 1e3, us[(int)((int64_t)all * 99 / 100)] / 1e3,
            us[all - 1] / 1e3, least, most);
    }
    x_free(&us);
}

int main(int argc, char **argv)
{
    int64_t clerks = 0, seconds = 0;
    char service[16];
    if (argc != 7 || num_parse(argv[4], 1, FLAT_CLERKS, &clerks) ||
        num_parse(argv[5], 1, 3600, &seconds)) {
        fputs("usage: save_flat SOCKET ACCOUNT PASSWORD CLERKS SECONDS FILE\n", stderr);
        return 2;
    }
    socket_path = argv[1];
    account = argv[2];
    password = argv[3];
    read_case(argv[6], service);
    size_t size = sizeof(struct flat) + (size_t)clerks * sizeof(struct flat_clerk);
    struct flat *flat = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (flat == MAP_FAILED)
        stop("mmap", SND_E_SYS);
    for (int i = 0; i < clerks; i++)
        if (fork() == 0)
            work(flat, i, (int)seconds, service);
    while (atomic_load(&flat->here) < clerks && waitpid(-1, NULL, WNOHANG) == 0)
        usleep(1000);
    if (atomic_load(&flat->here) < clerks)
        return 1;
    atomic_store(&flat->go, 1);
    int status, failed = 0;
    while (waitpid(-1, &status, 0) > 0)
        failed |= status != 0;
    print_figures(flat, (int)clerks, (int)seconds);
    return failed;
}
