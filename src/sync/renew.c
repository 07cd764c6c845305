/* SPDX-License-Identifier: Apache-2.0
 * A centre's next certificate, of the same key: so that one file changes, at once, and there is
 * never a certificate beside another's key. Both are good until the hub has seen the next one used.
 * What the hub gives is judged as a hub's is, and must name the same book and centre. */
#include "sync/renew_priv.h"
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"

#define BEFORE_MS (60LL * 86400000)

int renew_due(const struct cert_pair *own, int64_t now)
{
    struct cert_facts facts;
    return cert_read(own->cert, strlen(own->cert), &facts) == 0 && facts.until - now < BEFORE_MS;
}

/* It must be what was asked for, and not what there is. */
static int judge(const char *next, const struct centre_args *args)
{
    struct cert_facts now, then;
    struct cert_pair pair = {x_strdup(next), x_strdup(args->own->key)};
    int err =
        cert_check(next, strlen(next), args->authority, CERT_NODE, NULL, clock_utc_ms(), NULL);
    if (!err)
        err = cert_read(next, strlen(next), &then);
    if (!err)
        err = cert_read(args->own->cert, strlen(args->own->cert), &now);
    if (!err && (!cert_key_fits(&pair) || strcmp(now.name, then.name) != 0 ||
                 strcmp(now.unit, then.unit) != 0 || then.until < now.until))
        err = SND_E_BAD;
    cert_pair_free(&pair);
    return err;
}

static int put(const char *next, const struct centre_args *args)
{
    char *path = x_printf("%s/node.crt", args->folder);
    int err = proc_write_file(path, next, strlen(next), 0600);
    x_free(&path);
    if (!err) {
        x_free(&args->own->cert);
        args->own->cert = x_strdup(next);
    }
    return err;
}

void renew_certificate(struct carrier *carrier, const struct centre_args *args)
{
    struct buf request = BUF_INIT(CERT_MAX), answer = BUF_INIT(CERT_MAX);
    struct carried carried = {.trouble = TROUBLE_NONE};
    char *text = NULL;
    int err = cert_ask_again(args->own->key, &text);
    if (!err) {
        buf_puts(&request, text);
        carrier_send(carrier, "POST", "/v1/renew", NULL, &request, &answer, &carried);
        err = carried.trouble || carried.status != 200 ? SND_E_LOST : 0;
    }
    if (!err)
        err = judge(buf_text(&answer), args);
    if (!err)
        err = put(buf_text(&answer), args);
    if (err)
        log_warn("sync.not_renewed", "why=%s status=%d", err_text(err), carried.status);
    else
        log_info("sync.renewed", "bytes=%d", (int)answer.len);
    x_free(&text);
    buf_free(&request);
    buf_free(&answer);
}
