#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A terminal changes its size in the middle of a word, is too small for a while, and pastes more than
# any field takes: nothing that was typed is lost and nothing breaks.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized

resize() { tmux_ resize-window -t "$1" -x "$2" -y "$3"; }
in_the_name() {
    login "$1" clerk && at_home "$1" ar && begin_request "$1" ar MZ-01 &&
        expect_screen "$1" "الرقم المدني لمقدم الطلب" && entering "$1" 99012345 &&
        expect_caret "$1" "اسم مقدم الطلب"
}
resized() {
    in_the_name one && typing one "عبد الر" && expect_screen one "عبد الر" && resize one 132 43 &&
        typing one "حمن" && expect_screen one "عبد الرحمن" && resize one 100 30 &&
        typing one " بن" && expect_screen one "عبد الرحمن بن" && resize one 80 24 &&
        expect_screen one "عبد الرحمن بن" && expect_caret one "اسم مقدم الطلب"
}
too_small() {
    resize one 39 20 && expect_screen one "40" && lacks one "$(visual "اسم مقدم الطلب")" && resize one 80 24 &&
        expect_screen one "عبد الرحمن بن" && typing one " علي" && expect_screen one "عبد الرحمن بن علي"
}
# A telephone, held upright, then on its side: the form goes on at 40 columns.
narrow() {
    resize one 40 20 && expect_screen one "عبد الرحمن بن علي" && expect_caret one "عبد الرحمن بن علي" && lacks one "80" &&
        typing one " ال" && expect_screen one "عبد الرحمن بن علي ال" && resize one 80 24 && typing one "عبري" &&
        expect_screen one "عبد الرحمن بن علي العبري" && resize one 40 20 && keys one F9 &&
        expect_said one ar "What would you like to do? Press its digit." && keys one F9 &&
        expect_said one ar "Press the digit of the form to go on with." && resize one 80 24 && keys one 1 &&
        expect_caret one "عبد الرحمن بن علي العبري" && keys one BSpace BSpace BSpace BSpace BSpace BSpace BSpace &&
        expect_screen one "عبد الرحمن بن علي"
}
# A screen that has more to show than 40 columns hold says what it needs, and the way back.
needs_more() {
    login four supervisor 40x20 && expect_said four ar "Enter goes on." && keys four Enter &&
        expect_said four ar "What would you like to do? Press its digit." && keys four 3 &&
        expect_said four ar "F3 or Esc 3 goes back." && expect_screen four "80" && expect_screen four "ssh -T" &&
        keys four F3 && expect_said four ar "What would you like to do? Press its digit." && term_close four
}
many_resizes() {
    for size in 81 90 132 200 79 40 80 133 80; do
        resize one $size 30 || return 1
    done
    resize one 80 24 && expect_screen one "عبد الرحمن بن علي" && expect_caret one "اسم مقدم الطلب"
}
# 1 000 letters into a field of 80: the field keeps what fits, the rest is refused in a sentence, and
# the session goes on.
pasted() {
    paste=$(printf 'سالم %.0s' $(seq 1 200))
    tmux_ set-buffer -b wide -- "$paste" && in_the_name two && tmux_ paste-buffer -p -b wide -t two &&
        expect_said two ar "The field is full." && expect_caret two "سالم سالم" &&
        expect_screen two "سالم سالم سالم" && keys two F3 &&
        expect_said two ar "The draft is kept." && drafted=$("$sanad" fsck --state "$office") &&
        note "$drafted"
}
# The same into a field without its brackets, as an old terminal pastes.
typed_in_one_go() {
    in_the_name three && typing three "$(printf 'ن%.0s' $(seq 1 1000))" &&
        expect_said three ar "The field is full." && expect_caret three "نن" &&
        keys three BSpace && typing three "م" && expect_caret three "نم"
}

office_make && office_start || exit 1
ok "resize in mid-word" resized
ok "too small a terminal says so and keeps the draft" too_small
ok "between 80 and 40 columns at any moment nothing is lost" narrow
ok "a screen that needs more than 40 columns says so, and how to go back" needs_more
ok "many sizes one after another" many_resizes
ok "paste of 1000 characters" pasted
ok "1000 characters typed in one go" typed_in_one_go
done_testing
