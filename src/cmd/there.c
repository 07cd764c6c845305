/* SPDX-License-Identifier: Apache-2.0
 * Is there an office that this program and this person can work with? Everything that begins with
 * an existing office asks this first, so that what is wrong is said in one sentence and not by a
 * process that could not start. */
#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "store/keep.h"

/* Whose the folder is, for a sentence. */
static int say_not_yours(const char *state)
{
    struct stat st;
    struct passwd *owner = stat(state, &st) == 0 ? getpwuid(st.st_uid) : NULL;
    if (owner)
        return cmd_fail("Only %s and root may open the office in %s: try with sudo.",
                        owner->pw_name, state);
    return cmd_fail("You may not open the office in %s: try with sudo.", state);
}

/* A book of a newer program must not be touched. What else is wrong with it is the ledger's matter.
 */
static int judge_version(const char *state, const char *db)
{
    int64_t in_file, ours;
    if (store_version(db, &in_file, &ours) == 0 && in_file > ours) {
        cmd_fail("The office in %s was made by a newer sanad; install that one.", state);
        return SND_E_VERSION;
    }
    return 0;
}

int cmd_there(const char *state)
{
    char *db = cmd_path(state, "office.db");
    int err = 0;
    if (access(db, R_OK | W_OK) == 0) {
        err = judge_version(state, db);
    } else if (errno == EACCES) {
        say_not_yours(state);
        err = SND_E_DENIED;
    } else if (errno == EROFS) {
        cmd_fail("%s lies on a disk that can't be written.", state);
        err = SND_E_IO;
    } else {
        cmd_fail("There is no office in %s; sanad init makes one.", state);
        err = SND_E_NOTFOUND;
    }
    x_free(&db);
    return err;
}
