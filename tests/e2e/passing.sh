#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A request made at one centre is continued at the counter of another, through the hub: asked for by
# its number and the civil number, opened when it is passed, answered with a file; with the line down
# the question is kept.
. "${SND_SRCDIR:-.}/tests/lib.sh"
. "$SND_SRCDIR/tests/two.sh"
skip_when_sanitized

maker=$work/maker
maker_pid=
maker_stop() {
    [ -n "$maker_pid" ] || return 0
    kill "$maker_pid" 2>/dev/null
    within 60 gone "$maker_pid" || kill -9 "$maker_pid" 2>/dev/null
    wait "$maker_pid" 2>/dev/null
    maker_pid=
}
trap 'maker_stop; two_end; at_end' EXIT

# maker_make: a third office, which joins the hub and is served.
maker_make() {
    "$sanad" init --state "$maker" --demonstration --centre DA02-007 --name "مركز النخلة" --admin admin >/dev/null &&
        "$sanad" user add clerk --state "$maker" --role clerk --name "هند بنت راشد" >/dev/null &&
        sed 's/^version .*/version 90/; s/^title.ar = .*/title.ar = نص المركز وحده/' "$SND_SRCDIR/screens/mz-01.form" >"$work/own.form" &&
        "$sanad" form load "$work/own.form" --state "$maker" >/dev/null &&
        sed -i 's/^ballast_mib *=.*/ballast_mib = 1/' "$maker/sanad.conf" &&
        invited=$("$sanad" hub invite DA02-007 --state "$hub" | head -n 1) &&
        "$sanad" join "https://127.0.0.1:$hub_port" "$invited" --state "$maker" >/dev/null || return 1
    setsid "$sanad" serve --state "$maker" --port 0 >"$work/maker.ready" 2>>"$work/maker.log" </dev/null &
    maker_pid=$!
    within 60 grep -q '^ready ' "$work/maker.ready"
}
clerk_make() {
    mkdir -p "$work/keys" && ssh-keygen -q -t ed25519 -N '' -C clerk -f "$work/keys/clerk" &&
        "$sanad" user key add clerk "$work/keys/clerk.pub" --state "$office" >/dev/null
}
# make N: the maker's Nth request, which the agency has asked for documents of; $number, $civil, $person.
make() {
    sed -n "${1}p" "$SND_SRCDIR/tests/nation/demo.jsonl" >"$work/one.jsonl"
    civil=$(sed -n 's/.*"app_civil":"\([0-9]*\)".*/\1/p' "$work/one.jsonl")
    person=$(sed -n 's/.*"app_name":"\([^"]*\)".*/\1/p' "$work/one.jsonl")
    number=$("$sanad" request enter "$work/one.jsonl" --state "$maker") && [ -n "$civil" ] &&
        within 60 "$sanad" request show "$number" --state "$hub" &&
        for state in sent received in_review; do "$sanad" request move "$number" $state --state "$hub" >/dev/null || return 1; done &&
        "$sanad" request move "$number" need_docs --documents doc_mulkiya --note "صورة أوضح" --state "$hub" >/dev/null
}
standing() { "$sanad" request show "$1" --json --state "$2" | sed -n 's/^ *"state": *"\([a-z_]*\)",*$/\1/p' | head -n 1; }
in_state() { [ "$(standing "$1" "$2")" = "$3" ]; }
see() { expect_said clerk ar "$1"; }
at_menu() { keys clerk F3 && { within 3 shows_said clerk ar "What would you like to do? Press its digit." || { keys clerk F3 && see "What would you like to do? Press its digit."; }; }; }
go_for() { keys clerk F2 && see "Where to?" && typing clerk "$1" && expect_screen clerk "$2" && keys clerk Enter; }

two_make >&2 && two_join && clerk_make && office_start && maker_make && line_up || exit 1
ok "a centre's request is asked documents for" make 1

opened() {
    login clerk clerk && at_home clerk ar && go_for "$number 99999999" "اسأل المركز الرئيسي عن الطلب" &&
        see "No request has this number and civil number: look at both again." && at_menu &&
        go_for "$number $civil" "اسأل المركز الرئيسي عن الطلب" && expect_screen clerk "$person" &&
        expect_screen clerk "قُدم في المركز DA02-007" && expect_screen clerk "صورة أوضح"
}
own_sha() { sha256sum "$work/own.form" | cut -d' ' -f1; }
got_form() { # got_form [OPTION...]: the hub's answer to a centre that asks for that text
    curl -sS -o "$work/form.zst" -w '%{http_code}' --max-time 5 --cacert "$hub/hub/ca.crt" --cert "$office/node/node.crt" \
        --key "$office/node/node.key" "$@" "https://127.0.0.1:$hub_port/v1/forms/$(own_sha)"
}
hub_gives() {
    [ "$(got_form)" = 200 ] && [ -s "$work/form.zst" ] && [ "$(got_form -H "If-None-Match: \"$(own_sha)\"")" = 304 ] &&
        [ "$(curl -sS -o /dev/null -w '%{http_code}' --max-time 5 --cacert "$hub/hub/ca.crt" "https://127.0.0.1:$hub_port/v1/forms/$(own_sha)")" = 401 ]
}
ok "the hub gives centres, and nobody else, the text that it was filled in by, which is the maker's alone" hub_gives

ok "another centre's clerk asks for it by number and civil number, and it opens" opened

fetched() { [ "$(grep -ac 'sync.form.*status=200' "$work/server.log")" = 1 ]; }
ok "its text came after it, once, before it opened" fetched

send_file() {
    printf '%%PDF-1.4\n<</Type/Page>>\n%%%%EOF\n' >"$work/deed.pdf" &&
        printf 'put %s inbox/deed.pdf\n' "$work/deed.pdf" |
        timeout 90 sftp -q -F /dev/null -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$work/known_hosts" \
            -o IdentitiesOnly=yes -o BatchMode=yes -o IdentityAgent=none -P "$port" -i "$work/keys/clerk" -b - clerk@127.0.0.1 >/dev/null
}
hub_has_file() { find "$hub/blobs" -type f 2>/dev/null | grep -q .; }
answered() {
    send_file && keys clerk 1 && see "What is missing, why:" && keys clerk F8 && expect_screen clerk deed.pdf && keys clerk 1 &&
        expect_screen clerk "deed.pdf" && keys clerk F10 && see "Tell the agency so?  1 = yes   2 or Enter = no" && keys clerk 1 &&
        see "The agency goes on with the request." && within 60 in_state "$number" "$hub" in_review && within 60 hub_has_file
}
ok "it is answered there with a file, and the agency gets both" answered
ok "the centre that made it hears how it stands" within 60 in_state "$number" "$maker" in_review
refused() { ! "$sanad" request conflicts --state "$hub" | grep -q . && ! "$sanad" hub quarantine --state "$hub" | grep -q .; }
ok "nothing was lost or held back" refused

make_second() { at_menu; make 4; }
ok "another request" make_second
kept() {
    line_down
    go_for "$number $civil" "اسأل المركز الرئيسي عن الطلب" && see "Requests of other centres, the newest first" &&
        expect_screen clerk "$number" && expect_screen clerk "سُئل المركز الرئيسي"
}
ok "with the line down the question is kept" kept
ok "when it is back the request opens by itself" eval 'line_up && expect_screen clerk "$person" 40'
all_clean() {
    maker_stop
    both_clean && clean "$maker"
}
ok "all three books verify" all_clean
done_testing
