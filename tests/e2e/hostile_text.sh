#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Texts that mean to act on a terminal, on SQL or on a reader's eyes, through every field, name and
# search: typed at the screens and brought straight to the ledger. What is kept is kept word by word
# or refused, and whatever is then shown, in lists, requests, drafts and trails, reaches the wire as
# our own painter's bytes and no others. And no civil number of anybody is in a log or an error.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized

here=$SND_BUILDDIR/tests/e2e
ENTER='\r' DOWN='\e[B' PGDN='\e[6~' F2='\eOQ' F3='\eOR'

cat >"$work/ts-01.form" <<'FORM'
form TS-01
version 1
agency TEST
title.ar = خدمة للاختبار
title.en = A service to test with
about.ar = خدمة للاختبار.
about.en = A service to test with.
applicant.civil = civil
applicant.name = name
applicant.mobile = mobile
target = 10 working days
open from 2017-11-01 live
area from 2017-11-01 centre ALL subject ALL
fee from 2017-11-01 agency 0.500 centre 2.000
[group applicant]
title.ar = مقدم الطلب
title.en = Applicant
[field civil]
type = civil
label.ar = الرقم المدني
label.en = Civil number
required = yes
[field name]
type = name_ar
label.ar = الاسم
label.en = Name
required = yes
[field mobile]
type = mobile
label.ar = الهاتف
label.en = Mobile
required = yes
[field place]
type = text
label.ar = المكان
label.en = Place
required = no
max = 120
[field note]
type = longtext
label.ar = ملاحظة
label.en = Note
required = no
[field code]
type = code
label.ar = رمز
label.en = Code
required = no
[field latin]
type = name_en
label.ar = الاسم باللاتينية
label.en = Latin name
required = no
FORM
printf '%s' '{"civil":"99012345","name":"سالم بن سعيد","mobile":"92345678"}' >"$work/values"

# said_to KIND...: a file of keys for pty.
lines() { printf '%s\n' "$@"; }
many() {
    n=$1
    shift
    while [ "$n" -gt 0 ]; do
        lines "$@"
        n=$((n - 1))
    done
}
# Every text pasted where `open` leads, then away.
typed_into() {
    sed -n '1,140p' "$work/texts" | while read -r text; do
        printf '%s%s\n%s\n' '\e[200~' "$text" '\e[201~'
        lines "$@"
    done
}
store_all() {
    "$here/hostile_text" store "$office/run/ledger.sock" clerk "$work/keys/clerk.pub" TS-01 "$work/values" >"$work/stored"
    status=$?
    note "$(tail -n 1 "$work/stored")"
    [ $status = 0 ] || { head -n 20 "$work/stored" | sed 's/^/# /'; return 1; }
}

# session ACCOUNT KEYS: the keys at that person's desk, all bytes kept.
session() {
    PTY_LOGIN=$password "$here/pty" "$work/out.$1" file "$2" -- \
        "$sanad" desk --user "$1" --state "$office" >"$work/pty.$1"
    typed=$?
    note "$1: $(cat "$work/pty.$1")"
    return $typed
}
# Home from anywhere: a digit without a line keeps a second F3 from leaving.
homewards() { many 6 "$F3" 9; }
clerk_sees() {
    {
        lines "2" "$ENTER" # the greeting, whichever it is
        lines 2 && many 8 "$PGDN" && lines "$ENTER" && homewards
        lines 3 && many 40 "$PGDN" && many 12 "$ENTER" "$PGDN" "$F3" "$DOWN" && homewards
        lines 3 && typed_into "$ENTER" '\x15' && homewards
        lines 1 TS-01 "$ENTER" && typed_into '\t' | head -n 200 && homewards
        lines "$F2" && typed_into '\x15' | head -n 150
    } >"$work/keys.clerk"
    session clerk "$work/keys.clerk" && did clerk "Request opened" 10 && did clerk "Requests searched" 100
}
# Each text asked for a trail, and home again whatever it opened.
trails_asked() {
    sed -n '1,100p' "$work/texts" | while read -r text; do
        lines 1
        printf '%s%s\n%s\n' '\e[200~' "$text" '\e[201~'
        lines "$ENTER" "$F3" 9 "$F3" 9
    done
}
auditor_sees() {
    {
        lines "$ENTER" 1 clerk "$ENTER" "$ENTER" && many 12 "$PGDN" && many 10 "$ENTER" "$PGDN" "$F3" "$DOWN"
        lines 1 && many 5 "$ENTER" "$PGDN" "$F3" "$DOWN" && lines "$F3" 3 "$PGDN" && homewards
        lines 1 mudaqqiq "$ENTER" && many 3 "$ENTER" "$F3" "$DOWN" && homewards
        trails_asked
        lines 2 && many 10 "$PGDN" && many 5 "$ENTER" "$PGDN" 1 "$F3" "$F3" "$DOWN"
    } >"$work/keys.mudaqqiq"
    session mudaqqiq "$work/keys.mudaqqiq" && did mudaqqiq "Trail read" 20 && did mudaqqiq "Trail searched" 50
}
# did ACCOUNT WHAT TIMES: that the keys went where they were meant to.
did() {
    times=$("$sanad" trail --account "$1" --state "$office" | grep -c "	$1	local	.*	$2	")
    note "$1: $2: $times times"
    [ "$times" -ge "$3" ]
}
judged() { "$here/judge" "$work/out.clerk" "$work/out.mudaqqiq" | sed 's/^/# /' >"$work/judged"; status=$?
    cat "$work/judged"; ! grep -q "[1-9][0-9]* offences" "$work/judged" && [ $status = 0 ]; }
# The judge himself: one byte too much is seen.
judge_sees() {
    cp "$work/out.clerk" "$work/spoiled" && printf '\033]0;x\007' >>"$work/spoiled" && ! "$here/judge" "$work/spoiled" >/dev/null &&
        cp "$work/out.clerk" "$work/spoiled" && printf '\342\200\256' >>"$work/spoiled" && ! "$here/judge" "$work/spoiled" >/dev/null
}

# A thousand people, through the command line and the screens, the right ways and the wrong ones.
civil_numbers() {
    awk -v today="$SANAD_TODAY" 'BEGIN { srand(11); for (i = 0; i < 1000; i++) printf "%d\n", 61000000 + int(rand() * 9000) * 1000 + i }' >"$work/civils"
    while read -r civil; do
        printf '{"service":"TS-01","account":"clerk","ago":1,"minute":600,"values":{"civil":"%s","name":"سالم بن سعيد","mobile":"9%s"}}\n' "$civil" "${civil#?}"
    done <"$work/civils" >"$work/thousand.jsonl"
    "$sanad" request enter "$work/thousand.jsonl" --state "$office" >/dev/null 2>>"$work/errors" || return 1
    { # refused: a value that is wrong, a person who is not there, a line that is no line
        head -n 3 "$work/civils" | while read -r civil; do
            printf '{"service":"TS-01","account":"clerk","ago":2,"minute":601,"values":{"civil":"%s","name":"x","mobile":"9"}}\n' "$civil" >"$work/bad.jsonl"
            "$sanad" request enter "$work/bad.jsonl" --state "$office"
            "$sanad" request show "$civil" --state "$office"
            "$sanad" trail --request "$civil" --state "$office"
            printf 'civil %s\n' "$civil" >"$work/bad.jsonl"
            "$sanad" request enter "$work/bad.jsonl" --state "$office"
        done
    } >/dev/null 2>>"$work/errors"
    { lines "2" "$ENTER"; head -n 20 "$work/civils" | while read -r civil; do lines 3 "$civil" "$ENTER" "$ENTER"; homewards; done
      lines 1 TS-01 "$ENTER"; head -n 5 "$work/civils" | while read -r civil; do lines "$civil" "$ENTER" "$civil" '\t'; done; } >"$work/keys.salim"
    session salim "$work/keys.salim" 2>>"$work/errors"
}
nobody_in_logs() {
    [ -s "$work/server.log" ] && [ -s "$work/errors" ] &&
        cat "$work/server.log" "$work/errors" "$office"/run/*.log 2>/dev/null >"$work/said" &&
        note "$(wc -l <"$work/said") lines of logs and errors, $(wc -l <"$work/civils") civil numbers" &&
        ! grep -F -f "$work/civils" "$work/said" | sed 's/^/# /' | grep .
}

office_make && account_make salim "clerk سالم بن حمد العبري" && account_make mudaqqiq "auditor ناصر بن علي المدقق" &&
    "$sanad" form load "$work/ts-01.form" --state "$office" >/dev/null && office_start || exit 1
"$here/hostile_text" keys >"$work/texts"
ok "hostile texts through every field, name and search are kept word by word or refused" store_all
ok "a clerk types them and looks at what was kept" clerk_sees
ok "an auditor types them and reads the trails" auditor_sees
ok "no byte on the wire but our painter's" judged
ok "a byte too much is seen" judge_sees
ok "a thousand people, some with mistakes" civil_numbers
ok "no civil number in logs and errors" nobody_in_logs
ok "the book verifies" fsck_clean
done_testing
