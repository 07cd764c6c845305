/* SPDX-License-Identifier: Apache-2.0 */
/* The key decoder against its own table, against what terminfo says terminals send, and against
 * input that no terminal should send. Events are compared as words: "F1 a <b> Enter*" (an asterisk
 * marks what was pasted). */
#include <stdlib.h>
#include <string.h>

#include <curses.h>
#include <term.h>

#include "base/buf.h"
#include "base/mem.h"
#include "term/keys.h"
#include "tests/tap.h"

struct row {
    const char *bytes;
    enum key key;
    uint32_t point;
};

static const struct row rows[] = {
#define KEY_SEQ(bytes, name) {bytes, K_##name, 0},
#define KEY_PAD(bytes, point) {bytes, K_CHAR, point},
#include "term/keys.def"
#undef KEY_PAD
#undef KEY_SEQ
};

/* Takes all events as words. */
static void drain(struct keys *keys, struct buf *out)
{
    struct key_event event;

    while (keys_next(keys, &event)) {
        if (out->len > 0)
            buf_putc(out, ' ');
        if (event.key == K_CHAR || event.key == K_CTRL || event.key == K_ALT) {
            buf_puts(out, key_word(event.key));
            if (event.key != K_CHAR)
                buf_putc(out, '-');
            if (event.point > 0x20 && event.point < 0x7f)
                buf_putc(out, (char)event.point);
            else
                buf_printf(out, "U+%04X", event.point);
        } else {
            buf_puts(out, key_word(event.key));
        }
        if (event.pasted)
            buf_putc(out, '*');
    }
}

/* Decodes messages that are separated by '|' (a byte that then can't be in them). */
static void decode_into(struct keys *keys, const char *messages, struct buf *out)
{
    while (*messages != '\0') {
        size_t len = strcspn(messages, "|");

        keys_feed(keys, messages, len);
        messages += len + (messages[len] == '|');
    }
    drain(keys, out);
}

static void check(const char *messages, const char *want, const char *name)
{
    struct keys *keys = keys_new();
    struct buf got = BUF_INIT(4096);

    decode_into(keys, messages, &got);
    tap_is(buf_text(&got), want, name);
    buf_free(&got);
    keys_free(&keys);
}

static int is_event(const struct key_event *event, const struct row *row)
{
    return event->key == row->key && event->point == row->point && !event->pasted;
}

/* Cut at `cut` bytes (0 = whole), with a letter before and behind. Cut right behind the Esc, that
 * Esc is reported too: nobody can know better. */
static int round_trip(const struct row *row, size_t cut)
{
    static const struct row esc = {"", K_ESC, 0};
    char bytes[64];
    struct keys *keys = keys_new();
    struct key_event event;
    int good = 1;
    size_t len;

    snprintf(bytes, sizeof bytes, "\033%sz", row->bytes);
    len = strlen(bytes);
    keys_feed(keys, bytes, cut);
    keys_feed(keys, bytes + cut, len - cut);
    if (cut == 1)
        good = keys_next(keys, &event) && is_event(&event, &esc);
    good = good && keys_next(keys, &event) && is_event(&event, row);
    good = good && keys_next(keys, &event) && event.key == K_CHAR && event.point == 'z';
    good = good && !keys_next(keys, &event) && !keys_waiting(keys);
    keys_free(&keys);
    return good;
}

static void test_table(void)
{
    int whole = 1, split = 1, twice = 0;

    for (size_t i = 0; i < SND_COUNT(rows); i++) {
        if (!round_trip(&rows[i], 0)) {
            whole = 0;
            tap_note("Esc %s", rows[i].bytes);
        }
        for (size_t cut = 1; cut <= strlen(rows[i].bytes); cut++) {
            /* Behind an Esc that was reported, a Tab is a Tab. */
            if (rows[i].bytes[0] == '\t')
                continue;
            if (!round_trip(&rows[i], cut)) {
                split = 0;
                tap_note("Esc %s cut at %zu", rows[i].bytes, cut);
            }
        }
        for (size_t j = 0; j < i; j++)
            twice += strcmp(rows[i].bytes, rows[j].bytes) == 0;
    }
    tap_ok(whole, "every sequence of keys.def");
    tap_ok(split, "every sequence of keys.def split at every byte");
    tap_is_int(twice, 0, "no sequence twice");
}

/* What terminfo calls a key, and what it is here. */
static const struct {
    const char *capability;
    enum key key;
} capabilities[] = {
    {"kcuu1", K_UP},     {"kcud1", K_DOWN},    {"kcub1", K_LEFT},   {"kcuf1", K_RIGHT},
    {"khome", K_HOME},   {"kend", K_END},      {"kpp", K_PAGEUP},   {"knp", K_PAGEDOWN},
    {"kich1", K_INSERT}, {"kdch1", K_DELETE},  {"kcbt", K_BACKTAB}, {"kbs", K_BACKSPACE},
    {"kent", K_ENTER},   {"kf1", K_F1},        {"kf2", K_F2},       {"kf3", K_F3},
    {"kf4", K_F4},       {"kf5", K_F5},        {"kf6", K_F6},       {"kf7", K_F7},
    {"kf8", K_F8},       {"kf9", K_F9},        {"kf10", K_F10},     {"kf11", K_F11},
    {"kf12", K_F12},     {"kRIT5", K_RIGHT},   {"kLFT5", K_LEFT},   {"kUP5", K_UP},
    {"kDN5", K_DOWN},    {"kDC5", K_DELETE},   {"kHOM5", K_HOME},   {"kEND5", K_END},
    {"kPRV5", K_PAGEUP}, {"kNXT5", K_PAGEDOWN}};

static int capability_decodes(const char *name, const char *bytes, enum key want)
{
    struct keys *keys = keys_new();
    struct key_event event = {0};
    int good;

    keys_feed(keys, bytes, strlen(bytes));
    good = keys_next(keys, &event) && event.key == want;
    if (!good)
        tap_note("%s: got %s", name, key_word(event.key));
    good = good && !keys_next(keys, &event);
    keys_free(&keys);
    return good;
}

/* The consoles where Delete sends the byte that is Backspace everywhere else. */
static int is_delete_as_rubout(const char *capability, const char *bytes)
{
    return strcmp(capability, "kdch1") == 0 && strcmp(bytes, "\177") == 0;
}

static void test_terminfo(void)
{
    static const char *const terms[] = {
        "xterm",       "xterm-256color", "linux",    "putty",        "putty-vt100", "putty-sco",
        "putty-noapp", "rxvt-unicode",   "screen",   "tmux",         "sun",         "cons25",
        "cygwin",      "vt220",          "konsole",  "mintty",       "kitty",       "alacritty",
        "st-256color", "hurd",           "wsvt25",   "Eterm",        "nsterm",      "gnome",
        "xterm-vt220", "iterm2",         "xterm-r6", "tmux-256color"};

    for (size_t i = 0; i < SND_COUNT(terms); i++) {
        int good = 1, status, known;

        if (setupterm(terms[i], 1, &status) != OK) {
            tap_ok(1, "terminfo %s # SKIP not installed", terms[i]);
            continue;
        }
        known = 0;
        for (size_t j = 0; j < SND_COUNT(capabilities); j++) {
            const char *bytes = tigetstr(capabilities[j].capability);

            if (bytes == NULL || bytes == (char *)-1 ||
                is_delete_as_rubout(capabilities[j].capability, bytes))
                continue;
            known++;
            good &= capability_decodes(capabilities[j].capability, bytes, capabilities[j].key);
        }
        tap_ok(good && known >= 15, "terminfo %s: %d keys", terms[i], known);
        del_curterm(cur_term);
    }
}

/* The function keys of each family of terminals, PuTTY's six ways among them, F1 to F12. */
static const struct family {
    const char *name, *keys[12];
} families[] = {
    {"xterm, PuTTY's Xterm R6 but F1-F4, tmux",
     {"OP", "OQ", "OR", "OS", "[15~", "[17~", "[18~", "[19~", "[20~", "[21~", "[23~", "[24~"}},
    {"rxvt, PuTTY's ESC[n~",
     {"[11~", "[12~", "[13~", "[14~", "[15~", "[17~", "[18~", "[19~", "[20~", "[21~", "[23~",
      "[24~"}},
    {"Linux console, PuTTY's Linux",
     {"[[A", "[[B", "[[C", "[[D", "[[E", "[17~", "[18~", "[19~", "[20~", "[21~", "[23~", "[24~"}},
    {"VT220, PuTTY's VT400: from F6 on the same, PF1-PF4",
     {"OP", "OQ", "OR", "OS", "[15~", "[17~", "[18~", "[19~", "[20~", "[21~", "[23~", "[24~"}},
    {"PuTTY's VT100+", {"OP", "OQ", "OR", "OS", "OT", "OU", "OV", "OW", "OX", "OY", "OZ", "O["}},
    {"SCO, PuTTY's SCO", {"[M", "[N", "[O", "[P", "[Q", "[R", "[S", "[T", "[U", "[V", "[W", "[X"}},
    {"Sun",
     {"[224z", "[225z", "[226z", "[227z", "[228z", "[229z", "[230z", "[231z", "[232z", "[233z",
      "[234z", "[235z"}},
    {"Esc and a digit", {"1", "2", "3", "4", "5", "6", "7", "8", "9", "0", NULL, NULL}},
    {"Esc and an Arabic-Indic digit",
     {"\331\241", "\331\242", "\331\243", "\331\244", "\331\245", "\331\246", "\331\247",
      "\331\250", "\331\251", "\331\240", NULL, NULL}},
};

/* A whole row of function keys in one message, as type-ahead comes, and each in one of its own. */
static void test_families(void)
{
    for (size_t f = 0; f < SND_COUNT(families); f++) {
        struct buf bytes = BUF_INIT(4096);
        struct keys *keys = keys_new();
        struct key_event event;
        int wrong = 0, many = 0;

        for (int i = 0; i < 12 && families[f].keys[i] != NULL; i++, many++) {
            char one[16];

            snprintf(one, sizeof one, "\033%s", families[f].keys[i]);
            buf_puts(&bytes, one);
            keys_feed(keys, one, strlen(one));
            wrong += !keys_next(keys, &event) || event.key != (enum key)(K_F1 + i);
            wrong += keys_next(keys, &event);
        }
        keys_feed(keys, bytes.data, bytes.len);
        for (int i = 0; i < many; i++)
            wrong += !keys_next(keys, &event) || event.key != (enum key)(K_F1 + i);
        wrong += keys_next(keys, &event);
        tap_ok(wrong == 0 && many >= 10, "function keys: %s", families[f].name);
        buf_free(&bytes);
        keys_free(&keys);
    }
    check("\033Op\033Oq\033Oy\033On\033OM", "0 1 9 . Enter", "keypad in application mode");
    check("019.\r", "0 1 9 . Enter", "keypad in numeric mode");
    check("\033Ok|\033Ol", "keypad + keypad +", "keypad +, which goes on to the next field");
}

static void test_esc(void)
{
    check("\033", "Esc", "Esc alone");
    check("\033\033", "Esc Esc", "Esc twice");
    check("\033|\033", "Esc Esc", "Esc twice in two messages");
    check("a\033", "a Esc", "Esc at the end of a message");
    check("\0331", "F1", "Esc 1 in one message");
    check("\033|1", "Esc F1", "Esc, then 1");
    check("\033|0|0", "Esc F10 0", "Esc, then 0, then 0");
    check("\033\331\240", "F10", "Esc and an Arabic digit");
    check("\033|\333\261", "Esc F1", "Esc, then a Persian digit");
    check("\033\033|3", "Esc Esc 3", "Esc twice, then 3: the two are a key of their own");
    check("\033|\033|3", "Esc Esc 3", "the same in three messages");
    check("\033|\033|\033|3", "Esc Esc Esc F3", "a third Esc is a prefix again");
    check("\033x", "Alt-x", "Esc x in one message");
    check("\033\330\250", "Alt-U+0628", "Esc and an Arabic letter");
    check("\033|x", "Esc x", "Esc, then x");
    check("\033|[|A", "Esc [ A", "Esc, [ and A typed by hand");
    check("\033\033[A", "Esc Up", "Esc before a sequence");
    check("\033\r", "Esc Enter", "Esc and Enter in one message");
    check("\033\033OP\033", "Esc F1 Esc", "Esc on both sides");
}

static void test_expire(void)
{
    struct keys *keys = keys_new();
    struct buf got = BUF_INIT(4096);

    keys_feed(keys, "\033", 1);
    tap_ok(keys_waiting(keys), "an Esc waits for its digit");
    keys_expire(keys);
    tap_ok(!keys_waiting(keys), "but not for ever");
    decode_into(keys, "1", &got);
    tap_is(buf_text(&got), "Esc 1", "a digit after the wait is a digit");
    buf_clear(&got);
    keys_feed(keys, "\033[1;", 4);
    tap_ok(keys_waiting(keys), "half a sequence waits");
    keys_expire(keys);
    decode_into(keys, "a", &got);
    tap_is(buf_text(&got), "a", "half a sequence is dropped");
    buf_clear(&got);
    keys_feed(keys, "\033[", 2);
    keys_expire(keys);
    keys_feed(keys, "\033O", 2);
    keys_expire(keys);
    keys_feed(keys, "\033]", 2);
    keys_expire(keys);
    drain(keys, &got);
    tap_is(buf_text(&got), "Alt-[ Alt-O Alt-]", "openers alone are Alt and a character");
    tap_ok(!keys_waiting(keys), "nothing waits any more");
    buf_free(&got);
    keys_free(&keys);
}

static void test_text(void)
{
    check("\330\265\330|\247\331\204", "U+0635 U+0627 U+0644", "a letter split across messages");
    check("\360\237\230\200", "U+1F600", "four bytes");
    check("a\377\300\200\355\240\200\364\220\200\200b", "a b", "broken UTF-8 is dropped");
    check("\340\202\251\360\200\202\251a", "a", "overlong forms are dropped");
    check("\330a", "a", "a letter that breaks off");
    check("\302\233A", "A", "a C1 control is dropped");
    check("\b\177", "Backspace Backspace", "both backspaces");
    check("\r\n\n\r", "Enter Enter Enter", "CR LF is one Enter");
    check("\001\003\024\032\035\037", "Ctrl-a Ctrl-c Ctrl-t Ctrl-z Ctrl-]", "control keys");
    check("\t\033[Z", "Tab Shift-Tab", "Tab and Shift-Tab");
}

static void test_modifiers(void)
{
    check("\033[1;5A\033[1;2D\033[1;16H", "Up Left Home", "cursor keys with modifiers");
    check("\033[5D\033O5C", "Left Right", "old forms of them");
    check("\033[3;5~\033[15;2~", "Delete F5", "numbered keys with modifiers");
    check("\033[1;2P\033[1;5S\033O2Q", "F1 F4 F2", "PF keys with modifiers");
    check("\033[7$\033[8^\033[3@x", "Home End Delete x", "rxvt's modifiers");
    check("\033[1;2M\033[1;2Zx", "x", "modifiers where none can be");
}

static void test_paste(void)
{
    check("\033[200~ab\033[201~c", "a* b* c", "a paste");
    check("\033[200~a\r\nb\tc\033[201~\r", "a* Enter* b* Tab* c* Enter", "lines in a paste");
    check("\033[200~a\r|\nb\033[201~", "a* Enter* b*", "CR LF cut in a paste");
    check("\033[200~a\033OP\033[A\001\0331\bb\033[201~", "a* b*", "keys in a paste are dropped");
    check("\033[200~a\033|[201~b", "a* b", "the end of a paste, cut behind its Esc");
    check("\033[200~a\033]b\033[201~c", "a* b* c",
          "a reply's opener in a paste can't hide its end");
    check("\033[200~a\003b", "a* Ctrl-c b", "Ctrl-C leaves a paste");
    check("\033[201~a", "a", "an end without a beginning");
}

static void test_replies(void)
{
    check("\033[?64;1;2cx", "x", "device attributes");
    check("\033[>0;276;0cx", "x", "secondary device attributes");
    check("\033[24;80Rx", "x", "cursor position");
    check("\033[1;80Rx", "x", "cursor position in the first row");
    check("\033[?2026;2$yx", "x", "mode report");
    check("\033[8;24;80tx", "x", "window size");
    check("\033[<0;3;4Mx", "x", "mouse");
    check("\033P>|xterm(370)\033\\x", "x", "DCS");
    check("\033]11;rgb:0000/0000/0000\033\\x", "x", "OSC ended by ST");
    check("\033]11;rgb:0000/0000/0000\ax", "x", "OSC ended by BEL");
    check("\033]11;rgb:|0000/00\033|\\x", "x", "OSC in three messages");
    check("\033]ab\033OPx", "F1 x", "OSC broken off by a key");
    check("\033]ab\rx", "Enter x", "OSC broken off by Enter");
    check("\033[12\001x", "Ctrl-a x", "a sequence broken off by a control");
    check("\033[99999999999999999999999999999999999999~x", "x", "an overlong sequence");
    check("\033[[xx", "x", "an unknown Linux key");
    check("\033O~x", "x", "an unknown SS3");
}

static size_t count_after(struct keys *keys, const char *bytes, size_t len)
{
    struct key_event event;
    size_t count = 0;

    keys_feed(keys, bytes, len);
    while (keys_next(keys, &event))
        count++;
    return count;
}

static void test_bounds(void)
{
    enum { MANY = 200000 };
    char *bytes = x_alloc(MANY + 16);
    struct keys *keys = keys_new();

    memset(bytes, 'a', MANY);
    tap_is_int((long long)count_after(keys, bytes, 10000), 10000, "10 000 keys in one message");
    tap_is_int((long long)count_after(keys, bytes, MANY), 65536, "a flood is bounded");
    memcpy(bytes, "\033]", 2);
    tap_ok(count_after(keys, bytes, MANY) > MANY / 4, "an endless reply ends");
    memcpy(bytes, "\033[", 2);
    memset(bytes + 2, '1', MANY - 2);
    tap_ok(count_after(keys, bytes, MANY) > MANY / 4, "an endless sequence ends");
    keys_free(&keys);
    x_free(&bytes);
}

/* Any bytes, cut anywhere, leave a decoder that still hears F3 and a letter. */
static void test_garbage(void)
{
    static const char pieces[] = "\033\033[]OP_^;~$?19\r\a\\\330\247\377\b0m";
    unsigned seed = 7;
    int good = 1;

    for (int round = 0; round < 20000 && good; round++) {
        struct keys *keys = keys_new();
        struct key_event event = {0}, last = {0};

        for (int message = 0; message < 3; message++) {
            char bytes[12];
            size_t len = 0;

            while (len < sizeof bytes - 1 && (seed = seed * 1103515245u + 12345u) >> 16 & 7)
                bytes[len++] = pieces[(seed >> 20) % (sizeof pieces - 1)];
            keys_feed(keys, bytes, len);
        }
        keys_expire(keys);
        keys_feed(keys, "\003\033[13~y", 7);
        while (keys_next(keys, &event)) {
            if (event.key == K_CHAR && event.point == 'y')
                good = last.key == K_F3 && !event.pasted;
            last = event;
        }
        good = good && event.point == 'y';
        keys_free(&keys);
    }
    tap_ok(good, "the decoder recovers from garbage");
}

/* All that the decoder can say goes through a text and back. */
static void test_text_of_keys(void)
{
    static const char typed[] =
        "a\033[Aسلام 12\r\t\x7f\033[21~\x15\x1d\033x\033[200~p\r\tش\033[201~\033OR";
    struct keys *keys = keys_new();
    struct buf text = BUF_INIT(4096);
    struct key_event event, wanted[64];
    size_t count = 0, same = 0;
    keys_feed(keys, typed, sizeof typed - 1);
    while (count < SND_COUNT(wanted) && keys_next(keys, &wanted[count]))
        count += (size_t)keytext_put(&wanted[count], &text);
    for (const char *at = buf_text(&text); keytext_get(&at, &event); same++)
        if (same >= count || event.key != wanted[same].key || event.point != wanted[same].point ||
            event.pasted != wanted[same].pasted)
            break;
    tap_ok(count == 21 && same == count, "keys go through a text and back");
    tap_ok(!strchr(buf_text(&text), KEYTEXT_MARK), "without the sign that ends other texts");
    buf_free(&text);
    keys_free(&keys);
    const char *at = "\x1fno such key\x1f\x1f"
                     "Ctrl\x1f!\x01\x10\x1f"
                     "F1\x1f"
                     "b\x1f"
                     "F10\x1f"
                     "\x1fopen";
    tap_ok(keytext_get(&at, &event) && event.key == K_CHAR && event.point == 'b' &&
               keytext_get(&at, &event) && event.key == K_F10 && !keytext_get(&at, &event),
           "what could be no key is passed over");
}

int main(void)
{
    test_table();
    test_terminfo();
    test_families();
    test_esc();
    test_expire();
    test_text();
    test_modifiers();
    test_paste();
    test_replies();
    test_bounds();
    test_garbage();
    test_text_of_keys();
    return tap_done();
}
