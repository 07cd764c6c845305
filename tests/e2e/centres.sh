#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What people see of the line: a clerk whether it is up, what waits and for how long, and sends at
# once; the doctor says the same. What concerns the centre's governorate comes down by itself.
. "${SND_SRCDIR:-.}/tests/lib.sh"
. "$SND_SRCDIR/tests/two.sh"
. "$SND_SRCDIR/tests/pictures.sh"
skip_when_sanitized

doctor_says() { "$sanad" doctor --state "$1" | grep -F -- "$2" >/dev/null; }
see() { expect_said clerk en "$1"; }
# The screen has been painted anew in its size: the bar of keys stands in the last row.
bar_below() { capture clerk | tail -n 1 | grep -q "F3 "; }
# painted NAME: the screen in front, in both sizes.
painted() {
    term=clerk
    for size in 132x43 80x24; do
        tmux_ resize-window -t clerk -x "${size%x*}" -y "${size#*x}" && within 60 bar_below && picture "$1"
    done
    [ $wrong = 0 ]
}

two_make >&2 && two_join && mkdir -p "$work/keys" && account_make salim "clerk سالم بن حمد العبري" >/dev/null || exit 1
line_up
office_start || exit 1
within 60 doctor_says "$office" "The line to the hub is up." || exit 1

login clerk salim && expect_said clerk ar "Enter goes on." && keys clerk Enter
ok "a clerk's screen says in words that the line is up" expect_said clerk ar "Line to the hub: up"
keys clerk F5 && expect_said clerk ar "none: the hub has them all"
lang=ar
ok "its pictures, up" painted line-up
keys clerk F3 && expect_said clerk ar "What would you like to do? Press its digit."
in_english clerk
lang=en
ok "F5 at home shows how it stands" eval 'keys clerk F5 && see "none: the hub has them all" && see "Up."'
line_down
enter 2
ok "down: what waits, since when and why, the screen says by itself" eval 'keys clerk F10 && expect_screen clerk "2, the oldest for" && expect_screen clerk "Down since" && see "Why, and what to do"'
ok "and that the hub can'\''t be reached" expect_screen clerk "The hub can't be reached"
keys clerk F3 F5 && expect_screen clerk "Down since"
ok "its pictures, down" painted line-down
keys clerk F3
ok "below every screen stands that it is down, and what waits" expect_screen clerk "; waiting: 2, the oldest"
ok "its picture" painted home-line-down
ok "the doctor says the same" eval 'doctor_says "$office" "The hub can'\''t be reached" && doctor_says "$office" "2 requests and 0 documents wait"'
line_up
keys clerk F1
ok "the help leads there, too" eval 'see "This screen" && keys clerk F1 && expect_screen clerk "Down since"'
meeting_is_told() {
    "$sanad" oversight meeting DA --words "اجتماع مراكز الداخلية" --state "$hub" &&
        within 60 eval '"$sanad" oversight meetings --state "$office" | grep -q "اجتماع مراكز الداخلية"'
}
ok "a person sends at once what waits" eval 'keys clerk 1 && see "Up." && see "none: the hub has them all" && arrives 5'
ok "a meeting of its governorate is heard of at once" meeting_is_told
done_testing
