/* SPDX-License-Identifier: Apache-2.0
 * The unified national portal at the ledger: who may file, what is filed once and under which
 * channel, what is refused, of which places, and that it hears of nothing but what it filed. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "book/agency.h"
#include "book/feed.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define TOKEN "the token of the portal"

static struct {
    struct rig rig;
    struct book *shell, *clerk, *hub;
    struct record *record;
    struct arena *arena;
    struct fault fault[16];
    size_t faults;
    int32_t today;
} at;

static struct book_told caller(const char *token)
{
    struct book_told told = {0};
    uint8_t hash[HASH_SIZE];
    hash_bytes(token, strlen(token), hash);
    hex_text(hash, HASH_SIZE, told.token);
    return told;
}

static void add(const char *agency, const char *token)
{
    struct book_link_terms terms = {.until = clock_utc_ms() + 100000, .most = 4};
    struct book_told told = caller(token);
    (void)str_copy(terms.agency, sizeof terms.agency, agency);
    (void)str_copy(terms.url, sizeof terms.url, "https://portal.example");
    (void)str_copy(terms.documents, sizeof terms.documents, "reference");
    (void)str_copy(terms.callback, sizeof terms.callback, told.token);
    if (book_agency_add(at.shell, &terms) ||
        book_agency_stage(at.shell, agency, "testing", at.today))
        tap_note("no link to %s", agency);
}

static int file(const char *token, const char *key, struct book_receipt *out)
{
    struct book_told told = caller(token);
    return book_portal_submit(at.hub, &told, key, at.record, out, at.fault, 16, &at.faults);
}

static int status(const char *number, struct portal_status *out)
{
    struct book_told told = caller(TOKEN);
    return book_portal_status(at.hub, &told, number, at.arena, out);
}

static void say_name(const char *name)
{
    record_set(at.record, form_field(at.record->form, "name"), name);
}

/* Before there is a link, over another's, and while it isn't open. */
static void strangers(void)
{
    struct book_receipt receipt;
    struct book_told told = caller(TOKEN);
    tap_ok(book_portal_hello(at.hub, &told) == SND_E_AUTH, "a portal without a link is nobody");
    add("TEST", "the token of an agency");
    tap_ok(file("the token of an agency", "stranger-1", &receipt) == SND_E_AUTH,
           "an agency's token files nothing");
    add(AGENCY_PORTAL, TOKEN);
    (void)!book_agency_stage(at.shell, AGENCY_PORTAL, "testing", at.today + 1);
    tap_ok(file(TOKEN, "early-0001", &receipt) == SND_E_DENIED,
           "nothing is filed before the link's first day");
    (void)!book_agency_stage(at.shell, AGENCY_PORTAL, "live", at.today);
    tap_ok(file(TOKEN, "early-0001", &receipt) == SND_E_DENIED,
           "an office for practice takes nothing over a link that is live");
    (void)!book_agency_stage(at.shell, AGENCY_PORTAL, "testing", at.today);
    (void)!book_agency_pause(at.shell, AGENCY_PORTAL, 1, "صيانة");
    tap_ok(file(TOKEN, "early-0001", &receipt) == SND_E_DENIED, "nor over one that is paused");
    (void)!book_agency_pause(at.shell, AGENCY_PORTAL, 0, "");
    tap_ok(book_portal_hello(at.hub, &told) == 0, "then it is open");
}

static void filing(struct book_receipt *first)
{
    struct book_receipt again = {0};
    struct book_detail detail = {0};
    int err = file(TOKEN, "request-0001", first);
    tap_ok(!err && first->number[0] && first->fee_agency == 500 && first->fee_centre == 0,
           "a request is filed, with the agency's fee and none of a centre");
    err = book_request_get(at.shell, first->number, at.arena, &detail);
    tap_ok(!err && strcmp(detail.channel, "self") == 0 &&
               strcmp(detail.request.account, "agency:" AGENCY_PORTAL) == 0,
           "it came by the channel self");
    record_free(&detail.record);
    tap_ok(file(TOKEN, "request-0001", &again) == 0 && strcmp(again.number, first->number) == 0 &&
               again.fee_agency == 500,
           "its key gets the same receipt again");
    say_name("سعيد بن خالد الرواحي");
    tap_ok(file(TOKEN, "request-0001", &again) == SND_E_EXISTS, "and none for another request");
    tap_ok(file(TOKEN, "request-0002", &again) == 0 && strcmp(again.number, first->number) != 0,
           "which is filed under a key of its own");
    tap_ok(file(TOKEN, "short", &again) == SND_E_BAD, "a key that is too short is none");
}

static void faults(void)
{
    struct book_receipt receipt;
    say_name("");
    int err = file(TOKEN, "request-0003", &receipt);
    tap_ok(err == SND_E_INVALID && at.faults == 1 && at.fault[0].rule == FAULT_REQUIRED &&
               strcmp(at.record->form->field[at.fault[0].field].key, "name") == 0,
           "what the form does not allow is refused with the field");
    say_name("سعيد بن خالد الرواحي");
    tap_ok(file(TOKEN, "request-0003", &receipt) == 0, "and its key is free for what is right");
}

static void looking(const char *number)
{
    struct portal_status now = {0};
    struct book_receipt receipt = {0};
    struct id id = id_new();
    int err = status(number, &now);
    tap_ok(!err && strcmp(now.number, number) == 0 && now.state == STATE_QUEUED && now.steps >= 1 &&
               now.step[0].state == STATE_QUEUED,
           "the portal is told how a request stands, and since when");
    err = book_submit(at.clerk, &id, at.record, &receipt, at.fault, 16, &at.faults);
    tap_ok(!err && status(receipt.number, &now) == SND_E_NOTFOUND,
           "of a centre's request it hears nothing");
}

/* A service of centres in Muscat, with what else its head and its fields say of places. */
static struct record *service_of_muscat(const char *code, const char *head, const char *field)
{
    static const char lists[] = "list wilayats\nchoice DA01 | نزوى | Nizwa\n"
                                "choice MA01 | مسقط | Muscat\n";
    const char *names[] = {"capacities", "wilayats"}, *texts[] = {rig_list, lists};
    const struct form *form = NULL;
    char text[2 * RIG_FORM], usual[RIG_FORM];
    uint8_t sha[HASH_SIZE];
    int added = 0;
    rig_form_text(code, usual);
    const char *area = strstr(usual, "centre ALL subject ALL");
    (void)str_format(text, sizeof text, "%.*scentre MA subject ALL\n%s%s%s", (int)(area - usual),
                     usual, head, area + strlen("centre ALL subject ALL\n"), field);
    int err = book_form_load(at.shell, text, SND_COUNT(names), names, texts, NULL, sha, &added);
    if (!err)
        err = book_form(at.hub, sha, &form);
    tap_ok(err == 0, "a service of centres in Muscat: %s", code);
    if (err)
        return NULL;
    struct record *made = record_new(form);
    for (size_t i = 0; i < at.record->form->fields; i++)
        record_set(made, (int)i, at.record->value[i]);
    return made;
}

static int file_there(struct record *record, const char *key, const char *field,
                      const char *wilayat)
{
    struct book_receipt receipt;
    struct book_told told = caller(TOKEN);
    if (field)
        record_set(record, form_field(record->form, field), wilayat);
    return book_portal_submit(at.hub, &told, key, record, &receipt, at.fault, 16, &at.faults);
}

static int names_place(const struct record *record, const char *field)
{
    return at.faults == 1 && at.fault[0].rule == FAULT_AREA &&
           strcmp(record->form->field[at.fault[0].field].key, field) == 0;
}

/* The hub's own centre lies elsewhere, and that says nothing of who stands at no counter. */
static void places(void)
{
#define PLACE(key)                                                                                 \
    "[field " key "]\ntype = wilayat\nlabel.ar = الولاية\nlabel.en = Place\nrequired = no\n"
    struct record *property = service_of_muscat(
        "TP-01", "subject = place\n", PLACE("place") PLACE("home") "person = applicant.wilayat\n");
    struct record *home =
        service_of_muscat("TP-02", "", PLACE("home") "person = applicant.wilayat\n");
    struct record *nowhere = service_of_muscat("TP-03", "", "");
#undef PLACE
    if (!property || !home || !nowhere)
        return;
    record_set(property, form_field(property->form, "home"), "DA01");
    tap_ok(file_there(property, "place-0001", "place", "DA01") == SND_E_INVALID &&
               names_place(property, "place"),
           "a property where the service is not offered is named, wherever the hub lies");
    tap_ok(file_there(property, "place-0001", "place", "MA01") == 0,
           "for one where it is offered it is filed, wherever its owner lives");
    tap_ok(file_there(home, "place-0002", "home", "DA01") == SND_E_INVALID &&
               names_place(home, "home"),
           "without a property the person's home counts");
    tap_ok(file_there(home, "place-0002", "home", "MA01") == 0, "there it is filed");
    tap_ok(file_there(home, "place-0003", "home", NULL) == SND_E_INVALID &&
               names_place(home, "home"),
           "of nobody's home it is asked for");
    tap_ok(file_there(nowhere, "place-0004", NULL, NULL) == SND_E_CLOSED,
           "what knows of no place is left to the centres that offer it");
    record_free(&property);
    record_free(&home);
    record_free(&nowhere);
}

int main(void)
{
    int64_t requests;
    struct book_office office = {0};
    struct book_me me;
    struct book_receipt first = {0};
    rig_make(&at.rig, RIG_USUAL);
    rig_start(&at.rig);
    at.arena = arena_new();
    at.shell = rig_shell(&at.rig);
    at.clerk = rig_login(&at.rig, "clerk");
    tap_ok(book_open(at.rig.socket, &at.hub) == 0 && book_auth_part(at.hub, "hub", &me) == 0 &&
               book_office(at.shell, &office) == 0,
           "the hub is there");
    at.today = office.today;
    at.record = rig_record(at.clerk, &at.rig, "أحمد بن سالم الهنائي");
    strangers();
    filing(&first);
    faults();
    looking(first.number);
    places();
    record_free(&at.record);
    book_close(&at.shell);
    book_close(&at.clerk);
    book_close(&at.hub);
    arena_free(&at.arena);
    rig_end(&at.rig, 15);
    tap_ok(rig_check(&at.rig, &requests) == 0 && requests == 6,
           "the book is whole, its projections are what a replay gives");
    rig_remove(&at.rig);
    return tap_done();
}
