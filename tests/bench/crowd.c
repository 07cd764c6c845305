/* SPDX-License-Identifier: Apache-2.0
 * All centres of a nation come back in the same second, after the hub was away:
 *     crowd STATE REQUESTS URL TOLD SECONDS LINGER
 * STATE is the hub's folder, which nobody may be serving when this begins. Each line of REQUESTS
 * (as sync_requests.py prints them with centres) is made at its centre, in a real book; then "made"
 * is printed and a line read. Whoever writes it has started the hub at URL by then. */
#include "tests/bench/crowd.h"
#include <stdio.h>
#include <stdlib.h>
#include "base/err.h"
#include "base/log.h"
#include "base/num.h"

void crowd_stop(const char *what, int err)
{
    fprintf(stderr, "crowd: %s: %s\n", what, err_text(err));
    exit(1);
}

int main(int argc, char **argv)
{
    struct crowd crowd = {0};
    int64_t most, linger;
    char line[16];
    log_open("crowd", LOG_LEVEL_ERROR);
    if (argc != 7 || num_parse(argv[5], 1, 3600, &most) || num_parse(argv[6], 0, 3600, &linger)) {
        fputs("usage: crowd STATE REQUESTS URL TOLD SECONDS LINGER\n", stderr);
        return 2;
    }
    crowd_make(&crowd, argv[1], argv[2]);
    printf("made\n");
    fflush(stdout);
    if (!fgets(line, sizeof line, stdin))
        crowd_stop("nobody said go", SND_E_LOST);
    int status = crowd_play(&crowd, argv[3], argv[4], most, linger);
    crowd_free(&crowd);
    return status;
}
