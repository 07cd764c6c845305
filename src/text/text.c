/* SPDX-License-Identifier: Apache-2.0 */
/* Opens the room: everything that ICU would load when first used is used here once, because a
 * process that has closed itself off can load nothing later. */
#include "text/text.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "text/collate_priv.h"
#include "text/fold.h"
#include "text/hijri_priv.h"
#include "text/input.h"
#include "text/layout.h"
#include "text/layout_priv.h"
#include "text/names_priv.h"
#include "text/norm_priv.h"

/* One text through the whole room: every property, decomposition and level table gets touched. */
static void rehearse(void)
{
    static const char sample[] = "سَلام (12) e\u0301\u200Fﷲ ٣ A-7";
    struct buf cleaned = BUF_INIT(1024), folded = BUF_INIT(1024);
    struct arena *arena = arena_new();
    struct line line;
    if (input_clean(sample, sizeof sample - 1, &cleaned) == 0)
        fold_text(sample, &folded);
    fold_text(buf_text(&cleaned), &folded);
    layout_line(sample, TEXT_AUTO, 8, arena, &line);
    arena_free(&arena);
    buf_free(&folded);
    buf_free(&cleaned);
}

int text_open(void)
{
    norm_warm();
    layout_warm();
    int result = collate_warm();
    if (result == 0)
        result = hijri_warm();
    if (result == 0)
        result = names_warm();
    if (result == 0)
        rehearse();
    return result;
}
