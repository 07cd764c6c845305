/* SPDX-License-Identifier: Apache-2.0
 * What all pages share: their frame, their one style and how text gets into them. Everything that
 * is not markup of this file goes through html_text(), whoever it comes from; what it lets through
 * can't leave the place where it stands, nor turn the text around it.
 *
 * The style lies in each page, so that a page is one request; the policy names it by its hash, and
 * allows no script, no picture and no other origin. */
#include <string.h>
#include "base/err.h"
#include "sync/pages_priv.h"
#include "text/input.h"

const char pages_style[] =
    ":root{color-scheme:light dark}"
    "body{margin:0 auto;max-width:42rem;padding:.5rem 1rem;font:1.05rem/1.6 system-ui,sans-serif;"
    "overflow-wrap:break-word}"
    ".skip{position:absolute;inset-inline-start:-99rem}.skip:focus{position:static}"
    "nav{display:flex;flex-wrap:wrap;gap:0 1rem;justify-content:space-between;"
    "border-bottom:2px solid}"
    "h1{font-size:1.3rem}h2{font-size:1.1rem;margin-bottom:.2rem}ul{padding-inline-start:1.2rem}"
    "li{margin:.3rem 0}dt{font-weight:bold}dd{margin-inline-start:1rem}"
    "input,select,button{font:inherit;max-width:100%;box-sizing:border-box;padding:.4rem}"
    "label{display:block}button{padding:.4rem .8rem}"
    ":focus-visible{outline:3px solid;outline-offset:2px}"
    ".wrong{font-weight:bold;border-inline-start:.3rem solid;padding-inline-start:.6rem}"
    "[aria-invalid]{border:3px solid}"
    "@media print{nav,form,.skip{display:none}a{color:inherit;text-decoration:none}}";
const char pages_style_sha[] = "sha256-zYNMbqzBLJ3/SSkI7xwP3s4GxDJj/qDUGgTozhW3bCI=";

const struct pages_header pages_headers[] = {
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'sha256-zYNMbqzBLJ3/SSkI7xwP3s4GxDJj/qDUGgTozhW3bCI='; "
     "form-action 'self'; base-uri 'none'; "
     "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Frame-Options", "DENY"},
    {NULL, NULL},
};

#define REPLACEMENT 0xfffd /* what malformed bytes are read as */

int html_hides(uint32_t c)
{
    return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

void html_text(struct buf *out, const char *text)
{
    size_t len = strlen(text);
    for (size_t at = 0; at < len;) {
        size_t used = 1;
        uint32_t c = utf8_get(text + at, len - at, &used);
        if (c == '&')
            buf_puts(out, "&amp;");
        else if (c == '<')
            buf_puts(out, "&lt;");
        else if (c == '>')
            buf_puts(out, "&gt;");
        else if (c == '"')
            buf_puts(out, "&quot;");
        else if (c == '\'')
            buf_puts(out, "&#39;");
        else if (c == REPLACEMENT)
            buf_puts(out, "\xef\xbf\xbd");
        else if (!html_hides(c))
            buf_put(out, text + at, used);
        at += used;
    }
}

/* The same page in the other language. */
static void other_language(struct page *page, const char *path)
{
    static const char *const names[LANG_COUNT] = {[LANG_AR] = "العربية", [LANG_EN] = "English"};
    struct buf *out = &page->answer->body;
    enum lang other = page->lang == LANG_AR ? LANG_EN : LANG_AR;
    const char *code = msg_lang_code(other);
    buf_printf(out, "<a href=\"/%s/", code);
    html_text(out, path);
    buf_printf(out, "\" lang=\"%s\" hreflang=\"%s\">%s</a>", code, code, names[other]);
}

static void put_head(struct page *page, const char *title)
{
    struct buf *out = &page->answer->body;
    buf_printf(out,
               "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\"><head><meta charset=\"utf-8\">"
               "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>",
               msg_lang_code(page->lang), page->lang == LANG_AR ? "rtl" : "ltr");
    html_text(out, title);
    if (strcmp(title, _("Sanad services")) != 0) {
        buf_puts(out, " – ");
        html_text(out, _("Sanad services"));
    }
    buf_puts(out, "</title><style>");
    buf_puts(out, pages_style);
    buf_puts(out, "</style></head>");
}

void html_begin(struct page *page, const char *title, const char *path)
{
    struct buf *out = &page->answer->body;
    const char *code = msg_lang_code(page->lang);
    put_head(page, title);
    buf_puts(out, "<body><header><a class=\"skip\" href=\"#main\">");
    html_text(out, _("Go to the content"));
    buf_printf(out, "</a><nav><a href=\"/%s/\">", code);
    html_text(out, _("Sanad services"));
    buf_printf(out, "</a> <a href=\"/%s/status\">", code);
    html_text(out, _("Where is my request?"));
    buf_puts(out, "</a> ");
    other_language(page, path);
    buf_puts(out, "</nav></header><main id=\"main\" tabindex=\"-1\"><h1>");
    html_text(out, title);
    buf_puts(out, "</h1>");
}

void html_end(struct page *page)
{
    buf_puts(&page->answer->body, "</main></body></html>\n");
    page->answer->type = "text/html; charset=utf-8";
}

void html_pair(struct page *page, const char *label, const char *text)
{
    struct buf *out = &page->answer->body;
    if (*label) {
        buf_puts(out, "<dt>");
        html_text(out, label);
        buf_puts(out, "</dt>");
    }
    buf_puts(out, "<dd>");
    html_text(out, text);
    buf_puts(out, "</dd>");
}

void html_paragraph(struct page *page, const char *text)
{
    buf_puts(&page->answer->body, "<p>");
    html_text(&page->answer->body, text);
    buf_puts(&page->answer->body, "</p>");
}

void page_json(struct page *page, struct json *json)
{
    char *text = json_text(json, 0);
    buf_puts(&page->answer->body, text);
    buf_putc(&page->answer->body, '\n');
    page->answer->type = "application/json";
    x_free(&text);
    json_free(&json);
}

void page_refuse(struct page *page, int status, const char *sentence)
{
    struct pages_answer *answer = page->answer;
    buf_clear(&answer->body);
    answer->status = status;
    answer->cache = "no-store";
    if (page->json) {
        struct json *json = json_new_object();
        json_put_text(json, "error", sentence);
        page_json(page, json);
        return;
    }
    html_begin(page, sentence, "");
    buf_printf(&answer->body, "<p><a href=\"/%s/\">", msg_lang_code(page->lang));
    html_text(&answer->body, _("All services"));
    buf_puts(&answer->body, "</a></p>");
    html_end(page);
}
