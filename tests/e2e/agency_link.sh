#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The line to an agency as it can be set: certificates on both sides, documents along with the
# request or fetched by the agency, what a centre does later, an agency that never calls, one that
# asks for patience; and the national portal, which has a link of the same kind.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
agency=$work/agency stub_pid=
run() { "$sanad" "$@" --state "$office"; }
sql() { python3 -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1], timeout=10).execute(sys.argv[2]).fetchone()[0])' "$agency/agency.db" "$1"; }
is() { [ "$(sql "$1")" = "$2" ]; }
stub_start() {
    stub_stop
    rm -f "$agency/port"
    python3 "$SND_SRCDIR/tools/agency-stub" "$agency" --port "$stub_port" --again 0.2 "$@" 2>>"$work/stub.log" &
    stub_pid=$!
    within 60 test -s "$agency/port"
}
stub_stop() {
    [ -n "$stub_pid" ] && kill "$stub_pid" 2>/dev/null && wait "$stub_pid" 2>/dev/null
    stub_pid=
}
finish() {
    status=$?
    stub_stop
    (exit $status)
    at_end
}
trap finish EXIT
stands() { run request list --in "$2" | grep -q "^$1"; }
link() { run agency add MZEC --url "https://127.0.0.1:$stub_port" --authority "$forged/ca.crt" "$@" | tail -n 1; }
# enter N [MEMBER VALUE]...: the N-th request of the demonstration with other values; its number.
enter() {
    sed -n "$1p" "$SND_SRCDIR/tests/nation/demo.jsonl" >"$work/one"
    shift
    python3 -c 'import json, sys
one = json.load(open(sys.argv[1])); rest = sys.argv[2:]
one["account"] = "clerk"
one["values"].update(dict(zip(rest[::2], rest[1::2]))); json.dump(one, open(sys.argv[1], "w"))' "$work/one" "$@"
    run request enter "$work/one" | cut -f1
}

mkdir "$agency" "$work/forged"
forged=$work/forged
"$SND_BUILDDIR/tests/forge/write" "$forged" >"$work/list" && mv "$work/list" "$forged/list" || exit 1
office_make || exit 1
hub_port=$(port_free) stub_port=$(port_free)
run hub init --listen "127.0.0.1:$hub_port" --names 127.0.0.1 >/dev/null || exit 1
sed -i 's/^courier_wait *=.*/courier_wait = 20/' "$office/sanad.conf"
python3 "$SND_SRCDIR/tests/e2e/wrong_agency.py" "$sanad" "$office" "$forged" $point >"$work/points"
cat "$work/points"
bad_points=$((bad_points + $(grep -c '^not ok' "$work/points")))
point=$(sed -n 's/^# points //p' "$work/points")
office_start || exit 1

# Certificates on both sides and no token; documents come along.
peer=$(openssl x509 -in "$forged/node-self-signed.crt" -outform DER | sha256sum | cut -c1-64)
link --certificate "$forged/node-good.crt" --key "$forged/node-good.key" --peer "$peer" --documents multipart --stage testing >/dev/null
run agency stage MZEC testing --from 2018-01-01
by_certificate() {
    stub_start --certificate "$forged/hub-good.crt" "$forged/hub-good.key" --client-ca "$forged/ca.crt" \
        --hub "https://127.0.0.1:$hub_port" --hub-ca "$office/hub/ca.crt" --hub-certificate "$1.crt" "$1.key" --then in_review,need_docs
}
by_certificate "$forged/node-self-signed"
{ printf '%%PDF-1.4\n<</Type/Page>>\n'; head -c 300000 /dev/urandom | base64; printf '%%%%EOF\n'; } >"$work/deed.pdf"
deed=$(sha256sum "$work/deed.pdf" | cut -c1-64)
printf 'put %s inbox/deed.pdf\n' "$work/deed.pdf" | sftp -q -F /dev/null -o UserKnownHostsFile="$work/known_hosts" \
    -o IdentitiesOnly=yes -o BatchMode=yes -o LogLevel=ERROR -P "$port" -i "$work/keys/clerk" -b - clerk@127.0.0.1 >/dev/null
key=$(python3 -c 'import json, sys; print([k for k in json.loads(open(sys.argv[1]).readline())["values"] if k.startswith("doc_")][0])' "$SND_SRCDIR/tests/nation/demo.jsonl")
first=$(enter 1 "$key" "att:$deed")
ok "a request arrives with certificates on both sides" within 60 is 'SELECT COUNT(*) FROM request' 1
ok "its document came along, whole by its hash" within 60 is 'SELECT documents FROM request' 1
ok "the agency is heard by its certificate" within 60 stands "$first" need_docs

# What the centre does then goes to the agency, which goes on.
run request move "$first" in_review --documents "$key" --note "أحضره صاحب الطلب" >/dev/null
ok "the agency is told that documents were brought" within 60 is "SELECT COUNT(*) FROM step WHERE state = 'in_review' AND body LIKE '%$key%'" 1
ok "and goes on with the request" within 60 stands "$first" approved
run request move "$first" delivered >/dev/null
ok "it is told that the result was handed over" within 60 is "SELECT COUNT(*) FROM step WHERE state = 'delivered'" 1
ok "each of them once, in their order" is 'SELECT group_concat(state) FROM (SELECT state FROM step ORDER BY rev)' in_review,delivered
by_certificate "$forged/node-good"
second=$(enter 2)
ok "with another certificate nobody is heard" within 60 is 'SELECT COUNT(*) FROM request' 2
refused() { curl -s -o /dev/null -w '%{http_code}' --cacert "$office/hub/ca.crt" --cert "$forged/node-good.crt" --key "$forged/node-good.key" -d '{}' "https://127.0.0.1:$hub_port/agency/v1/status"; }
ok "but told so" test "$(refused)" = 401

# A token, and documents that the agency fetches.
echo from-us >"$work/from-us"
token=$(link --token-file "$work/from-us" --documents reference)
stub_start --certificate "$forged/hub-good.crt" "$forged/hub-good.key" --token from-them --hub "https://127.0.0.1:$hub_port" \
    --hub-token "$token" --hub-ca "$office/hub/ca.crt"
third=$(enter 3 "$key" "att:$deed")
line_why() { [ "$(run agency list | sed -n 's/^MZEC\t//p' | cut -f7)" = "$1" ]; }
ok "an agency that wants another token is known by that" within 60 line_why token
stub_start --certificate "$forged/hub-good.crt" "$forged/hub-good.key" --token from-us --hub "https://127.0.0.1:$hub_port" \
    --hub-token "$token" --hub-ca "$office/hub/ca.crt"
run agency push MZEC
ok "a line is tried at once when a person says so" within 60 stands "$third" approved
ok "the agency has fetched the document" within 60 is "SELECT documents FROM request WHERE body LIKE '%$third%'" 1
blob() { curl -s -o "$work/blob" -w '%{http_code}' --cacert "$office/hub/ca.crt" -H "Authorization: Bearer $1" ${3:+-r "$3"} "https://127.0.0.1:$hub_port/agency/v1/blob/$2"; }
ranged() { [ "$(blob "$token" "$deed" 1000-1999)" = 206 ] && dd if="$work/deed.pdf" bs=1000 skip=1 count=1 2>/dev/null | cmp -s - "$work/blob"; }
ok "a part of it is had by its range" ranged
ok "a range that it doesn't have is refused" test "$(blob "$token" "$deed" 90000000-)" = 416
ok "not without the token" test "$(blob "${token%?}x" "$deed")" = 401
other=$(run agency add MOMP --url "https://127.0.0.1:1" | tail -n 1)
ok "nor by an agency that no such request went to" test "$(blob "$other" "$deed")" = 404

# One that never calls is asked; one that wants patience gets it.
link --token-file "$work/from-us" --poll 1 >/dev/null
stub_start --certificate "$forged/hub-good.crt" "$forged/hub-good.key" --token from-us --before 1 --wait 2
fourth=$(enter 4)
later() { [ "$(sql 'SELECT COUNT(*) FROM later')" -ge 2 ]; }
ok "it is called again" within 60 later
ok "after the time that it asked for, not before" is 'SELECT MIN(d) >= 1.9 FROM (SELECT at - LAG(at) OVER (ORDER BY at) AS d FROM later)' 1
echo '{"before": 0}' >"$agency/switches"
ok "an agency that never calls is asked, and its word stands" within 60 stands "$fourth" approved

# The national portal files requests with the same hub, while this line rests.
run agency pause MZEC --reason "صيانة" >/dev/null
python3 "$SND_SRCDIR/tests/e2e/portal.py" "$sanad" "$office" "127.0.0.1:$hub_port" "$office/hub/ca.crt" \
    "$SND_SRCDIR/docs/portal/openapi.json" "$point" "$SND_SRCDIR/tests/nation/demo.jsonl" >"$work/points"
cat "$work/points"
bad_points=$((bad_points + $(grep -c '^not ok' "$work/points")))
point=$(sed -n 's/^# points //p' "$work/points")
logged() { grep 'hub.answered' "$work/server.log" | grep 'route="\{0,1\}portal submit' | grep -q 'status=201'; }
ok "each exchange with the portal is in the log" logged
ok "without what was said or a token" test "$(grep -c 'portal/00\|Bearer\|عامر بن يوسف' "$work/server.log")" = 0
run agency resume MZEC >/dev/null
ok "what the portal filed goes on to its agency" within 60 is "SELECT COUNT(*) FROM request WHERE body LIKE '%\"channel\":\"self\"%'" 1
ok "at the agency and at the hub each request is there once" is 'SELECT COUNT(*) - COUNT(DISTINCT id) FROM request' 0
office_stop
ok "the book is whole in the end" fsck_clean
done_testing
