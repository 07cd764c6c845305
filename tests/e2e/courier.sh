#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Requests on their way to a real agency over HTTP, and its word on its way back over TLS: answers that
# are lost, errors after acting, everything told twice or too early, processes killed on both sides, a hub
# that was restored from a backup. At the end each request is at the agency once, and stands at the hub
# as the agency says.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
command -v python3 >/dev/null || skip_all "python3 is missing"

KILLS=${KILLS:-12}
agency=$work/agency stub_pid= stub_port=0
run() { "$sanad" "$@" --state "$office"; }
sql() { python3 -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1], timeout=10).execute(sys.argv[2]).fetchone()[0])' "$agency/agency.db" "$1"; }
stub_start() {
    rm -f "$agency/port"
    python3 "$SND_SRCDIR/tools/agency-stub" "$agency" --port "$stub_port" --token from-us \
        --hub "https://127.0.0.1:$hub_port" --hub-token "$token" --hub-ca "$office/hub/ca.crt" --again 0.2 "$@" \
        2>>"$work/stub.log" &
    stub_pid=$!
    within 60 test -s "$agency/port" && stub_port=$(cat "$agency/port")
}
stub_stop() {
    [ -n "$stub_pid" ] && kill "$1" "$stub_pid" 2>/dev/null && wait "$stub_pid" 2>/dev/null
    stub_pid=
}
finish() {
    status=$?
    stub_stop -9
    (exit $status)
    at_end
}
trap finish EXIT
all_are() { [ "$(run request list --json | grep -o "\"state\": *\"$1\"" | wc -l)" = "$2" ]; }
outbox_is() { [ "$(run agency outbox MZEC --state-of "$1" | wc -l)" = "$2" ]; }
line_is() { [ "$(run agency list | cut -f3)" = "$1" ]; }
heard() { [ "$(sql 'SELECT COUNT(*) FROM message WHERE told = 0')" = 0 ]; }
# further N: more requests have come to the agency than N, be it for the second time.
arrivals() { sql 'SELECT COUNT(*) FROM arrival'; }
further() { [ "$(arrivals)" -gt "$1" ]; }
# kill_one NAME: the process of that name of this office, or the agency.
kill_one() {
    if [ "$1" = stub ]; then
        stub_stop -9
        stub_start --lose 0.3 --fail 0.3 --before 0.2 --twice 1 --early 0.3 --step 0.7
    else
        kill -9 "$(newest "$1")" 2>/dev/null
    fi
}

mkdir "$agency"
office_make || exit 1
hub_port=$(port_free)
ok "an office becomes a hub" into "$work/hub" run hub init --listen "127.0.0.1:$hub_port" --names 127.0.0.1
sed -i 's/^courier_wait *=.*/courier_wait = 20/' "$office/sanad.conf"
stub_port=$(port_free)
echo from-us >"$work/from-us"
run agency add MZEC --url "http://127.0.0.1:$stub_port" --token-file "$work/from-us" >"$work/added"
token=$(tail -n 1 "$work/added")
ok "a link is made, its token printed once" eval 'printf %s "$token" | grep -Eqx "[0-9a-f]{64}" && run agency list | grep -q "^MZEC	agreed	closed	"'
ok "an agency that isn't there is said" eval '! run agency test MZEC 2>"$work/said" && grep -q "does not answer as it should: connect" "$work/said"'
stub_start --lose 0.3 --fail 0.3 --before 0.2 --twice 1 --early 0.3 --step 0.7
ok "one that is answers" eval 'run agency test MZEC | grep -q "MZEC answers and lets us in"'
head -n 30 "$SND_SRCDIR/tests/nation/demo.jsonl" >"$work/some"
run request enter "$work/some" >"$work/numbers"
run backup "$work/before.backup" --with-keys >/dev/null
run agency stage MZEC testing --from 2018-01-01
office_start || exit 1

# 14, 31: processes die while all that can go wrong with answers does.
killed=0 arrived=0
for i in $(seq "$KILLS"); do
    set -- courier ledger stub
    shift $((i % 3))
    within 3 further "$arrived" || true
    arrived=$(arrivals)
    kill_one "$1" && killed=$((killed + 1))
done
note "$killed kills"
ok "each request gets through" within 90 all_are approved 30
ok "14, 31: each is at the agency exactly once" test "$(sql 'SELECT COUNT(*) FROM request')-$(sql 'SELECT COUNT(DISTINCT id) FROM request')" = 30-30
note "$(sql 'SELECT COUNT(*) FROM arrival') arrivals of 30 requests; $(sql 'SELECT COUNT(*) FROM message') messages"
ok "answers were lost, and requests sent again" test "$(sql 'SELECT COUNT(*) FROM arrival')" -gt 30
ok "the agency was heard to the end" within 60 heard
ok "what was sent and answered is kept" outbox_is taken 30

# A forged token, at the hub's own door.
hub_says() { curl -s -o /dev/null -w '%{http_code}' --cacert "$office/hub/ca.crt" -H "Authorization: Bearer $1" -d "$2" "https://127.0.0.1:$hub_port/agency/v1/status"; }
ok "without the token nobody is heard" test "$(hub_says "${token%?}x" '{}')" = 401
ok "with it a message must be one" test "$(hub_says "$token" '{}')" = 400

# 20: the hub is restored from a backup that knows nothing of all this.
office_stop
ok "the book is whole" fsck_clean
run restore "$work/before.backup" --force >"$work/restored" 2>&1 || run restore "$work/before.backup" >"$work/restored" 2>&1
run agency stage MZEC testing --from 2018-01-01
echo '{"lose": 0, "fail": 0, "before": 0, "early": 0}' >"$agency/switches"
office_start || exit 1
ok "20: a restored hub sends again" within 60 outbox_is taken 30
ok "20: nothing is doubled at the agency" test "$(sql 'SELECT COUNT(*) FROM request')" = 30

# A dead agency: its line is cut off, and goes on by itself.
stub_stop -9
head -n 34 "$SND_SRCDIR/tests/nation/demo.jsonl" | tail -n 4 >"$work/more"
run request enter "$work/more" >>"$work/numbers"
ok "a line that fails again and again is cut off" within 60 line_is cut
stub_start --then in_review,need_docs
echo '{}' >"$agency/switches"
ok "it goes on by itself" within 60 outbox_is taken 34
ok "the agency asks for documents" within 60 all_are need_docs 4
# An agency that takes connections and never answers delays no other.
python3 -c 'import socket, sys, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(64)
open(sys.argv[1], "w").write(str(s.getsockname()[1])); time.sleep(600)' "$work/deaf" &
deaf_pid=$!
within 60 test -s "$work/deaf"
run agency add MOMP --url "http://127.0.0.1:$(cat "$work/deaf")" --stage testing >/dev/null
run agency stage MOMP testing --from 2018-01-01
python3 - "$SND_SRCDIR" >"$work/deaf.jsonl" <<'PY'
import json, pathlib, sys
for path in sorted(pathlib.Path(sys.argv[1], "tests/golden/verdicts").glob("mp-*.jsonl")):
    for line in list(open(path, encoding="utf-8"))[:40]:
        values = json.loads(line).get("values")
        if values:
            values = {key: "have:1" if value.startswith("att:") else value for key, value in values.items()}
            print(json.dumps({"service": path.stem.upper(), "account": "clerk", "ago": 0, "minute": 500, "dates": {}, "values": values}))
PY
while read -r line; do
    printf '%s\n' "$line" >"$work/one"
    run request enter "$work/one" >>"$work/deaf.numbers" 2>/dev/null
    [ "$(wc -l <"$work/deaf.numbers")" -lt 3 ] || break
done <"$work/deaf.jsonl"
ok "there are requests for an agency that never answers" within 60 eval '[ "$(run agency outbox MOMP | wc -l)" = 3 ]'
tail -n 10 "$SND_SRCDIR/tests/nation/demo.jsonl" >"$work/more"
run request enter "$work/more" >>"$work/numbers"
ok "an agency that never answers delays no other" within 8 outbox_is taken 44
metrics() { curl -fsS --max-time 5 --cacert "$office/hub/ca.crt" "https://127.0.0.1:$hub_port/metrics" >"$work/metrics" && cat "$work/metrics"; }
# The oldest has waited for some seconds, and not since 1970.
waits_named() {
    metrics | grep -Fqx 'sanad_agency_requests{agency="MOMP",state="waiting"} 3' && grep -Fqx 'sanad_agency_requests{agency="MZEC",state="waiting"} 0' "$work/metrics" &&
        grep -Eqx 'sanad_agency_oldest_seconds\{agency="MOMP"\} [0-9]{1,3}' "$work/metrics" && grep -Fqx 'sanad_agency_oldest_seconds{agency="MZEC"} 0' "$work/metrics" &&
        grep -Fqx 'sanad_agency_line{agency="MZEC",state="open"} 1' "$work/metrics" && grep -Eqx 'sanad_centres(_silent)? 0' "$work/metrics"
}
ok "the metrics say what waits for each agency, since when, and how its line stands" within 10 waits_named
not_there() { ! run agency outbox "$@" >"$work/none" 2>&1 && grep -q "^sanad: There is no " "$work/none"; }
ok "a state or an agency that is not there is said" eval 'not_there MZEC --state-of sent && not_there MZAC && run agency outbox MOMP --state-of taken'
kill "$deaf_pid"
office_stop
ok "the book is whole in the end" fsck_clean
cat "$work/numbers" "$work/deaf.numbers" >"$work/all"
ends "14 20 31" "$work/all" "$office"
done_testing
