/* SPDX-License-Identifier: Apache-2.0 */
/* The standard's own data against layout_points(): the visual order of every case. Only order is
 * compared, since ICU is free in the numbers it gives to levels of text that runs one way. Cases in
 * which ICU differs from the data are listed in text_bidi.known, each with its reason; a listed
 * case that comes out right is a failure too, so that the list can't outlive its reasons. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include "base/mem.h"
#include "tests/tap.h"
#include "text/layout.h"

#define FOLDER "/usr/share/unicode/"
enum { MOST = 256, MOST_KNOWN = 200, SHOWN = 20 };

struct known {
    char *name;
    int met;
};
struct run {
    const char *file; /* which of the two */
    int cases, known, wrong;
    int want[MOST], wanted; /* the order the file demands */
    char levels[MOST];      /* 'x' for a character that has no place in it */
};
static struct known list[MOST_KNOWN];
static int listed;

static const struct {
    const char *name;
    uint32_t point;
} classes[] = {{"L", 'a'},      {"R", 0x05D0},   {"AL", 0x0628},  {"EN", '1'},     {"ES", '+'},
               {"ET", '$'},     {"AN", 0x0660},  {"CS", ','},     {"NSM", 0x0300}, {"BN", 0x00AD},
               {"B", 0x2029},   {"S", '\t'},     {"WS", ' '},     {"ON", '!'},     {"LRE", 0x202A},
               {"LRO", 0x202D}, {"RLE", 0x202B}, {"RLO", 0x202E}, {"PDF", 0x202C}, {"LRI", 0x2066},
               {"RLI", 0x2067}, {"FSI", 0x2068}, {"PDI", 0x2069}};

static void read_known(void)
{
    char line[1024];
    FILE *file = fopen(tap_source("tests/unit/text_bidi.known"), "r");
    while (file && fgets(line, sizeof line, file) && listed < MOST_KNOWN) {
        char *reason = strchr(line, '\t');
        if (line[0] == '#' || !reason)
            continue;
        *reason = '\0';
        list[listed++].name = x_strdup(line);
    }
    if (file)
        fclose(file);
}

static int is_known(const char *name)
{
    for (int i = 0; i < listed; i++) {
        if (strcmp(list[i].name, name) == 0) {
            list[i].met++;
            return 1;
        }
    }
    return 0;
}

static int has_strong(const uint32_t *points, int count)
{
    int isolates = 0;
    for (int i = 0; i < count; i++) {
        int class = u_charDirection((UChar32)points[i]);
        if (points[i] >= 0x2066 && points[i] <= 0x2068)
            isolates++;
        else if (points[i] == 0x2069)
            isolates -= isolates > 0;
        else if (!isolates && (class == U_LEFT_TO_RIGHT || class == U_RIGHT_TO_LEFT ||
                               class == U_RIGHT_TO_LEFT_ARABIC))
            return 1;
    }
    return 0;
}

/* The characters of a line as they are seen from the left, without those that have no place. */
static int visual_order(const struct line *line, const char *levels, int *out)
{
    int count = 0;
    for (int i = 0; i < line->count; i++) {
        const struct cell *cell = &line->cells[i];
        for (int k = 0; !cell->filler && k < cell->span; k++) {
            int at = cell->index + (cell->level & 1 ? cell->span - 1 - k : k);
            if (levels[at] != 'x')
                out[count++] = at;
        }
    }
    return count;
}

static void check(struct run *run, const uint32_t *points, int count, enum text_dir dir,
                  const char *name)
{
    static const char *const dirs[] = {"LTR", "RTL", "auto"};
    struct arena *arena = arena_new();
    char whole[1200];
    struct line line;
    int got[MOST];
    /* The standard's default is left to right, ours for fields is right to left. */
    enum text_dir use = dir == TEXT_AUTO && !has_strong(points, count) ? TEXT_LTR : dir;
    layout_points(points, count, use, 0, arena, &line);
    int seen = visual_order(&line, run->levels, got);
    run->cases++;
    if (seen != run->wanted || memcmp(got, run->want, (size_t)seen * sizeof *got) != 0) {
        snprintf(whole, sizeof whole, "%s %s: %s", run->file, dirs[dir], name);
        if (is_known(whole))
            run->known++;
        else if (run->wrong++ < SHOWN)
            tap_note("wrong order: %s", whole);
    }
    arena_free(&arena);
}

static int read_numbers(const char *text, int *out)
{
    int count = 0;
    char *end;
    for (; count < MOST; text = end) {
        long number = strtol(text, &end, 10);
        if (end == text)
            break;
        out[count++] = (int)number;
    }
    return count;
}

static int read_levels(const char *text, char *out)
{
    int count = 0;
    while (count < MOST && *(text += strspn(text, " \t\n"))) {
        out[count++] = *text == 'x' ? 'x' : '-';
        text += strcspn(text, " \t\n");
    }
    return count;
}

static uint32_t class_point(const char *name, size_t len)
{
    for (size_t i = 0; i < SND_COUNT(classes); i++)
        if (strlen(classes[i].name) == len && strncmp(classes[i].name, name, len) == 0)
            return classes[i].point;
    tap_note("no such class: %.*s", (int)len, name);
    return 0xFFFD;
}

static void class_line(struct run *run, char *line)
{
    static const enum text_dir dirs[] = {TEXT_AUTO, TEXT_LTR, TEXT_RTL};
    uint32_t points[MOST];
    int count = 0;
    char *bits = strchr(line, ';');
    if (!bits)
        return;
    *bits++ = '\0';
    for (char *at = line; *(at += strspn(at, " \t")) && count < MOST;) {
        size_t len = strcspn(at, " \t");
        points[count++] = class_point(at, len);
        at += len;
    }
    long set = strtol(bits, NULL, 16);
    for (int i = 0; i < 3; i++)
        if (set >> i & 1)
            check(run, points, count, dirs[i], line);
}

static void read_classes(struct run *run, FILE *file)
{
    char line[4096];
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "@Levels:", 8) == 0)
            read_levels(line + 8, run->levels);
        else if (strncmp(line, "@Reorder:", 9) == 0)
            run->wanted = read_numbers(line + 9, run->want);
        else if (line[0] && line[0] != '#')
            class_line(run, line);
    }
}

static void read_characters(struct run *run, FILE *file)
{
    static const enum text_dir dirs[] = {TEXT_LTR, TEXT_RTL, TEXT_AUTO};
    char line[4096];
    while (fgets(line, sizeof line, file)) {
        uint32_t points[MOST];
        char *fields[5] = {line}, *end;
        int count = 0, field = 1;
        line[strcspn(line, "\n")] = '\0';
        for (; field < 5 && (end = strchr(fields[field - 1], ';')); field++) {
            *end = '\0';
            fields[field] = end + 1;
        }
        if (field < 5 || line[0] == '#')
            continue;
        for (char *at = fields[0]; count < MOST; at = end) {
            points[count] = (uint32_t)strtoul(at, &end, 16);
            if (end == at)
                break;
            count++;
        }
        read_levels(fields[3], run->levels);
        run->wanted = read_numbers(fields[4], run->want);
        check(run, points, count, dirs[strtol(fields[1], NULL, 10)], fields[0]);
    }
}

static void run_file(const char *name, void (*read)(struct run *, FILE *), int least)
{
    char path[256];
    struct run *run = x_alloc(sizeof *run);
    run->file = name;
    snprintf(path, sizeof path, FOLDER "%s", name);
    FILE *file = fopen(path, "r");
    if (file) {
        read(run, file);
        fclose(file);
    } else {
        tap_note("%s is missing: install unicode-data", path);
    }
    tap_note("%s: %d cases, %d known deviations", name, run->cases, run->known);
    tap_ok(run->cases >= least && run->wrong == 0, "%s: visual order of every case", name);
    x_free(&run);
}

int main(void)
{
    int stale = 0;
    read_known();
    run_file("BidiTest.txt", read_classes, 770000);
    run_file("BidiCharacterTest.txt", read_characters, 91000);
    for (int i = 0; i < listed; i++) {
        if (!list[i].met) {
            stale++;
            tap_note("listed but right: %s", list[i].name);
        }
        x_free(&list[i].name);
    }
    tap_ok(stale == 0, "every listed deviation is one");
    return tap_done();
}
