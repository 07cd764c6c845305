/* SPDX-License-Identifier: Apache-2.0
 * write DIR [CA.CRT CA.KEY]: every forged certificate as files NAME.crt (with what goes with it)
 * and NAME.key, for the tests that show them to real servers and clients; ca.crt and ca.key are our
 * authority, NAME.ca is the one that the other side believes in and NAME.invite an invitation of
 * its hub. Prints name, use and good, one a line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/invite.h"
#include "base/mem.h"
#include "base/proc.h"
#include "tests/forge/forge.h"

static void put(const char *folder, const char *name, const char *tail, const char *a,
                const char *b)
{
    char *path = x_printf("%s/%s.%s", folder, name, tail), *all = x_printf("%s%s", a, b ? b : "");
    if (proc_write_file(path, all, strlen(all), 0600))
        exit(1);
    x_free(&all);
    x_free(&path);
}

/* An invitation of the hub whose authority that is. */
static void put_invitation(const char *folder, const char *name, const char *authority)
{
    struct cert_facts facts;
    struct invite invite;
    char text[INVITE_TEXT];
    if (cert_read(authority, strlen(authority), &facts))
        exit(1);
    invite_make(facts.fingerprint, &invite);
    invite_text(&invite, text);
    put(folder, name, "invite", text, NULL);
}

int main(int argc, char **argv)
{
    static const char *const uses[] = {"ca", "hub", "node"};
    struct cert_pair ca;
    struct forged *list;
    if (argc != 2 && argc != 4)
        return 2;
    struct cert_pair under = {0};
    size_t len;
    if (argc == 4 && (proc_read_file(argv[2], CERT_MAX, &under.cert, &len) ||
                      proc_read_file(argv[3], CERT_MAX, &under.key, &len)))
        return 1;
    size_t count = forge_all(clock_utc_ms(), argc == 4 ? &under : NULL, &ca, &list);
    put(argv[1], "ca", "crt", ca.cert, NULL);
    put(argv[1], "ca", "key", ca.key, NULL);
    for (size_t i = 0; i < count; i++) {
        put(argv[1], list[i].name, "crt", list[i].pair.cert, list[i].chain);
        put(argv[1], list[i].name, "key", list[i].pair.key, NULL);
        put(argv[1], list[i].name, "ca", list[i].anchor ? list[i].anchor : ca.cert, NULL);
        put_invitation(argv[1], list[i].name, list[i].anchor ? list[i].anchor : ca.cert);
        printf("%s\t%s\t%d\n", list[i].name, uses[list[i].as], list[i].good);
    }
    forge_free(&list, count);
    cert_pair_free(&ca);
    cert_pair_free(&under);
    return 0;
}
