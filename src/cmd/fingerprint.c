/* SPDX-License-Identifier: Apache-2.0
 * sanad fingerprint: what a clerk compares with the first time a client asks whether to trust the
 * server. Needs no ledger: the key is a file of the state folder. */
#include <stdio.h>
#include "base/err.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "ssh/gate.h"

int cmd_fingerprint(int argc, char **argv)
{
    const char *state = cmd_state(&argc, argv);
    char text[64];
    if (argc != 1)
        return cmd_usage("fingerprint");
    char *path = cmd_path(state, "host_key");
    int err = gate_fingerprint(path, text);
    x_free(&path);
    if (err)
        return cmd_fail("The host key of %s could not be read: %s.", state, err_text(err));
    puts(text);
    return 0;
}
