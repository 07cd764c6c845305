/* SPDX-License-Identifier: Apache-2.0
 * Why a service can't be begun, in one short phrase: for every list that shows it. */
#include "book/book.h"

const char *book_service_why(const struct book_service *service)
{
    static const char *const why[SERVICE_STATES] = {
        [SERVICE_NEXT] = N_("announced, not yet open"),
        [SERVICE_SUSPENDED] = N_("suspended"),
        [SERVICE_CLOSED] = N_("closed"),
        [SERVICE_LINKING] = N_("its agency is being linked"),
        [SERVICE_ANNOUNCED] = N_("its sector joins soon"),
        [SERVICE_OFF_SEASON] = N_("outside its season"),
    };
    if (service->open)
        return NULL;
    if (service->reason[0])
        return service->reason;
    return why[service->state] ? why[service->state] : N_("not offered in this wilayat");
}
