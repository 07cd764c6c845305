/* SPDX-License-Identifier: Apache-2.0
 * Tab-separated files, a row at a time, so that a file may be larger than memory. */
#include "cmd/tsv.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "base/err.h"
#include "cmd/cmd.h"

int tsv_complain(const struct tsv *tsv, const char *what)
{
    cmd_fail("%s, line %ld: %s", tsv->path, tsv->line, what);
    return SND_E_BAD;
}

/* The next line that says something: 1, 0 at the end, or SND_E_BAD. */
static int read_line(struct tsv *tsv, char *out)
{
    while (fgets(out, TSV_LINE, tsv->file)) {
        size_t len = strcspn(out, "\r\n");
        tsv->line++;
        if (out[len] == '\0' && !feof(tsv->file))
            return tsv_complain(tsv, "this line is too long.");
        out[len] = '\0';
        if (len > 0 && out[0] != '#')
            return 1;
    }
    return ferror(tsv->file) ? tsv_complain(tsv, "the file can't be read on.") : 0;
}

static int split(struct tsv *tsv, char *line, const char **out, size_t *count)
{
    *count = 0;
    for (char *at = line; at; *count += 1) {
        char *tab = strchr(at, '\t');
        if (*count == TSV_COLUMNS)
            return tsv_complain(tsv, "there are too many columns.");
        if (tab)
            *tab++ = '\0';
        out[*count] = at;
        at = tab;
    }
    return 0;
}

int tsv_open(struct tsv *tsv, const char *path)
{
    struct stat st;
    *tsv = (struct tsv){.path = path};
    tsv->file = fopen(path, "re");
    if (!tsv->file) {
        int err = err_from_errno(errno);
        cmd_fail("The file %s could not be opened.", path);
        return err;
    }
    if (fstat(fileno(tsv->file), &st) == 0)
        tsv->size = st.st_size;
    int got = read_line(tsv, tsv->head);
    if (got == 0)
        return tsv_complain(tsv, "the first line must say what the columns are.");
    return got < 0 ? got : split(tsv, tsv->head, tsv->name, &tsv->columns);
}

void tsv_close(struct tsv *tsv)
{
    if (tsv->file)
        fclose(tsv->file);
    tsv->file = NULL;
}

int tsv_next(struct tsv *tsv)
{
    int got = read_line(tsv, tsv->text);
    if (got != 1)
        return got;
    int err = split(tsv, tsv->text, tsv->field, &tsv->fields);
    return err ? err : 1;
}

const char *tsv_get(const struct tsv *tsv, const char *column)
{
    for (size_t i = 0; i < tsv->columns && i < tsv->fields; i++)
        if (strcmp(tsv->name[i], column) == 0)
            return tsv->field[i];
    return "";
}
