/* SPDX-License-Identifier: Apache-2.0
 * sanad init: makes an office where there is none. The state folder is the owner's alone; the
 * database and the first administrator are made directly in the store, before any ledger can run
 * over it; the forms then go in through a ledger like everything after them. The one-time word
 * stands nowhere but on the screen of whoever ran it. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/ctl.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/secret.h"
#include "base/vault.h"
#include "cmd/cmd.h"
#include "cmd/keep.h"
#include "cmd/folder.h"
#include "cmd/import.h"
#include "cmd/load.h"
#include "store/store.h"

struct init {
    const char *state;
    const char *admin;      /* account name of the first administrator */
    const char *admin_name; /* the person's name */
    struct store_office office;
    char word[SECRET_WORD]; /* its one-time word */
};

/* DA01-003: two letters and two digits for the wilayat, three digits for the centre. */
static int centre_ok(const char *code)
{
    static const char pattern[] = "AA00-000";
    if (strlen(code) != strlen(pattern))
        return 0;
    for (size_t i = 0; pattern[i]; i++) {
        unsigned char c = (unsigned char)code[i];
        int fits = pattern[i] == 'A'   ? c >= 'A' && c <= 'Z'
                   : pattern[i] == '0' ? isdigit(c) != 0
                                       : c == (unsigned char)pattern[i];
        if (!fits)
            return 0;
    }
    return 1;
}

/* The office and its administrator in one transaction: there is no office without somebody who can
 * log in. */
static int make_book(struct init *init, const char *db)
{
    struct vault *vault = NULL;
    struct store *store = NULL;
    struct store_actor actor;
    char *ring = cmd_path(init->state, "keyring");
    struct store_account admin = {.role = "admin", .lang = "ar", .one_time = 1};
    (void)str_copy(admin.account, sizeof admin.account, init->admin);
    (void)str_copy(admin.name, sizeof admin.name, init->admin_name);
    secret_word(init->word);
    keep_actor(init->office.centre, &actor);
    admin.secret_at = actor.at;
    int err = secret_hash(init->word, admin.secret);
    if (!err)
        err = vault_load(ring, &vault);
    if (!err)
        err = store_open(db, STORE_CREATE, vault, &store);
    if (!err)
        err = store_batch_begin(store);
    if (err)
        goto out;
    err = store_office_make(store, &init->office, &actor);
    if (!err)
        err = store_account_add(store, &admin, &actor);
    if (err)
        store_batch_rollback(store);
    else
        err = store_batch_commit(store);
out:
    store_close(&store);
    vault_free(&vault);
    x_free(&ring);
    mem_wipe(admin.secret, sizeof admin.secret);
    return err;
}

/* The book has its name only when it is whole: whatever ends the making in the middle, there is no
 * office yet and init can be run again. */
static int make_whole_book(struct init *init, const char *db)
{
    static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
    char *making = cmd_path(init->state, FOLDER_MAKING);
    for (size_t i = 0; i < SND_COUNT(tails); i++) {
        char *old = x_printf("%s%s", making, tails[i]);
        unlink(old);
        x_free(&old);
    }
    int err = make_book(init, making);
    if (!err && rename(making, db) != 0)
        err = err_from_errno(errno);
    if (!err)
        err = proc_sync_folder(db);
    x_free(&making);
    return err;
}

static int load_forms(const char *state)
{
    struct book *book = NULL;
    char *folder = cmd_path(cmd_datadir(), "screens");
    size_t entries = 0;
    int added = 0, err = cmd_book_open(state, &book);
    if (!err) {
        err = load_folder(book, folder, &added);
        if (!err)
            err = import_first_register(book, &entries);
        cmd_book_close(&book);
    }
    if (!err)
        printf("%d forms were loaded from %s.\n", added, folder);
    else
        cmd_fail(
            "The office in %s is not whole: put right what is said above, remove that folder and "
            "begin again.",
            state);
    x_free(&folder);
    return err;
}

static int init_office(struct init *init)
{
    char *db = cmd_path(init->state, "office.db"), *forms = cmd_path(cmd_datadir(), "screens");
    char other[NAME_MAX + 1] = "";
    int status = 1, err = 0;
    if (access(db, F_OK) == 0) {
        cmd_fail("There is an office in %s already; it was not touched.", init->state);
        goto out;
    }
    if (!folder_is_free(init->state, other)) {
        cmd_fail("%s holds other files (%s); choose an empty folder.", init->state, other);
        goto out;
    }
    if (!load_any(forms)) {
        cmd_fail("There are no forms in %s; install the program with make install.", forms);
        goto out;
    }
    err = folder_make_files(init->state);
    if (!err)
        err = make_whole_book(init, db);
    if (err) {
        cmd_fail("The office could not be made in %s: %s.", init->state, err_text(err));
        goto out;
    }
    printf("The office %s was made in %s.\n", init->office.centre, init->state);
    status = load_forms(init->state) != 0;
    if (status == 0)
        printf("Log in once as %s with the word %s and choose a password.\n", init->admin,
               init->word);
out:
    mem_wipe(init->word, sizeof init->word);
    x_free(&forms);
    x_free(&db);
    return status;
}

int cmd_init(int argc, char **argv)
{
    struct init init = {.state = cmd_state(&argc, argv)};
    const char *centre = cmd_option(&argc, argv, "centre"), *name = cmd_option(&argc, argv, "name");
    init.admin = cmd_option(&argc, argv, "admin");
    init.admin_name = cmd_option(&argc, argv, "admin-name");
    if (cmd_flag(&argc, argv, "practice"))
        init.office.practice = OFFICE_PRACTICE;
    if (cmd_flag(&argc, argv, "demonstration"))
        init.office.practice = OFFICE_DEMONSTRATION;
    if (!init.admin)
        init.admin = "admin";
    if (!init.admin_name)
        init.admin_name = init.admin;
    if (argc != 1 || !centre || !name)
        return cmd_usage("init");
    if (!centre_ok(centre))
        return cmd_fail("Write the centre's code as in DA01-003.");
    if (!ctl_name_ok(init.admin))
        return cmd_fail("Write the administrator's name with 1 to 32 of a-z 0-9 . _ -");
    if (!*name || str_copy(init.office.centre_name, sizeof init.office.centre_name, name) != 0)
        return cmd_fail("Write the centre's name with at most 255 bytes.");
    init.office.node = id_new();
    init.office.epoch = 1;
    (void)str_copy(init.office.centre, sizeof init.office.centre, centre);
    (void)str_format(init.office.wilayat, sizeof init.office.wilayat, "%.4s", centre);
    return init_office(&init);
}
