/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_RETENTION_H
#define CMD_RETENTION_H
/* How long the people in requests are kept, by class: STATE/retention, else the installed file. */
#include <stddef.h>
#include "base/attr.h"
#define RETENTION_NAME 32
#define RETENTION_CLASSES 64
#define RETENTION_CODES 64

struct retention_class {
    char name[RETENTION_NAME];
    int years;
    char code[RETENTION_CODES][16]; /* families, services, "searches" */
    size_t codes;
};
struct retention {
    struct retention_class class[RETENTION_CLASSES];
    size_t classes;
};
/* 0, or SND_E_BAD with a sentence that names the line in error. */
SND_MUST int retention_parse(const char *text, size_t len, struct retention *out, char *error, size_t size);
/* The class of a service: by its own code, else by its family's; NULL = none. */
const struct retention_class *retention_of(const struct retention *retention, const char *service);
const struct retention_class *retention_find(const struct retention *retention, const char *name);
int retention_has(const struct retention_class *class, const char *code);
#endif
