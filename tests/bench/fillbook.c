/* SPDX-License-Identifier: Apache-2.0
 * Puts many requests into an office's book, straight through the store: for measuring a book of
 * years. Only for an office that no ledger runs over.
 * usage: fillbook DATABASE [COUNT PREPARED.jsonl]     prints how many requests there are */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/num.h"
#include "store/store.h"
#include "text/text.h"

#define SERVICE "MZ-01"
#define BATCH 1000
#define RECORDS 200
#define LINE 65536

struct filler {
    struct store *store;
    struct form *form;
    struct store_office office;
    uint8_t sha[HASH_SIZE];
    struct record *record[RECORDS]; /* prepared ones, used in turn */
    size_t records;
    char *list[32]; /* texts of the form's lists */
    size_t lists;
};

static const char *find_list(void *arg, const char *name)
{
    struct filler *filler = arg;
    if (filler->lists == SND_COUNT(filler->list) ||
        store_form_list_get(filler->store, filler->sha, name, &filler->list[filler->lists]) != 0)
        return NULL;
    return filler->list[filler->lists++];
}

static int read_form(struct filler *filler)
{
    struct arena *arena = arena_new();
    struct store_form_head *head = NULL;
    const struct form_fault *faults = NULL;
    size_t count = 0, complaints = 0;
    char *text = NULL;
    int err = store_form_heads(filler->store, arena, &head, &count);
    size_t i = 0;
    while (!err && i < count && strcmp(head[i].code, SERVICE) != 0)
        i++;
    if (!err && i == count)
        err = SND_E_NOTFOUND;
    if (!err) {
        memcpy(filler->sha, head[i].sha, HASH_SIZE);
        err = store_form_get(filler->store, filler->sha, &text);
    }
    if (!err)
        err = form_read(text, strlen(text), find_list, filler, arena, &filler->form, &faults,
                        &complaints);
    x_free(&text);
    arena_free(&arena);
    return err;
}

static void read_line(struct filler *filler, const char *line, size_t len)
{
    struct json *json = NULL;
    if (json_parse(line, len, &json) != 0)
        return;
    const char *service = json_get_text(json, "service");
    if (service && strcmp(service, SERVICE) == 0 && filler->records < RECORDS) {
        char *values = json_text(json_get(json, "values"), 0);
        if (record_from_json(filler->form, values, strlen(values),
                             &filler->record[filler->records]) == 0)
            filler->records++;
        x_free(&values);
    }
    json_free(&json);
}

static int read_records(struct filler *filler, const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return SND_E_NOTFOUND;
    char *line = x_alloc(LINE);
    while (fgets(line, LINE, file))
        read_line(filler, line, strcspn(line, "\n"));
    x_free(&line);
    fclose(file);
    return filler->records ? 0 : SND_E_NOTFOUND;
}

static int put_one(struct filler *filler, int64_t n, struct store_actor *actor)
{
    struct record *record = filler->record[(size_t)n % filler->records];
    struct store_request request = {.id = id_new()};
    const char *name = record_get(record, "app_name"), *civil = record_get(record, "app_civil");
    actor->at = clock_utc_ms();
    actor->day = clock_oman_day(actor->at) - (int32_t)(n % 365);
    int err = str_copy(request.service, sizeof request.service, SERVICE);
    if (!err)
        err = str_copy(request.agency, sizeof request.agency, filler->form->agency);
    if (!err)
        err = str_copy(request.centre, sizeof request.centre, filler->office.centre);
    if (!err)
        err = str_copy(request.account, sizeof request.account, "clerk");
    if (!err)
        err = str_copy(request.applicant, sizeof request.applicant, name ? name : "");
    if (!err)
        err = str_copy(request.civil, sizeof request.civil, civil ? civil : "");
    request.day = actor->day;
    memcpy(request.sha, filler->sha, HASH_SIZE);
    return err ? err : store_request_submit(filler->store, &request, record, actor);
}

static int fill(struct filler *filler, int64_t count)
{
    struct store_actor actor = {.name = "clerk"};
    int err = str_copy(actor.centre, sizeof actor.centre, filler->office.centre);
    for (int64_t done = 0; !err && done < count;) {
        err = store_batch_begin(filler->store);
        for (int i = 0; !err && i < BATCH && done < count; i++)
            err = put_one(filler, done++, &actor);
        if (!err)
            err = store_batch_commit(filler->store);
    }
    return err;
}

int main(int argc, char **argv)
{
    struct filler filler = {0};
    int64_t count = 0;
    if ((argc != 2 && argc != 4) || text_open() != 0 ||
        (argc == 4 && num_parse(argv[2], 1, 100000000, &count) != 0)) {
        fputs("usage: fillbook DATABASE [COUNT PREPARED.jsonl]\n", stderr);
        return 2;
    }
    int err = store_open(argv[1], STORE_WRITE, &filler.store);
    if (!err)
        err = store_office_get(filler.store, &filler.office);
    if (!err && argc == 4)
        err = read_form(&filler);
    if (!err && argc == 4)
        err = read_records(&filler, argv[3]);
    if (!err)
        err = fill(&filler, count);
    if (!err)
        err = store_request_count(filler.store, "", &count);
    if (err)
        fprintf(stderr, "fillbook: %s\n", err_text(err));
    else
        printf("%" PRId64 "\n", count);
    while (filler.records > 0)
        record_free(&filler.record[--filler.records]);
    while (filler.lists > 0)
        x_free(&filler.list[--filler.lists]);
    form_free(&filler.form);
    store_close(&filler.store);
    return err ? 1 : 0;
}
