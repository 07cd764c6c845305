/* SPDX-License-Identifier: Apache-2.0
 * Why a service can't be begun, in one short phrase: for every list that shows it. */
#include "book/book.h"
#include "form/sheet.h"

const char *book_service_why(const struct book_service *service)
{
    if (service->open)
        return NULL;
    if (service->reason[0])
        return service->reason;
    return service->state == SERVICE_LIVE ? N_("not offered in this wilayat")
                                          : sheet_state(service->state);
}
