# SPDX-License-Identifier: Apache-2.0
# All centres of a nation come back in the same second, while people work at the hub. Prints figures;
# asserts nothing. crowd.sh [CENTRES [REQUESTS]] (621 11000)
. "$SND_SRCDIR/tests/lib.sh"
. "$SND_SRCDIR/tests/two.sh"
. "$SND_SRCDIR/tests/crowd.sh"
centres=${1:-621} requests=${2:-11000}

# hub_account NAME ROLE
hub_account() {
    ssh-keygen -q -t ed25519 -N '' -f "$work/$1" &&
        "$sanad" user add "$1" --state "$hub" --role "$2" --name "سالم بن حمد العبري" --key "$work/$1.pub" >/dev/null
}
# people LABEL ACCOUNT SESSIONS ROUNDS SCRIPT: sessions at the hub, in the background; their times in LABEL.json.
people() {
    # Who holds the watch must not wait for the crowd.
    at_share -10 "$SND_BUILDDIR/tests/bench/sshload" --json --label "$1" --port "$ssh_port" -n "$3" --ramp 5 --timeout 120 --user "$2" \
        --key "$work/$2" --kps 1000 --jitter 0 --think 0.1 --forms "$4" "$5" >"$work/$1.json" 2>"$work/$1.err" &
    others="$others $!"
}
# figures LABEL NAME PATH: one line of the report.
figures() {
    python3 - "$work/$1.json" "$2" "$3" <<'EOT'
import json, sys
try:
    at = json.load(open(sys.argv[1]))
    for key in sys.argv[3].split("."):
        at = at[key]
    print("  %s: %.0f ms half of them, %.0f ms 99 of 100, %.0f ms the longest" % (sys.argv[2], at["p50"], at["p99"], at["max"]))
except (OSError, ValueError, KeyError, TypeError):
    print("  %s: no figures" % sys.argv[2])
EOT
}
screens() {
    figures sup "a supervisor's report" spans.reports.ms
    figures sup "everybody's requests" spans.requests.ms
    figures clerk "a clerk's echo" echo_ms
    figures clerk "a list of the form's" spans.list.ms
    figures clerk "saving a form" spans.submit.ms
}
look() {
    others=
    people sup sup 3 "$1" "$SND_SRCDIR/tests/bench/scripts/hub.script"
    # people whom nobody knows yet: else the form fills itself in
    sed "s/type \"9/type \"$3/" "$SND_SRCDIR/tests/bench/scripts/sanad.script" >"$work/clerk.script"
    people clerk clerk 3 "$2" "$work/clerk.script"
}

crowd_hub && hub_account sup sup && hub_account clerk clerk || exit 1
sed -i 's/^startups_source *=.*/startups_source = 400/' "$hub/sanad.conf"
crowd_make "$centres" "$requests" 60 2 || exit 1
ssh_port=$(sed -n 's/^ready .*:\([0-9]*\)$/\1/p' "$work/hub.ready")
look 8 2 8
wait $others
echo "The hub's screens (wanted: under 100 ms), with nothing else to do:"
screens
look 12 4 7
crowd_go
cat "$work/crowd.out"
wait $others
echo "The hub's screens meanwhile:"
screens
hub_stop
crowd_told && clean "$hub" && echo "each acknowledged request is there once, and the book verifies"
