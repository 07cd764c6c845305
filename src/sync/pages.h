/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_PAGES_H
#define SYNC_PAGES_H
/* The pages that a hub shows to everybody, without login: the services by agency, what each one
 * asks for and which centres near by offer it, how far a request is. In both languages, each with a
 * twin in JSON; right without scripts and light enough for a telephone on a bad line. */
#include "base/buf.h"
#include "book/book.h"
#define PAGES_BODY_MAX 1024 /* of what is sent to us */
#define PAGES_MOST                                                                                 \
    131072 /* no page is larger; those of the services that we know are under 20 kB */

/* What was asked. Texts are borrowed; what isn't there is NULL. */
struct pages_asked {
    const char *method, *path;      /* the path as it came, without the query */
    const char *near, *open, *find; /* of the query, decoded */
    const char *body;               /* of a POST */
    size_t len;
    const char *type;      /* of the body: a form's (NULL), or application/json */
    const char *languages; /* Accept-Language */
    const char *known;     /* If-None-Match */
    const char *peer;      /* address of whoever asks, behind any proxy of ours */
};
struct pages_answer {
    int status;
    const char *type, *cache; /* Content-Type, Cache-Control */
    const char *allow;        /* Allow of a 405, or NULL */
    char location[64];        /* of a 302, "" = none */
    char etag[40];            /* "" = none */
    int retry_after;          /* seconds, 0 = none */
    struct buf body;          /* yours to buf_free(); sent for GET and POST, not for HEAD */
};
struct pages_header {
    const char *name, *value;
};
/* What goes with every answer on the public's side; ends with a NULL name. */
extern const struct pages_header pages_headers[];

struct pages;
/* One for a process; it may be asked by several threads, each with its own connection. */
struct pages *pages_new(void);
void pages_free(struct pages **pages);
/* What whoever can't be answered now is told, in both languages; for any thread. */
const char *pages_busy(const struct pages *pages);
void pages_answer(struct pages *pages, struct book *book, const struct pages_asked *asked,
                  struct pages_answer *out);
#endif
