/* SPDX-License-Identifier: Apache-2.0
 * A form as a whole: reading it in three passes, letting it go, and what the rest of the program
 * asks of it: its fields by key, and what holds on a day. Everything of a form lives in one arena
 * that is freed with it; only compiled regular expressions need a hand. */
#include "form/form.h"
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "form/read_priv.h"
#include "text/date.h"

/* A form and the memory it lives in. */
struct whole {
    struct form form; /* first: a struct form * is a struct whole * */
    struct arena *arena;
};

static void read_passes(struct reader *reader)
{
    lines_read(reader);
    build_form(reader);
    if (!reader->source.faults)
        check_form(reader);
}

int form_read(const char *text, size_t len, form_list_find *find, void *arg, struct arena *arena,
              struct form **out, const struct form_fault **faults, size_t *count)
{
    struct whole *whole = x_alloc(sizeof *whole);
    struct form *form = &whole->form;
    struct reader *reader = x_alloc(sizeof *reader);
    whole->arena = arena_new();
    reader->form = form;
    reader->find = find;
    reader->find_arg = arg;
    form->text = arena_strndup(whole->arena, text, len);
    hash_bytes(text, len, form->sha);
    source_open(&reader->source, text, len, whole->arena, arena);
    if (!reader->source.faults)
        read_passes(reader);
    *faults = source_faults(&reader->source);
    *count = reader->source.faults;
    x_free(&reader->part);
    x_free(&reader->choice);
    x_free(&reader);
    if (*count)
        form_free(&form);
    *out = form;
    return *count ? SND_E_BAD : 0;
}

void form_free(struct form **form)
{
    if (!*form)
        return;
    struct whole *whole = (struct whole *)*form;
    expr_close(whole->form.rate);
    for (size_t i = 0; i < whole->form.fields; i++) {
        const struct field *field = &whole->form.field[i];
        expr_close(field->required);
        expr_close(field->relevant);
        expr_close(field->constraint);
        expr_close(field->calculate);
        expr_close(field->otherwise);
    }
    arena_free(&whole->arena);
    x_free(&whole);
    *form = NULL;
}

int form_field(const struct form *form, const char *key)
{
    for (size_t i = 0; i < form->fields; i++)
        if (strcmp(form->field[i].key, key) == 0)
            return (int)i;
    return -1;
}

static int in_season(const struct season *season, int32_t day)
{
    struct ymd date = season->hijri ? date_to_hijri(day) : date_to_gregorian(day);
    int at = date.month * 100 + date.day;
    if (season->from <= season->to)
        return at >= season->from && at <= season->to;
    return at >= season->from || at <= season->to;
}

static int in_seasons(const struct form *form, int32_t day)
{
    for (size_t i = 0; i < form->seasons; i++)
        if (in_season(&form->season[i], day))
            return 1;
    return form->seasons == 0;
}

enum service_state form_state(const struct form *form, int32_t day)
{
    enum service_state state = SERVICE_NEXT;
    for (size_t i = 0; i < form->spans && form->span[i].from <= day; i++)
        state = form->span[i].state;
    return state == SERVICE_LIVE && !in_seasons(form, day) ? SERVICE_OFF_SEASON : state;
}

/* Seasons come within a year, of either calendar, after a service has become live. */
#define SEASON_DAYS 400
static int32_t season_opens(const struct form *form, int32_t day)
{
    for (int32_t at = day + 1; at <= day + SEASON_DAYS; at++)
        if (form_state(form, at) == SERVICE_LIVE)
            return at;
    return 0;
}

int32_t form_opens(const struct form *form, int32_t day)
{
    if (form->seasons &&
        (form_state(form, day) == SERVICE_OFF_SEASON || form_state(form, day) == SERVICE_LIVE))
        return season_opens(form, day);
    for (size_t i = 0; i < form->spans; i++)
        if (form->span[i].from > day && form->span[i].state == SERVICE_LIVE)
            return form->seasons ? season_opens(form, form->span[i].from - 1) : form->span[i].from;
    return form_state(form, day) == SERVICE_LIVE ? day + 1 : 0;
}

int32_t form_promised(const struct form *form, int32_t day)
{
    int32_t since = 0;
    for (size_t i = 0; i < form->spans && form->span[i].from <= day; i++) {
        enum service_state state = form->span[i].state;
        if (state != SERVICE_NEXT && state != SERVICE_LINKING && state != SERVICE_ANNOUNCED)
            since = 0;
        else if (since == 0)
            since = form->span[i].from;
    }
    return since;
}

const struct area *form_area(const struct form *form, int32_t day)
{
    const struct area *area = form->area;
    for (size_t i = 0; i < form->areas && form->area[i].from <= day; i++)
        area = &form->area[i];
    return area;
}

const struct fee *form_fee(const struct form *form, int32_t day)
{
    const struct fee *fee = form->fee;
    for (size_t i = 0; i < form->fees && form->fee[i].from <= day; i++)
        fee = &form->fee[i];
    return fee;
}
