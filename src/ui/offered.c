/* SPDX-License-Identifier: Apache-2.0
 * The documents that can be attached by a digit: what this clerk has sent, and what the person
 * brought for an earlier request. The list's last line is for a paper that nobody has sent. */
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

#define OFFERED 9 /* most that a digit takes */

/* One row: its digit, name, what it is, and since when it is there. */
static void offer(struct ui *ui, struct arena *arena, const struct book_document *document,
                  size_t n, struct pick_item *item)
{
    /* L10N: what stands at a document that the person brought for an earlier request. */
    const char *since = id_is_zero(&document->id) ? _("brought before")
                                                  : frame_span(ui, clock_utc_ms() - document->at);
    *item = (struct pick_item){
        .text = arena_printf(arena, "%zu  %s", n + 1, document->name),
        .note = arena_printf(arena, "%s" LAYOUT_GAP "%s", document_about(arena, document), since),
        .folded = item_folded(arena, document->name, "", "")};
}

int offered_make(struct ui *ui, struct arena *arena, const char *civil, struct offered *out)
{
    struct book_document *all;
    size_t count = 0, kept = 0;
    if (book_inbox_list(ui->book, civil && strlen(civil) <= 9 ? civil : "", arena, &all, &count))
        return 0;
    for (size_t i = 0; i < count && kept < OFFERED; i++)
        if (all[i].whole)
            all[kept++] = all[i];
    if (kept == 0)
        return 0;
    struct pick_item *item = arena_alloc(arena, (kept + 1) * sizeof *item);
    for (size_t i = 0; i < kept; i++)
        offer(ui, arena, &all[i], i, &item[i]);
    item[kept].text = arena_printf(arena, "0  %s", _("It is with the papers"));
    item[kept].folded = item_folded(arena, _("It is with the papers"), "", "");
    out->document = all;
    out->list = (struct chooser_list){.title = "",
                                      .item = item,
                                      .count = kept + 1,
                                      .filter = "",
                                      .chosen = 0,
                                      .digits = (int)kept};
    return 1;
}
