#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Pictures of each screen, as a terminal shows them over ssh, in both languages and two sizes, held
# against tests/golden/screens. GENERATE=1 writes them anew; read the diff. The clock and request
# numbers are made the same in both; the business day is fixed.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
. "$SND_SRCDIR/tests/pictures.sh"
# A sentence, or where it may stand in two rows its beginning.
see() {
    [ "$size" != 40x20 ] || { expect_screen "$term" "$(said "$lang" "$1" | cut -d' ' -f1-4)" "$PATIENCE" "$lang" && return; }
    expect_said "$term" "$lang" "$1"
}
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
        typing "$term" MZ-07 && press F1 F1 && see "Who may apply" && picture needs && press F3 && press F5 &&
        see_label app_civil && picture practice && press F3 &&
        see "The practice is over: nothing of it was kept." && press 1 &&
        see "Which service does the person want?" && entering "$term" MZ-01 && see_label app_civil && picture form-applicant-empty &&
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
see_text() { expect_screen "$term" "$1" "$PATIENCE" "$lang"; }
# The label of a field, from the form's own text.
see_label() {
    label=$(sed -n "/^\[field $1\]/,/^label.$lang/s/^label.$lang = //p" "$SND_SRCDIR/screens/mz-01.form")
    expect_screen "$term" "$label"
}
lists() {
    press 2 && see "You have no drafts." || see "Find:" || return 1
    picture drafts-before
    press F3 && see "What would you like to do? Press its digit." && press 1 &&
        see "Which service does the person want?" && entering "$term" MZ-03 && see_label app_civil &&
        entering "$term" "8${civil#9}" && typing "$term" "سالم بن" && press F9 &&
        see "What would you like to do? Press its digit." && press F9 &&
        see "Press the digit of the form to go on with." && picture parked && press F3 &&
        see "What would you like to do? Press its digit." && press 2 && see "Find:" && picture drafts && press DC &&
        see "Delete this draft for good?  1 = delete   2 or Enter = keep it" && press 1 &&
        see "The draft is deleted." && press F3 && see "What would you like to do? Press its digit." &&
        press 3 && see "Submitted requests, the newest first" && picture requests && press Enter &&
        see_label app_civil && picture request && press F2 && see "Where to?" && picture go &&
        typing "$term" "سالم بن" && see_text "MZ-01${gap}14/01/2018" && picture go-found && press F3 &&
        see_label app_civil && press NPage && see "What happened" &&
        picture request-history && press F3 F3 &&
        see "What would you like to do? Press its digit." && press 5 && see "Old password" && picture password && press C-t && expect_screen "$term" "5 = try the keys" && picture terminal &&
        press 5 && see "Came last:" && press F5 && expect_screen "$term" "* F5" && picture keys && press F3 F3 &&
        expect_screen "$term" "5 = try the keys" && press F3 && see "Old password" &&
        press F3 && see "What would you like to do? Press its digit."
}
too_small() {
    tmux_ resize-window -t "$term" -x 39 -y 20
    expect_screen "$term" 40 && full=$size && size=39x20 && picture too-small
    size=$full
    tmux_ resize-window -t "$term" -x "${size%x*}" -y "${size#*x}" && see "What would you like to do? Press its digit."
}

# phone LANG: what is asked on the way, on a telephone held upright.
phone() {
    lang=$1 size=40x20 term=phone$1
    if [ "$lang" = ar ]; then account=salim; else account=layla; fi
    login "$term" "$account" "$size" && greeting_and_home && help home-help && press F2 && see "Where to?" && typing "$term" mz1 &&
        expect_screen "$term" MZ-01 && picture go && press F3 && see "What would you like to do? Press its digit." &&
        press 1 && see "Which service does the person want?" && typing "$term" MZ-07 && picture catalogue && press F1 F1 &&
        expect_screen "$term" 1.000 && picture needs && press NPage && expect_gone "$term" 1.000 && picture needs-more &&
        press F3 && see "Which service does the person want?" && press C-u && entering "$term" MZ-01 &&
        see_label app_civil && picture form && entering "$term" "${civil}9" && see "! wrong" &&
        typing "$term" "سالم بن" && press NPage &&
        see_label prop_wilayat && picture form-property && press F4 && see "Find:" && picture list && press F3 &&
        see_label prop_wilayat && press F10 && see "Review" && picture review && press F3 F3 &&
        see "What would you like to do? Press its digit." && press 3 && see_text 13/01 && picture requests && press Enter && see_label app_civil &&
        picture request && press NPage NPage NPage NPage NPage NPage NPage NPage && see "What happened" && picture request-history && press F3 F3 &&
        see "What would you like to do? Press its digit." && press C-t && expect_screen "$term" "5 = try the keys" && picture terminal &&
        press F3 && see "What would you like to do? Press its digit." && press 2 && see "Find:" && press DC &&
        expect_gone "$term" "$(said "$lang" "The draft is kept.")" && picture drafts && press 1 && see "The draft is deleted." && press F3 &&
        see "What would you like to do? Press its digit." && term_close "$term"
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
        see "What is new" && see "Who may apply" && picture notice && press F3 F3 &&
        see "What would you like to do? Press its digit." && term_close "$term"
}
# counts LANG SIZE: the supervisor's reports, from the country to a request.
counts() {
    lang=$1 size=$2 term=counts$1$2
    login "$term" supervisor "$size" && at_home "$term" "$lang" && picture home-supervisor && press 3 &&
        see "Total:" && picture reports && press F6 && see "Period:" &&
        picture reports-period && entering "$term" 1/2018 && see "A working day:" &&
        picture reports-month && press F4 && see "By what are the requests to be counted?" &&
        picture reports-by && press F3 && see "Total:" && help reports-help && see "Total:" && press Enter &&
        see "wilayat" && press Enter && see "centre" && press Enter && see "clerk" && picture reports-clerk &&
        press Enter && see "The arrows choose, Enter opens a request of this book." && picture counted &&
        term_close "$term"
}
# lines LANG SIZE: the lines to agencies, what waits on one, and its request.
lines() {
    lang=$1 size=$2 term=lines$1$2
    login "$term" "supervisor" "$size" && at_home "$term" "$lang" && press 9 &&
        see_text "https://momp.example" && picture lines && help lines-help &&
        see "Enter shows the requests that wait. F6 tries them now." && press Down && see_text "https://mzec.example/sanad" && picture lines-failing && press Enter &&
        see "Tried and not yet taken. F8 sends the chosen one now." && picture line && term_close "$term"
}
# rulings LANG SIZE: the supervisor closes a service for some days; another one each time.
rulings() {
    lang=$1 size=$2 term=rulings$1$2
    ruled=RP-0$((${ruled#RP-0} + 1))
    login "$term" supervisor "$size" && at_home "$term" "$lang" && press 4 &&
        see "Which service is to be opened or closed?" && picture services && entering "$term" "$ruled" &&
        see "Nothing yet: its form's own dates count." && press 2 && see "To be closed" && press Enter &&
        see "A day, such as 31/7/2018; nothing means until further notice." && entering "$term" 20/1/2018 &&
        see "In a few words; of a service that is closed, clerks read them." && typing "$term" "عطل في نظام الجهة" &&
        press F10 && see_text 20/01/2018 && picture ruling-asks && press 1 && see "Press the digit of what is to be done." &&
        picture ruling && help ruling-help && term_close "$term"
}
ruled=RP-00
# trained LANG SIZE: what the walks have practised.
trained() {
    lang=$1 size=$2 term=trained$1$2
    login "$term" supervisor "$size" && at_home "$term" "$lang" && press 5 &&
        see "The mistakes are those of the first try; a practice is never sent." && picture trained && term_close "$term"
}
# to_english ACCOUNT: its language is set once, on the spot, by the line of its menu that says so.
to_english() {
    login "to$1" "$1" && at_home "to$1" ar && keys "to$1" "$(capture "to$1" | sed -n 's/.*English  \([0-9]\).*/\1/p')" &&
        expect_screen "to$1" "What would you like to do? Press its digit." && keys "to$1" F3 F3 &&
        expect_screen "to$1" client-ended && term_close "to$1"
}
# One practice, whole.
practise() {
    login practice nasser && at_home practice ar && keys practice 1 &&
        expect_said practice ar "Which service does the person want?" && typing practice MZ-01 && keys practice F5 &&
        expect_screen practice "الرقم المدني لمقدم الطلب" && mz01_applicant practice 99022222 &&
        expect_screen practice "ولاية العقار" && mz01_property practice &&
        expect_screen practice "شهادة إتمام البناء" && mz01_documents practice && keys practice F10 && see_home practice &&
        keys practice F3 F3 && expect_screen practice client-ended && term_close practice
}
# A request of nasser's, whom nothing else is known of.
one_more() {
    login nasser nasser && expect_said nasser ar "New and changed services, to be read about first:" &&
        keys nasser F3 && see_home nasser && begin_request nasser ar MZ-01 && fill_mz01 nasser ar 99011111 &&
        traced=$(submit nasser ar) && keys nasser Enter && see_home nasser && keys nasser F3 F3 &&
        expect_screen nasser client-ended && term_close nasser
}
see_home() { expect_said "$1" ar "What would you like to do? Press its digit."; }
# trails LANG SIZE: the auditor sees what was done to a request, by an account, about a person.
trails() {
    lang=$1 size=$2 term=trails$1$2
    login "$term" "auditor-$lang" "$size" && at_home "$term" "$lang" && press 1 && see "Whose trail:" && picture trails &&
        entering "$term" "$traced" && see "Trail of a request" && picture trail-request && press F3 &&
        see "Whose trail:" && press C-u && entering "$term" nasser && see "Trail of an account" &&
        picture trail-account && press F3 && see "Whose trail:" && press C-u && entering "$term" 99011111 &&
        see "Trail of a person" && picture trail-person && press Enter && see "What" && picture trail-event &&
        term_close "$term"
}
# masked LANG SIZE: a request as an auditor sees it, and in full for a reason.
masked() {
    lang=$1 size=$2 term=masked$1$2
    login "$term" "auditor-$lang" "$size" && at_home "$term" "$lang" && press 2 &&
        see "Submitted requests, the newest first" && picture requests-masked && press C-u && typing "$term" "$traced" &&
        press Enter Enter && see "1 shows the trail. Numbers are masked: 2 shows them, for a reason." &&
        picture request-masked && press 2 && see "Why do you need it?" && typing "$term" "شكوى من صاحب الطلب" &&
        picture request-why && press Enter && see "You see all of it now, and the trail says so." &&
        picture request-revealed && term_close "$term"
}
# managed LANG SIZE: the administrator's accounts.
managed() {
    lang=$1 size=$2 term=managed$1$2
    login "$term" "manager-$lang" "$size" && at_home "$term" "$lang" && press F2 && see "Where to?" &&
        typing "$term" "$(said "$lang" Accounts)" && press Enter && see "Who may log in here" && picture accounts &&
        entering "$term" nasser && see "Make a one-time code for a first login" && picture account &&
        press F3 && see "Who may log in here" && press F6 && see "1 to 32 of a-z 0-9 . _ -" && picture account-new &&
        help account-new-help && term_close "$term"
}
# both_sizes NAME: two pictures of one screen.
both_sizes() {
    size=80x24
    picture "$1" && size=132x43 && tmux_ resize-window -t "$term" -x 132 -y 43 && picture "$1" &&
        tmux_ resize-window -t "$term" -x 80 -y 24
}
# A new telephone, by two codes; the secret is the terminal's last.
prove() {
    secret=$(secret_on "$term") && set -- $(code_of_step "$secret" -1 0) && entering "$term" "$1" &&
        entering "$term" "$2" && see "Enter goes on."
}
code_new() { login "$term" "$1" && see "The code that appears" && both_sizes code-new; }
code_now() { login "$term" "$1" && see "The code now" && both_sizes code && term_close "$term"; }
# An office that asks for codes: the first login of a telephone, and the next.
coded() {
    office_stop
    rm -rf "$office"
    "$sanad" init --state "$office" --practice --centre DA01-003 --name "مركز الأفق للخدمات" >/dev/null || return 1
    for who in supervisor salim; do
        "$sanad" user add $who --state "$office" --role sup --name "مريم بنت سيف" --key "$work/keys/$who.pub" || return 1
    done
    office_start && lang=ar && term=code1 && code_new salim && prove && term_close code1 && term=code2 && code_now salim &&
        term=code3 && login code3 supervisor && see "The code that appears" && prove && press Enter &&
        see "What would you like to do? Press its digit." &&
        press "$(capture code3 | sed -n 's/.*English  \([0-9]\).*/\1/p')" &&
        expect_screen code3 "What would you like to do? Press its digit." && lang=en && press F3 F3 &&
        expect_screen code3 client-ended && term=code4 && code_now supervisor &&
        "$sanad" user totp supervisor --reset --state "$office" >/dev/null && term=code5 && code_new supervisor
}
# crossed LANG SIZE: what two did at once, and an event that is held back, as the supervisor sees them.
crossed() {
    lang=$1 size=$2 term=crossed$1$2
    login "$term" supervisor "$size" && at_home "$term" "$lang" && press F2 && see "Where to?" &&
        typing "$term" "$(said "$lang" Conflicts)" && press Enter && see "What two did at once" && picture conflicts &&
        help conflicts-help && see "What two did at once" && press F8 && see "Reason:" && entering "$term" "لا" &&
        see "Write in a few words why it is closed." && picture conflicts-why && press F3 && press F2 && see "Where to?" &&
        typing "$term" "$(said "$lang" "Held events")" && press Enter && see "What centres sent and was not taken" &&
        picture quarantine && help quarantine-help && term_close "$term"
}
# wished LANG SIZE: a request of another centre, which there isn't.
wished() {
    lang=$1 size=$2 term=wished$1$2
    if [ "$lang" = ar ]; then account=salim; else account=layla; fi
    login "$term" "$account" "$size" && see "New and changed services, to be read about first:" && press F3 &&
        see "What would you like to do? Press its digit." && press F2 && see "Where to?" &&
        typing "$term" "DA02-007-7K3M9Q0-K 99012345" && see "other centres" && picture go-wish && press Enter &&
        see "No request has this number and civil number: look at both again." && picture go-wished && press F3 &&
        see "What would you like to do? Press its digit." && press F2 && see "Where to?" &&
        typing "$term" "$(said "$lang" "Other centres")" && press Enter && see "Requests of other centres, the newest first" &&
        picture wishes && help wishes-help && term_close "$term"
}
# What only a hub with centres has, put into this book: a move that was lost, an event that is held.
trouble_make() {
    python3 - "$office/office.db" <<'X'
import sqlite3, sys
book = sqlite3.connect(sys.argv[1])
row = book.execute("SELECT id, node, epoch, seq FROM request ORDER BY at, id LIMIT 1").fetchone()
event = book.execute("SELECT id FROM event WHERE node = ? AND epoch = ? AND seq = ?", row[1:]).fetchone()[0]
book.execute("INSERT INTO conflict (request, event, why, at, open) VALUES (?, ?, 'cancelled', 1515900000000, 1)", (row[0], event))
book.execute("INSERT INTO quarantine (node, epoch, seq, why, at) VALUES (?, ?, ?, 'form', 1515900000000)", row[1:])
book.commit()
X
}
# Two lines to agencies, one paused, one that fails, with requests that wait and one that failed.
lines_made() {
    "$sanad" agency add MOMP --url https://momp.example --state "$office" >/dev/null &&
        "$sanad" agency pause MOMP --reason "صيانة لدى الجهة" --state "$office" &&
        "$sanad" agency add MZEC --url https://mzec.example/sanad --state "$office" >/dev/null &&
        "$sanad" agency stage MZEC agreed --from 2017-09-01 --state "$office" &&
        "$sanad" agency stage MZEC testing --from 2018-01-01 --state "$office" &&
        python3 - "$office/office.db" <<'PY'
import sqlite3, sys
book = sqlite3.connect(sys.argv[1], isolation_level=None)
book.execute("INSERT INTO agency_line (agency, fails, until, last_ok, why, since) VALUES"
             " ('MZEC', 7, 32503680000000, 1515900000000, 'connect', 1515910000000)")
book.execute("INSERT INTO outbox (request, id, agency, state, attempts, first_at, next_at, sha, status, why, answer_sha)"
             " SELECT r.id, e.id, r.agency, 'waiting', 3, r.at, 1515920000000, zeroblob(32), 0, 'connect', zeroblob(32)"
             " FROM request r JOIN event e ON e.node = r.node AND e.epoch = r.epoch AND e.seq = r.seq"
             " WHERE r.agency = 'MZEC' AND r.state = 'queued' ORDER BY r.at, r.id LIMIT 3")
book.execute("UPDATE outbox SET state = 'failed', status = 400, why = 'refused', attempts = 1 WHERE request ="
             " (SELECT request FROM outbox ORDER BY first_at LIMIT 1)")
PY
}
# overseen LANG SIZE: issues, meetings and findings, counted; a finding and an answer that aren't right yet.
overseen() {
    lang=$1 size=$2 term=overseen$1$2
    login "$term" supervisor "$size" && at_home "$term" "$lang" && to_oversight && picture oversight && help oversight-help &&
        see "1 issues  2 meetings  3 findings  4 by violation  5 by centre" && press Enter && see "Solution" && press Tab Tab &&
        typing "$term" 14/1/2018 && press F10 && see "Write how it was solved before it is closed." && picture oversight-issue && press F3 &&
        see "1 issues  2 meetings  3 findings  4 by violation  5 by centre" && press 3 && see "Findings" && picture oversight-findings && press 4 && see "Findings of this year by violation" &&
        picture oversight-counts && press 3 && see "Findings" && press F6 && see "A finding" && typing "$term" DA01-003 &&
        press Enter && typing "$term" V77 && press F10 && see "Type one of the codes that stand below." && picture oversight-finding &&
        help oversight-finding-help && term_close "$term"
}
to_oversight() {
    press F2 && see "Where to?" && typing "$term" "$(said "$lang" Oversight)" && press Enter &&
        see "1 issues  2 meetings  3 findings  4 by violation  5 by centre"
}
seen_made() {
    "$sanad" oversight finding DA01-003 V05 --cases 3 --words "ثلاثة مراجعين خرجوا دون إيصال" --day 2018-01-10 --state "$office" &&
        "$sanad" oversight finding DA02-007 V09 --words "اللوحة القديمة ما زالت على الباب" --day 2018-01-12 --state "$office" &&
        "$sanad" oversight meeting DA --words "اجتماع مراكز الداخلية: انقطاع الخط صباحا" --day 2018-01-09 --state "$office" &&
        "$sanad" oversight issue DA02-007 --words "ينقطع الخط كل صباح بين الثامنة والتاسعة" --day 2018-01-09 --state "$office"
}
# A finding from the screen, and an issue that is answered there.
at_screen() {
    lang=en term=at_screen
    login at_screen supervisor && at_home at_screen en && to_oversight && keys at_screen 3 && expect_screen at_screen "No receipt given" &&
        keys at_screen F6 && expect_said at_screen en "A finding" && entering at_screen da01-003 &&
        entering at_screen v04 && keys at_screen Enter && entering at_screen 2 &&
        typing at_screen "رسم أعلى من المعلن" && keys at_screen F10 && expect_said at_screen en "It is kept; those it concerns read it." &&
        expect_screen at_screen "DA01-003  Charging" && keys at_screen 1 && expect_said at_screen en "not yet solved" && keys at_screen Enter &&
        expect_said at_screen en "Solution" && entering at_screen "عمانتل" && typing at_screen "خط ثان" &&
        keys at_screen Enter && typing at_screen 14/1/2018 && keys at_screen F10 &&
        expect_said at_screen en "It is kept; those it concerns read it." && term_close at_screen &&
        "$sanad" oversight findings --state "$office" | grep -q "DA01-003	V04	12	رسم أعلى من المعلن	supervisor" &&
        "$sanad" oversight issues --state "$office" | grep -q "عمانتل	خط ثان	2018-01-14"
}
# In the language of the screens: the supervisor has one for both sizes.
counts_all() {
    counts ar 80x24 && counts ar 132x43 && rulings ar 80x24 && rulings ar 132x43 && trained ar 80x24 && trained ar 132x43 &&
        crossed ar 80x24 && crossed ar 132x43 && lines ar 80x24 && lines ar 132x43 &&
        overseen ar 80x24 && overseen ar 132x43 && to_english supervisor && counts en 80x24 && counts en 132x43 &&
        rulings en 80x24 && rulings en 132x43 && trained en 80x24 && trained en 132x43 && crossed en 80x24 && crossed en 132x43 &&
        lines en 80x24 && lines en 132x43 && overseen en 80x24 && overseen en 132x43 && at_screen
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
    phone ar && phone en && practise && counts_all || return 1
    for walk in walk news; do
        [ $walk = walk ] || "$sanad" service open MZ-08 --notice "سداد رسوم طلب سابق في المركز." \
            --notice-en "Fees of an earlier request are paid at the centre." --state "$office" >/dev/null || return 1
        for size in 80x24 132x43; do
            for lang in ar en; do
                $walk $lang $size || return 1
            done
        done
    done
    one_more && to_english auditor-en && to_english manager-en || return 1
    for walk in trails masked managed wished; do
        for size in 80x24 132x43; do
            for lang in ar en; do
                $walk $lang $size || return 1
            done
        done
    done
    coded && [ $wrong = 0 ]
}

SANAD_TODAY=2018-01-14
office_make && account_make salim "clerk سالم بن حمد العبري" && account_make layla "clerk ليلى بنت سعيد الريامية" &&
    account_make nasser "clerk ناصر بن خلفان البوسعيدي" && account_make auditor-ar "auditor علي بن ناصر المدقق" &&
    account_make auditor-en "auditor علي بن ناصر المدقق" && account_make manager-ar "admin أحمد بن سالم" &&
    account_make manager-en "admin أحمد بن سالم" &&
    sed 's/"account":"clerk"/"account":"salim"/' "$SND_SRCDIR/tests/nation/demo.jsonl" >"$work/demo.jsonl" &&
    "$sanad" request enter "$work/demo.jsonl" --state "$office" >/dev/null && trouble_make && lines_made && seen_made && office_start || exit 1
mkdir -p "$pictures"
# The English clerk's language is set once, on the spot, as a clerk does it.
login setup layla && at_home setup ar && in_english setup && keys setup 6 && expect_screen setup client-ended || exit 1
ok "golden screens" walks
done_testing
