# SPDX-License-Identifier: Apache-2.0
# What isn't served is answered with a line in both languages and an exit status, never a silence.
. "${SND_SRCDIR:-.}/tests/lib.sh"

# refused WORDS OPTIONS ARGUMENTS: status 1 and the line, within seconds.
refused() {
    timeout 60 sh -c "$(ssh_line clerk -o BatchMode=yes "$2") $3" >"$work/out" 2>&1 </dev/null
    status=$?
    [ $status = 1 ] && grep -q "$1" "$work/out" && grep -q '«سند' "$work/out" && return 0
    note "status $status"
    sed 's/^/# /' "$work/out"
    return 1
}

dumb_terminal() { (TERM=dumb && export TERM && refused 'to work line by line' -tt ''); }

without_terminal() {
    timeout 60 sh -c "$(ssh_line clerk -o BatchMode=yes -T)" >"$work/out" 2>&1 </dev/null &&
        [ "$(wc -l <"$work/out")" -gt 2 ]
}

file_copy() {
    timeout 60 scp -F none -P "$port" -i "$work/keys/clerk" -o IdentitiesOnly=yes -o BatchMode=yes \
        -o UserKnownHostsFile="$work/known_hosts" "$work/init.out" clerk@127.0.0.1:x >"$work/out" 2>&1
    status=$?
    [ $status != 0 ] && [ $status != 124 ] && grep -q 'inbox' "$work/out"
}

# A client that wants no session ends by itself: nobody has to guess why nothing happens.
no_session() {
    timeout 60 sh -c "$(ssh_line clerk -o BatchMode=yes -N)" >"$work/out" 2>&1
    status=$?
    sed 's/^/# /' "$work/out"
    [ $status = 255 ] && grep -q 'log in with plain ssh' "$work/out"
}

forwarding() {
    timeout 60 sh -c "$(ssh_line clerk -o BatchMode=yes -o ExitOnForwardFailure=yes -N "$1")" \
        >"$work/out" 2>&1
    status=$?
    [ $status = 255 ] && grep -qi 'forwarding failed' "$work/out"
}

# The forwarding of one end is the client's own doing; what goes through it is refused.
local_forwarding() {
    local_port=$(port_free)
    timeout 60 sh -c "$(ssh_line clerk -o BatchMode=yes -N -L "127.0.0.1:$local_port:127.0.0.1:$port")" \
        >"$work/out" 2>&1 &
    client=$!
    within 60 sh -c "echo x | timeout 1 ssh-keyscan -p $local_port 127.0.0.1; grep -q 'open failed' '$work/out'"
    result=$?
    kill $client 2>/dev/null
    wait $client 2>/dev/null
    return $result
}

with_extras() { login extras clerk 80x24 -X -A && expect_screen extras "العبري"; }

office_make
office_start || exit 1
ok "a command" refused 'runs no commands' '' 'ls -la'
ok "a command with a terminal" refused 'runs no commands' -tt ls
ok "a subsystem" refused 'no such subsystem' -s netconf
ok "a file copy" file_copy
ok "a shell without a terminal is line mode, and nothing to read ends it" without_terminal
ok "a terminal without a cursor" dumb_terminal
ok "no session at all" no_session
ok "forwarding back" forwarding '-R 0:127.0.0.1:1'
ok "forwarding out" local_forwarding
ok "X11 and agent forwarding are declined and the screen comes" with_extras
done_testing
