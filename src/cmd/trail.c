/* SPDX-License-Identifier: Apache-2.0
 * sanad trail: everything that was done to or seen of a request, an account or a person, newest
 * first, a line each. Reading it is an event of the trail that was read. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "cmd/cmd.h"

/* The moment as clocks in Oman show it: "2018-01-14 08:41:07". */
static void oman_text(int64_t utc_ms, char out[25])
{
    clock_utc_text(utc_ms + CLOCK_OMAN_OFFSET_MS, out);
    out[10] = ' ';
    out[19] = '\0';
}

static const char *deed_word(const char *type)
{
    const struct deed_row *deed = deed_find(type);
    return deed ? deed->name[LANG_EN] : type;
}

static struct json *step_json(const struct book_step *step)
{
    char utc[25], oman[25];
    struct json *json = json_new_object();
    clock_utc_text(step->at, utc);
    oman_text(step->at, oman);
    json_put_int(json, "epoch", step->place.epoch);
    json_put_int(json, "seq", step->place.seq);
    json_put_text(json, "at", utc);
    json_put_text(json, "oman", oman);
    json_put_text(json, "type", step->type);
    json_put_text(json, "actor", step->actor);
    json_put_text(json, "actor_name", step->actor_name);
    json_put_text(json, "centre", step->centre);
    json_put_text(json, "peer", step->peer);
    json_put_text(json, "number", step->number);
    json_put_text(json, "was", step->was);
    json_put_text(json, "now", step->now);
    return json;
}

static void print_step(const struct book_step *step)
{
    char utc[25], oman[25];
    clock_utc_text(step->at, utc);
    oman_text(step->at, oman);
    printf("%" PRId64 "\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", step->place.seq, utc, oman,
           step->actor, step->peer, step->centre, deed_word(step->type), step->number, step->was,
           step->now);
}

/* All pages; the rows go into `all` when it isn't NULL. */
static int read_all(struct book *book, enum book_trail of, const char *key, struct json *all)
{
    struct book_where before = {0};
    int err;
    do {
        struct book_trail_page page;
        struct arena *arena = arena_new();
        err = book_trail(book, of, key, &before, arena, &page);
        for (size_t i = 0; !err && i < page.steps; i++)
            if (all)
                json_push(all, step_json(&page.step[i]));
            else
                print_step(&page.step[i]);
        before = page.next;
        arena_free(&arena);
    } while (!err && before.seq > 0);
    return err;
}

static int print_trail(struct book *book, enum book_trail of, const char *key, int as_json)
{
    struct json *all = as_json ? json_new_array() : NULL;
    int err = read_all(book, of, key, all);
    if (!err && as_json) {
        char *text = json_text(all, 1);
        puts(text);
        x_free(&text);
    }
    json_free(&all);
    if (err == SND_E_NOTFOUND)
        return cmd_fail("Nothing of that name or number has a trail here.");
    return err ? cmd_fail("The trail could not be read: %s.", err_text(err)) : 0;
}

int cmd_trail(int argc, char **argv)
{
    static const struct {
        const char *option;
        enum book_trail of;
    } ways[] = {{"request", BOOK_TRAIL_REQUEST},
                {"account", BOOK_TRAIL_ACCOUNT},
                {"person", BOOK_TRAIL_PERSON}};
    const char *state = cmd_state(&argc, argv), *key = NULL;
    int as_json = cmd_flag(&argc, argv, "json"), given = 0;
    enum book_trail of = BOOK_TRAIL_REQUEST;
    struct book *book = NULL;
    for (size_t i = 0; i < SND_COUNT(ways); i++) {
        const char *value = cmd_option(&argc, argv, ways[i].option);
        if (!value)
            continue;
        key = value;
        of = ways[i].of;
        given++;
    }
    if (argc != 1 || given != 1)
        return cmd_usage("trail");
    if (cmd_book_open(state, &book))
        return 1;
    int status = print_trail(book, of, key, as_json);
    cmd_book_close(&book);
    return status;
}
