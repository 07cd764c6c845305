#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tools/start as a machine uses it: --background returns when logins are accepted, after printing
# where; the four keys are there and log in; --stop ends it. And --two: what is filled at the centre gets
# to the agency over the bad line, and its status comes back. Uses a copy of nothing: the program it
# runs is the one it builds in build/, so this is skipped when the tree can't be built in.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
[ -w "$SND_SRCDIR" ] && [ -d "$SND_SRCDIR/.git" ] || [ -f "$SND_SRCDIR/.git" ] || skip_all "not a working copy"
unset SANAD_TODAY SANAD_DATADIR SANAD_LOCALEDIR
state="$work/a demonstration"
start() { sh "$SND_SRCDIR/tools/start" --state "$state" "$@"; }
ready() { tail -n 1 "$work/out" | grep -Eq '^ready 127\.0\.0\.1:[0-9]+$'; }
logs_in() {
    ssh -F none -T -p "$port" -i "$state/keys/$1" -o IdentitiesOnly=yes -o BatchMode=yes \
        -o "UserKnownHostsFile=\"$state/known_hosts\"" "$1@127.0.0.1" </dev/null >"$work/try" 2>&1
    ! grep -q 'Permission denied' "$work/try"
}
fast() {
    began=$(now_ms)
    start --background --port "$port" >"$work/again" </dev/null || return 1
    took=$(($(now_ms) - began))
    note "a second run took $took ms"
    [ $took -lt 15000 ]
}


# --two, and the commands that it prints: printed WORDS runs the one behind these words.
both="$work/a hub and a centre"
two() { sh "$SND_SRCDIR/tools/start" --two --state "$both" "$@"; }
printed() { eval "$(sed -n "s/^$1 *//p" "$work/two")"; }
clerk_there() { term_open clerk 80x24 env TERM=xterm-256color LANG=C.UTF-8 sh -c "$(sed -n '/^ssh -p/p' "$work/two"); exec cat"; }
fills() {
    clerk_there && at_home clerk ar && begin_request clerk ar MZ-01 && fill_mz01 clerk ar 99012345 || return 1
    number=$(submit clerk ar)
    [ -n "$number" ] && note "$number"
}
hub_has() { printed "The hub has:" | grep -q "^$number"; }
agency_has() { printed "The agency has:" | grep -q "^$number	MZEC	taken"; }
approved() { "$sanad" request list --state "$both/centre" | grep -q "^$number	.*	approved	"; }
on_screen() { keys clerk 2 && expect_screen clerk "موافق عليه" "$PATIENCE" ar; }
taken_in() { [ "$("$sanad" request list --state "$both/hub" | wc -l)" = "$1" ]; }
enters() { tail -n 1 "$SND_SRCDIR/tests/nation/demo.jsonl" >"$work/one" && "$sanad" request enter "$work/one" --state "$both/centre"; }
cut_off() {
    two --cut >/dev/null && enters >/dev/null || return 1
    taken_in 1 && two --mend >/dev/null && within 60 taken_in 2
}
pids() { for of in centre hub agency; do cat "$both/$of/pid"; done && cat "$both/line.pid"; }
comes_up_again() { two --background --port 0 >"$work/two" </dev/null && [ "$(pids)" = "$1" ]; }
all_gone() { for one in $1; do gone "$one" || return 1; done; }

finish() {
    start --stop >/dev/null 2>&1
    two --stop >/dev/null 2>&1
    at_end
}
trap finish EXIT
ok "it comes up in the background" into "$work/out" start --background --port 0 </dev/null
ok "the last line says where" ready
port=$(sed -n 's/^ready .*:\([0-9]*\)$/\1/p' "$work/out")
ok "pid is that of the server" sh -c "tr '\\0' ' ' <\"/proc/\$(cat '$state/pid')/cmdline\" | grep -q 'sanad serve'"
for who in clerk supervisor auditor admin; do
    ok "keys/$who logs in" logs_in $who
done
ok "it has requests of the last days" test "$("$sanad" request list --state "$state" | wc -l)" = 51
ok "a second run takes seconds and says the same" fast
ok "it says the same place" sh -c "tail -n 1 '$work/out' | cmp -s - '$work/again'"
pid=$(cat "$state/pid")
ok "--stop ends it" start --stop
ok "it has ended" gone "$pid"
ok "an office made by somebody else is left alone" sh -c "rm '$state/demonstration'; ! sh '$SND_SRCDIR/tools/start' --state '$state' --background --port 0 </dev/null >/dev/null 2>&1"

ok "a hub, an agency and a centre on a bad line come up" into "$work/two" two --background --port 0 </dev/null
echo '{"step": 1}' >"$both/agency/switches"
ok "its clerk, by the command that is printed, fills a request in Arabic" fills
ok "which is at the hub" within 60 hub_has
ok "and at the agency" within 60 agency_has
ok "its status comes back to the centre" within 60 approved
ok "and stands on the clerk's screen" on_screen
ok "what is done while the line is cut arrives when it is mended" cut_off
now=$(pids)
ok "a second run finds all of it running" comes_up_again "$now"
ok "--stop ends all of it" two --stop
ok "they have ended" within 30 all_gone "$now"
for of in centre hub; do
    ok "the $of's book verifies" into "$work/fsck" "$sanad" fsck --state "$both/$of"
done
done_testing
