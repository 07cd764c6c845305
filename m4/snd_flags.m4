# SPDX-License-Identifier: Apache-2.0
# SND_FLAGS: the compiler's warnings and hardening, each kept only if the compiler takes it.

# SND_TRY_FLAG(FLAG, VARIABLE)
AC_DEFUN([SND_TRY_FLAG], [
  AS_VAR_PUSHDEF([cache], [snd_cv_flag_$1])
  AC_CACHE_CHECK([whether $CC takes $1], [cache], [
    snd_save_CFLAGS=$CFLAGS
    CFLAGS="$CFLAGS -Werror $1"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
    CFLAGS=$snd_save_CFLAGS])
  AS_VAR_IF([cache], [yes], [$2="$$2 $1"])
  AS_VAR_POPDEF([cache])
])

AC_DEFUN([SND_FLAGS], [
  AC_ARG_ENABLE([sanitizers], [AS_HELP_STRING([--enable-sanitizers], [build with ASan and UBSan])], [], [enable_sanitizers=no])
  AC_ARG_ENABLE([analyzer], [AS_HELP_STRING([--enable-analyzer], [build with gcc -fanalyzer])], [], [enable_analyzer=no])
  AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror], [treat warnings as errors])], [], [enable_werror=no])
  SND_CFLAGS="-std=c17"
  m4_foreach_w([flag], [-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
    -Wold-style-definition -Wpointer-arith -Wwrite-strings -Wcast-qual -Wformat=2 -Wvla -Walloca
    -Wundef -Wswitch-enum -Wnull-dereference -Wduplicated-cond -Wlogical-op -Wconversion
    -Wno-sign-conversion -fstack-protector-strong -fstack-clash-protection -fcf-protection
    -ftrivial-auto-var-init=zero -fPIE],
    [SND_TRY_FLAG(flag, [SND_CFLAGS])])
  SND_LDFLAGS=
  SND_TRY_FLAG([-pie], [SND_LDFLAGS])
  # Quoted twice: the commas are the linker's, not m4's.
  SND_TRY_FLAG([[-Wl,-z,relro]], [SND_LDFLAGS])
  SND_TRY_FLAG([[-Wl,-z,now]], [SND_LDFLAGS])
  # Of what sanitizers look for -O2 shows no more, and takes a third longer to compile. With less of it gcc
  # knows less of what a value may be: the build without them judges that.
  AS_IF([test "$enable_sanitizers" = yes && test "$CFLAGS" = "-g -O2"], [CFLAGS="-g -O1"])
  AS_IF([test "$enable_sanitizers" = yes],
    [SND_CFLAGS="$SND_CFLAGS -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -Wno-maybe-uninitialized -Wno-format-truncation"
     SND_LDFLAGS="$SND_LDFLAGS -fsanitize=address,undefined"
     AC_DEFINE([SND_SANITIZERS], [1], [Define when built with sanitizers: they need system calls of their own.])],
    [SND_CFLAGS="$SND_CFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"])
  AS_IF([test "$enable_analyzer" = yes], [SND_CFLAGS="$SND_CFLAGS -fanalyzer"])
  AS_IF([test "$enable_werror" = yes], [SND_CFLAGS="$SND_CFLAGS -Werror"])
  AC_SUBST([SND_CFLAGS])
  AC_SUBST([SND_LDFLAGS])
])
