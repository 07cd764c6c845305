/* SPDX-License-Identifier: Apache-2.0
 * Fills an office's database with a nation's past: fill_history BOOK FIRST-DAY LAST-DAY A-DAY,
 * about so many requests a day over 621 centres and 60 services, as sanad import nation would. */
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/num.h"
#include "base/vault.h"
#include "store/report.h"

#define CENTRES 621
#define TEXT (58 * 1024)
#define ROW 64
#define EVENTS_A_COMMIT 20

struct fill {
    struct store *store;
    struct store_actor actor;
    struct buf text;
    int64_t added;
    int events;
    uint64_t random;
};

SND_NORETURN static void die(const char *what, int err)
{
    fprintf(stderr, "fill_history: %s: %s\n", what, err_text(err));
    exit(1);
}

/* xorshift64*: the same book every time. */
static unsigned below(struct fill *fill, unsigned bound)
{
    fill->random ^= fill->random >> 12;
    fill->random ^= fill->random << 25;
    fill->random ^= fill->random >> 27;
    return (unsigned)((fill->random * 0x2545f4914f6cdd1du) >> 33) % bound;
}

static void send(struct fill *fill)
{
    struct store_import import;
    if (fill->text.len == 0)
        return;
    int err = fill->events == 0 ? store_batch_begin(fill->store) : 0;
    if (err == 0)
        err = store_history_import(fill->store, buf_text(&fill->text), &import, &fill->actor);
    if (err == 0 && ++fill->events == EVENTS_A_COMMIT) {
        err = store_batch_commit(fill->store);
        fill->events = 0;
    }
    if (err != 0)
        die("import", err);
    fill->added += import.added;
    buf_clear(&fill->text);
}

static void put_row(struct fill *fill)
{
    static const char *const bands[] = {"morning", "morning", "evening"};
    static const char *const agencies[] = {"MOMP", "ROP", "MOCI", "MRMWR", "MM", "MOH"};
    unsigned service = below(fill, 60);
    buf_printf(&fill->text, "%02u:%02u %s .%02u %c%c-%02u %s %s %s 5000 1000 1\n",
               8 + below(fill, 12), below(fill, 60), bands[below(fill, 3)], 1 + below(fill, 4),
               'A' + (char)(service / 10), 'P', service % 10 + 1, agencies[service / 10],
               below(fill, 5) ? "closed" : "approved", below(fill, 3) ? "m" : "f");
}

static void put_day(struct fill *fill, int32_t day, unsigned a_day)
{
    static const char *const governorates[] = {"BJ", "BS", "BU", "DA", "MA", "MU",
                                               "SJ", "SS", "WU", "ZA", "ZU"};
    char text[11];
    clock_day_text(day, text);
    for (unsigned centre = 0; centre < CENTRES; centre++) {
        unsigned rows = 1 + below(fill, 2 * a_day / CENTRES);
        buf_printf(&fill->text, "@%s %s%02u-%03u 1\n", text, governorates[centre / 57],
                   1 + centre % 9, 1 + centre / 9 % 7);
        while (rows-- > 0)
            put_row(fill);
        if (fill->text.len > TEXT - 120 * ROW)
            send(fill);
    }
}

int main(int argc, char **argv)
{
    struct fill fill = {.text = BUF_INIT(TEXT), .random = 42};
    struct vault *vault = NULL;
    int32_t from, to;
    int64_t a_day;
    if (argc != 6 || clock_day_parse(argv[3], &from) || clock_day_parse(argv[4], &to) ||
        num_parse(argv[5], CENTRES, 30000, &a_day))
        return fprintf(stderr, "usage: fill_history BOOK KEYRING FIRST LAST A-DAY\n"), 2;
    int err = vault_load(argv[2], &vault);
    if (err == 0)
        err = store_open(argv[1], STORE_WRITE, vault, &fill.store);
    if (err != 0)
        die(argv[1], err);
    fill.actor = (struct store_actor){.name = "cli:bench", .at = clock_utc_ms()};
    for (int32_t day = from; day <= to; day++)
        put_day(&fill, day, (unsigned)a_day);
    send(&fill);
    if (fill.events > 0 && (err = store_batch_commit(fill.store)) != 0)
        die("commit", err);
    printf("%lld requests of the past\n", (long long)fill.added);
    store_close(&fill.store);
    vault_free(&vault);
    buf_free(&fill.text);
    return 0;
}
