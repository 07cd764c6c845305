/* SPDX-License-Identifier: Apache-2.0
 * sanad form: check reads forms and lists and prints what is wrong with them as FILE:LINE:COLUMN: a
 * sentence, so that an editor can jump there; show prints how a form looks, in both languages; load
 * gives forms to the office's book. The first two need no office. */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/load.h"
#include "form/form.h"
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

/* Rows of shown pages that end in an ellipsis: texts that don't fit. The first row of a page is the
 * header, which may shorten the service's name. */
static int count_cut(const char *shown)
{
    int row = 0, cut = 0;
    for (const char *at = shown; *at; row++) {
        size_t len = strcspn(at, "\n");
        const char *sign = strstr(at, "…");
        cut += row % SHOW_ROWS != 0 && sign && sign < at + len;
        at += len + (at[len] == '\n');
    }
    return cut;
}

static int check_cut(const struct form *form, const char *path)
{
    int all = 0;
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        struct buf shown = BUF_INIT(SHOWN_MAX);
        session_show_form(form, (enum lang)lang, SHOW_ROWS, SHOW_COLS, &shown);
        int cut = count_cut(buf_text(&shown));
        if (cut)
            printf(
                "%s:1:1: Shorten %d texts that end in … on the screen in %s: sanad form show %s\n",
                path, cut, lang == LANG_AR ? "Arabic" : "English", path);
        buf_free(&shown);
        all += cut;
    }
    return all != 0;
}

static int check_list(const struct load *load, const char *path)
{
    struct arena *arena = arena_new();
    const struct form_fault *fault;
    size_t count;
    int err = form_list_check(load->text, load->len, arena, &fault, &count);
    complain(path, fault, count);
    arena_free(&arena);
    return err != 0;
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
        wrong = !form || check_cut(form, path);
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

static int show_one(const char *path)
{
    struct load load;
    struct form *form = NULL;
    int err = load_open(&load, path);
    if (err)
        (void)cmd_fail("%s could not be read: %s.", path, err_text(err));
    else
        form = read_form(&load, path);
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

static int load_all(int argc, char **argv)
{
    const char *state = cmd_state(&argc, argv);
    struct book *book = NULL;
    int err = 0;
    if (argc < 2)
        return cmd_usage("form");
    if (cmd_book_open(state, &book) != 0)
        return 1;
    for (int i = 1; !err && i < argc; i++) {
        int added = 0;
        err = load_form(book, argv[i], &added);
        if (!err)
            printf("%s: %s\n", argv[i], added ? "loaded" : "was there already");
    }
    cmd_book_close(&book);
    return err != 0;
}

static const struct {
    const char *words;
    int (*function)(int argc, char **argv);
} verbs[] = {{"check", check}, {"show", show}, {"load", load_all}};

int cmd_form(int argc, char **argv)
{
    for (size_t i = 0; argc > 2 && i < SND_COUNT(verbs); i++)
        if (strcmp(argv[1], verbs[i].words) == 0)
            return verbs[i].function(argc - 1, argv + 1);
    return cmd_usage("form");
}
