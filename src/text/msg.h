/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_MSG_H
#define TEXT_MSG_H
#include "base/attr.h"
/* The words of the screens: gettext catalogues in the session's language. English ids in the
 * source, Arabic is what ships. Works on a machine without any locale but C.UTF-8. */
enum lang { LANG_AR, LANG_EN, LANG_COUNT };
/* Once per process, before it is sandboxed: where the catalogues are; reads both into memory. */
void msg_open(const char *localedir);
/* From now on this process speaks that language. No file is read. */
void msg_set_language(enum lang lang);
enum lang msg_language(void);
const char *msg_lang_code(enum lang lang);            /* "ar", "en" */
int msg_lang_parse(const char *code, enum lang *out); /* "ar", "ar_OM.UTF-8", ... ; SND_E_BAD */
const char *msg_text(const char *id) SND_FORMAT_ARG(1);
const char *msg_plural(const char *one, const char *many, unsigned long n) SND_FORMAT_ARG(1);
#define _(id) msg_text(id)
#define N_(id) id
#define P_(one, many, n) msg_plural(one, many, n)
#endif
