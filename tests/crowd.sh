# SPDX-License-Identifier: Apache-2.0
# Sourced after two.sh: a hub and many centres, played by one process (tests/bench/crowd).
crowd_pid=

# crowd_hub: the hub's office, not yet served.
crowd_hub() {
    two_users
    hub_port=$(port_free)
    "$sanad" init --state "$hub" --demonstration --centre DA01-900 --name "الرئيسي" --admin admin >/dev/null &&
        "$sanad" hub init --state "$hub" --listen "127.0.0.1:$hub_port" --names 127.0.0.1 >/dev/null &&
        sed -i 's/^ballast_mib *=.*/ballast_mib = 1/; s/^hub_source *=.*/hub_source = 4000/; s/^terminal *=.*/terminal = plain/' \
            "$hub/sanad.conf"
}

# at_share NICE COMMAND... &: in a session of its own, to which the kernel gives a share of the processors as a whole.
at_share() { exec setsid sh -c '{ echo "$0" >/proc/self/autogroup; } 2>/dev/null; exec "$@"' "$@"; }

# crowd_make CENTRES REQUESTS SECONDS LINGER: so many centres with so many requests among them, which
# have joined; then the hub is served. They wait for crowd_go, and then have so many seconds.
crowd_make() {
    python3 "$SND_SRCDIR/tests/bench/sync_requests.py" "$2" crowd "$1" >"$work/crowd.jsonl" && mkfifo "$work/go" || return 1
    # Centres have processors of their own: here they get what the hub leaves.
    at_share 10 "$SND_BUILDDIR/tests/bench/crowd" "$hub" "$work/crowd.jsonl" "https://127.0.0.1:$hub_port" "$work/acked" "$3" "$4" \
        <"$work/go" >"$work/crowd.out" 2>&1 &
    crowd_pid=$!
    exec 7>"$work/go"
    within 900 crowd_made && grep -q '^made$' "$work/crowd.out" && hub_start
}
crowd_made() { [ -s "$work/crowd.out" ] || gone "$crowd_pid"; }

# crowd_go: all at once, until they are in or have given up; what they say is in $work/crowd.out.
crowd_go() {
    echo >&7
    wait "$crowd_pid"
    crowd_status=$?
    crowd_pid=
    sed -i 1d "$work/crowd.out"
    return $crowd_status
}

# crowd_told: what was acknowledged is at the hub, each once, and nothing else of any centre but its own.
crowd_told() {
    sort "$work/acked" >"$work/acked.sorted"
    "$sanad" request list --state "$hub" | cut -f1 | grep -v '^DA01-900-' | sort >"$work/there"
    cmp "$work/acked.sorted" "$work/there"
}

crowd_end() {
    status=$?
    [ -z "$crowd_pid" ] || kill "$crowd_pid" 2>/dev/null
    return $status
}
trap 'crowd_end; two_end; at_end' EXIT
