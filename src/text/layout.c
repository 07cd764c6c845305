/* SPDX-License-Identifier: Apache-2.0 */
/* From logical text to a visual line: decode, find the direction, order (ICU's ubidi), shape, and
 * put the cells where they are seen. Called for every painted row, so everything it needs is kept
 * between calls: one UBiDi and one paragraph of LAYOUT_MOST characters per process; plain ASCII
 * from left to right, which is most of what isn't Arabic, takes a short cut.
 *
 * Order is found on characters, but moved in clusters (a base with its marks, a lam-alef): marks
 * take their base's level. Cutting happens in logical order, after levels and shapes are known, so
 * what remains looks as it did in the whole. */
#include "text/layout_priv.h"
#include <string.h>
#include <unicode/ubidi.h>
#include <unicode/uchar.h>
#include "base/attr.h"
#include "base/err.h"
#include "text/input.h"

enum { ELLIPSIS = 0x2026, NO_PLACE = 0xFFFD, SPACE = 0x20 };

/* A Latin letter for each of Arabic, U+0621 to U+0652: not how it is said, but enough to know a
 * name. */
enum { LATIN_FIRST = 0x0621, LATIN_LAST = 0x0652 };
static const char latin_letters[] = "'aawayabhttjhkddrzsssdtzagkyyyy-fqklmnhwaynnnaui''";
_Static_assert(sizeof latin_letters == LATIN_LAST - LATIN_FIRST + 2, "a letter for each");

static struct para para;
static int in_latin;
static uint32_t points[LAYOUT_MOST];
static UChar units[LAYOUT_MOST];
static UBiDi *bidi;

void layout_warm(void)
{
    UErrorCode status = U_ZERO_ERROR;
    if (bidi)
        return;
    bidi = ubidi_openSized(0, 0, &status);
    snd_assert(U_SUCCESS(status));
    shape_warm();
}

/* ubidi takes UTF-16. Beyond the BMP only a character's class matters (no brackets and no mirrored
 * pairs live there), so one that stands for its class keeps one unit for one character. */
static UChar unit(uint32_t point)
{
    static const UChar by_class[U_CHAR_DIRECTION_COUNT] = {
        [U_LEFT_TO_RIGHT] = 'a',
        [U_RIGHT_TO_LEFT] = 0x05D0,
        [U_EUROPEAN_NUMBER] = '0',
        [U_EUROPEAN_NUMBER_SEPARATOR] = '+',
        [U_EUROPEAN_NUMBER_TERMINATOR] = '%',
        [U_ARABIC_NUMBER] = 0x0660,
        [U_COMMON_NUMBER_SEPARATOR] = ',',
        [U_BLOCK_SEPARATOR] = 0x2029,
        [U_SEGMENT_SEPARATOR] = '\t',
        [U_WHITE_SPACE_NEUTRAL] = ' ',
        [U_OTHER_NEUTRAL] = '!',
        [U_RIGHT_TO_LEFT_ARABIC] = 0x0628,
        [U_DIR_NON_SPACING_MARK] = 0x0300,
        [U_BOUNDARY_NEUTRAL] = 0x00AD,
    };
    if (point < 0xD800 || (point > 0xDFFF && point <= 0xFFFF))
        return (UChar)point;
    if (point <= 0xDFFF || point > 0x10FFFF)
        return NO_PLACE;
    UChar stand_in = by_class[u_charDirection((UChar32)point)];
    return stand_in ? stand_in : '!';
}

/* Rules P2 and P3, but a text without a strong character is right to left. */
static enum text_dir first_strong(int count)
{
    int isolates = 0;
    for (int i = 0; i < count; i++) {
        UCharDirection class = u_charDirection(units[i]);
        if (class == U_BLOCK_SEPARATOR)
            break;
        if (class == U_LEFT_TO_RIGHT_ISOLATE || class == U_RIGHT_TO_LEFT_ISOLATE ||
            class == U_FIRST_STRONG_ISOLATE)
            isolates++;
        else if (class == U_POP_DIRECTIONAL_ISOLATE)
            isolates -= isolates > 0;
        else if (isolates == 0 && class == U_LEFT_TO_RIGHT)
            return TEXT_LTR;
        else if (isolates == 0 && (class == U_RIGHT_TO_LEFT || class == U_RIGHT_TO_LEFT_ARABIC))
            return TEXT_RTL;
    }
    return TEXT_RTL;
}

/* Fills the paragraph from points[0..count-1]. */
static void analyse(int count, int chars, enum text_dir dir)
{
    UErrorCode status = U_ZERO_ERROR;
    const UBiDiLevel *levels = NULL;
    layout_warm();
    for (int i = 0; i < count; i++)
        units[i] = unit(points[i]);
    para.dir = dir == TEXT_AUTO ? first_strong(count) : dir;
    para.held = count;
    para.chars = chars;
    para.count = 0;
    if (count == 0)
        return;
    ubidi_setPara(bidi, units, count, para.dir == TEXT_RTL, NULL, &status);
    levels = ubidi_getLevels(bidi, &status);
    /* Nothing but a lack of memory can fail here, and that ends a process everywhere else too. */
    snd_assert(U_SUCCESS(status) && levels);
    para.count = shape_join(points, levels, count, para.clusters);
}

void layout_latin(int on)
{
    in_latin = on;
}

static uint32_t latin_of(uint32_t point)
{
    static const struct {
        uint32_t point;
        char latin;
    } others[] = {{0x060C, ','}, {0x061B, ';'}, {0x061F, '?'}, {0x0670, 'a'}, {0x0671, 'a'},
                  {0x067E, 'p'}, {0x0686, 'c'}, {0x06A9, 'k'}, {0x06AF, 'g'}, {0x06CC, 'y'}};
    if (point >= LATIN_FIRST && point <= LATIN_LAST)
        return (uint32_t)latin_letters[point - LATIN_FIRST];
    if (point >= 0x0660 && point <= 0x0669)
        return '0' + point - 0x0660;
    for (size_t i = 0; i < SND_COUNT(others); i++)
        if (others[i].point == point)
            return (uint32_t)others[i].latin;
    return point;
}

/* Decodes into points[], without what has no place on a terminal: a bidi control in old data must
 * be seen, and must not reorder. Joiners stay, the shaper heeds and hides them, and so does what
 * stands between two values. Returns how many
 * were kept, and the number of all characters in *chars. */
static int decode(const char *text, int *chars)
{
    size_t left = strlen(text), used;
    int count = 0;
    for (; left > 0 && count < LAYOUT_MOST; left -= used, text += used) {
        uint32_t point = utf8_get(text, left, &used);
        int kept = point == 0x200C || point == 0x200D || point == LAYOUT_GAP_SIGN;
        uint32_t placed = kept || point_width(point) >= 0 ? point : NO_PLACE;
        points[count++] = in_latin ? latin_of(placed) : placed;
    }
    *chars = count + (left ? (int)utf8_count(text) : 0);
    return count;
}

struct para *layout_analyse(const char *text, enum text_dir dir)
{
    int chars, count = decode(text, &chars);
    analyse(count, chars, dir);
    return &para;
}

static int16_t clamp_span(int span)
{
    return (int16_t)(span > INT16_MAX ? INT16_MAX : span);
}

static struct cell cell_of(const struct cluster *cluster)
{
    struct cell cell = {.base = cluster->base,
                        .index = cluster->index,
                        .span = cluster->span,
                        .level = cluster->level};
    memcpy(cell.marks, cluster->marks, sizeof cell.marks);
    if (cell.level & 1)
        cell.base = (uint32_t)u_charMirror((UChar32)cell.base);
    return cell;
}

static int cells_of(const struct para *p, int from, int to)
{
    int cells = 0;
    for (int i = from; i < to; i++)
        cells += p->clusters[i].width;
    return cells;
}

/* Logical index of a cluster, or of the end. */
static int index_of(const struct para *p, int cluster)
{
    return cluster < p->count ? p->clusters[cluster].index : p->held;
}

void layout_emit(const struct para *p, int from, int to, int ellipsis, struct arena *arena,
                 struct line *out)
{
    static int32_t order[LAYOUT_MOST];
    static UBiDiLevel levels[LAYOUT_MOST];
    int count = to - from, at = 0, rtl = p->dir == TEXT_RTL;
    size_t cells = (size_t)cells_of(p, from, to) + (ellipsis != 0);
    struct cell dots = {.base = ELLIPSIS, .index = index_of(p, to), .level = (uint8_t)rtl};
    *out = (struct line){.chars = p->chars, .dir = p->dir, .cut = ellipsis};
    out->cells = arena_alloc(arena, (cells ? cells : 1) * sizeof *out->cells);
    out->first = index_of(p, from);
    out->end = index_of(p, to);
    dots.span = clamp_span(p->chars - dots.index);
    for (int i = 0; i < count; i++)
        levels[i] = p->clusters[from + i].level;
    if (count > 0)
        ubidi_reorderVisual(levels, count, order);
    if (ellipsis && rtl)
        out->cells[at++] = dots;
    for (int i = 0; i < count; i++) {
        const struct cluster *cluster = &p->clusters[from + order[i]];
        out->cells[at] = cell_of(cluster);
        if (ellipsis && order[i] == count - 1)
            out->cells[at].base = shape_alone(out->cells[at].base);
        at++;
        if (cluster->width == 2) {
            out->cells[at] = cell_of(cluster);
            out->cells[at++].filler = 1;
        }
    }
    if (ellipsis && !rtl)
        out->cells[at++] = dots;
    out->count = at;
}

void layout_emit_rest(const struct para *p, int from, int width, struct arena *arena,
                      struct line *out)
{
    int to = p->count, whole = p->held == p->chars, cells = 0;
    if (width > 0 && cells_of(p, from, to) > width - !whole) {
        whole = 0;
        for (to = from; to < p->count && cells + p->clusters[to].width < width; to++)
            cells += p->clusters[to].width;
    }
    while (!whole && to > from && p->clusters[to - 1].base == SPACE)
        to--;
    layout_emit(p, from, to, !whole, arena, out);
}

/* Plain ASCII that runs left to right needs neither order nor shapes. */
static int is_plain(const char *text, enum text_dir dir, size_t *len)
{
    int letter = dir == TEXT_LTR;
    size_t i = 0;
    if (dir == TEXT_RTL)
        return 0;
    for (; text[i] >= ' ' && text[i] <= '~'; i++)
        letter |= (text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'z';
    *len = i;
    return letter && !text[i] && i <= LAYOUT_MOST;
}

static void emit_plain(const char *text, int len, int width, struct arena *arena, struct line *out)
{
    int shown = len;
    *out = (struct line){.chars = len, .dir = TEXT_LTR, .cut = width > 0 && len > width};
    if (out->cut) {
        shown = width - 1;
        while (shown > 0 && text[shown - 1] == ' ')
            shown--;
    }
    out->end = shown;
    out->count = shown + out->cut;
    out->cells = arena_alloc(arena, (size_t)(out->count ? out->count : 1) * sizeof *out->cells);
    for (int i = 0; i < shown; i++)
        out->cells[i] = (struct cell){.base = (uint8_t)text[i], .index = i, .span = 1};
    if (out->cut)
        out->cells[shown] =
            (struct cell){.base = ELLIPSIS, .index = shown, .span = clamp_span(len - shown)};
}

/* A width below nothing: nothing is shown, and everything was cut. */
static void emit_nothing(struct arena *arena, struct line *out)
{
    layout_emit(&para, 0, 0, 0, arena, out);
    out->cut = 1;
}

void layout_line(const char *text, enum text_dir dir, int width, struct arena *arena,
                 struct line *out)
{
    size_t len;
    if (width >= 0 && is_plain(text, dir, &len)) {
        emit_plain(text, (int)len, width, arena, out);
        return;
    }
    layout_analyse(text, dir);
    if (width < 0)
        emit_nothing(arena, out);
    else
        layout_emit_rest(&para, 0, width, arena, out);
}

void layout_points(const uint32_t *text, int count, enum text_dir dir, int width,
                   struct arena *arena, struct line *out)
{
    int held = count < 0 ? 0 : count > LAYOUT_MOST ? LAYOUT_MOST : count;
    memcpy(points, text, (size_t)held * sizeof *points);
    analyse(held, count < 0 ? 0 : count, dir);
    if (width < 0)
        emit_nothing(arena, out);
    else
        layout_emit_rest(&para, 0, width, arena, out);
}

int layout_width(const char *text)
{
    size_t len;
    if (is_plain(text, TEXT_LTR, &len))
        return (int)len;
    const struct para *p = layout_analyse(text, TEXT_RTL);
    return cells_of(p, 0, p->count) + (p->held < p->chars);
}
