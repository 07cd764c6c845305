/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_PAGES_PRIV_H
#define SYNC_PAGES_PRIV_H
#include "base/json.h"
#include "base/mem.h"
#include "book/public.h"
#include "sync/guess_priv.h"
#include "sync/pages.h"
#include "text/msg.h"

/* One page while it is made. */
struct page {
    struct book *book;
    const struct pages_asked *asked;
    struct pages_answer *answer;
    struct arena *arena;
    enum lang lang;
    int json;         /* the twin is wanted */
    const char *name; /* of what is shown: the rest of the path, without .json */
    struct guesses *guesses;
};
/* Each fills in the answer: 0, or an error of the ledger. */
SND_MUST int show_services(struct page *page);
SND_MUST int show_service(struct page *page);
SND_MUST int show_status(struct page *page);

/* ---- HTML ---- */
/* Text, where text or the value of an attribute belongs; nothing in it is markup. */
void html_text(struct buf *out, const char *text);
/* 1 for signs that change the order of what stands around them, and for all other controls. */
int html_hides(uint32_t c);
/* A page up to its content; `path` is that of the same page below /ar/ or /en/. */
void html_begin(struct page *page, const char *title, const char *path);
void html_end(struct page *page);
/* <dt>label</dt><dd>text</dd> */
void html_pair(struct page *page, const char *label, const char *text);
void html_paragraph(struct page *page, const char *text);
/* A refusal as a page of its own, in words, or as JSON. */
void page_refuse(struct page *page, int status, const char *sentence);
/* Takes over the JSON. */
void page_json(struct page *page, struct json *json);
extern const char pages_style[], pages_style_sha[];

/* The catalogue of today, in the page's arena. */
SND_MUST int page_catalogue(struct page *page, struct book_service **out, size_t *count);

/* ---- what is typed ---- */
/* A member of a form's body, decoded into out; 1 when it is there, whole and text. */
int body_get(const char *body, size_t len, const char *name, char *out, size_t size);
/* The same of whatever was sent, JSON too; what is not there leaves out empty. */
int page_sent(const struct pages_asked *asked, const char *name, char *out, size_t size);
#endif
