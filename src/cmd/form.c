/* SPDX-License-Identifier: Apache-2.0
 * sanad form: check reads forms and lists and prints what is wrong with them as FILE:LINE:COLUMN: a
 * sentence, so that an editor can jump there; show prints how a form looks, in both languages;
 * schema what an agency is sent for it; load gives forms to the office's book and alone needs one.
 */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/load.h"
#include "form/form.h"
#include "form/schema.h"
#include "text/msg.h"
#include "ui/session.h"

#define SHOWN_MAX (4u << 20)
#define SHOW_ROWS 24
#define SHOW_COLS 80

static void complain(const char *path, const struct form_fault *fault, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("%s:%d:%d: %s\n", path, fault[i].line, fault[i].column, fault[i].sentence);
}

/* Reads a form and prints its mistakes; NULL when it has any. */
static struct form *read_form(struct load *load, const char *path)
{
    struct arena *arena = arena_new();
    const struct form_fault *fault;
    struct form *form = NULL;
    size_t count;
    if (form_read(load->text, load->len, load_list, load, arena, &form, &fault, &count) != 0)
        complain(path, fault, count);
    arena_free(&arena);
    return form;
}

/* ---- what is cut on the screen ---- */

/* A file's texts, and the places in it that were complained about. */
struct cuts {
    const struct load *load;
    const char *path;
    enum lang lang;
    size_t count;
    struct cut {
        const char *path; /* of the form or of a list of it */
        int line, column;
    } * cut;
};

static void keep_cut(struct cuts *cuts, struct cut cut)
{
    for (size_t i = 0; i < cuts->count; i++)
        if (cuts->cut[i].path == cut.path && cuts->cut[i].line == cut.line &&
            cuts->cut[i].column == cut.column)
            return;
    cuts->cut = x_realloc(cuts->cut, cuts->count + 1, sizeof *cuts->cut);
    cuts->cut[cuts->count++] = cut;
    printf("%s:%d:%d: Shorten this text: it does not fit the screen in %s.\n", cut.path, cut.line,
           cut.column, cuts->lang == LANG_AR ? "Arabic" : "English");
}

/* Of the form and its lists, the text that is longest is the one that was shown. */
static void note_cut(void *arg, const char *shown)
{
    struct cuts *cuts = arg;
    const struct load *load = cuts->load;
    struct cut cut = {.path = cuts->path, .line = 1, .column = 1};
    size_t most = form_locate(load->text, shown, &cut.line, &cut.column);
    for (size_t i = 0; i < load->lists; i++) {
        struct cut other = {.path = load->paths[i]};
        size_t len = form_locate(load->texts[i], shown, &other.line, &other.column);
        if (len > most)
            cut = other;
        most = len > most ? len : most;
    }
    if (most > 0)
        keep_cut(cuts, cut);
}

static int check_cut(const struct form *form, const struct load *load, const char *path)
{
    struct cuts cuts = {.load = load, .path = path};
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        cuts.lang = (enum lang)lang;
        session_check_form(form, cuts.lang, SHOW_COLS, note_cut, &cuts);
    }
    x_free(&cuts.cut);
    return cuts.count > 0;
}

static int check_list(const struct load *load, const char *path)
{
    struct cuts cuts = {.load = load, .path = path};
    struct arena *arena = arena_new();
    const struct form_fault *fault;
    const struct choices *choices;
    size_t count;
    int err = form_list_read(load->text, load->len, arena, &choices, &fault, &count);
    complain(path, fault, count);
    for (int lang = 0; !err && lang < LANG_COUNT; lang++) {
        cuts.lang = (enum lang)lang;
        session_check_list(choices, cuts.lang, SHOW_COLS, note_cut, &cuts);
    }
    x_free(&cuts.cut);
    arena_free(&arena);
    return err != 0 || cuts.count > 0;
}

static int is_list(const char *path)
{
    size_t len = strlen(path);
    return len > 5 && strcmp(path + len - 5, ".list") == 0;
}

static int check_one(const char *path)
{
    struct load load;
    int wrong, err = load_open(&load, path);
    if (err)
        wrong = cmd_fail("%s could not be read: %s.", path, err_text(err));
    else if (is_list(path))
        wrong = check_list(&load, path);
    else {
        struct form *form = read_form(&load, path);
        wrong = !form || check_cut(form, &load, path);
        form_free(&form);
    }
    load_free(&load);
    return wrong;
}

static int check(int argc, char **argv)
{
    int wrong = 0;
    for (int i = 1; i < argc; i++)
        wrong |= check_one(argv[i]);
    return wrong;
}

/* The form of a file, or NULL and said what is wrong. */
static struct form *open_form(struct load *load, const char *path)
{
    int err = load_open(load, path);
    if (err)
        (void)cmd_fail("%s could not be read: %s.", path, err_text(err));
    return err ? NULL : read_form(load, path);
}

static int show_one(const char *path)
{
    struct load load;
    struct form *form = open_form(&load, path);
    for (int lang = 0; form && lang < LANG_COUNT; lang++) {
        struct buf shown = BUF_INIT(SHOWN_MAX);
        session_show_form(form, (enum lang)lang, SHOW_ROWS, SHOW_COLS, &shown);
        fputs(buf_text(&shown), stdout);
        buf_free(&shown);
    }
    int failed = !form;
    form_free(&form);
    load_free(&load);
    return failed;
}

static int show(int argc, char **argv)
{
    return argc == 2 ? show_one(argv[1]) : cmd_usage("form");
}

/* What an agency needs to know of the service, see `sanad service schema`. */
static int schema_one(const char *path)
{
    struct load load;
    struct form *form = open_form(&load, path);
    if (form)
        cmd_print_json(schema_request(form));
    int failed = !form;
    form_free(&form);
    load_free(&load);
    return failed;
}

static int schema(int argc, char **argv)
{
    return argc == 2 ? schema_one(argv[1]) : cmd_usage("form");
}

static int load_all(int argc, char **argv)
{
    const char *state = cmd_state(&argc, argv);
    struct book *book = NULL;
    struct book_notice notice;
    int err = cmd_notice(&argc, argv, &notice);
    if (err)
        return err;
    if (argc < 2)
        return cmd_usage("form");
    if (cmd_book_open(state, &book) != 0)
        return 1;
    for (int i = 1; !err && i < argc; i++) {
        int added = 0;
        err = load_form(book, argv[i], &notice, &added);
        if (!err)
            printf("%s: %s\n", argv[i], added ? "loaded" : "was there already");
    }
    cmd_book_close(&book);
    return err != 0;
}

static const struct {
    const char *words;
    int (*function)(int argc, char **argv);
} verbs[] = {{"check", check}, {"show", show}, {"schema", schema}, {"load", load_all}};

int cmd_form(int argc, char **argv)
{
    for (size_t i = 0; argc > 2 && i < SND_COUNT(verbs); i++)
        if (strcmp(argv[1], verbs[i].words) == 0)
            return verbs[i].function(argc - 1, argv + 1);
    return cmd_usage("form");
}
