# SPDX-License-Identifier: Apache-2.0
# What it costs to bring a centre's requests to its hub, over TLS and weaklink. Prints figures; asserts
# nothing. sync.sh [N]: N requests (11000).
. "$SND_SRCDIR/tests/lib.sh"
. "$SND_SRCDIR/tests/two.sh"
count=${1:-11000}

answers() { curl -fsS --max-time 5 --cacert "$hub/hub/ca.crt" "https://127.0.0.1:$hub_port$1"; }
rests() { [ "$(answers /metrics | sed -n 's/^sanad_hub_waiting //p')" = 1 ]; }
order() { python3 -c 'import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(sys.argv[2].encode()); print(s.makefile().read())' "$work/line" "$1"; }
bytes() { order stats | python3 -c 'import json, sys; d = json.load(sys.stdin); print(d["up_bytes"] + d["down_bytes"])'; }
dropped() { order stats | python3 -c 'import json, sys; print(json.load(sys.stdin)["dropped"])'; }
# make N SEED: so many requests at the centre.
make_requests() {
    python3 "$SND_SRCDIR/tests/bench/sync_requests.py" "$1" "$2" >"$work/many.jsonl"
    "$sanad" request enter "$work/many.jsonl" --state "$office" >"$work/entered" || exit 1
    made=$((made + $1))
}
there() {
    looked=
    within 600 all_there
    have=$("$sanad" request list --state "$hub" | wc -l)
    [ "$have" = "$made" ] || echo "  BUT the hub has $have of $made"
}
seconds() { echo "$(($(now_ms) - $1))" | sed 's/\(...\)$/.\1/; s/^\./0./; s/..$//'; }
# Lists them only when the hub has answered something since the last look: a list costs it something, too.
all_there() {
    answered=$(grep -a -c route=sync "$work/hub.log")
    [ "$answered" != "$looked" ] && looked=$answered && [ "$("$sanad" request list --state "$hub" | wc -l)" = "$made" ]
}
# Nothing has gone over the line for a second: connections stand. (The hub may still count a wait whose line is gone.)
steady() {
    was=$(bytes)
    sleep 1
    [ "$(bytes)" = "$was" ]
}
made=0

two_make >/dev/null && two_join && office_start || exit 1
line_up
within 60 rests # forms and the like have come and gone
line_down
make_requests "$count" 1
line_up --delay 300 --handshake
from=$(now_ms)
there
echo "$count requests at 600 ms there and back: $(seconds "$from") s (wanted: 30 for 11000)"
echo "  bytes a request, both ways, TLS and all: $(($(bytes) / count)) (wanted: at most 250)"
line_down
line_up
make_requests 1 first
there
n=0
: >"$work/alone"
while [ $n -lt 11 ]; do
    within 60 steady
    order zero >/dev/null
    make_requests 1 "alone-$n"
    there
    bytes >>"$work/alone"
    n=$((n + 1))
done
# One of them may have the handshake of the connection for news beside it, so the sixth of eleven counts.
echo "a request alone, bytes both ways, TLS records and all: $(sort -n "$work/alone" | sed -n 6p) (wanted: at most 1000; of eleven:" \
    "$(sort -n "$work/alone" | tr '\n' ' '| sed 's/ $//'))"
line_down
make_requests 2000 2
line_up --rate 1000000 --stall-at 0.5 --stall-for 20
from=$(now_ms)
there
echo "2000 requests at 1 Mbit/s with a stall of 20 s: $(seconds "$from") s"
line_down
make_requests 2000 3
line_up --drop-bytes 20000
from=$(now_ms)
there
echo "2000 requests, the line cut every 20 kB: $(seconds "$from") s, cut $(dropped) times, $(($(bytes) / 2000)) bytes a request"
both_clean && echo "both books verify"
echo
sh "$SND_SRCDIR/tests/bench/crowd.sh" 621 "$count"
