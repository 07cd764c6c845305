/* SPDX-License-Identifier: Apache-2.0
 * Whether a service may be begun: its form's dates, seasons and area for the centre on the business
 * day, what has been ruled of it, and for a clerk whether its notice has been read. Said here
 * alone, for the catalogue and for whoever submits. A ruling opens and closes; it never widens an
 * area. */
#include <string.h>
#include "base/err.h"
#include "ledger/op_priv.h"

void service_ruled(const struct form *form, const char *wilayat, int32_t day,
                   const struct store_ruling *ruling, struct standing *out)
{
    *out = (struct standing){.state = form_state(form, day)};
    out->in_area = area_holds(form_area(form, day)->centre, wilayat) != 0;
    if (ruling) {
        out->state = ruling->opens ? SERVICE_LIVE : SERVICE_CLOSED;
        out->closed_to = ruling->opens ? 0 : ruling->to;
        (void)str_copy(out->reason, sizeof out->reason, ruling->opens ? "" : ruling->reason);
    }
    out->open = out->state == SERVICE_LIVE && out->in_area;
}

int service_standing(struct call *call, const struct form *form, const char *wilayat, int32_t day,
                     struct standing *out)
{
    struct store_ruling ruling;
    int err = store_service_ruling(call->store, form->code, day, &ruling);
    service_ruled(form, wilayat, day, err ? NULL : &ruling, out);
    return err == SND_E_NOTFOUND ? 0 : err;
}

int service_opens(struct call *call, const struct form *form, int32_t day,
                  const struct standing *standing, int32_t *out)
{
    int32_t ruled = 0, after = standing->closed_to > day ? standing->closed_to : day;
    *out = 0;
    if (standing->state == SERVICE_LIVE)
        return 0;
    int err = store_service_opens(call->store, form->code, day, &ruled);
    if (err && err != SND_E_NOTFOUND)
        return err;
    if (after != STORE_FOREVER)
        *out = form_opens(form, after);
    if (!err && (*out == 0 || ruled < *out))
        *out = ruled;
    return 0;
}

int service_may_begin(struct call *call, const struct form *form, const char *account)
{
    struct store_notice notice;
    int err = store_notice_newest(call->store, form->code, form->version, &notice);
    if (!err)
        err = store_notice_is_read(call->store, account, &notice.id);
    else if (err == SND_E_NOTFOUND)
        return 0;
    return err == SND_E_NOTFOUND ? SND_E_CLOSED : err;
}

int service_form(struct call *call, const char *code, const struct form **out)
{
    uint8_t sha[HASH_SIZE];
    int err = store_form_head(call->store, code, sha);
    return err ? err : formcache_get(call->forms, call->store, sha, out);
}
