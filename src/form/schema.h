/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_SCHEMA_H
#define FORM_SCHEMA_H
#include "base/json.h"
#include "form/form.h"
/* What an agency is sent for a request that was filled with this form, as a JSON Schema (draft
 * 2020-12): the frame around it and, in `values`, each field with its titles, pattern, choices, when
 * it is there and what it must obey. What a schema can't say (comparisons with today or with another
 * field) stands in words beside it (`x-rule`): what passes the form passes the schema, not always the
 * other way round. Yours to json_free(). */
struct json *schema_request(const struct form *form);
/* What is said by who files such a request from outside: `form`, the hash of it, and `values` as above.
 */
struct json *schema_submission(const struct form *form);
#endif
