#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A request made at one centre is continued at the counter of another, through the hub: asked for by
# its number and the civil number, opened when it is passed, answered with a file, which reaches the
# agency that asked; with the line down the question is kept. The same with what the national portal
# has filed. Two centres that want a campaign's last seat. And a centre that has nothing to say.
. "${SND_SRCDIR:-.}/tests/lib.sh"
. "$SND_SRCDIR/tests/two.sh"
skip_when_sanitized

maker=$work/maker agency=$work/agency
maker_pid= stub_pid=
maker_stop() {
    [ -n "$maker_pid" ] || return 0
    kill "$maker_pid" 2>/dev/null
    within 60 gone "$maker_pid" || kill -9 "$maker_pid" 2>/dev/null
    wait "$maker_pid" 2>/dev/null
    maker_pid=
}
stub_stop() { [ -z "$stub_pid" ] || kill "$stub_pid" 2>/dev/null; }
trap 'maker_stop; stub_stop; two_end; at_end' EXIT

# maker_make: a third office, which joins the hub and is served.
maker_make() {
    "$sanad" init --state "$maker" --demonstration --centre DA02-007 --name "مركز النخلة" --admin admin >/dev/null &&
        "$sanad" user add clerk --state "$maker" --role clerk --name "هند بنت راشد" >/dev/null &&
        sed 's/^version .*/version 90/; s/^title.ar = .*/title.ar = نص المركز وحده/' "$SND_SRCDIR/screens/mz-01.form" >"$work/own.form" &&
        "$sanad" form load "$work/own.form" --state "$maker" >/dev/null &&
        sed -i 's/^ballast_mib *=.*/ballast_mib = 1/; s/^hub_word *=.*/hub_word = 1/' "$maker/sanad.conf" &&
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
# agency_make: a real agency over HTTP, which asks for a document of each request that comes to it.
agency_make() {
    mkdir "$agency" && stub_port=$(port_free) && echo from-us >"$work/from-us" &&
        token=$("$sanad" agency add MZEC --url "http://127.0.0.1:$stub_port" --token-file "$work/from-us" --stage testing --state "$hub" | tail -n 1) &&
        "$sanad" agency stage MZEC testing --from 2018-01-01 --state "$hub" >/dev/null || return 1
    python3 "$SND_SRCDIR/tools/agency-stub" "$agency" --port "$stub_port" --token from-us --hub "https://127.0.0.1:$hub_port" \
        --hub-token "$token" --hub-ca "$hub/hub/ca.crt" --then in_review,need_docs --answered in_review 2>>"$work/stub.log" &
    stub_pid=$!
    within 60 test -s "$agency/port"
}
kept_there() { [ "$(python3 -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1], timeout=10).execute(sys.argv[2]).fetchone()[0])' "$agency/agency.db" "$1")" = "$2" ]; }
# One campaign, which has a single seat.
campaign_make() {
    printf 'kind\tcode\tparent\tar\ten\tsince\tuntil\tnote\ncampaign\tHC001\t1439\tحملة النور\tAl Noor\t\t\t1\n' >"$work/campaign.tsv" &&
        "$sanad" import register "$work/campaign.tsv" --state "$hub" >/dev/null
}
of_line() { # of_line N: that of the demonstration's lines; $civil, $person
    sed -n "${1}p" "$SND_SRCDIR/tests/nation/demo.jsonl" >"$work/one.jsonl"
    civil=$(sed -n 's/.*"app_civil":"\([0-9]*\)".*/\1/p' "$work/one.jsonl")
    person=$(sed -n 's/.*"app_name":"\([^"]*\)".*/\1/p' "$work/one.jsonl")
    [ -n "$civil" ]
}
# make N: the maker's Nth request, which its agency asks for a document of; $number, $civil, $person.
make() { of_line "$1" && number=$("$sanad" request enter "$work/one.jsonl" --state "$maker") && within 60 in_state "$number" "$hub" need_docs; }
standing() { "$sanad" request show "$1" --json --state "$2" | sed -n 's/^ *"state": *"\([a-z_]*\)",*$/\1/p' | head -n 1; }
in_state() { [ "$(standing "$1" "$2")" = "$3" ]; }
see() { expect_said clerk ar "$1"; }
# at_menu KEY...: home by as many as it takes.
at_menu() { keys clerk "$@" && see "What would you like to do? Press its digit."; }
go_for() { keys clerk F2 && see "Where to?" && typing clerk "$1" && expect_screen clerk "$2" && keys clerk Enter; }

two_make >&2 && two_join && clerk_make && office_start && maker_make && agency_make && campaign_make && line_up || exit 1
ok "a centre's request reaches its agency, which asks for a document" make 1

# But for the one form that the maker had changed before it joined: what it loads since is refused.
printed() { # printed PORT FOLDER
    rm -rf "${work:?}/$2" && mkdir "$work/$2" && printf 'get outbox/forms/*.html %s/\n' "$work/$2" |
        timeout 300 sftp -q -F /dev/null -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o IdentitiesOnly=yes -o BatchMode=yes \
            -o IdentityAgent=none -o LogLevel=ERROR -P "$1" -i "$work/keys/clerk" -b - clerk@127.0.0.1 >/dev/null
}
alike() {
    "$sanad" user key add clerk "$work/keys/clerk.pub" --state "$maker" >/dev/null &&
        printed "$port" here && printed "$(sed -n 's/^ready .*://p' "$work/maker.ready")" there &&
        [ "$(ls "$work/here" | wc -l)" = 93 ] && diff -rq -x MZ-01.html "$work/here" "$work/there" >"$work/differ" &&
        ! "$sanad" form load "$work/own.form" --state "$maker" >/dev/null 2>&1
}
ok "B25: two centres print the same forms, byte for byte" alike

opened() {
    login clerk clerk && at_home clerk ar && go_for "$number 99999999" "اسأل المركز الرئيسي عن الطلب" &&
        see "No request has this number and civil number: look at both again." && at_menu F3 &&
        go_for "$number $civil" "اسأل المركز الرئيسي عن الطلب" && expect_screen clerk "$person" &&
        expect_screen clerk "قُدم في المركز DA02-007" && expect_screen clerk "سند الملكية"
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
brought() { # the agency has fetched it, whole by its hash, with the step that says that it was brought
    kept_there "SELECT COUNT(*) FROM step WHERE state = 'in_review' AND documents = 1 AND body LIKE '%$number%' AND body LIKE '%$(sha256sum "$work/deed.pdf" | cut -c1-64)%'" 1 &&
        kept_there "SELECT COUNT(*) FROM step" 1
}
answered() {
    send_file && keys clerk 1 && see "What is missing, why:" && keys clerk F8 && expect_screen clerk deed.pdf && keys clerk 1 &&
        expect_screen clerk "deed.pdf" && keys clerk F10 && see "Tell the agency so?  1 = yes   2 or Enter = no" && keys clerk 1 &&
        see "The agency goes on with the request." && within 60 in_state "$number" "$hub" in_review && within 60 hub_has_file
}
ok "it is answered there with a file, and the agency gets both" answered
ok "the document that was brought for the agency's ask is at the agency, whole, once" within 60 brought
ok "the centre that made it hears how it stands" within 60 in_state "$number" "$maker" in_review
refused() { ! "$sanad" request conflicts --state "$hub" | grep -q . && ! "$sanad" hub quarantine --state "$hub" | grep -q .; }
ok "nothing was lost or held back" refused

portal_make() {
    portal_token=$("$sanad" agency add PORTAL --url https://portal.example --stage testing --state "$hub" | tail -n 1) &&
        "$sanad" agency stage PORTAL testing --from 2018-01-01 --state "$hub" >/dev/null
}
portal() { curl -sS --max-time 20 --cacert "$hub/hub/ca.crt" -H "Authorization: Bearer $portal_token" "$@"; }
form_sha() { portal "https://127.0.0.1:$hub_port/portal/v1/services" | python3 -c 'import json, sys; print(next(s["form"] for s in json.load(sys.stdin)["services"] if s["code"] == sys.argv[1]))' MZ-01; }
# filed N: what somebody asks the portal for; $number, $civil, $person.
filed() {
    of_line "$1" && portal_make && sha=$(form_sha) && [ -n "$sha" ] &&
        python3 -c 'import json, sys; print(json.dumps({"form": sys.argv[2], "values": json.load(open(sys.argv[1]))["values"]}))' "$work/one.jsonl" "$sha" >"$work/filed.json" &&
        number=$(portal -H 'Idempotency-Key: portal-0001' -d "@$work/filed.json" "https://127.0.0.1:$hub_port/portal/v1/requests" | sed -n 's/.*"number": *"\([^"]*\)".*/\1/p') &&
        [ -n "$number" ] && within 60 in_state "$number" "$hub" need_docs && at_menu F3 F3
}
ok "what the portal filed reaches its agency, too, which asks for a document" filed 6
kept() {
    line_down
    go_for "$number $civil" "اسأل المركز الرئيسي عن الطلب" && see "Requests of other centres, the newest first" &&
        expect_screen clerk "$number" && expect_screen clerk "سُئل المركز الرئيسي"
}
ok "with the line down the question is kept" kept
ok "when it is back the request opens by itself" eval 'line_up && expect_screen clerk "$person"'
told_portal() { portal "https://127.0.0.1:$hub_port/portal/v1/requests/$number" | grep -q '"state": *"in_review"'; }
gone_on() {
    "$sanad" request move "$number" in_review --documents doc_mulkiya --note "أحضره صاحب الطلب" --state "$office" >/dev/null &&
        within 60 in_state "$number" "$hub" in_review && within 60 told_portal
}
ok "what a person filed at the portal goes on at a counter, and the portal is told" gone_on
# wishes STATE WHAT CIVIL: a pilgrim's choice of that campaign at the centre; its number goes to $work/WHAT.
wishes() {
    printf '{"service":"HJ-02","account":"clerk","ago":0,"minute":0,"dates":{},"values":{"app_civil":"%s","app_name":"%s","app_mobile":"92345678",%s}}\n' "$3" "$person" \
        '"app_capacity":"self","hajj_ref":"HJ-2018-1","camp_wilayat":"DA01","camp_code":"HC001","travel":"air","price":"1850.000","accept":"yes","doc_id":"have:734816"' >"$work/$2.jsonl" &&
        "$sanad" request enter "$work/$2.jsonl" --state "$1" >"$work/$2"
}
seats() { [ "$("$sanad" hub seats --state "$1" | cut -f2,3,4 | tr '\t' ' ')" = "HC001 1 $2" ]; }
# both_hear ONE TWO: by the books of these, one of the two requests is cancelled and the other is not.
both_hear() { [ "$({ standing "$(cat "$work/one")" "$1"; standing "$(cat "$work/two")" "$2"; } | sed s/at_hub/queued/ | sort | tr '\n' ' ')" = "cancelled queued " ]; }
last_seat() {
    within 60 seats "$office" 1 && within 60 seats "$maker" 1 || return 1
    wishes "$office" one 99276747 &
    one_wish=$!
    wishes "$maker" two 99179869 && wait "$one_wish" && within 60 both_hear "$hub" "$hub" &&
        within 60 both_hear "$office" "$maker" && seats "$hub" 0 && within 60 seats "$office" 0 && within 60 seats "$maker" 0
}
ok "two centres that want a campaign's last seat at once: one has it, the other's request ends, and all books say so" last_seat
# As the hub heard the maker last, and how much it had of it then.
heard() { "$sanad" hub nodes --state "$hub" | sed -n 's/^DA02-007\t//p' | cut -f2,3; }
# Heard of again, and not by anything that it has sent.
heard_again() {
    was=$is is=$(heard)
    [ "${was#*	}" = "${is#*	}" ] && [ "$was" != "$is" ]
}
is=
ok "a healthy centre that has nothing to say is heard of again and again" eval 'within 60 heard_again && within 60 heard_again'
all_clean() {
    maker_stop
    both_clean && clean "$maker"
}
ok "all three books verify" all_clean
done_testing
