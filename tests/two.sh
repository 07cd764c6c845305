# SPDX-License-Identifier: Apache-2.0
# Sourced after lib.sh: a hub and a centre that has joined it, with whatever a test likes on the port
# between them. The centre is $office; the hub is $hub.
hub=$work/hub
hub_pid=


two_users() {
    [ "$(id -u)" != 0 ] || id sanad-hub sanad-sync >/dev/null 2>&1 ||
        skip_all "root without the service users (tools/check makes them)"
}

# two_make: both offices, the hub served at $hub_port, the centre not yet.
two_make() {
    two_users
    hub_port=$(port_free)
    line_port=$(port_free)
    "$sanad" init --state "$hub" --demonstration --centre MM01-001 --name "الرئيسي" --admin admin >/dev/null &&
        "$sanad" init --state "$office" --demonstration --centre DA01-003 --name "مركز الأفق" --admin admin >/dev/null &&
        "$sanad" user add clerk --state "$office" --role clerk --name "سالم بن حمد العبري" >/dev/null &&
        echo "$password" | "$sanad" user passwd clerk --state "$office" --stdin || return 1
    sed -i 's/^ballast_mib *=.*/ballast_mib = 1/; s/^hub_source *=.*/hub_source = 4000/' "$hub/sanad.conf" "$office/sanad.conf"
    "$sanad" hub init --state "$hub" --listen "127.0.0.1:$hub_port" --names 127.0.0.1 >/dev/null && hub_start
}

# two_join: by an invitation, at the hub itself; from then on over $line_port.
two_join() {
    invitation=$("$sanad" hub invite DA01-003 --state "$hub" | head -n 1) &&
        "$sanad" join "https://127.0.0.1:$hub_port" "$invitation" --state "$office" >"$work/join.out" 2>&1 || return 1
    sed -i "s|^hub_url *=.*|hub_url = https://127.0.0.1:$line_port|" "$office/sanad.conf"
}

hub_start() {
    : >"$work/hub.ready"
    setsid "$sanad" serve --state "$hub" --port 0 >"$work/hub.ready" 2>>"$work/hub.log" </dev/null &
    hub_pid=$!
    within 60 grep -q '^ready ' "$work/hub.ready" || {
        note "the hub did not start"
        tail -n 20 "$work/hub.log" | sed 's/^/# /'
        return 1
    }
}

hub_stop() {
    [ -n "$hub_pid" ] || return 0
    kill "$hub_pid" 2>/dev/null
    within 60 gone "$hub_pid" || kill -9 "$hub_pid" 2>/dev/null
    wait "$hub_pid" 2>/dev/null
    hub_pid=
}

# The line: weaklink with these options, from $line_port to $hub_port.
line_pid=
line_up() {
    "$SND_BUILDDIR/tests/bench/weaklink" --listen "$line_port" --to "$hub_port" --control "$work/line" "$@" \
        >"$work/line.out" 2>&1 </dev/null &
    line_pid=$!
    within 60 test -S "$work/line"
}
line_down() {
    [ -n "$line_pid" ] || return 0
    kill "$line_pid" 2>/dev/null
    wait "$line_pid" 2>/dev/null
    line_pid=
}

two_end() {
    status=$?
    line_down
    hub_stop
    return $status
}
trap 'two_end; at_end' EXIT

# enter N: so many requests at the centre, those of the demonstration over and over. Entered again a line would
# be the same request: one more blank makes it another.
entered=0
enter() {
    awk -v from="$entered" -v count="$1" '{ line[NR - 1] = $0 } END {
        for (i = from; i < from + count; i++) printf "%s%*s\n", line[i % NR], int(i / NR), "" }' \
        "$SND_SRCDIR/tests/nation/demo.jsonl" >"$work/enter.jsonl"
    "$sanad" request enter "$work/enter.jsonl" --state "$office" >>"$work/numbers" || return 1
    entered=$((entered + $1))
}

hub_has() { [ "$("$sanad" request list --state "$hub" 2>/dev/null | wc -l)" = "$1" ]; }
arrives() {
    within "${1:-$PATIENCE}" hub_has $((entered + papers)) && return 0
    note "the hub has $("$sanad" request list --state "$hub" | wc -l) of $((entered + papers))"
    grep -a sync "$work/server.log" | tail -n 5 | sed 's/^/# /'
    grep -a hub "$work/hub.log" | tail -n 5 | sed 's/^/# /'
    return 1
}

# Documents: a clerk `scribe` who sends them over sftp (before the centre is served), a PDF of N bytes
# into that clerk's inbox, whether the hub has the whole of it.
scribe_make() { mkdir -p "$work/keys" && account_make scribe "clerk هدى بنت سعيد الحارثية"; }
papers_put() { # papers_put NAME N [NAME N]...
    : >"$work/put"
    while [ $# -gt 1 ]; do
        { printf '%%PDF-1.4\n<</Type/Page>>\n'; head -c "$2" /dev/urandom; printf '%%%%EOF\n'; } >"$work/$1.pdf"
        echo "put $work/$1.pdf inbox/$1.pdf" >>"$work/put"
        shift 2
    done
    sftp -q -F /dev/null -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$work/known_hosts" -o IdentitiesOnly=yes \
        -o BatchMode=yes -o IdentityAgent=none -P "$port" -i "$work/keys/scribe" -b "$work/put" scribe@127.0.0.1 \
        >"$work/out" 2>&1 && return 0
    sed 's/^/# /' "$work/out"
    return 1
}
paper_sha() { sha256sum "$work/$1.pdf" | cut -d' ' -f1; }
# paper_enter NAME: one more request at the centre, with that document.
paper_enter() {
    head -n 1 "$SND_SRCDIR/tests/nation/demo.jsonl" |
        sed "s/\"account\":\"clerk\"/\"account\":\"scribe\"/; s/\"doc_id\":\"[^\"]*\"/\"doc_id\":\"att:$(paper_sha "$1")\"/" >"$work/enter.jsonl"
    papers=$((papers + 1))
    "$sanad" request enter "$work/enter.jsonl" --state "$office" >>"$work/numbers"
}
papers=0
paper_there() {
    [ "$(curl -fsS --max-time 5 -I --cacert "$hub/hub/ca.crt" --cert "$office/node/node.crt" --key "$office/node/node.key" \
        "https://127.0.0.1:$hub_port/v1/blob/$(paper_sha "$1")" | tr -d '\r' | sed -n 's/^Upload-Offset: //p')" = "$(stat -c %s "$work/$1.pdf")" ]
}

# numbers_equal: each request that the centre was told it has is at the hub, once, and no other.
numbers_equal() {
    sort "$work/numbers" >"$work/told"
    "$sanad" request list --state "$hub" | cut -f1 | sort >"$work/there"
    cmp -s "$work/told" "$work/there"
}

# clean STATE: the book verifies.
clean() {
    "$sanad" fsck --state "$1" >"$work/fsck.out" 2>&1 || {
        sed 's/^/# fsck: /' "$work/fsck.out"
        return 1
    }
}

# both_clean: after both were stopped.
both_clean() {
    office_stop
    hub_stop
    clean "$office" && clean "$hub"
}
