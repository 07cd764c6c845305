/* SPDX-License-Identifier: Apache-2.0
 * Where an office's key ring is, and whether it may begin without one. A book that was ever sealed
 * is never given new keys: they would open nothing, and what it holds would be sealed with two
 * rings. One from before there were keys gets its ring here, and is sealed when it is opened. */
#include <string.h>
#include <unistd.h>
#include "base/conf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/vault.h"
#include "cmd/cmd.h"
#include "store/store.h"

char *cmd_keyring(const char *state, const struct conf *conf)
{
    return conf->keyring[0] ? x_strdup(conf->keyring) : cmd_path(state, "keyring");
}

int cmd_keyring_of(const char *state, char **out)
{
    char error[256];
    struct conf conf = {0};
    char *path = cmd_path(state, "sanad.conf");
    int err = conf_read(path, &conf, error, sizeof error);
    x_free(&path);
    if (err == SND_E_NOTFOUND)
        *out = cmd_path(state, "keyring");
    else if (!err)
        *out = cmd_keyring(state, &conf);
    conf_free(&conf);
    if (err && err != SND_E_NOTFOUND) {
        cmd_fail("%s", error);
        return err;
    }
    return 0;
}

int cmd_vault(const char *state, struct vault **out)
{
    char *path = NULL;
    int err = cmd_keyring_of(state, &path);
    if (err)
        return err;
    err = vault_load(path, out);
    if (err == SND_E_NOTFOUND)
        cmd_fail("The key ring %s is missing; put its copy there first.", path);
    else if (err)
        cmd_fail("The key ring %s could not be read: %s.", path, err_text(err));
    x_free(&path);
    return err;
}

int cmd_keyring_ready(const char *db, const char *keyring)
{
    struct vault *vault = NULL;
    int sealed = 1, err = vault_load(keyring, &vault);
    vault_free(&vault);
    if (err == SND_E_BAD)
        return cmd_fail("The key ring %s is damaged; put its copy back in its place.", keyring);
    if (err && err != SND_E_NOTFOUND)
        return cmd_fail("The key ring %s could not be read: %s.", keyring, err_text(err));
    if (!err)
        return 0;
    err = store_is_sealed(db, &sealed);
    if (err)
        return cmd_fail("The book %s could not be opened: %s.", db, err_text(err));
    if (sealed)
        return cmd_fail(
            "The key ring %s is missing, and without it the book can't be read; put its "
            "copy back in its place.",
            keyring);
    err = vault_make(keyring);
    return err ? cmd_fail("The key ring %s could not be made: %s.", keyring, err_text(err)) : 0;
}
