/* SPDX-License-Identifier: Apache-2.0
 * Forms from files into the book. Reading a form here tells which lists it names; the book is given
 * form and lists together, so that it never has one without the other. A form that doesn't read is
 * complained about with file, line and column, as `sanad form check` does. */
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"
#include "cmd/cmd.h"
#include "cmd/load.h"
#include "form/form.h"

#define FORM_BYTES (60u * 1024)
#define LIST_BYTES (60u * 1024)

int load_open(struct load *load, const char *path)
{
    const char *slash = strrchr(path, '/');
    *load = (struct load){0};
    load->folder = slash ? x_strndup(path, (size_t)(slash - path)) : x_strdup(".");
    return proc_read_file(path, FORM_BYTES, &load->text, &load->len);
}

void load_free(struct load *load)
{
    for (size_t i = 0; i < load->lists; i++) {
        x_free(&load->names[i]);
        x_free(&load->texts[i]);
        x_free(&load->paths[i]);
    }
    x_free(&load->names);
    x_free(&load->paths);
    x_free(&load->texts);
    x_free(&load->folder);
    x_free(&load->text);
}

/* In lists/ beside the form, beside it, or among those that are installed; the path is yours. */
static int read_list(const struct load *load, const char *name, char **text, char **path)
{
    char *places[] = {
        x_printf("%s/lists/%s.list", load->folder, name),
        x_printf("%s/%s.list", load->folder, name),
        x_printf("%s/screens/lists/%s.list", cmd_datadir(), name),
    };
    size_t len = 0;
    int err = SND_E_NOTFOUND;
    for (size_t i = 0; i < SND_COUNT(places); i++) {
        int here = err == SND_E_NOTFOUND;
        if (here)
            err = proc_read_file(places[i], LIST_BYTES, text, &len);
        if (here && !err)
            *path = places[i];
        else
            x_free(&places[i]);
    }
    return err;
}

const char *load_list(void *arg, const char *name)
{
    struct load *load = arg;
    for (size_t i = 0; i < load->lists; i++)
        if (strcmp(load->names[i], name) == 0)
            return load->texts[i];
    if (strchr(name, '/'))
        return NULL;
    char *text = NULL, *found = NULL;
    if (read_list(load, name, &text, &found))
        return NULL;
    load->names = x_realloc(load->names, load->lists + 1, sizeof *load->names);
    load->texts = x_realloc(load->texts, load->lists + 1, sizeof *load->texts);
    load->paths = x_realloc(load->paths, load->lists + 1, sizeof *load->paths);
    load->names[load->lists] = x_strdup(name);
    load->paths[load->lists] = found;
    load->texts[load->lists] = text;
    return load->texts[load->lists++];
}

static void complain(const char *path, const struct form_fault *faults, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, "%s:%d:%d: %s\n", path, faults[i].line, faults[i].column,
                faults[i].sentence);
}

int load_form(struct book *book, const char *path, const struct book_notice *notice, int *added)
{
    const struct form_fault *faults = NULL;
    struct arena *arena = arena_new();
    struct form *form = NULL;
    struct load load;
    uint8_t sha[HASH_SIZE];
    size_t count = 0;
    int fresh = 0, err = load_open(&load, path);
    if (err) {
        cmd_fail("The form %s could not be read: %s.", path, err_text(err));
        goto out;
    }
    err = form_read(load.text, load.len, load_list, &load, arena, &form, &faults, &count);
    if (err) {
        complain(path, faults, count);
        cmd_fail("The form %s has mistakes; nothing of it was loaded.", path);
        goto out;
    }
    err = book_form_load(book, load.text, load.lists, (const char *const *)load.names,
                         (const char *const *)load.texts, notice, sha, &fresh);
    if (err == SND_E_EXISTS)
        cmd_fail("Version %d of %s is loaded already with another text; raise the version in %s.",
                 form->version, form->code, path);
    else if (err)
        cmd_fail("The form %s could not be loaded: %s.", path, err_text(err));
    *added += !err && fresh;
out:
    form_free(&form);
    arena_free(&arena);
    load_free(&load);
    return err;
}

int load_any(const char *folder)
{
    glob_t found = {0};
    char *pattern = x_printf("%s/*.form", folder);
    int none = glob(pattern, 0, NULL, &found);
    globfree(&found);
    x_free(&pattern);
    return !none;
}

int load_folder(struct book *book, const char *folder, int *added)
{
    glob_t found = {0};
    char *pattern = x_printf("%s/*.form", folder);
    int err = 0, none = glob(pattern, 0, NULL, &found);
    if (none)
        cmd_fail("There are no forms in %s.", folder);
    for (size_t i = 0; !none && !err && i < found.gl_pathc; i++)
        err = load_form(book, found.gl_pathv[i], NULL, added);
    globfree(&found);
    x_free(&pattern);
    return none ? SND_E_NOTFOUND : err;
}
