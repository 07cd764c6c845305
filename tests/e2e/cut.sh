#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The line is cut in the middle of a word: the next login offers to go on, and one Enter is back in
# the same field with what was typed.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
. "$SND_SRCDIR/tests/pictures.sh"

client_of() {
    client=$(pgrep -f "^ssh .*UserKnownHostsFile=$work/known_hosts .*$1@127" | head -n 1)
    [ -n "$client" ]
}
# The client dies without a word, as when its machine loses power. As long as its desk has not ended, the form
# is open in another session.
cut_line() {
    desk=$(newest desk) && client_of clerk && kill -9 "$client" && within 60 gone "$desk"
}
typed_and_saved() {
    expect_screen one "سالم بن" && within 60 draft_has "سالم بن"
}
# The draft as the office's own copy of it has it.
draft_has() { "$SND_BUILDDIR/tests/e2e/drafts" "$office" clerk | grep -Fq "$1"; }

goes_on() {
    login one clerk && at_home one ar && begin_request one ar MZ-01 &&
        expect_screen one "الرقم المدني لمقدم الطلب" && entering one 99012345 &&
        typing one "سالم بن" && typed_and_saved && cut_line || return 1
    login two clerk &&
        expect_said two ar "$RESUME" && keys two Enter &&
        expect_caret two "اسم مقدم الطلب" && expect_screen two "سالم بن" && expect_screen two 99012345 &&
        entering two " حمد بن علي العبري" && entering two 70123456 && keys two Enter &&
        expect_screen two "ولاية العقار" && mz01_property two && expect_screen two "شهادة إتمام البناء" &&
        mz01_documents two && number=$(submit two ar) && echo "$number" >>"$work/numbers" && request_kept "$number" 99012345 &&
        "$sanad" request show "$number" --json --state "$office" | grep -Fq "سالم بن حمد بن علي العبري"
}


# Ten cuts at random moments of a name and a number, most of them in the middle of a word: each login goes
# on where the one before was cut, and in the end everything is there, once.
ten_cuts() {
    seed=${SEED:-$(now_ms)} cuts=0
    note "seed $seed"
    pieces "$seed" >"$work/pieces"
    login ten0 clerk && at_home ten0 ar && begin_request ten0 ar MZ-01 && expect_screen ten0 "الرقم المدني لمقدم الطلب" &&
        entering ten0 99012388 && expect_caret ten0 "اسم مقدم الطلب" || return 1
    while IFS='|' read -r piece there; do
        press_piece ten$cuts "$piece" && expect_caret ten$cuts "$there" || return 1
        [ $cuts -lt 10 ] || break
        cut_line && term_close ten$cuts
        cuts=$((cuts + 1))
        login ten$cuts clerk && expect_said ten$cuts ar "$RESUME" && keys ten$cuts Enter && expect_caret ten$cuts "$there" || return 1
    done <"$work/pieces"
    entering ten10 6 && keys ten10 Enter && expect_screen ten10 "ولاية العقار" && mz01_property ten10 &&
        expect_screen ten10 "شهادة إتمام البناء" && mz01_documents ten10 && number=$(submit ten10 ar) &&
        echo "$number" >>"$work/numbers" && request_kept "$number" 99012388 && term_close ten10 &&
        "$sanad" request show "$number" --json --state "$office" >"$work/ten" &&
        grep -Fq "سالم بن حمد بن علي العبري" "$work/ten" && grep -q '"app_mobile": *"70123456"' "$work/ten" &&
        [ "$("$sanad" request list --query 99012388 --state "$office" | wc -l)" = 1 ]
}
# line_far [OPTION...]: a line to the office, at $far.
line_far() {
    far=$(port_free)
    "$SND_BUILDDIR/tests/bench/weaklink" --listen "$far" --to "$port" --control "$work/far" "$@" >/dev/null 2>&1 </dev/null &
    far_pid=$!
    within 60 test -S "$work/far" && sed "s/:$port/:$far/" "$work/known_hosts" >"$work/known_far" && cat "$work/known_far" >>"$work/known_hosts"
}
line_far_end() { kill "$far_pid" && wait "$far_pid" 2>/dev/null; rm -f "$work/far"; }
# Two pages typed ahead on a line of a second, which dies while the desk has not looked at them yet: it finds
# both at once, the end of the line and what came before it, and what came counts. That all has left the
# client's box ssh says itself, whose own help is asked for behind the last Enter.
stopped() { grep -q '^State:.T' "/proc/$1/status"; }
ahead() {
    line_far --delay 500 || return 1
    near=$port port=$far
    login ahead clerk2 && at_home ahead ar && begin_request ahead ar MZ-01 && expect_screen ahead "الرقم المدني لمقدم الطلب" &&
        desk=$(newest desk) && door=$(newest door) && kill -STOP "$desk" && within "$PATIENCE" stopped "$desk" &&
        entering ahead 99012399 && entering ahead "هلال بن سيف الحارثي" &&
        entering ahead 70123456 && keys ahead Enter && mz01_property ahead && typing ahead "~?" &&
        within "$PATIENCE" shows ahead "Supported escape sequences" &&
        kill -9 "$(pgrep -f "^ssh .*-p $far .*clerk2@127")" && within "$PATIENCE" gone "$door"
    typed=$?
    port=$near
    kill -CONT "$desk" && within "$PATIENCE" gone "$desk" && [ $typed = 0 ] &&
        "$SND_BUILDDIR/tests/e2e/drafts" "$office" clerk2 >"$work/ahead"
    kept=$?
    line_far_end
    [ $kept = 0 ] && grep -Fq "هلال بن سيف الحارثي" "$work/ahead" && grep -Fq 70123456 "$work/ahead" &&
        grep -Eq 'prop_plot[^,]*123' "$work/ahead" && grep -q ELC123 "$work/ahead" && return 0
    note "typed: $typed, kept: $kept"
    sed 's/^/# /' "$work/ahead"
    return 1
}

# Cut off above a search: one key is where one was, though the ledger was killed meanwhile; F3 goes back
# through what was open, and what was declined or left is offered no more.
elsewhere() {
    login look clerk2 && at_home look ar && keys look Tab && entering look "سالم" &&
        expect_said look ar "Submitted requests, the newest first" && keys look F2 && expect_said look ar "Where to?" &&
        typing look "mz" && expect_screen look MZ-02 && client_of clerk2 && desk=$(newest desk) &&
        kill -9 "$client" && within 60 gone "$desk" && kill -9 "$(newest ledger)" || return 1
    login look2 clerk2 && expect_said look2 ar "Enter goes on." &&
        expect_screen look2 "سالم" && term=look2 lang=ar size=80x24 && picture greeting-again && [ $wrong = 0 ] && keys look2 9 && expect_said look2 ar "Where to?" && expect_screen look2 MZ-02 &&
        expect_caret look2 mz && keys look2 F3 && expect_said look2 ar "Submitted requests, the newest first" &&
        expect_caret look2 "سالم" && keys look2 F3 && expect_said look2 ar "What would you like to do? Press its digit." &&
        keys look2 F3 F3 && expect_screen look2 client-ended && login look3 clerk2 && expect_said look3 ar "Enter goes on." &&
        lacks look3 "$(visual "سالم")"
}

# The desk itself is killed, and the ledger after it: where one was the book knows already.
place_noted() {
    python3 -c 'import sqlite3, sys
sys.exit(not sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True).execute("SELECT count(*) FROM place WHERE account = ?", sys.argv[2:]).fetchone()[0])' \
        "$office/office.db" "$1"
}
killed_desk() {
    login killed clerk2 && expect_said killed ar "Enter goes on." && keys killed Enter &&
        expect_said killed ar "What would you like to do? Press its digit." && ! place_noted clerk2 && keys killed Tab &&
        entering killed "سالم" && expect_said killed ar "Submitted requests, the newest first" && within "$PATIENCE" place_noted clerk2 &&
        kill -9 "$(newest desk)" && expect_screen killed client-ended && kill -9 "$(newest ledger)" || return 1
    login killed2 clerk2 && expect_said killed2 ar "Enter goes on." && keys killed2 9 &&
        expect_said killed2 ar "Submitted requests, the newest first" && expect_caret killed2 "سالم" && keys killed2 F3 &&
        expect_said killed2 ar "What would you like to do? Press its digit." && keys killed2 F3 F3 && expect_screen killed2 client-ended &&
        ! place_noted clerk2
}

# The line dies between F10 and the number, which nobody has read or printed yet. The next login finds
# the draft, whose F10 gives the number that it has; or the request is there and no draft any more,
# and one key shows the number.
last_word() {
    keys "$1" F10
    cut_line
    within 60 gone "$client" && login "$1b" clerk && within "$PATIENCE" greeted "$1b" ar || return 1
    if shows_said "$1b" ar "$RESUME"; then
        keys "$1b" Enter && expect_screen "$1b" "شهادة إتمام البناء" && keys "$1b" F10 &&
            expect_said "$1b" ar "All is filled in.  Enter or F10 = submit   F3 = back to the fields" &&
            keys "$1b" F10 && expect_said "$1b" ar "The request is kept. Its number:" || return 1
    else
        keys "$1b" 9 && expect_said "$1b" ar "The request is kept. Its number:" && [ -n "$(number_on "$1b")" ] || return 1
    fi
    number=$("$sanad" request list --query "$2" --state "$office" | cut -f1)
    request_kept "$number" "$2" || { note "the request of $2: [$number]"; return 1; }
    echo "$number" >>"$work/numbers"
    term_close "$1"
    term_close "$1b"
}
before_print() {
    for round in 1 2 3; do
        login "cut$round" clerk && at_home "cut$round" ar && begin_request "cut$round" ar MZ-01 &&
            fill_mz01 "cut$round" ar "9902100$round" && last_word "cut$round" "9902100$round" || return 1
    done
}

# A line of a second and more there and back, and the same office straight.
slow_line() {
    line_far --delay 600 || return 1
    near=$port port=$far
    login far clerk2 &&
        expect_said far ar "Slow line: type on, nothing is lost" && keys far Enter &&
        expect_said far ar "What would you like to do? Press its digit." && shows_said far ar "Slow line: type on, nothing is lost" &&
        term=far lang=ar size=80x24 && picture home-slow && [ $wrong = 0 ]
    seen=$?
    port=$near
    line_far_end
    term_close far
    [ $seen = 0 ] && { quick 1 || quick 2 || quick 3; }
}
# A machine that does other things besides may make a short line slow for a while, but not each time.
quick() {
    login "near$1" clerk2 && expect_said "near$1" ar "Enter goes on." && keys "near$1" Enter &&
        expect_said "near$1" ar "What would you like to do? Press its digit." || return 1
    ! shows_said "near$1" ar "Slow line: type on, nothing is lost"
    was_quick=$?
    keys "near$1" F3 F3 && expect_screen "near$1" client-ended && [ $was_quick = 0 ]
}

office_make && office_start || exit 1
ok "a slow line is seen to be slow, a fast one is not" slow_line

ok "a session that was cut is offered again where it stood" elsewhere
ok "a desk that is killed, and the ledger: offered again where it stood" killed_desk
ok "a cut connection goes on at the same field" goes_on
term_close one
term_close two
ok "the line is cut ten times in the form: nothing typed is lost, the request is there once" ten_cuts
ok "two pages typed ahead when the line dies: what was on it counts" ahead
ok "21: a line that dies between submit and print: the number is found, and the request is there once" before_print
office_stop
ok "the book is clean" fsck_clean
ends 21 "$work/numbers" "$office"
done_testing
