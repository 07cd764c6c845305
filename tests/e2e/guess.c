/* SPDX-License-Identifier: Apache-2.0
 * Guesses passwords as an outsider would, over real connections.
 *     guess PORT many NAME ADDRESS COUNT
 *         wrong passwords for one name from one address: prints "refused N let-in M"
 *     guess PORT code NAME ADDRESS COUNT
 *         the same with one-time codes, well formed and wrong
 *     guess PORT oracle NAME OTHER NOBODY COUNT
 *         how long "no" takes for a name, for one that nobody has, and for another that somebody
 * has, each try from an address of its own: prints "known MS unknown MS apart MS noise MS" of the
 *         fastest of each, which other work on the machine spoils least; noise: between the two
 * that somebody has Exit status 0 when nobody was let in. */
#include <libssh/libssh.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/code.h"

#define TRIES_A_CONNECTION 5

static const char *port;

static ssh_session reach(const char *name, const char *address)
{
    int off = 0;
    ssh_session session = ssh_new();
    if (session && ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &off) == SSH_OK &&
        ssh_options_set(session, SSH_OPTIONS_HOST, "127.0.0.1") == SSH_OK &&
        ssh_options_set(session, SSH_OPTIONS_BINDADDR, address) == SSH_OK &&
        ssh_options_set(session, SSH_OPTIONS_PORT_STR, port) == SSH_OK &&
        ssh_options_set(session, SSH_OPTIONS_USER, name) == SSH_OK &&
        ssh_connect(session) == SSH_OK)
        return session;
    fprintf(stderr, "# %s\n", ssh_get_error(session));
    ssh_free(session);
    return NULL;
}

static void leave(ssh_session session)
{
    ssh_disconnect(session);
    ssh_free(session);
}

static int many(const char *name, const char *address, int count, int codes)
{
    int refused = 0, let_in = 0;
    while (refused + let_in < count) {
        ssh_session session = reach(name, address);
        if (!session)
            return 2;
        for (int i = 0; i < TRIES_A_CONNECTION && refused + let_in < count; i++) {
            char word[CODE_TEXT] = "a-wrong-one";
            if (codes)
                code_make(word);
            if (ssh_userauth_password(session, NULL, word) != SSH_AUTH_SUCCESS)
                refused++;
            else
                let_in++;
        }
        leave(session);
    }
    printf("refused %d let-in %d\n", refused, let_in);
    return let_in != 0;
}

/* Milliseconds of one refusal; -1 = it was none. */
static long long one_no(const char *name, int n)
{
    char address[32];
    snprintf(address, sizeof address, "127.1.%d.%d", n / 200, n % 200 + 1);
    ssh_session session = reach(name, address);
    if (!session)
        return -1;
    int64_t begin = clock_mono_ms();
    int said = ssh_userauth_password(session, NULL, "a-wrong-one");
    int64_t took = clock_mono_ms() - begin;
    leave(session);
    return said == SSH_AUTH_SUCCESS ? -1 : took;
}

static int oracle(const char *const name[3], int rounds)
{
    long long best[3] = {LLONG_MAX, LLONG_MAX, LLONG_MAX};
    for (int i = 0; i < rounds; i++)
        for (int k = 0; k < 3; k++) { /* each comes first now and then */
            int which = (i + k) % 3;
            long long took = one_no(name[which], 3 * i + k);
            if (took < 0)
                return 1;
            if (took < best[which])
                best[which] = took;
        }
    printf("known %lld unknown %lld apart %lld noise %lld\n", best[0], best[2],
           llabs(best[0] - best[2]), llabs(best[0] - best[1]));
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 6)
        return 2;
    port = argv[1];
    ssh_init();
    if (argc == 7)
        return oracle((const char *const *)argv + 3, (int)strtol(argv[6], NULL, 10));
    return many(argv[3], argv[4], (int)strtol(argv[5], NULL, 10), strcmp(argv[2], "code") == 0);
}
