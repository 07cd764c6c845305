# SPDX-License-Identifier: Apache-2.0
# A centre, its hub and an agency, once around: requests with a document go up, the hub's courier takes
# them to the agency, whose word comes back down to the centre. It is short, so that what speaks over
# the network runs with sanitizers, too; how all of it bears what goes wrong is for other tests.
. "${SND_SRCDIR:-.}/tests/lib.sh"
. "$SND_SRCDIR/tests/two.sh"
agency=$work/agency stub_pid=
run() { "$sanad" "$@" --state "$hub"; }
finish() {
    status=$?
    [ -z "$stub_pid" ] || kill "$stub_pid" 2>/dev/null
    two_end
    (exit $status)
    at_end
}
trap finish EXIT
stub_start() {
    mkdir "$agency"
    python3 "$SND_SRCDIR/tools/agency-stub" "$agency" --port "$stub_port" --token from-us --hub "https://127.0.0.1:$hub_port" \
        --hub-token "$token" --hub-ca "$hub/hub/ca.crt" --again 0.2 --step 0.2 2>"$work/stub.log" &
    stub_pid=$!
    within 60 test -s "$agency/port"
}
document() {
    { printf '%%PDF-1.4\n<</Type/Page>>\n'; head -c 1500 /dev/urandom | base64; printf '%%%%EOF\n'; } >"$work/paper.pdf"
    "$SND_BUILDDIR/tests/e2e/attach" "$office" clerk "$password" "$(head -n 1 "$work/numbers")" doc_id "$work/paper.pdf"
}
# told STATE: how many requests have come so far.
told() { "$sanad" request list --state "$office" --json | grep -c "\"state\": *\"$1\""; }
moved_on() { [ "$(($(told queued) + $(told at_hub) + $(told sent)))" = 0 ]; }
papers() { [ "$(find "$hub/blobs" -type f ! -path '*/part/*' 2>/dev/null | wc -l)" = 1 ]; }
# What a sanitizer says of a process.
unsound() { grep -aE 'AddressSanitizer|LeakSanitizer|runtime error:|ThreadSanitizer' "$work/server.log" "$work/hub.log" "$work/join.out"; }

two_make >&2 && two_join || exit 1
stub_port=$(port_free)
echo from-us >"$work/from-us"
run agency add MZEC --url "http://127.0.0.1:$stub_port" --token-file "$work/from-us" >"$work/added" || exit 1
token=$(tail -n 1 "$work/added")
run agency stage MZEC testing --from 2018-01-01
stub_start || exit 1
office_start || exit 1
enter 3
ok "a document for a request" document
line_up
ok "a centre's requests reach the hub" arrives 60
ok "with the document" within 60 papers
ok "and the agency, whose word comes back to the centre" within 90 moved_on
office_stop
hub_stop
ok "nothing that a sanitizer finds fault with" eval '! unsound'
ok "both books verify" eval 'clean "$office" && clean "$hub"'
done_testing
