/* SPDX-License-Identifier: Apache-2.0 */
/* Requests of the time before this book: imported as facts, one event for some hundred of them.
 * The event's payload holds the rows as text, the projection is the same tally that counts the
 * book's own requests, so reports can't treat the two differently. A row is known by its centre,
 * day and place in that day: what is there already is left out, so an import that was cut off is
 * simply begun again; other facts in the same place are refused, never mixed in.
 *
 * The text: for each centre's day a line "@DAY CENTRE FIRST" (how-manieth its first row is, from
 * 1), then a line for each row: "HH:MM BAND CLERK SERVICE AGENCY STATE GENDER FEE FEE N" with fees
 * of agency and centre in baisa, a clerk's code without the centre's in front, "-" where there is
 * nothing, and N such requests. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/num.h"
#include "store/tally_priv.h"
#include "store/wordmap_priv.h"

#define HISTORY_TEXT (60 * 1024)
#define HISTORY_WORD 16
#define HISTORY_FIELDS 10
#define HISTORY_FIRST_DAY 3653 /* 1980-01-01 */

/* One centre's day in the text. */
struct past_day {
    int32_t day;
    char centre[16];
    int64_t first;          /* place of the first row, from 1 */
    const char *text, *end; /* its lines, the first is the head */
    struct buf facts;
    int64_t n;
};
struct history {
    struct db *db;
    int make; /* words that are new are made; else they are 0, and their rows can't be there */
    struct wordmap *words; /* of this text: "kind word" */
    int64_t *no;           /* their numbers in the book */
    size_t count;
};

/* The next field of a line, up to a space or the line's end, copied into out. */
static int history_field(const char **at, const char *end, char out[HISTORY_WORD * 2])
{
    size_t len = 0;
    while (*at < end && **at != ' ' && **at != '\n') {
        char c = *(*at)++;
        if (len + 1 >= HISTORY_WORD * 2 || c <= ' ' || c > '~')
            return SND_E_BAD;
        out[len++] = c;
    }
    out[len] = '\0';
    if (*at < end && **at == ' ')
        (*at)++;
    return len == 0 ? SND_E_BAD : 0;
}

/* The number of a word in the book; in a text it is looked up once. */
static int history_word(struct history *history, const char *kind, const char *word,
                        const char *parent, uint16_t *out)
{
    char key[HISTORY_WORD * 4];
    int fresh;
    *out = 0;
    if (strcmp(word, "-") == 0)
        return 0;
    int err = str_format(key, sizeof key, "%s %s", kind, word);
    if (err != 0 || strlen(word) >= 2 * HISTORY_WORD)
        return SND_E_BAD;
    size_t at = wordmap_add(history->words, key, strlen(key), &fresh);
    if (fresh) {
        history->no = x_realloc(history->no, at + 1, sizeof *history->no);
        err = history->make ? word_number(history->db, kind, word, parent, &history->no[at])
                            : word_find(history->db, kind, word, &history->no[at]);
    }
    *out = err == 0 ? word_in_fact(history->no[at]) : 0;
    return err;
}

static int history_index(const char *word, const char *const *words, size_t count, int *out)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0) {
            *out = (int)i;
            return 0;
        }
    return SND_E_BAD;
}

static int history_minute(const char *text, int *out)
{
    int hour = 0, minute = 0;
    char rest;
    if (strlen(text) != 5 || sscanf(text, "%2d:%2d%c", &hour, &minute, &rest) != 2 || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59)
        return SND_E_BAD;
    *out = hour * 60 + minute;
    return 0;
}

/* What a row says that needs no book. */
static int history_plain(char field[HISTORY_FIELDS][HISTORY_WORD * 2], struct fact *out)
{
    static const char *const bands[] = {"morning", "evening", "weekend"};
    static const char *const genders[] = {"-", "m", "f"};
    int64_t n = 0;
    int err = history_minute(field[0], &out->minute);
    if (err == 0)
        err = history_index(field[1], bands, SND_COUNT(bands), &out->band);
    if (err == 0)
        err = history_index(field[6], genders, SND_COUNT(genders), &out->gender);
    if (err == 0)
        err = num_parse(field[7], 0, UINT32_MAX, &out->fee_agency);
    if (err == 0)
        err = num_parse(field[8], 0, UINT32_MAX, &out->fee_centre);
    if (err == 0)
        err = num_parse(field[9], 1, UINT16_MAX, &n);
    out->n = (uint16_t)n;
    return err;
}

static int history_words(struct history *history, const char *centre,
                         char field[HISTORY_FIELDS][HISTORY_WORD * 2], struct fact *out)
{
    char clerk[HISTORY_WORD * 2] = "-";
    int err = 0;
    if (strcmp(field[2], "-") != 0)
        err = str_format(clerk, sizeof clerk, "%s%s", centre, field[2]);
    if (err == 0)
        err = history_word(history, "service", field[3], field[4], &out->service);
    if (err == 0)
        err = history_word(history, "clerk", clerk, "", &out->clerk);
    return err != 0 ? err : history_word(history, "state", field[5], "", &out->state);
}

static int history_row(struct history *history, const char *centre, const char **at,
                       const char *end, struct fact *out)
{
    char field[HISTORY_FIELDS][HISTORY_WORD * 2];
    int err = 0;
    *out = (struct fact){0};
    for (int i = 0; i < HISTORY_FIELDS && err == 0; i++)
        err = history_field(at, end, field[i]);
    if (err == 0 && (*at == end || **at != '\n'))
        err = SND_E_BAD;
    if (err != 0)
        return err;
    (*at)++;
    err = history_plain(field, out);
    return err != 0 ? err : history_words(history, centre, field, out);
}

/* "@DAY CENTRE FIRST" */
static int history_head(const char **at, const char *end, struct past_day *out)
{
    char day[HISTORY_WORD * 2], centre[HISTORY_WORD * 2], first[HISTORY_WORD * 2];
    if (*at == end || *(*at)++ != '@')
        return SND_E_BAD;
    int err = history_field(at, end, day);
    if (err == 0)
        err = history_field(at, end, centre);
    if (err == 0)
        err = history_field(at, end, first);
    if (err != 0 || *at == end || *(*at)++ != '\n' || clock_day_parse(day, &out->day) != 0 ||
        out->day < HISTORY_FIRST_DAY || !store_centre_ok(centre) ||
        str_copy(out->centre, sizeof out->centre, centre) != 0)
        return SND_E_BAD;
    return num_parse(first, 1, UINT32_MAX, &out->first);
}

/* Reads one centre's day; *at is after it then. */
static int history_group(struct history *history, const char **at, const char *end,
                         struct past_day *out)
{
    *out = (struct past_day){.text = *at, .facts = BUF_INIT(HISTORY_TEXT)};
    int err = history_head(at, end, out);
    while (err == 0 && *at < end && **at != '@') {
        struct fact fact;
        uint8_t bytes[FACT_SIZE];
        err = history_row(history, out->centre, at, end, &fact);
        fact_put(&fact, bytes);
        buf_put(&out->facts, bytes, FACT_SIZE);
        out->n += fact.n;
    }
    out->end = *at;
    return err != 0 || out->facts.len == 0 || out->facts.failed ? SND_E_BAD : 0;
}

static void history_begin(struct history *history, struct db *db, int make)
{
    *history = (struct history){.db = db, .make = make, .words = wordmap_new()};
}

static void history_end(struct history *history)
{
    wordmap_free(&history->words);
    x_free(&history->no);
}

int history_apply(struct store *store, const struct event *event, const struct json *payload)
{
    (void)event;
    struct history history;
    const char *at = event_text(payload, "rows"), *end = at + strlen(at);
    int err = 0;
    history_begin(&history, store->db, 1);
    while (err == 0 && at < end) {
        struct past_day group;
        err = history_group(&history, &at, end, &group);
        if (err == 0)
            err = tally_append(store->db, group.day, group.centre, 1, &group.facts, NULL);
        buf_free(&group.facts);
    }
    history_end(&history);
    return err;
}

/* 1: these rows are new, 0: they are there. SND_E_CONFLICT: others are there, or rows before them
 * are missing. */
static int history_is_new(struct store *store, const struct past_day *group)
{
    struct buf facts = BUF_INIT(TALLY_PARTS * TALLY_PART * FACT_SIZE);
    int err = tally_find(store->db, group->day, group->centre, 1, &facts);
    size_t from = (size_t)(group->first - 1) * FACT_SIZE, len = group->facts.len;
    int is_new = err != 0 ? err : SND_E_CONFLICT;
    if ((err == SND_E_NOTFOUND && from == 0) || (err == 0 && facts.len == from))
        is_new = 1;
    else if (err == SND_E_NOTFOUND)
        is_new = SND_E_CONFLICT;
    else if (err == 0 && facts.len >= from + len &&
             memcmp(facts.data + from, group->facts.data, len) == 0)
        is_new = 0;
    buf_free(&facts);
    return is_new;
}

/* Puts the groups that are new into `fresh` and counts both kinds. */
static int history_sift(struct store *store, const char *text, struct buf *fresh,
                        struct store_import *out)
{
    struct history history;
    const char *at = text, *end = text + strlen(text);
    int err = 0;
    history_begin(&history, store->db, 0);
    while (err == 0 && at < end) {
        struct past_day group;
        err = history_group(&history, &at, end, &group);
        int is_new = err != 0 ? err : history_is_new(store, &group);
        if (is_new == 1) {
            buf_put(fresh, group.text, (size_t)(group.end - group.text));
            out->added += group.n;
        } else if (is_new == 0) {
            out->there += group.n;
        } else {
            err = is_new;
        }
        buf_free(&group.facts);
    }
    history_end(&history);
    return err;
}

static int history_append(struct store *store, const char *text, struct store_import *out,
                          const struct store_actor *actor)
{
    struct buf fresh = BUF_INIT(HISTORY_TEXT);
    int err = history_sift(store, text, &fresh, out);
    if (err == 0 && fresh.len > 0) {
        struct json *payload = json_new_object();
        json_put_int(payload, "requests", out->added);
        json_put_text(payload, "rows", buf_text(&fresh));
        err = event_append(store, EVENT_HISTORY_IMPORTED, actor, &(struct event_about){0}, payload);
        json_free(&payload);
    }
    buf_free(&fresh);
    return err;
}

int store_history_import(struct store *store, const char *text, struct store_import *out,
                         const struct store_actor *actor)
{
    *out = (struct store_import){0};
    if (strlen(text) > HISTORY_TEXT || !json_text_fits(text))
        return SND_E_BAD;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    return store_write_end(store, history_append(store, text, out, actor));
}
