/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts: one account's, replaced by each put, gone for good once submitted. */
#include <string.h>
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/store_fixture.h"

static struct store_draft make(struct fixture *f, const char *account, int64_t saved)
{
    struct store_draft draft = {.id = id_new(), .saved = saved, .field = 3, .caret = 7};
    must(str_copy(draft.account, sizeof draft.account, account));
    must(str_copy(draft.service, sizeof draft.service, "MZ-01"));
    must(str_copy(draft.summary, sizeof draft.summary, "سالم"));
    memcpy(draft.sha, f->form.sha, HASH_SIZE);
    draft.holder = UINT64_MAX - 1;
    return draft;
}

static void test_put(struct fixture *f, struct store_draft *draft)
{
    struct store_draft got;
    char *typed, *values;
    tap_is_int(store_draft_get(f->store, &draft->id, &got, &typed, &values), SND_E_NOTFOUND,
               "no draft yet");
    must(store_draft_put(f->store, draft, "سال", "{\"name\":\"س\"}"));
    draft->field = 4;
    draft->saved++;
    must(store_draft_put(f->store, draft, "", "{\"name\":\"سالم\"}"));
    must(store_draft_get(f->store, &draft->id, &got, &typed, &values));
    tap_ok(memcmp(&got, draft, sizeof got) == 0, "the newest put is what one gets");
    tap_is(typed, "", "with the unfinished text");
    tap_is(values, "{\"name\":\"سالم\"}", "and the values");
    x_free(&typed);
    x_free(&values);
}

static void test_owner(struct fixture *f, const struct store_draft *draft)
{
    struct store_draft other = *draft;
    must(str_copy(other.account, sizeof other.account, "zahir"));
    tap_is_int(store_draft_put(f->store, &other, "", "{}"), SND_E_DENIED,
               "nobody puts over another's draft");
    tap_is_int(store_draft_drop(f->store, &draft->id, "zahir"), SND_E_NOTFOUND, "or drops it");
    other = make(f, "zahir", 99);
    must(store_draft_put(f->store, &other, "", "{}"));
}

static void test_list(struct fixture *f, const struct store_draft *old)
{
    struct arena *arena = arena_new();
    struct store_draft draft = make(f, "huda", old->saved + 1000), *list;
    size_t count;
    must(store_draft_put(f->store, &draft, "", "{}"));
    must(store_draft_list(f->store, "huda", arena, &list, &count));
    tap_ok(count == 2 && id_equal(&list[0].id, &draft.id) && id_equal(&list[1].id, &old->id),
           "one's own drafts, newest first");
    must(store_draft_drop(f->store, &draft.id, "huda"));
    must(store_draft_list(f->store, "huda", arena, &list, &count));
    tap_is_int((long long)count, 1, "dropped");
    must(store_draft_list(f->store, "nobody", arena, &list, &count));
    tap_is_int((long long)count, 0, "none");
    arena_free(&arena);
}

static void test_hold(struct fixture *f, const struct store_draft *draft)
{
    struct store_draft got;
    struct id none = id_new();
    char *typed, *values;
    must(store_draft_hold(f->store, &draft->id, 42));
    must(store_draft_get(f->store, &draft->id, &got, &typed, &values));
    tap_ok(got.holder == 42, "a session holds it");
    tap_is_int(store_draft_hold(f->store, &none, 42), SND_E_NOTFOUND, "nothing to hold");
    x_free(&typed);
    x_free(&values);
}

static void test_park(struct fixture *f, const struct store_draft *draft)
{
    struct store_draft more[9], *list;
    size_t count;
    int digit = 0, in_order = 1;
    struct arena *arena = arena_new();
    for (int i = 0; i < 9; i++) {
        more[i] = make(f, "huda", 9000 + i);
        must(store_draft_put(f->store, &more[i], "", "{}"));
        must(store_draft_park(f->store, "huda", &more[i].id, &digit));
        in_order &= digit == i + 1;
    }
    tap_ok(in_order, "drafts are put aside under the lowest free digits");
    tap_is_int(store_draft_park(f->store, "huda", &draft->id, &digit), SND_E_LIMIT,
               "there are nine");
    must(store_draft_unpark(f->store, "huda", &more[3].id));
    must(store_draft_drop(f->store, &more[6].id, "huda"));
    must(store_draft_park(f->store, "huda", &draft->id, &digit));
    tap_is_int(digit, 4, "an opened one gives its digit back");
    must(store_draft_park(f->store, "huda", &more[3].id, &digit));
    tap_is_int(digit, 7, "and so does a dropped one");
    must(store_draft_park(f->store, "huda", &more[3].id, &digit));
    tap_is_int(digit, 7, "parked twice it keeps its digit");
    must(store_draft_list(f->store, "huda", arena, &list, &count));
    tap_ok(count >= 9 && list[0].parked == 9, "the list says the digits");
    for (int i = 0; i < 9; i++)
        if (i != 6)
            must(store_draft_drop(f->store, &more[i].id, "huda"));
    arena_free(&arena);
}

static void test_submit(struct fixture *f, const struct store_draft *draft)
{
    struct store_request request = {.id = draft->id};
    struct store_draft got;
    char *typed, *values;
    must(fixture_submit(f, "سالم", "1234567", &request));
    tap_is_int(store_draft_get(f->store, &draft->id, &got, &typed, &values), SND_E_NOTFOUND,
               "submitted, the draft is away");
    tap_is_int(store_draft_put(f->store, draft, "", "{}"), SND_E_EXISTS,
               "a late put does not bring it back");
}

int main(void)
{
    struct fixture f;
    fixture_open(&f);
    long long events = fixture_raw_int(&f, "SELECT COUNT(*) FROM event");
    struct store_draft draft = make(&f, "huda", 5000);
    test_put(&f, &draft);
    test_owner(&f, &draft);
    test_list(&f, &draft);
    test_hold(&f, &draft);
    test_park(&f, &draft);
    tap_is_int(fixture_raw_int(&f, "SELECT COUNT(*) FROM event"), events, "drafts make no events");
    test_submit(&f, &draft);
    fixture_close(&f);
    return tap_done();
}
