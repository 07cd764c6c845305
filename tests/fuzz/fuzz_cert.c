/* SPDX-License-Identifier: Apache-2.0
 * Certificates and requests for one, as a stranger may send them, and invitations as typed. The
 * first byte says which: R a request, C a certificate, I an invitation. */
#include <stdlib.h>
#include <string.h>
#include "base/cert.h"
#include "base/err.h"
#include "base/invite.h"
#include "base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW 1797000000000LL
static struct cert_pair ca;

static void tidy(void)
{
    cert_pair_free(&ca);
}

static void request(const char *bytes, size_t len)
{
    char *cert = NULL;
    if (cert_issue_node(&ca, bytes, len, "0123", "DA01-003", NOW, &cert) == 0 &&
        cert_check(cert, strlen(cert), ca.cert, CERT_NODE, NULL, NOW, NULL))
        abort(); /* what is issued must be good */
    x_free(&cert);
}

static void certificate(const char *bytes, size_t len)
{
    struct cert_facts facts;
    (void)!cert_read(bytes, len, &facts);
    for (int use = CERT_CA; use <= CERT_NODE; use++)
        if (cert_check(bytes, len, ca.cert, (enum cert_use)use, "hub.test", NOW, NULL) == 0)
            abort(); /* this authority has signed nothing but requests */
}

static void invitation(const char *bytes, size_t len)
{
    struct invite invite;
    char *typed = x_strndup(bytes, len), text[INVITE_TEXT];
    int group;
    if (invite_read(typed, &invite, &group) == 0) {
        struct invite again;
        invite_text(&invite, text);
        if (invite_read(text, &again, &group) || strcmp(again.secret, invite.secret) != 0)
            abort();
    }
    x_free(&typed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!ca.cert) {
        if (cert_make_ca("Fuzz", NOW, &ca))
            abort();
        atexit(tidy);
    }
    const char *rest = (const char *)data + 1;
    if (size > 1 && data[0] == 'R')
        request(rest, size - 1);
    else if (size > 1 && data[0] == 'C')
        certificate(rest, size - 1);
    else if (size > 1 && data[0] == 'I')
        invitation(rest, size - 1);
    return 0;
}
