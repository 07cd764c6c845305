/* SPDX-License-Identifier: Apache-2.0
 * The pretended book, of what other offices have a part in: lines to hub and agencies, seats,
 * requests of other centres, and what has to be settled between them. */
#include "ui_fake.h"
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "book/agency.h"
#include "book/feed.h"
#include "book/pass.h"
#include "book/public.h"
#include "book/seat.h"

const char *const agency_stages[AGENCY_STAGES] = {"agreed", "building", "testing", "live"};

int book_agency_list(struct book *book, struct arena *arena, struct book_link **out, size_t *count)
{
    (void)book;
    *out = arena_alloc(arena, sizeof **out);
    *count = 0;
    return 0;
}

/* So many centres have joined, the last of them silent for long. */
#define FAKE_CENTRES 3

int book_node_list(struct book *book, struct arena *arena, struct book_node **out, size_t *count)
{
    (void)book;
    *count = FAKE_CENTRES;
    *out = arena_alloc(arena, FAKE_CENTRES * sizeof **out);
    for (int i = 0; i < FAKE_CENTRES; i++) {
        struct book_node *node = *out + i;
        *node = (struct book_node){.state = "joined", .program = "0.1.0"};
        (void)str_format(node->centre, sizeof node->centre, "DA01-%03d", i + 1);
        (void)str_copy(node->name, sizeof node->name, "مركز الأفق");
        node->seen = i + 1 < FAKE_CENTRES ? clock_utc_ms() : 1;
        node->events = node->documents = i;
    }
    return 0;
}

int public_places(struct book *book, struct arena *arena, struct public_place **out, size_t *count)
{
    (void)book;
    *out = arena_alloc(arena, sizeof **out);
    *count = 0;
    return 0;
}

int book_outbox_list(struct book *book, const char *agency, const char *state, struct arena *arena,
                     struct book_sending **out, size_t *count)
{
    (void)book;
    (void)agency;
    (void)state;
    *out = arena_alloc(arena, sizeof **out);
    *count = 0;
    return 0;
}

int book_agency_push(struct book *book, const char *agency)
{
    (void)book;
    (void)agency;
    return 0;
}

int book_outbox_retry(struct book *book, const char *number)
{
    (void)book;
    (void)number;
    return 0;
}

int book_line_ask(struct book *book)
{
    (void)book;
    return 0;
}

int book_line_heard(struct book *book, struct book_line_state *out)
{
    (void)book, (void)out;
    return SND_E_BUSY;
}

int book_line_state(struct book *book, struct book_line_state *out)
{
    (void)book;
    *out = (struct book_line_state){0};
    return 0;
}

int book_line_push(struct book *book)
{
    (void)book;
    return SND_E_NOTFOUND;
}

int book_seat_list(struct book *book, struct arena *arena, struct book_campaign **out,
                   size_t *count)
{
    (void)book;
    *count = 0;
    *out = arena_alloc(arena, sizeof **out);
    return 0;
}

int book_seat_get(struct book *book, const char *number, struct book_seat *out)
{
    (void)book, (void)number, (void)out;
    return SND_E_NOTFOUND;
}

const char *seat_words(const struct book_seat *seat)
{
    return seat->state;
}

const char *line_trouble(const char *why)
{
    return why;
}

int book_officer_list(struct book *book, struct arena *arena, struct book_officer **out,
                      size_t *count)
{
    (void)book;
    *count = 0;
    *out = arena_alloc(arena, sizeof **out);
    return 0;
}

/* Requests of other centres: the first wish is answered, the second waits. */
int book_request_want(struct book *book, const char *number, const char *civil,
                      struct book_wish *out)
{
    (void)book;
    *out = (struct book_wish){.word = "asked"};
    return strlen(civil) < 6 || str_copy(out->number, sizeof out->number, number) != 0
               ? SND_E_INVALID
               : 0;
}

int book_wish_list(struct book *book, struct arena *arena, struct book_wish **out, size_t *count)
{
    static const struct book_wish wishes[] = {
        {.number = "MU01-001-7K3M9Q0-M", .word = "asked", .at = 1515900000000},
        {.number = "DA02-007-7K3M9Q0-M",
         .word = "pair",
         .at = 1515900000000,
         .answered = 1515900001000,
         .news = 1}};
    (void)book;
    *count = SND_COUNT(wishes);
    *out = arena_alloc(arena, sizeof wishes);
    memcpy(*out, wishes, sizeof wishes);
    return 0;
}

int book_wish_read(struct book *book)
{
    (void)book;
    return 0;
}

int book_conflict_list(struct book *book, struct arena *arena, struct book_conflict **out,
                       size_t *count)
{
    (void)book;
    *out = arena_alloc(arena, sizeof **out);
    **out = (struct book_conflict){.number = "DA01-003-7K3M9Q0-M",
                                   .lost = STATE_CANCELLED,
                                   .state = STATE_SENT,
                                   .at = 1515900000000,
                                   .centre = "DA01-003",
                                   .account = "clerk",
                                   .applicant = "سالم بن حمد العبري",
                                   .tail = "••••2345"};
    *count = 1;
    return 0;
}

int book_conflict_close(struct book *book, const struct book_conflict *conflict, const char *reason)
{
    (void)book, (void)conflict;
    return strlen(reason) < 4 ? SND_E_INVALID : 0;
}

int book_quarantine_list(struct book *book, struct arena *arena, struct book_quarantined **out,
                         size_t *count)
{
    (void)book;
    *out = arena_alloc(arena, sizeof **out);
    **out = (struct book_quarantined){.epoch = 1,
                                      .seq = 57,
                                      .at = 1515900000000,
                                      .centre = "DA01-003",
                                      .type = "request.submitted",
                                      .why = "form",
                                      .number = "DA01-003-7K3M9Q0-M",
                                      .tail = "••••2345"};
    *count = 1;
    return 0;
}

int book_quarantine_retry(struct book *book, const struct book_quarantined *event)
{
    (void)book, (void)event;
    return SND_E_INVALID;
}

int book_quarantine_close(struct book *book, const struct book_quarantined *event,
                          const char *reason)
{
    (void)book, (void)event;
    return strlen(reason) < 4 ? SND_E_INVALID : 0;
}
