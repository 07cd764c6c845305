/* SPDX-License-Identifier: Apache-2.0
 * How each of the programs begins: what ICU and gettext load lazily is loaded here, before any
 * process is forked or sandboxed. */
#include "base/mem.h"
#include "base/proc.h"
#include "cmd/cmd.h"
#include "text/date.h"
#include "text/msg.h"
#include "text/text.h"

#define OFFSETS_BYTES 65536

/* Months of the Hijri calendar that Oman began a day earlier or later. A mistake in the file is
 * said and the calculated calendar stands. */
static void load_offsets(void)
{
    char *path = cmd_path(cmd_datadir(), "screens/lists/hijri.offsets"), *text = NULL;
    size_t len = 0;
    int line = 0;
    if (proc_read_file(path, OFFSETS_BYTES, &text, &len) == 0 &&
        date_offsets_load(text, &line) != 0)
        cmd_fail("Line %d of %s is not a month and an offset.", line, path);
    x_free(&text);
    x_free(&path);
}

int cmd_begin(void)
{
    if (text_open() != 0)
        return cmd_fail("The text library could not be loaded.");
    msg_open(cmd_localedir());
    load_offsets();
    return 0;
}
