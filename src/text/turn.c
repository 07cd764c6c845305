/* SPDX-License-Identifier: Apache-2.0 */
/* Rows for terminals that reorder. There is no inverse of the bidi algorithm: several orders may
 * come out as one, and for some rows none does. So an order is guessed, the terminal's own doing is
 * emulated on it, and what comes out is compared with what is wanted; the levels that the emulation
 * found make the next guess. Where no order is found, letters that nobody sees (drawn in the
 * background's colour) go into blank cells: one at the edge settles the row's direction, others
 * between columns keep what is neutral from leaning to the wrong side. */
#include "text/turn.h"
#include <string.h>
#include <unicode/ubidi.h>
#include <unicode/uchar.h>
#include "base/err.h"

enum { BLANK = ' ', HIDDEN_RIGHT = 0x0627, HIDDEN_LEFT = 'l', UNKNOWN = 0xFF };
#define ROUNDS 8 /* guesses that are bettered before another beginning is tried */

/* How the levels of neutral cells are guessed at first. */
enum guess { GUESS_BOTH_SIDES, GUESS_BASE, GUESS_NUMBERS_LEFT, GUESSES };

/* One try: the row as it would be sent, and what would come of it. */
struct attempt {
    int wrong; /* cells that come out wrong */
    uint32_t sent[TURN_MOST];
    uint16_t from[TURN_MOST];
    uint8_t level[TURN_MOST]; /* of the wanted row's cells, as the terminal finds them */
};

static UBiDi *bidi_auto, *bidi_left;

static int is_box(uint32_t point)
{
    return point >= 0x2500 && point <= 0x25FF;
}

static UCharDirection class_of(enum turning turning, uint32_t point)
{
    return turning == TURN_LEFT && is_box(point) ? U_LEFT_TO_RIGHT
                                                 : u_charDirection((UChar32)point);
}

static int is_right(UCharDirection class)
{
    return class == U_RIGHT_TO_LEFT || class == U_RIGHT_TO_LEFT_ARABIC;
}

static int is_number(UCharDirection class)
{
    return class == U_EUROPEAN_NUMBER || class == U_ARABIC_NUMBER;
}

static UCharDirection U_CALLCONV box_is_left(const void *context, UChar32 point)
{
    (void)context;
    return is_box((uint32_t)point) ? U_LEFT_TO_RIGHT : U_CHAR_DIRECTION_COUNT;
}

void turn_warm(void)
{
    UErrorCode status = U_ZERO_ERROR;
    if (bidi_auto)
        return;
    bidi_auto = ubidi_openSized(0, 0, &status);
    bidi_left = ubidi_openSized(0, 0, &status);
    ubidi_setClassCallback(bidi_left, box_is_left, NULL, NULL, NULL, &status);
    snd_assert(U_SUCCESS(status));
}

/* ---- what the terminals do ---- */

static int is_break(uint32_t point)
{
    return point == BLANK || (point >= 0x2500 && point <= 0x259F);
}

/* What a run of kitty's is by its first letter: 1 Arabic, 2 Latin, 0 when it has none. step is 1
 * from the left, -1 from the right. */
static int run_leans(const uint32_t *row, int first, int last, int step)
{
    for (int i = step > 0 ? first : last; i >= first && i <= last; i += step) {
        UCharDirection class = class_of(TURN_RUNS, row[i]);
        if (class == U_LEFT_TO_RIGHT)
            return 2;
        if (is_right(class) || class == U_ARABIC_NUMBER)
            return 1;
    }
    return 0;
}

/* The last cell of the run that begins at `first`, or first - 1 when none does. */
static int run_end(const uint32_t *row, int count, int first)
{
    int at = first;
    while (at < count && !is_break(row[at]))
        at++;
    return at - 1;
}

static void emulate_runs(const uint32_t *sent, int count, uint8_t *level, uint16_t *order)
{
    for (int i = 0; i < count; i++) {
        order[i] = (uint16_t)i;
        level[i] = 0;
    }
    for (int first = 0; first < count; first++) {
        int last = run_end(sent, count, first);
        if (last >= first && run_leans(sent, first, last, 1) == 1)
            for (int i = first; i <= last; i++) {
                order[i] = (uint16_t)(first + last - i);
                level[i] = 1;
            }
        first = last >= first ? last : first;
    }
}

static void emulate_bidi(enum turning turning, const uint32_t *sent, int count, uint8_t *level,
                         uint16_t *order)
{
    UChar units[TURN_MOST];
    int32_t map[TURN_MOST];
    UErrorCode status = U_ZERO_ERROR;
    UBiDi *bidi = turning == TURN_AUTO ? bidi_auto : bidi_left;
    for (int i = 0; i < count; i++)
        units[i] =
            sent[i] < 0xD800 || (sent[i] > 0xDFFF && sent[i] < 0x10000) ? (UChar)sent[i] : 0xFFFD;
    ubidi_setPara(bidi, units, count, turning == TURN_AUTO ? UBIDI_DEFAULT_LTR : 0, NULL, &status);
    const UBiDiLevel *levels = ubidi_getLevels(bidi, &status);
    ubidi_getVisualMap(bidi, map, &status);
    snd_assert(U_SUCCESS(status) && levels);
    memcpy(level, levels, (size_t)count);
    for (int i = 0; i < count; i++)
        order[i] = (uint16_t)map[i];
}

/* level: of each sent cell; order: which sent cell each column shows. */
static void emulate(enum turning turning, const uint32_t *sent, int count, uint8_t *level,
                    uint16_t *order)
{
    if (turning == TURN_RUNS)
        emulate_runs(sent, count, level, order);
    else
        emulate_bidi(turning, sent, count, level, order);
}

static uint32_t mirrored(enum turning turning, uint32_t point, int level)
{
    return (level & 1) && turning != TURN_LEFT ? (uint32_t)u_charMirror((UChar32)point) : point;
}

void turn_show(enum turning turning, const uint32_t *sent, int count, uint32_t *shown,
               uint16_t *from)
{
    uint8_t level[TURN_MOST] = {0};
    uint16_t order[TURN_MOST];
    int turned = turning == TURN_NONE ? 0 : count < TURN_MOST ? count : TURN_MOST;
    turn_warm();
    if (turned)
        emulate(turning, sent, turned, level, order);
    for (int i = 0; i < count; i++) {
        int at = i < turned ? order[i] : i;
        shown[i] = i < turned ? mirrored(turning, sent[at], level[at]) : sent[at];
        if (from)
            from[i] = (uint16_t)at;
    }
}

/* ---- the bidi algorithm, backwards ---- */

static uint8_t level_of(enum turning turning, uint32_t point, int base, enum guess guess)
{
    UCharDirection class = class_of(turning, point);
    if (is_right(class))
        return 1;
    if (class == U_LEFT_TO_RIGHT)
        return base ? 2 : 0;
    if (is_number(class))
        return guess == GUESS_NUMBERS_LEFT && !base ? 0 : 2;
    return UNKNOWN;
}

/* The level of neutrals between two cells that have one. */
static uint8_t level_between(enum turning turning, const uint32_t *row, int count, int before,
                             int after, const uint8_t *level, int base, enum guess guess)
{
    uint8_t a = before >= 0 ? level[before] : (uint8_t)base;
    uint8_t z = after < count ? level[after] : (uint8_t)base;
    if (guess == GUESS_BASE || a != z)
        return (uint8_t)base;
    if (guess != GUESS_BOTH_SIDES || a != 2)
        return a;
    /* Between two numbers it leans to the right, as numbers do. */
    int numbers = base == 0 || (class_of(turning, row[before]) != U_LEFT_TO_RIGHT &&
                                class_of(turning, row[after]) != U_LEFT_TO_RIGHT);
    return numbers ? 1 : a;
}

static void guess_levels(enum turning turning, const uint32_t *row, int count, int base,
                         enum guess guess, uint8_t *level)
{
    for (int i = 0; i < count; i++)
        level[i] = level_of(turning, row[i], base, guess);
    for (int i = 0; i < count; i++) {
        int end = i;
        while (end < count && level[end] == UNKNOWN)
            end++;
        if (end == i)
            continue;
        uint8_t between = level_between(turning, row, count, i - 1, end, level, base, guess);
        memset(level + i, between, (size_t)(end - i));
        i = end - 1;
    }
}

static void reverse(uint16_t *from, uint8_t *level, int first, int last)
{
    for (; first < last; first++, last--) {
        uint16_t cell = from[first];
        uint8_t its = level[first];
        from[first] = from[last];
        level[first] = level[last];
        from[last] = cell;
        level[last] = its;
    }
}

/* Rule L2 undone: what was reversed last, the lowest level, is put back first. */
static void undo_order(const uint8_t *level, int count, uint16_t *from)
{
    uint8_t now[TURN_MOST];
    int most = 0;
    memcpy(now, level, (size_t)count);
    for (int i = 0; i < count; i++) {
        from[i] = (uint16_t)i;
        most = level[i] > most ? level[i] : most;
    }
    for (int at = 1; at <= most; at++)
        for (int i = 0; i < count; i++) {
            int end = i;
            while (end < count && now[end] >= at)
                end++;
            if (end > i)
                reverse(from, now, i, end - 1);
            i = end > i ? end - 1 : i;
        }
}

/* Sends the row as these levels say, and sees what comes of it. */
static void attempt_levels(enum turning turning, const uint32_t *row, int count,
                           const uint8_t *level, struct attempt *out)
{
    uint8_t found[TURN_MOST];
    uint16_t order[TURN_MOST];
    undo_order(level, count, out->from);
    for (int i = 0; i < count; i++)
        out->sent[i] = mirrored(turning, row[out->from[i]], level[out->from[i]]);
    emulate(turning, out->sent, count, found, order);
    out->wrong = 0;
    for (int i = 0; i < count; i++) {
        int at = order[i];
        out->wrong += out->from[at] != i || mirrored(turning, out->sent[at], found[at]) != row[i];
        out->level[out->from[i]] = found[i];
    }
}

/* From one beginning to where it leads; the best goes into *best. */
static void better(enum turning turning, const uint32_t *row, int count, uint8_t *level,
                   struct attempt *best)
{
    for (int i = 0; i < ROUNDS && best->wrong > 0; i++) {
        struct attempt attempt;
        attempt_levels(turning, row, count, level, &attempt);
        if (attempt.wrong < best->wrong)
            *best = attempt;
        if (memcmp(level, attempt.level, (size_t)count) == 0)
            return;
        memcpy(level, attempt.level, (size_t)count);
    }
}

static void solve(enum turning turning, const uint32_t *row, int count, struct attempt *best)
{
    uint8_t level[TURN_MOST];
    best->wrong = count + 1;
    for (int base = turning == TURN_AUTO; base >= 0; base--)
        for (int guess = 0; guess < GUESSES && best->wrong > 0; guess++) {
            guess_levels(turning, row, count, base, (enum guess)guess, level);
            better(turning, row, count, level, best);
        }
}

/* ---- letters that nobody sees ---- */

/* Nearest cell that isn't blank on that side, or the edge. */
static int neighbour(const uint32_t *row, int count, int at, int step)
{
    do
        at += step;
    while (at > 0 && at < count - 1 && row[at] == BLANK);
    return at;
}

/* The letter for one blank cell at the border of a column; BLANK = none. */
static uint32_t hidden_letter(const uint32_t *row, int count, int at, int base)
{
    uint32_t left = row[neighbour(row, count, at, -1)], right = row[neighbour(row, count, at, 1)];
    int left_is_right = is_right(u_charDirection((UChar32)left));
    int right_is_right = is_right(u_charDirection((UChar32)right));
    int box = is_box(left) || is_box(right);
    if (base)
        return left_is_right || right_is_right || box ? HIDDEN_RIGHT : HIDDEN_LEFT;
    return left_is_right && right_is_right && !box ? BLANK : HIDDEN_LEFT;
}

/* A number with an Arabic sign at its left stands there only when it comes after something Arabic:
 * the blank at its right. */
static int right_of_number(const uint32_t *row, int at)
{
    int i = at - 1;
    while (i > 0 && is_number(u_charDirection((UChar32)row[i])))
        i--;
    return i < at - 1 && is_right(u_charDirection((UChar32)row[i]));
}

/* The same row with hidden letters: at the edge where it begins, then at every border, and then
 * with numbers held to what is at their left. */
static void solve_hiding(enum turning turning, const uint32_t *row, int count, int base,
                         uint32_t *with, struct attempt *best)
{
    int edge = base ? count - 1 : 0;
    memcpy(with, row, (size_t)count * sizeof *row);
    best->wrong = count + 1;
    if (row[edge] != BLANK)
        return;
    with[edge] = base ? HIDDEN_RIGHT : HIDDEN_LEFT;
    solve(turning, with, count, best);
    if (best->wrong == 0)
        return;
    for (int i = 1; i < count - 1; i++)
        if (row[i] == BLANK && (row[i - 1] != BLANK || row[i + 1] != BLANK))
            with[i] = hidden_letter(row, count, i, base);
    solve(turning, with, count, best);
    if (best->wrong == 0)
        return;
    for (int i = 1; i < count - 1; i++)
        if (row[i] == BLANK && right_of_number(row, i))
            with[i] = HIDDEN_RIGHT;
    solve(turning, with, count, best);
}

/* ---- kitty's runs, backwards ---- */

/* A run that begins with an Arabic letter and ends with a Latin one comes out right only when it
 * begins or ends with something else: a letter hidden in the blank beside it. */
static void hide_beside_run(uint32_t *row, int count, int first, int last)
{
    int before = first - 1, after = last + 1;
    if (before >= 0 && row[before] == BLANK && (before == 0 || is_break(row[before - 1])))
        row[before] = HIDDEN_LEFT;
    else if (after < count && row[after] == BLANK &&
             (after == count - 1 || is_break(row[after + 1])))
        row[after] = HIDDEN_RIGHT;
    else if (before >= 0 && row[before] == BLANK)
        row[before] = HIDDEN_LEFT;
}

static void hide_for_runs(const uint32_t *row, int count, uint32_t *with)
{
    memcpy(with, row, (size_t)count * sizeof *row);
    for (int first = 0; first < count; first++) {
        int last = run_end(row, count, first);
        if (last < first)
            continue;
        if (run_leans(row, first, last, 1) == 1 && run_leans(row, first, last, -1) == 2)
            hide_beside_run(with, count, first, last);
        first = last;
    }
}

static void solve_runs(const uint32_t *row, int count, struct attempt *out)
{
    uint8_t level[TURN_MOST] = {0};
    for (int first = 0; first < count; first++) {
        int last = run_end(row, count, first);
        if (last < first)
            continue;
        if (run_leans(row, first, last, -1) == 1)
            memset(level + first, 1, (size_t)(last - first + 1));
        first = last;
    }
    attempt_levels(TURN_RUNS, row, count, level, out);
}

/* ---- all together ---- */

static void keep(const uint32_t *row, const uint32_t *with, const struct attempt *best,
                 struct turn *out)
{
    out->exact = best->wrong == 0;
    for (int i = 0; i < out->count; i++) {
        out->from[i] = best->from[i];
        out->to[best->from[i]] = (uint16_t)i;
        out->base[i] = best->sent[i];
        out->hidden[i] = with[best->from[i]] != row[best->from[i]];
    }
}

static void leave(const uint32_t *row, struct turn *out)
{
    out->exact = 1;
    for (int i = 0; i < out->count; i++) {
        out->from[i] = out->to[i] = (uint16_t)i;
        out->base[i] = row[i];
        out->hidden[i] = 0;
    }
}

/* Without an Arabic letter, or a number for kitty, no terminal changes a row. */
static int touches(enum turning turning, const uint32_t *row, int count)
{
    for (int i = 0; i < count && turning != TURN_NONE; i++) {
        if (row[i] < 0x0590)
            continue;
        UCharDirection class = class_of(turning, row[i]);
        if (is_right(class) || class == U_ARABIC_NUMBER)
            return 1;
    }
    return 0;
}

void turn_row(enum turning turning, const uint32_t *row, int count, struct turn *out)
{
    SND_UNFILLED struct attempt best, other;
    uint32_t with[TURN_MOST], other_with[TURN_MOST];
    out->count = count < TURN_MOST ? count : TURN_MOST;
    if (!touches(turning, row, out->count)) {
        leave(row, out);
        return;
    }
    turn_warm();
    if (turning == TURN_RUNS) {
        hide_for_runs(row, out->count, with);
        solve_runs(with, out->count, &best);
        keep(row, with, &best, out);
        return;
    }
    solve(turning, row, out->count, &best);
    keep(row, row, &best, out);
    for (int base = 1; base >= 0 && !out->exact; base--) {
        solve_hiding(turning, row, out->count, base, other_with, &other);
        if (other.wrong < best.wrong) {
            best = other;
            keep(row, other_with, &best, out);
        }
    }
}
