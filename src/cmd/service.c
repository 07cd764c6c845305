/* SPDX-License-Identifier: Apache-2.0
 * sanad service: the catalogue as this centre has it today, what a service needs, opening and
 * closing one whatever its form says, and who has practised. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "form/schema.h"
#include "form/sheet.h"

/* One word for the list: open, or why not. */
static const char *standing_word(const struct book_service *service)
{
    static const char *const words[SERVICE_STATES] = {
        [SERVICE_LIVE] = "area",           [SERVICE_NEXT] = "next",
        [SERVICE_SUSPENDED] = "suspended", [SERVICE_CLOSED] = "closed",
        [SERVICE_LINKING] = "linking",     [SERVICE_ANNOUNCED] = "announced",
        [SERVICE_OFF_SEASON] = "season",
    };
    return service->open ? "open" : words[service->state];
}

static void day_words(int32_t day, char out[11])
{
    if (day)
        clock_day_text(day, out);
    else
        (void)str_copy(out, 11, "-");
}

static int service_list(struct book *book, int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct book_service *list = NULL;
    size_t count = 0;
    (void)argv;
    int err = argc == 1 ? book_service_list(book, arena, &list, &count) : SND_E_BAD;
    for (size_t i = 0; !err && i < count; i++) {
        char opens[11];
        day_words(list[i].opens, opens);
        printf("%s\t%s\t%s\t%s\t%s\t%s\n", list[i].code, list[i].agency, standing_word(&list[i]),
               opens, list[i].title[LANG_EN], list[i].title[LANG_AR]);
    }
    arena_free(&arena);
    if (argc != 1)
        return cmd_usage("service");
    return err ? cmd_fail("The services could not be read: %s.", err_text(err)) : 0;
}

static int print_promised(struct book *book, const struct book_service *service, int32_t today)
{
    const struct form *form = NULL;
    char since[11];
    int err = service->open ? 0 : book_form(book, service->sha, &form);
    int32_t day = form ? form_promised(form, today) : 0;
    if (day == 0)
        return err;
    clock_day_text(day, since);
    printf("%s\t%s\t%s\t%s\t%d\t%s\t%s\n", service->code, service->agency, standing_word(service),
           since, (int)(today - day), service->title[LANG_EN], service->title[LANG_AR]);
    return 0;
}

/* What was promised and is not live: how old is the promise? */
static int service_promised(struct book *book, int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct book_service *list = NULL;
    struct book_office office;
    size_t count = 0;
    (void)argv;
    int err = argc == 1 ? book_office(book, &office) : SND_E_BAD;
    if (!err)
        err = book_service_list(book, arena, &list, &count);
    for (size_t i = 0; !err && i < count; i++)
        err = print_promised(book, &list[i], office.today);
    arena_free(&arena);
    if (argc != 1)
        return cmd_usage("service");
    return err ? cmd_fail("The services could not be read: %s.", err_text(err)) : 0;
}

/* The row of one service, its texts in the arena: 0, SND_E_NOTFOUND or another error. */
static int find_service(struct book *book, const char *code, struct arena *arena,
                        struct book_service *out)
{
    struct book_service *list = NULL;
    size_t count = 0;
    int err = book_service_list(book, arena, &list, &count), found = 0;
    for (size_t i = 0; !err && i < count && !found; i++) {
        found = strcmp(list[i].code, code) == 0;
        if (found)
            *out = list[i];
    }
    return err ? err : found ? 0 : SND_E_NOTFOUND;
}

static void print_sheet(const struct form *form, int32_t day, const char *why)
{
    struct arena *arena = arena_new();
    struct sheet sheet;
    sheet_make(form, day, why ? _(why) : _("open"), arena, &sheet);
    printf("%s  %s\n", form->code, form->title[msg_language()]);
    for (size_t i = 0; i < sheet.lines; i++) {
        const struct sheet_line *line = &sheet.line[i];
        if (line->heading)
            printf("\n%s\n", line->label);
        else if (*line->label)
            printf("%s: %s\n", line->label, line->text);
        else
            printf("  %s\n", line->text);
    }
    arena_free(&arena);
}

/* In the language of --lang, else of LANG, else in Arabic. */
static int choose_language(const char *wanted)
{
    const char *here = getenv("LANG");
    enum lang lang = LANG_AR;
    if (wanted && msg_lang_parse(wanted, &lang) != 0)
        return SND_E_BAD;
    if (!wanted && here && msg_lang_parse(here, &lang) != 0)
        lang = LANG_AR;
    msg_set_language(lang);
    return 0;
}

static int no_service(const char *code, int err)
{
    if (err == SND_E_NOTFOUND)
        return cmd_fail("There is no service %.20s here; sanad service list has them all.", code);
    return cmd_fail("The service %.20s could not be read: %s.", code, err_text(err));
}

static int service_show(struct book *book, int argc, char **argv)
{
    struct book_service service;
    struct book_office office;
    const struct form *form;
    if (choose_language(cmd_option(&argc, argv, "lang")) != 0)
        return cmd_fail("The languages are ar and en.");
    if (argc != 2)
        return cmd_usage("service");
    struct arena *arena = arena_new();
    int err = find_service(book, argv[1], arena, &service);
    if (!err)
        err = book_office(book, &office);
    if (!err)
        err = book_form(book, service.sha, &form);
    if (!err)
        print_sheet(form, office.today, book_service_why(&service));
    arena_free(&arena);
    return err ? no_service(argv[1], err) : 0;
}

static int service_schema(struct book *book, int argc, char **argv)
{
    struct book_service service;
    const struct form *form;
    if (argc != 2)
        return cmd_usage("service");
    struct arena *arena = arena_new();
    int err = find_service(book, argv[1], arena, &service);
    if (!err)
        err = book_form(book, service.sha, &form);
    if (!err)
        cmd_print_json(schema_request(form));
    arena_free(&arena);
    return err ? no_service(argv[1], err) : 0;
}

/* CODE [--from DATE] [--to DATE] [--reason TEXT] into *out: 0, or a status after one sentence. */
static int read_ruling(struct book *book, int *argc, char **argv, struct book_ruling *out)
{
    struct book_office office;
    const char *from = cmd_option(argc, argv, "from"), *to = cmd_option(argc, argv, "to");
    const char *reason = cmd_option(argc, argv, "reason");
    *out = (struct book_ruling){.to = BOOK_FOREVER};
    if (*argc != 2)
        return cmd_usage("service");
    int err = book_office(book, &office);
    if (err)
        return cmd_fail("The office could not be read: %s.", err_text(err));
    out->from = office.today;
    if ((from && clock_day_parse(from, &out->from) != 0) ||
        (to && clock_day_parse(to, &out->to) != 0))
        return cmd_fail("Write a day as year-month-day, such as 2018-07-01.");
    if (out->to < out->from)
        return cmd_fail("The last day lies before the first one.");
    if (str_copy(out->service, sizeof out->service, argv[1]) != 0)
        return no_service(argv[1], SND_E_NOTFOUND);
    if (reason && str_copy(out->reason, sizeof out->reason, reason) != 0)
        return cmd_fail("Write a shorter reason: at most %d bytes.", BOOK_TEXT - 1);
    return 0;
}

static int ruled(const char *code, int err)
{
    if (err == SND_E_BAD)
        return cmd_fail(
            "The text has signs that can't be stored; write letters, digits and stops.");
    if (err == SND_E_NOTFOUND)
        return no_service(code, err);
    return err ? cmd_fail("The service %.20s could not be changed: %s.", code, err_text(err)) : 0;
}

static int service_open(struct book *book, int argc, char **argv)
{
    struct book_ruling ruling;
    struct book_notice notice;
    int quiet = cmd_flag(&argc, argv, "no-notice"), told = 0;
    int status = cmd_notice(&argc, argv, &notice);
    if (!status)
        status = read_ruling(book, &argc, argv, &ruling);
    if (status)
        return status;
    status = ruled(argv[1], book_service_open(book, &ruling, &notice, quiet, &told));
    if (!status && told)
        printf("%s is new to the clerks: it opens to each once the notice has been read.\n",
               argv[1]);
    return status;
}

static int service_close(struct book *book, int argc, char **argv)
{
    struct book_ruling ruling;
    int status = read_ruling(book, &argc, argv, &ruling);
    return status ? status : ruled(argv[1], book_service_close(book, &ruling));
}

static int service_training(struct book *book, int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct book_training *list = NULL;
    size_t count = 0;
    (void)argv;
    int err = argc == 1 ? book_training_list(book, arena, &list, &count) : SND_E_BAD;
    for (size_t i = 0; !err && i < count; i++) {
        char at[25];
        clock_utc_text(list[i].at, at);
        printf("%s\t%s\t%s\t%s\t%d\n", at, list[i].account, list[i].centre, list[i].service,
               list[i].faults);
    }
    arena_free(&arena);
    if (argc != 1)
        return cmd_usage("service");
    return err ? cmd_fail("The training record could not be read: %s.", err_text(err)) : 0;
}

static const struct cmd_verb verbs[] = {
    {"list", service_list},         {"show", service_show},   {"schema", service_schema},
    {"open", service_open},         {"close", service_close}, {"training", service_training},
    {"promised", service_promised},
};

int cmd_service(int argc, char **argv)
{
    return cmd_verb_run("service", verbs, SND_COUNT(verbs), argc, argv);
}
