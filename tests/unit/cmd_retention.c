/* SPDX-License-Identifier: Apache-2.0
 * The retention file: what is in which class, and that nothing doubtful is read. */
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"
#include "cmd/retention.h"
#include "tests/tap.h"

static struct retention retention;
static char error[128];

static void refused(const char *text, const char *line)
{
    int err = retention_parse(text, strlen(text), &retention, error, sizeof error);
    tap_ok(err == SND_E_BAD && strncmp(error, line, strlen(line)) == 0, "refused: %s", error);
}

int main(void)
{
    static const char text[] = "# times\nhousing 10 HS MZ-07\r\n\nutilities 5 MZ # lines\n";
    tap_is_int(retention_parse(text, strlen(text), &retention, error, sizeof error), 0,
               "classes are read");
    const struct retention_class *own = retention_of(&retention, "MZ-07");
    const struct retention_class *family = retention_of(&retention, "MZ-01");
    tap_ok(own && strcmp(own->name, "housing") == 0 && own->years == 10,
           "a service counts before its family");
    tap_ok(family && strcmp(family->name, "utilities") == 0, "a service belongs to its family's");
    tap_ok(!retention_of(&retention, "RP-01"), "one in no class is in none");
    refused("a 5 MZ\nb x MZ\n", "line 2:");
    refused("a 0 MZ\n", "line 1:");
    refused("a 101 MZ\n", "line 1:");
    refused("a 5\n", "line 1:");
    refused("a 5 MZ\n\na 6 RP\n", "line 3:");
    refused("a 5 MZ\nb 6 MZ\n", "line 2:");
    refused("a 5 MZ MZ\n", "line 1:");
    refused("a 5 MZ-0123456789012345\n", "line 1:");
    refused("a 5 MZ\rRP\n", "line 1:");
    tap_ok(retention_parse("a 5 MZ\n\0b 6 RP\n", 15, &retention, error, sizeof error) ==
                   SND_E_BAD &&
               strncmp(error, "line 2:", 7) == 0,
           "what stands behind a zero is not passed over");
    char *shipped;
    size_t len;
    int err = proc_read_file(tap_source("screens/retention"), 65536, &shipped, &len);
    tap_ok(err == 0 && retention_parse(shipped, len, &retention, error, sizeof error) == 0,
           "the file that ships is sound");
    x_free(&shipped);
    return tap_done();
}
