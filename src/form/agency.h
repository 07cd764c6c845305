/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_AGENCY_H
#define FORM_AGENCY_H
#include "text/msg.h"
/* The name of an agency; its code when nobody has told us the name. */
const char *agency_name(const char *code, enum lang lang);
/* Its sector in words; "" when the agency is not known. */
const char *agency_sector(const char *code, enum lang lang);
#endif
