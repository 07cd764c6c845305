/* SPDX-License-Identifier: Apache-2.0 */
/* What may enter as text, and the two promises behind it: cleaning a clean text changes nothing,
 * and whatever has a width here has the same width for the C library, which ncurses asks. */
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include "base/buf.h"
#include "base/err.h"
#include "tests/tap.h"
#include "text/input.h"

struct clean_case {
    const char *typed, *kept;
    int result;
    const char *name;
};
static const struct clean_case cases[] = {
    {"plain text, 12.5", "plain text, 12.5", 0, "ASCII stays"},
    {"محمد بن سالم", "محمد بن سالم", 0, "Arabic stays"},
    {"\uFEFB \uFEF7\uFEF9\uFEF5", "لا لألإلآ", 0, "lam-alef keys become letters"},
    {"\uFEE3\uFEA4\uFEE4\uFEAA", "محمد", 0, "joined forms become letters"},
    {"\uFB56\uFBFF", "\u067E\u06CC", 0, "Persian forms too"},
    {"e\u0301\u0627\u0653", "é\u0622", 0, "NFC"},
    {"\u0628\u0651\u064E", "\u0628\u064E\u0651", 0, "marks in their order"},
    {"خلـــود", "خلود", 0, "tatweel goes"},
    {"محمد\u200Cعلي\u200D", "محمدعلي", 0, "ZWNJ and ZWJ go"},
    {"\uFEFFa\u00ADb\uFE0F", "ab", 0, "BOM, soft hyphen and variation selectors go"},
    {"a\r\n\tb\nc", "a b c", 0, "line ends and tabs become one space"},
    {"a\u00A0b\u3000c", "a b c", 0, "every space is a space"},
    {"\uFF21\uFF11", "A1", 0, "full width becomes plain"},
    {"\uFE7D\u0628", "\u0651\u0628", 0, "a mark's form becomes the mark"},
    {"a\u202Eb", "ab", SND_E_BAD, "an override is refused"},
    {"a\u2066b\u2069", "ab", SND_E_BAD, "isolates are refused"},
    {"a\u200Eb", "ab", SND_E_BAD, "a left-to-right mark is refused"},
    {"a\u200Fb", "ab", SND_E_BAD, "a right-to-left mark is refused"},
    {"a\u061Cb", "ab", SND_E_BAD, "an Arabic letter mark is refused"},
    {"a\x1B[31mb", "a[31mb", SND_E_BAD, "escape is refused"},
    {"a\xC2\x85\xC2\x9B", "a", SND_E_BAD, "C1 is refused"},
    {"a\x7F\x01", "a", SND_E_BAD, "control characters are refused"},
    {"\u0600\u0605\u06DD", "", SND_E_BAD, "signs of uncertain width are refused"},
    {"\uFDF2\uFDFA\uFDFD", "", SND_E_BAD, "word ligatures are refused"},
    {"\uE000\U0010FFFF", "", SND_E_BAD, "private use and non-characters are refused"},
    {"\u0378", "", SND_E_BAD, "unassigned is refused"},
    {"\U0001F600\U0001F1F4", "", SND_E_BAD, "emoji and flags are refused"},
    {"a\xC3(\xED\xA0\x80\xF5", "a(", SND_E_BAD, "malformed UTF-8 is refused"},
    {"\xC0\xAF\xE0\x80\xAF", "", SND_E_BAD, "overlong forms are refused"},
    {"a\uFFFD", "a", SND_E_BAD, "the sign of lost text is refused"},
    {"b\u0301\u0302\u0303\u0304\u0305", "b\u0301\u0302\u0303\u0304", SND_E_BAD,
     "a fifth mark is refused"},
};

static void cleaning(void)
{
    for (size_t i = 0; i < SND_COUNT(cases); i++) {
        struct buf out = BUF_INIT(256);
        int result = input_clean(cases[i].typed, strlen(cases[i].typed), &out);
        int same = strcmp(buf_text(&out), cases[i].kept) == 0;
        int clean = result == 0 && same && strcmp(cases[i].typed, cases[i].kept) == 0;
        if (!same || result != cases[i].result)
            tap_note("[%s] became [%s], result %d", cases[i].typed, buf_text(&out), result);
        tap_ok(result == cases[i].result && same && input_is_clean(buf_text(&out)) &&
                   input_is_clean(cases[i].typed) == clean,
               "%s", cases[i].name);
        buf_free(&out);
    }
    struct buf out = BUF_INIT(16);
    tap_ok(input_clean("a\0b", 3, &out) == SND_E_BAD && strcmp(buf_text(&out), "ab") == 0,
           "a zero byte is refused");
    buf_free(&out);
}

/* For every code point: what it is cleaned to is clean, and has a width. */
static void every_point(void)
{
    int unclean = 0, keys_differ = 0, no_width = 0;
    for (uint32_t point = 1; point <= 0x10FFFF; point++) {
        char bytes[5];
        uint32_t keys[4];
        struct buf out = BUF_INIT(64), typed = BUF_INIT(64);
        if (point >= 0xD800 && point <= 0xDFFF)
            continue;
        int length = utf8_put(point, bytes);
        int result = input_clean(bytes, (size_t)length, &out);
        unclean += !input_is_clean(buf_text(&out));
        int count = input_key(point, keys);
        for (int i = 0; i < count; i++) {
            no_width += point_width(keys[i]) < 0;
            buf_put(&typed, bytes, (size_t)utf8_put(keys[i], bytes));
        }
        int gap = point == '\n' || point == '\t' || point == '\r';
        keys_differ += !gap && result == 0 && strcmp(buf_text(&typed), buf_text(&out)) != 0;
        keys_differ += result && count;
        buf_free(&typed);
        buf_free(&out);
    }
    tap_is_int(unclean, 0, "cleaning any character leaves it clean");
    tap_is_int(keys_differ, 0, "a key gives what a paste of the same gives");
    tap_is_int(no_width, 0, "no key gives a character without a width");
}

static void keys(void)
{
    uint32_t out[4];
    tap_ok(input_key(0xFEF7, out) == 2 && out[0] == 0x0644 && out[1] == 0x0623,
           "the lam-alef key gives two letters");
    tap_ok(input_key('q', out) == 1 && out[0] == 'q', "a letter is itself");
    tap_is_int(input_key(0x202E, out), 0, "no bidi control from the keyboard");
    tap_is_int(input_key(0x1B, out), 0, "no escape");
    tap_is_int(input_key(0x0640, out), 0, "no tatweel");
    tap_is_int(input_key(0xFFFFFFFF, out), 0, "nothing beyond Unicode");
}

static void utf8(void)
{
    size_t used;
    char out[5];
    tap_ok(utf8_get("", 0, &used) == 0 && used == 0, "nothing decodes to nothing");
    tap_ok(utf8_get("\xD8\xB3x", 3, &used) == 0x0633 && used == 2, "two bytes");
    tap_ok(utf8_get("\xF0\x9F\x98\x80", 4, &used) == 0x1F600 && used == 4, "four bytes");
    tap_ok(utf8_get("\xD8", 1, &used) == 0xFFFD && used == 1, "cut short");
    tap_ok(utf8_get("\xED\xA0\x80", 3, &used) == 0xFFFD && used == 1, "a surrogate");
    tap_ok(utf8_get("\xF4\x90\x80\x80", 4, &used) == 0xFFFD && used == 1, "beyond the last");
    tap_ok(utf8_get("\xEF\xBF\xBD", 3, &used) == 0xFFFD && used == 3, "a real U+FFFD is whole");
    tap_ok(utf8_put(0x0633, out) == 2 && strcmp(out, "س") == 0, "encoded");
    tap_ok(utf8_put(0xD800, out) == 3 && strcmp(out, "\uFFFD") == 0, "no surrogate is encoded");
    tap_is_int((long long)utf8_count("aسلا\xFF"), 5, "characters counted");
    tap_is_int((long long)utf8_offset("aسلا", 2), 3, "offset of the third");
    tap_is_int((long long)utf8_offset("aس", 9), 3, "offset past the end is the end");
}

/* glibc knows Unicode 14 on Debian 12; where both have a width it must be one width. */
static void widths(void)
{
    int differ = 0;
    setlocale(LC_ALL, "C.UTF-8");
    for (uint32_t point = 1; point <= 0x10FFFF; point++) {
        int width = point_width(point);
        if (width >= 0 && width != wcwidth((wchar_t)point) && differ++ < 10)
            tap_note("U+%04X: %d here, %d in the C library", (unsigned)point, width,
                     wcwidth((wchar_t)point));
    }
    tap_is_int(differ, 0, "every width is the C library's");
    tap_ok(point_width(0x064E) == 0 && point_width(0x4E2D) == 2 && point_width(0x202E) == -1 &&
               point_width(0xFEFB) == 1 && point_width(0x00B0) == 1,
           "widths of a mark, a wide one, a control, a form and a sign");
}

int main(void)
{
    cleaning();
    every_point();
    keys();
    utf8();
    widths();
    return tap_done();
}
