# SPDX-License-Identifier: Apache-2.0
# Sourced by tools/start for --two: a hub, and a centre that has joined it on the other side of a bad
# line: 600 ms there and back, 64 kbit/s. The clerk is the centre's; a supervisor is at each. Mazoon's
# requests go on from the hub to a small agency (tools/agency-stub), which takes them up and approves them.
two=$state
hub=$two/hub
centre=$two/centre
agency=$two/agency
weaklink=$top/build/tests/bench/weaklink
hub_ssh=0
[ "$port" = 0 ] || hub_ssh=$((port + 1))

# Hub, line and agency are told of each other's ports when they are made, so those stay, whatever port a
# later run asks for. Port 0: three that are free, below those that the kernel gives to connections.
two_ports() {
    [ -s "$two/ports" ] || {
        [ "$port" -le 59000 ] || die "--two needs a port up to 59000: others far above it are used, too."
        if [ "$port" != 0 ]; then
            echo "$((port + 6221)) $((port + 6222)) $((port + 6223))"
        else
            python3 - <<'EOF'
import random, socket
held = []
while len(held) < 3:
    one = socket.socket()
    try:
        one.bind(("127.0.0.1", random.randrange(10000, 32768)))
        held.append(one)
    except OSError:
        pass
print(*(one.getsockname()[1] for one in held))
EOF
        fi >"$two/ports.new" && mv "$two/ports.new" "$two/ports"
    } || die "there are no ports for it."
    read -r hub_port line_port agency_port <"$two/ports"
}

# runs NAME WHAT: the process of that name is there, and no other that got its number since.
runs() { [ -s "$1" ] && tr '\0' ' ' 2>/dev/null <"/proc/$(cat "$1")/cmdline" | grep -Fq "$2"; }
line_runs() { runs "$two/line.pid" "weaklink --listen"; }

# listens PORT WHAT: waits until somebody does.
listens() {
    left=100
    until python3 -c 'import socket, sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)' "$1" 2>/dev/null; do
        left=$((left - 1))
        [ $left -gt 0 ] || die "$2 did not start on port $1; what it said is in $two."
        sleep 0.1
    done
}

line_start() {
    line_runs && return 0
    setsid "$weaklink" --listen "$line_port" --to "$hub_port" --delay 300 --rate 64000 --handshake \
        >"$two/line.out" 2>&1 </dev/null &
    echo $! >"$two/line.pid"
    listens "$line_port" "the line"
}

line_stop() {
    line_runs && kill -CONT "$(cat "$two/line.pid")" && kill "$(cat "$two/line.pid")"
    rm -f "$two/line.pid"
}

# line_told STOP|CONT: the line is there but lets nothing through, or is well again.
line_told() {
    line_runs || die "no line runs in $two."
    kill "-$1" "$(cat "$two/line.pid")"
}

# The hub is given the agency's word to show, and prints what the agency is to show to it.
link_agency() {
    mkdir -p "$agency" && head -c 24 /dev/urandom | base64 >"$agency/theirs" &&
        "$sanad" agency add MZEC --url "http://127.0.0.1:$agency_port" --token-file "$agency/theirs" \
            --state "$hub" | tail -n 1 >"$agency/ours" &&
        "$sanad" agency stage MZEC testing --from "$(date -d '30 days ago' +%Y-%m-%d)" --state "$hub" >/dev/null
}

agency_runs() { runs "$agency/pid" tools/agency-stub; }

agency_start() {
    agency_runs && return 0
    setsid python3 "$top/tools/agency-stub" "$agency" --port "$agency_port" --token "$(cat "$agency/theirs")" \
        --hub "https://127.0.0.1:$hub_port" --hub-token "$(cat "$agency/ours")" --hub-ca "$hub/hub/ca.crt" \
        --step 20 >"$agency/log" 2>&1 </dev/null &
    echo $! >"$agency/pid"
    listens "$agency_port" "the agency"
}

agency_stop() {
    agency_runs && kill "$(cat "$agency/pid")"
    rm -f "$agency/pid"
}

make_hub() {
    say "Making the hub's office in $hub"
    mkdir -p "$hub" && chmod 700 "$hub" &&
        "$sanad" init --state "$hub" --demonstration --centre MM01-001 --name "المركز الرئيسي" \
            --admin admin --admin-name "أحمد بن خلفان الريامي" >/dev/null &&
        mkdir -m 700 "$hub/keys" && state=$hub &&
        person supervisor sup "مريم بنت سيف الكندية" && administrator &&
        "$sanad" hub init --state "$hub" --listen "127.0.0.1:$hub_port" --names 127.0.0.1 >/dev/null &&
        link_agency && touch "$hub/demonstration"
}

# serve_one STATE PORT
serve_one() {
    state=$1
    running && return 0
    "$sanad" serve --background --state "$1" --port "$2" >"$1/ready" && return 0
    tail -n 5 "$1/log" >&2
    die "the office in $1 did not start; the whole log is $1/log"
}

join_them() {
    grep -q '^hub_url = https' "$centre/sanad.conf" && return 0
    say "The centre joins the hub"
    invitation=$("$sanad" hub invite DA01-003 --name "مركز الأفق للخدمات" --state "$hub" | head -n 1) &&
        "$sanad" join "https://127.0.0.1:$line_port" "$invitation" --state "$centre" ||
        die "the centre could not join the hub."
}

two_start() {
    service_users
    mkdir -p "$two" && chmod 711 "$two"
    two_ports
    [ -e "$hub/demonstration" ] || make_hub || die "the hub's office could not be made."
    serve_one "$hub" "$hub_ssh"
    state=$hub && know_host
    agency_start
    line_start
    state=$centre bare=1
    office
    join_them
    serve_one "$centre" "$port"
    state=$centre && know_host
}

two_stop() {
    for state in "$centre" "$hub"; do stop; done
    line_stop
    agency_stop
}

two_say() {
    again="sh tools/start --two --state '$two'"
    say "The hub has:     $sanad request list --state '$hub'"
    say "The agency has:  $sanad agency outbox MZEC --state-of taken --state '$hub'"
    say "What waits:      $sanad agency outbox MZEC --state '$hub'"
    say "The line breaks: $again --cut      and is mended: $again --mend"
    say "End it:          $again --stop"
    say "The centre's clerk logs in. MZ-01 is Mazoon's: it is taken up there 20 seconds after it came, approved"
    say "20 seconds later, and the request at the centre says so:"
}
