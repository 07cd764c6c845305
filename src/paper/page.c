/* SPDX-License-Identifier: Apache-2.0
 * A paper as one page of HTML for A4. Nothing in it is fetched or run, and what a value says can't
 * become a part of the page: it is escaped, and stands in an element of its own direction. */
#include "paper/paper.h"
#include <string.h>
#include "base/attr.h"
#include "text/input.h"

static const char style[] =
    "@page{size:A4;margin:18mm}"
    "body{font:12pt/1.5 'Noto Naskh Arabic','Traditional Arabic','Times New "
    "Roman',serif;max-width:174mm;margin:1em auto;padding:0 1em}"
    "h1{font-size:16pt;border-bottom:2px solid}h2{font-size:13pt;margin:1em 0 .2em}"
    "table{width:100%;border-collapse:collapse}th,td{border:1px solid #999;padding:.15em "
    ".5em;text-align:start;vertical-align:top}"
    "th{width:38%;font-weight:normal;background:#f2f2f2}td.blank{height:2.2em}"
    "tr,.frame,.sign{break-inside:avoid}h2{break-after:avoid}"
    ".frame{border:2px solid;padding:1em;white-space:pre-wrap;margin:.6em 0}"
    ".sign{display:flex;gap:.6em;margin-top:2.2em}.sign span{flex:1;border-bottom:1px solid}"
    "@media print{body{max-width:none;margin:0;padding:0}}";

/* Escaped; signs that turn others or have no place are shown as such. */
static void put_escaped(struct buf *out, const char *text)
{
    static const struct {
        char sign;
        const char *said;
    } signs[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    for (size_t left = strlen(text), used; left > 0; text += used, left -= used) {
        uint32_t point = utf8_get(text, left, &used);
        const char *said = NULL;
        for (size_t i = 0; i < SND_COUNT(signs); i++)
            if (point == (unsigned char)signs[i].sign)
                said = signs[i].said;
        char bytes[5];
        if (said)
            buf_puts(out, said);
        else
            buf_put(
                out, bytes,
                (size_t)utf8_put(point_width(point) < 0 && point != '\n' ? 0xfffd : point, bytes));
    }
}

static const char *dir_word(enum text_dir dir)
{
    return dir == TEXT_LTR ? "ltr" : dir == TEXT_RTL ? "rtl" : "auto";
}

static void put_element(struct buf *out, const char *tag, const char *text, enum text_dir dir)
{
    buf_printf(out, "<%s dir=\"%s\">", tag, dir_word(dir));
    put_escaped(out, text);
}

/* Lines of a table stand in one; returns whether it is open. */
static int put_table(struct buf *out, int open, int want)
{
    if (open != want)
        buf_puts(out, want ? "<table>\n" : "</table>\n");
    return want;
}

static void put_row(const struct paper_line *line, struct buf *out)
{
    buf_puts(out, "<tr><th scope=\"row\">");
    put_escaped(out, line->label);
    buf_puts(out, line->kind == PAPER_BLANK ? "</th><td class=\"blank\">" : "</th><td>");
    put_element(out, "bdi", line->text, line->dir);
    buf_puts(out, "</bdi></td></tr>\n");
}

static void put_block(const struct paper_line *line, struct buf *out)
{
    switch (line->kind) {
    case PAPER_HEADING:
        put_element(out, "h2", line->label, line->dir);
        buf_puts(out, "</h2>\n");
        break;
    case PAPER_FRAME:
        put_element(out, "div class=\"frame\"", line->text, line->dir);
        buf_puts(out, "</div>\n");
        break;
    case PAPER_NOTE:
        put_element(out, "p", line->text, line->dir);
        buf_puts(out, "</p>\n");
        break;
    case PAPER_SIGN:
        buf_puts(out, "<div class=\"sign\">");
        put_escaped(out, line->label);
        buf_puts(out, ": <span></span></div>\n");
        break;
    case PAPER_PAIR:
    case PAPER_MORE:
    case PAPER_BLANK:
        put_row(line, out);
        break;
    }
}

void paper_page(const struct paper *paper, struct buf *out)
{
    int ar = msg_language() == LANG_AR, table = 0;
    buf_printf(out,
               "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\">\n<meta charset=\"utf-8\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
               "style-src 'unsafe-inline'\">\n"
               "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
               ar ? "ar" : "en", ar ? "rtl" : "ltr");
    put_escaped(out, paper->title);
    buf_printf(out, "</title>\n<style>%s</style>\n", style);
    put_element(out, "h1", paper->title, ar ? TEXT_RTL : TEXT_LTR);
    buf_puts(out, "</h1>\n");
    for (size_t i = 0; i < paper->lines; i++) {
        enum paper_kind kind = paper->line[i].kind;
        table =
            put_table(out, table, kind == PAPER_PAIR || kind == PAPER_MORE || kind == PAPER_BLANK);
        put_block(&paper->line[i], out);
    }
    (void)put_table(out, table, 0);
    buf_puts(out, "</html>\n");
}
