#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tools/start as a machine uses it: --background returns when logins are accepted, after printing
# where; the four keys are there and log in; --stop ends it. Uses a copy of nothing: the program it
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

finish() {
    start --stop >/dev/null 2>&1
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
done_testing
