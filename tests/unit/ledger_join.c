/* SPDX-License-Identifier: Apache-2.0
 * Invitations as the ledger takes them: by the right centre, in time, once; a wrong secret and a
 * centre that nobody invited are not told apart; a book that is another centre's is refused. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "base/mem.h"
#include "book/feed.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define HOUR_MS 3600000LL
static struct rig rig;
static struct book *shell, *hub;

static int try_join(const char *centre, const char *secret, const struct id *node, uint8_t mark)
{
    uint8_t cert[HASH_SIZE], key[FEED_KEY];
    char name[BOOK_TEXT];
    struct id at;
    memset(cert, mark, sizeof cert);
    memset(key, mark, sizeof key);
    return book_node_join(hub, centre, secret, node, cert, key, &at, name);
}

static int invite(const char *centre, const char *secret, int64_t until)
{
    return book_node_invite(shell, centre, "مركز", secret, until);
}

static int is_in_state(const char *centre, const char *state)
{
    struct arena *arena = arena_new();
    struct book_node *list = NULL;
    size_t count = 0;
    int found = 0, err = book_node_list(shell, arena, &list, &count);
    for (size_t i = 0; !err && i < count; i++)
        found |= strcmp(list[i].centre, centre) == 0 && strcmp(list[i].state, state) == 0;
    arena_free(&arena);
    return found;
}

static void in_time(void)
{
    const struct id node = id_new();
    int64_t now = clock_utc_ms();
    tap_is_int(invite("DA01-010", "AAAA1111", now - 1), 0, "an invitation whose time is over");
    tap_is_int(try_join("DA01-010", "AAAA1111", &node, 1), SND_E_AUTH, "is refused");
    tap_is_int(invite("DA01-010", "BBBB2222", now + HOUR_MS), 0, "another in its place");
    tap_is_int(try_join("DA01-010", "AAAA1111", &node, 1), SND_E_AUTH,
               "the one that was replaced is refused");
    tap_is_int(try_join("DA01-010", "BBBB2222", &node, 1), 0, "the right one is taken");
    tap_ok(is_in_state("DA01-010", "joined"), "and the centre has joined");
    tap_is_int(try_join("DA01-010", "BBBB2222", &node, 2), SND_E_AUTH, "it works once");
    tap_is_int(try_join("DA01-099", "BBBB2222", &node, 2), SND_E_AUTH,
               "a centre that nobody invited is refused in the same way");
    tap_is_int(invite("DA01-011", "CCCC3333", now + HOUR_MS), 0, "another centre");
    tap_is_int(try_join("DA01-011", "CCCC3333", &node, 3), SND_E_EXISTS,
               "a book that is another centre's is refused");
    tap_is_int(book_node_revoke(shell, "DA01-010"), 0, "a centre is revoked");
    tap_ok(is_in_state("DA01-010", "revoked") && !is_in_state("DA01-010", "joined"),
           "and listed so");
    tap_is_int(book_node_renew(hub, &node, (const uint8_t *)"01234567890123456789012345678901"),
               SND_E_NOTFOUND, "it gets no certificate any more");
}

/* What the hub says to a certificate of that node. */
static enum book_feed_code met(const struct id *node, uint8_t mark)
{
    static const uint8_t nothing[HASH_SIZE];
    struct book_feed_taken taken = {.code = BOOK_FEED_CODES};
    uint8_t cert[HASH_SIZE];
    memset(cert, mark, sizeof cert);
    struct book_feed_frame frame = {
        .node = *node, .epoch = 1, .first = 1, .before = nothing, .cert = cert};
    tap_is_int(book_feed_take_up(hub, &frame, &taken), 0, "a certificate is shown");
    return taken.code;
}

/* A centre joins again, with the book that it had, after its disk was lost. */
static void copied(void)
{
    const struct id node = id_new();
    int64_t until = clock_utc_ms() + HOUR_MS;
    tap_is_int(invite("DA01-013", "EEEE5555", until), 0, "a centre is invited");
    tap_is_int(try_join("DA01-013", "EEEE5555", &node, 5), 0, "and joins");
    tap_is_int(invite("DA01-013", "FFFF6666", until), 0, "invited once more");
    tap_ok(met(&node, 5) == BOOK_FEED_OK, "its certificate is good until it joins again");
    tap_is_int(try_join("DA01-013", "FFFF6666", &node, 6), 0, "it joins again");
    tap_ok(met(&node, 6) == BOOK_FEED_OK && is_in_state("DA01-013", "joined"),
           "with the certificate of then it is known");
    tap_ok(met(&node, 5) == BOOK_FEED_FORK, "19: whoever shows the one of before is a copy");
    tap_ok(is_in_state("DA01-013", "forked"), "19: which the list of nodes says");
    tap_ok(met(&node, 5) == BOOK_FEED_FORK && met(&node, 6) == BOOK_FEED_OK,
           "19: the copy stays refused, the office is heard");
    tap_is_int(invite("DA01-013", "GGGG7777", until), 0, "invited a third time");
    tap_is_int(try_join("DA01-013", "GGGG7777", &node, 7), 0, "and joined");
    tap_ok(is_in_state("DA01-013", "joined"), "it is in order again");
}

static void too_often(void)
{
    const struct id node = id_new();
    int heard = 0;
    tap_is_int(invite("DA01-012", "DDDD4444", clock_utc_ms() + HOUR_MS), 0, "an invitation");
    while (heard < 20 && try_join("DA01-012", "ZZZZ9999", &node, 4) == SND_E_AUTH)
        heard++;
    tap_note("%d wrong ones were heard", heard);
    tap_ok(heard >= 1 && heard <= 5, "after some wrong ones no more are heard");
    tap_is_int(try_join("DA01-012", "DDDD4444", &node, 4), SND_E_LIMIT,
               "not even the right one, for a while");
}

int main(void)
{
    struct book_me me;
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    shell = rig_shell(&rig);
    if (book_open(rig.socket, &hub) || book_auth_part(hub, "hub", &me))
        return 1;
    in_time();
    copied();
    too_often();
    book_close(&hub);
    book_close(&shell);
    rig_end(&rig, 15);
    int64_t requests = 0;
    tap_is_int(rig_check(&rig, &requests), 0, "the book is whole");
    rig_remove(&rig);
    return tap_done();
}
