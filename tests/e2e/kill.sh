#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Processes are killed in the middle of the work, each in turn, and again and again around the submit:
# nothing that was typed is lost but the last second, a request is there once or not at all and then
# its draft is, and the book verifies.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
ROUNDS=${ROUNDS:-8}

# typed_name NAME CIVIL GIVEN: in the middle of the second field, and the draft has it.
typed_name() {
    login "$1" clerk && at_home "$1" ar && begin_request "$1" ar MZ-01 &&
        expect_screen "$1" "الرقم المدني لمقدم الطلب" && entering "$1" "$2" &&
        typing "$1" "$3 بن حمد" && expect_screen "$1" "$3 بن حمد" && within 60 draft_has "$3 بن حمد"
}
draft_has() { "$SND_BUILDDIR/tests/e2e/drafts" "$office" clerk | grep -Fq "$1"; }
# The next login offers the request; the rest is filled and submitted.
goes_on() {
    login "$1" clerk &&
        expect_said "$1" ar "$RESUME" && keys "$1" Enter &&
        finish_request "$1" "$2" "$3"
}
finish_request() {
    expect_caret "$1" "اسم مقدم الطلب" && expect_screen "$1" "$3 بن حمد" && expect_screen "$1" "$2" &&
        keys "$1" C-u && entering "$1" " العبري" && entering "$1" 70123456 && keys "$1" Enter &&
        expect_screen "$1" "ولاية العقار" && mz01_property "$1" && expect_screen "$1" "شهادة إتمام البناء" &&
        mz01_documents "$1" && number=$(submit "$1" ar) && request_kept "$number" "$2" && fsck_clean
}
killed_session_part() {
    typed_name "$1" "$2" "$3" && kill -9 "$(newest "$1")" && expect_screen "$1" client-ended && goes_on "$1-again" "$2" "$3"
}
# A killed ledger is started again under the open session, which notices nothing but a wait.
killed_ledger() {
    old=$(newest ledger)
    typed_name ledger 99000003 "خالد" && kill -9 "$old" && within 60 new_ledger "$old" &&
        finish_request ledger 99000003 "خالد"
}
new_ledger() { now=$(newest ledger) && [ -n "$now" ] && [ "$now" != "$1" ]; }

# From the review, the submit and a kill race each other; then the book says what happened.
around_the_submit() {
    round=0
    while [ $round -lt "$ROUNDS" ]; do
        round=$((round + 1))
        civil=$((99001000 + round))
        victim=ledger
        [ $((round % 3)) = 0 ] && victim=desk
        [ $((round % 3)) = 1 ] && victim=door
        race "submit$round" "$civil" "$victim" || return 1
    done
}
race() {
    login "$1" clerk && at_home "$1" ar && begin_request "$1" ar MZ-01 && fill_mz01 "$1" ar "$2" || return 1
    pid=$(newest "$3")
    keys "$1" F10
    kill -9 "$pid"
    settle_race "$1" "$2" "$3" || return 1
    [ "$("$sanad" request list --query "$2" --state "$office" | wc -l)" = 1 ] || {
        note "the request $2 is not there once after a killed $3"
        return 1
    }
    term_close "$1"
}
# After a killed ledger the session gives the number by itself. After a killed door or desk the next
# login either has the draft to submit, or the request is there already.
settle_race() {
    if [ "$3" = ledger ]; then
        expect_said "$1" ar "The request is kept. Its number:"
        return
    fi
    expect_screen "$1" client-ended && login "$1b" clerk || return 1
    within 60 greeted "$1b" ar || return 1
    if shows_said "$1b" ar "$RESUME"; then
        keys "$1b" Enter && expect_screen "$1b" "شهادة إتمام البناء" && keys "$1b" F10 &&
            expect_said "$1b" ar "All is filled in.  Enter or F10 = submit   F3 = back to the fields" &&
            keys "$1b" F10 && expect_said "$1b" ar "The request is kept. Its number:"
    fi && term_close "$1b"
}
office_make && office_start || exit 1
ok "killed desk" killed_session_part desk 99000001 "ماجد"
ok "killed door" killed_session_part door 99000002 "هلال"
ok "killed ledger" killed_ledger
ok "killed around the submit" around_the_submit
ok "the server still takes logins" login last clerk2
expect_said last ar "Enter goes on."
office_stop
ok "the book is clean" fsck_clean
done_testing
