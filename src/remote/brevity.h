/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REMOTE_BREVITY_H
#define REMOTE_BREVITY_H
/* Options by which ssh names few algorithms, and so logs in with fewer bytes. */
#include "base/attr.h"
enum { BREVITY_LISTS = 4 };
struct brevity {
    char *option[BREVITY_LISTS]; /* "-oCiphers=...", NULL where nothing is to be said */
};
/* Finds them for that place and configuration (ssh -F; NULL = the person's own; port NULL = what
 * that says). A list of which the configuration speaks, or that ssh doesn't tell, is left alone.
 * Takes as long as ssh needs to read its configuration, and wait_ms at most. */
void brevity_find(struct brevity *out, const char *who, const char *port, const char *config,
                  int wait_ms);
void brevity_free(struct brevity *brevity);
#endif
