/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_PATTERN_PRIV_H
#define FORM_PATTERN_PRIV_H
/* Regular expressions: the part of POSIX extended that forms need, matched against a whole text. */
struct pattern;
/* NULL with *sentence (what to do instead) when it is wrong or too large. */
struct pattern *pattern_new(const char *source, const char **sentence);
void pattern_free(struct pattern **pattern);
/* 1 when the whole text fits. */
int pattern_matches(const struct pattern *pattern, const char *text);
#endif
