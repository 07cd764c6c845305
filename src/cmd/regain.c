/* SPDX-License-Identifier: Apache-2.0
 * sanad join --restore: an office whose disk is gone gets everything back from its hub. Its own
 * chain comes back event by event into a book that is being made beside; each is hashed again and
 * applied, as when it happened, and each piece is one step of the book's, so whatever ends this
 * goes on where it was. Only a book that is whole gets its name. It then begins a new epoch: should
 * the old disk come back, the hub knows it for a copy.
 *
 * What was sealed with the lost key ring comes sealed with a new one. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sign.h"
#include "base/vault.h"
#include "cmd/cmd.h"
#include "cmd/folder.h"
#include "cmd/join_priv.h"
#include "cmd/keep.h"
#include "cmd/office.h"
#include "store/feed.h"
#include "store/keep.h"

#define BOOK_BACK "office.db.coming-back"
#define HELD_MOST                                                                                  \
    (FEED_RECORD_MAX + (1 << 20) + 4096) /* a record that isn't whole yet, and a piece */

struct regain {
    const char *state, *centre;
    const struct join_typed *typed;
    char *db, *made;
    int lock;
    struct vault *vault;
    struct store *store;
    struct id node;
    struct regain_line *line;
};

static int say_not_written(const struct regain *regain, int err)
{
    return cmd_fail("%s can't be written: %s.", regain->state, err_text(err));
}

/* ---- the folder ---- */

static int take_lock(struct regain *regain)
{
    char *path = cmd_path(regain->state, "pid");
    regain->lock = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    int err = regain->lock < 0                         ? err_from_errno(errno)
              : flock(regain->lock, LOCK_EX | LOCK_NB) ? SND_E_BUSY
                                                       : 0;
    x_free(&path);
    if (err == SND_E_BUSY)
        return cmd_fail("Somebody works in %s already.", regain->state);
    return err ? say_not_written(regain, err) : 0;
}

static int prepare_folder(struct regain *regain)
{
    char other[NAME_MAX + 1] = "";
    if (access(regain->made, F_OK) != 0 && !folder_is_free(regain->state, other))
        return cmd_fail("%s holds other files (%s); choose an empty folder.", regain->state, other);
    int err = folder_make_files(regain->state);
    return err ? say_not_written(regain, err) : take_lock(regain);
}

static void drop_made(const struct regain *regain)
{
    static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < SND_COUNT(tails); i++) {
        char *path = x_printf("%s%s", regain->made, tails[i]);
        unlink(path);
        x_free(&path);
    }
}

/* The book that is being made: the one that was begun, or a new one. */
static int open_made(struct regain *regain)
{
    if (cmd_vault(regain->state, &regain->vault) != 0)
        return 1;
    int err = store_open(regain->made, STORE_ALONE, regain->vault, &regain->store);
    if (err == SND_E_NOTFOUND || err == SND_E_CORRUPT) {
        drop_made(regain);
        err = store_open(regain->made, STORE_CREATE, regain->vault, &regain->store);
    }
    return err ? cmd_fail("The book could not be begun: %s.", err_text(err)) : 0;
}

/* ---- the hub ---- */

/* Has a new certificate for the book that the centre had, and keeps what is needed to ask for it.
 */
static int join_again(struct regain *regain)
{
    uint8_t secret[SIGN_SECRET];
    struct store_line line = {.error = ""};
    struct join_answer answer = {0};
    struct join_ask ask = {
        .url = regain->typed->url, .invite = &regain->typed->invite, .centre = regain->centre};
    sign_new(line.sign_key, secret);
    memcpy(ask.sign_key, line.sign_key, sizeof ask.sign_key);
    enum join_fault fault = join_hub(&ask, &answer);
    int err = 0;
    if (!fault) {
        regain->node = answer.node;
        line.hub = answer.hub;
        err = str_copy(line.url, sizeof line.url, ask.url);
    }
    if (!fault && !err)
        err = join_keep_files(regain->state, &answer);
    if (!fault && !err)
        err = store_line_back(regain->store, &line, &regain->node, secret);
    mem_wipe(secret, sizeof secret);
    join_free(&answer);
    if (fault)
        return cmd_fail("%s", join_sentence(fault));
    return err ? say_not_written(regain, err) : 0;
}

static int same_hub(struct regain *regain)
{
    struct store_line line;
    return store_line_get(regain->store, &line) == 0 && strcmp(line.url, regain->typed->url) == 0 &&
           store_line_node(regain->store, &regain->node) == 0;
}

/* With the certificate of a run that was ended, or a new one. */
static int find_hub(struct regain *regain)
{
    if (same_hub(regain))
        regain->line = regain_line_open(regain->state, regain->typed->url);
    if (regain->line) {
        puts("Going on where it was ended; the invitation is not needed again.");
        return 0;
    }
    if (join_again(regain) != 0)
        return 1;
    regain->line = regain_line_open(regain->state, regain->typed->url);
    return regain->line ? 0 : say_not_written(regain, SND_E_IO);
}

/* ---- events ---- */

static void say_so_far(struct regain *regain)
{
    struct store_head head;
    char when[KEEP_TIME];
    if (store_head_get(regain->store, &head) != 0)
        return;
    keep_time(head.at, when);
    regain_progress(regain->line, "Events are back up to %s: %" PRId64 ".", when, head.seq);
}

/* Into the book with the whole records of what is held. */
static int keep_piece(struct regain *regain, const struct back_piece *piece, struct buf *held,
                      struct book_place *after)
{
    struct store_feed_taking taking = {
        .node = regain->node, .epoch = piece->epoch, .first = piece->first, .run = held->data};
    int64_t last = 0;
    int err = feed_whole(held->data, held->len, &taking.len);
    if (err || piece->last < piece->first)
        return err;
    memcpy(taking.before, piece->before, HASH_SIZE);
    memcpy(taking.head, piece->hash, HASH_SIZE);
    err = store_feed_back(regain->store, &taking, &last);
    if (!err && last != piece->last)
        err = SND_E_BAD;
    buf_drop(held, taking.len);
    *after = (struct book_place){piece->epoch, piece->last};
    return err;
}

static int say_damaged(const struct regain *regain, int err)
{
    if (err == SND_E_FULL || err == SND_E_IO)
        return say_not_written(regain, err);
    return cmd_fail(
        "What the hub gives back is not this office's chain (%s); it was not taken. Tell "
        "the hub's people.",
        err_text(err));
}

static int bring_events(struct regain *regain)
{
    struct store_feed_head head;
    struct back_piece piece = {.more = 1};
    struct buf held = BUF_INIT(HELD_MOST);
    int status = 0, err = store_feed_head(regain->store, &regain->node, &head);
    struct book_place after = {head.at.epoch, head.at.seq};
    while (!err && !status && (piece.more || held.len > 0)) {
        size_t had = held.len;
        enum back_came came =
            back_events(regain_line_back(regain->line), &after, (int64_t)held.len, &held, &piece);
        status = !regain_line_again(regain->line, came);
        if (!status && came == BACK_CAME && held.len == had && piece.more)
            err = SND_E_BAD; /* it would never end */
        else if (!status && came == BACK_CAME) {
            err = keep_piece(regain, &piece, &held, &after);
            say_so_far(regain);
        }
    }
    buf_free(&held);
    return err ? say_damaged(regain, err) : status;
}

/* ---- in place ---- */

/* The seconds of the clock make an epoch that no other copy of this book shares. */
static int64_t new_epoch(const struct store_head *head)
{
    int64_t now = clock_utc_ms() / 1000;
    return now > head->epoch && now <= UINT32_MAX ? now : head->epoch + 1;
}

static int judge(struct regain *regain)
{
    struct store_check check;
    struct arena *arena = arena_new();
    int err = store_verify(regain->store, arena, &check);
    for (size_t i = 0; !err && i < check.findings; i++)
        fprintf(stderr, "%s\n", check.finding[i]);
    if (!err && check.findings > 0)
        err = SND_E_CORRUPT;
    arena_free(&arena);
    return err;
}

static int begin_again(struct regain *regain, struct store_head *head)
{
    struct store_actor actor;
    struct store_office office;
    int err = store_head_get(regain->store, head);
    if (!err)
        err = store_office_get(regain->store, &office);
    if (!err && strcmp(office.centre, regain->centre) != 0)
        err = SND_E_BAD;
    if (!err)
        err = judge(regain);
    if (!err && head->epoch != (int64_t)office.epoch)
        err = SND_E_BAD;
    if (!err) {
        keep_actor(office.centre, &actor);
        err = store_feed_returned(regain->store, new_epoch(head), &actor);
    }
    store_close(&regain->store);
    return err ? say_damaged(regain, err) : 0;
}

/* Run by root, the book and its keys are the ledger's. */
static int give_to_ledger(const struct regain *regain)
{
    const struct passwd *user = geteuid() == 0 ? getpwnam(OFFICE_LEDGER_USER) : NULL;
    char *ring = cmd_path(regain->state, "keyring"), *run = cmd_path(regain->state, "run");
    const char *const paths[] = {regain->state, run, ring, regain->made};
    int err = 0;
    for (size_t i = 0; user && !err && i < SND_COUNT(paths); i++)
        if (chown(paths[i], user->pw_uid, user->pw_gid) != 0)
            err = err_from_errno(errno);
    x_free(&run);
    x_free(&ring);
    return err;
}

static int put_in_place(const struct regain *regain)
{
    char *conf = cmd_path(regain->state, "sanad.conf");
    int err = give_to_ledger(regain);
    if (!err)
        err = conf_set(conf, "hub_url", regain->typed->url);
    if (!err && rename(regain->made, regain->db) != 0)
        err = err_from_errno(errno);
    if (!err)
        err = proc_sync_folder(regain->db);
    x_free(&conf);
    return err ? say_not_written(regain, err) : 0;
}

static int bring_book(struct regain *regain)
{
    struct store_head head;
    char when[KEEP_TIME];
    int status = prepare_folder(regain);
    if (!status)
        status = open_made(regain);
    if (!status)
        status = find_hub(regain);
    if (!status)
        status = bring_events(regain);
    if (!status)
        status = begin_again(regain, &head);
    if (!status)
        status = put_in_place(regain);
    proc_close(&regain->lock);
    if (status)
        return status;
    keep_time(head.at, when);
    printf("\nThe office %s is back as its hub knew it on %s: %" PRId64 " events, %" PRId64
           " requests.\n",
           regain->centre, when, head.seq, head.requests);
    return 0;
}

int join_regain(const char *state, const char *centre, const struct join_typed *typed)
{
    struct regain regain = {.state = state, .centre = centre, .typed = typed, .lock = -1};
    if (!store_centre_ok(centre))
        return cmd_fail("Write the centre's code as in DA01-003.");
    regain.db = cmd_path(state, "office.db");
    regain.made = cmd_path(state, BOOK_BACK);
    int there = access(regain.db, F_OK) == 0;
    if (there)
        regain.line = regain_line_open(state, typed->url);
    int status = there ? 0 : bring_book(&regain);
    if (!status && !regain.line)
        status = cmd_fail("There is an office in %s already; it was not touched.", state);
    if (!status)
        status = regain_rest(state, regain.line);
    regain_line_close(&regain.line);
    store_close(&regain.store);
    vault_free(&regain.vault);
    x_free(&regain.made);
    x_free(&regain.db);
    return status;
}
