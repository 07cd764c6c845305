/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CONF_H
#define BASE_CONF_H
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
/* The office's configuration, STATE/sanad.conf: `key = value` lines, `#` comments. Keys, their
 * kinds, defaults and help are one table, conf.def. */
enum conf_kind { CONF_TEXT, CONF_NUMBER };
struct conf {
#define CONF_TEXT_KEY(name, otherwise, help) char *name;
#define CONF_NUMBER_KEY(name, otherwise, min, max, help) int64_t name;
#include "base/conf.def"
#undef CONF_TEXT_KEY
#undef CONF_NUMBER_KEY
};
/* Reads a file; what it doesn't say has its default. On failure `error` (size bytes) holds one
 * sentence with file and line. SND_E_BAD, SND_E_NOTFOUND or SND_E_IO. */
SND_MUST int conf_read(const char *path, struct conf *out, char *error, size_t size);
/* Writes a commented file with every key. */
SND_MUST int conf_write(const char *path, const struct conf *conf);
/* Gives one key another value in a file that is there and leaves every other line as it is. SND_E_BAD:
 * there is no such key, or the value is more than one line. */
SND_MUST int conf_set(const char *path, const char *name, const char *value);
void conf_default(struct conf *out);
void conf_free(struct conf *conf);
#endif
