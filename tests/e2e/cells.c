/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at a terminal's picture cell by cell. The picture is the memory of Xvfb (its -fbdir), an
 * XWD file that may be read at any time. Terminals draw the same font a little differently, so a
 * cell is right when it is more like the wanted letter, as xterm drew it, than like any other
 * letter that screens use: a row in another order or a wrong joining form is found, a grey pixel is
 * not. What xterm drew is held against a chart of all letters, which the test has it draw, by what
 * tmux says is on the screen. The terminals' cursor is orange, which nothing else is.
 *
 *     cells grid PICTURE ROWS COLS                the place of the cells, by marks in the four
 * corners cells caret PICTURE GRID                    the row and column of the cursor cells anchor
 * CHART PICTURE TEXT             xterm shows this text cells compare CHART WANTED PICTURE TEXT a
 * terminal shows what xterm shows cells same PICTURE PICTURE TEXT             the same terminal,
 * twice cells cut PICTURE                           the cells alone, as a PPM
 *
 * PICTURE, CHART and WANTED are FILE:X,Y,W,H,ROWS,COLS but for `grid`; the text of a chart is in
 * FILE.txt. Cells with U+2592 in TEXT are not looked at. Exit status 1 when cells are wrong, which
 * are named. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <locale.h>

enum { CELLS_MOST = 8192, COLS_MOST = 256, PATCH_MOST = 1024, TOLD_MOST = 12 };
#define IGNORED L'\u2592'
#define FULL L'\u2588'     /* a blank with another background */
#define INK_LEAST 2.2      /* pixels of ink of the smallest sign, a full stop */
#define BLANK_MOST 14.0    /* what a neighbour may let into a blank cell */
#define BLANK_MORE 5.0     /* and how much more of it than on xterm */
#define RIGHT_LEAST 0.5    /* likeness of the right letter at the least */
#define ANCHORED_LEAST 0.7 /* likeness to the chart, where neighbours reach in */
#define MARGIN 0.06        /* and how much more like another one it may look */

struct picture {
    int width, height, stride;
    uint8_t *bytes, *pixels;
    int x, y, w, h, rows, cols;
};
/* A cell's ink: how far each pixel is from the cell's background, 0 to 1. */
struct patch {
    int light, caret;
    double mass, norm;
    float ink[PATCH_MOST];
};

static void fail(const char *what)
{
    fprintf(stderr, "cells: %s\n", what);
    exit(2);
}

static uint32_t word(const uint8_t *bytes, int at)
{
    const uint8_t *b = bytes + 4 * at;

    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void picture_read(struct picture *picture, const char *path)
{
    FILE *file = fopen(path, "rb");
    long size;

    if (!file || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 100)
        fail(path);
    rewind(file);
    picture->bytes = malloc((size_t)size);
    if (!picture->bytes || fread(picture->bytes, 1, (size_t)size, file) != (size_t)size)
        fail(path);
    fclose(file);
    picture->width = (int)word(picture->bytes, 4);
    picture->height = (int)word(picture->bytes, 5);
    picture->stride = (int)word(picture->bytes, 12);
    size_t head = word(picture->bytes, 0) + 12 * (size_t)word(picture->bytes, 19);
    if (word(picture->bytes, 11) != 32 ||
        head + (size_t)picture->stride * (size_t)picture->height > (size_t)size)
        fail(path);
    picture->pixels = picture->bytes + head;
}

/* FILE:X,Y,W,H,ROWS,COLS */
static struct picture *picture_open(const char *name)
{
    struct picture *picture = calloc(1, sizeof *picture);
    char path[4096];
    const char *colon = strrchr(name, ':');

    if (!picture || !colon || (size_t)(colon - name) >= sizeof path ||
        sscanf(colon, ":%d,%d,%d,%d,%d,%d", &picture->x, &picture->y, &picture->w, &picture->h,
               &picture->rows, &picture->cols) != 6)
        fail(name);
    if (picture->cols > COLS_MOST || picture->rows * picture->cols > CELLS_MOST ||
        picture->w * picture->h > PATCH_MOST)
        fail("too many cells");
    memcpy(path, name, (size_t)(colon - name));
    path[colon - name] = '\0';
    picture_read(picture, path);
    return picture;
}

/* Blue, green and red of a pixel, or black outside. */
static const uint8_t *pixel(const struct picture *picture, int x, int y)
{
    static const uint8_t none[4];

    if (x < 0 || y < 0 || x >= picture->width || y >= picture->height)
        return none;
    return picture->pixels + (ptrdiff_t)y * picture->stride + (ptrdiff_t)4 * x;
}

static int grey(const struct picture *picture, int x, int y)
{
    const uint8_t *at = pixel(picture, x, y);

    return (at[0] + 2 * at[1] + at[2]) / 4;
}

static int is_white(const struct picture *picture, int x, int y)
{
    const uint8_t *at = pixel(picture, x, y);

    return at[0] > 200 && at[1] > 200 && at[2] > 200;
}

static int is_caret(const struct picture *picture, int x, int y)
{
    const uint8_t *at = pixel(picture, x, y);

    return at[2] > 230 && at[1] > 100 && at[1] < 160 && at[0] < 60;
}

/* ---- the grid ---- */

static int white_row(const struct picture *picture, int y, int *first, int *last)
{
    *first = *last = -1;
    for (int x = 0; x < picture->width; x++) {
        if (is_white(picture, x, y)) {
            *first = *first < 0 ? x : *first;
            *last = x;
        }
    }
    return *first >= 0;
}

static int run(const struct picture *picture, int x, int y, int step_x, int step_y)
{
    int length = 0;

    while (is_white(picture, x + length * step_x, y + length * step_y))
        length++;
    return length;
}

/* The lower marks tell the cells' size; what is above the upper ones may be a bar of buttons. */
static int find_grid(struct picture *picture)
{
    int bottom = picture->height - 1, first = 0, last = 0;

    while (bottom > 0 && !white_row(picture, bottom, &first, &last))
        bottom--;
    if (bottom == 0 || last <= first)
        return 0;
    picture->w = run(picture, first, bottom, 1, 0);
    picture->h = run(picture, first, bottom, 0, -1);
    picture->x = first;
    picture->y = bottom + 1 - picture->h * picture->rows;
    return last + 1 - first == picture->w * picture->cols && picture->y >= 0 && picture->w > 4 &&
           picture->h > 4 && run(picture, first, picture->y, 1, 0) >= picture->w &&
           run(picture, first, picture->y, 0, 1) == picture->h &&
           run(picture, last, picture->y, 0, 1) == picture->h;
}

/* ---- cells ---- */

/* The grey that most of the cell has. */
static int background(const struct picture *picture, int x0, int y0)
{
    int count[256] = {0}, best = 0;

    for (int y = 0; y < picture->h; y++) {
        for (int x = 0; x < picture->w; x++)
            count[grey(picture, x0 + x, y0 + y)]++;
    }
    for (int value = 1; value < 256; value++)
        best = count[value] > count[best] ? value : best;
    return best;
}

/* 3 by 3 pixels, the middle one counts most: what differs by half a pixel is alike. */
static void soften(struct patch *patch, int w, int h, const float *raw)
{
    static const float weight[3] = {0.25F, 0.5F, 0.25F};

    patch->norm = 0;
    for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
            float sum = 0;
            for (int dy = -1; dy <= 1; dy++) {
                for (int dx = -1; dx <= 1; dx++) {
                    if (y + dy >= 0 && y + dy < h && x + dx >= 0 && x + dx < w)
                        sum += weight[dy + 1] * weight[dx + 1] * raw[(y + dy) * w + x + dx];
                }
            }
            patch->ink[y * w + x] = sum;
            patch->norm += (double)sum * (double)sum;
        }
    }
    patch->norm = sqrt(patch->norm);
}

static void patch_take(const struct picture *picture, int row, int col, struct patch *patch)
{
    float raw[PATCH_MOST];
    int x0 = picture->x + col * picture->w, y0 = picture->y + row * picture->h;

    int behind = background(picture, x0, y0);

    patch->light = behind > 127;
    patch->caret = 0;
    patch->mass = 0;
    for (int y = 0; y < picture->h; y++) {
        for (int x = 0; x < picture->w; x++) {
            int value = grey(picture, x0 + x, y0 + y);
            float ink = (float)abs(value - behind) / 255;
            raw[y * picture->w + x] = ink;
            patch->mass += (double)ink;
            patch->caret += is_caret(picture, x0 + x, y0 + y);
        }
    }
    soften(patch, picture->w, picture->h, raw);
}

static struct patch *patches_take(const struct picture *picture)
{
    int count = picture->rows * picture->cols;
    struct patch *patches = calloc((size_t)count, sizeof *patches);

    if (!patches)
        fail("no memory");
    for (int i = 0; i < count; i++)
        patch_take(picture, i / picture->cols, i % picture->cols, &patches[i]);
    return patches;
}

static double likeness(const struct patch *one, const struct patch *other, int pixels)
{
    double sum = 0;

    if (one->norm <= 0 || other->norm <= 0)
        return one->norm <= 0 && other->norm <= 0;
    for (int i = 0; i < pixels; i++)
        sum += (double)one->ink[i] * (double)other->ink[i];
    return sum / (one->norm * other->norm);
}

/* ---- texts: one character a cell, marks left out ---- */

static wchar_t *text_read(const char *path, int rows, int cols)
{
    wchar_t line[4 * COLS_MOST], *text = calloc((size_t)(rows * cols), sizeof *text);
    FILE *file = fopen(path, "r");

    if (!file || !text)
        fail(path);
    for (int i = 0; i < rows * cols; i++)
        text[i] = L' ';
    for (int row = 0; row < rows && fgetws(line, 4 * COLS_MOST, file); row++) {
        int col = 0;
        for (int i = 0; line[i] != L'\0' && line[i] != L'\n' && col < cols; i++) {
            if (wcwidth(line[i]) == 1)
                text[row * cols + col++] = line[i] == FULL ? L' ' : line[i];
        }
    }
    fclose(file);
    return text;
}

/* ---- judging ---- */

static int wrong_count;

static void tell(const struct picture *picture, int i, wchar_t want, const char *why, double one,
                 double other, wchar_t like)
{
    if (wrong_count++ < TOLD_MOST)
        printf("row %d column %d, [%lc]: %s (%.2f, %.2f [%lc])\n", i / picture->cols,
               i % picture->cols, (wint_t)want, why, one, other, (wint_t)(like ? like : L' '));
}

/* The likest cell of the chart among those of other letters; those of the letter itself in *own. */
static double likest_other(const struct patch *chart, const wchar_t *letters, int count,
                           const struct patch *patch, wchar_t letter, int pixels, double *own,
                           wchar_t *which)
{
    double best = 0;

    *own = 0;
    *which = 0;
    for (int i = 0; i < count; i++) {
        if (letters[i] == L' ')
            continue;
        double like = likeness(&chart[i], patch, pixels);
        if (letters[i] == letter) {
            *own = like > *own ? like : *own;
        } else if (like > best) {
            best = like;
            *which = letters[i];
        }
    }
    return best;
}

struct chart {
    struct picture *picture;
    struct patch *patches;
    wchar_t *letters;
    int count;
};

static struct chart chart_open(const char *name)
{
    struct chart chart = {.picture = picture_open(name)};
    char path[4096];

    snprintf(path, sizeof path, "%.*s.txt", (int)(strrchr(name, ':') - name), name);
    chart.letters = text_read(path, chart.picture->rows, chart.picture->cols);
    chart.patches = patches_take(chart.picture);
    chart.count = chart.picture->rows * chart.picture->cols;
    return chart;
}

static void same_size(const struct picture *one, const struct picture *other)
{
    if (one->w != other->w || one->h != other->h)
        fail("another size of cells");
}

/* A letter where one is wanted, none where none is: 1 when there is more to look at. */
static int inked(const struct picture *picture, int i, wchar_t letter, int wanted, double most,
                 const struct patch *patch)
{
    if (!wanted && patch->mass > most)
        tell(picture, i, letter, "not blank", patch->mass, 0, 0);
    if (wanted && patch->mass < INK_LEAST)
        tell(picture, i, letter, "blank", patch->mass, 0, 0);
    return wanted && patch->mass >= INK_LEAST;
}

static int anchor(char **name)
{
    struct chart chart = chart_open(name[0]);
    struct picture *picture = picture_open(name[1]);
    struct patch *patches = patches_take(picture);
    wchar_t *text = text_read(name[2], picture->rows, picture->cols), which;
    double own;

    same_size(chart.picture, picture);
    for (int i = 0; i < picture->rows * picture->cols; i++) {
        if (text[i] == IGNORED || patches[i].caret > 0 ||
            !inked(picture, i, text[i], text[i] != L' ', BLANK_MOST, &patches[i]))
            continue;
        double other = likest_other(chart.patches, chart.letters, chart.count, &patches[i], text[i],
                                    picture->w * picture->h, &own, &which);
        if (own < ANCHORED_LEAST || own + MARGIN < other)
            tell(picture, i, text[i], "not as on the chart", own, other, which);
    }
    return wrong_count > 0;
}

static void compare_cell(const struct chart *chart, const struct picture *picture, int i,
                         wchar_t letter, const struct patch *wanted, const struct patch *patch)
{
    int pixels = picture->w * picture->h;
    wchar_t which;
    double own;

    if (wanted->light != patch->light) {
        tell(picture, i, letter, "another background", wanted->light, patch->light, 0);
        return;
    }
    if (!inked(picture, i, letter, letter != L' ', wanted->mass + BLANK_MORE, patch))
        return;
    double other = likest_other(chart->patches, chart->letters, chart->count, patch, letter, pixels,
                                &own, &which);
    double like = likeness(wanted, patch, pixels);
    like = own > like ? own : like;
    if (like < RIGHT_LEAST || like + MARGIN < other)
        tell(picture, i, letter, "like another letter", like, other, which);
}

static int compare(char **name)
{
    struct chart chart = chart_open(name[0]);
    struct picture *want = picture_open(name[1]), *picture = picture_open(name[2]);
    struct patch *wanted = patches_take(want), *patches;
    wchar_t *text = text_read(name[3], picture->rows, picture->cols);

    same_size(chart.picture, picture);
    same_size(want, picture);
    if (want->rows != picture->rows || want->cols != picture->cols)
        fail("another size of the screen");
    patches = patches_take(picture);
    for (int i = 0; i < picture->rows * picture->cols; i++) {
        if (text[i] == IGNORED)
            continue;
        if ((wanted[i].caret > 0) != (patches[i].caret > 0))
            tell(picture, i, text[i], "the cursor", wanted[i].caret, patches[i].caret, 0);
        else if (wanted[i].caret == 0)
            compare_cell(&chart, picture, i, text[i], &wanted[i], &patches[i]);
    }
    printf("%d cells wrong\n", wrong_count);
    return wrong_count > 0;
}

static int same(char **name)
{
    struct picture *one = picture_open(name[0]), *other = picture_open(name[1]);
    wchar_t *text = text_read(name[2], one->rows, one->cols);

    for (int i = 0; i < one->rows * one->cols; i++) {
        int x0 = one->x + i % one->cols * one->w, y0 = one->y + i / one->cols * one->h, differ = 0;
        for (int at = 0; at < one->w * one->h; at++) {
            int x = x0 + at % one->w, y = y0 + at / one->w;
            differ += abs(grey(one, x, y) - grey(other, x, y)) > 8;
        }
        if (text[i] != IGNORED && differ > 0)
            tell(one, i, text[i], "pixels differ", differ, 0, 0);
    }
    return wrong_count > 0;
}

static int caret(char **name)
{
    struct picture *picture = picture_open(name[0]);
    struct patch *patches = patches_take(picture);
    int best = 0;

    for (int i = 0; i < picture->rows * picture->cols; i++)
        best = patches[i].caret > patches[best].caret ? i : best;
    if (patches[best].caret == 0)
        return 1;
    printf("%d %d\n", best / picture->cols, best % picture->cols);
    return 0;
}

/* Rows or columns, as they were given. */
static int side(const char *text)
{
    char *end;
    long number = strtol(text, &end, 10);

    if (*end != '\0' || number < 1 || number > 500) {
        fprintf(stderr, "cells: not a number of rows or columns: %s\n", text);
        exit(2);
    }
    return (int)number;
}

static int grid(char **name)
{
    struct picture picture = {.rows = side(name[1]), .cols = side(name[2])};

    picture_read(&picture, name[0]);
    if (!find_grid(&picture))
        return 1;
    printf("%d,%d,%d,%d,%d,%d\n", picture.x, picture.y, picture.w, picture.h, picture.rows,
           picture.cols);
    return 0;
}

static int cut(char **name)
{
    struct picture *picture = picture_open(name[0]);

    printf("P6 %d %d 255\n", picture->w * picture->cols, picture->h * picture->rows);
    for (int y = 0; y < picture->h * picture->rows; y++) {
        for (int x = 0; x < picture->w * picture->cols; x++) {
            const uint8_t *at = pixel(picture, picture->x + x, picture->y + y);
            putchar(at[2]);
            putchar(at[1]);
            putchar(at[0]);
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int arguments;
        int (*act)(char **argument);
    } acts[] = {{"grid", 3, grid},       {"caret", 1, caret}, {"anchor", 3, anchor},
                {"compare", 4, compare}, {"same", 3, same},   {"cut", 1, cut}};

    setlocale(LC_ALL, "C.UTF-8");
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (argc == acts[i].arguments + 2 && strcmp(argv[1], acts[i].name) == 0)
            return acts[i].act(argv + 2);
    }
    fail("see the head of cells.c");
}
