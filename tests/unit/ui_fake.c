/* SPDX-License-Identifier: Apache-2.0
 * The ledger's calls as the screens see them, answered from memory. Every function here stands in
 * for the one of the same name in src/book; only what the screens call is here. */
#include "ui_fake.h"
#include <string.h>
#include "base/err.h"
#include "base/proc.h"
#include "../tap.h"

#define FORMS 7
#define REQUESTS 8

int fake_put_error, fake_puts, fake_submits, fake_submit_error;
struct fake_draft fake_draft;
static const struct id fake_notice_id = {.b = {1}};
static struct form *forms[FORMS];
static struct book_request requests[REQUESTS];
static struct record *request_records[REQUESTS];
static size_t request_count;

/* ---- forms ---- */

static const char *find_list(void *arg, const char *name)
{
    static char *text[8];
    static char names[8][32];
    size_t len;
    (void)arg;
    for (size_t i = 0; i < 8; i++) {
        if (text[i] && strcmp(names[i], name) == 0)
            return text[i];
        if (text[i])
            continue;
        char *path = x_printf("screens/lists/%s.list", name);
        int error = proc_read_file(tap_source(path), 1 << 20, &text[i], &len);
        x_free(&path);
        (void)str_copy(names[i], sizeof names[i], name);
        return error ? NULL : text[i];
    }
    return NULL;
}

void fake_load_forms(void)
{
    for (int i = 0; i < FORMS && !forms[i]; i++) {
        const struct form_fault *faults;
        size_t len, count;
        char *text;
        char *path = x_printf("screens/mz-%02d.form", i + 1);
        struct arena *arena = arena_new();
        snd_assert(proc_read_file(tap_source(path), 1 << 20, &text, &len) == 0);
        snd_assert(form_read(text, len, find_list, NULL, arena, &forms[i], &faults, &count) == 0);
        x_free(&path);
        x_free(&text);
        arena_free(&arena);
    }
}

int book_service_list(struct book *book, struct arena *arena, struct book_service **out,
                      size_t *count)
{
    (void)book;
    *count = FORMS;
    *out = arena_alloc(arena, FORMS * sizeof **out);
    for (size_t i = 0; i < FORMS; i++) {
        struct book_service *service = *out + i;
        (void)str_copy(service->code, sizeof service->code, forms[i]->code);
        (void)str_copy(service->agency, sizeof service->agency, forms[i]->agency);
        for (int lang = 0; lang < LANG_COUNT; lang++)
            service->title[lang] = forms[i]->title[lang];
        service->reason = "";
        service->state = form_state(forms[i], FAKE_TODAY);
        service->in_area = 1;
        service->open = service->state == SERVICE_LIVE;
        memcpy(service->sha, forms[i]->sha, HASH_SIZE);
        service->opens = form_opens(forms[i], FAKE_TODAY);
        if (i == 1)
            service->notice = fake_notice_id;
    }
    return 0;
}

int book_form(struct book *book, const uint8_t sha[HASH_SIZE], const struct form **out)
{
    (void)book;
    for (int i = 0; i < FORMS; i++) {
        if (memcmp(forms[i]->sha, sha, HASH_SIZE) == 0) {
            *out = forms[i];
            return 0;
        }
    }
    return SND_E_NOTFOUND;
}

struct book_ruled fake_ruled;

static int keep_ruling(const struct book_ruling *ruling, int opens)
{
    fake_ruled = (struct book_ruled){.ruling = *ruling, .opens = opens, .at = 1512363600000};
    (void)str_copy(fake_ruled.actor, sizeof fake_ruled.actor, "super");
    return 0;
}

int book_service_open(struct book *book, const struct book_ruling *ruling,
                      const struct book_notice *notice, int quiet, int *told)
{
    (void)book;
    (void)quiet;
    *told = notice != NULL;
    return keep_ruling(ruling, 1);
}

int book_service_close(struct book *book, const struct book_ruling *ruling)
{
    (void)book;
    return keep_ruling(ruling, 0);
}

int book_service_rulings(struct book *book, const char *service, struct arena *arena,
                         struct book_ruled **out, size_t *count)
{
    (void)book;
    *count = strcmp(fake_ruled.ruling.service, service) == 0;
    *out = arena_alloc(arena, sizeof **out);
    **out = fake_ruled;
    return 0;
}

/* ---- what is new, and practice ---- */

int fake_notices, fake_trained, fake_faults;

int book_notice_list(struct book *book, struct arena *arena, struct book_notice **out,
                     size_t *count)
{
    (void)book;
    *count = (size_t)fake_notices;
    *out = arena_alloc(arena, sizeof **out);
    (*out)->id = fake_notice_id;
    (*out)->from = FAKE_TODAY;
    (*out)->version = 2;
    memcpy((*out)->sha, forms[1]->sha, HASH_SIZE);
    (void)str_copy((*out)->service, sizeof(*out)->service, forms[1]->code);
    (void)str_copy((*out)->title[LANG_AR], BOOK_TEXT, forms[1]->title[LANG_AR]);
    (void)str_copy((*out)->body[LANG_AR], BOOK_NOTICE, "حقل جديد في الطلب.");
    return 0;
}

int book_notice_read(struct book *book, const struct id *notice)
{
    (void)book;
    if (!id_equal(notice, &fake_notice_id))
        return SND_E_NOTFOUND;
    fake_notices = 0;
    return 0;
}

int book_training_add(struct book *book, const struct id *id, const uint8_t sha[HASH_SIZE],
                      int faults)
{
    (void)book;
    (void)id;
    (void)sha;
    fake_trained++;
    fake_faults = faults;
    return 0;
}

int book_training_list(struct book *book, struct arena *arena, struct book_training **out,
                       size_t *count)
{
    static const struct book_training rows[] = {
        {.account = "layla", .centre = "DA01-003", .service = "MZ-02", .at = 1512363600000},
        {.account = "salim",
         .centre = "DA01-007",
         .service = "MZ-01",
         .at = 1512277200000,
         .faults = 3}};
    (void)book;
    *out = arena_alloc(arena, sizeof rows);
    memcpy(*out, rows, sizeof rows);
    *count = SND_COUNT(rows);
    return 0;
}

/* ---- drafts ---- */

int book_draft_put(struct book *book, const struct book_draft *draft, const char *typed,
                   const struct record *record)
{
    (void)book;
    if (fake_put_error)
        return fake_put_error;
    fake_puts++;
    fake_draft.exists = 1;
    fake_draft.draft = *draft;
    fake_draft.draft.saved = 1512363600000;
    (void)str_copy(fake_draft.typed, sizeof fake_draft.typed, typed);
    x_free(&fake_draft.values);
    fake_draft.values = record_json(record);
    return 0;
}

int book_draft_flush(struct book *book)
{
    (void)book;
    return fake_put_error;
}

int book_draft_list(struct book *book, struct arena *arena, struct book_draft **out, size_t *count)
{
    (void)book;
    *count = (size_t)fake_draft.exists;
    *out = arena_alloc(arena, sizeof **out);
    **out = fake_draft.draft;
    (*out)->elsewhere |= fake_draft.elsewhere > 0;
    fake_draft.elsewhere -= fake_draft.elsewhere > 0;
    return 0;
}

int book_draft_open(struct book *book, const struct id *id, struct book_draft *out, char **typed,
                    struct record **record)
{
    const struct form *form;
    if (!fake_draft.exists || !id_equal(id, &fake_draft.draft.id))
        return SND_E_NOTFOUND;
    if (fake_draft.draft.elsewhere)
        return SND_E_INUSE;
    *out = fake_draft.draft;
    *typed = x_strdup(fake_draft.typed);
    int error = book_form(book, fake_draft.draft.sha, &form);
    return error ? error
                 : record_from_json(form, fake_draft.values, strlen(fake_draft.values), record);
}

int book_draft_release(struct book *book, const struct id *id)
{
    (void)book;
    (void)id;
    return 0;
}

int book_draft_park(struct book *book, const struct id *id, int *digit)
{
    (void)book;
    *digit = 0;
    if (!id_equal(id, &fake_draft.draft.id)) /* nothing of it has come here yet */
        return SND_E_NOTFOUND;
    *digit = fake_draft.draft.parked = 1;
    return 0;
}

int book_draft_drop(struct book *book, const struct id *id)
{
    (void)book;
    (void)id;
    fake_draft.exists = 0;
    return 0;
}

/* ---- requests ---- */

int book_submit(struct book *book, const struct id *draft, const struct record *record,
                struct book_receipt *out, struct fault *faults, size_t max, size_t *count)
{
    struct rule_day day = {.today = FAKE_TODAY, .wilayat = "DA01"};
    (void)book;
    (void)draft;
    if (fake_submit_error)
        return fake_submit_error;
    *count = record_judge_all(record, &day, msg_language(), faults, max);
    if (*count > 0)
        return SND_E_INVALID;
    struct book_request *request = &requests[request_count];
    (void)str_copy(request->number, sizeof request->number, "DA01-003-7K3M9QX-H");
    (void)str_copy(request->service, sizeof request->service, record->form->code);
    (void)str_copy(request->account, sizeof request->account, "clerk");
    (void)str_copy(request->applicant, sizeof request->applicant, record_get(record, "app_name"));
    (void)str_copy(request->tail, sizeof request->tail, "••••2345");
    request->state = STATE_QUEUED;
    request->day = FAKE_TODAY;
    request->at = 1512363600000;
    memcpy(request->sha, record->form->sha, HASH_SIZE);
    record_free(&request_records[request_count]);
    request_records[request_count] = record_new(record->form);
    for (size_t i = 0; i < record->form->fields; i++)
        record_set(request_records[request_count], (int)i, record->value[i]);
    request_count += request_count + 1 < REQUESTS;
    (void)str_copy(out->number, sizeof out->number, request->number);
    out->fee_agency = form_fee(record->form, FAKE_TODAY)->agency;
    out->fee_centre = form_fee(record->form, FAKE_TODAY)->centre;
    fake_submits++;
    fake_draft.exists = 0;
    return 0;
}

int book_request_list(struct book *book, const char *query, const char *after, size_t max,
                      struct arena *arena, struct book_request **out, size_t *count)
{
    (void)book;
    (void)max;
    *count = *after || (*query && strncmp(query, "DA", 2) != 0) || strcmp(query, FAKE_PAST) == 0
                 ? 0
                 : request_count;
    *out = arena_alloc(arena, REQUESTS * sizeof **out);
    memcpy(*out, requests, request_count * sizeof **out);
    return 0;
}

int fake_finds;

int book_go_find(struct book *book, const char *words, struct book_goal out[BOOK_FIND_ROWS],
                 size_t *count)
{
    (void)book;
    fake_finds++;
    *count = strcmp(words, "سالم") == 0 || strncmp(words, "990", 3) == 0 ? 2 : 0;
    if (strcmp(words, FAKE_PAST) == 0) {
        out[0] = (struct book_goal){.kind = GOAL_COUNTED,
                                    .number = FAKE_PAST,
                                    .service = "MP-01",
                                    .day = 16814,
                                    .requests = 1};
        *count = 1;
        return 0;
    }
    for (size_t i = 0; i < *count; i++) {
        out[i] = (struct book_goal){
            .kind = i == 0 ? GOAL_PERSON : GOAL_REQUEST, .day = FAKE_TODAY, .requests = 1};
        (void)str_copy(out[i].number, BOOK_NUMBER, "DA01-003-7K3M9QX-H");
        (void)str_copy(out[i].name, BOOK_TEXT, "سالم بن سعيد");
        (void)str_copy(out[i].service, sizeof out[i].service, "MZ-01");
    }
    return 0;
}

int book_request_get(struct book *book, const char *number, struct arena *arena,
                     struct book_detail *out)
{
    (void)book;
    memset(out, 0, sizeof *out);
    if (request_count == 0 || strcmp(number, requests[0].number) != 0)
        return SND_E_NOTFOUND;
    out->request = requests[0];
    out->fee_centre = 2000;
    out->record = record_new(request_records[0]->form);
    for (size_t i = 0; i < out->record->form->fields; i++)
        record_set(out->record, (int)i, request_records[0]->value[i]);
    out->history = arena_alloc(arena, sizeof *out->history);
    out->histories = 1;
    out->history->at = requests[0].at;
    out->history->state = STATE_QUEUED;
    (void)str_copy(out->history->actor_name, BOOK_TEXT, "سالم بن سعيد");
    return 0;
}

int book_request_reveal(struct book *book, const char *number, const char *reason,
                        struct arena *arena, struct book_detail *out)
{
    *out = (struct book_detail){0};
    return strlen(reason) < 6 ? SND_E_INVALID : book_request_get(book, number, arena, out);
}

/* ---- customers: one, whose answer comes when the test says so ---- */

struct fake_person fake_person;

static int person_asked, alike_asked;

int book_person_ask(struct book *book, enum person_part known_by, const char *number,
                    const char *service)
{
    (void)book;
    (void)service;
    person_asked = known_by == PERSON_CIVIL;
    fake_person.asked++;
    (void)str_copy(fake_person.number, sizeof fake_person.number, number);
    return 0;
}

int book_person_heard(struct book *book, struct book_person *out)
{
    (void)book;
    *out = (struct book_person){0};
    if (!person_asked || !fake_person.answers)
        return SND_E_BUSY;
    person_asked = 0;
    if (fake_person.error)
        return fake_person.error;
    if (strcmp(fake_person.number, FAKE_CIVIL) != 0)
        return SND_E_NOTFOUND;
    out->known[PERSON_CIVIL] = x_strdup(FAKE_CIVIL);
    out->known[PERSON_NAME] = x_strdup("سالم بن حمد العبري");
    out->known[PERSON_MOBILE] = x_strdup("91234567");
    out->known[PERSON_GENDER] = x_strdup("neither");
    if (request_count > 0)
        (void)str_copy(out->newest, sizeof out->newest, requests[0].number);
    return 0;
}

void book_person_free(struct book_person *person)
{
    for (int part = 0; part < PERSON_PARTS; part++)
        x_free(&person->known[part]);
}

int book_alike_ask(struct book *book, const struct record *record, const char *civil)
{
    (void)book;
    (void)record;
    alike_asked = strcmp(civil, FAKE_CIVIL) == 0;
    return 0;
}

int book_alike_heard(struct book *book, struct book_alike out[BOOK_ALIKE], size_t *count)
{
    (void)book;
    *count = 0;
    if (!alike_asked || !fake_person.alike)
        return SND_E_BUSY;
    alike_asked = 0;
    *count = 1;
    out[0] = (struct book_alike){.number = "DA01-003-7K3M9QX-H", .day = FAKE_TODAY - 3};
    out[0].state = STATE_QUEUED;
    return 0;
}

int book_asking(const struct book *book)
{
    (void)book;
    return 0;
}

int book_heard(const struct book *book)
{
    (void)book;
    return (person_asked && fake_person.answers) || (alike_asked && fake_person.alike);
}

void book_hear_no_more(struct book *book)
{
    (void)book;
}

/* ---- the rest ---- */

int book_fd(const struct book *book)
{
    (void)book;
    return -1;
}

int64_t book_put_since(const struct book *book)
{
    (void)book;
    return 0;
}

int book_pump(struct book *book)
{
    (void)book;
    return 0;
}

int book_retry(struct book *book)
{
    (void)book;
    return 0;
}

const struct book_away *book_away(const struct book *book)
{
    (void)book;
    return NULL;
}

int book_away_heard(struct book *book, struct book_away *news)
{
    (void)book;
    (void)news;
    return 0;
}

int book_terminal(struct book *book, const char *print, char out[BOOK_PROFILE])
{
    (void)book, (void)print;
    out[0] = '\0';
    return 0;
}

int book_set_terminal(struct book *book, const char *print, const char *word)
{
    (void)book, (void)print, (void)word;
    return 0;
}

int book_place(struct book *book, const char *place)
{
    (void)book, (void)place;
    return 0;
}

int book_place_note(struct book *book, const char *place)
{
    (void)book, (void)place;
    return 0;
}

int book_set_language(struct book *book, enum lang lang)
{
    (void)book;
    (void)lang;
    return 0;
}

int book_own_password(struct book *book, const char *old, const char *new_one)
{
    (void)book;
    (void)new_one;
    return strcmp(old, "old-password") == 0 ? 0 : SND_E_AUTH;
}

int book_request_move(struct book *book, const struct id *id, struct book_move *move)
{
    (void)book, (void)id;
    move->rev++;
    return 0;
}

int book_request_assign(struct book *book, const struct id *id, struct book_move *move,
                        const char *account)
{
    (void)book, (void)id, (void)account;
    move->rev++;
    return 0;
}

int book_request_queue(struct book *book, const struct book_queue *ask, struct arena *arena,
                       struct book_waiting **out, size_t *count)
{
    (void)book;
    *count = *ask->after ? 0 : request_count;
    *out = arena_alloc(arena, (REQUESTS + 1) * sizeof **out);
    for (size_t i = 0; i < *count; i++)
        (*out)[i].request = requests[i];
    return 0;
}

int book_request_waits(struct book *book, struct book_waits *out)
{
    (void)book;
    *out = (struct book_waits){0};
    return 0;
}

int book_waits_ask(struct book *book)
{
    (void)book;
    return 0;
}

int book_waits_heard(struct book *book, struct book_waits *out)
{
    (void)book, (void)out;
    return SND_E_BUSY;
}

struct book_document fake_sent[2];

size_t fake_sents;

int book_inbox_list(struct book *book, const char *civil, struct arena *arena,
                    struct book_document **out, size_t *count)
{
    (void)book;
    (void)civil;
    *count = fake_sents;
    *out = arena_alloc(arena, sizeof fake_sent);
    memcpy(*out, fake_sent, sizeof fake_sent);
    return 0;
}

int book_document_list(struct book *book, const char *number, struct arena *arena,
                       struct book_document **out, size_t *count)
{
    (void)number;
    return book_inbox_list(book, "", arena, out, count);
}

int book_document_attach(struct book *book, const char *number, const char *role,
                         const uint8_t sha[HASH_SIZE])
{
    (void)book, (void)number, (void)role, (void)sha;
    return 0;
}
