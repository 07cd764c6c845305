/* SPDX-License-Identifier: Apache-2.0
 * An office that is back from its hub: its documents, which anybody may go on bringing (the line
 * does too, once the office is served), and what a person must know of what can't come back. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "book/feed.h"
#include "cmd/cmd.h"
#include "cmd/join_priv.h"
#include "ssh/gate.h"

/* ---- documents ---- */

static int lacking(struct book *book, int64_t *total)
{
    struct book_blob *list;
    size_t count;
    struct arena *arena = arena_new();
    int err = book_blob_missing(book, 1, arena, &list, &count, total);
    arena_free(&arena);
    return err;
}

/* 1: all that the hub has are here. */
static int bring_all(struct book *book, struct regain_line *line)
{
    int64_t left = 0;
    for (int did = 1; did;) {
        if (lacking(book, &left) || left == 0)
            return left == 0;
        regain_progress(line, "Documents still to come: %" PRId64 ".", left);
        enum back_came came = back_document(regain_line_back(line), book, &did);
        if (!regain_line_again(line, came))
            return 0;
        did |= came != BACK_CAME;
    }
    return 1;
}

static int bring_documents(const char *state, struct regain_line *line)
{
    struct book *book = NULL;
    struct book_me me;
    int64_t before = 0, left = 0;
    if (cmd_book_connect(state, &book) != 0)
        return 1;
    int err = book_auth_part(book, "sync", &me);
    if (!err)
        err = lacking(book, &before);
    int all = err || before == 0 || bring_all(book, line);
    if (!err)
        err = lacking(book, &left);
    cmd_book_close(&book);
    if (err)
        return cmd_fail("The documents could not be asked for: %s.", err_text(err));
    printf("%" PRId64 " documents are back.\n", before - left);
    if (left > 0 && !all)
        printf("%" PRId64
               " are still to come: they do, as the line allows, when the office is served.\n",
               left);
    else if (left > 0)
        printf("%" PRId64
               " had not reached the hub whole: sanad fsck counts them. Ask the people for "
               "them again where a request waits for one.\n",
               left);
    return 0;
}

/* ---- what is not back ---- */

/* Accounts come back with their passwords and keys; codes by time lay on the lost disk alone. */
static int say_accounts(struct book *book)
{
    struct book_office office;
    struct book_account *list;
    size_t count = 0;
    struct arena *arena = arena_new();
    int said = 0, err = book_office(book, &office);
    if (!err)
        err = book_account_list(book, arena, &list, &count);
    if (!err)
        printf("Accounts: %zu, each with the password and the keys that it had.\n", count);
    for (size_t i = 0; !err && i < count; i++) {
        if (list[i].disabled || !role_needs_code(list[i].role) || list[i].totp ||
            office.practice == OFFICE_DEMONSTRATION)
            continue;
        if (!said++)
            puts("At the next log-in these are shown a new code by time, to be set up again:");
        printf("  %s  %s\n", list[i].account, list[i].name);
    }
    arena_free(&arena);
    return err;
}

static void say_host_key(const char *state)
{
    char *path = cmd_path(state, "host_key"), print[64];
    if (gate_fingerprint(path, print) == 0)
        printf("The server's key is a new one, %s: tell the clerks, whose programs will warn of it "
               "once.\n",
               print);
    x_free(&path);
}

int regain_rest(const char *state, struct regain_line *line)
{
    struct book *book = NULL;
    int status = bring_documents(state, line);
    if (status)
        return status;
    if (cmd_book_open(state, &book) != 0)
        return 1;
    int err = say_accounts(book);
    cmd_book_close(&book);
    if (err)
        return cmd_fail("The office could not be asked: %s.", err_text(err));
    say_host_key(state);
    puts("Not back: what had not reached the hub, drafts, and documents that nobody had attached.");
    puts("Look over sanad.conf, which is a new one; then serve the office.");
    return 0;
}
