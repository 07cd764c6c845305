# SPDX-License-Identifier: Apache-2.0
# Sourced by tools/start for --two: a hub, and a centre that has joined it on the other side of a bad
# line: 600 ms there and back, 64 kbit/s. The clerk is the centre's; a supervisor is at each. Mazoon's
# requests go on from the hub to a small agency (tools/agency-stub), which takes them up and approves them.
two=$state
hub=$two/hub
centre=$two/centre
hub_ssh=$((port + 1)) hub_port=$((port + 6221)) line_port=$((port + 6222))
agency_port=$((port + 6223)) agency=$two/agency
weaklink=$top/build/tests/bench/weaklink

line_runs() { [ -s "$two/line.pid" ] && kill -0 "$(cat "$two/line.pid")" 2>/dev/null; }

line_start() {
    line_runs && return 0
    setsid "$weaklink" --listen "$line_port" --to "$hub_port" --delay 300 --rate 64000 --handshake \
        >"$two/line.out" 2>&1 </dev/null &
    echo $! >"$two/line.pid"
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

agency_runs() { [ -s "$agency/pid" ] && kill -0 "$(cat "$agency/pid")" 2>/dev/null; }

agency_start() {
    agency_runs && return 0
    setsid python3 "$top/tools/agency-stub" "$agency" --port "$agency_port" --token "$(cat "$agency/theirs")" \
        --hub "https://127.0.0.1:$hub_port" --hub-token "$(cat "$agency/ours")" --hub-ca "$hub/hub/ca.crt" \
        --step 20 >"$agency/log" 2>&1 </dev/null &
    echo $! >"$agency/pid"
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
    say "The hub has:     $sanad request list --state '$hub'"
    say "The agency has:  $sanad agency outbox MZEC --state '$hub'"
    say "The line breaks: sh tools/start --two --cut      and is mended: sh tools/start --two --mend"
    say "End it:          sh tools/start --two --stop"
    say "The centre's clerk logs in:"
}
