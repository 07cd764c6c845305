# SPDX-License-Identifier: Apache-2.0
# Screens on the clerk's own side, over the subsystem sanad-book, with the real ssh.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized

# subsystem ACCOUNT: the command that reaches it.
subsystem() {
    printf 'ssh -F none -T -p %s -i %s -o IdentitiesOnly=yes -o BatchMode=yes -o LogLevel=ERROR -o UserKnownHostsFile=%s -s %s@127.0.0.1 sanad-book' \
        "$port" "$work/keys/$1" "$work/known_hosts" "$1"
}
# quiet WHAT...: what relay.py finds, which is nothing.
quiet() {
    python3 "$SND_SRCDIR/tests/e2e/relay.py" "$@" >"$work/found" 2>&1
    [ ! -s "$work/found" ] || { sed 's/^/# /' "$work/found"; return 1; }
}
permitted() { quiet matrix "$1" "$SND_SRCDIR/tests/golden/permissions.tsv" -- $(subsystem "$2"); }
permitted_all() { permitted clerk clerk && permitted sup supervisor && permitted owner owner; }

office_make && account_make owner "owner ناصر بن سعيد الهنائي" && office_start || exit 1
ok "malformed frames close the line with a clear one" quiet malformed -- $(subsystem clerk)
ok "a session is gone on with by its own account alone" quiet resume -- $(subsystem clerk) -- $(subsystem clerk2)
ok "a relay can do only what the table lets its account do" permitted_all
office_stop
ok "the book is clean" fsck_clean
done_testing
