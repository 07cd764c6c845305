/* SPDX-License-Identifier: Apache-2.0
 * The requirement sheet of a service. What changes on a day to come is said with its day, so that
 * nobody is sent home with yesterday's fee. */
#include "form/sheet.h"
#include <string.h>
#include "form/agency.h"
#include "form/party.h"
#include "text/date.h"
#include "text/number.h"

#define LINES_MAX 320 /* a form has at most 200 fields and 40 dated lines of each sort */

struct maker {
    const struct form *form;
    int32_t day;
    struct arena *arena;
    struct sheet *sheet;
};

static void add(struct maker *maker, const char *label, const char *text)
{
    struct sheet *sheet = maker->sheet;
    if (sheet->lines < LINES_MAX && *text)
        sheet->line[sheet->lines++] = (struct sheet_line){.label = label, .text = text};
}

static void add_heading(struct maker *maker, const char *label)
{
    struct sheet *sheet = maker->sheet;
    if (sheet->lines < LINES_MAX)
        sheet->line[sheet->lines++] = (struct sheet_line){.label = label, .text = "", .heading = 1};
}

static const char *day_words(struct maker *maker, int32_t day)
{
    char out[16];
    date_text(day, CALENDAR_GREGORIAN, out);
    return arena_strdup(maker->arena, out);
}

const char *sheet_target(const struct form *form, struct arena *arena)
{
    unsigned long n = (unsigned long)form->target;
    char count[32] = "";
    (void)number_text(form->target, DIGITS_ASCII, count, sizeof count);
    if (form->target_unit == 's')
        return _("the season");
    if (form->target_unit == 'q')
        return _("the order of the waiting list");
    if (form->target_unit == 'm')
        return arena_printf(arena, P_("%s minute", "%s minutes", n), count);
    if (form->target_unit == 'h')
        return arena_printf(arena, P_("%s hour", "%s hours", n), count);
    return arena_printf(arena, P_("%s working day", "%s working days", n), count);
}

/* ---- what to bring ---- */

static void add_documents(struct maker *maker)
{
    int any = 0;
    for (size_t i = 0; i < maker->form->fields; i++) {
        const struct field *field = &maker->form->field[i];
        if (field->kind != FIELD_DOC)
            continue;
        if (!any)
            add_heading(maker, _("What to bring"));
        any = 1;
        const char *need = field->need == NEED_NO                      ? _("if there is one")
                           : field->need == NEED_IF || field->relevant ? _("where it applies")
                                                                       : _("must be there");
        add(maker, field->label[msg_language()], need);
    }
    if (!any)
        add(maker, _("What to bring"), _("no documents"));
}

/* ---- what it costs ---- */

static const char *fee_words(struct maker *maker, const struct fee *fee)
{
    char agency[32], centre[32], sum[32];
    (void)money_text(fee->agency, agency, sizeof agency);
    (void)money_text(fee->centre, centre, sizeof centre);
    (void)money_text(fee->agency + fee->centre, sum, sizeof sum);
    /* L10N: amounts in rials: the agency's, the centre's, and both together. */
    return arena_printf(maker->arena, _("agency %s + centre %s = %s rials"), agency, centre, sum);
}

static void add_fees(struct maker *maker)
{
    const struct form *form = maker->form;
    const struct fee *now = form_fee(form, maker->day);
    add(maker, _("Fees"), fee_words(maker, now));
    if (form->rate)
        add(maker, "", _("and what the agency works out from the values of the request"));
    for (const struct fee *next = form->fee; next < form->fee + form->fees; next++)
        if (next->from > maker->day && next != now)
            add(maker, arena_printf(maker->arena, _("from %s"), day_words(maker, next->from)),
                fee_words(maker, next));
}

/* ---- where and when ---- */

static void add_areas(struct maker *maker)
{
    const struct form *form = maker->form;
    const struct area *now = form_area(form, maker->day);
    add(maker, _("Centres"), _(area_text(now->centre)));
    for (const struct area *next = form->area; next < form->area + form->areas; next++)
        if (next->from > maker->day && next != now)
            add(maker, arena_printf(maker->arena, _("from %s"), day_words(maker, next->from)),
                _(area_text(next->centre)));
    if (form->subject && strcmp(now->subject, "ALL") != 0)
        add(maker, _("Property"), _(area_text(now->subject)));
}

const char *sheet_state(enum service_state state)
{
    static const char *const words[SERVICE_STATES] = {
        [SERVICE_LIVE] = N_("open"),
        [SERVICE_NEXT] = N_("announced, not yet open"),
        [SERVICE_SUSPENDED] = N_("suspended"),
        [SERVICE_CLOSED] = N_("closed"),
        [SERVICE_LINKING] = N_("its agency is being linked"),
        [SERVICE_ANNOUNCED] = N_("its sector joins soon"),
        [SERVICE_OFF_SEASON] = N_("outside its season"),
    };
    return words[state];
}

static void add_season(struct maker *maker, const struct season *season)
{
    char from[8], to[8];
    (void)str_format(from, sizeof from, "%02d/%02d", season->from % 100, season->from / 100);
    (void)str_format(to, sizeof to, "%02d/%02d", season->to % 100, season->to / 100);
    /* L10N: two days of the year, day/month. */
    add(maker, _("Season"),
        arena_printf(maker->arena,
                     season->hijri ? _("from %s to %s of the Hijri year") : _("from %s to %s"),
                     from, to));
}

static void add_days(struct maker *maker, const char *standing)
{
    const struct form *form = maker->form;
    add(maker, _("When"), standing ? standing : _(sheet_state(form_state(form, maker->day))));
    for (size_t i = 0; i < form->spans; i++)
        if (form->span[i].from > maker->day)
            add(maker,
                arena_printf(maker->arena, _("from %s"), day_words(maker, form->span[i].from)),
                _(sheet_state(form->span[i].state)));
    for (size_t i = 0; i < form->seasons; i++)
        add_season(maker, &form->season[i]);
}

/* ---- who ---- */

static const char *choice_words(struct maker *maker, const struct choices *choices)
{
    const char *words = "";
    for (size_t i = 0; i < choices->count; i++) {
        const char *label = choices->item[i].label[msg_language()];
        /* L10N: between the things of a list. */
        words = *words ? arena_printf(maker->arena, _("%s, %s"), words, label) : label;
    }
    return words;
}

static void add_people(struct maker *maker)
{
    const struct form *form = maker->form;
    const char *who = _("whoever has a civil number");
    for (size_t i = 0; i < form->parties; i++)
        if (form->party[i].field[PERSON_CR] >= 0)
            who = _("establishments, by their commercial registration");
    add(maker, _("Who may apply"), who);
    for (size_t i = 0; i < form->parties; i++) {
        int capacity = form->party[i].field[PERSON_CAPACITY];
        if (capacity >= 0 && form->field[capacity].choices)
            add(maker, form->field[capacity].label[msg_language()],
                choice_words(maker, form->field[capacity].choices));
    }
}

void sheet_make(const struct form *form, int32_t day, const char *standing, struct arena *arena,
                struct sheet *out)
{
    struct maker maker = {.form = form, .day = day, .arena = arena, .sheet = out};
    enum lang lang = msg_language();
    *out = (struct sheet){.line = arena_alloc(arena, LINES_MAX * sizeof *out->line)};
    add(&maker, _("Agency"), agency_name(form->agency, lang));
    if (form->about[lang])
        add(&maker, _("What for"), form->about[lang]);
    add_fees(&maker);
    if (form->target_unit)
        add(&maker, _("Answer within"), sheet_target(form, arena));
    add_days(&maker, standing);
    add_areas(&maker);
    add_people(&maker);
    add_documents(&maker);
}
