/* SPDX-License-Identifier: Apache-2.0 */
/* The canvas on a real terminal. ncurses is used for what it is good at: it knows what the terminal
 * shows and finds the cheapest way to the next picture. What is painted is decided before, in the
 * canvas; nothing is read through ncurses (keys.c reads), and nothing of it leaves this file.
 *
 * The terminal may be a device or a blocking socket. A non-blocking descriptor must never come
 * here: ncurses spins on EAGAIN. Whoever calls ignores SIGPIPE.
 *
 * The terminal's name comes from the client and ends in a path: it is checked again here. The
 * cursor is always left on the caret, visible, since braille displays and screen readers follow it.
 */
#include "term/screen.h"

#include <curses.h>
#include <fcntl.h>
#include <langinfo.h>
#include <linux/sockios.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"

#define CAPABILITY 64 /* bytes of one that is sent as it stands */
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

struct screen {
    SCREEN *curses;
    FILE *in, *out;              /* our own descriptors: ncurses wants streams */
    int is_terminal;             /* a device, not a socket */
    int colour;                  /* 1 = looks may use colour pairs */
    int colours;                 /* 1 = the terminal has them */
    int paste;                   /* 1 = bracketed paste was switched on */
    char keypad_off[CAPABILITY]; /* what undoes the keypad's mode, "" = nothing */
    int repaint;                 /* the next picture starts from a cleared terminal */
    enum profile profile;
    uint8_t turned[CANVAS_ROWS_MAX]; /* how each row stands there, enum turning */
    struct turn *turn;               /* the row turned last, NULL while the terminal turns none */
};

static const attr_t mono_looks[LOOK_COUNT] = {
#define LOOK(name, mono, colour16) [LOOK_##name] = mono,
#include "term/looks.def"
#undef LOOK
};

static const attr_t colour_looks[LOOK_COUNT] = {
#define LOOK(name, mono, colour16) [LOOK_##name] = colour16,
#include "term/looks.def"
#undef LOOK
};

/* The pairs that looks.def names, from 1; the background is the terminal's own, but where letters
 * have to be hidden in it. */
static const short pair_colours[] = {COLOR_RED, COLOR_MAGENTA, COLOR_GREEN};
enum { PAIR_TEXT = SND_COUNT(pair_colours) + 1, PAIR_HIDDEN, PAIR_HIDDEN_REVERSE };

/* Signals that ncurses takes for itself where nobody has; they belong to whoever runs the session.
 */
static const int taken_signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};

static int name_valid(const char *term)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+._-";
    size_t len = strlen(term);

    return len >= 1 && len <= 32 && strspn(term, allowed) == len && strchr("+._-", term[0]) == NULL;
}

static const char *capability(const char *name)
{
    /* ncurses only reads the name, but says so in old C. */
    char buffer[16];
    const char *value;

    (void)str_copy(buffer, sizeof buffer, name);
    value = tigetstr(buffer);
    return value == NULL || value == (const char *)-1 ? NULL : value;
}

/* The names that most terminals give themselves, and whether they are usable here: found out once,
 * in the process that others are forked from. */
static struct {
    const char *name;
    int usable;
} common[] = {{"xterm-256color", 0},  {"xterm", 0},  {"tmux-256color", 0},
              {"screen-256color", 0}, {"screen", 0}, {"putty-256color", 0},
              {"putty", 0},           {"vt220", 0},  {"rxvt-unicode-256color", 0},
              {"linux", 0},           {"vt100", 0}};

/* 1 when terminfo has this entry and it can do what a full screen needs. Asked before newterm(),
 * which leaks when it fails. */
static int name_usable(const char *name, int out)
{
    int status, usable;

    if (setupterm(name, out, &status) != OK)
        return 0;
    usable = capability("cup") != NULL && capability("clear") != NULL;
    del_curterm(cur_term);
    return usable;
}

static int known_usable(const char *name)
{
    for (size_t i = 0; i < SND_COUNT(common); i++)
        if (strcmp(name, common[i].name) == 0)
            return common[i].usable;
    return 0;
}

static SCREEN *try_name(const char *name, FILE *out, FILE *in)
{
    int usable = known_usable(name) || name_usable(name, fileno(out));
    SCREEN *curses = usable ? newterm(name, out, in) : NULL;

    if (curses != NULL)
        set_term(curses);
    return curses;
}

/* The name itself, then without its last suffix, and again; then what most terminals understand. */
static SCREEN *try_names(const char *term, FILE *out, FILE *in)
{
    static const char *const last_resorts[] = {"xterm", "vt100"};
    char name[33];
    SCREEN *curses = NULL;

    if (name_valid(term)) {
        (void)str_copy(name, sizeof name, term);
        while (name[0] != '\0' && curses == NULL) {
            size_t len = strlen(name);

            curses = try_name(name, out, in);
            while (len > 0 && strchr("-+.", name[len - 1]) == NULL)
                len--;
            name[len > 0 ? len - 1 : 0] = '\0';
        }
    }
    for (size_t i = 0; i < SND_COUNT(last_resorts) && curses == NULL; i++)
        curses = try_name(last_resorts[i], out, in);
    return curses;
}

static SCREEN *open_curses(const char *term, FILE *out, FILE *in)
{
    struct sigaction before[SND_COUNT(taken_signals)];
    struct sigaction ignored = {.sa_handler = SIG_IGN};
    SCREEN *curses;

    /* One that is ignored when ncurses looks is left alone for good; otherwise it would set
     * SIGTSTP twice at every key. */
    for (size_t i = 0; i < SND_COUNT(taken_signals); i++)
        sigaction(taken_signals[i], &ignored, &before[i]);
    /* Nothing of our own environment. Asked of the system, or else of a guess, the size is there
     * also for an entry that has none, which newterm() would refuse: the Linux console's. */
    use_env(FALSE);
    use_tioctl(TRUE);
    curses = try_names(term, out, in);
    for (size_t i = 0; i < SND_COUNT(taken_signals); i++)
        sigaction(taken_signals[i], &before[i], NULL);
    return curses;
}

/* Terminals that take bracketed paste although their entry may not say so. */
static int takes_paste(const char *term)
{
    static const char *const families[] = {"xterm",  "rxvt",      "screen", "tmux",  "putty",
                                           "kitty",  "alacritty", "foot",   "gnome", "vte",
                                           "mintty", "konsole",   "iterm",  "st-",   "wezterm"};

    if (capability("BE") != NULL)
        return 1;
    for (size_t i = 0; i < SND_COUNT(families); i++) {
        if (strncmp(term, families[i], strlen(families[i])) == 0)
            return 1;
    }
    return 0;
}

static int start_colours(void)
{
    if (!has_colors() || start_color() == ERR || use_default_colors() == ERR)
        return 0;
    return 1;
}

/* Where letters are hidden the background must be a colour that they can have. */
static void set_colours(const struct screen *screen)
{
    int hides = profile_row(screen->profile)->hides;
    short back;
    cchar_t blank;

    if (!screen->colours)
        return;
    hides = hides && screen->colour;
    back = hides ? COLOR_BLACK : -1;
    for (size_t i = 0; i < SND_COUNT(pair_colours); i++)
        init_pair((short)(i + 1), pair_colours[i], back);
    init_pair(PAIR_TEXT, hides ? COLOR_WHITE : -1, back);
    init_pair(PAIR_HIDDEN, COLOR_BLACK, COLOR_BLACK);
    init_pair(PAIR_HIDDEN_REVERSE, COLOR_WHITE, COLOR_WHITE);
    if (setcchar(&blank, L" ", A_NORMAL, hides ? PAIR_TEXT : 0, NULL) != ERR)
        wbkgrndset(stdscr, &blank);
}

static int send_bytes(const struct screen *screen, const char *bytes)
{
    return proc_write_all(fileno(screen->out), bytes, strlen(bytes));
}

/* The keypad sends its application codes, as terminfo describes the keys. Not by ncurses' keypad(),
 * which also builds a tree of all keys for a getch() that is never called. */
static void set_keypad(struct screen *screen)
{
    const char *on = capability("smkx"), *off = capability("rmkx");

    if (on != NULL && off != NULL && strchr(on, '$') == NULL && strchr(off, '$') == NULL &&
        str_copy(screen->keypad_off, sizeof screen->keypad_off, off) == 0)
        screen_send(screen, on);
    else
        keypad(stdscr, TRUE); /* padding has to be worked out */
}

static void set_modes(struct screen *screen, const char *term)
{
    raw();
    noecho();
    nonl();
    typeahead(-1); /* or ncurses would look for input in the middle of a picture */
    intrflush(stdscr, FALSE);
    leaveok(stdscr, FALSE);
    scrollok(stdscr, FALSE);
    set_keypad(screen);
    /* Past ncurses, whose putp() is for standard output; its own buffer is empty yet. */
    screen->paste = takes_paste(term) && send_bytes(screen, PASTE_ON) == 0;
}

void screen_send(struct screen *screen, const char *bytes)
{
    (void)!send_bytes(screen, bytes); /* a terminal that has gone is noticed when it is read */
}

void screen_treat(struct screen *screen, enum profile profile)
{
    set_term(screen->curses);
    screen_send(screen, profile_row(screen->profile)->end);
    screen_send(screen, profile_row(profile)->begin);
    screen->profile = profile;
    set_colours(screen);
    screen->repaint = 1;
}

void screen_colours(struct screen *screen, int on)
{
    set_term(screen->curses);
    screen->colour = on && screen->colours;
    set_colours(screen);
    screen->repaint = 1;
}

enum profile screen_treated(const struct screen *screen)
{
    return screen->profile;
}

static int clamp(int value, int least, int most)
{
    if (value < least)
        return least;
    return value > most ? most : value;
}

void screen_resize(struct screen *screen, int rows, int cols)
{
    set_term(screen->curses);
    resizeterm(clamp(rows, 1, CANVAS_ROWS_MAX), clamp(cols, 1, CANVAS_COLS_MAX));
    screen->repaint = 1;
}

static FILE *open_stream(int descriptor, const char *mode)
{
    int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    FILE *stream = copy < 0 ? NULL : fdopen(copy, mode);

    if (stream == NULL && copy >= 0)
        close(copy);
    return stream;
}

static void free_screen(struct screen *screen)
{
    if (screen->in != NULL)
        (void)fclose(screen->in);
    if (screen->out != NULL)
        (void)fclose(screen->out);
    x_free(&screen->turn);
    x_free(&screen);
}

/* ncurses flushes after every move of the cursor until a screen has been left once (ncurses 6.4,
 * _nc_mvcur() in lib_mvcur.c: "_endwin == ewInitial"), and then a picture leaves in dozens of
 * writes, each a message of its own on the line. So it is left and entered again while there is no
 * descriptor behind it: the terminal hears nothing of that, and a write that fails is dropped. */
static void write_pictures_whole(const struct screen *screen)
{
    int out = fileno(screen->out), kept = fcntl(out, F_DUPFD_CLOEXEC, out + 1);

    if (kept < 0)
        return;
    reset_shell_mode(); /* sends what newterm() has to say */
    close(out);
    endwin();
    doupdate();
    snd_assert(fcntl(kept, F_DUPFD_CLOEXEC, out) == out);
    close(kept);
    reset_prog_mode();
}

int screen_open(int in, int out, const char *term, int rows, int cols, int colour,
                struct screen **out_screen)
{
    struct screen *screen = x_alloc(sizeof *screen);

    /* Built into the C library, so this works in the sandbox too. */
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        (void)setlocale(LC_CTYPE, "C.UTF-8");
    screen->in = open_stream(in, "r");
    screen->out = open_stream(out, "w");
    screen->is_terminal = isatty(out);
    if (screen->in != NULL && screen->out != NULL)
        screen->curses = open_curses(term, screen->out, screen->in);
    if (screen->curses == NULL) {
        free_screen(screen);
        return SND_E_SYS;
    }
    write_pictures_whole(screen);
    screen_resize(screen, rows, cols);
    screen->colours = colour && start_colours();
    screen->colour = screen->colours;
    set_colours(screen);
    set_modes(screen, term);
    *out_screen = screen;
    return 0;
}

void screen_close(struct screen **screen)
{
    struct screen *old = *screen;

    if (old == NULL)
        return;
    set_term(old->curses);
    endwin();
    screen_send(old, old->keypad_off);
    screen_send(old, profile_row(old->profile)->end);
    if (old->paste)
        (void)!send_bytes(old, PASTE_OFF); /* nobody is left to tell */
    delscreen(old->curses);
    free_screen(old);
    *screen = NULL;
}

/* Fills in what setcchar() takes: a base of the width that the canvas counts on, and marks. */
static uint32_t glyph(const struct profile_row *row, uint32_t point)
{
    static const struct {
        uint32_t point, few, ascii;
    } table[] = {
#define GLYPH(point, few, ascii) {point, few, ascii},
#include "term/glyphs.def"
#undef GLYPH
    };
    for (size_t i = 0; i < SND_COUNT(table); i++) {
        if (table[i].point != point)
            continue;
        if (row->latin)
            return table[i].ascii;
        return table[i].few != 0 ? table[i].few : point;
    }
    return row->latin ? '?' : point;
}

static void cell_text(const struct screen *screen, const struct canvas *canvas,
                      const struct canvas_cell *cell, int wide, wchar_t text[CELL_MARKS + 2])
{
    static const uint32_t none[CELL_MARKS];
    const struct profile_row *row = profile_row(screen->profile);
    const uint32_t *marks = row->keeps_marks ? canvas_marks(canvas, cell) : none;
    int len = 0;

    text[len++] = (wchar_t)cell->base;
    if (cell->base >= 0x7f && (row->latin || row->few))
        text[0] = (wchar_t)glyph(row, cell->base);
    else if (cell->base >= 0x7f && wcwidth(text[0]) != (wide ? 2 : 1))
        text[0] = 0xfffd;
    for (int i = 0; i < CELL_MARKS && marks[i] != 0; i++) {
        if (wcwidth((wchar_t)marks[i]) == 0)
            text[len++] = (wchar_t)marks[i];
    }
    text[len] = L'\0';
}

/* A look as attributes. On a bare space only those that show: the others would cost bytes. */
static attr_t cell_look(const struct screen *screen, const struct canvas_cell *cell)
{
    attr_t look = (screen->colour ? colour_looks : mono_looks)[cell->look % LOOK_COUNT];

    if (cell->base == ' ' && cell->marks == 0 && (look & (A_REVERSE | A_UNDERLINE)) == 0)
        return A_NORMAL;
    return look;
}

/* The same where neighbours are known (NULL = none): a space between two words of one look has
 * theirs, if it doesn't show, or each word would switch it on and off. */
static attr_t look_between(const struct screen *screen, const struct canvas_cell *before,
                           const struct canvas_cell *here, const struct canvas_cell *after)
{
    attr_t look = cell_look(screen, here), around;

    if (here->base != ' ' || before == NULL || after == NULL || before->look != after->look)
        return look;
    around = cell_look(screen, before);
    if (look != A_NORMAL || (around & (A_REVERSE | A_UNDERLINE)) != 0)
        return look;
    return cell_look(screen, after) == around ? around : look;
}

static void set_text(const struct screen *screen, cchar_t *cell, const wchar_t *text, attr_t look)
{
    short pair = (short)PAIR_NUMBER(look);

    if (pair == 0 && screen->colour && profile_row(screen->profile)->hides)
        pair = PAIR_TEXT;
    if (setcchar(cell, text, look & ~(attr_t)A_COLOR, pair, NULL) == ERR)
        (void)setcchar(cell, L"?", A_NORMAL, 0, NULL);
}

/* A letter that must not be seen, in the colour of what is behind it. */
static void set_hidden(const struct screen *screen, cchar_t *cell, uint32_t point, attr_t look)
{
    wchar_t text[2] = {(wchar_t)point, L'\0'};
    short pair = (look & A_REVERSE) != 0 ? PAIR_HIDDEN_REVERSE : PAIR_HIDDEN;
    attr_t line = look & A_UNDERLINE;

    if (screen->colour)
        (void)setcchar(cell, text, A_INVIS | line, pair, NULL);
    else
        (void)setcchar(cell, text, A_INVIS | line | (look & A_REVERSE), 0, NULL);
}

static enum turning turning_of(const struct screen *screen, const struct canvas *canvas, int row)
{
    return canvas->as[row] != 0 ? (enum turning)(canvas->as[row] - 1)
                                : profile_row(screen->profile)->turning;
}

/* Fills screen->turn for a row. A character of two columns has no place in a row that is turned:
 * two replacement characters stand for it. */
static void turn_canvas_row(struct screen *screen, const struct canvas *canvas, int row)
{
    uint32_t bases[CANVAS_COLS_MAX];
    const struct canvas_cell *from = &canvas->cell[(size_t)row * (size_t)canvas->cols];

    for (int col = 0; col < canvas->cols; col++) {
        int half = from[col].filler || (col + 1 < canvas->cols && from[col + 1].filler);

        bases[col] = half ? 0xfffd : from[col].base;
    }
    if (screen->turn == NULL)
        screen->turn = x_alloc(sizeof *screen->turn);
    turn_row(turning_of(screen, canvas, row), bases, canvas->cols, screen->turn);
}

/* A whole row, turned: any cell of it may have moved. ncurses finds out which. */
static void put_turned(struct screen *screen, const struct canvas *canvas, int row)
{
    SND_UNFILLED cchar_t cells[CANVAS_COLS_MAX];
    const struct canvas_cell *from = &canvas->cell[(size_t)row * (size_t)canvas->cols];
    const struct turn *turn;
    int count = canvas->cols < getmaxx(stdscr) ? canvas->cols : getmaxx(stdscr);

    turn_canvas_row(screen, canvas, row);
    turn = screen->turn;
    for (int col = 0; col < count; col++) {
        wchar_t text[CELL_MARKS + 2];
        struct canvas_cell cell = from[turn->from[col]];

        if (turn->hidden[col]) {
            set_hidden(screen, &cells[col], turn->base[col], cell_look(screen, &cell));
            continue;
        }
        cell.base = turn->base[col];
        cell_text(screen, canvas, &cell, 0, text);
        set_text(screen, &cells[col], text,
                 look_between(screen, col > 0 ? &from[turn->from[col - 1]] : NULL, &cell,
                              col + 1 < count ? &from[turn->from[col + 1]] : NULL));
    }
    mvwadd_wchnstr(stdscr, row, 0, cells, count);
}

/* Columns first..last of a row, whole characters, and one on either side: how a space looks depends
 * on its neighbours. */
static void put_span(struct screen *screen, const struct canvas *canvas, int row, int first,
                     int last)
{
    SND_UNFILLED cchar_t cells[CANVAS_COLS_MAX];
    const struct canvas_cell *from = &canvas->cell[(size_t)row * (size_t)canvas->cols];
    int count = 0, end = canvas->cols - 1;

    first = first > 0 && !from[first - 1].filler ? first - 1 : first;
    last = last < end ? last + 1 : last;
    for (int col = first; col <= last && col < getmaxx(stdscr); col++) {
        wchar_t text[CELL_MARKS + 2];
        int wide = col < end && from[col + 1].filler;
        attr_t look = look_between(screen, col > 0 ? &from[col - 1] : NULL, &from[col],
                                   col < end ? &from[col + 1] : NULL);

        if (from[col].filler)
            continue;
        cell_text(screen, canvas, &from[col], wide, text);
        set_text(screen, &cells[count++], text, look);
        /* U+FFFD instead of a wide character leaves its second half over. */
        if (wide && text[0] == 0xfffd)
            (void)setcchar(&cells[count++], L" ", A_NORMAL, 0, NULL);
    }
    mvwadd_wchnstr(stdscr, row, first, cells, count);
}

/* The column to address so that the cursor is seen on the caret. kitty draws it where it is
 * addressed, the others where the cell that is addressed is drawn. */
static int caret_column(struct screen *screen, const struct canvas *canvas)
{
    enum turning turning = turning_of(screen, canvas, canvas->caret_row);

    if (turning == TURN_NONE || turning == TURN_RUNS)
        return canvas->caret_col;
    turn_canvas_row(screen, canvas, canvas->caret_row);
    return screen->turn->to[canvas->caret_col];
}

/* Paints what has changed of a row; all of it when it is turned otherwise than before, for then
 * what is to be taken away stands in other columns. */
static void show_row(struct screen *screen, const struct canvas *canvas, int row, int full)
{
    enum turning turning = turning_of(screen, canvas, row);
    int first = 0, last = canvas->cols - 1;

    if (!full && turning == (enum turning)screen->turned[row] &&
        !(canvas->dirty[row] && canvas_span(canvas, row, &first, &last)))
        return;
    screen->turned[row] = (uint8_t)turning;
    if (turning != TURN_NONE)
        put_turned(screen, canvas, row);
    else
        put_span(screen, canvas, row, first, last);
}

void screen_show(struct screen *screen, struct canvas *canvas, int full)
{
    int rows;

    set_term(screen->curses);
    full = full || screen->repaint;
    screen->repaint = 0;
    if (full)
        clearok(stdscr, TRUE);
    rows = canvas->rows < getmaxy(stdscr) ? canvas->rows : getmaxy(stdscr);
    for (int row = 0; row < rows; row++)
        show_row(screen, canvas, row, full);
    wmove(stdscr, clamp(canvas->caret_row, 0, getmaxy(stdscr) - 1),
          clamp(caret_column(screen, canvas), 0, getmaxx(stdscr) - 1));
    wnoutrefresh(stdscr);
    doupdate();
    canvas_clean(canvas);
}

int screen_pending(const struct screen *screen)
{
    int pending = 0;

    if (screen->is_terminal || ioctl(fileno(screen->out), SIOCOUTQ, &pending) < 0)
        return 0;
    return pending;
}

void screen_warm(void)
{
    struct screen *screen = NULL;
    struct canvas canvas;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (null < 0)
        return;
    for (size_t i = 0; i < SND_COUNT(common); i++)
        common[i].usable = name_usable(common[i].name, null);
    canvas_init(&canvas, 24, 80);
    if (screen_open(null, null, "xterm-256color", 24, 80, 1, &screen) == 0) {
        canvas_fill(&canvas, 1, 1, 20, 0xfeb3, LOOK_ERROR);
        screen_show(screen, &canvas, 0);
        screen_close(&screen);
    }
    canvas_free(&canvas);
    close(null);
}
