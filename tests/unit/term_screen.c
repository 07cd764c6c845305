/* SPDX-License-Identifier: Apache-2.0 */
/* What a terminal shows after the screen was painted, for several kinds of terminal: the bytes go
 * through a socketpair into libvterm, whose cells must equal the canvas after every picture. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>
#include <vterm.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "term/screen.h"
#include "text/layout.h"
#include "tests/tap.h"

struct peer {
    int ours, theirs; /* socketpair: the screen writes to theirs, we read from ours */
    VTerm *term;
    VTermScreen *cells;
    struct screen *screen;
    struct canvas canvas;
    struct buf last; /* the bytes of the last picture */
};

static unsigned seed;
static int narrow; /* no characters of two columns */

static int dice(int sides)
{
    seed = seed * 1103515245u + 12345u;
    return (int)((seed >> 16) % (unsigned)sides);
}

static void receive(struct peer *peer)
{
    char bytes[4096];
    ssize_t got;

    buf_clear(&peer->last);
    while ((got = recv(peer->ours, bytes, sizeof bytes, MSG_DONTWAIT)) > 0) {
        buf_put(&peer->last, bytes, (size_t)got);
        vterm_input_write(peer->term, bytes, (size_t)got);
    }
    vterm_screen_flush_damage(peer->cells);
}

/* What somebody else wrote on the terminal. */
static void write_noise(struct peer *peer, const char *bytes)
{
    vterm_input_write(peer->term, bytes, strlen(bytes));
}

static int open_peer(struct peer *peer, const char *term, int rows, int cols, int colour)
{
    int pair[2];

    *peer = (struct peer){.last = BUF_INIT(1 << 20)};
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        abort();
    peer->ours = pair[0];
    peer->theirs = pair[1];
    peer->term = vterm_new(rows, cols);
    vterm_set_utf8(peer->term, 1);
    peer->cells = vterm_obtain_screen(peer->term);
    vterm_screen_enable_altscreen(peer->cells, 1);
    vterm_screen_reset(peer->cells, 1);
    canvas_init(&peer->canvas, rows, cols);
    return screen_open(pair[1], pair[1], term, rows, cols, colour, &peer->screen);
}

static void close_peer(struct peer *peer)
{
    screen_close(&peer->screen);
    receive(peer);
    canvas_free(&peer->canvas);
    buf_free(&peer->last);
    vterm_free(peer->term);
    close(peer->ours);
    close(peer->theirs);
}

static void show(struct peer *peer, int full)
{
    screen_show(peer->screen, &peer->canvas, full);
    receive(peer);
}

static int is_bold(uint8_t look)
{
    return look == LOOK_FOCUS || look == LOOK_ERROR || look == LOOK_WARNING || look == LOOK_DONE;
}

static int is_reverse(uint8_t look)
{
    return look == LOOK_HEADER || look == LOOK_SELECTED || look == LOOK_KEY;
}

static int cell_shown(const struct canvas *canvas, const struct canvas_cell *want,
                      const VTermScreenCell *got)
{
    const uint32_t *marks = canvas_marks(canvas, want);
    int bare = want->base == ' ' && marks[0] == 0;
    uint32_t base = got->chars[0] == 0 ? ' ' : got->chars[0];

    if (want->filler)
        return got->chars[0] == (uint32_t)-1;
    if (base != want->base || got->attrs.reverse != (unsigned)is_reverse(want->look))
        return 0;
    if (got->attrs.underline != (unsigned)(want->look == LOOK_HEADING))
        return 0;
    if (!bare && got->attrs.bold != (unsigned)is_bold(want->look))
        return 0;
    for (int i = 0; i < CELL_MARKS; i++) {
        if (got->chars[i + 1] != marks[i])
            return 0;
    }
    return 1;
}

/* 1 when the terminal shows the canvas and its cursor stands on the caret. */
static int same(struct peer *peer)
{
    const struct canvas *canvas = &peer->canvas;
    VTermPos cursor;

    for (int row = 0; row < canvas->rows; row++) {
        for (int col = 0; col < canvas->cols; col++) {
            const struct canvas_cell *want = &canvas->cell[row * canvas->cols + col];
            VTermScreenCell got;

            vterm_screen_get_cell(peer->cells, (VTermPos){.row = row, .col = col}, &got);
            if (!cell_shown(canvas, want, &got)) {
                tap_note("row %d column %d: U+%04X+%04X look %d, terminal U+%04X+%04X", row, col,
                         want->base, canvas_marks(canvas, want)[0], want->look, got.chars[0],
                         got.chars[1]);
                return 0;
            }
        }
    }
    vterm_state_get_cursorpos(vterm_obtain_state(peer->term), &cursor);
    if (cursor.row != canvas->caret_row || cursor.col != canvas->caret_col) {
        tap_note("caret %d,%d, cursor %d,%d", canvas->caret_row, canvas->caret_col, cursor.row,
                 cursor.col);
        return 0;
    }
    return 1;
}

/* Cells of a random line: Arabic forms, Latin, marks, a character of two columns. */
static int random_line(struct cell *cells, int most)
{
    static const uint32_t bases[] = {' ',    ' ',    'a',    'Z',    '7',    0xfeb3, 0xfedf,
                                     0xfef5, 0xfe8e, 0x0661, 0x060c, 0xfee6, 0x2026, 0x2502};
    static const uint32_t marks[] = {0x64b, 0x64e, 0x651, 0x650};
    int count = 0, want = 1 + dice(most);

    while (count < want) {
        struct cell cell = {.base = bases[dice((int)SND_COUNT(bases))]};

        if (cell.base != ' ' && dice(6) == 0) {
            for (int i = 0, many = 1 + dice(CELL_MARKS); i < many; i++)
                cell.marks[i] = marks[dice((int)SND_COUNT(marks))];
        }
        if (!narrow && dice(20) == 0 && count + 1 < want) {
            cells[count++] = (struct cell){.base = 0x6f22};
            cell = (struct cell){.filler = 1};
        }
        cells[count++] = cell;
    }
    return count;
}

static void random_paint(struct canvas *canvas)
{
    struct cell cells[200];
    struct line line = {.cells = cells};
    int row = dice(canvas->rows), col = dice(canvas->cols);
    enum look look = (enum look)dice(LOOK_COUNT);

    switch (dice(8)) {
    case 0:
        canvas_blank(canvas, row, row + 1 + dice(3));
        break;
    case 1:
        canvas_fill(canvas, row, col, dice(canvas->cols), dice(2) ? ' ' : '=', look);
        break;
    case 2:
        canvas_look(canvas, row, col, dice(canvas->cols), look);
        break;
    case 3:
        line.count = random_line(cells, 100);
        canvas_put_left(canvas, row, col - 10, &line, look);
        break;
    default:
        line.count = random_line(cells, 40);
        canvas_put_right(canvas, row, col + 10, &line, look);
        break;
    }
    canvas_caret(canvas, dice(canvas->rows), dice(canvas->cols));
}

static void resize(struct peer *peer, int rows, int cols)
{
    /* Terminals differ in what a resize leaves on them. */
    vterm_set_size(peer->term, rows, cols);
    write_noise(peer, "\033[2;2Hreflowed");
    screen_resize(peer->screen, rows, cols);
    canvas_resize(&peer->canvas, rows, cols);
}

static void test_term(const char *term, int colour)
{
    struct peer peer;
    int good = open_peer(&peer, term, 24, 80, colour) == 0;

    seed = 42;
    for (int picture = 0; good && picture < 300; picture++) {
        if (picture % 60 == 59)
            resize(&peer, 10 + dice(40), 40 + dice(100));
        for (int i = 1 + dice(6); i > 0; i--)
            random_paint(&peer.canvas);
        show(&peer, dice(50) == 0);
        good = same(&peer);
        if (!good)
            tap_note("picture %d", picture);
    }
    tap_ok(good, "300 random pictures on %s%s", term, colour ? "" : ", mono");
    if (good) {
        show(&peer, 0);
        tap_is_int((long long)peer.last.len, 0, "nothing changed, nothing sent");
        canvas_blank(&peer.canvas, 0, peer.canvas.rows);
        show(&peer, 0);
        good = same(&peer);
        tap_ok(good, "blank again on %s", term);
    }
    close_peer(&peer);
}

/* What the terminal makes of the cells it was sent, against the canvas: a terminal that turns rows,
 * on top of libvterm, which doesn't. A row that no order comes out right for is left out. */
static int same_turned_row(struct peer *peer, enum turning turning, int row, int *left_out)
{
    const struct canvas *canvas = &peer->canvas;
    const struct canvas_cell *want = &canvas->cell[row * canvas->cols];
    VTermScreenCell got[CANVAS_COLS_MAX];
    uint32_t sent[CANVAS_COLS_MAX], shown[CANVAS_COLS_MAX], bases[CANVAS_COLS_MAX];
    uint16_t from[CANVAS_COLS_MAX];
    static struct turn turn;
    for (int col = 0; col < canvas->cols; col++) {
        vterm_screen_get_cell(peer->cells, (VTermPos){.row = row, .col = col}, &got[col]);
        sent[col] = got[col].chars[0] == 0 ? ' ' : got[col].chars[0];
        bases[col] = want[col].base;
    }
    turn_row(turning, bases, canvas->cols, &turn);
    *left_out += !turn.exact;
    turn_show(turning, sent, canvas->cols, shown, from);
    for (int col = 0; col < canvas->cols && turn.exact; col++) {
        VTermScreenCell *cell = &got[from[col]];
        int hidden = want[col].base == ' ' && shown[col] != ' ' &&
                     vterm_color_is_equal(&cell->fg, &cell->bg);
        if (hidden)
            continue;
        cell->chars[0] = shown[col];
        if (!profile_row(screen_treated(peer->screen))->keeps_marks)
            memcpy(cell->chars + 1, canvas_marks(canvas, &want[col]),
                   CELL_MARKS * sizeof cell->chars[0]);
        if (!cell_shown(canvas, &want[col], cell)) {
            tap_note("row %d column %d: U+%04X look %d, terminal U+%04X", row, col, want[col].base,
                     want[col].look, shown[col]);
            return 0;
        }
    }
    return 1;
}

static int caret_turned(const struct peer *peer, enum turning turning)
{
    const struct canvas *canvas = &peer->canvas;
    uint32_t bases[CANVAS_COLS_MAX];
    static struct turn turn;
    VTermPos cursor;
    for (int col = 0; col < canvas->cols; col++)
        bases[col] = canvas->cell[canvas->caret_row * canvas->cols + col].base;
    turn_row(turning, bases, canvas->cols, &turn);
    vterm_state_get_cursorpos(vterm_obtain_state(peer->term), &cursor);
    int col = turning == TURN_RUNS ? canvas->caret_col : turn.to[canvas->caret_col];
    return cursor.row == canvas->caret_row && cursor.col == col;
}

static void test_profile(enum profile profile)
{
    enum turning turning = profile_row(profile)->turning;
    int wrong = 0, astray = 0, left_out = 0, rows = 0;
    struct peer peer;
    int good = open_peer(&peer, "xterm-256color", 24, 80, 1) == 0;
    seed = 7;
    narrow = 1;
    screen_treat(peer.screen, profile);
    for (int picture = 0; good && picture < 200; picture++) {
        if (picture % 60 == 59)
            resize(&peer, 10 + dice(40), 40 + dice(100));
        for (int i = 1 + dice(6); i > 0; i--)
            random_paint(&peer.canvas);
        show(&peer, dice(50) == 0);
        for (int row = 0; row < peer.canvas.rows; row++, rows++)
            wrong += !same_turned_row(&peer, turning, row, &left_out);
        astray += !caret_turned(&peer, turning);
    }
    narrow = 0;
    tap_note("%s: %d of %d rows wrong, %d have no order that is right", profile_row(profile)->word,
             wrong, rows, left_out);
    tap_ok(wrong == 0 && left_out < rows / 4,
           "200 random pictures on a terminal that is treated as %s", profile_row(profile)->word);
    tap_ok(astray == 0, "the cursor stands on the caret there");
    close_peer(&peer);
}

/* A row that was turned stands in other columns than those its canvas names. */
static void test_turned_back(void)
{
    struct peer peer;
    int good = open_peer(&peer, "xterm-256color", 24, 80, 1) == 0;
    struct arena *arena = arena_new();
    struct line line;
    layout_line("│ سند │ 2018", TEXT_RTL, 78, arena, &line);
    canvas_put_left(&peer.canvas, 5, 6, &line, LOOK_PLAIN);
    canvas_caret(&peer.canvas, 0, 1);
    canvas_turn(&peer.canvas, 5, TURN_AUTO);
    show(&peer, 0);
    int turned = !same(&peer);
    canvas_blank(&peer.canvas, 5, 6);
    show(&peer, 0);
    tap_ok(good && turned && same(&peer), "a row that is turned no more leaves nothing behind");
    arena_free(&arena);
    close_peer(&peer);
}

static int sent(const struct peer *peer, const char *bytes)
{
    return memmem(peer->last.data, peer->last.len, bytes, strlen(bytes)) != NULL;
}

/* Each write is a message of its own on this socket, as it would be on the line. */
static void test_pieces(void)
{
    struct canvas canvas;
    struct screen *screen = NULL;
    char message[4096];
    int pair[2], pieces = 0, letters = 0;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0)
        abort();
    canvas_init(&canvas, 24, 80);
    tap_is_int(screen_open(pair[1], pair[1], "xterm-256color", 24, 80, 1, &screen), 0, "opened");
    screen_show(screen, &canvas, 0);
    while (recv(pair[0], message, sizeof message, MSG_DONTWAIT) > 0)
        continue;
    for (int row = 2; row < 20; row += 3)
        canvas_fill(&canvas, row, 60 - row, 5, 0xfeb3, LOOK_FOCUS);
    screen_show(screen, &canvas, 0);
    for (ssize_t got; (got = recv(pair[0], message, sizeof message, MSG_DONTWAIT)) > 0; pieces++)
        letters += memmem(message, (size_t)got, "\xef\xba\xb3", 3) != NULL;
    tap_is_int(pieces, 1, "a picture leaves in one write");
    tap_is_int(letters, 1, "and that is the picture");
    screen_close(&screen);
    canvas_free(&canvas);
    close(pair[0]);
    close(pair[1]);
}

/* A look is switched on once for words that stand together, not for each. */
static void test_words(void)
{
    struct peer peer;
    struct arena *arena = arena_new();
    struct line line;
    int switched = 0;

    tap_is_int(open_peer(&peer, "xterm-256color", 24, 80, 0), 0, "opened");
    show(&peer, 0);
    layout_line("رقم سند الملكية", TEXT_RTL, 78, arena, &line);
    canvas_put_right(&peer.canvas, 5, 70, &line, LOOK_FOCUS);
    show(&peer, 0);
    for (size_t i = 0; i + 3 < peer.last.len; i++)
        switched += memcmp(peer.last.data + i, ";1m", 3) == 0;
    tap_is_int(switched, 1, "three bold words are one run");
    canvas_put_right(&peer.canvas, 5, 70, &line, LOOK_PLAIN);
    show(&peer, 0);
    tap_ok(same(&peer), "and plain again");
    arena_free(&arena);
    close_peer(&peer);
}

/* Modes on at the start, all of them off at the end. */
static void test_modes(void)
{
    static const char *const on[] = {"\033[?1049h", "\033[?1h\033=", "\033[?2004h"};
    static const char *const off[] = {"\033[?1049l", "\033[?1l\033>", "\033[?2004l"};
    struct peer peer;

    tap_is_int(open_peer(&peer, "xterm-256color", 24, 80, 1), 0, "xterm opens");
    show(&peer, 0);
    for (size_t i = 0; i < SND_COUNT(on); i++)
        tap_ok(sent(&peer, on[i]), "switched on: %s", on[i] + 1);
    tap_ok(!sent(&peer, "\033[?25l"), "the cursor is never hidden");
    tap_ok(!sent(&peer, "\033[?1034h"), "Alt keeps sending Esc");
    canvas_fill(&peer.canvas, 5, 5, 20, '=', LOOK_PLAIN);
    show(&peer, 0);
    tap_ok(sent(&peer, "===================="), "no repeat, which many lack");
    screen_close(&peer.screen);
    receive(&peer);
    for (size_t i = 0; i < SND_COUNT(off); i++)
        tap_ok(sent(&peer, off[i]), "switched off: %s", off[i] + 1);
    tap_ok(!sent(&peer, "\033]104"), "the palette is left alone");
    tap_ok(peer.screen == NULL, "closed");
    close_peer(&peer);

    tap_is_int(open_peer(&peer, "xterm-256color", 24, 80, 1), 0, "xterm opens again");
    screen_treat(peer.screen, PROFILE_EXPLICIT);
    show(&peer, 0);
    const uint8_t *mode = memmem(peer.last.data, peer.last.len, "\033[8l", 4);
    const uint8_t *clear = memmem(peer.last.data, peer.last.len, "\033[2J", 4);
    tap_ok(mode && clear && mode < clear, "VTE is told to leave order alone before it is cleared");
    screen_treat(peer.screen, PROFILE_PLAIN);
    show(&peer, 0);
    tap_ok(sent(&peer, "\033[8h"), "and told otherwise when it is to be treated otherwise");
    screen_treat(peer.screen, PROFILE_MLTERM);
    screen_close(&peer.screen);
    receive(&peer);
    tap_ok(sent(&peer, "use_ctl=true"), "what was set is undone at the end");
    close_peer(&peer);

    tap_is_int(open_peer(&peer, "linux", 24, 80, 1), 0, "the Linux console opens");
    random_paint(&peer.canvas);
    show(&peer, 0);
    tap_ok(same(&peer) && !sent(&peer, "1049"), "as itself, not as an xterm");
    close_peer(&peer);

    tap_is_int(open_peer(&peer, "vt100", 24, 80, 1), 0, "vt100 opens");
    show(&peer, 0);
    tap_ok(!sent(&peer, "2004"), "no bracketed paste for a vt100");
    close_peer(&peer);
}

static void test_names(void)
{
    static const char *const names[] = {"xterm-nobody-has-this",
                                        "screen.nobody+x",
                                        "nobody",
                                        "linux-x",
                                        "../../etc/passwd",
                                        "",
                                        "..",
                                        "xterm\n",
                                        "dumb",
                                        "-",
                                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};

    for (size_t i = 0; i < SND_COUNT(names); i++) {
        struct peer peer;
        int opened = open_peer(&peer, names[i], 24, 80, 0) == 0;

        if (opened) {
            random_paint(&peer.canvas);
            show(&peer, 0);
        }
        tap_ok(opened && same(&peer), "falls back: '%.20s'",
               strchr(names[i], '\n') ? "" : names[i]);
        close_peer(&peer);
    }
}

/* How one cell looks on the terminal, in words; its colours by their numbers, -1 = the terminal's
 * own. */
static void look_words(struct peer *peer, int row, char *out, size_t size)
{
    VTermScreenCell cell;
    vterm_screen_get_cell(peer->cells, (VTermPos){.row = row, .col = 2}, &cell);
    int fore = VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) ? -1 : cell.fg.indexed.idx;
    int back = VTERM_COLOR_IS_DEFAULT_BG(&cell.bg) ? -1 : cell.bg.indexed.idx;
    snprintf(out, size, "%s%s%s %d on %d", cell.attrs.bold ? "bold" : "plain",
             cell.attrs.underline ? " underlined" : "", cell.attrs.reverse ? " reversed" : "", fore,
             back);
}

/* Without colours, with 8, 16 and 256: each look, never on a background of our own, so that light
 * and dark terminals are right alike. What colour says a word or an attribute says too. */
static void test_tiers(void)
{
    static const char *const terms[] = {"vt100", "vt220",         "xterm-mono",    "xterm",
                                        "linux", "xterm-16color", "xterm-256color"};
    static const enum look looks[] = {LOOK_PLAIN,    LOOK_HEADING, LOOK_HEADER,  LOOK_FOCUS,
                                      LOOK_SELECTED, LOOK_ERROR,   LOOK_WARNING, LOOK_DONE};
    static const char *const mono[] = {"plain -1 on -1",          "plain underlined -1 on -1",
                                       "plain reversed -1 on -1", "bold -1 on -1",
                                       "plain reversed -1 on -1", "bold -1 on -1",
                                       "bold -1 on -1",           "bold -1 on -1"};
    static const char *const coloured[] = {"plain -1 on -1",
                                           "plain underlined -1 on -1",
                                           "plain reversed -1 on -1",
                                           "bold -1 on -1",
                                           "plain reversed -1 on -1",
                                           "bold 1 on -1",
                                           "bold 5 on -1",
                                           "bold 2 on -1"};
    for (size_t t = 0; t < SND_COUNT(terms); t++) {
        int has_colours = t >= 3, wrong = 0;
        for (int wanted = 1; wanted >= 0; wanted--) {
            struct peer peer;
            char words[80];
            int opened = open_peer(&peer, terms[t], 24, 80, 1) == 0;
            screen_colours(peer.screen, wanted);
            for (size_t i = 0; i < SND_COUNT(looks); i++)
                canvas_fill(&peer.canvas, (int)i, 1, 10, 'x', looks[i]);
            show(&peer, 0);
            for (size_t i = 0; opened && i < SND_COUNT(looks); i++) {
                const char *want = has_colours && wanted ? coloured[i] : mono[i];
                look_words(&peer, (int)i, words, sizeof words);
                if (strcmp(words, want) == 0)
                    continue;
                tap_note("%s look %d: %s, not %s", terms[t], (int)looks[i], words, want);
                wrong++;
            }
            close_peer(&peer);
        }
        tap_ok(wrong == 0, "looks on %s, with colours and without", terms[t]);
    }
}

/* What a terminal has no glyph for is never sent to it. */
static void test_glyphs(void)
{
    static const struct {
        enum profile profile;
        uint32_t point, shown;
    } cases[] = {
        {PROFILE_CONSOLE, 0x0663, '3'},    {PROFILE_CONSOLE, 0x25c4, '<'},
        {PROFILE_CONSOLE, 0x2026, 0x2026}, {PROFILE_CONSOLE, 0xfeb3, 0xfeb3},
        {PROFILE_LATIN, 0x06f7, '7'},      {PROFILE_LATIN, 0x2502, '|'},
        {PROFILE_LATIN, 0xfeb3, '?'},      {PROFILE_LATIN, 0xe9, '?'},
        {PROFILE_PLAIN, 0x0663, 0x0663},   {PROFILE_PLAIN, 0x25c4, 0x25c4},
    };
    for (size_t i = 0; i < SND_COUNT(cases); i++) {
        struct peer peer;
        VTermScreenCell cell = {0};
        int opened = open_peer(&peer, "linux", 24, 80, 1) == 0;
        screen_treat(peer.screen, cases[i].profile);
        canvas_fill(&peer.canvas, 3, 5, 1, cases[i].point, LOOK_PLAIN);
        show(&peer, 0);
        vterm_screen_get_cell(peer.cells, (VTermPos){.row = 3, .col = 5}, &cell);
        tap_ok(opened && cell.chars[0] == cases[i].shown, "U+%04X in profile %s", cases[i].point,
               profile_row(cases[i].profile)->word);
        close_peer(&peer);
    }
}

/* A character of uncertain width, a control, an impossible size: never a broken row. */
static void test_hostile(void)
{
    struct cell cells[] = {{.base = 0x1b},
                           {.base = 0x9b},
                           {.base = 0x6f22},
                           {.base = 0x200f},
                           {.base = 0x301},
                           {.base = 0x110000},
                           {.base = 'x', .marks = {'y', 0x301}}};
    struct line line = {.cells = cells, .count = (int)SND_COUNT(cells)};
    struct peer peer;
    VTermScreenCell got;

    tap_is_int(open_peer(&peer, "xterm", 24, 80, 0), 0, "opens");
    canvas_put_left(&peer.canvas, 1, 1, &line, LOOK_PLAIN);
    show(&peer, 0);
    for (int col = 1; col <= 6; col++) {
        vterm_screen_get_cell(peer.cells, (VTermPos){.row = 1, .col = col}, &got);
        tap_ok(got.chars[0] == 0xfffd, "no place on a terminal: %d", col);
    }
    vterm_screen_get_cell(peer.cells, (VTermPos){.row = 1, .col = 7}, &got);
    tap_ok(got.chars[0] == 'x' && got.chars[1] == 0x301, "a mark that is none is dropped");
    screen_resize(peer.screen, -5, 1000000);
    canvas_resize(&peer.canvas, 1000000, 0);
    show(&peer, 0);
    tap_ok(peer.canvas.rows == CANVAS_ROWS_MAX && peer.canvas.cols == 1, "sizes are clamped");
    resize(&peer, 1, 1);
    show(&peer, 1);
    resize(&peer, 24, 80);
    canvas_fill(&peer.canvas, 23, 0, 80, 'w', LOOK_HEADER);
    show(&peer, 0);
    tap_ok(same(&peer), "right again after impossible sizes");
    close_peer(&peer);
}

static void test_pending(void)
{
    struct peer peer;

    tap_is_int(open_peer(&peer, "xterm", 24, 80, 0), 0, "opens");
    show(&peer, 0);
    tap_is_int(screen_pending(peer.screen), 0, "all taken");
    canvas_fill(&peer.canvas, 1, 1, 10, 'x', LOOK_PLAIN);
    screen_show(peer.screen, &peer.canvas, 0);
    tap_ok(screen_pending(peer.screen) > 0, "not yet taken");
    receive(&peer);
    tap_is_int(screen_pending(peer.screen), 0, "taken");
    close(peer.ours);
    peer.ours = dup(peer.theirs);
    canvas_fill(&peer.canvas, 1, 1, 10, 'y', LOOK_PLAIN);
    screen_show(peer.screen, &peer.canvas, 0);
    tap_ok(1, "the other side has gone: no harm");
    close_peer(&peer);
}

/* The whole picture again, on a terminal that somebody wrote over. */
static void test_full(void)
{
    struct peer peer;

    tap_is_int(open_peer(&peer, "xterm", 24, 80, 1), 0, "opens");
    canvas_fill(&peer.canvas, 3, 1, 40, 'a', LOOK_FOCUS);
    show(&peer, 0);
    write_noise(&peer, "\033[4;5Hnoise\033[7mnoise");
    write_noise(&peer, "\033[m\033[10;10Hnoise");
    tap_ok(!same(&peer), "noise on the terminal");
    show(&peer, 1);
    tap_ok(same(&peer), "gone after a full picture");
    write_noise(&peer, "\033[10;10Hnoise");
    screen_resize(peer.screen, 24, 80);
    show(&peer, 0);
    tap_ok(same(&peer), "there and back to the same size");
    close_peer(&peer);
}

static int is_raw(int terminal)
{
    struct termios modes;

    return tcgetattr(terminal, &modes) == 0 && (modes.c_lflag & (ICANON | ECHO | ISIG)) == 0 &&
           (modes.c_iflag & ICRNL) == 0;
}

/* A terminal device instead of a socket: raw while the screen is open, then as it was. */
static void test_device(void)
{
    struct peer peer = {.last = BUF_INIT(1 << 20)};
    struct termios before, after;
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    int terminal = -1;

    if (master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0)
        terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
    if (terminal < 0 || tcgetattr(terminal, &before) != 0)
        abort();
    canvas_init(&peer.canvas, 24, 80);
    tap_is_int(screen_open(terminal, terminal, "xterm", 24, 80, 1, &peer.screen), 0, "opens");
    tap_ok(is_raw(terminal), "a terminal device is raw");
    screen_show(peer.screen, &peer.canvas, 0);
    tap_is_int(screen_pending(peer.screen), 0, "nothing is pending on a device");
    screen_close(&peer.screen);
    tap_ok(tcgetattr(terminal, &after) == 0 && before.c_lflag == after.c_lflag &&
               before.c_iflag == after.c_iflag && before.c_oflag == after.c_oflag,
           "and then as it was");
    canvas_free(&peer.canvas);
    close(terminal);
    close(master);
}

/* Whoever runs the session keeps its signals. */
static void test_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
    struct peer peer;
    int kept = 1;

    for (size_t i = 0; i < SND_COUNT(numbers); i++)
        signal(numbers[i], SIG_DFL); /* whoever runs this may have it ignore some */
    tap_is_int(open_peer(&peer, "xterm", 24, 80, 1), 0, "opens");
    for (size_t i = 0; i < SND_COUNT(numbers); i++) {
        struct sigaction action;

        kept &= sigaction(numbers[i], NULL, &action) == 0 && action.sa_handler == SIG_DFL;
    }
    tap_ok(kept, "no signal is taken");
    close_peer(&peer);
}

int main(void)
{
    static const char *const terms[] = {
        "xterm-256color", "xterm", "screen-256color", "tmux-256color", "vt100",     "vt220",
        "linux",          "putty", "rxvt-unicode",    "screen",        "putty-sco", "xterm-kitty"};

    signal(SIGPIPE, SIG_IGN);
    screen_warm();
    for (size_t i = 0; i < SND_COUNT(terms); i++)
        test_term(terms[i], 1);
    test_term("xterm-256color", 0);
    test_profile(PROFILE_AUTO);
    test_profile(PROFILE_LEFT);
    test_profile(PROFILE_RUNS);
    test_turned_back();
    test_pieces();
    test_words();
    test_modes();
    test_names();
    test_tiers();
    test_glyphs();
    test_hostile();
    test_full();
    test_device();
    test_signals();
    test_pending();
    return tap_done();
}
