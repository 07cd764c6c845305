/* SPDX-License-Identifier: Apache-2.0
 * Twelve user names that no client of good will sends, each with a password that is right for the
 * account it resembles.   names PORT PASSWORD
 * Prints "refused N" for each that the server refused; exit status 0 when it refused all. */
#include <libssh/libssh.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONG_NAME 70000

static char long_name[LONG_NAME + 1];
static const char *const names[] = {
    "clerk\n",
    "clerk\033]0;owned\007",
    "clerk\342\200\256",
    "CLERK",
    "clerk ",
    "\330\263\330\247\331\204\331\205",
    "\377\376clerk",
    "' OR 1=1 --",
    "../../etc/passwd",
    "clerk;reboot",
    "",
    long_name,
};

/* 1 when the server said no (or hung up on it), 0 when it let the name in, -1 when it never came
 * to an answer. */
static int try_name(const char *name, const char *port, const char *password)
{
    int off = 0, verdict = -1;
    ssh_session session = ssh_new();
    if (!session)
        return -1;
    if (ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &off) == SSH_OK &&
        ssh_options_set(session, SSH_OPTIONS_HOST, "127.0.0.1") == SSH_OK &&
        ssh_options_set(session, SSH_OPTIONS_PORT_STR, port) == SSH_OK &&
        ssh_options_set(session, SSH_OPTIONS_USER, "nobody") == SSH_OK &&
        ssh_connect(session) == SSH_OK) {
        int rc = ssh_userauth_password(session, name, password);
        verdict = rc == SSH_AUTH_SUCCESS ? 0 : 1;
    } else {
        fprintf(stderr, "# %s\n", ssh_get_error(session));
    }
    ssh_disconnect(session);
    ssh_free(session);
    return verdict;
}

int main(int argc, char **argv)
{
    int bad = 0;
    if (argc != 3)
        return 2;
    memset(long_name, 'a', LONG_NAME);
    ssh_init();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int verdict = try_name(names[i], argv[1], argv[2]);
        printf("%s %zu\n", verdict == 1 ? "refused" : verdict == 0 ? "LET IN" : "no answer", i + 1);
        bad += verdict != 1;
    }
    return bad ? 1 : 0;
}
