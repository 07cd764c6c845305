/* SPDX-License-Identifier: Apache-2.0 */
/* How many bytes the line has to carry: for the first picture of a form, and for each letter typed
 * into a right-to-left field. On a 9600 bit/s line a byte is a millisecond, and an SSH packet grows
 * by eight bytes at a time, so ten bytes of answer are the border that matters. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "term/screen.h"
#include "tests/tap.h"
#include "text/caret.h"
#include "text/input.h"
#include "text/text.h"

enum { LABEL_RIGHT = 78, BOX_RIGHT = 59, BOX_WIDTH = 40, FIELDS = 12, TYPED_ROW = 3 };

static int ours, theirs;
static struct screen *screen;
static struct canvas canvas;
static struct arena *arena;

/* Paints; returns how many bytes that took. */
static int show(void)
{
    char bytes[4096];
    ssize_t got;
    int total = 0;

    screen_show(screen, &canvas, 0);
    while ((got = recv(ours, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
        total += (int)got;
    return total;
}

static void put(int row, int right, const char *text, enum look look)
{
    struct line line;

    layout_line(text, TEXT_RTL, 78, arena, &line);
    canvas_put_right(&canvas, row, right, &line, look);
}

static void put_form(void)
{
    static const char *const fields[FIELDS][2] = {
        {"اسم مقدم الطلب", ""},
        {"الرقم المدني", "12345678"},
        {"رقم الهاتف", "99123456"},
        {"البريد الإلكتروني", "name@example.om"},
        {"الولاية", "نزوى"},
        {"القرية", "بركة الموز"},
        {"رقم القطعة", "1417"},
        {"نوع العقار", "سكني"},
        {"نوع التوصيل", "ثلاثي الأطوار"},
        {"الحمل المطلوب", "15"},
        {"اسم المقاول", "شركة النور للمقاولات"},
        {"تاريخ الطلب", "2026-11-22"},
    };

    canvas_fill(&canvas, 0, 1, 78, ' ', LOOK_HEADER);
    put(0, LABEL_RIGHT, "سند › مزون للكهرباء › توصيل خدمة الكهرباء", LOOK_HEADER);
    put(0, 30, "مركز 003 · سالم · 08:41", LOOK_HEADER);
    put(1, LABEL_RIGHT, "مسودة 7K3M9QX · صفحة 1/3 · بقي 4 حقول مطلوبة", LOOK_PLAIN);
    for (int i = 0; i < FIELDS; i++) {
        put(TYPED_ROW + i, LABEL_RIGHT, fields[i][0], LOOK_LABEL);
        put(TYPED_ROW + i, BOX_RIGHT, fields[i][1], LOOK_PLAIN);
    }
    put(21, LABEL_RIGHT, "الاسم كما في البطاقة الشخصية، مثال: سالم بن حمد الحارثي", LOOK_HINT);
    put(22, LABEL_RIGHT, "خطأ: اكتب الاسم الثلاثي على الأقل", LOOK_ERROR);
    put(23, LABEL_RIGHT, "F1 مساعدة  F2 ذهاب  F3 رجوع  F4 قائمة  F5 تكرار  F9 تعليق  F10 حفظ",
        LOOK_KEY);
}

static void put_value(const char *text, enum text_dir dir)
{
    struct line line;

    layout_line(text, dir, BOX_WIDTH, arena, &line);
    canvas_fill(&canvas, TYPED_ROW, BOX_RIGHT - BOX_WIDTH + 1, BOX_WIDTH, ' ', LOOK_PLAIN);
    canvas_put_right(&canvas, TYPED_ROW, BOX_RIGHT, &line, LOOK_PLAIN);
    canvas_caret(&canvas, TYPED_ROW, BOX_RIGHT - line.count + 1 + caret_column(&line, line.chars));
}

static int compare(const void *a, const void *b)
{
    const int *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

/* Types a text and checks the bytes of its letters. */
static void type(const char *term, const char *text, enum text_dir dir)
{
    int bytes[64] = {0};
    char so_far[256] = "";
    size_t count = utf8_count(text);

    put_value("", dir);
    show();
    for (size_t i = 0; i < count && i < SND_COUNT(bytes); i++) {
        (void)str_format(so_far, sizeof so_far, "%.*s", (int)utf8_offset(text, i + 1), text);
        put_value(so_far, dir);
        bytes[i] = show();
    }
    qsort(bytes, count, sizeof bytes[0], compare);
    if (!tap_ok(bytes[count / 2] <= 10 && bytes[count - 1] <= 64 && bytes[0] > 0,
                "%s: %zu letters, median %d bytes, at most %d", term, count, bytes[count / 2],
                bytes[count - 1]))
        tap_note("%s", text);
}

/* The first letter over what stood there from the start: that goes, the hint at the row's end
 * changes, and one field fewer is missing. */
static void type_over(const char *term, const char *before, const char *letter)
{
    put_value(before, TEXT_RTL);
    put(TYPED_ROW, 16, "مطلوب  ", LOOK_PLAIN);
    put(1, 2, "4", LOOK_PLAIN);
    show();
    put_value(letter, TEXT_RTL);
    put(TYPED_ROW, 16, "F4 قائمة", LOOK_PLAIN);
    put(1, 2, "3", LOOK_PLAIN);
    int bytes = show();
    tap_ok(bytes > 0 && bytes <= 64, "%s: a letter over «%s», %d bytes", term, before, bytes);
}

static void test_term(const char *term, int colour)
{
    int pair[2], first;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        abort();
    ours = pair[0];
    theirs = pair[1];
    arena = arena_new();
    canvas_init(&canvas, 24, 80);
    tap_is_int(screen_open(theirs, theirs, term, 24, 80, colour, &screen), 0, "opens");
    put_form();
    first = show();
    tap_ok(first < 2500, "%s: first picture %d bytes", term, first);
    type(term, "سالم بن حمد الحارثي", TEXT_RTL);
    type(term, "شركة النور للمقاولات والتجارة", TEXT_RTL);
    type(term, "عبدالله بن ناصر بن سلطان", TEXT_RTL);
    type(term, "مُحَمَّد", TEXT_RTL);
    type(term, "12345678", TEXT_LTR);
    type_over(term, "نزوى", "ب");
    type_over(term, "العامرات", "م");
    screen_close(&screen);
    canvas_free(&canvas);
    arena_free(&arena);
    close(ours);
    close(theirs);
}

int main(void)
{
    static const char *const terms[] = {"xterm-256color", "xterm", "screen-256color",
                                        "tmux-256color",  "putty", "rxvt-unicode",
                                        "linux",          "vt100"};

    tap_is_int(text_open(), 0, "the text is ready");
    for (size_t i = 0; i < SND_COUNT(terms); i++)
        test_term(terms[i], 1);
    test_term("xterm-256color", 0);
    return tap_done();
}
