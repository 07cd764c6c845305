/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ERR_H
#define BASE_ERR_H
#include "base/attr.h"

/* Result of everything that can fail for a reason outside the program: 0 or one of these. */
enum snd_err {
    SND_OK = 0,
#define SND_ERROR(name, number, text) SND_E_##name = number,
#include "base/err.def"
#undef SND_ERROR
};

/* English text of an error for logs and the command line; never NULL. Screens have their own words. */
const char *err_text(int err);

/* The error that an errno value stands for (ENOSPC -> SND_E_FULL, EIO -> SND_E_IO, ...). */
int err_from_errno(int number);

/* For what we got wrong ourselves: writes one line (file:line, expression) to standard error with
 * async-signal-safe calls and aborts. Stays on in release builds; never use it on input. */
#define snd_assert(condition)                                                                      \
    ((condition) ? (void)0 : err_assert_failed(__FILE__, __LINE__, #condition))
/* What a failed snd_assert() calls; nothing else does. */
SND_NORETURN void err_assert_failed(const char *file, int line, const char *expression);
#endif
