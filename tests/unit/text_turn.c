/* SPDX-License-Identifier: Apache-2.0 */
/* Rows turned for terminals that reorder: what such a terminal would make of each must be the row
 * that was wanted. Twenty thousand rows are put together from the golden pictures of all screens,
 * so they hold what the screens hold; some more are as hard as they come. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "tests/tap.h"
#include "text/input.h"
#include "text/turn.h"

#define ROWS_MOST 20000
#define CELLS_MOST 256
#define RANDOM_ROWS 20000

struct picture_row {
    int count;
    uint32_t cell[CELLS_MOST];
};
static struct picture_row *rows;
static int row_count;

static const char *const names[TURNINGS] = {"none", "PuTTY", "Konsole", "kitty"};

/* A generator of our own, so that a failing row can be had again. */
static uint32_t seed = 20181;
static int below(int most)
{
    seed = seed * 1664525u + 1013904223u;
    return (int)((seed >> 8) % (uint32_t)most);
}

/* ---- rows of real screens ---- */

static int read_cells(const char *text, uint32_t *cell, int most)
{
    int count = 0;
    size_t left = strlen(text), used;
    for (; left > 0 && count < most; left -= used, text += used) {
        uint32_t point = utf8_get(text, left, &used);
        if (point_width(point) == 1)
            cell[count++] = point;
    }
    return count;
}

static void read_picture(const char *path)
{
    char line[4096];
    FILE *file = fopen(path, "r");
    while (file && row_count < ROWS_MOST && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        rows[row_count].count = read_cells(line, rows[row_count].cell, CELLS_MOST);
        row_count += rows[row_count].count > 2;
    }
    if (file)
        fclose(file);
}

/* In the order of their names, not of the disk: the same rows everywhere. */
static void read_pictures(void)
{
    char folder[1024], path[2048];
    struct dirent **entries = NULL;
    snprintf(folder, sizeof folder, "%s", tap_source("tests/golden/screens"));
    rows = x_calloc(ROWS_MOST, sizeof *rows);
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            read_picture(path);
        free(entries[i]);
    }
    free(entries);
}

/* A piece of some picture's row, put anywhere between the edge columns, with a blank before and
 * after it, as between any two texts of a screen. */
static void lay_piece(uint32_t *row, int width)
{
    const struct picture_row *from = &rows[below(row_count)];
    int most = width - 2, length = from->count < most ? from->count : most;
    if (below(2))
        length = 1 + below(length);
    int start = below(from->count - length + 1), at = 1 + below(most - length + 1);
    row[at - 1] = row[at + length] = ' ';
    memcpy(row + at, from->cell + start, (size_t)length * sizeof *row);
}

static void random_row(uint32_t *row, int width)
{
    for (int i = 0; i < width; i++)
        row[i] = ' ';
    for (int pieces = 1 + below(3); pieces > 0; pieces--)
        lay_piece(row, width);
}

/* ---- judging ---- */

static void tell(const char *what, const uint32_t *row, int count)
{
    struct buf out = BUF_INIT(8192);
    char bytes[5];
    for (int i = 0; i < count; i++)
        buf_put(&out, bytes, (size_t)utf8_put(row[i], bytes));
    tap_note("%s [%s]", what, buf_text(&out));
    buf_free(&out);
}

/* 1 when the terminal shows that row, each cell in its place, also where two look alike, and
 * letters are hidden only where nothing stands. */
static int comes_right(enum turning turning, const uint32_t *row, int count, struct turn *turn)
{
    uint32_t shown[TURN_MOST];
    uint16_t from[TURN_MOST];
    int right = 1;
    turn_row(turning, row, count, turn);
    turn_show(turning, turn->base, count, shown, from);
    for (int i = 0; i < count; i++) {
        int sent = from[i];
        right &= turn->from[turn->to[i]] == i;
        right &= turn->from[sent] == i;
        right &= turn->hidden[sent] ? row[i] == ' ' : shown[i] == row[i];
    }
    return right && turn->exact;
}

static void random_rows(enum turning turning, int width)
{
    uint32_t row[CELLS_MOST];
    static struct turn turn;
    int wrong = 0, hiding = 0;
    for (int i = 0; i < RANDOM_ROWS; i++) {
        int hidden = 0;
        random_row(row, width);
        if (!comes_right(turning, row, width, &turn) && wrong++ < 5)
            tell("wrong:", row, width);
        for (int col = 0; col < width; col++)
            hidden |= turn.hidden[col];
        hiding += hidden;
    }
    tap_note("%s, %d columns: %d of %d wrong, %d with hidden letters", names[turning], width, wrong,
             RANDOM_ROWS, hiding);
    tap_ok(wrong == 0, "%s at %d columns shows 20 000 rows of real screens as they are",
           names[turning], width);
}

static void whole_pictures(enum turning turning)
{
    uint32_t row[CELLS_MOST];
    static struct turn turn;
    int wrong = 0;
    for (int i = 0; i < row_count; i++) {
        int width = rows[i].count <= 79 ? 80 : 132;
        for (int col = 0; col < width; col++)
            row[col] = col < rows[i].count ? rows[i].cell[col] : ' ';
        if (!comes_right(turning, row, width, &turn) && wrong++ < 5)
            tell("wrong:", row, width);
    }
    tap_ok(row_count > 2000 && wrong == 0, "%s shows every row of every golden picture as it is",
           names[turning]);
}

int main(void)
{
    static const int widths[] = {40, 80, 132};
    read_pictures();
    for (int turning = TURN_AUTO; turning < TURNINGS; turning++) {
        whole_pictures((enum turning)turning);
        for (size_t i = 0; i < SND_COUNT(widths); i++)
            random_rows((enum turning)turning, widths[i]);
    }
    x_free(&rows);
    return tap_done();
}
