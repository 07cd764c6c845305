/* SPDX-License-Identifier: Apache-2.0
 * The statements of a form that speak of days: when it is open, in which seasons, where, and for
 * what fee. Dated lines of one sort stand in the order of their days, one a day, so that what holds
 * on a day is the last line that isn't after it; seasons come back every year and have no order. */
#include <string.h>
#include "base/clock.h"
#include "form/read_priv.h"
#include "text/number.h"

static void complain(struct reader *reader, int column, const char *sentence)
{
    source_complain(&reader->source, reader->source.line, column, "%s", sentence);
}

/* The day of a dated line, which must lie after that of the line before. */
static int read_day(struct reader *reader, const struct word *word, const int32_t *before,
                    int32_t *out)
{
    if (clock_day_parse(word->text, out) != 0)
        complain(reader, word->column, "Write a day as year-month-day, such as 2017-11-01.");
    else if (before && *before >= *out)
        complain(reader, word->column, "Put the lines in the order of their days, one line a day.");
    else
        return 1;
    return 0;
}

static int has_room(struct reader *reader, size_t count)
{
    if (count < READ_DATED)
        return 1;
    complain(reader, 1, "Take lines out: at most 40 of this sort.");
    return 0;
}

void dated_open(struct reader *reader, const struct word *word)
{
    static const char *const states[] = {"live",   "next",    "suspended",
                                         "closed", "linking", "announced"};
    struct form *form = reader->form;
    struct span *span = &reader->span[form->spans];
    if (!has_room(reader, form->spans) ||
        !read_day(reader, &word[2], form->spans ? &span[-1].from : NULL, &span->from))
        return;
    for (size_t i = 0; i < SND_COUNT(states); i++)
        if (strcmp(states[i], word[3].text) == 0) {
            span->state = (enum service_state)i;
            form->spans++;
            return;
        }
    complain(reader, word[3].column, "Write live, next, linking, announced, suspended or closed.");
}

/* A month and a day, 07-01, as 701; any year's February has 29 days here, any Hijri month 30. */
static int read_month_day(struct reader *reader, const struct word *word, int hijri, int *out)
{
    static const char days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *at = word->text;
    int month = 0, day = 0;
    if (strlen(at) == 5 && strspn(at, "0123456789") == 2 && at[2] == '-' &&
        strspn(at + 3, "0123456789") == 2) {
        month = (at[0] - '0') * 10 + at[1] - '0';
        day = (at[3] - '0') * 10 + at[4] - '0';
    }
    *out = month * 100 + day;
    if (month >= 1 && month <= 12 && day >= 1 && day <= (hijri ? 30 : days[month - 1]))
        return 1;
    complain(reader, word->column, "Write a month and a day with two digits each, such as 07-01.");
    return 0;
}

static int stands_above(const struct reader *reader, const struct season *season)
{
    for (const struct season *above = reader->season; above < season; above++)
        if (above->hijri == season->hijri && above->from == season->from && above->to == season->to)
            return 1;
    return 0;
}

void dated_season(struct reader *reader, const struct word *word)
{
    struct form *form = reader->form;
    struct season *season = &reader->season[form->seasons];
    if (!has_room(reader, form->seasons))
        return;
    season->hijri = strcmp(word[1].text, "hijri") == 0;
    if (!season->hijri && strcmp(word[1].text, "gregorian") != 0)
        complain(reader, word[1].column, "Write gregorian or hijri: the months of which year.");
    else if (read_month_day(reader, &word[3], season->hijri, &season->from) &&
             read_month_day(reader, &word[5], season->hijri, &season->to)) {
        if (stands_above(reader, season))
            complain(reader, 1, "Take this line out: the season stands above already.");
        else
            form->seasons++;
    }
}

void dated_area(struct reader *reader, const struct word *word)
{
    struct form *form = reader->form;
    struct area *area = &reader->area[form->areas];
    if (!has_room(reader, form->areas) ||
        !read_day(reader, &word[2], form->areas ? &area[-1].from : NULL, &area->from))
        return;
    for (int i = 4; i <= 6; i += 2)
        if (!area_known(word[i].text)) {
            complain(reader, word[i].column,
                     "Write an area of README.md, or codes such as ZU+WU02.");
            return;
        }
    area->centre = word[4].text;
    area->subject = word[6].text;
    form->areas++;
}

void dated_fee(struct reader *reader, const struct word *word)
{
    struct form *form = reader->form;
    struct fee *fee = &reader->fee[form->fees];
    if (!has_room(reader, form->fees) ||
        !read_day(reader, &word[2], form->fees ? &fee[-1].from : NULL, &fee->from))
        return;
    for (int i = 4; i <= 6; i += 2)
        if (money_parse(word[i].text, i == 4 ? &fee->agency : &fee->centre) != 0 ||
            strcspn(word[i].text, ".") + 4 != strlen(word[i].text)) {
            complain(reader, word[i].column, "Write rials with three decimals, such as 7.500.");
            return;
        }
    form->fees++;
}
