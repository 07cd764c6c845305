/* SPDX-License-Identifier: Apache-2.0
 * Answers of the hub's web server. An error of the ledger's becomes a status here and nowhere else.
 */
#include "base/err.h"
#include "base/mem.h"
#include "sync/hub_priv.h"

void reply_header(struct reply *reply, const char *name, const char *value)
{
    snd_assert(reply->headers < REPLY_HEADERS);
    size_t n = reply->headers++;
    reply->header[n].name = name;
    (void)str_copy(reply->header[n].value, sizeof reply->header[n].value, value);
}

void reply_plain(struct reply *reply, int status, const char *line)
{
    reply->status = status;
    reply->type = "text/plain; charset=utf-8";
    buf_clear(&reply->body);
    buf_printf(&reply->body, "%s\n", line);
}

void reply_error(struct reply *reply, int err)
{
    static const struct {
        int err, status;
    } known[] = {{SND_E_BAD, 400},      {SND_E_AUTH, 401},    {SND_E_DENIED, 403},
                 {SND_E_NOTFOUND, 404}, {SND_E_EXISTS, 409},  {SND_E_CONFLICT, 409},
                 {SND_E_INVALID, 422},  {SND_E_LIMIT, 413},   {SND_E_BUSY, 503},
                 {SND_E_LOST, 503},     {SND_E_TIMEOUT, 503}, {SND_E_FULL, 507},
                 {SND_E_VERSION, 426}};
    int status = 500;
    for (size_t i = 0; i < SND_COUNT(known); i++)
        if (known[i].err == err)
            status = known[i].status;
    reply_plain(reply, status, err_text(err));
    if (status == 503)
        reply_header(reply, "Retry-After", "2");
}
