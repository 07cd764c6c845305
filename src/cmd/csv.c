/* SPDX-License-Identifier: Apache-2.0
 * Files for spreadsheets: in CSV each text that a spreadsheet would take for a formula gets an
 * apostrophe in front, and the file begins with the mark by which it is known to be UTF-8. */
#include "cmd/csv.h"
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "base/proc.h"
#include "cmd/cmd.h"

void csv_text(struct buf *out, const char *text)
{
    buf_putc(out, '"');
    if (*text && strchr("=+-@\t\r", *text))
        buf_putc(out, '\'');
    for (; *text; text++) {
        if (*text == '"')
            buf_putc(out, '"');
        buf_putc(out, *text);
    }
    buf_puts(out, "\",");
}

int csv_write(struct buf *out, const char *file)
{
    int err = out->failed ? SND_E_LIMIT : 0;
    if (!err && strcmp(file, "-") == 0)
        err = fwrite(out->data, 1, out->len, stdout) == out->len ? 0 : SND_E_IO;
    else if (!err)
        err = proc_write_file(file, out->data, out->len, 0644);
    buf_free(out);
    return err ? cmd_fail("The file %s could not be written: %s.", file, err_text(err)) : 0;
}
