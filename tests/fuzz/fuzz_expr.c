/* SPDX-License-Identifier: Apache-2.0
 * Any text as an expression over a small record, with a field of each way of holding a value. What
 * is read is run, with `.` and without; what is refused has a column inside the text. */
#include <stdint.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "form/expr.h"
#include "form/record.h"
#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const keys[] = {"text", "number", "day", "amount", "empty"};
static struct field field[] = {{.key = "text", .kind = FIELD_TEXT},
                               {.key = "number", .kind = FIELD_DECIMAL},
                               {.key = "day", .kind = FIELD_DATE_G},
                               {.key = "amount", .kind = FIELD_AMOUNT},
                               {.key = "empty", .kind = FIELD_INT}};
static const struct form form = {.field = field, .fields = SND_COUNT(field)};
static struct record *record;

static void open_once(void)
{
    static const char *const values[] = {"نص a", "-12.5", "2018-07-01", "9999999999.999", NULL};
    if (record)
        return;
    snd_assert(text_open() == 0);
    record = record_new(&form);
    for (size_t i = 0; i < SND_COUNT(values); i++)
        record_set(record, (int)i, values[i]);
}

static void note_use(void *arg, int used)
{
    (void)arg;
    snd_assert(used >= -1 && used < (int)SND_COUNT(keys));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct rule_day day = {.today = 17700, .wilayat = "DA01"};
    const struct expr *expr = NULL;
    struct expr_fault fault = {0, NULL};
    struct arena *arena = arena_new();
    struct buf out = BUF_INIT(8192);
    open_once();
    char *text = x_strndup(size ? (const char *)data : "", size);
    if (expr_read(text, keys, SND_COUNT(keys), arena, &expr, &fault) == 0) {
        for (int self = -1; self < (int)SND_COUNT(keys); self++) {
            int verdict = expr_verdict(expr, record, self, &day);
            snd_assert(verdict >= -1 && verdict <= 1);
            expr_text(expr, record, self, &day, &out);
        }
        expr_uses(expr, note_use, NULL);
    } else
        snd_assert(!expr && fault.column > 0 && fault.column <= (int)strlen(text) + 1 &&
                   *fault.sentence);
    expr_close(expr);
    x_free(&text);
    buf_free(&out);
    arena_free(&arena);
    return 0;
}
