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
    within 60 test -s "$work/numbers"
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
office_stop

# Letting go. The prepared requests are of January 2018; ten years later their time has passed.
run_later() { SANAD_TODAY=2029-01-14 "$sanad" "$@" --state "$office"; }
lets_go() {
    run_later purge --dry-run >"$work/would" && run_later purge >"$work/purged" &&
        grep -q "^utilities: before 2024-01-14, [1-9][0-9]* requests" "$work/purged" &&
        [ "$(sed 's/would be/were/' "$work/would")" = "$(cat "$work/purged")" ]
}
nobody_left() {
    "$sanad" request list --state "$office" | cut -f1 >"$work/left"
    [ "$(wc -l <"$work/left")" = "$(wc -l <"$work/numbers")" ] &&
        [ "$(run request list --query "$purged_name" | wc -l)" = 0 ]
}
purged_name=$(sed -n '1s/.*"app_name": *"\([^ "]*\).*/\1/p' "$nation")
ok "somebody can be found by name before" test "$(run request list --query "$purged_name" | wc -l)" -gt 0
ok "younger requests are not let go" into "$work/none" run purge
ok "so none was" sh -c "! grep -q ' [1-9][0-9]* requests' '$work/none'"
ok "purge lets go of what is old enough, as its dry run said" lets_go
ok "the requests stand, and nobody is found by name" nobody_left
ok "the chain verifies after a purge" fsck_clean
echo "identity ten RP" >"$office/retention"
ok "a retention file that can't be understood is refused" refused "line 1" run purge
rm "$office/retention"

# What can go wrong before there is an office, or with it.
mkdir "$work/full" && echo letter >"$work/full/letter"
ok "init takes no folder with other files in it" refused "holds other files (letter)" "$sanad" init --state "$work/full" --centre DA01-003 --name x
mkdir "$work/half" && : >"$work/half/office.db.making"
ok "init goes on where a power cut left it" into "$work/out" "$sanad" init --state "$work/half" --centre DA01-003 --name x
ok "and makes a whole office" "$sanad" fsck --state "$work/half"
python3 -c 'import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
c.execute("UPDATE schema_version SET version = 9999")
c.commit()' "$work/half/office.db"
ok "a newer office is refused in one sentence" refused "newer sanad" "$sanad" serve --state "$work/half"
ok "by every command" refused "newer sanad" "$sanad" user list --state "$work/half"
done_testing
