#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Pictures of each screen, as a terminal shows them over ssh, in both languages and two sizes, held
# against tests/golden/screens. GENERATE=1 writes them anew; read the diff. The clock and request
# numbers are made the same in both; the business day is fixed.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
pictures=$SND_SRCDIR/tests/golden/screens
wrong=0

normal() {
    capture "$term" | sed -E -e 's#[0-9]{2}/[0-9]{2}/20[0-9]{2} [0-9]{2}:[0-9]{2}#DD/MM/YYYY HH:MM#g' \
        -e 's#[0-9]{2}:[0-9]{2} [0-9]{2}/[0-9]{2}/20[0-9]{2}#HH:MM DD/MM/YYYY#g' \
        -e 's#DA01-003-[0-9A-Z]{7}-[0-9A-Z]#DA01-003-NNNNNNN-C#g' \
        -e 's#(^| )[0-9A-HJKMNP-TV-Z]{7}-[0-9A-Z]( |$)#\1NNNNNNN-C\2#g' -e 's/ +$//'
}
same() { normal | cmp -s - "$picture"; }
# Two looks in a row that are the same: nothing is being painted.
still() {
    normal >"$work/look"
    sleep "$tick"
    normal | cmp -s - "$work/look"
}

# picture NAME: what is on the screen now is what it should be.
picture() {
    picture=$pictures/$1.$lang.$size.txt
    if [ -n "${GENERATE:-}" ]; then
        within 5 still
        normal >"$picture"
    elif ! within 5 same; then
        note "another picture than $1.$lang.$size.txt:"
        normal | diff -u "$picture" - | sed 's/^/# /'
        wrong=$((wrong + 1))
    fi
}
see() { expect_said "$term" "$lang" "$1"; }
press() { keys "$term" "$@"; }

greeting_and_home() {
    see "Enter goes on." && picture greeting && press Enter &&
        see "What would you like to do? Press its digit." && picture home
}
help() {
    press F1 && see "This screen" && picture "$1" && press F3
}
one_request() {
    press 1 && see "Which service does the person want?" && picture catalogue &&
        typing "$term" MZ-07 && press F7 && see "Who may apply" && picture needs && press F7 && press F5 &&
        see_label app_civil && picture practice && press F3 &&
        see "The practice is over: nothing of it was kept." && press 1 &&
        see "Which service does the person want?" && typing "$term" MZ-01 && press Enter && see_label app_civil && picture form-applicant-empty &&
        mz01_applicant "$term" "$civil" && see_label prop_wilayat && press PPage && see_label app_civil &&
        picture form-applicant && help form-help && press NPage && see_label prop_wilayat && press F4 &&
        see "Find:" && picture list && typing "$term" "نز" && picture list-narrowed && press F3 &&
        see_label prop_wilayat && mz01_property "$term" && see_label doc_completion && press F10 &&
        see "Fill this field: the service needs it." && picture review-missing && press F3 &&
        see_label doc_completion && press PPage && see_label prop_wilayat && picture form-property &&
        press NPage && see_label doc_completion && mz01_documents "$term" &&
        see "All is filled in.  Enter or F10 = submit   F3 = back to the fields" && picture review &&
        press F3 && see_label doc_completion && picture form-documents && press F10 &&
        see "All is filled in.  Enter or F10 = submit   F3 = back to the fields" && press F10 &&
        see "The request is kept. Its number:" && picture receipt
}
see_text() { expect_screen "$term" "$1"; }
# The label of a field, from the form's own text.
see_label() {
    label=$(sed -n "/^\[field $1\]/,/^label.$lang/s/^label.$lang = //p" "$SND_SRCDIR/screens/mz-01.form")
    expect_screen "$term" "$label"
}
lists() {
    press 2 && see "You have no drafts." || see "Find:" || return 1
    picture drafts-before
    press F3 && see "What would you like to do? Press its digit." && press 1 &&
        see "Which service does the person want?" && typing "$term" MZ-03 && press Enter && see_label app_civil &&
        typing "$term" "8${civil#9}" && press Enter && typing "$term" "سالم بن" && press F9 &&
        see "What would you like to do? Press its digit." && press F9 &&
        see "Press the digit of the form to go on with." && picture parked && press F3 &&
        see "What would you like to do? Press its digit." && press 2 && see "Find:" && picture drafts && press DC &&
        see "Delete this draft for good?  1 = delete   2 or Enter = keep it" && press 1 &&
        see "The draft is deleted." && press F3 && see "What would you like to do? Press its digit." &&
        press 3 && see "Submitted requests, the newest first" && picture requests && press Enter &&
        see_label app_civil && picture request && press F2 && see "Where to?" && picture go &&
        typing "$term" "سالم بن" && see_text "MZ-01  14/01/2018" && picture go-found && press F3 &&
        see_label app_civil && press NPage && see "What happened" &&
        picture request-history && press F3 F3 &&
        see "What would you like to do? Press its digit." && press 5 && see "Old password" && picture password &&
        press F3 && see "What would you like to do? Press its digit."
}
too_small() {
    tmux_ resize-window -t "$term" -x 60 -y 20
    expect_screen "$term" 24 && full=$size && size=60x20 && picture too-small
    size=$full
    tmux_ resize-window -t "$term" -x "${size%x*}" -y "${size#*x}" && see "What would you like to do? Press its digit."
}

# walk LANG SIZE: every screen, each picture on the way.
walk() {
    lang=$1 size=$2 term=$1$2
    # Somebody new each time: what a known customer fills in would come now sooner, now later.
    civil=$((${civil:-99012344} + 1))
    if [ "$lang" = ar ]; then account=salim; else account=layla; fi
    login "$term" "$account" "$size" && greeting_and_home && help home-help && one_request && press Enter &&
        see "What would you like to do? Press its digit." && lists && too_small && term_close "$term"
}
# news LANG SIZE: once a service has been opened for the first time.
news() {
    lang=$1 size=$2 term=news$1$2
    if [ "$lang" = ar ]; then account=salim; else account=layla; fi
    login "$term" "$account" "$size" && see "New and changed services, to be read about first:" &&
        picture greeting-news && press Enter && see "Service:" && picture news && press Enter &&
        see "What is new" && see "Who may apply" && picture notice && term_close "$term"
}
# counts LANG SIZE: the supervisor's reports, from the country to a request.
counts() {
    lang=$1 size=$2 term=counts$1$2
    login "$term" supervisor "$size" && at_home "$term" "$lang" && picture home-supervisor && press 3 &&
        see "Total:" && picture reports && press F6 && see "Period:" &&
        picture reports-period && typing "$term" 1/2018 && press Enter && see "A working day:" &&
        picture reports-month && press F4 && see "By what are the requests to be counted?" &&
        picture reports-by && press F3 && see "Total:" && help reports-help && see "Total:" && press Enter &&
        see "wilayat" && press Enter && see "centre" && press Enter && see "clerk" && picture reports-clerk &&
        press Enter && see "The arrows choose, Enter opens a request of this book." && picture counted &&
        term_close "$term"
}
# rulings LANG SIZE: the supervisor closes a service for some days; another one each time.
rulings() {
    lang=$1 size=$2 term=rulings$1$2
    ruled=RP-0$((${ruled#RP-0} + 1))
    login "$term" supervisor "$size" && at_home "$term" "$lang" && press 4 &&
        see "Which service is to be opened or closed?" && picture services && typing "$term" "$ruled" && press Enter &&
        see "Nothing yet: its form's own dates count." && press 2 && see "To be closed" && press Enter &&
        see "A day, such as 31/7/2018; nothing means until further notice." && typing "$term" 20/1/2018 && press Enter &&
        see "In a few words; of a service that is closed, clerks read them." && typing "$term" "عطل في نظام الجهة" &&
        press F10 && see_text 20/01/2018 && picture ruling-asks && press 1 && see "Press the digit of what is to be done." &&
        picture ruling && help ruling-help && term_close "$term"
}
ruled=RP-00
# In the language of the screens: the supervisor has one for both sizes.
counts_all() {
    counts ar 80x24 && counts ar 132x43 && rulings ar 80x24 && rulings ar 132x43 && login setup2 supervisor && at_home setup2 ar && keys setup2 5 &&
        expect_screen setup2 "What would you like to do? Press its digit." && keys setup2 7 &&
        expect_screen setup2 client-ended && counts en 80x24 && counts en 132x43 &&
        rulings en 80x24 && rulings en 132x43
}
waits() { expect_screen "$term" "$(said "$lang" "Waiting: %s" | sed 's/ *%s//')"; }
mine() { expect_screen "$term" "$(said "$lang" "yours: %s" | sed 's/%s/1/')"; }
# moves LANG SIZE: an officer's queue, and what an officer does with a request; nothing is done.
moves() {
    lang=$1 size=$2 term=moves$1$2
    login "$term" "officer-$lang" "$size" && at_home "$term" "$lang" && waits && picture home-officer && press 1 &&
        see "What waits, the oldest first" && picture queue && help queue-help && press F4 && see "Which state?" && picture queue-states &&
        press F3 && see "What waits, the oldest first" && press F5 && mine && picture queue-mine && press Enter && see "documents" && picture request-officer &&
        press 2 && see "In words:" && press 1 3 && picture act-documents && press Tab && typing "$term" "صورة حديثة" &&
        press F10 && see "Ask the person for these documents?  1 = yes   2 or Enter = no" && picture act-sure && press 2 &&
        see "In words:" && press F3 && see_label app_civil && press 3 && see "Fee in rials:" && press F10 &&
        see "Write the fee in rials, such as 12.500." && picture act-fee && press F3 && see_label app_civil && press 6 &&
        see "Reason:" && press Enter && see "Write the reason in a few words: the person is told it." && picture act-reason &&
        press F3 && see_label app_civil && press 7 && see "Officer:" && picture act-officer && term_close "$term"
}
# officer LANG: one who has the newest request of the queue in hand, and one more to hand it to.
officer() {
    ssh-keygen -q -t ed25519 -N '' -C "officer-$1" -f "$work/keys/officer-$1" &&
        "$sanad" user add "officer-$1" --state "$office" --role agency --scope "$2" --name "$3" --key "$work/keys/officer-$1.pub" &&
        "$sanad" user add "second-$1" --state "$office" --role agency --scope "$2" --name "هند بنت راشد الحبسية" >/dev/null
}
officers() {
    officer ar MZEC "ناصر بن علي الحارثي" && officer en MZEC "ناصر بن علي الحارثي" || return 1
    for lang in ar en; do
        number=$("$sanad" request list --in queued --state "$office" | sed -n "$([ $lang = ar ] && echo 1 || echo 2)s/\t.*//p")
        "$sanad" request assign "$number" "officer-$lang" --state "$office" >/dev/null || return 1
    done
    login setup3 officer-en && at_home setup3 ar && keys setup3 3 &&
        expect_screen setup3 "What would you like to do? Press its digit." && term_close setup3
}
walks() {
    officers && for size in 80x24 132x43; do
        for lang in ar en; do
            moves $lang $size || return 1
        done
    done || return 1
    counts_all || return 1
    for walk in walk news; do
        [ $walk = walk ] || "$sanad" service open MZ-08 --notice "سداد رسوم طلب سابق في المركز." \
            --notice-en "Fees of an earlier request are paid at the centre." --state "$office" >/dev/null || return 1
        for size in 80x24 132x43; do
            for lang in ar en; do
                $walk $lang $size || return 1
            done
        done
    done
    [ $wrong = 0 ]
}

SANAD_TODAY=2018-01-14
office_make && account_make salim "clerk سالم بن حمد العبري" && account_make layla "clerk ليلى بنت سعيد الريامية" &&
    sed 's/"account":"clerk"/"account":"salim"/' "$SND_SRCDIR/tests/nation/demo.jsonl" >"$work/demo.jsonl" &&
    "$sanad" request enter "$work/demo.jsonl" --state "$office" >/dev/null && office_start || exit 1
mkdir -p "$pictures"
# The English clerk's language is set once, on the spot, as a clerk does it.
login setup layla && at_home setup ar && in_english setup && keys setup 6 && expect_screen setup client-ended || exit 1
ok "golden screens" walks
done_testing
