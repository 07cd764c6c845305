/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_JSON_H
#define BASE_JSON_H
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
#include "base/buf.h"
/* A JSON value (RFC 8259), strict: bad UTF-8, repeated keys, text after the end are refused.
 * Free each root with json_free(); what json_get() and json_at() give is borrowed from it. */
struct json;
SND_MUST int json_parse(const char *text, size_t len, struct json **out); /* 0 or SND_E_BAD */
void json_free(struct json **json);
struct json *json_new_object(void);
struct json *json_new_array(void);
/* 1 when it is whole UTF-8, which a text in JSON must be. */
int json_text_fits(const char *text);
/* Put into an object (replacing) / at an array's end. `json_put` takes over the value. A text or key
 * that json_text_fits() refuses is a mistake of the caller's and ends the process. */
void json_put(struct json *object, const char *key, struct json *value);
void json_put_text(struct json *object, const char *key, const char *text);
void json_put_int(struct json *object, const char *key, int64_t number);
void json_put_bool(struct json *object, const char *key, int truth);
void json_push(struct json *array, struct json *value);
void json_push_text(struct json *array, const char *text);
/* Member of an object, or NULL. */
struct json *json_get(const struct json *object, const char *key);
/* Text of a member, or NULL when absent or not text. */
const char *json_get_text(const struct json *object, const char *key);
int64_t json_get_int(const struct json *object, const char *key, int64_t otherwise);
/* Number of members or elements; element n of an array. */
size_t json_count(const struct json *json);
struct json *json_at(const struct json *array, size_t n);
/* Calls back for each member whose value is text, in insertion order; stops at the first non-zero
 * return and returns it. A value that isn't text gives SND_E_BAD. */
int json_each_text(const struct json *object, int (*each)(void *arg, const char *key, const char *text), void *arg);
/* The same straight from a text, without making values of it; JSON_NOT_FLAT for all but an object of
 * texts in compact form, without escapes, in ASCII and two-byte UTF-8: most records are that. What
 * was called back for before must then be forgotten, and the text parsed. A key may come twice. */
#define JSON_NOT_FLAT 1
int json_each_flat(const char *text, size_t len, int (*each)(void *arg, const char *key, const char *text), void *arg);
/* Puts the text in quotes, escaped where it must be. It has to be whole UTF-8. */
void json_quote(struct buf *out, const char *text);
/* Calls back for each member whatever its value; stops at the first non-zero return and returns it.
 * Nothing for what is no object. */
int json_each(const struct json *object, int (*each)(void *arg, const char *key, const struct json *value), void *arg);
/* 1 for an object / the value as a person reads it: a text itself, anything else compact; yours to
 * x_free(). */
int json_is_members(const struct json *json);
char *json_words(const struct json *json);
/* Compact text in insertion order (or indented when pretty), yours to x_free(). */
char *json_text(const struct json *json, int pretty);
#endif
