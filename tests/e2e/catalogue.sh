#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Services while clerks work: each that is closed is refused at the desk with its reason; a form is
# loaded under the hands of two clerks, one goes on with hers, the other opens the new one once the
# notice has been read; practice leaves nothing.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
LIST="Which service does the person want?"
HOME_ASKS="What would you like to do? Press its digit."
BEFORE="Applicant name" AFTER="Name of who applies"

# refused CODE WHY: chosen in the list that is open, it is not begun.
refused() {
    keys desk C-u && entering desk "$1" &&
        expect_screen desk "$1 can't be begun ($2)" && shows_said desk en "$LIST"
}
each_closed() {
    login desk clerk && at_home desk ar && in_english desk && keys desk 1 && expect_said desk en "$LIST" || return 1
    grep '^2018-01-14	DA01	' "$SND_SRCDIR/tests/golden/closed.tsv" | cut -f 3,4 >"$work/closed"
    [ "$(grep -c . "$work/closed")" = 19 ] || return 1
    while IFS='	' read -r code why; do
        refused "$code" "$why" </dev/null || return 1
    done <"$work/closed"
    keys desk C-u && typing desk MZ-01 && keys desk F1 F1 && expect_screen desk "10 working days" &&
        keys desk F3 && expect_said desk en "$LIST" && keys desk F3 && expect_screen desk "$HOME_ASKS"
}

# A new version of MZ-01, beside the lists.
new_version() {
    mkdir -p "$work/forms" && cp -r "$SND_SRCDIR/screens/lists" "$work/forms/" &&
        awk '/^version /{ $2++ } { print }' "$SND_SRCDIR/screens/mz-01.form" |
        sed "s/^label.en = $BEFORE\$/label.en = $AFTER/" >"$work/forms/mz-01.form" &&
        grep -q "$AFTER" "$work/forms/mz-01.form" &&
        "$sanad" form load "$work/forms/mz-01.form" --notice "تغير اسم حقل في الطلب." \
            --notice-en "A label of the form is new." --state "$office" | grep -q loaded
}
# Another clerk in English at home, a draft put away, and a form half filled in.
two_at_work() {
    login other clerk2 && at_home other ar && in_english other &&
        begin_request desk en MZ-01 && expect_screen desk "$BEFORE" && entering desk 99012345 && keys desk F3 &&
        expect_screen desk "$HOME_ASKS" &&
        begin_request desk en MZ-01 && expect_screen desk "$BEFORE" && mz01_applicant desk 99012346 &&
        expect_screen desk "Wilayat of property"
}
goes_on() {
    mz01_property desk && expect_screen desk "Building completion certificate" && mz01_documents desk &&
        expect_said desk en "All is filled in.  Enter or F10 = submit   F3 = back to the fields" &&
        expect_screen desk "$BEFORE" || return 1
    number=$(submit desk en)
    [ -n "$number" ] && request_kept "$number" 99012346 && keys desk Enter && expect_screen desk "$HOME_ASKS"
}
opens_new() {
    begin_request other en MZ-01 && expect_screen other "A label of the form is new." && keys other Enter &&
        expect_screen other "$AFTER"
}
old_draft() {
    keys desk 2 && expect_said desk en "Find:" && keys desk Enter && expect_screen desk "$BEFORE" &&
        expect_screen desk 99012345 && keys desk F3 && expect_said desk en "Find:"
}
greeted_with_news() {
    login news clerk && expect_said news en "New and changed services, to be read about first:"
}


# The first row says that it is practice.
marked() { capture "$1" | head -n 1 | grep -Fq "Sanad › PRACTICE › MZ-07"; }
practises() {
    before=$(request_count)
    keys other F3 && expect_screen other "$HOME_ASKS" && keys other 1 && expect_said other en "$LIST" &&
        typing other MZ-07 && keys other F5 && within "$PATIENCE" marked other &&
        entering other 99012345 && keys other F3 &&
        expect_said other en "The practice is over: nothing of it was kept." &&
        ! marked other && [ "$(request_count)" = "$before" ]
}

office_make && office_start || exit 1
ok "each closed service is refused at the desk with its reason" each_closed
ok "two clerks are at work" two_at_work
ok "a new version of a form is loaded meanwhile" new_version
ok "who was in the middle of the old form goes on with it" goes_on
ok "who begins it anew reads the notice and has the new form" opens_new
ok "a draft keeps the form it was begun with" old_draft
ok "who logs in is told what is new" greeted_with_news
ok "practice leaves nothing" practises
office_stop
ok "the book is clean" fsck_clean
done_testing
