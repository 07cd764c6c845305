/* SPDX-License-Identifier: Apache-2.0
 * A supervisor adds a service from a definition file while the office runs: nothing is compiled, a
 * clerk begins it at once, and the trail says who added it and when. */
#include <signal.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

static int load(struct book *book, uint8_t sha[HASH_SIZE])
{
    const char *names[] = {"capacities"}, *texts[] = {rig_list};
    char text[RIG_FORM];
    int added = 0;
    rig_form_text("NW-01", text);
    int err = book_form_load(book, text, 1, names, texts, NULL, sha, &added);
    return err ? err : added == 1 ? 0 : SND_E_EXISTS;
}

static int is_open(struct book *book, const char *code)
{
    struct book_service *list;
    size_t count = 0;
    int found = 0;
    struct arena *arena = arena_new();
    if (book_service_list(book, arena, &list, &count))
        count = 0;
    for (size_t i = 0; i < count; i++)
        found |= strcmp(list[i].code, code) == 0 && list[i].open;
    arena_free(&arena);
    return found;
}

static int said(struct book *book, const struct book_where *place, const char *name,
                const char *value)
{
    struct book_event event;
    int found = 0;
    struct arena *arena = arena_new();
    if (book_trail_event(book, place, arena, &event))
        event.members = 0;
    for (size_t i = 0; i < event.members; i++)
        found |= strcmp(event.member[i].name, name) == 0 && strcmp(event.member[i].now, value) == 0;
    arena_free(&arena);
    return found;
}

static void audited(struct book *auditor)
{
    struct book_trail_page page = {0};
    const struct book_where none = {0};
    const struct book_step *step = NULL;
    struct arena *arena = arena_new();
    int err = book_trail(auditor, BOOK_TRAIL_ACCOUNT, "sup", &none, arena, &page);
    for (size_t i = 0; !err && i < page.steps && !step; i++)
        if (strcmp(page.step[i].type, "form.loaded") == 0)
            step = &page.step[i];
    tap_ok(step && strcmp(step->actor, "sup") == 0 && said(auditor, &step->place, "code", "NW-01"),
           "the audit shows which service was added, and by whom");
    tap_ok(step && step->at > clock_utc_ms() - 60000 && step->at <= clock_utc_ms(), "and when");
    arena_free(&arena);
}

int main(void)
{
    struct rig rig;
    uint8_t sha[HASH_SIZE];
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    struct book *clerk = rig_login(&rig, "clerk"), *sup = rig_login(&rig, "sup");
    struct book *auditor = rig_login(&rig, "auditor");
    tap_ok(!is_open(clerk, "NW-01"), "there is no such service");
    tap_is_int(load(clerk, sha), SND_E_DENIED, "a clerk adds none");
    tap_is_int(load(sup, sha), 0, "a supervisor adds it from its definition");
    tap_ok(is_open(clerk, "NW-01"), "and a clerk begins it at once");
    audited(auditor);
    book_close(&clerk);
    book_close(&sup);
    book_close(&auditor);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    rig_remove(&rig);
    return tap_done();
}
