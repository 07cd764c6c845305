#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A hub and its centres, as they know each other: invitations right, wrong, used and old, tried too
# often; a certificate renewed before its time is over; a centre revoked; and whoever else comes to
# the hub with a certificate that is wrong in one thing.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
PATIENCE=60
hub=$work/hub one=$work/one two=$work/two
hub_pid= one_pid=

serve() { # serve FOLDER -> pid in $pid, ready
    : >"$work/ready"
    setsid "$sanad" serve --state "$1" --port 0 >"$work/ready" 2>>"$work/log.${1##*/}" </dev/null &
    pid=$!
    within 60 grep -q '^ready ' "$work/ready" || { note "not started: $1"; tail -n 5 "$work/log.${1##*/}" | sed 's/^/# /'; return 1; }
}
end() {
    [ -n "$1" ] || return 0
    kill "$1" 2>/dev/null
    within 60 gone "$1" || kill -9 "$1" 2>/dev/null
    wait "$1" 2>/dev/null
}
office_stop() { end "$hub_pid"; end "$one_pid"; hub_pid= one_pid=; }
at_hub() { "$sanad" "$@" --state "$hub"; }
refused() { # refused WORDS COMMAND...
    words=$1
    shift
    "$@" >"$work/out" 2>"$work/err" && return 1
    [ "$(wc -l <"$work/err")" = 1 ] && grep -q "$words" "$work/err" && return 0
    sed 's/^/# /' "$work/err"
    return 1
}
invite() { at_hub hub invite "$@" | head -n 1; }
join() { "$sanad" join "https://127.0.0.1:$hub_port" "$2" --state "$1"; }
state_of() { at_hub hub nodes | awk -F'\t' -v c="$1" '$1 == c {print $2}'; }
has_state() { [ "$(state_of "$1")" = "$2" ]; }
# curl at the hub with a certificate: status CERT PATH...
status() {
    pair=$1 path=$2
    shift 2
    curl -s -o "$work/answer" -w '%{http_code}' --max-time 20 --cacert "$hub/hub/ca.crt" ${pair:+--cert "$pair.crt" --key "$pair.key"} "$@" "https://127.0.0.1:$hub_port$path"
}
status_is() {
    want=$1
    shift
    got=$(status "$@")
    [ "$got" = "$want" ] || { note "status $got instead of $want: $*"; return 1; }
}
one_seen() { [ "$(at_hub hub nodes | awk -F'\t' '$1 == "DA01-003" && $3 != "-"' | wc -l)" = 1 ]; }
prints() { openssl x509 -in "$1" -noout -fingerprint -sha256; }
changed() { [ "$(prints "$1")" != "$2" ]; }

for office_of in "$hub MM01-001" "$one DA01-003" "$two DA01-004"; do
    "$sanad" init --state "${office_of% *}" --demonstration --centre "${office_of#* }" --name x >/dev/null || exit 1
    sed -i 's/^ballast_mib *=.*/ballast_mib = 1/' "${office_of% *}/sanad.conf"
done

# An authority whose own time is over in forty days: certificates end with it.
mkdir -m 700 "$hub/hub" "$work/forged"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$hub/hub/ca.key" -out "$hub/hub/ca.crt" \
    -days 40 -subj /CN=authority -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null || exit 1
openssl x509 -in "$hub/hub/ca.crt" -noout -ext basicConstraints | grep -q TRUE || exit 1
at_hub hub init --listen 127.0.0.1:0 --names 127.0.0.1,hub.test >/dev/null || exit 1
serve "$hub" || exit 1
hub_pid=$pid hub_port=$(cat "$hub/run/hub_port")

# ---- joining

good=$(invite DA01-003 --name "مركز الأفق")
ok "an invitation has six groups of five" eval 'echo "$good" | grep -Eq "^([0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]{5}$"'
ok "the centre is listed as invited" has_state DA01-003 invited
ok "another centre's invitation is refused" refused "does not take this invitation" join "$two" "$good"
wrong=$(invite DA01-004)
wrong=$(invite DA01-004)x
ok "a letter too many is said" refused "six groups of five" join "$two" "$wrong"
old=$(invite DA01-004)
invite DA01-004 >/dev/null
ok "an invitation that another has replaced is refused" refused "does not take this invitation" join "$two" "$old"
ok "nothing is written down" test ! -e "$two/node/node.crt"
ok "the invited centre joins" into "$work/joined" join "$one" "$good"
ok "and is listed as joined" has_state DA01-003 joined
ok "its keys are its own alone" eval '[ "$(stat -c %a "$one/node/node.key")" = 600 ] && [ "$(stat -c %a "$one/node")" = 700 ]'
ok "openssl finds its certificate right" eval 'openssl verify -x509_strict -purpose sslclient -CAfile "$one/node/ca.crt" "$one/node/node.crt" >/dev/null'
ok "where the hub is stands in its configuration" grep -q "^hub_url = https://127.0.0.1:$hub_port$" "$one/sanad.conf"
ok "an invitation works once" refused "does not take this invitation" join "$one" "$good"
ok "while the old membership goes on" has_state DA01-003 joined
body() { printf '{"centre":"%s","secret":"%s","node":"0123456789abcdef0123456789abcdef","sign_key":"%064d","request":"x"}' "$1" "$2" 0; }
ok "what is no request for a certificate is refused before its secret is looked at" status_is 400 "" /v1/join -d "$(body DA01-004 AAAAAAAA)"
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/k" -subj /CN=x 2>/dev/null >"$work/csr"
guess() { python3 -c 'import json, sys; print(json.dumps({"centre": sys.argv[1], "secret": sys.argv[2], "node": "0123456789abcdef0123456789abcdef", "sign_key": "0" * 64, "request": open(sys.argv[3]).read()}))' "$1" "$2" "$work/csr" >"$work/guess"; }
fresh=$(invite DA01-004)
tries=0
guess DA01-004 AAAAAAAA
until [ "$(status "" /v1/join -d @"$work/guess")" = 429 ] || [ $tries -gt 20 ]; do tries=$((tries + 1)); done
note "$tries guesses were heard"
ok "an invitation tried too often is heard no more" test $tries -le 5
ok "by whoever has it neither, for a while" refused "wait some minutes" join "$two" "$fresh"

# ---- its time is nearly over

before=$(prints "$one/node/node.crt")
serve "$one" || exit 1
one_pid=$pid
ok "the centre speaks to its hub" within 60 one_seen
ok "a certificate whose time is nearly over is renewed by itself" within 60 changed "$one/node/node.crt" "$before"
ok "for the same key" eval '[ "$(openssl x509 -in "$one/node/node.crt" -noout -pubkey)" = "$(openssl pkey -in "$one/node/node.key" -pubout)" ]'
end "$one_pid"
one_pid=

# ---- who else comes

cat "$hub/hub/ca.crt" >"$work/ca.crt"
"$SND_BUILDDIR/tests/forge/write" "$work/forged" "$hub/hub/ca.crt" "$hub/hub/ca.key" >"$work/kinds" || exit 1
kinds=0 let_in=0
for kind in $(awk '$2 == "node" {print $1}' "$work/kinds"); do
    for path in /v1/sync /v1/renew; do
        got=$(status "$work/forged/$kind" "$path" --data-binary @"$work/csr" -H Content-Type:)
        case $got in 000 | 401 | 403) ;; *) let_in=$((let_in + 1)); note "$kind at $path: $got" ;; esac
    done
    kinds=$((kinds + 1))
done
for path in /v1/sync /v1/renew "/v1/wait?epoch=1&seq=1"; do
    case $path in *wait*) set -- ;; *) set -- --data-binary x ;; esac
    got=$(status "" "$path" "$@")
    case $got in 401 | 403) ;; *) let_in=$((let_in + 1)); note "no certificate at $path: $got" ;; esac
    kinds=$((kinds + 1))
done
for old in "--tls-max 1.0 --tlsv1.0" "--tls-max 1.1 --tlsv1.1"; do
    got=$(status "$one/node/node" /v1/renew --data-binary @"$work/csr" $old --ciphers DEFAULT@SECLEVEL=0)
    [ "$got" = 000 ] || { let_in=$((let_in + 1)); note "$old: $got"; }
    kinds=$((kinds + 1))
done
note "$kinds kinds of wrong centre"
ok "wrong centres are refused by the hub" test $let_in = 0 -a $kinds -ge 12

# ---- revoked

ok "a joined centre may renew" status_is 200 "$one/node/node" /v1/renew --data-binary @"$work/csr" -H Content-Type:
at_hub hub revoke DA01-003 || exit 1
ok "a revoked centre is listed so" has_state DA01-003 revoked
ok "and gets no certificate" status_is 403 "$one/node/node" /v1/renew --data-binary @"$work/csr" -H Content-Type:
serve "$one" || exit 1
one_pid=$pid
ok "nor is anything taken from it: it is told, and stops" within 60 grep -q "sync.failed why=revoked" "$work/log.one"
end "$one_pid"
one_pid=

# ---- without the authority's key

end "$hub_pid"
mv "$hub/hub/ca.key" "$work/ca.key"
serve "$hub" || exit 1
hub_pid=$pid hub_port=$(cat "$hub/run/hub_port")
away=$(invite DA01-003)
ok "without the authority's key nobody joins" refused "key of the hub's authority is away" join "$one" "$away"
ok "the hub's book is whole" eval 'end "$hub_pid"; hub_pid=; at_hub fsck >"$work/fsck" || { sed "s/^/# /" "$work/fsck"; false; }'
done_testing
