/* SPDX-License-Identifier: Apache-2.0
 * Line mode over two pipes, with a book without a ledger: what goes out of hostile texts, in each
 * order; what is said to an answer; and that nobody gets it down with any lines. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "base/proc.h"
#include "tests/tap.h"
#include "ui/linemode_priv.h"
#include "ui_fake.h"

static struct fake fake;
static char heard[1 << 20];

static int owed; /* what the person must do first: must_code */

/* Everything that is said to these lines. */
static const char *talk(const char *lines, enum lang lang, const char *preset)
{
    int in[2], out[2];
    size_t len = 0;
    ssize_t got;
    if (pipe(in) || pipe(out) || fcntl(out[1], F_SETPIPE_SZ, 1 << 20) < 0 ||
        fcntl(in[1], F_SETPIPE_SZ, 1 << 20) < 0)
        exit(1);
    if (proc_write_all(in[1], lines, strlen(lines)) != 0)
        exit(1);
    close(in[1]);
    fake_open(&fake, lang, 24, 80);
    struct session_args args = {.in = in[0],
                                .out = out[1],
                                .ctl = -1,
                                .term = "",
                                .client = "",
                                .book = fake.ui.book,
                                .me = fake.ui.me,
                                .peer = "test",
                                .preset = preset,
                                .locale = ""};
    args.me.must_code = (__typeof__(args.me.must_code))owed;
    (void)linemode_run(&args);
    fake_close(&fake);
    close(out[1]);
    close(in[0]);
    while ((got = read(out[0], heard + len, sizeof heard - 1 - len)) > 0)
        len += (size_t)got;
    heard[len] = '\0';
    close(out[0]);
    return heard;
}

static int has_controls(const char *text)
{
    for (; *text; text++)
        if (((unsigned char)*text < 0x20 && *text != '\n') || *text == 0x7f ||
            strncmp(text, "\xe2\x80\xae", 3) == 0 || strncmp(text, "\xc2\x9b", 2) == 0)
            return 1;
    return 0;
}

static void texts(void)
{
    static const char *const hostile[] = {"\033[2J\033]0;x\007",
                                          "a\rb\nc\td",
                                          "\xe2\x80\xae"
                                          "evil\xe2\x80\xac",
                                          "\xc2\x9b"
                                          "31m",
                                          "\xff\xfe\xfd",
                                          "\xe2\x81\xa6x\xe2\x81\xa9",
                                          "\xef\xbf\xbf",
                                          "\x7f"};
    int wrong = 0;
    for (int order = 0; order < LINE_ORDERS; order++) {
        for (size_t i = 0; i < SND_COUNT(hostile); i++) {
            struct buf out = BUF_INIT(10000);
            struct arena *arena = arena_new();
            linemode_text((enum linemode_order)order, TEXT_RTL, hostile[i], arena, &out);
            wrong += has_controls(buf_text(&out)) || strchr(buf_text(&out), '\n') == NULL;
            arena_free(&arena);
            buf_free(&out);
        }
    }
    tap_is_int(wrong, 0, "no control goes out of hostile texts, in any order");
}

static void orders(void)
{
    struct arena *arena = arena_new();
    struct buf out = BUF_INIT(10000);
    linemode_text(LINE_ORDER_LOGICAL, TEXT_RTL, "سند 12", arena, &out);
    tap_is(buf_text(&out), "سند 12\n", "as it is stored");
    buf_clear(&out);
    linemode_text(LINE_ORDER_VISUAL, TEXT_RTL, "سند 12", arena, &out);
    tap_is(buf_text(&out), "12 \uFEAA\uFEE8\uFEB3\n", "as it is seen, joined");
    buf_clear(&out);
    char *text = x_alloc(1001);
    for (int i = 0; i < 1000; i++)
        text[i] = i % 7 ? 'a' : ' ';
    linemode_text(LINE_ORDER_VISUAL, TEXT_LTR, text, arena, &out);
    size_t longest = 0;
    for (const char *at = buf_text(&out); *at; at += strcspn(at, "\n") + 1)
        longest = strcspn(at, "\n") > longest ? strcspn(at, "\n") : longest;
    tap_ok(longest > 60 && longest < 80, "rows are broken before a terminal breaks them");
    x_free(&text);
    buf_free(&out);
    arena_free(&arena);
}

static void talks(void)
{
    const char *said = talk("?\nleave\n", LANG_EN, "ask");
    tap_ok(strstr(said, "drafts") && strstr(said, "You have left Sanad"), "words are listed");
    said = talk("mz1\n\033[A\n", LANG_EN, "ask");
    tap_ok(strstr(said, "signs that may not be stored") && strstr(said, "You have left Sanad"),
           "a pipe that ends with a line that is no text ends there");
    said = talk("mz1\n123\n99012345\n", LANG_EN, "ask");
    tap_ok(strstr(said, "Applicant civil number: The civil number as on the card") != NULL,
           "a wrong answer names its field, and says what is right");
    tap_ok(fake_draft.exists && strstr(said, "The draft is kept."),
           "the end of a pipe keeps the draft");
    (void)talk("mz1\n99012345\nسالم", LANG_AR, "plain");
    tap_is(fake_draft.typed, "سالم", "and the beginning of the answer that it ends with");
    tap_is_int(fake_draft.draft.field, 1, "at its field");
    fake_draft.elsewhere = 3;
    said = talk("1\n", LANG_EN, "plain");
    tap_ok(strstr(said, "A request was not finished:") && strstr(said, "1/3 Applicant"),
           "one that a session before still holds is waited for, and offered");
    fake_draft.elsewhere = 1000;
    said = talk("leave\n", LANG_EN, "plain");
    tap_ok(strstr(said, "in another session") && !strstr(said, "1/3 Applicant") &&
               strstr(said, "You have left Sanad"),
           "one that it keeps is named, and not waited for any longer");
    fake_draft.elsewhere = 0;
}

/* Behind a wrong choice the rest waits: for as long as the form is open, and with its draft when
 * the line ends there; when somebody leaves the form before it is right, it is said. */
static void waiting(void)
{
    const char *said = talk("mz1\n99012345\nسالم\n70123456\nnobody\nنزوى\nفر", LANG_EN, "ask");
    tap_ok(strstr(said, "Capacity: Choose one of the list") && !strstr(said, "Not taken"),
           "a line that ends while answers wait behind a wrong choice");
    said = talk("1\n1\n", LANG_EN, "ask");
    tap_ok(strstr(said, "Correct this field") && strstr(fake_draft.values, "DA01") &&
               strstr(fake_draft.values, "فر\""),
           "they wait with the draft, and are taken when it is right");
    fake_draft.exists = 0;
    (void)talk("mz1\n99012345\nسالم\n70123456\nnobody\nنزوى\nفرق\n", LANG_EN, "ask");
    said = talk("1\n.later\nleave\n", LANG_EN, "ask");
    tap_ok(strstr(said, "Not taken, as no field") && strstr(said, "نزوى\nفرق\n"),
           "what waited behind a wrong choice is said when the form is left");
    fake_draft.exists = 0;
}

#define WHO FAKE_CIVIL "\nسالم بن حمد\n70123456\n"
#define WHERE "نزوى\nفرق\n123\n2017/44\n\nسكني\n12.5\nأحادي\n\nELC123\n+\n+\n+\n+\n+\n+\n\n"

static void pastes(void)
{
    fake_draft.exists = 0;
    (void)talk("mz1\n.paste\napp_civil: 99012345\napp_name: سالم\n", LANG_EN, "ask");
    tap_ok(strstr(fake_draft.values, "99012345") && strstr(fake_draft.values, "سالم"),
           "a line that breaks within a pasted form keeps what had come of it");
    const char *said = talk("mz1\n.paste\n" WHO "nobody\n" WHERE ".\n1\n", LANG_EN, "ask");
    tap_ok(strstr(said, "Capacity: Choose one of the list: ? shows it. (nobody)") &&
               strstr(fake_draft.values, "ELC123"),
           "values behind a wrong choice wait for it, and then go where they belong");
    said = talk("mz1\n.paste\napp_civil: 99012345\nagent_name: x\nnonsense: 1\nfoo\n.\n", LANG_EN,
                "ask");
    tap_ok(strstr(said, "as the field does not apply: agent_name: x") &&
               strstr(said, "as no field has this name: nonsense: 1") &&
               strstr(said, "as no field has this name: foo"),
           "what could not be taken is said again");
}

static void sends(void)
{
    int before = fake_submits;
    const char *said = talk("mz1\n" WHO "1\n" WHERE "1\n.send\nleave\n", LANG_EN, "ask");
    tap_ok(strstr(said, "That was typed before this was asked") && fake_submits == before + 1 &&
               strstr(said, "The request is kept. Its number: "),
           "a digit typed ahead sends nothing, the word does");
    fake_submit_error = SND_E_LOST;
    said = talk("mz1\n" WHO "1\n" WHERE ".send\n", LANG_EN, "ask");
    tap_ok(strstr(said, "it can't be submitted twice") && strstr(said, "The draft is kept."),
           "a lost answer is told, and the draft stays");
    fake_submit_error = 0;
    said = talk("mz1\n" WHO "1\n" WHERE "<\n-\n.go load\nmany\n.send\n", LANG_EN, "ask");
    tap_ok(strstr(said, "1 field to correct:") &&
               strstr(said, "Required load (kW): Enter a number"),
           "nothing is sent while a field is wrong");
}

/* Who has that number is there before the next prompt. */
static void customer(void)
{
    fake_person = (struct fake_person){.answers = 1};
    const char *said = talk("mz1\n" FAKE_CIVIL "\n\n\n", LANG_EN, "ask");
    tap_ok(strstr(said, "This customer is known: 2 fields are filled in") &&
               strstr(fake_draft.values, "سالم بن حمد العبري") &&
               strstr(fake_draft.values, "91234567"),
           "what is known of a customer stands in the fields, and Enter alone keeps it");
    fake_person = (struct fake_person){0};
}

static void codes(void)
{
    owed = CODE_NEW;
    const char *said = talk("123456\n654321\n111111\n222222\nleave\n", LANG_EN, "ask");
    tap_ok(strstr(said, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") && strstr(said, "The code is right") &&
               strstr(said, "Those are not two codes in a row") && strstr(said, "Welcome, "),
           "a telephone is set up by two codes");
    owed = CODE_ASKED;
    said = talk("123456\n", LANG_EN, "ask");
    tap_ok(strstr(said, "That code is wrong") && !strstr(said, "Welcome, "),
           "without the code of this moment there is no way past");
    said = talk("123456\n١١١١١١\nleave\n", LANG_EN, "ask");
    tap_ok(strstr(said, "The code is right") && strstr(said, "Welcome, "), "with it there is");
    owed = CODE_NONE;
}

static unsigned below(unsigned n)
{
    static unsigned long state = 42;
    state = state * 6364136223846793005UL + 1442695040888963407UL;
    return (unsigned)(state >> 33) % n;
}

static void any_lines(void)
{
    static const char *const pieces[] = {
        "mz1",     "MZ-02",    "",           "-",      "+",           "<",
        "?",       "? نز",     "؟",          ".list",  ".go 3",       ".go 99",
        ".send",   "send",     ".later",     ".paste", ".",           "app_civil: 12",
        "name",    "1",        "2",          "9",      "99012345",    "سالم",
        "نزوى",    "70123456", ".papers",    ".park",  "drafts",      "news",
        "order 2", "order 1",  "language",   "find x", "sheet mz-01", ".help",
        "12.5",    ".5",       "\033[A",     "\xff",   "- لا يوجد",   "password",
        ".needs",  "لغة",      "28/11/2016", "yes"};
    int wrong = 0;
    for (int round = 0; round < 60; round++) {
        struct buf lines = BUF_INIT(100000);
        for (int i = 0; i < 150; i++) {
            buf_puts(&lines, pieces[below(SND_COUNT(pieces))]);
            buf_puts(&lines, below(20) ? "\n" : "\r\n");
        }
        fake_draft.exists = 0;
        wrong += has_controls(
            talk(buf_text(&lines), below(2) ? LANG_AR : LANG_EN, below(2) ? "ask" : "plain"));
        buf_free(&lines);
    }
    tap_is_int(wrong, 0, "9 000 lines of any kind: it goes on, and only text comes back");
}

int main(void)
{
    fake_open(&fake, LANG_AR, 24, 80);
    fake_close(&fake);
    texts();
    orders();
    talks();
    waiting();
    customer();
    pastes();
    sends();
    codes();
    any_lines();
    return tap_done();
}
