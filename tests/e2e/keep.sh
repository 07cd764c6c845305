#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Looking after an office: a backup is made while people work, put back, and compared with what was
# there; what a person at the shell is told when it can't be.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized

run() { "$sanad" "$@" --state "$office"; }
refused() {
    words=$1
    shift
    "$@" >"$work/out" 2>"$work/err" && return 1
    [ $? = 1 ] && grep -q "^sanad: .*$words" "$work/err" && return 0
    sed 's/^/# /' "$work/err"
    return 1
}
# Enters the prepared requests in the background, one after the other, while backups are made.
nation=$SND_SRCDIR/tests/nation/demo.jsonl
enter_slowly() {
    while read -r line; do
        echo "$line" >"$work/one"
        run request enter "$work/one" >>"$work/numbers"
    done <"$nation"
}
# Every number that was told before the backup began is in the restored book.
holds() {
    "$sanad" request list --state "$1" | cut -f1 | sort >"$work/there"
    sort "$2" | comm -23 - "$work/there" >"$work/missing"
    [ ! -s "$work/missing" ]
}
while_clerks_work() {
    enter_slowly &
    entering=$!
    within 30 test -s "$work/numbers"
    for n in 1 2 3 4 5; do
        cp "$work/numbers" "$work/told$n"
        run backup "$work/backup$n" >"$work/said$n" || return 1
        grep -q "it was read again and is whole" "$work/said$n" || return 1
    done
    wait $entering
}
each_restores() {
    for n in 1 2 3 4 5; do
        mkdir "$work/again$n" && cp "$office/keyring" "$work/again$n/"
        "$sanad" restore "$work/backup$n" --state "$work/again$n" >"$work/out" || return 1
        "$sanad" fsck --state "$work/again$n" >"$work/fsck.out" || return 1
        holds "$work/again$n" "$work/told$n" || return 1
    done
}
# All that a person entered, from each book, as it is listed and shown.
contents() {
    "$sanad" request list --state "$1"
    for number in $("$sanad" request list --state "$1" | cut -f1 | head -n 5); do
        "$sanad" request show "$number" --json --state "$1"
    done
    "$sanad" user list --state "$1"
}
compare() {
    contents "$office" >"$work/before" && run backup "$work/whole" >/dev/null &&
        mkdir "$work/other" && cp "$office/keyring" "$work/other/" &&
        "$sanad" restore "$work/whole" --state "$work/other" >/dev/null &&
        contents "$work/other" >"$work/after" && cmp "$work/before" "$work/after"
}

office_make && office_start || exit 1
ok "five backups while requests are entered" while_clerks_work
ok "each of them restores, is clean, and has all that was told before it" each_restores
ok "backup, restore, compare" compare
ok "never over a running office" refused "stop it first" run restore "$work/whole"
ok "a backup is never made over another file" refused "choose another name" run backup "$work/whole"
office_stop
run user add late --role clerk --name "متأخر" >/dev/null
ok "a stopped office takes its backup back" into "$work/said" run restore "$work/whole"
ok "and is told what is lost" grep -q "goes on after it: [0-9]* events with 0 requests" "$work/said"
ok "the old book is kept" test -s "$(sed -n 's/^The old book is kept as \(.*\)\.$/\1/p' "$work/said")"
ok "the book is clean" fsck_clean
ok "the late account is gone" sh -c "! '$sanad' user list --state '$office' | grep -q '^late	'"
head -c 200000 "$work/whole" >"$work/cut"
ok "a backup that was cut is refused" refused "damaged" run restore "$work/cut"
ok "and nothing was changed by it" fsck_clean
echo nothing >"$work/nothing"
ok "what is no backup is refused" refused "no backup" run restore "$work/nothing"
SANAD_TODAY='' "$sanad" init --state "$work/stranger" --centre DA01-004 --name x >/dev/null
ok "another office's book is not replaced" refused "another office" "$sanad" restore "$work/whole" --state "$work/stranger"
ok "without its key ring a backup can't be put back" refused "keyring is missing" "$sanad" restore "$work/whole" --state "$work/nobody"
ok "the keys are not in it" sh -c "! grep -aq 'BEGIN OPENSSH PRIVATE KEY' '$work/whole'"
run backup "$work/keys.sanad" --with-keys >/dev/null
ok "unless they were asked for" grep -aq 'BEGIN OPENSSH PRIVATE KEY' "$work/keys.sanad"
ok "and then it needs no others" into "$work/said" "$sanad" restore "$work/keys.sanad" --state "$work/nobody"
ok "the office starts again" office_start
ok "and takes logins" login clerk clerk
expect_said clerk ar "Enter goes on."
done_testing
