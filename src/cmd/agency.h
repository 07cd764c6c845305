/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_AGENCY_H
#define CMD_AGENCY_H
#include "base/json.h"
#include "form/form.h"
#define AGENCY_FOLDER "agency" /* in the state folder: certificates and keys for agencies */
/* The OpenAPI document of both sides of the line to an agency; yours to json_free(). */
struct json *agency_api(void);
/* That of what the hub serves the portal. */
struct json *portal_api(void);
/* Adds the schema of a service's requests to it. */
void agency_api_add(struct json *api, const struct form *form);
#endif
