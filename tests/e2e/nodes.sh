#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The centres of a hub, as people there see them: who is silent stands first, in words and in a file
# for a spreadsheet; only who looks after centres is shown them, and who looks after a governorate its own.
. "${SND_SRCDIR:-.}/tests/lib.sh"
. "$SND_SRCDIR/tests/pictures.sh"
skip_when_sanitized

# As a hub's book has them after years: one silent since 2018, one that stopped, one not heard of for
# hours and with a wrong clock, one that is well and has things waiting, one only invited.
nodes_make() {
    python3 - "$office/office.db" <<'X'
import sqlite3, sys, time
book, now = sqlite3.connect(sys.argv[1]), int(time.time() * 1000)
for n, (code, name, state, seen, skew, events, documents) in enumerate((
        ("MA01-004", "مركز المعرفة", "joined", now, 0, 12, 3), ("WU01-002", "مركز الوسطى", "joined", now - 12600000, 301000, 0, 0),
        ("DA01-003", "مركز الأفق", "joined", 1515900000000, 0, 4, 1), ("DA02-001", "مركز بهلاء", "joined", now, 0, 0, 0),
        ("ZU02-001", "مركز صلالة", "forked", now, 0, 0, 0))):
    book.execute("INSERT INTO node (id, centre, name, state, cert, cert_next, sign_key, joined, changed)"
                 " VALUES (?, ?, ?, ?, '', '', zeroblob(32), 1515800000000, 1515800000000)", (bytes([n + 1] * 16), code, name, state))
    book.execute("INSERT INTO node_seen (node, at, skew_ms, program, events, documents, oldest) VALUES (?, ?, ?, '0.1.0', ?, ?, ?)",
                 (bytes([n + 1] * 16), seen, skew, events, documents, 1515890000000 if events else 0))
book.execute("INSERT INTO invitation (centre, name, code, until) VALUES ('ZU01-001', 'مركز ظفار', '', ?)", (now + 86400000,))
book.commit()
X
}
see() { expect_said "$term" "$lang" "$1"; }
# walk LANG SIZE: from home to the centres, one governorate of them, and back.
walk() {
    lang=$1 size=$2 term=nodes$1$2
    login "$term" "sup-$lang" "$size" && see "Enter goes on." && keys "$term" Enter && see "What would you like to do? Press its digit." &&
        see "centres" && picture home-hub && keys "$term" F5 && see "The centres of this hub, the silent first" && picture centres &&
        keys "$term" Down && expect_screen "$term" DA01-003 && picture centres-silent && keys "$term" F4 && see "Which governorate?" &&
        picture centres-governorates && entering "$term" DA && expect_screen "$term" "DA02-001" && picture centres-one && one_centre && keys "$term" F3 &&
        see "What would you like to do? Press its digit." && term_close "$term"
}
# The silent centre of that governorate: what is known of it, a finding, its report; and back.
one_centre() {
    keys "$term" Enter && see "1 opens its report. Enter opens the chosen finding." && expect_screen "$term" V04 && picture centre &&
        keys "$term" F1 && see "This screen" && picture centre-help && keys "$term" F3 &&
        see "1 opens its report. Enter opens the chosen finding." && keys "$term" Enter && see "A finding" && expect_screen "$term" V04 &&
        keys "$term" F3 && see "1 opens its report. Enter opens the chosen finding." && keys "$term" 1 && see "Enter opens a row. 1 to 9 show so many rows and the rest in one, 0 all." &&
        expect_screen "$term" "مركز الأفق" && picture centre-report && keys "$term" F3 && see "1 opens its report. Enter opens the chosen finding." &&
        keys "$term" F3 && expect_screen "$term" "DA02-001"
}
# A governorate's supervisor: those of the governorate, and nothing of others.
governorate() {
    lang=ar term=governorate
    login "$term" gov 80x24 && see "Enter goes on." && keys "$term" Enter && see "What would you like to do? Press its digit." && see "centres" &&
        keys "$term" F5 && see "The centres of this hub, the silent first" && expect_screen "$term" DA01-003 && expect_screen "$term" DA02-001 &&
        ! shows "$term" ZU02-001 && ! shows "$term" MA01-004 && picture centres-of-governorate && keys "$term" Enter &&
        see "1 opens its report. Enter opens the chosen finding." && expect_screen "$term" DA01-003 && keys "$term" F3 F3 &&
        see "What would you like to do? Press its digit." && term_close "$term" && [ $wrong = 0 ]
}
# Her line breaks off at one of them: one key is there again, over the list that was narrowed to it.
broken_off() {
    lang=ar term=off
    login "$term" gov 80x24 && see "Enter goes on." && keys "$term" Enter && see "What would you like to do? Press its digit." && see "centres" &&
        keys "$term" F5 && see "The centres of this hub, the silent first" && typing "$term" "DA02" && expect_gone "$term" DA01-003 &&
        keys "$term" Enter && see "1 opens its report. Enter opens the chosen finding." && expect_screen "$term" V09 || return 1
    desk=$(newest desk)
    kill -9 "$(pgrep -f "^ssh .*UserKnownHostsFile=$work/known_hosts .*gov@127" | head -n 1)" && within "$PATIENCE" gone "$desk" || return 1
    term=on
    login "$term" gov 80x24 && see "Enter goes on." && keys "$term" 9 && see "1 opens its report. Enter opens the chosen finding." &&
        expect_screen "$term" V09 && keys "$term" F3 && see "The centres of this hub, the silent first" &&
        expect_screen "$term" DA02-001 && lacks "$term" DA01-003 && keys "$term" F3 && see "What would you like to do? Press its digit."
}
walks() {
    for s in 80x24 132x43; do walk ar $s && walk en $s || return 1; done
    [ $wrong = 0 ]
}
codes() { "$sanad" hub nodes --csv --state "$office" | cut -d, -f1,3 | tr -d '"\r' | tr '\n' ' '; }

office_make && nodes_make && account_make sup-ar "sup علي بن ناصر" && account_make sup-en "sup علي بن ناصر" &&
    account_make gov "gov_sup نصر بن سيف" --scope DA &&
    "$sanad" oversight finding DA01-003 V05 --cases 3 --words "ثلاثة مراجعين خرجوا دون إيصال" --day 2018-01-10 --state "$office" &&
    "$sanad" oversight finding DA01-003 V04 --words "رسم أعلى من المعلن" --day 2018-01-12 --state "$office" &&
    "$sanad" oversight finding DA02-001 V09 --words "اللوحة القديمة ما زالت على الباب" --day 2018-01-12 --state "$office" && office_start || exit 1
login setup sup-en && expect_said setup ar "Enter goes on." && keys setup Enter && expect_said setup ar "What would you like to do? Press its digit." &&
    keys setup "$(capture setup | sed -n 's/.*English  \([0-9]\).*/\1/p')" &&
    expect_screen setup "What would you like to do? Press its digit." && keys setup F3 F3 && expect_screen setup client-ended && term_close setup || exit 1
ok "A12: centres that were silent for more than a day stand first" eval '[ "$(codes)" = "$(printf "\357\273\277")centre,standing ZU02-001,forked DA01-003,silent WU01-002,quiet DA02-001,well MA01-004,well ZU01-001,invited " ]'
ok "the screen of centres, in both languages and sizes" walks
ok "a governorate's supervisor sees its centres, and no others" governorate
ok "a line that breaks off at a centre: one key is back there" broken_off
done_testing
