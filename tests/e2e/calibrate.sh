#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A terminal that can't be known (tmux: another stands behind it): the person is asked once how Arabic
# looks, may say so at any time, and is not asked again on that terminal.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
QUESTION="Does Arabic look reversed or broken? Press 0."
asked() { expect_screen "$1" "$QUESTION"; }
# Whoever is not asked comes home with a digit that would have been the answer.
not_asked() {
    login "$1" "$2" && expect_said "$1" ar "Enter goes on." && lacks "$1" "$QUESTION" && keys "$1" 0 &&
        expect_said "$1" ar "What would you like to do? Press its digit."
}

asked_once() {
    login one clerk && asked one && keys one Enter &&
        expect_said one ar "What would you like to do? Press its digit." &&
        not_asked two clerk
}
# Rows for a terminal that reorders are turned: here, where nothing turns them back, they read wrong.
turned_and_back() {
    login three clerk2 && asked three && keys three 0 && expect_screen three "0 = none of them" && keys three 2 &&
        expect_gone three "$(said ar "Enter goes on.")" &&
        login four clerk2 && expect_screen four "clerk2" && lacks four "$(visual "$(said ar "Enter goes on.")" ar)" &&
        keys four C-t && expect_screen four "0 = none of them" && keys four 1 &&
        expect_said four ar "Enter goes on." && not_asked five clerk2
}
# No Arabic letters at all: the words are English, names are spelt.
in_latin() {
    login six supervisor && asked six && keys six 0 && expect_screen six "0 = none of them" && keys six 0 &&
        expect_screen six "Arabic is written in Latin letters here" && keys six Enter &&
        expect_screen six "mrym bnt syf alkndyh"
}
# Each key that comes is named, F3 and Esc+digit too; the second F3 in a row leaves.
keys_tried() {
    keys two C-t && expect_screen two "5 = try the keys" && keys two 5 && expect_screen two ". F5" &&
        keys two F5 && expect_screen two "* F5" && keys two F3 && expect_screen two "* F3" &&
        keys two F1 && expect_screen two "* F1" && keys two Escape 7 && expect_screen two "* F7" &&
        keys two C-k && expect_screen two "Ctrl-k" && lacks two "* F6" &&
        keys two F3 && keys two F3 && expect_screen two "5 = try the keys" && keys two F3 &&
        expect_said two ar "What would you like to do? Press its digit."
}
# attributes NAME: what is on the screen, with its attributes.
attributes() { tmux_ capture-pane -e -p -t "$1"; }
coloured() { attributes "$1" | grep -q "$(printf '\033')\[[0-9;]*3[0-7]m"; }
# Without colours for this person on this terminal, until they are asked for again.
without_colours() {
    login eight clerk && expect_said eight ar "Enter goes on." && within 60 coloured eight && keys eight F2 &&
        expect_said eight ar "Where to?" && entering eight "$(said ar Terminal)" &&
        expect_screen eight "6 = colours on or off." && keys eight 6 && expect_said eight ar "Without colours; 6 brings them back." &&
        ! coloured eight && keys eight F3 && expect_said eight ar "What would you like to do? Press its digit." && term_close eight &&
        login eight clerk && expect_said eight ar "Enter goes on." && ! coloured eight && keys eight C-t &&
        expect_screen eight "6 = colours on or off." && keys eight 6 && expect_said eight ar "With colours." && within 60 coloured eight &&
        keys eight F3 && expect_said eight ar "Enter goes on."
}
# log_in_as TERM NAME ACCOUNT: a session of a terminal of that type.
log_in_as() {
    term_open "$2" 80x24 env TERM="$1" sh -c "$(ssh_line "$3"); echo client-ended; exec cat"
}
# A VT100 without Arabic: nothing but ASCII reaches it.
poor() {
    log_in_as vt100 nine clerk2 && asked nine && keys nine 0 && expect_screen nine "0 = none of them" && keys nine 0 &&
        expect_screen nine "Arabic is written in Latin letters here" && keys nine Enter && expect_screen nine "Press its digit." &&
        ! capture nine | LC_ALL=C grep -q '[^ -~]' && keys nine F2 && expect_screen nine "Where to?" &&
        ! capture nine | LC_ALL=C grep -q '[^ -~]'
}
# A centre that knows its terminals says so.
preset() {
    office_stop && sed -i 's/^terminal *=.*/terminal = auto/' "$office/sanad.conf" && office_start &&
        login seven admin2 && expect_screen seven "admin2" && lacks seven "$QUESTION" &&
        lacks seven "$(visual "$(said ar "Enter goes on.")" ar)"
}

office_make && account_make admin2 "clerk سعاد بنت علي الحارثية" &&
    sed -i 's/^terminal *=.*/terminal = ask/' "$office/sanad.conf" && office_start || exit 1
ok "a person is asked once about a terminal that can't be known" asked_once
ok "which keys come through can be tried" keys_tried
ok "rows are turned as she chooses, and again when she asks for it" turned_and_back
ok "without Arabic letters the words are English and names are spelt" in_latin
ok "colours are left out for whom they disturb" without_colours
ok "a VT100 without Arabic letters gets ASCII alone" poor
ok "an office says how its terminals are to be treated" preset
done_testing
