/* SPDX-License-Identifier: Apache-2.0 */
/* How soon the go box has its answer:
 *     go_find SOCKET ACCOUNT PASSWORD
 * Asks the office's ledger for what people type - names in whole and in part, common words
 * together, whole civil numbers, beginnings of request numbers, what is not there - each many
 * times, the event that an answer leaves included, and prints the time of each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/err.h"
#include "book/book.h"

#define ROUNDS 100

static const char *const typed[] = {
    "سالم",
    "مري",
    "زهران الكندي",
    "سيف",
    "محمد بن علي الهنائي",
    "فاطمة السيابي راشد",
    "12345678",
    "DA01-003-7",
    "DA01-003",
    "7K3M9QX",
    "لا أحد",
};

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1000000;
}

static int by_time(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Sorted times of one query; how many rows it found. */
static size_t ask(struct book *book, const char *words, double ms[ROUNDS])
{
    struct book_goal row[BOOK_FIND_ROWS];
    size_t rows = 0;
    for (int i = 0; i < ROUNDS; i++) {
        double start = now_ms();
        int err = book_go_find(book, words, row, &rows);
        ms[i] = now_ms() - start;
        if (err) {
            fprintf(stderr, "go_find: %s: %s\n", words, err_text(err));
            exit(1);
        }
    }
    qsort(ms, ROUNDS, sizeof *ms, by_time);
    return rows;
}

int main(int argc, char **argv)
{
    struct book *book = NULL;
    struct book_me me;
    double worst = 0;
    if (argc != 4) {
        fputs("usage: go_find SOCKET ACCOUNT PASSWORD\n", stderr);
        return 2;
    }
    int err = book_open(argv[1], &book);
    if (!err)
        err = book_auth_password(book, argv[2], argv[3], "bench", &me);
    if (err) {
        fprintf(stderr, "go_find: %s\n", err_text(err));
        return 1;
    }
    for (size_t i = 0; i < SND_COUNT(typed); i++) {
        double ms[ROUNDS];
        size_t rows = ask(book, typed[i], ms);
        printf("  %6.2f ms p50, %6.2f ms p99, %2zu rows: %s\n", ms[ROUNDS / 2],
               ms[ROUNDS * 99 / 100], rows, typed[i]);
        worst = ms[ROUNDS * 99 / 100] > worst ? ms[ROUNDS * 99 / 100] : worst;
    }
    printf("The go box's answer, worst p99: %.1f ms (at most 20)\n", worst);
    book_close(&book);
    return 0;
}
