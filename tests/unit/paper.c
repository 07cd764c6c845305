/* SPDX-License-Identifier: Apache-2.0
 * What is printed of each service: all values once, under their labels, in the form's order; a box
 * for each field of a blank form; the text to be proved in its frame. And that no value can become
 * a part of the page. */
#include "paper/paper.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/tap.h"
#include "tests/unit/form_tools.h"
#include "text/text.h"

static const struct rule_day day = {17504, "DA01"};

static struct buf out = BUF_INIT(1 << 20);

static const char *page_of(const struct paper *paper)
{
    buf_clear(&out);
    paper_page(paper, &out);
    return buf_text(&out);
}

/* The lines of a kind. */
static size_t count_of(const struct paper *paper, enum paper_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < paper->lines; i++)
        count += paper->line[i].kind == kind;
    return count;
}

/* Each value that stands there, in the order of the fields and nowhere else. */
static int has_values(const struct paper *paper, const struct record *record)
{
    size_t at = 0;
    int good = 1;
    for (size_t i = 0; i < record->form->fields; i++) {
        if (!record->value[i] || !*record->value[i])
            continue;
        while (at < paper->lines && paper->line[at].kind != PAPER_PAIR)
            at++;
        good &= at < paper->lines &&
                strcmp(paper->line[at].text,
                       field_words(&record->form->field[i], record->value[i], paper->arena)) == 0 &&
                strcmp(paper->line[at].label, record->form->field[i].label[msg_language()]) == 0;
        at++;
    }
    while (at < paper->lines && paper->line[at].kind != PAPER_PAIR)
        at++;
    return good && at == paper->lines;
}

static size_t typed_fields(const struct form *form)
{
    size_t count = 0;
    for (size_t i = 0; i < form->fields; i++)
        count += form->field[i].calculate == NULL;
    return count;
}

static void services(void)
{
    const char *name;
    int values = 0, blanks = 0, proofs = 0, framed = 0;
    for (size_t i = 0; (name = tools_service(i)) != NULL; i++) {
        struct arena *arena = arena_new();
        struct paper paper;
        struct form *form = tools_form(name);
        struct record *record = tools_right(form, name, &day);
        if (record) {
            paper_begin(&paper, paper_title(form, arena), arena);
            paper_values(&paper, record);
            values += has_values(&paper, record);
            paper_proof(&paper, record);
            framed += count_of(&paper, PAPER_FRAME) == (form->proof != NULL);
        } else {
            values++;
            framed++;
        }
        proofs += form->proof != NULL;
        paper_begin(&paper, paper_title(form, arena), arena);
        paper_blank(&paper, form);
        blanks += count_of(&paper, PAPER_BLANK) == typed_fields(form) &&
                  count_of(&paper, PAPER_PAIR) == 0;
        record_free(&record);
        form_free(&form);
        arena_free(&arena);
    }
    tap_is_int(values, TOOLS_SERVICES, "each value of each service is printed, in its place");
    tap_is_int(blanks, TOOLS_SERVICES, "a blank form has a box for each field that is typed");
    tap_is_int(proofs, 5, "five services have a text to be proved");
    tap_is_int(framed, TOOLS_SERVICES, "which stands in a frame, and of others none does");
}

static void hostile(void)
{
    struct arena *arena = arena_new();
    struct paper paper;
    paper_begin(&paper, "</title><script>1</script>", arena);
    paper_add(&paper, PAPER_PAIR, "a\"b", "<img src=x onerror='1'>&amp;", TEXT_AUTO);
    paper_add(&paper, PAPER_FRAME, "", "</div>\x1b[31m\u202eevil\n2", TEXT_AUTO);
    const char *page = page_of(&paper);
    tap_ok(!strstr(page, "<script") && !strstr(page, "<img") && !strstr(page, "\x1b") &&
               !strstr(page, "\u202e"),
           "no value becomes a part of the page, and none turns another");
    tap_ok(strstr(page, "&lt;img src=x onerror=&#39;1&#39;&gt;&amp;amp;") &&
               strstr(page, "a&quot;b") && strstr(page, "evil\n2</div>"),
           "and all of it is there to be read");
    tap_ok(strstr(page, "default-src 'none'") && !strstr(page, "http://") &&
               !strstr(page, "https://"),
           "nothing is fetched");
    arena_free(&arena);
}

static void shape(void)
{
    struct arena *arena = arena_new();
    struct paper paper;
    paper_begin(&paper, "T", arena);
    for (int i = 0; i < 500; i++)
        paper_add(&paper, PAPER_PAIR, "l", "v", TEXT_LTR);
    paper_end(&paper, "note");
    buf_clear(&out);
    paper_text(&paper, &out);
    tap_ok(paper.lines == 503 && strncmp(buf_text(&out), "T\nl: v\nl: v\n", 12) == 0,
           "as many lines as there are");
    const char *page = page_of(&paper);
    tap_ok(strstr(page, "<table>\n<tr>") && strstr(page, "</tr>\n</table>\n<p") &&
               strstr(page, "class=\"sign\""),
           "lines in a table, what follows behind it");
    struct buf narrow = BUF_INIT(100);
    paper_page(&paper, &narrow);
    tap_ok(narrow.failed, "a page for which there is no room is none");
    buf_free(&narrow);
    arena_free(&arena);
}

int main(void)
{
    if (text_open() != 0)
        return 1;
    services();
    hostile();
    shape();
    buf_free(&out);
    tools_end();
    return tap_done();
}
