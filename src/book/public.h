/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BOOK_PUBLIC_H
#define BOOK_PUBLIC_H
/* What everybody may know without logging in: where a service is offered and when, and how far a
 * request is, to whoever has its number and the end of the civil number. */
#include "book/book.h"

/* public.places -> u32 count, {text code, text parent, text ar, text en}: governorates (no parent)
 * and wilayats. */
struct public_place {
    char code[16], parent[16];
    const char *name[LANG_COUNT];
};
SND_MUST int public_places(struct book *book, struct arena *arena, struct public_place **out,
                           size_t *count);

/* public.centres: text service, text wilayat -> i64 day, u8 holiday, u32 count, {text code, text
 * wilayat, text ar, text en, text hours (form/hours.h, "" = not known)}: centres that lie in its area
 * on the business day, those of the wilayat first, then those of its governorate; wilayat "" = the
 * day alone. At most PUBLIC_CENTRES. SND_E_NOTFOUND: no such service. */
#define PUBLIC_CENTRES 200
struct public_centre {
    char code[16], wilayat[16];
    const char *name[LANG_COUNT], *hours;
};
struct public_centres {
    int32_t day;
    int holiday; /* that day is a public holiday */
    struct public_centre *centre;
    size_t count;
};
SND_MUST int public_centres(struct book *book, const char *service, const char *wilayat,
                            struct arena *arena, struct public_centres *out);

/* public.status: text number, text last four digits of the applicant's civil number -> text service,
 * u8 state, i64 day, i64 changed. SND_E_BAD: no number, which its check symbol says. SND_E_NOTFOUND: there
 * is no such request, or it is of somebody else, which takes as long and is not told apart. Who guesses is held up by the caller. */
struct public_status {
    char service[16];
    enum request_state state;
    int32_t day;
    int64_t changed;
};
SND_MUST int public_status(struct book *book, const char *number, const char *digits,
                           struct public_status *out);
#endif
