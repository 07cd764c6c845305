# SPDX-License-Identifier: Apache-2.0
# The tree of processes: who may do what, who is started again, and how it ends.
. "${SND_SRCDIR:-.}/tests/lib.sh"

pids() { pgrep -s "$server_pid" -x "sanad-$1"; }
user_of() { ps -o user= -p "$(pids "$1" | head -n 1)"; }

different_users() {
    [ "$(id -u)" = 0 ] || {
        note "not root: everybody is $(id -un)"
        return 0
    }
    [ "$(for part in ledger door desk; do user_of $part; done | grep -v root | sort -u | wc -l)" = 3 ]
}

# Seccomp: 2 is a filter, NoNewPrivs: 1.
confined() {
    for part in ledger reader hasher copier gate door nursery desk; do
        for pid in $(pids $part); do
            grep -q '^Seccomp:[[:space:]]*2$' "/proc/$pid/status" &&
                grep -q '^NoNewPrivs:[[:space:]]*1$' "/proc/$pid/status" || {
                note "$part is not"
                return 1
            }
        done
    done
}

# What is mapped before the fork is paid for by each session.
nothing_of_http() {
    for pid in $(pids door) $(pids desk); do
        [ -r "/proc/$pid/maps" ] && grep -q 'libssh\.so' "/proc/$pid/maps" || return 1
        ! grep -qE 'lib(curl|microhttpd|gnutls|zstd|nghttp2)\.so' "/proc/$pid/maps" || return 1
    done
}

replaced() { now=$(pids "$1") && [ -n "$now" ] && [ "$now" != "$2" ]; }

# killed PART: another one comes, the session that was there goes on, a new one gets in.
killed() {
    old=$(pids "$1")
    kill -9 $old
    within 60 replaced "$1" "$old" || return 1
    keys first C-l
    expect_screen first "العبري" && login "after-$1" clerk && expect_screen "after-$1" "العبري"
}

ends() {
    session=$server_pid
    kill "$session"
    within 60 gone "$session" && within 60 nobody
}
# What is left of the session but processes that have ended and wait to be noticed.
nobody() { ! ps -s "$session" -o stat=,comm= | grep -v '^Z' | grep -q sanad; }

goodbye() { within 60 shows first client-ended; }

# A folder that is closed to all but its owner is above the office.
shut_out() {
    [ "$(id -u)" = 0 ] || {
        note "not root: nobody is shut out"
        return 0
    }
    chmod 700 "$work"
    ! timeout 60 "$sanad" serve --state "$office" --port 0 2>"$work/shut" &&
        grep -qF "can't pass to $office: chmod o+x" "$work/shut"
    status=$?
    chmod 711 "$work"
    return $status
}

office_make
ok "service users who can't pass to the office are a clear error" shut_out
office_start || exit 1
ok "the first screen" login first clerk
ok "is there" expect_screen first "العبري"
ok "door, desk and ledger are different users" different_users
ok "every process is confined" within 60 confined
ok "a session maps nothing of what speaks HTTP" nothing_of_http
for part in gate nursery ledger seedbed; do
    ok "a killed $part" killed $part
done
ok "everything ends within seconds" ends
ok "and the client is told" goodbye
done_testing
