# SPDX-License-Identifier: Apache-2.0
# A crowd at the gate, and a clerk who wants to work.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized # a second is a second of the real program
hostile=$SND_BUILDDIR/tests/e2e/hostile

# A whole login, with the client's own start; the answer to a command is a line and status 1.
login_ms() {
    begin=$(now_ms)
    timeout 10 sh -c "$(ssh_line clerk -o BatchMode=yes) true" >"$work/login.out" 2>&1
    [ $? = 1 ] && grep -q 'runs no commands' "$work/login.out" || {
        sed 's/^/# login: /' "$work/login.out" >&2
        echo 10000
        return
    }
    echo $(($(now_ms) - begin))
}

# Processes of this office by the name they show in ps.
office_pids() { pgrep -s "$server_pid" -x "sanad-$1"; }
core_pids() { for part in ledger seedbed gate nursery; do office_pids $part; done | tr '\n' ' '; }

# slowest_of LOGINS: of so many logins the slowest, while nobody attacks.
slowest_of() {
    calm=0
    for _ in $(seq "$1"); do
        took=$(login_ms)
        [ "$took" -le $calm ] || calm=$took
    done
    echo $calm
}

# A login takes less than a second; on a machine that does other things besides, with which the logins
# before or after were slow, too, less than four times what those took.
quick() {
    [ "$1" -ge 1000 ] || return 0
    exec 9>&-
    wait "$silent"
    after=$(slowest_of 3)
    note "slowest before: $2 ms, after: $after ms"
    [ "$1" -lt $(($2 * 4)) ] || [ "$1" -lt $((after * 4)) ]
}

attack() {
    calm_before=$(slowest_of 3)
    mkfifo "$work/hold"
    "$hostile" silent 300 "$port" <"$work/hold" >"$work/silent.out" &
    silent=$!
    exec 9>"$work/hold"
    within 60 grep -q '^open 300' "$work/silent.out" || return 1
    "$hostile" malformed 1000 "$port" >"$work/malformed.out" 2>&1 &
    malformed=$!
    slowest=0 logins=0
    while kill -0 $malformed 2>/dev/null || [ $logins -lt 5 ]; do
        took=$(login_ms)
        [ "$took" -gt $slowest ] && slowest=$took
        logins=$((logins + 1))
    done
    note "slowest of $logins logins meanwhile: $slowest ms"
    wait $malformed || return 1
    quick $slowest "$calm_before"
}

silent_ended() {
    exec 9>&-
    wait "$silent"
    within 60 none_left
}
none_left() { [ -z "$(office_pids door)$(office_pids desk)" ]; }

same_processes() { [ "$(core_pids)" = "$before" ]; }

screen_comes() { login after clerk && expect_screen after "العبري"; }

office_make
# The limits of a real office, not those of the other tests.
sed -i 's/^startups_source *=.*/startups_source = 20/' "$office/sanad.conf"
office_start || exit 1
before=$(core_pids)
ok "1000 malformed handshakes and 300 silent peers" attack
ok "no door or desk is left over" silent_ended
ok "gate, nursery and ledger are the same processes as before" same_processes
ok "the next login gets its screen" screen_comes
done_testing
