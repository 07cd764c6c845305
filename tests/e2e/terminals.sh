#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Real terminals, side by side, walk through the screens of an office over ssh. What each shows is held
# against xterm by its pixels, cell by cell (cells.c), the place of the cursor too, and xterm against what
# tmux says is on the screen. Where tmux stands in Konsole, nobody can know that rows must be turned:
# until the person has said so, the comparison must find them wrong.
# PAGE=FOLDER keeps the pictures there, with a page of them.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
. "$SND_SRCDIR/tests/terminals.sh"
missing=$(terminals_missing | tr '\n' ' ')
[ -z "$missing" ] || skip_all "no ${missing}(tools/terminals installs what is missing)"
reference=tmux-xterm term=inner size=24,80
pictures=$work/pictures
mkdir -p "$pictures"

see() { expect_said inner ar "$1"; }
xwd_of() { echo "$work/x/$1/Xvfb_screen0:$(cat "$work/x/$1/grid")"; }
others() { for one in $TERMINALS; do [ $one = $reference ] || printf '%s ' $one; done; }

# ---- comparing

# What is on the screen, one character a cell; what differs between sessions is not looked at.
text_take() {
    capture inner | sed -E ${question:+-e "$((question - 1)),${question}s/.*/$(printf '▒%.0s' $(seq 80))/"} \
        -e 's/(^|[^0-9])t[0-9]{2}([^0-9]|$)/\1▒▒▒\2/' -e 's/[0-9]{2}:[0-9]{2}/▒▒▒▒▒/' \
        -e 's/DA01-003-[0-9A-Z]{7}-[0-9A-Z]/▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒/' >"$pictures/$step.text"
}
anchored() {
    text_take && "$cells" anchor "$chart" "$(xwd_of $reference)" "$pictures/$step.text" >"$work/anchor"
}
alike() {
    "$cells" compare "$chart" "$pictures/$step.wanted:$(cat "$work/x/$reference/grid")" "$(xwd_of "$1")" \
        "$pictures/$step.text" >"$work/x/$1/wrong" 2>&1
}
# compare_one NAME: it comes to look like the reference before the deadline; whoever has not once is
# not waited for long any more.
compare_one() {
    within "$(cat "$work/x/$1/patience" 2>/dev/null || echo 20)" alike "$1"
    judged=$?
    "$cells" cut "$(xwd_of "$1")" >"$pictures/$step.$1.ppm"
    [ $judged = 0 ] && return 0
    echo 2 >"$work/x/$1/patience"
    sed "s/^/# $step: $1: /" "$work/x/$1/wrong"
    return 1
}
# look SCREEN [NAME...]: all of these terminals, or all there are, show what tmux says.
look() {
    shown=$((shown + 1))
    step=$(printf '%02d-%s' $shown "$1")
    shift
    within 60 anchored || {
        sed "s/^/# $step: $reference: /" "$work/anchor"
        return 1
    }
    cp "$work/x/$reference/Xvfb_screen0" "$pictures/$step.wanted"
    "$cells" cut "$(xwd_of $reference)" >"$pictures/$step.$reference.ppm"
    each "${*:-$(others)}" compare_one
    looked=$?
    rm -f "$pictures/$step.wanted"
    return $looked
}
shown=0 question=

# ---- beginning

drawn() { [ -e "$work/x/$reference/drawn" ]; }
# All letters as xterm draws them, before anything else is drawn there.
chart_draw() {
    python3 "$SND_SRCDIR/tests/e2e/terminals.py" chart "$SND_SRCDIR/tests/golden/screens" "$work/chart" &&
        cp "$work/chart" "$work/x/$reference/draw" && within 60 drawn && within 60 still_picture $reference || return 1
    cp "$work/x/$reference/Xvfb_screen0" "$work/chart"
    chart=$work/chart:$(cat "$work/x/$reference/grid")
}
# Two pictures in a row that are the same.
still_picture() {
    cp "$work/x/$1/Xvfb_screen0" "$work/x/$1/still"
    sleep 0.15
    cmp -s "$work/x/$1/Xvfb_screen0" "$work/x/$1/still"
}
accounts_make() {
    number=10
    for one in $TERMINALS; do
        number=$((number + 1))
        account_make t$number "owner سالم بن حمد العبري" || return 1
        echo t$number >"$work/x.$one"
    done
}
log_in() {
    for one in $TERMINALS; do
        echo "exec $(ssh_line "$(cat "$work/x.$one")")" >"$work/x/$one/go.new"
        mv "$work/x/$one/go.new" "$work/x/$one/go"
    done
}

# ---- the walk

QUESTION="Does Arabic look reversed or broken? Press 0."
in_konsole() { tmux -L "${work##*/}-tmux-konsole" capture-pane -p -t inner; }
konsole_asks() { in_konsole | grep -Fq "$QUESTION"; }
# Some know what they are, the others ask; tmux in Konsole shows it wrong for now.
among() { for one in $TERMINALS; do case " $* " in *" $one "*) printf '%s ' $one ;; esac; done; }
greeting() {
    log_in && see "Enter goes on." && expect_screen inner "$QUESTION" && look greeting-asked $(among pterm kitty) &&
        question=$(tmux_ capture-pane -p -t inner | grep -Fn "$QUESTION" | cut -d: -f1) &&
        look greeting-known $(among xterm urxvt mlterm vte konsole alacritty)
}
# Nobody has said yet that Konsole stands behind this tmux.
found_wrong() {
    within 60 konsole_asks && within 60 still_picture tmux-konsole || return 1
    step=00-wrong
    text_take && cp "$work/x/$reference/Xvfb_screen0" "$pictures/$step.wanted"
    ! alike tmux-konsole && count=$(sed -n 's/ cells wrong$//p' "$work/x/tmux-konsole/wrong") &&
        note "untreated, $count cells of the greeting are wrong" && [ "$count" -gt 40 ]
}
# Each presses the digit of the row that is right on it.
answer_row() {
    case $1 in *konsole) row=3 ;; pterm) row=2 ;; kitty) row=4 ;; *) row=1 ;; esac
    press_in $row "$1"
}
# Ctrl-T asks at any time.
answer() {
    question=
    press ctrl+t && expect_screen inner "0 = none of them" && within 60 still_picture konsole && each "$TERMINALS" answer_row &&
        see "Enter goes on." && look greeting
}
home() { press Return && see "What would you like to do? Press its digit." && look home; }
# The digit of a line of the menu.
digit_of() { capture inner | sed -n "s/.*$(visual "$(said ar "$1")") *\([0-9]\)\$/\1/p" | head -n 1; }
report() {
    press "$(digit_of Reports)" && see "Total:" && press F6 && see "Period:" && type_all 1/2018 && press Return &&
        see "A working day:" && look report && press F3 && see "What would you like to do? Press its digit."
}
label() { sed -n "/^\[field $1\]/,/^label.ar/s/^label.ar = //p" "$SND_SRCDIR/screens/mz-01.form"; }
see_label() { expect_screen inner "$(label "$1")"; }
# Letters typed one by one on a Latin keyboard, with the Arabic layout of the program.
typed() {
    press "$(digit_of "New request")" && see "Which service does the person want?" && look catalogue &&
        type_all MZ-01 && press Return && see_label app_civil && type_all 99012345 && press Return ctrl+bracketright &&
        type_all "shgl fk pl" && expect_screen inner "سالم بن حم" && look typed
}
# Between letters, which join anew; the cursor is found by its colour.
caret() {
    press Left Left Left && type_all "g" && look caret-moved && press BackSpace && press Home && look caret-home && press End &&
        type_all "]" && expect_screen inner "سالم بن حمد" && look caret-end
}
# Nothing is left over from what was painted piece by piece: painted at once it is the same to a pixel.
same_pixels() {
    "$cells" same "$work/x/$1/before:$(cat "$work/x/$1/grid")" "$(xwd_of "$1")" "$pictures/$step.text" >"$work/x/$1/wrong"
}
painted_one() {
    cp "$work/x/$1/Xvfb_screen0" "$work/x/$1/before"
    press_in ctrl+l "$1"
    within 60 still_picture "$1"
    within 20 same_pixels "$1" ||
        { sed "s/^/# repainted: $1: /" "$work/x/$1/wrong"; return 1; }
}
repainted() { each "$TERMINALS" painted_one && look repainted; }
# resize_one ROWS COLS NAME: the window grows by whole cells; the grid stays where it is.
resize_one() {
    at=$work/x/$3
    IFS=, read -r x y w h rows cols <"$at/grid"
    eval "$(in_x "$3" xdotool getwindowgeometry --shell "$(cat "$at/window")" | grep -E '^(WIDTH|HEIGHT)=')"
    in_x "$3" xdotool windowsize "$(cat "$at/window")" $((WIDTH + ($2 - cols) * w)) $((HEIGHT + ($1 - rows) * h)) &&
        echo "$x,$y,$w,$h,$1,$2" >"$at/grid"
}
resized() {
    each "$TERMINALS" resize_one 30 100 && within 60 inner_is 100x30 && look resized && each "$TERMINALS" resize_one 24 80 &&
        within 60 inner_is 80x24 && look resized-back
}
inner_is() { [ "$(tmux_ display-message -p -t inner '#{window_width}x#{window_height}')" = "$1" ]; }
# The next page, and a list to choose from.
chosen() {
    press Return && type_all 70123456 && press Return Return && see_label prop_wilayat && look form && press F4 && see "Find:" &&
        look list && type_all "k." && look list-narrowed && press F3 && see_label prop_wilayat
}
# The rest of the form, the review, and the number.
ALL="All is filled in.  Enter or F10 = submit   F3 = back to the fields"
submitted() {
    type_all "k.,n" && press Return && type_all tvr && press Return && type_all 123 && press Return &&
        type_all 2017/44 && press Return Return && type_all "s;kd" && press Return && type_all 12.5 && press Return &&
        type_all "Hph]d" && press Return Return && type_all ELC123 && press Return && see_label doc_completion &&
        press F8 F8 F8 F8 F8 F8 Return && see "$ALL" && look review && press F10 &&
        see "The request is kept. Its number:" && look receipt
}

SANAD_TODAY=2018-01-14
office_make && sed -i 's/^terminal *=.*/terminal = ask/' "$office/sanad.conf" && accounts_make &&
    head -n 60 "$SND_SRCDIR/tests/nation/demo.jsonl" >"$work/demo.jsonl" &&
    "$sanad" request enter "$work/demo.jsonl" --state "$office" >/dev/null && office_start || exit 1
trap 'status=$?; terminals_stop; (exit $status); at_end' EXIT
terminals_start && chart_draw || exit 1
ok "the greeting as it comes, on terminals that are known and that ask" greeting
ok "a terminal that is treated wrongly is found by its pixels" found_wrong
ok "the greeting, once all have been told" answer
ok "the home screen" home
ok "a report" report
ok "a form with Arabic typed into it" typed
ok "the caret moves, and letters between others" caret
ok "what was painted in pieces is what is painted at once" repainted
ok "resized and back" resized
ok "a second page and a list" chosen
ok "a review and the number of a request" submitted
[ -z "${PAGE:-}" ] || python3 "$SND_SRCDIR/tests/e2e/terminals.py" page "$pictures" "$PAGE"
done_testing
