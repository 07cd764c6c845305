/* SPDX-License-Identifier: Apache-2.0
 * The pretended book, of what an auditor and a supervisor look at: trails and reports. */
#include "ui_fake.h"
#include <string.h>
#include "base/err.h"
#include "book/report.h"

static void fake_step(struct book_step *step, int64_t seq)
{
    *step = (struct book_step){
        .place = {.epoch = 1, .seq = seq}, .at = 1512300000000 + seq * 1000, .day = FAKE_TODAY};
    (void)str_copy(step->type, sizeof step->type, seq % 2 ? "request.seen" : "request.submitted");
    (void)str_copy(step->actor, sizeof step->actor, "clerk");
    (void)str_copy(step->actor_name, sizeof step->actor_name, "سالم بن حمد العبري");
    (void)str_copy(step->centre, sizeof step->centre, "DA01-003");
    (void)str_copy(step->peer, sizeof step->peer, "10.0.0.7:40022");
    (void)str_copy(step->number, sizeof step->number, "DA01-003-7K3M9QX-H");
    (void)str_copy(step->now, sizeof step->now, seq % 2 ? "" : "queued");
}

int book_trail_find(struct book *book, const char *words, struct arena *arena,
                    struct book_found **out, size_t *count)
{
    (void)book;
    *count = strlen(words) % 3;
    *out = arena_alloc(arena, 3 * sizeof **out);
    for (size_t i = 0; i < *count; i++) {
        (*out)[i].of = BOOK_TRAIL_ACCOUNT;
        (void)str_copy((*out)[i].key, sizeof(*out)[i].key, i ? "clerk2" : "clerk");
        (void)str_copy((*out)[i].name, sizeof(*out)[i].name, "سالم بن حمد العبري");
    }
    return fake_put_error;
}

int book_trail(struct book *book, enum book_trail of, const char *key,
               const struct book_where *before, struct arena *arena, struct book_trail_page *out)
{
    (void)book;
    *out = (struct book_trail_page){.steps = BOOK_PAGE};
    int64_t newest = before && before->seq ? before->seq : 150;
    (void)str_copy(out->title, sizeof out->title, key);
    out->step = arena_alloc(arena, BOOK_PAGE * sizeof *out->step);
    if (newest <= BOOK_PAGE)
        out->steps = (size_t)newest - 1;
    else
        out->next = (struct book_where){.epoch = 1, .seq = newest - BOOK_PAGE};
    for (size_t i = 0; i < out->steps; i++)
        fake_step(&out->step[i], newest - 1 - (int64_t)i);
    return of == BOOK_TRAIL_SESSION ? SND_E_NOTFOUND : fake_put_error;
}

int book_trail_event(struct book *book, const struct book_where *place, struct arena *arena,
                     struct book_event *out)
{
    static const char *const names[] = {"number", "civil", "state", "values.name", "secret"};
    (void)book;
    *out = (struct book_event){.rev = 1, .person = 1, .members = SND_COUNT(names)};
    fake_step(&out->step, place->seq);
    out->member = arena_alloc(arena, out->members * sizeof *out->member);
    for (size_t i = 0; i < out->members; i++) {
        out->member[i].name = arena_strdup(arena, names[i]);
        out->member[i].was = arena_strdup(arena, i == 2 ? "queued" : "");
        out->member[i].now = arena_strdup(arena, i == 2 ? "sent" : "••••");
    }
    return fake_put_error;
}

int book_verify(struct book *book, struct book_verify *inout)
{
    (void)book;
    inout->total = 5000;
    inout->events += 1000;
    inout->place = (struct book_place){1, inout->events};
    inout->done = inout->events >= inout->total;
    return fake_put_error;
}

/* Three governorates, and two requests behind whatever is opened. */
int book_report(struct book *book, const struct book_ask *ask, struct arena *arena,
                struct book_report *out)
{
    static const struct report_row rows[] = {
        {.code = "BJ", .name = {"جنوب الباطنة", "South Al Batinah"}, .n = 20, .before = 25},
        {.code = "DA", .name = {"الداخلية", "Ad Dakhiliyah"}, .n = 120, .before = 100},
        {.code = "MA", .name = {"مسقط", "Muscat"}, .n = 60, .before = 60}};
    (void)book;
    *out = (struct book_report){.count = SND_COUNT(rows),
                                .all = {.n = 200, .before = 185, .outside = 50, .working = 150},
                                .now = {.from = ask->from, .to = ask->to, .days = 1, .working = 1}};
    out->row = arena_alloc(arena, sizeof rows + sizeof *rows);
    memcpy(out->row, rows, sizeof rows);
    return 0;
}

int book_centre(struct book *book, const char *code, struct register_entry *out)
{
    (void)book;
    *out = (struct register_entry){
        .en = "Nizwa Centre", .note = "fibre", .since = 14000, .licensed = 17000};
    (void)str_copy(out->code, sizeof out->code, code);
    (void)str_copy(out->owner, sizeof out->owner, "سالم بن حمد العبري");
    (void)str_copy(out->licence, sizeof out->licence, "DA01/3");
    return 0;
}

int book_report_list(struct book *book, const struct book_ask *ask,
                     const struct report_request *after, size_t max, struct arena *arena,
                     struct report_request **out, size_t *count)
{
    static const struct report_request rows[] = {
        {.number = "DA01-003-7K3M9QX-H", .service = "MZ-01", .state = "queued", .n = 1},
        {.number = "DA01-003-20161128-0001",
         .service = "MZ-02",
         .state = "closed",
         .past = 1,
         .n = 1}};
    (void)book, (void)ask, (void)max;
    *count = after ? 0 : SND_COUNT(rows);
    *out = arena_alloc(arena, sizeof rows);
    memcpy(*out, rows, sizeof rows);
    return 0;
}
