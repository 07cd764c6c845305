/* SPDX-License-Identifier: Apache-2.0
 * sanad request: looks requests up and, in a practice office, enters prepared ones. Entering goes
 * through the same rules as a clerk's form; each line's hash is the write's id, so the same file
 * twice enters nothing twice. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/num.h"
#include "book/pass.h"
#include "cmd/cmd.h"

#define LINE_BYTES 65536
#define FAULTS 64

static struct json *request_json(const struct book_request *request)
{
    char day[11], at[25];
    struct json *json = json_new_object();
    clock_day_text(request->day, day);
    clock_utc_text(request->at, at);
    json_put_text(json, "number", request->number);
    json_put_text(json, "service", request->service);
    json_put_text(json, "centre", request->centre);
    json_put_text(json, "account", request->account);
    json_put_text(json, "applicant", request->applicant);
    json_put_text(json, "civil_tail", request->tail);
    json_put_text(json, "state", state_word(request->state));
    json_put_text(json, "day", day);
    json_put_text(json, "at", at);
    json_put_int(json, "revision", request->rev);
    return json;
}

static void print_json(struct json *json)
{
    char *text = json_text(json, 1);
    puts(text);
    x_free(&text);
    json_free(&json);
}

static void print_row(const struct book_request *request)
{
    char day[11];
    clock_day_text(request->day, day);
    printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\n", request->number, day, request->service,
           state_word(request->state), request->account, request->applicant, request->tail);
}

/* A page after the row that was seen last: of all, or of one state. */
static int request_page(struct book *book, const char *query, unsigned state, const char *after,
                        struct arena *arena, struct book_request **row, size_t *count)
{
    struct book_queue ask = {
        .state = state, .after_state = state, .after = after, .max = BOOK_PAGE};
    struct book_waiting *waiting = NULL;
    if (state == BOOK_ANY_STATE)
        return book_request_list(book, query ? query : "", after, BOOK_PAGE, arena, row, count);
    int err = book_request_queue(book, &ask, arena, &waiting, count);
    *row = arena_alloc(arena, (*count + 1) * sizeof **row);
    for (size_t i = 0; !err && i < *count; i++)
        (*row)[i] = waiting[i].request;
    return err;
}

static int request_list(struct book *book, int argc, char **argv)
{
    const char *query = cmd_option(&argc, argv, "query"), *in = cmd_option(&argc, argv, "in");
    enum request_state state = STATE_QUEUED;
    int as_json = cmd_flag(&argc, argv, "json"), err = 0;
    char after[BOOK_NUMBER] = "";
    size_t count = 0;
    if (argc != 1 || (in && (query || state_find(in, &state))))
        return cmd_usage("request");
    struct json *all = json_new_array();
    do {
        struct arena *arena = arena_new();
        struct book_request *row = NULL;
        err = request_page(book, query, in ? state : BOOK_ANY_STATE, after, arena, &row, &count);
        for (size_t i = 0; !err && i < count; i++) {
            if (as_json)
                json_push(all, request_json(&row[i]));
            else
                print_row(&row[i]);
            (void)str_copy(after, sizeof after, row[i].number);
        }
        arena_free(&arena);
    } while (!err && count == BOOK_PAGE);
    if (as_json && !err)
        print_json(all);
    else
        json_free(&all);
    return err ? cmd_fail("The requests could not be read: %s.", err_text(err)) : 0;
}

static void show_json(const struct book_detail *detail)
{
    struct json *json = request_json(&detail->request), *history = json_new_array(), *values = NULL;
    char *text = record_json(detail->record);
    json_put_int(json, "fee_agency_baisa", detail->fee_agency);
    json_put_int(json, "fee_centre_baisa", detail->fee_centre);
    json_put_text(json, "officer", detail->officer);
    json_put_text(json, "agency_number", detail->ack);
    json_put_text(json, "holder", detail->holder);
    json_put_text(json, "channel", detail->channel);
    json_put_int(json, "fee_due_baisa", detail->fee_due);
    if (json_parse(text, strlen(text), &values) == 0)
        json_put(json, "values", values);
    for (size_t i = 0; i < detail->histories; i++) {
        struct json *step = json_new_object();
        char at[25];
        clock_utc_text(detail->history[i].at, at);
        json_put_text(step, "at", at);
        json_put_text(step, "actor", detail->history[i].actor);
        json_put_text(step, "type", detail->history[i].type);
        json_put_text(step, "state", state_word(detail->history[i].state));
        json_put_text(step, "note", detail->history[i].note);
        json_put_text(step, "documents", detail->history[i].documents);
        json_put_int(step, "fee_baisa", detail->history[i].fee);
        json_put_text(step, "given_to", detail->history[i].account);
        json_push(history, step);
    }
    json_put(json, "history", history);
    x_free(&text);
    print_json(json);
}

static void show_plain(const struct book_detail *detail)
{
    const struct record *record = detail->record;
    print_row(&detail->request);
    for (size_t i = 0; i < record->form->fields; i++)
        if (record->value[i])
            printf("%s\t%s\n", record->form->field[i].key, record->value[i]);
    for (size_t i = 0; i < detail->histories; i++) {
        char at[25];
        clock_utc_text(detail->history[i].at, at);
        printf("%s\t%s\t%s\t%s\n", at, detail->history[i].actor, detail->history[i].type,
               state_word(detail->history[i].state));
    }
}

/* A request of imported history has a number and no more. */
static int was_counted(struct book *book, const char *number)
{
    struct book_goal goal[BOOK_FIND_ROWS];
    size_t count = 0;
    return book_go_find(book, number, goal, &count) == 0 && count == 1 &&
           goal[0].kind == GOAL_COUNTED;
}

static int request_show(struct book *book, int argc, char **argv)
{
    struct book_detail detail = {0};
    int as_json = cmd_flag(&argc, argv, "json");
    if (argc != 2)
        return cmd_usage("request");
    struct arena *arena = arena_new();
    int err = book_request_get(book, argv[1], arena, &detail), status = 0;
    if (err == SND_E_NOTFOUND && was_counted(book, argv[1]))
        status = cmd_fail(
            "That request is of the time before this book: it was counted, and there is no "
            "more of it here.");
    else if (err == SND_E_NOTFOUND)
        status = cmd_fail("There is no request of that number here.");
    else if (err)
        status = cmd_fail("The request could not be read: %s.", err_text(err));
    else if (as_json)
        show_json(&detail);
    else
        show_plain(&detail);
    record_free(&detail.record);
    arena_free(&arena);
    return status;
}

struct entry {
    const char *file;
    int line;
    int32_t today;
    struct book_service *service;
    size_t services;
};

static const struct book_service *service_find(const struct entry *entry, const char *code)
{
    for (size_t i = 0; i < entry->services; i++)
        if (strcmp(entry->service[i].code, code) == 0)
            return &entry->service[i];
    return NULL;
}

static int complain(const struct entry *entry, const char *what)
{
    return cmd_fail("%s, line %d: %s", entry->file, entry->line, what);
}

/* Dates are given as days from the day of the request, so that a prepared file doesn't age. */
static void put_dates(struct record *record, const struct json *dates, int32_t day)
{
    for (size_t i = 0; dates && i < record->form->fields; i++) {
        char text[11];
        const char *key = record->form->field[i].key;
        int64_t days = json_get_int(dates, key, INT32_MAX);
        if (days < -36500 || days > 36500)
            continue;
        clock_day_text(day + (int32_t)days, text);
        record_set(record, (int)i, text);
    }
}

static int submit(struct book *book, const struct entry *entry, const struct id *id,
                  const struct json *json, struct record *record)
{
    struct book_receipt receipt;
    struct fault fault[FAULTS];
    size_t faults = 0;
    char day[11];
    const char *channel = json_get_text(json, "channel");
    int64_t ago = json_get_int(json, "ago", 0), minute = json_get_int(json, "minute", 600);
    if (ago < 0 || ago > 3650 || minute < 0 || minute >= 24 * 60)
        return complain(entry, "ago is 0 to 3650 days, minute is 0 to 1439.");
    clock_day_text(entry->today - (int32_t)ago, day);
    put_dates(record, json_get(json, "dates"), entry->today - (int32_t)ago);
    int err = book_enter(book, id, json_get_text(json, "account"), day, (int)minute,
                         channel ? channel : "", record, &receipt, fault, FAULTS, &faults);
    for (size_t i = 0; i < faults && i < FAULTS; i++)
        cmd_fail("%s, line %d: %s: %s", entry->file, entry->line,
                 record->form->field[fault[i].field].key, fault_word(fault[i].rule));
    if (err == SND_E_DENIED)
        return cmd_fail("Only a practice office takes prepared requests.");
    if (err)
        return complain(entry, err_text(err));
    puts(receipt.number);
    return 0;
}

/* One line of the file:
 * {"service":..,"account":..,"ago":..,"minute":..,"dates":{..},"values":{..}}, and "channel" of
 * what didn't come as its account's requests do. */
static int enter_line(struct book *book, const struct entry *entry, const char *line, size_t len)
{
    struct json *json = NULL;
    struct record *record = NULL;
    const struct form *form = NULL;
    char *values = NULL;
    uint8_t sha[HASH_SIZE];
    struct id id;
    int status = 1;
    if (json_parse(line, len, &json) != 0 || !json_get_text(json, "service") ||
        !json_get_text(json, "account") || !json_get(json, "values")) {
        complain(entry, "this is not a JSON object with service, account and values.");
        goto out;
    }
    const struct book_service *service = service_find(entry, json_get_text(json, "service"));
    if (!service || book_form(book, service->sha, &form) != 0) {
        complain(entry, "the office has no form of this service.");
        goto out;
    }
    values = json_text(json_get(json, "values"), 0);
    if (record_from_json(form, values, strlen(values), &record) != 0) {
        complain(entry, "values has a key or a text that the form does not know.");
        goto out;
    }
    hash_bytes(line, len, sha);
    memcpy(id.b, sha, sizeof id.b);
    status = submit(book, entry, &id, json, record);
out:
    record_free(&record);
    x_free(&values);
    json_free(&json);
    return status;
}

static int enter_file(struct book *book, struct entry *entry)
{
    FILE *file = fopen(entry->file, "re");
    int status = 0;
    if (!file)
        return cmd_fail("The file %s could not be opened.", entry->file);
    char *line = x_alloc(LINE_BYTES);
    while (status == 0 && fgets(line, LINE_BYTES, file)) {
        size_t len = strcspn(line, "\n");
        entry->line++;
        if (len > 0)
            status = enter_line(book, entry, line, len);
    }
    x_free(&line);
    fclose(file);
    return status;
}

static int request_enter(struct book *book, int argc, char **argv)
{
    struct entry entry = {0};
    struct book_office office;
    if (argc != 2)
        return cmd_usage("request");
    struct arena *arena = arena_new();
    int status = 0, err = book_office(book, &office);
    if (!err)
        err = book_service_list(book, arena, &entry.service, &entry.services);
    entry.file = argv[1];
    if (err) {
        status = cmd_fail("The services could not be read: %s.", err_text(err));
    } else {
        entry.today = office.today;
        status = enter_file(book, &entry);
    }
    arena_free(&arena);
    return status;
}

/* The request as it stands, for the revision that a change goes out from. */
static int standing(struct book *book, const char *number, struct book_request *out)
{
    struct book_detail detail = {0};
    struct arena *arena = arena_new();
    int err = book_request_get(book, number, arena, &detail);
    *out = detail.request;
    record_free(&detail.record);
    arena_free(&arena);
    return err;
}

static int say_moved(const struct book_request *before, const struct book_move *move, int err)
{
    if (!err)
        printf("%s\t%s\n", move->number, state_word(move->to));
    switch (err) {
    case 0:
        return 0;
    case SND_E_NOTFOUND:
        return cmd_fail("There is no such request here, or no such officer of its agency.");
    case SND_E_DENIED:
        return cmd_fail("The request is %s: this can't become of it.", state_word(before->state));
    case SND_E_CONFLICT:
        return cmd_fail("Somebody else changed it meanwhile: look at it again.");
    case SND_E_INVALID:
        return cmd_fail("A reason is at least %d letters (--note), a fee is in baisa (--fee), and "
                        "documents are named by their keys in the form (--documents).",
                        BOOK_REASON_LEAST);
    default:
        return cmd_fail("It could not be done: %s.", err_text(err));
    }
}

static int request_move(struct book *book, int argc, char **argv)
{
    const char *note = cmd_option(&argc, argv, "note"), *ack = cmd_option(&argc, argv, "ack");
    const char *documents = cmd_option(&argc, argv, "documents");
    const char *fee = cmd_option(&argc, argv, "fee");
    struct book_request request;
    struct book_move move = {0};
    struct id id = id_new();
    if (argc != 3 || state_find(argv[2], &move.to) ||
        (fee && num_parse(fee, 1, BOOK_FEE_MOST, &move.fee)))
        return cmd_usage("request");
    if (str_copy(move.note, sizeof move.note, note ? note : "") ||
        str_copy(move.ack, sizeof move.ack, ack ? ack : "") ||
        str_copy(move.documents, sizeof move.documents, documents ? documents : ""))
        return cmd_fail("That is too long a text.");
    int err = standing(book, argv[1], &request);
    (void)str_copy(move.number, sizeof move.number, request.number);
    move.rev = request.rev;
    if (!err)
        err = book_request_move(book, &id, &move);
    return say_moved(&request, &move, err);
}

static int request_assign(struct book *book, int argc, char **argv)
{
    struct book_request request;
    struct book_move move = {0};
    struct id id = id_new();
    if (argc != 2 && argc != 3)
        return cmd_usage("request");
    int err = standing(book, argv[1], &request);
    (void)str_copy(move.number, sizeof move.number, request.number);
    move.rev = request.rev;
    if (!err)
        err = book_request_assign(book, &id, &move, argc == 3 ? argv[2] : "");
    return say_moved(&request, &move, err);
}

static int request_conflicts(struct book *book, int argc, char **argv)
{
    const char *close = cmd_option(&argc, argv, "close");
    const char *reason = cmd_option(&argc, argv, "reason");
    struct arena *arena = arena_new();
    struct book_conflict *row = NULL;
    size_t count = 0, closed = 0;
    if (argc != 1 || (close && !reason)) {
        arena_free(&arena);
        return cmd_usage("request");
    }
    int err = book_conflict_list(book, arena, &row, &count);
    for (size_t i = 0; !err && i < count; i++) {
        char at[25];
        clock_utc_text(row[i].at, at);
        if (!close)
            printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", row[i].number, at, state_word(row[i].lost),
                   state_word(row[i].state), row[i].centre, row[i].account, row[i].applicant,
                   row[i].tail);
        else if (strcmp(close, row[i].number) == 0 && ++closed)
            err = book_conflict_close(book, &row[i], reason);
    }
    arena_free(&arena);
    if (err == SND_E_INVALID)
        return cmd_fail("Say in a few words why the conflict is closed: --reason TEXT.");
    if (!err && close && closed == 0)
        return cmd_fail("No conflict of %s is open: look at the list without --close.", close);
    return err ? cmd_fail("The conflicts could not be read or closed: %s.", err_text(err)) : 0;
}

static const struct cmd_verb verbs[] = {{"list", request_list}, {"conflicts", request_conflicts},
                                        {"show", request_show}, {"enter", request_enter},
                                        {"move", request_move}, {"assign", request_assign}};

int cmd_request(int argc, char **argv)
{
    return cmd_verb_run("request", verbs, SND_COUNT(verbs), argc, argv);
}
