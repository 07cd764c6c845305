/* SPDX-License-Identifier: Apache-2.0
 * Logging in: one answer for everything that is wrong, after the same time; a limit by name and
 * address; sessions that end at once, and sessions that outlive the ledger. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

static int try_password(const struct rig *rig, const char *account, const char *password,
                        const char *peer, int64_t *took)
{
    struct book *book = NULL;
    struct book_me me;
    int64_t begin = clock_mono_ms();
    int err = book_open(rig->socket, &book);
    if (!err)
        err = book_auth_password(book, account, password, peer, &me);
    if (took)
        *took = clock_mono_ms() - begin;
    book_close(&book);
    return err;
}

static int64_t median_of_five(const struct rig *rig, const char *account)
{
    int64_t took[5];
    for (int i = 0; i < 5; i++) {
        char peer[32];
        (void)str_format(peer, sizeof peer, "10.1.%d.%d:9", i, (int)strlen(account));
        (void)!try_password(rig, account, "no such word", peer, &took[i]);
        for (int j = i; j > 0 && took[j] < took[j - 1]; j--) {
            int64_t other = took[j];
            took[j] = took[j - 1];
            took[j - 1] = other;
        }
    }
    return took[2];
}

static void passwords(const struct rig *rig)
{
    struct book *book = NULL;
    struct book_me me;
    tap_ok(book_open(rig->socket, &book) == 0 &&
               book_auth_password(book, "clerk", RIG_PASSWORD, "10.0.0.1:22", &me) == 0,
           "the right password");
    tap_ok(strcmp(me.account, "clerk") == 0 && me.role == ROLE_CLERK && me.lang == LANG_AR &&
               strcmp(me.centre, "DA01-003") == 0 && strcmp(me.wilayat, "DA01") == 0 &&
               me.practice == OFFICE_DEMONSTRATION && !me.must_change,
           "says who came in");
    tap_is_int(book_auth_password(book, "owner", RIG_PASSWORD, "10.0.0.1:22", &me), SND_E_DENIED,
               "a connection is one person's only");
    book_close(&book);
    tap_is_int(try_password(rig, "clerk", "wrong", "10.0.0.2:1", NULL), SND_E_AUTH,
               "a wrong password");
    tap_is_int(try_password(rig, "nobody-here", "wrong", "10.0.0.2:1", NULL), SND_E_AUTH,
               "an unknown name: the same answer");
    tap_is_int(try_password(rig, "clerk", "", "10.0.0.2:1", NULL), SND_E_AUTH, "an empty password");
    int64_t known = median_of_five(rig, "clerk"), unknown = median_of_five(rig, "unknown");
    tap_note("wrong password %d ms, unknown name %d ms", (int)known, (int)unknown);
    tap_ok(known < 2 * unknown + 20 && unknown < 2 * known + 20, "after the same time");
}

static void limit(const struct rig *rig)
{
    int refused = 0, limited = 0;
    for (int i = 0; i < 8; i++) {
        int err = try_password(rig, "sup", "wrong", "10.0.0.3:5", NULL);
        refused += err == SND_E_AUTH;
        limited += err == SND_E_LIMIT;
    }
    tap_ok(refused == 5 && limited == 3, "five tries, then a pause");
    tap_is_int(try_password(rig, "sup", RIG_PASSWORD, "10.0.0.3:77", NULL), SND_E_LIMIT,
               "for the right password too, from any port");
    tap_is_int(try_password(rig, "sup", RIG_PASSWORD, "10.0.0.4:5", NULL), 0,
               "another address is not held up");
    tap_is_int(try_password(rig, "owner", RIG_PASSWORD, "10.0.0.3:5", NULL), 0,
               "nor another name of that address");
    for (int i = 0; i < 6; i++)
        refused = try_password(rig, "ghost", "wrong", "10.0.0.3:5", NULL);
    tap_is_int(refused, SND_E_LIMIT, "a name that doesn't exist is limited alike");
}

static void keys(const struct rig *rig)
{
    struct book *book = NULL;
    struct book_me me;
    (void)!book_open(rig->socket, &book);
    tap_is_int(book_auth_key(book, "ghost", rig_key("clerk"), "p:1", &me), SND_E_AUTH,
               "an unknown name");
    tap_is_int(book_auth_key(book, "owner", rig_key("clerk"), "p:1", &me), SND_E_AUTH,
               "nobody comes in by another's key");
    tap_is_int(book_auth_key(book, "clerk", rig_key("clerk"), "p:1", &me), 0, "but by the own one");
    book_close(&book);
}

static void disabled(const struct rig *rig)
{
    struct book *runner = rig_login(rig, "runner"), *shell = rig_shell(rig);
    struct book_me me;
    struct book_office office;
    tap_is_int(book_office(runner, &office), 0, "a session at work");
    tap_is_int(book_account_disable(shell, "runner", 1), 0, "its account is disabled");
    tap_is_int(book_office(runner, &office), SND_E_AUTH, "the session has ended");
    tap_is_int(book_office(runner, &office), SND_E_AUTH, "for good");
    tap_is_int(try_password(rig, "runner", RIG_PASSWORD, "10.0.0.5:1", NULL), SND_E_AUTH,
               "nobody comes in by its password");
    book_close(&runner);
    (void)!book_open(rig->socket, &runner);
    tap_is_int(book_auth_key(runner, "runner", rig_key("runner"), "p:1", &me), SND_E_AUTH,
               "or by its key");
    tap_is_int(book_account_disable(shell, "runner", 0), 0, "enabled again");
    tap_is_int(try_password(rig, "runner", RIG_PASSWORD, "10.0.0.5:1", NULL), 0, "it may");
    tap_is_int(book_account_disable(shell, "ghost", 1), SND_E_NOTFOUND, "there is no such account");
    book_close(&runner);
    book_close(&shell);
}

static void one_time(const struct rig *rig)
{
    struct book *shell = rig_shell(rig), *book = NULL;
    struct book_me me;
    struct arena *arena = arena_new();
    struct book_service *services;
    size_t count;
    tap_is_int(book_account_password(shell, "agency", "one time word", 1), 0, "a one-time word");
    (void)!book_open(rig->socket, &book);
    tap_is_int(book_auth_password(book, "agency", "one time word", "10.0.0.6:1", &me), 0,
               "lets somebody in");
    tap_ok(me.must_change, "who must change it");
    tap_is_int(book_service_list(book, arena, &services, &count), SND_E_DENIED,
               "and may do nothing before");
    tap_is_int(book_own_password(book, "not the word", "a new password"), SND_E_AUTH, "wrong word");
    tap_is_int(book_own_password(book, "one time word", "short"), SND_E_INVALID, "too short");
    tap_is_int(book_own_password(book, "one time word", "one time word"), SND_E_INVALID,
               "the same");
    tap_is_int(book_own_password(book, "one time word", "a new password"), 0, "a new password");
    tap_is_int(book_service_list(book, arena, &services, &count), 0, "frees the hands");
    book_close(&book);
    tap_is_int(try_password(rig, "agency", "one time word", "10.0.0.6:1", NULL), SND_E_AUTH,
               "the word is dead");
    tap_is_int(try_password(rig, "agency", "a new password", "10.0.0.6:1", NULL), 0,
               "the password lives");
    book_close(&shell);
    arena_free(&arena);
}

static int raw_ticket(const struct rig *rig, const uint8_t ticket[32])
{
    struct buf frame;
    struct wire answer;
    int fd = rig_connect(rig), status = 0;
    rig_begin(&frame, 9, "auth.ticket", NULL);
    wire_put_bytes(&frame, ticket, 32);
    wire_put_text(&frame, "10.0.0.7:1");
    int err = rig_ask(fd, &frame, &status, &answer);
    close(fd);
    return err ? err : status;
}

/* The place that a login of that account is told. */
static int stands(const struct rig *rig, const char *account, const char *place)
{
    struct book *book = NULL;
    struct book_me me = {0};
    int err = book_open(rig->socket, &book);
    if (!err)
        err = book_auth_key(book, account, rig_key(account), "10.0.0.8:1", &me);
    book_close(&book);
    if (err || strcmp(me.place, place) != 0)
        tap_note("%s: %d [%s]", account, err, me.place);
    return !err && strcmp(me.place, place) == 0;
}

/* Where a session broke off, for that person's next login and nobody else's, sealed in the book. */
static void places(struct rig *rig)
{
    static const char place[] = "REQUESTS\t0\tplace-99012345\n";
    char *most = x_calloc(1, BOOK_PLACE + 1);
    struct book *clerk = rig_login(rig, "clerk");
    memset(most, 'x', BOOK_PLACE);
    tap_ok(stands(rig, "clerk", ""), "nobody stands anywhere at first");
    tap_is_int(book_place(clerk, place), 0, "a place is taken");
    tap_ok(stands(rig, "clerk", place) && stands(rig, "clerk", place),
           "and told at that person's logins");
    tap_ok(stands(rig, "owner", ""), "and at nobody else's");
    tap_ok(book_place(clerk, most) != 0, "one that is too long is refused");
    book_close(&clerk);
    clerk = rig_login(rig, "clerk");
    tap_is_int(book_place(clerk, ""), 0, "nowhere is a place, too");
    tap_ok(stands(rig, "clerk", ""), "and told so");
    tap_is_int(book_place(clerk, place), 0, "again");
    book_close(&clerk);
    rig_end(rig, SIGKILL);
    rig_start(rig);
    tap_ok(stands(rig, "clerk", place), "it outlives a ledger that was killed");
    x_free(&most);
}

static void tickets(struct rig *rig)
{
    uint8_t ticket[32], other[32];
    struct buf frame;
    struct wire answer;
    struct book_office office;
    struct id id = id_new();
    int status = -1, fd = rig_connect(rig);
    struct book *clerk = rig_login(rig, "clerk"), *shell = rig_shell(rig);
    tap_is_int(rig_raw_login(fd, "auditor", ticket), 0, "a session with a ticket");
    close(fd);
    tap_is_int(raw_ticket(rig, ticket), 0, "comes back with it");
    rig_end(rig, SIGKILL);
    rig_start(rig);
    tap_is_int(raw_ticket(rig, ticket), 0, "also after the ledger was killed");
    tap_is_int(book_office(clerk, &office), 0, "a book does so by itself");
    tap_is_int(book_office(shell, &office), 0, "and the command line");
    memcpy(other, ticket, 32);
    other[31] ^= 1;
    tap_is_int(raw_ticket(rig, other), SND_E_AUTH, "a ticket with one bit changed");
    fd = rig_connect(rig);
    (void)!rig_raw_login(fd, "auditor", other);
    rig_begin(&frame, 2, "auth.bye", &id);
    tap_ok(rig_ask(fd, &frame, &status, &answer) == 0 && status == 0, "a good-bye");
    close(fd);
    tap_is_int(raw_ticket(rig, other), SND_E_AUTH, "the ticket of a closed session");
    tap_is_int(book_account_disable(shell, "auditor", 1), 0, "an account disabled");
    tap_is_int(raw_ticket(rig, ticket), SND_E_AUTH, "has no tickets any more");
    book_close(&clerk);
    book_close(&shell);
}

/* The next answer on a raw connection: its status, or SND_E_LOST. */
static int raw_answer(int fd)
{
    static uint8_t in[WIRE_MAX];
    struct wire answer;
    struct pollfd poller = {.fd = fd, .events = POLLIN};
    int got = poll(&poller, 1, 60000) == 1 ? wire_recv(fd, in, sizeof in) : SND_E_TIMEOUT;
    if (got <= 0 || wire_open(&answer, in, (size_t)got) || wire_u8(&answer) != 'A')
        return SND_E_LOST;
    (void)wire_u32(&answer);
    return (int)wire_i64(&answer);
}

/* Two logins of one connection that the ledger finds waiting at once. */
static void twice(const struct rig *rig)
{
    static const char *const who[] = {"clerk", "owner"};
    int fd = rig_connect(rig);
    kill(rig->ledger, SIGSTOP);
    for (int i = 0; i < 2; i++) {
        struct buf frame;
        rig_begin(&frame, (uint32_t)i + 1, "auth.key", NULL);
        wire_put_text(&frame, who[i]);
        wire_put_text(&frame, rig_key(who[i]));
        wire_put_text(&frame, "10.0.0.8:1");
        (void)(wire_end(&frame) || wire_send(fd, &frame));
        buf_free(&frame);
    }
    kill(rig->ledger, SIGCONT);
    tap_is_int(raw_answer(fd), 0, "of two logins sent together the first one counts");
    tap_is_int(raw_answer(fd), SND_E_DENIED, "the second finds somebody there");
    close(fd);
    struct book *book = rig_login(rig, "owner");
    book_close(&book);
}

static void in_earnest(void)
{
    struct rig rig;
    setenv("SANAD_TODAY", "2018-01-14", 1);
    rig_make(&rig, RIG_EARNEST);
    rig_start(&rig);
    struct book *shell = rig_shell(&rig);
    struct book_office office = {0};
    tap_ok(book_office(shell, &office) == 0 && office.today > 20000,
           "an office in earnest has the real day");
    tap_is_int(book_account_password(shell, "clerk", "a lasting one", 0), SND_E_DENIED,
               "and nobody chooses a lasting password for another");
    book_close(&shell);
    rig_remove(&rig);
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    shell = rig_shell(&rig);
    tap_ok(book_office(shell, &office) == 0 && office.today == 17545,
           "a practice office may be given its day");
    book_close(&shell);
    rig_remove(&rig);
    unsetenv("SANAD_TODAY");
}

int main(void)
{
    struct rig rig;
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    passwords(&rig);
    limit(&rig);
    keys(&rig);
    disabled(&rig);
    one_time(&rig);
    twice(&rig);
    tickets(&rig);
    places(&rig);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, NULL), 0, "the book is clean");
    rig_remove(&rig);
    in_earnest();
    return tap_done();
}
