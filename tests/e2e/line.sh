# SPDX-License-Identifier: Apache-2.0
# A centre and its hub on a bad line, over TLS: cut after so many bytes again and again, far away, and
# with processes killed at any moment. SND_KILLS: how many.
. "${SND_SRCDIR:-.}/tests/lib.sh"
. "$SND_SRCDIR/tests/two.sh"
skip_when_sanitized
kills=${SND_KILLS:-12}
# Bytes of a connection before its first request, more or less: TLS with certificates on both sides.
handshake=2700

answers() { curl -fsS --max-time 5 --cacert "$hub/hub/ca.crt" "https://127.0.0.1:$hub_port$1"; }
metric() { answers /metrics | sed -n "s/^$1 //p"; }
has() { [ "$(metric "$1")" = "$2" ]; }

two_make >&2 && two_join || exit 1
office_start || exit 1

ok "the hub says who it is" eval 'answers /v1/hello | grep -q "\"proto\":1"'
ok "and that it is well" eval '[ "$(answers /healthz)" = ok ]'
ok "a centre whose line is down goes on" enter 3
line_up --drop-bytes 20000 --spare $handshake
ok "a line cut every 20 kB brings everything" arrives 60
within 20 has sanad_hub_waiting 1
line_down
line_up
ok "a line that is back is found by itself" within 40 has sanad_hub_waiting 1
for bytes in 500 700 1000 2000 5000 100000; do
    line_down
    line_up --drop-bytes $bytes --spare $handshake
    enter 1
    ok "11: cut every $bytes bytes behind the handshake, it arrives" arrives 90
done
line_down
line_up --delay 1000 --jitter 300 --handshake
enter 2
ok "13: two seconds there and back, and jitter (weaklink's: no packet is lost), it arrives" arrives 60

# At any moment: the centre's process of the line, its ledger, the hub's server, its ledger.
line_down
line_up
kill_one() {
    case $(($1 % 4)) in
        0) kill -9 "$(pgrep -n -s "$server_pid" -x sanad-sync)" ;;
        1) kill -9 "$(pgrep -n -s "$hub_pid" -x sanad-hub)" ;;
        2) kill -9 "$(pgrep -o -s "$hub_pid" -x sanad-ledger)" ;;
        3) kill -9 "$(pgrep -o -s "$server_pid" -x sanad-ledger)" ;;
    esac 2>/dev/null
}
n=0
while [ $n -lt "$kills" ]; do
    within 20 enter 1
    kill_one $n
    n=$((n + 1))
done
ok "14: processes of both sides killed $kills times, everything arrives" arrives 90
ok "each request that was acknowledged is at the hub once" numbers_equal
ok "the log names nobody" eval '! grep -aq "العبري" "$work/hub.log" "$work/server.log"'
ok "both books verify" both_clean
ends "11 13 14" "$work/numbers" "$office" "$hub"
done_testing
