/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H
/* Compiler attributes by their meaning; the only place that names GNU extensions. */
#define SND_MUST __attribute__((warn_unused_result))
#define SND_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define SND_FORMAT_ARG(n) __attribute__((format_arg(n)))
#define SND_NORETURN __attribute__((noreturn))
#define SND_UNUSED __attribute__((unused))
#define SND_MALLOC __attribute__((malloc, returns_nonnull))
/* A large array on the stack that is written before it is read: not filled with zeros each time. */
#define SND_UNFILLED __attribute__((uninitialized))
#define SND_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#endif
