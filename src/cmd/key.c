/* SPDX-License-Identifier: Apache-2.0
 * sanad key: the keys that seal what citizens say. Changing them goes on while people work, in
 * small steps; stopped anywhere, the same command goes on with it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "cmd/cmd.h"

static int failed(int err)
{
    if (err == SND_E_DENIED || err == SND_E_IO)
        return cmd_fail("The key ring could not be written by the office: it must lie in the state "
                        "folder while keys are changed.");
    return cmd_fail("The keys could not be changed: %s; run the same command again to go on.",
                    err_text(err));
}

static int key_list(struct book *book, int argc, char **argv)
{
    struct book_seal_key key[BOOK_KEYS];
    size_t count = 0;
    (void)argv;
    if (argc != 1)
        return cmd_usage("key");
    int err = book_key_list(book, key, &count);
    if (err)
        return cmd_fail("The keys could not be counted: %s.", err_text(err));
    for (size_t i = 0; i < count; i++)
        printf("%" PRIu32 "\t%" PRId64 "\t%s\n", key[i].number, key[i].rows,
               !key[i].known    ? "missing"
               : key[i].current ? "current"
                                : "old");
    return 0;
}

/* Walks the whole book until a walk finds nothing of an older key. */
static int seal_all(struct book *book, int64_t *sealed)
{
    int64_t found;
    int err = 0;
    *sealed = 0;
    do {
        struct book_key_place place = {.more = 1};
        found = 0;
        while (!err && place.more) {
            int64_t now = 0;
            err = book_key_reseal(book, &place, &now);
            found += now;
        }
        *sealed += found;
    } while (!err && found > 0);
    return err;
}

static int key_rotate(struct book *book, int argc, char **argv)
{
    uint32_t number = 0, dropped = 0;
    int64_t sealed = 0;
    int going_on = 0;
    (void)argv;
    if (argc != 1)
        return cmd_usage("key");
    int err = book_key_add(book, &number, &going_on);
    if (err)
        return failed(err);
    printf(going_on ? "Key %" PRIu32 " was added before; going on.\n"
                    : "Key %" PRIu32 " seals everything from now on.\n",
           number);
    fflush(stdout);
    err = seal_all(book, &sealed);
    if (!err)
        err = book_key_drop(book, &dropped);
    if (err)
        return failed(err);
    printf("%" PRId64 " values were sealed anew and %" PRIu32 " old keys are gone.\n", sealed,
           dropped);
    puts("Backups from before need the key ring from before: keep its copy as long as them, and "
         "make a copy of the new one now.");
    return 0;
}

static const struct cmd_verb verbs[] = {{"list", key_list}, {"rotate", key_rotate}};

int cmd_key(int argc, char **argv)
{
    return cmd_verb_run("key", verbs, SND_COUNT(verbs), argc, argv);
}
