/* SPDX-License-Identifier: Apache-2.0
 * sanad agency: the lines to the agencies that take requests by machine: making one, its stages,
 * how it goes, what waits and what failed. The token that an agency calls with is made here,
 * printed once, and kept as a hash. openapi says what both sides serve and needs no office without
 * an agency, nor for the portal. */
#include "cmd/agency.h"
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"
#include "book/agency.h"
#include "cmd/cmd.h"
#include "cmd/line.h"
#include "cmd/office.h"
#include "sync/courier.h"

#define TOKEN_BYTES 32
#define TOKEN_DAYS 366
#define FILE_MOST 65536
#define DAY_MS 86400000LL

/* ---- openapi ---- */

/* Every service of the agency into the document; how many. */
static int add_services(struct book *book, const char *agency, struct json *api, size_t *added)
{
    struct arena *arena = arena_new();
    struct book_service *list = NULL;
    size_t count = 0;
    int err = book_service_list(book, arena, &list, &count);
    for (size_t i = 0; !err && i < count; i++) {
        const struct form *form;
        if (strcmp(list[i].agency, agency) != 0)
            continue;
        err = book_form(book, list[i].sha, &form);
        if (!err)
            agency_api_add(api, form);
        *added += !err;
    }
    arena_free(&arena);
    return err;
}

static int agency_openapi(struct book *book, int argc, char **argv)
{
    size_t added = 0;
    if (argc != 2)
        return cmd_usage("agency");
    struct json *api = agency_api();
    int err = add_services(book, argv[1], api, &added);
    if (!err && added)
        cmd_print_json(api);
    else
        json_free(&api);
    if (err)
        return cmd_fail("The services could not be read: %s.", err_text(err));
    return added ? 0 : cmd_fail("There is no service of the agency %.20s here.", argv[1]);
}

/* ---- add ---- */

static int no_link(const char *agency, int err)
{
    if (err == SND_E_NOTFOUND)
        return cmd_fail("There is no link to %.20s; sanad agency list has them all.", agency);
    return cmd_fail("The link to %.20s could not be changed: %s.", agency, err_text(err));
}

/* The first line of a file. */
static int read_token(const char *path, char out[AGENCY_TOKEN])
{
    FILE *file = fopen(path, "re");
    if (!file || !fgets(out, AGENCY_TOKEN, file))
        out[0] = '\0';
    if (file)
        fclose(file);
    out[strcspn(out, "\r\n")] = '\0';
    return out[0] ? 0 : cmd_fail("%s could not be read, or its first line is empty.", path);
}

/* The courier has a user of its own where the office is run by root. */
static int give_courier(const char *path)
{
    const struct passwd *user = geteuid() == 0 ? getpwnam(OFFICE_COURIER_USER) : NULL;
    return user && chown(path, user->pw_uid, user->pw_gid) ? SND_E_SYS : 0;
}

/* A file of the link's into STATE/agency, for the courier to read. */
static int keep_file(const char *agency, const char *kind, const char *from)
{
    char *folder = cmd_path(cmd_verb_state(), AGENCY_FOLDER), *text = NULL;
    char *path = x_printf("%s/%.15s.%s", folder, agency, kind);
    size_t len = 0;
    int err = from ? proc_read_file(from, FILE_MOST, &text, &len) : 0;
    if (!err && from && mkdir(folder, 0700) && errno != EEXIST)
        err = SND_E_IO;
    if (!err && from)
        err = proc_write_file(path, text, len, 0600);
    if (!err && from)
        err = give_courier(folder);
    if (!err && from)
        err = give_courier(path);
    if (err)
        (void)cmd_fail("%s could not be kept as %s: %s.", from, path, err_text(err));
    x_free(&text);
    x_free(&path);
    x_free(&folder);
    return err;
}

/* A token for the agency: its hash into the terms, itself to be printed once. */
static void make_token(struct book_link_terms *terms, char out[TOKEN_BYTES * 2 + 1])
{
    uint8_t bytes[TOKEN_BYTES], hash[HASH_SIZE];
    random_bytes(bytes, sizeof bytes);
    hex_text(bytes, sizeof bytes, out);
    hash_bytes(out, TOKEN_BYTES * 2, hash);
    hex_text(hash, sizeof hash, terms->callback);
    mem_wipe(bytes, sizeof bytes);
}

/* What was said of a link: words that are NULL weren't. */
struct wishes {
    const char *url, *token, *certificate, *key, *authority, *peer, *poll, *most, *until, *stage,
        *documents;
};

static void read_wishes(int *argc, char **argv, struct wishes *out)
{
    const struct {
        const char *name;
        const char **value;
    } options[] = {
        {"url", &out->url},     {"token-file", &out->token},    {"certificate", &out->certificate},
        {"key", &out->key},     {"authority", &out->authority}, {"peer", &out->peer},
        {"poll", &out->poll},   {"most", &out->most},           {"until", &out->until},
        {"stage", &out->stage}, {"documents", &out->documents}};
    for (size_t i = 0; i < SND_COUNT(options); i++)
        *options[i].value = cmd_option(argc, argv, options[i].name);
}

static int number_of(const char *text, int otherwise, int *out)
{
    int64_t number = otherwise;
    if (text && num_parse(text, 0, INT32_MAX, &number))
        return SND_E_BAD;
    *out = (int)number;
    return 0;
}

/* 0, or a status after one sentence. */
static int make_terms(const char *agency, const struct wishes *wishes, struct book_link_terms *out)
{
    int32_t day = 0;
    int bad = number_of(wishes->poll, 0, &out->poll) || number_of(wishes->most, 4, &out->most);
    if (!wishes->url)
        return cmd_usage("agency");
    if (bad || (wishes->until && clock_day_parse(wishes->until, &day)))
        return cmd_fail("Write numbers as 60 and a day as 2018-07-01.");
    out->until = wishes->until ? (day + 1) * DAY_MS - CLOCK_OMAN_OFFSET_MS
                               : clock_utc_ms() + TOKEN_DAYS * DAY_MS;
    if (str_copy(out->agency, sizeof out->agency, agency) ||
        str_copy(out->url, sizeof out->url, wishes->url) ||
        str_copy(out->peer, sizeof out->peer, wishes->peer ? wishes->peer : "") ||
        str_copy(out->documents, sizeof out->documents,
                 wishes->documents ? wishes->documents : "reference"))
        return cmd_fail("One of these is longer than it can be.");
    return wishes->token ? read_token(wishes->token, out->token) : 0;
}

static int keep_files(const char *agency, const struct wishes *wishes)
{
    if (keep_file(agency, "crt", wishes->certificate) || keep_file(agency, "key", wishes->key) ||
        keep_file(agency, "ca", wishes->authority))
        return 1;
    return 0;
}

static int stage_from_today(struct book *book, const char *agency, const char *stage)
{
    struct book_office office;
    int err = book_office(book, &office);
    return err ? err : book_agency_stage(book, agency, stage, office.today);
}

static int add_link(struct book *book, const char *agency, const struct wishes *wishes)
{
    struct book_link_terms terms = {0};
    char token[TOKEN_BYTES * 2 + 1];
    int status = make_terms(agency, wishes, &terms);
    if (status)
        return status;
    make_token(&terms, token);
    int err = book_agency_add(book, &terms);
    mem_wipe(terms.token, sizeof terms.token);
    if (err == SND_E_INVALID)
        return cmd_fail(
            "The link can't be so: a code in capitals, an address https://... (http:// on "
            "this machine alone), 1 to 32 at once, documents by reference or multipart.");
    if (!err)
        status = keep_files(agency, wishes);
    if (!err && !status && wishes->stage)
        err = stage_from_today(book, agency, wishes->stage);
    if (err == SND_E_INVALID)
        return cmd_fail("The stages are agreed, building, testing and live.");
    if (err)
        return no_link(agency, err);
    if (!status)
        printf("%s is linked. It calls with this token, which is not shown again:\n%s\n", agency,
               token);
    mem_wipe(token, sizeof token);
    return status;
}

static int agency_add(struct book *book, int argc, char **argv)
{
    struct wishes wishes = {0};
    read_wishes(&argc, argv, &wishes);
    return argc == 2 ? add_link(book, argv[1], &wishes) : cmd_usage("agency");
}

/* ---- stages and pauses ---- */

static int agency_stage(struct book *book, int argc, char **argv)
{
    const char *from = cmd_option(&argc, argv, "from");
    int32_t day = 0;
    if (argc != 3)
        return cmd_usage("agency");
    if (from && clock_day_parse(from, &day) != 0)
        return cmd_fail("Write a day as year-month-day, such as 2018-07-01.");
    int err = from ? book_agency_stage(book, argv[1], argv[2], day)
                   : stage_from_today(book, argv[1], argv[2]);
    if (err == SND_E_INVALID)
        return cmd_fail("The stages are agreed, building, testing and live.");
    return err ? no_link(argv[1], err) : 0;
}

static int pause_it(struct book *book, int argc, char **argv, int paused)
{
    const char *reason = cmd_option(&argc, argv, "reason");
    if (argc != 2)
        return cmd_usage("agency");
    int err = book_agency_pause(book, argv[1], paused, reason ? reason : "");
    return err ? no_link(argv[1], err) : 0;
}

static int agency_pause(struct book *book, int argc, char **argv)
{
    return pause_it(book, argc, argv, 1);
}

static int agency_resume(struct book *book, int argc, char **argv)
{
    return pause_it(book, argc, argv, 0);
}

/* ---- looking ---- */

static void time_words(int64_t at, char out[25])
{
    if (at)
        clock_utc_text(at, out);
    else
        (void)str_copy(out, 25, "-");
}

static int agency_list(struct book *book, int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct book_link *list = NULL;
    size_t count = 0;
    (void)argv;
    int err = argc == 1 ? book_agency_list(book, arena, &list, &count) : 0;
    for (size_t i = 0; !err && i < count; i++) {
        char last[25], since[25], oldest[25], days[AGENCY_STAGES][11];
        time_words(list[i].last_ok, last);
        time_words(list[i].since, since);
        time_words(list[i].oldest, oldest);
        for (size_t stage = 0; stage < AGENCY_STAGES; stage++)
            if (list[i].day[stage])
                clock_day_text(list[i].day[stage], days[stage]);
            else
                (void)str_copy(days[stage], sizeof days[stage], "-");
        printf("%s\t%s\t%s\t%lld\t%lld\t%lld\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", list[i].agency,
               list[i].stage, book_link_word(&list[i], clock_utc_ms()), (long long)list[i].waiting,
               (long long)list[i].failed, (long long)list[i].taken, last,
               list[i].why[0] ? list[i].why : "-", days[0], days[1], days[2], days[3], list[i].url,
               since, oldest);
    }
    arena_free(&arena);
    if (argc != 1)
        return cmd_usage("agency");
    return err ? cmd_fail("The links could not be read: %s.", err_text(err)) : 0;
}

/* 0, or SND_E_NOTFOUND: an agency without a link has nothing that waits, and its code may be
 * mistyped. */
static int find_link(struct book *book, const char *agency, struct arena *arena)
{
    struct book_link *list = NULL;
    size_t count = 0;
    int err = book_agency_list(book, arena, &list, &count);
    for (size_t i = 0; !err && i < count; i++)
        if (strcmp(list[i].agency, agency) == 0)
            return 0;
    return err ? err : SND_E_NOTFOUND;
}

static int agency_outbox(struct book *book, int argc, char **argv)
{
    static const char *const states[] = {"waiting", "failed", "taken"};
    const char *state = cmd_option(&argc, argv, "state-of"), *code = argc == 2 ? argv[1] : "";
    struct book_sending *list = NULL;
    size_t count = 0, known = 0;
    while (state && known < SND_COUNT(states) && strcmp(states[known], state) != 0)
        known++;
    if (known == SND_COUNT(states))
        return cmd_fail("There is no state %.24s: say waiting, failed or taken.", state);
    struct arena *arena = arena_new();
    int err = argc == 2 ? find_link(book, code, arena) : 0;
    if (!err && argc <= 2)
        err = book_outbox_list(book, code, state ? state : "", arena, &list, &count);
    for (size_t i = 0; !err && i < count; i++) {
        char first[25], next[25], sha[HASH_TEXT];
        time_words(list[i].first_at, first);
        time_words(list[i].next_at, next);
        hex_text(list[i].sha, HASH_SIZE, sha);
        printf("%s\t%s\t%s\t%d\t%s\t%s\t%d\t%s\t%s\t%lld\n", list[i].number, list[i].agency,
               list[i].state, list[i].attempts, first, next, list[i].status,
               list[i].why[0] ? list[i].why : "-", sha, (long long)list[i].rev);
    }
    arena_free(&arena);
    if (argc > 2)
        return cmd_usage("agency");
    if (err == SND_E_NOTFOUND)
        return no_link(code, err);
    return err ? cmd_fail("The outbox could not be read: %s.", err_text(err)) : 0;
}

static int agency_retry(struct book *book, int argc, char **argv)
{
    if (argc != 2)
        return cmd_usage("agency");
    int err = book_outbox_retry(book, argv[1]);
    if (err == SND_E_NOTFOUND)
        return cmd_fail("The request %.24s was never on its way to an agency.", argv[1]);
    if (err == SND_E_DENIED)
        return cmd_fail("The agency has taken the request %.24s.", argv[1]);
    return err ? cmd_fail("The request could not be sent on: %s.", err_text(err)) : 0;
}

static int agency_push(struct book *book, int argc, char **argv)
{
    if (argc != 2)
        return cmd_usage("agency");
    int err = book_agency_push(book, argv[1]);
    return err ? no_link(argv[1], err) : 0;
}

static int hello(const struct book_agency_line *line)
{
    char why[AGENCY_WORD], said[COURIER_SAID];
    char *folder = cmd_path(cmd_verb_state(), AGENCY_FOLDER);
    struct json *json = NULL;
    long status;
    courier_hello(line, folder, &status, why, said);
    x_free(&folder);
    if (why[0])
        return cmd_fail("%s does not answer as it should: %s (HTTP %ld).", line->agency, why,
                        status);
    const char *agency =
        json_parse(said, strlen(said), &json) == 0 ? json_get_text(json, "agency") : NULL;
    int same = agency && strcmp(agency, line->agency) == 0;
    json_free(&json);
    if (!same)
        return cmd_fail("Somebody answers at %s, but it is not %s.", line->url, line->agency);
    printf("%s answers and lets us in.\n", line->agency);
    return 0;
}

static int agency_test(struct book *book, int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct book_agency_line *list = NULL;
    size_t count = 0;
    int status = -1, err = argc == 2 ? book_outbox_lines(book, arena, &list, &count) : 0;
    for (size_t i = 0; !err && status < 0 && i < count; i++)
        if (strcmp(list[i].agency, argv[1]) == 0)
            status = hello(&list[i]);
    arena_free(&arena);
    if (argc != 2)
        return cmd_usage("agency");
    return status < 0 ? no_link(argv[1], err ? err : SND_E_NOTFOUND) : status;
}

static const struct cmd_verb verbs[] = {
    {"add", agency_add},         {"stage", agency_stage},   {"pause", agency_pause},
    {"resume", agency_resume},   {"list", agency_list},     {"test", agency_test},
    {"push", agency_push},       {"outbox", agency_outbox}, {"retry", agency_retry},
    {"openapi", agency_openapi},
};

int line_agency(int argc, char **argv)
{
    if (argc >= 2 && strcmp(argv[1], "openapi") == 0) {
        int portal = argc > 2 && strcmp(argv[2], AGENCY_PORTAL) == 0;
        if (portal || argc == 2) {
            cmd_print_json(portal ? portal_api() : agency_api());
            return 0;
        }
    }
    return cmd_verb_run("agency", verbs, SND_COUNT(verbs), argc, argv);
}
