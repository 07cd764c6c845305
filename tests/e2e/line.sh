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

logged() { grep -aEq "$1" "$work/server.log"; }

two_make >&2 && two_join && scribe_make || exit 1
sed -i 's|^hub_url *=.*|hub_url = https://no-such-hub.invalid|' "$office/sanad.conf"
office_start || exit 1
enter 1
ok "12: a hub whose name is not found is said" within 60 logged "sync.failed why=(name|silent) "
office_stop
sed -i "s|^hub_url *=.*|hub_url = https://127.0.0.1:$line_port|" "$office/sanad.conf"
office_start && papers_put first 700000 second 2500000 || exit 1

ok "the hub says who it is" eval 'answers /v1/hello | grep -q "\"proto\":2"'
ok "and that it is well" eval '[ "$(answers /healthz)" = ok ]'
ok "a centre whose line is down goes on" enter 3
line_up --drop-bytes 20000 --spare $handshake
ok "a line cut every 20 kB brings everything" arrives 60
within 60 has sanad_hub_waiting 1
line_down
line_up
ok "a line that is back is found by itself" within 60 has sanad_hub_waiting 1
ok "the hub's metrics count its centres" eval 'has sanad_centres 1 && has sanad_centres_silent 0'
for bytes in 500 700 1000 2000 5000; do
    line_down
    line_up --drop-bytes $bytes --spare $handshake
    enter 1
    ok "11: cut every $bytes bytes behind the handshake, it arrives" arrives 90
done
# What is that long is a document.
cuts() { # cuts BYTES NAME
    line_down
    line_up --drop-bytes "$1" --spare $handshake
    paper_enter "$2" && arrives 60 && within 60 paper_there "$2" || return 1
    kill -USR1 "$line_pid"
    within 60 grep -q '"dropped":[1-9]' "$work/line.out"
}
ok "11: cut every 50000 bytes, a document arrives" cuts 50000 first
ok "11: cut every 1000000 bytes, a document arrives" cuts 1000000 second
line_down
line_up --delay 1000 --jitter 300 --loss 20 --handshake
enter 2
ok "13: two seconds there and back, one packet of five lost, it arrives" arrives 300

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
    within 60 enter 1
    kill_one $n
    n=$((n + 1))
done
ok "14: processes of both sides killed $kills times, everything arrives" arrives 90
ok "each request that was acknowledged is at the hub once" numbers_equal
ok "the log names nobody" eval '! grep -aq "العبري" "$work/hub.log" "$work/server.log"'
ok "both books verify" both_clean
ends "11 12 13 14" "$work/numbers" "$office" "$hub"
done_testing
