/* SPDX-License-Identifier: Apache-2.0
 * Texts of forms that a centre has loaded and its hub has not: what was filled in by one is taken
 * by the hub and read there by that text, while the service stays the hub's. */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "store/feed.h"
#include "tests/ending.h"
#include "tests/tap.h"
#include "tests/unit/feed_pair.h"

static struct pair hub, one;
static struct pair *const centres[] = {&one};

static const char own_text[] =
    "form MZ-01\nversion 1\nagency MZEC\n"
    "title.ar = توصيل التيار\ntitle.en = Connection\n"
    "about.ar = خدمة.\nabout.en = A service.\n"
    "applicant.civil = civil\napplicant.name = name\napplicant.mobile = mobile\n"
    "open from 2017-11-01 live\narea from 2017-11-01 centre ALL subject ALL\n"
    "fee from 2017-11-01 agency 0.500 centre 2.000\n"
    "[group applicant]\ntitle.ar = مقدم الطلب\ntitle.en = Applicant\n"
    "[field civil]\ntype = civil\nlabel.ar = الرقم المدني\nlabel.en = Civil number\n"
    "required = yes\n"
    "[field name]\ntype = name_ar\nlabel.ar = الاسم\nlabel.en = Name\nrequired = yes\n"
    "[field mobile]\ntype = mobile\nlabel.ar = الهاتف\nlabel.en = Mobile\nrequired = yes\n"
    "[field colour]\ntype = choice\nlabel.ar = اللون\nlabel.en = Colour\nrequired = no\n"
    "choices = colours\n";
static const char own_list[] = "list colours\nchoice red | أحمر | Red\n";

/* An office that had a text of its own before it met its hub; `code` stands for MZ-01. */
static int load_own(struct pair *pair, const char *code, uint8_t sha[HASH_SIZE])
{
    static const char *const name = "colours", *const list = own_list;
    char text[sizeof own_text + 16];
    struct form form = {.code = code, .version = 1, .agency = "MZEC", .text = text};
    int added;
    must(str_format(text, sizeof text, "form %s%s", code, own_text + strlen("form MZ-01")));
    hash_bytes(text, strlen(text), form.sha);
    memcpy(sha, form.sha, HASH_SIZE);
    return store_form_load(pair->f.store, &form, 1, &name, &list, NULL, &added, &pair->f.actor);
}

/* From now on the centre's requests are filled in by that text. */
static void fill_by(struct pair *pair, const uint8_t sha[HASH_SIZE])
{
    memcpy(pair->f.form.sha, sha, HASH_SIZE);
}

/* A centre whose only text of MZ-01 is its own. */
static void open_own(struct pair *pair, uint8_t sha[HASH_SIZE])
{
    memset(pair, 0, sizeof *pair);
    fixture_open_at(&pair->f, "DA01-003");
    must(load_own(pair, "MZ-01", sha));
    fill_by(pair, sha);
}

static long long held(void)
{
    return fixture_raw_int(&hub.f, "SELECT COUNT(*) FROM quarantine");
}

static int head_is(struct pair *pair, const uint8_t sha[HASH_SIZE])
{
    uint8_t head[HASH_SIZE];
    return store_form_head(pair->f.store, "MZ-01", head) == 0 && memcmp(head, sha, HASH_SIZE) == 0;
}

static void taken(void)
{
    uint8_t own[HASH_SIZE], theirs[HASH_SIZE];
    char *text = NULL, *list = NULL;
    pair_open(&hub, "MU01-001");
    memcpy(theirs, hub.f.form.sha, HASH_SIZE);
    open_own(&one, own);
    for (int i = 0; i < 3; i++)
        pair_submit(&one, NULL);
    pair_join(&hub, &one);
    must(pair_sync(&hub, &one));
    pair_submit(&one, NULL);
    must(pair_sync(&hub, &one));
    tap_is_int((int)held(), 0,
               "what was filled in by a text that the hub's replaced is not held back");
    tap_ok(store_form_get(hub.f.store, own, &text) == 0 && strcmp(text, own_text) == 0 &&
               store_form_list_get(hub.f.store, own, "colours", &list) == 0 &&
               strcmp(list, own_list) == 0,
           "and is read at the hub by that text, with its lists");
    tap_ok(head_is(&hub, theirs) && head_is(&one, theirs),
           "the service is begun with the hub's, at the hub and at the centre");
    tap_is_int((int)fixture_raw_int(&hub.f, "SELECT COUNT(*) FROM event WHERE type = 'form.kept'"),
               1, "the hub's trail says once that it keeps the text");
    tap_is_int(pair_wrong(&hub, centres, 1), 0, "both books are whole, replayed and verified");
    x_free(&text);
    x_free(&list);
    pair_close(&hub);
    pair_close(&one);
}

/* The hub's own program may come to have that text later. */
static void raised(void)
{
    uint8_t own[HASH_SIZE], newer[HASH_SIZE];
    pair_open(&hub, "MU01-001");
    pair_open(&one, "DA01-003");
    pair_join(&hub, &one);
    /* of a code that the hub has in another version alone */
    fixture_raw(&hub.f, "UPDATE form SET version = 9 WHERE code = 'MZ-01'");
    fixture_raw(&one.f, "UPDATE form SET version = 9 WHERE code = 'MZ-01'");
    must(load_own(&one, "MZ-01", own));
    fill_by(&one, own);
    pair_submit(&one, NULL);
    must(pair_sync(&hub, &one));
    tap_ok(!head_is(&hub, own), "a centre's text is never the one to begin with");
    must(load_own(&hub, "MZ-01", newer));
    tap_is_int((int)fixture_raw_int(&hub.f, "SELECT version FROM form WHERE body LIKE '%colours%'"),
               1, "until the hub loads it itself");
    pair_close(&hub);
    pair_close(&one);
}

/* What the hub held back before it could keep texts, or before it had the service. */
static void tried_again(void)
{
    uint8_t own[HASH_SIZE];
    struct store_quarantined *row;
    size_t count;
    struct arena *arena = arena_new();
    pair_open(&hub, "MU01-001");
    pair_open(&one, "DA01-003");
    pair_join(&hub, &one);
    must(load_own(&one, "MZ-99", own));
    fill_by(&one, own);
    pair_submit(&one, NULL);
    must(pair_sync(&hub, &one));
    must(store_quarantine_list(hub.f.store, 10, arena, &row, &count));
    tap_ok(count == 1 && strcmp(row[0].why, "form") == 0,
           "a text of a service that the hub doesn't have is no reason to have it");
    tap_ok(count == 1 && store_quarantine_retry(hub.f.store, &row[0].node, &row[0].at,
                                                &hub.f.actor) == SND_E_INVALID,
           "nor when a person tries again");
    struct form form = {.code = "MZ-99", .version = 1, .text = "the hub's"};
    int added;
    hash_bytes(form.text, strlen(form.text), form.sha);
    must(store_form_load(hub.f.store, &form, 0, NULL, NULL, NULL, &added, &hub.f.actor));
    tap_ok(count == 1 &&
               store_quarantine_retry(hub.f.store, &row[0].node, &row[0].at, &hub.f.actor) == 0 &&
               held() == 0,
           "once it has the service, the request is taken by its own text");
    must(pair_sync(&hub, &one));
    tap_is_int(pair_wrong(&hub, centres, 1), 0, "both books are whole");
    arena_free(&arena);
    pair_close(&hub);
    pair_close(&one);
}

/* A request that was passed to a centre, filled in by a text that the centre doesn't have. */
static void fetched(void)
{
    static struct pair two;
    uint8_t own[HASH_SIZE], sha[4][HASH_SIZE];
    char number[24], *text = NULL;
    size_t count = 9, there = 9;
    struct id wish = id_new();
    struct form form = {.code = "MZ-01", .version = 1, .text = own_text};
    struct store_form_list *list;
    struct arena *arena = arena_new();
    pair_open(&hub, "MU01-001");
    open_own(&one, own);
    pair_open(&two, "DA01-004");
    pair_submit(&one, number);
    pair_join(&hub, &one);
    pair_join(&hub, &two);
    must(pair_sync(&hub, &one));
    must(store_request_want(two.f.store, &wish, number, "7000000", &two.f.actor));
    must(pair_sync(&hub, &two));
    must(store_form_wanted(two.f.store, sha, 4, &count));
    tap_ok(count == 1 && memcmp(sha[0], own, HASH_SIZE) == 0,
           "a centre to which a request was passed knows which text it lacks");
    must(store_form_lists(hub.f.store, own, arena, &list, &there));
    memcpy(form.sha, own, HASH_SIZE);
    must(store_form_keep(two.f.store, &form, list, there, &two.f.actor));
    must(store_form_wanted(two.f.store, sha, 4, &count));
    tap_ok(count == 0 && store_form_get(two.f.store, own, &text) == 0 &&
               strcmp(text, own_text) == 0,
           "the hub's copy is kept for it");
    tap_ok(head_is(&two, two.f.form.sha), "and the service is begun with the hub's all the same");
    form.sha[0] ^= 1;
    tap_is_int(store_form_keep(two.f.store, &form, list, there, &two.f.actor), SND_E_NOTFOUND,
               "what nobody wants is not kept");
    must(pair_sync(&hub, &two));
    tap_is_int(fixture_findings(&hub.f, "") + fixture_findings(&two.f, ""), 0,
               "the books are whole");
    x_free(&text);
    arena_free(&arena);
    pair_close(&two);
    pair_close(&hub);
    pair_close(&one);
}

/* Texts that are no form, or not the one of their hash: the requests by them are held back. */
static void forged(void)
{
    static const char *const texts[] = {"form MZ-01\nversion 1\n", ""};
    pair_open(&hub, "MU01-001");
    pair_open(&one, "DA01-003");
    pair_join(&hub, &one);
    for (size_t i = 0; i < SND_COUNT(texts); i++) {
        struct form form = {.code = "MZ-01", .version = 50 + (int)i, .text = texts[i]};
        int added;
        hash_bytes(texts[i], strlen(texts[i]), form.sha);
        must(store_form_load(one.f.store, &form, 0, NULL, NULL, NULL, &added, &one.f.actor));
        fill_by(&one, form.sha);
        pair_submit(&one, NULL);
    }
    struct form lie = {.code = "MZ-01", .version = 60, .text = own_text, .sha = {7}};
    int added;
    must(store_form_load(one.f.store, &lie, 0, NULL, NULL, NULL, &added, &one.f.actor));
    fill_by(&one, lie.sha);
    pair_submit(&one, NULL);
    must(pair_sync(&hub, &one));
    tap_is_int((int)held(), 3, "what is no form, or another than its hash says, is not kept");
    tap_is_int(fixture_findings(&hub.f, ""), 0, "the hub's book is whole");
    pair_close(&hub);
    pair_close(&one);
}

int main(void)
{
    taken();
    raised();
    tried_again();
    fetched();
    forged();
    return tap_done();
}
