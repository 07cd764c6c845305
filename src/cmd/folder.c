/* SPDX-License-Identifier: Apache-2.0
 * The folder of an office that is about to be: whether it may be used, and the files that every
 * office has before there is a book. Files that are there already stay as they are. */
#include "cmd/folder.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/conf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/vault.h"
#include "cmd/cmd.h"
#include "ssh/gate.h"

static int make_folder(const char *path)
{
    char *part = x_strdup(path);
    int err = 0;
    for (char *slash = strchr(part + 1, '/'); slash && !err; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0755) != 0 && errno != EEXIST)
            err = err_from_errno(errno);
        *slash = '/';
    }
    if (!err && mkdir(path, 0700) != 0 && errno != EEXIST)
        err = err_from_errno(errno);
    x_free(&part);
    return err;
}

/* Files of others, made over to the office's users, would be lost to whom they belong. */
int folder_is_free(const char *path, char other[NAME_MAX + 1])
{
    static const char *const ours[] = {".",          "..",      "run",       "sanad.conf",
                                       "host_key",   "keyring", "retention", "pid",
                                       "lost+found", "log",     "ballast"};
    DIR *folder = opendir(path);
    int free = 1;
    for (const struct dirent *entry; folder && free && (entry = readdir(folder)) != NULL;) {
        free = strncmp(entry->d_name, FOLDER_MAKING, strlen(FOLDER_MAKING)) == 0;
        for (size_t i = 0; i < SND_COUNT(ours); i++)
            free = free || strcmp(entry->d_name, ours[i]) == 0;
        if (!free)
            (void)str_copy(other, NAME_MAX + 1, entry->d_name);
    }
    if (folder)
        closedir(folder);
    return free;
}

int folder_make_files(const char *state)
{
    struct conf conf = {0};
    char *run = cmd_path(state, "run"), *path = cmd_path(state, "sanad.conf");
    char *key = cmd_path(state, "host_key"), *ring = cmd_path(state, "keyring");
    int err = make_folder(state);
    if (!err)
        err = make_folder(run);
    if (!err && access(path, F_OK) != 0) {
        conf_default(&conf);
        err = conf_write(path, &conf);
    }
    if (!err)
        err = vault_make(ring);
    if (err == SND_E_EXISTS) /* one that was made ready beforehand */
        err = 0;
    if (!err)
        err = gate_make_key(key);
    conf_free(&conf);
    x_free(&key);
    x_free(&ring);
    x_free(&path);
    x_free(&run);
    return err;
}
