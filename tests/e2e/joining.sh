#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An office becomes a hub, with an authority and certificates that openssl(1) finds right.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized

hub=$work/hub
run() { "$sanad" "$@" --state "$hub"; }
mode_is() { [ "$(stat -c %a "$1")" = "$2" ]; }
refused() {
    words=$1
    shift
    "$@" >"$work/out" 2>"$work/err" && return 1
    [ $? = 1 ] && [ "$(wc -l <"$work/err")" = 1 ] && grep -q "$words" "$work/err" && return 0
    sed 's/^/# /' "$work/err"
    return 1
}
by_openssl() { openssl verify -x509_strict -CAfile "$hub/hub/ca.crt" "$@" "$hub/hub/server.crt" >/dev/null; }
says_until() {
    openssl x509 -in "$hub/hub/ca.crt" -noout -fingerprint -sha256 | sed 's/.*=//; s/://g' | tr A-F a-f >"$work/print"
    grep -q "$(cat "$work/print")" "$work/made"
}

hub_port=$(port_free)
"$sanad" init --state "$hub" --demonstration --centre MM01-001 --name "مسقط" >/dev/null || exit 1
sed -i 's/^ballast_mib *=.*/ballast_mib = 1/' "$hub/sanad.conf"
office=$hub
office_start || exit 1
ok "an office becomes a hub" into "$work/made" run hub init --listen "127.0.0.1:$hub_port" --names hub.test,127.0.0.1
answers() { curl -fsS --max-time 5 --cacert "$hub/hub/ca.crt" "https://127.0.0.1:$hub_port/healthz" 2>/dev/null; }
ok "one that is served is one at once" eval 'grep -q "from now on" "$work/made" && within 60 answers'
serial() { echo | openssl s_client -connect "127.0.0.1:$hub_port" 2>/dev/null | openssl x509 -noout -serial; }
was=$(serial)
changed() { is=$(serial) && [ -n "$is" ] && [ "$is" != "$was" ]; }
ok "and shows a new certificate at once" eval 'run hub cert --names hub.test,127.0.0.1 >/dev/null && within 60 changed'
office_stop
ok "its authority's fingerprint is said" says_until
ok "the keys are their owner's alone" eval 'mode_is "$hub/hub" 700 && mode_is "$hub/hub/ca.key" 600 && mode_is "$hub/hub/server.key" 600'
ok "openssl finds its certificate right" by_openssl -purpose sslserver -verify_hostname hub.test
ok "by its address too" by_openssl -purpose sslserver -verify_ip 127.0.0.1
ok "and for nothing else" eval '! by_openssl -purpose sslclient 2>/dev/null && ! by_openssl -verify_hostname hub.other 2>/dev/null'
ok "where it listens is in the configuration" grep -q "^hub_listen = 127.0.0.1:$hub_port$" "$hub/sanad.conf"
cp "$hub/hub/ca.crt" "$work/ca.before"
ok "made again, the authority stays" eval 'run hub ca init >/dev/null && cmp -s "$hub/hub/ca.crt" "$work/ca.before"'
ok "a new certificate for other names" eval 'run hub cert --names other.test >/dev/null && by_openssl -verify_hostname other.test'
mv "$hub/hub/ca.key" "$work/ca.key"
ok "not without the authority's key" refused "key is not in" run hub cert --names other.test
mv "$work/ca.key" "$hub/hub/ca.key"
ok "nor for what is no name" refused "Write host names" run hub cert --names 'a b'
done_testing
