/* SPDX-License-Identifier: Apache-2.0 */
/* Which terminal it is: the answers that real terminals gave, through the key decoder as they come
 * over a line, and peers that are silent, slow, babbling or hostile. */
#include <string.h>
#include "base/attr.h"
#include "base/mem.h"
#include "term/keys.h"
#include "term/profile.h"
#include "tests/tap.h"

#define ST "\033\\"

/* What they answered to the questions in one write, with the versions named in terminals.def; st,
 * zutty, qterminal and screen to each by itself; mintty, the console and Windows by their
 * documents. */
static const struct peer {
    const char *name, *banner, *term, *answers, *profile;
    int known;
} peers[] = {
    {"xterm", "SSH-2.0-OpenSSH_9.2p1", "xterm-256color",
     "\033P>|XTerm(379)" ST
     "\033[>41;379;0c\033[8;0$y\033[?65535;0$y\033[?64;1;2;6;9;15;16;17;18;21;22;28c",
     "plain", 1},
    {"rxvt-unicode", "SSH-2.0-OpenSSH_9.2p1", "rxvt-unicode-256color",
     "\033[>85;95;0c\033[?77096;0$y\033[?1;2c", "plain", 1},
    {"st", "SSH-2.0-OpenSSH_9.2p1", "st-256color", "\033[?6c", "bare", 1},
    {"zutty", "SSH-2.0-OpenSSH_9.2p1", "xterm-256color", "\033[>64;0;0c\033[?64c", "bare", 1},
    {"alacritty", "SSH-2.0-OpenSSH_9.2p1", "alacritty", "\033[>0;1700;1c\033[?6c", "bare", 1},
    {"VTE", "SSH-2.0-OpenSSH_9.2p1", "xterm-256color",
     "\033[>65;7006;1c\033[8;1$y\033[?65535;0$y\033[?65;1;9c", "explicit", 1},
    {"mlterm", "SSH-2.0-OpenSSH_9.2p1", "mlterm",
     "\033[>24;279;0c\033[8;0$y\033[?65535;0$y\033[?63;1;2;3;4;6;7;15;18;22;29c", "mlterm", 1},
    {"PuTTY", "SSH-2.0-PuTTY_Release_0.78", "xterm", "\033[>0;136;0c\033[?6c", "auto", 0},
    {"Konsole", "SSH-2.0-OpenSSH_9.2p1", "xterm-256color",
     "\033P>|Konsole 22.12.3" ST "\033[>1;115;0c\033[?62;1;4c", "left", 1},
    {"qterminal", "SSH-2.0-OpenSSH_9.2p1", "xterm-256color", "\033[>0;115;0c\033[?1;2c", "left", 0},
    {"kitty", "SSH-2.0-OpenSSH_9.2p1", "xterm-kitty",
     "\033P>|kitty(0.26.5)" ST "\033[>1;4000;26c\033[8;0$y\033[?77096;0$y\033[?62;c", "runs", 0},
    {"tmux", "SSH-2.0-OpenSSH_9.2p1", "tmux-256color",
     "\033P>|tmux 3.3a" ST "\033[>84;0;0c\033[?1;2c", "plain", 0},
    {"screen", "SSH-2.0-OpenSSH_9.2p1", "screen", "\033[>83;40900;0c\033[?1;2c", "plain", 0},
    {"mintty", "SSH-2.0-OpenSSH_9.2p1", "xterm",
     "\033[>77;30600;0c\033[8;1$y\033[?77096;2$y\033[?1;2c", "mintty", 1},
    {"Linux console", "SSH-2.0-OpenSSH_9.2p1", "linux", "\033[?6c", "console", 0},
    {"Windows", "SSH-2.0-OpenSSH_for_Windows_8.1", "xterm-256color", "\033[?61;6;7;21c", "plain",
     0},
    {"a silent one", "", "xterm", "", "plain", 0},
    {"one that answers for another mode", "", "xterm", "\033[9;1$y\033[?8;1$y\033[?6c", "plain", 0},
    {"one that answers twice", "", "xterm", "\033P>|XTerm(1)" ST "\033P>|Konsole 1" ST "\033[?6c",
     "plain", 1},
    {"a hostile one", "", "xterm", "\033P>|Kon\001sole" ST "\033[>\x9b;c\033[?6c", "plain", 0},
    {"one that says too much", "", "xterm",
     "\033P>|"
     "KonsoleKonsoleKonsoleKonsoleKonsoleKonsoleKonsoleKonsoleKonsoleKonsoleKonsoleKonsole" ST
     "\033[?6c",
     "plain", 0},
};

/* All answers in messages of `piece` bytes. The profile at the end; 1 in *typed when a key came of
 * it. */
static enum profile hear(const struct peer *peer, size_t piece, int *known, int *typed)
{
    struct terminal terminal;
    struct keys *keys = keys_new();
    struct key_event event;
    size_t len = strlen(peer->answers);
    const char *reply;
    terminal_begin(&terminal, peer->banner, peer->term);
    keys_want_replies(keys, 1);
    for (size_t at = 0; at < len; at += piece) {
        keys_feed(keys, peer->answers + at, piece < len - at ? piece : len - at);
        while ((reply = keys_reply(keys)) != NULL)
            terminal_answer(&terminal, reply);
    }
    while (keys_next(keys, &event))
        *typed = 1;
    keys_free(&keys);
    return terminal_profile(&terminal, known);
}

static void recorded(void)
{
    for (size_t i = 0; i < SND_COUNT(peers); i++) {
        int known = -1, typed = 0;
        enum profile profile = hear(&peers[i], 4096, &known, &typed);
        tap_is(profile_row(profile)->word, peers[i].profile, peers[i].name);
        tap_ok(known == peers[i].known, "%s: %s", peers[i].name,
               peers[i].known ? "nobody need be asked" : "somebody is asked");
    }
}

/* A slow line may cut anywhere; behind an Esc it makes that the key, which is another test's. */
static int cuts_esc(const char *answers, size_t piece)
{
    int cut = 0;
    for (size_t at = piece; at < strlen(answers); at += piece)
        cut |= answers[at - 1] == '\033';
    return cut;
}

static int same_in_pieces(const struct peer *peer, size_t piece)
{
    int known, typed = 0, typed_whole = 0;
    (void)hear(peer, 4096, &known, &typed_whole);
    enum profile profile = hear(peer, piece, &known, &typed);
    int same = strcmp(profile_row(profile)->word, peer->profile) == 0 && typed == typed_whole;
    if (!same)
        tap_note("%s in pieces of %zu: %s", peer->name, piece, profile_row(profile)->word);
    return same;
}

static void in_pieces(void)
{
    int wrong = 0, tried = 0;
    for (size_t i = 0; i < SND_COUNT(peers); i++)
        for (size_t piece = 2; piece < 40; piece++) {
            if (cuts_esc(peers[i].answers, piece))
                continue;
            tried++;
            wrong += !same_in_pieces(&peers[i], piece);
        }
    tap_ok(tried > 300 && wrong == 0, "answers that come in pieces are understood all the same");
}

/* Nothing waits for these: they are dropped, and what is typed between them comes through. */
static void babbling(void)
{
    struct keys *keys = keys_new();
    struct key_event event;
    static const char between[] = "\033P>|XTerm(379)" ST "a\033[?6c\033[>41;379;0c";
    static const char again[] = "\033[>41;379;0c";
    int letters = 0, others = 0;
    for (int i = 0; i < 1000; i++)
        keys_feed(keys, between, strlen(between));
    while (keys_next(keys, &event)) {
        letters += event.key == K_CHAR && event.point == 'a';
        others += event.key != K_CHAR;
    }
    tap_ok(keys_reply(keys) == NULL && letters == 1000 && others == 0,
           "late answers are dropped, and what is typed between them is kept");
    keys_want_replies(keys, 1);
    for (int i = 0; i < 1000; i++)
        keys_feed(keys, again, strlen(again));
    int kept = 0;
    while (keys_reply(keys) != NULL)
        kept++;
    tap_is_int(kept, KEYS_REPLIES, "a babbling peer's answers are kept up to a bound");
    keys_free(&keys);
}

static void words(void)
{
    enum profile profile;
    int wrong = 0;
    for (int i = 0; i < PROFILES; i++)
        wrong +=
            profile_find(profile_row((enum profile)i)->word, &profile) != 0 || (int)profile != i;
    tap_ok(wrong == 0 && profile_find("nonsense", &profile) != 0,
           "profiles are found by their words");
    char one[TERMINAL_PRINT], other[TERMINAL_PRINT];
    struct terminal terminal;
    terminal_begin(&terminal, "SSH-2.0-PuTTY", "xterm");
    terminal_print(&terminal, one);
    terminal_begin(&terminal, "SSH-2.0-OpenSSH", "xterm");
    terminal_print(&terminal, other);
    tap_ok(strcmp(one, other) != 0, "two clients are told apart");
    terminal_begin(&terminal, "", "vt100");
    tap_is(terminal_questions(&terminal), "", "a VT100 is asked nothing");
}

int main(void)
{
    recorded();
    in_pieces();
    babbling();
    words();
    return tap_done();
}
