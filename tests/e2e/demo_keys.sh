#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The keys of a demonstration office open that office only: another one, with accounts of the same
# names, refuses them.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized

# try KEYFILE ACCOUNT: whether the server lets this key in; nobody types anything.
try() {
    ssh -F none -T -p "$port" -i "$1" -o IdentitiesOnly=yes -o BatchMode=yes \
        -o UserKnownHostsFile="$work/known_hosts" "$2@127.0.0.1" </dev/null >"$work/try" 2>&1
    ! grep -q 'Permission denied' "$work/try"
}
refuses() { ! try "$@"; }

office_make && office_start || exit 1
mkdir "$work/demo"
for who in clerk supervisor auditor admin; do
    ssh-keygen -q -t ed25519 -N '' -f "$work/demo/$who"
done
ok "its own key is let in" try "$work/keys/clerk" clerk
for who in clerk supervisor auditor admin; do
    ok "the demonstration key of $who is refused" refuses "$work/demo/$who" "$who"
done
done_testing
