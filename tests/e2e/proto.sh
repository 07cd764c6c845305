# SPDX-License-Identifier: Apache-2.0
# Two versions of the protocol on one line: this program is the older side of a newer one, and says
# so to one that is too old.
. "${SND_SRCDIR:-.}/tests/lib.sh"
. "$SND_SRCDIR/tests/two.sh"
skip_when_sanitized
theirs=

centre_says() { python3 "$SND_SRCDIR/tests/e2e/proto.py" ask "$hub_port" "$hub/hub/ca.crt" "$office/node/node.crt" "$office/node/node.key" "$1"; }
hello() { curl -fsS --max-time 5 --cacert "$hub/hub/ca.crt" "https://127.0.0.1:$hub_port/v1/hello" | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"; }
theirs_end() {
    [ -n "$theirs" ] && kill "$theirs" && wait "$theirs" 2>/dev/null
    theirs=
}
hub_says() { # hub_says PROTO: a hub of that version is there
    theirs_end
    python3 "$SND_SRCDIR/tests/e2e/proto.py" hub "$line_port" "$hub/hub/server.crt" "$hub/hub/server.key" "$1" 2>"$work/their.log" &
    theirs=$!
}
# It comes again after the four seconds that it was told, or up to two more.
told_later() {
    [ "$(sed -n 's/.*sync.failed why=busy again_ms=\([0-9]*\).*/\1/p' "$work/server.log" | awk '$1 < 4000 || $1 > 6000 { bad = 1 } END { print (NR > 0 && !bad) }')" = 1 ]
}
line_is() { grep -a 'sync.line' "$work/server.log" | tail -n 1 | grep -q "state=$1 "; }

two_make >&2 && two_join || exit 1
least=$(hello proto_least) newest=$(hello proto)
note "versions $least to $newest"
all_heard() {
    for version in $(seq "$least" "$newest"); do
        [ "$(centre_says "$version")" = "200 $newest 0" ] || { note "$version: $(centre_says "$version")"; return 1; }
    done
}
ok "24: a hub hears every version that it says it does" all_heard
ok "24: and a centre of the next one, whose heads are longer" eval '[ "$(centre_says $((newest + 1)))" = "200 $newest 0" ]'
ok "24: one that is too old is told so" eval '[ "$(centre_says $((least - 1)))" = 426 ]'
ok "what a centre says waits there, the hub shows" eval '"$sanad" hub nodes --csv --state "$hub" | grep -q "^\"DA01-003\",.*,well,.*,7,3,"'
hub_stop
hub_says $((newest + 1))
office_start || exit 1
ok "24: a centre hears a hub of the next version" within 60 line_is up
hub_says busy
ok "a centre comes again when a hub that has too much to do says" within 60 told_later
hub_says $((least - 1))
ok "24: and says what is wrong with one that is too old" within 60 line_is version
theirs_end
office_stop
ok "the book verifies" clean "$office"
done_testing
