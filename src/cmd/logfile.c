/* SPDX-License-Identifier: Apache-2.0
 * The log of an office that runs in the background, kept within bounds: all processes append to one
 * open file, so what it holds is copied to log.1 and the file is emptied under them. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "cmd/logfile.h"

void logfile_tend(const char *path)
{
    struct stat st;
    if (fstat(STDERR_FILENO, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < LOGFILE_MAX)
        return;
    char *old = x_printf("%s.1", path), *copy = x_printf("%s.new", path);
    unlink(copy);
    int err = proc_copy_file(path, copy, 0600);
    if (!err && rename(copy, old) != 0)
        err = SND_E_IO;
    /* Full or not: the file must not grow without end. */
    if (ftruncate(STDERR_FILENO, 0) != 0)
        err = SND_E_IO;
    log_info("serve.log_turned", "kept=%s", err ? "no" : "log.1");
    x_free(&copy);
    x_free(&old);
}
