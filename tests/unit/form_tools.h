/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_FORM_TOOLS_H
#define TESTS_UNIT_FORM_TOOLS_H
/* What the tests of forms share: files of the source tree as text, and the lists of screens/lists.
 */
#include <stddef.h>
#include "form/record.h"
/* The services of the electricity company, which the tests look at most: "mz-01" ... */
#define TOOLS_FORMS 7
extern const char *const tools_forms[TOOLS_FORMS];
/* Every service that has a form, by number from 0, in the order of their names; NULL after the last. */
#define TOOLS_SERVICES 93
const char *tools_service(size_t number);
/* The text of a file of the source tree, x_free() it; ends the test when there is none. */
char *tools_text(const char *path);
/* A form_list_find over screens/lists; what it read is freed by tools_end(). */
const char *tools_list(void *arg, const char *name);
void tools_end(void);
/* Reads screens/<name>.form, which must be right. */
struct form *tools_form(const char *name);
/* The first record of tests/golden/verdicts of that form that is right on that day, or NULL. */
struct record *tools_right(const struct form *form, const char *name, const struct rule_day *day);
/* Reads a form text that must be right: shows the complaints and ends the test otherwise. */
struct form *tools_read(const char *text);
#endif
