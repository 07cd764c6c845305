#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the doctor says: that all is well, and what is wrong, in either language; the units for systemd;
# and that the log of all this names nobody.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized

doctor() { "$sanad" doctor --state "$office" "$@" >"$work/said" 2>&1; }
# finds CHECK LEVEL: the doctor's word on one thing.
finds() {
    doctor --json
    tr -d '\n' <"$work/said" | tr '}' '\n' | grep -q "\"check\": \"$1\", *\"state\": \"$2\"" && return 0
    sed 's/^/# /' "$work/said"
    return 1
}
well() { doctor && ! grep -q '^wrong' "$work/said"; }

# An office that was made before there was a register of violations.
mkdir "$work/older" && cp -r "$SND_SRCDIR/screens" "$work/older/" && sed -i '/^violation/d' "$work/older/screens/register.tsv" || exit 1
noted() { "$sanad" oversight finding DA01-003 V05 --words "لا إيصال" --state "$office" 2>/dev/null; }
SANAD_DATADIR=$work/older
office_make || exit 1
SANAD_DATADIR=$SND_SRCDIR
unnoted() { ! noted; }
ok "in an older office no finding can be noted" unnoted
office_start || exit 1
ok "served by this program it has the register of violations" within 60 noted
ok "an office without a backup is warned, not ill" finds backup warning
"$sanad" backup "$work/b" --state "$office" >/dev/null
ok "a sound office is well" well
ok "it runs and answers" finds service good
ok "in Arabic" sh -c "LC_ALL=ar_OM.UTF-8 '$sanad' doctor --state '$office' | grep -q '^سليم: الملفات لأصحابها'"
chmod 644 "$office/host_key"
ok "a key that others may read is found" finds files bad
ok "and then the doctor's status is 1" sh -c "! '$sanad' doctor --state '$office' >/dev/null"
chmod 600 "$office/host_key"
office_stop
ok "an office that doesn't run is told how to start" finds service warning
echo "prot = 1" >>"$office/sanad.conf"
ok "a wrong configuration is named" finds configuration bad
sed -i '$d' "$office/sanad.conf"
mv "$office/keyring" "$work/keyring"
ok "a missing key ring is named" finds keys bad
mv "$work/keyring" "$office/keyring"
touch -d '2037-01-01' "$office/office.db"
ok "a clock that is behind the book is found" finds clock bad
touch -d '2019-01-01' "$office/office.db"
ok "and one that is far ahead of it" finds clock warning
touch "$office/office.db"
cp "$office/office.db" "$work/office.db"
dd if=/dev/urandom of="$office/office.db" bs=4096 seek=20 count=40 conv=notrunc 2>/dev/null
ok "a damaged book is found" finds book bad
cat "$work/office.db" >"$office/office.db"
ok "put back, it is well" well
ok "nothing was changed by any of that" fsck_clean
ok "where no office is, the doctor says so" sh -c "! '$sanad' doctor --state '$work/none' 2>&1 | grep -q Traceback && '$sanad' doctor --state '$work/none' 2>&1 | grep -q 'no office'"

# The units.
unit_sound() { systemd-analyze security --offline=true --threshold=20 --no-pager "$SND_BUILDDIR/systemd/$1" >"$work/unit" 2>&1; }
if command -v systemd-analyze >/dev/null; then
    ok "the unit is fenced in" unit_sound sanad.service
    ok "so is that of the backup" unit_sound sanad-backup.service
else
    note "no systemd-analyze here: the units were not looked at"
fi
# Readiness is one datagram to the socket that the manager names.
notified() {
    python3 - "$work/notify" <<'P' &
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
s.settimeout(30)
open(sys.argv[1] + ".got", "wb").write(s.recv(100))
P
    listener=$!
    within 60 test -S "$work/notify" && NOTIFY_SOCKET=$work/notify && export NOTIFY_SOCKET && office_start &&
        unset NOTIFY_SOCKET && wait $listener && grep -q '^READY=1$' "$work/notify.got"
}
ok "the service manager is told when the office is ready" notified

# The log: a clerk works, mistypes a password, is cut off; nobody's data is in it.
login clerk clerk && at_home clerk ar && begin_request clerk ar MZ-01 && fill_mz01 clerk ar 99080001 &&
    submit clerk ar >/dev/null
"$sanad" request list --query "سالم" --state "$office" >/dev/null
kill -9 "$(newest ledger)"
within 60 newest ledger >/dev/null
office_stop
log_names_nobody() {
    cat "$work/server.log" "$office/run/command.log" "$office/log" >"$work/logs" 2>/dev/null
    [ -s "$work/logs" ] || return 1
    ! grep -aE '99080001|70123456|ELC123|2017/44' "$work/logs" && ! grep -aF "سالم" "$work/logs" &&
        ! grep -aF '\xd8\xb3\xd8\xa7\xd9\x84\xd9\x85' "$work/logs"
}
ok "the log names no citizen" log_names_nobody
done_testing
