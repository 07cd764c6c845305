#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# How many keys a clerk presses, counted as they are sent to a real session over ssh: a request of a
# new connection from the home screen to its number, for a customer who is new, for one who was here
# before, and for the next item of the one at the counter; and a form put aside and taken up again.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
count=0

# type TEXT; press KEY...: to the clerk's terminal, counted.
type() {
    count=$((count + $(printf %s "$1" | wc -m)))
    typing counter "$1"
}
press() {
    count=$((count + $#))
    keys counter "$@"
}
# at KEY: the caret is at the field of MZ-01 with that key, or on the row under its label.
at() {
    label=$(sed -n "/^\[field $1\]/,/^label.ar/s/^label.ar = //p" "$SND_SRCDIR/screens/mz-01.form")
    within "$PATIENCE" caret_by "$(visual "$label")" && return 0
    note "the caret is not at $1 but on: $(caret_row counter)"
    capture counter | sed 's/^/# |/'
    return 1
}
caret_by() {
    line=$(tmux_ display-message -p -t counter '#{cursor_y}')
    capture counter | sed -n "$line,$((line + 1))p" | grep -Fq -- "$1"
}
filled_in() { expect_screen counter "معبأ"; }
home() { press Enter && expect_said counter ar "What would you like to do? Press its digit."; }
review() { expect_said counter ar "All is filled in.  Enter or F10 = submit   F3 = back to the fields"; }
# numbered MOST: the number came, after at most so many keys; it is left in $number.
numbered() {
    expect_said counter ar "The request is kept. Its number:" || return 1
    number=$(number_on counter)
    note "$count keys"
    [ -n "$number" ] && [ "$count" -le "$1" ]
}
# has CIVIL PLOT: the book has the request with these.
has() {
    "$sanad" request show "$number" --json --state "$office" >"$work/kept" &&
        grep -q "\"app_civil\": *\"$1\"" "$work/kept" && grep -q "\"prop_plot\": *\"$2\"" "$work/kept"
}

# Somebody who was never here. The electrician is the one of the request before.
somebody_new() {
    at app_civil && type 99012400 && press Enter && at app_name && type "علي بن حمد العبري" && press Enter &&
        type 91234567 && at app_capacity && press Tab && at prop_wilayat && press Enter && type "فرق" &&
        press Enter && type 123 && press Enter && type 4412 && press Enter && at prop_mulkiya && press Enter &&
        type 1 && at load_kw && type 12 && press Enter && at phase && type 2 && at meters && press Tab &&
        at elec_lic && press F5 && press F8 && review && press Enter
}
new_customer() {
    count=0
    type mz1 && press Enter && somebody_new && numbered 64 && has 99012400 123
}
# The same service again: F6 instead of its code.
new_customer_again() {
    home && count=0 && press F6 && somebody_new && numbered 61 && has 99012400 123
}
# A session later; nothing was submitted in it yet.
repeat_customer() {
    term_close counter
    login counter clerk && at_home counter ar || return 1
    count=0
    type mz1 && press Enter && at app_civil && type 99012345 && press Enter && filled_in && press F5 &&
        press F5 && at prop_wilayat && press Down Down && at prop_plot && type 4712 && press F8 && review &&
        press Enter && numbered 24 && has 99012345 4712
}
# The request before is shown on the way, as it is of the same person and service.
next_item() {
    count=0
    press 3 && at prop_village && press F5 && press F5 && at prop_village && press Down && at prop_plot &&
        type 4713 && press F8 && review && expect_screen counter "$number" && press Enter && numbered 14 && has 99012345 4713
}
parked() {
    press F6 && at app_civil && entering counter 99012401 && at app_name &&
        typing counter "سعيد" || return 1
    count=0
    press F9 && expect_said counter ar "What would you like to do? Press its digit." &&
        expect_screen counter "F9: 1" && [ $count -le 2 ] || return 1
    count=0
    press F9 && expect_said counter ar "Press the digit of the form to go on with." && press 1 &&
        at app_name && expect_caret counter "سعيد" && [ $count -le 2 ]
}
# The same after the line was cut under a parked form.
survives() {
    keys counter F9 && expect_said counter ar "What would you like to do? Press its digit." &&
        kill -9 "$(newest desk)" && term_close counter && login counter clerk && at_home counter ar || return 1
    count=0
    press F9 && expect_said counter ar "Press the digit of the form to go on with." && press 1 &&
        at app_name && expect_caret counter "سعيد" && [ $count -le 2 ]
}

office_make && office_start || exit 1
before() {
    login counter clerk && at_home counter ar && begin_request counter ar MZ-01 && fill_mz01 counter ar &&
        [ -n "$(submit counter ar)" ] && home
}
ok "a request before" before
ok "a new customer's MZ-01 from home to its number in at most 64 keys" new_customer
ok "and in at most 61 when the service is the one before" new_customer_again
ok "a repeat customer's in at most 24" repeat_customer
ok "the next item of the same customer in at most 14" next_item
ok "a form is put aside and taken up again in at most 2 keys each" parked
ok "a form that was put aside is there after a cut, under its digit" survives
office_stop
ok "the book is clean" fsck_clean
done_testing
