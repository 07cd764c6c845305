#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# First logins by a one-time code, codes by time, and an outsider who guesses: against a real server
# with real clients. Nothing an outsider can do tells him who exists, lets him in, or keeps a clerk
# out; and all of it is in the trail.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
guess="$SND_BUILDDIR/tests/e2e/guess"
person() { "$sanad" user add "$1" --state "$office" --role "$2" --name "$3" >/dev/null; }
code_of() { "$sanad" user enrol "$1" --state "$office" | sed 's/.* is \(.*\); .*/\1/'; }
key_of() { ssh-keygen -q -t ed25519 -N '' -C "$1" -f "$work/keys/$1"; }

# An office for practice that asks for codes.
make_it() {
    office_make && rm -rf "$office" &&
        "$sanad" init --state "$office" --practice --centre DA01-003 --name "مركز الأفق للخدمات" >/dev/null &&
        person clerk clerk "سالم بن حمد العبري" && person fatma clerk "فاطمة" && person zayd clerk "زايد" &&
        "$sanad" user key add clerk "$work/keys/clerk.pub" --state "$office" &&
        echo "$password" | "$sanad" user passwd clerk --state "$office" --stdin &&
        "$sanad" user add supervisor --state "$office" --role sup --name "مريم" --key "$work/keys/supervisor.pub" &&
        sed -i 's/^startups_source *=.*/startups_source = 400/' "$office/sanad.conf" &&
        key_of fatma && key_of stranger
}

# asks NAME: the client has tried its keys and asks for the password.
asks() { expect_screen "$1" "password:"; }
# by_word NAME ACCOUNT WORD [OPTION...]: no key but what the options say.
by_word() {
    terminal=$1 who=$2 word=$3
    shift 3
    term_open "$terminal" 80x24 env TERM=xterm-256color sh -c "ssh -F none -p $port -o IdentityAgent=none -o IdentitiesOnly=yes -o UserKnownHostsFile=$work/known_hosts $* $who@127.0.0.1; echo client-ended; exec cat" &&
        asks "$terminal" && entering "$terminal" "$word"
}

first_login() {
    code=$(code_of fatma) && login first fatma && asks first && typing first "$code" &&
        keys first Enter && expect_said first ar "Enter goes on." &&
        login later fatma 80x24 -o PasswordAuthentication=no && expect_said later ar "Enter goes on."
}
code_again() { by_word again fatma "$code" -i "$work/keys/stranger" && expect_screen again "Permission denied"; }
code_of_another() {
    code=$(code_of zayd) && by_word wrong fatma "$code" && expect_screen wrong "Permission denied"
}
certificate() {
    ssh-keygen -q -t ed25519 -N '' -f "$work/keys/ca" &&
        ssh-keygen -q -s "$work/keys/ca" -I x -n zayd "$work/keys/stranger.pub" &&
        by_word cert zayd "$code" -i "$work/keys/none" -o "CertificateFile=$work/keys/stranger-cert.pub" \
            -i "$work/keys/stranger" -o "'PubkeyAcceptedAlgorithms=*cert*'" &&
        expect_said cert ar "Choose a password of your own before you go on." && term_close cert
}
rub_out() { keys bare BSpace BSpace BSpace BSpace BSpace BSpace BSpace BSpace BSpace; }
without_key() {
    code=$(code_of zayd) && by_word bare zayd "$code" &&
        expect_said bare ar "Choose a password of your own before you go on." &&
        entering bare password1 && entering bare password1 &&
        expect_said bare ar "Everybody tries that one first: choose a password that is yours alone." &&
        rub_out && entering bare my-own-word-88 && rub_out &&
        entering bare my-own-word-88 && expect_said bare ar "The password is changed." &&
        by_word own zayd my-own-word-88 && expect_said own ar "Enter goes on."
}

# A new telephone, by two codes that follow each other; the second is left in $used, all that was said in $secrets.
secrets=
prove() {
    secret=$(secret_on "$1") && set -- "$1" $(code_of_step "$secret" -1 0) && entering "$1" "$2" && entering "$1" "$3" && used=$3 && secrets="$secrets|$secret|$used"
}
first_code() {
    login sup supervisor && expect_said sup ar "The code that appears" && prove sup && expect_said sup ar "Enter goes on."
}
next_code() {
    login sup2 supervisor && expect_said sup2 ar "The code now" && lacks sup2 "otpauth" &&
        entering sup2 "$used" &&
        expect_said sup2 ar "That code is wrong or was used: wait for the next one and type it." &&
        used=$(code_of_step "$secret" 1) && entering sup2 "$used" &&
        expect_said sup2 ar "Enter goes on."
}
code_reuse() {
    login sup3 supervisor && expect_said sup3 ar "The code now" && entering sup3 "$used" &&
        expect_said sup3 ar "That code is wrong or was used: wait for the next one and type it." &&
        keys sup3 F2 && expect_said sup3 ar "The code now" && keys sup3 F3 && expect_screen sup3 client-ended
}

# The fastest "no" to a name lies within 5 ms of that to one that nobody has, or as near as those to two
# names that somebody has: other work on the machine may spoil a round.
enumeration() {
    for round in 1 2 3 4; do
        "$guess" "$port" oracle clerk fatma "nobody-$round" 15 >"$work/oracle" || return 1
        note "$(cat "$work/oracle")"
        read -r _ _ _ _ _ apart _ noise <"$work/oracle"
        [ "$apart" -le $((5 + noise)) ] && return 0
        # Tries of one name from everywhere are slowed; a fresh start for the next round.
        "$sanad" user unlock clerk --state "$office" && "$sanad" user unlock fatma --state "$office"
    done
    return 1
}
lockout() {
    "$guess" "$port" many clerk 127.0.0.9 1000 >"$work/guess.out" || return 1
    note "$(cat "$work/guess.out")"
    grep -q '^refused 1000 let-in 0' "$work/guess.out" &&
        login works clerk && expect_said works ar "Enter goes on." &&
        by_word word clerk "$password" && expect_said word ar "Enter goes on."
}
code_guesses() {
    code=$(code_of zayd) && "$guess" "$port" code zayd 127.0.0.8 1000 >"$work/guess.out" || return 1
    by_word patient zayd "$code" && expect_said patient ar "Choose a password of your own before you go on."
}
unknown_names() {
    "$guess" "$port" many secret-typed-as-name 127.0.0.7 20 >/dev/null &&
        ! grep -qa secret-typed-as-name "$office"/office.db* "$work/server.log"
}
in_trail() {
    python3 - "$office/office.db" <<'PY'
import sqlite3, sys
kinds = dict(sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True).execute(
    "SELECT type, COUNT(*) FROM event GROUP BY type"))
print("#", {k: n for k, n in kinds.items() if k.split(".")[0] in ("login", "account", "session")})
want = {"account.code": 4, "account.code_gone": 3, "account.key": 3, "account.totp": 2, "login.passed": 2,
        "login.paused": 1, "login.refused": 5, "session.opened": 5}
sys.exit(any(kinds.get(k, 0) < n for k, n in want.items())
         or kinds["login.refused"] > 130 or kinds["login.paused"] > 130)
PY
}
card() {
    "$sanad" user card zayd --state "$office" --host sanad.example.om --port 2222 >"$work/card" &&
        grep -q 'ssh -p 2222 zayd@sanad.example.om' "$work/card" &&
        grep -q "$("$sanad" fingerprint --state "$office")" "$work/card" &&
        grep -Eq '^ +[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]$' "$work/card" &&
        grep -q 'زايد' "$work/card" && ! LC_ALL=C grep -q '[[:cntrl:]]' "$work/card" &&
        python3 -c 'import sys; sys.exit(any(len(l.rstrip("\n")) > 80 for l in open(sys.argv[1])))' "$work/card"
}
CODE='[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]'
shows_code() { capture "$1" | grep -Eq "$CODE"; }
# The administrator's own first login: the telephone, then the password; then a code for somebody.
admin_screens() {
    word=$("$sanad" user passwd admin --state "$office" | sed 's/.* is //')
    by_word adm admin "$word" && expect_said adm ar "The code that appears" &&
        prove adm && expect_said adm ar "Choose a password of your own before you go on." && typing adm "$word" &&
        keys adm Enter && entering adm my-own-word-99 && typing adm my-own-word-99 &&
        keys adm Enter && expect_said adm ar "The password is changed." && keys adm F2 &&
        expect_said adm ar "Go to" && entering adm "$(said ar Accounts)" &&
        expect_said adm ar "Who may log in here" && entering adm zayd &&
        expect_said adm ar "Make a one-time code for a first login" && keys adm 1 &&
        expect_said adm ar "Write the code down now: it is shown this once." &&
        within "$PATIENCE" shows_code adm && code=$(capture adm | grep -Eo "$CODE") &&
        by_word given zayd "$code" &&
        expect_said given ar "Choose a password of your own before you go on."
}

# An agency's officer reads a request with its documents. Files can be asked for no code: the screen that
# was stands for them, for as long as it is open.
officer() {
    key_of "$1" && "$sanad" user add "$1" --state "$office" --role agency --scope "$2" --name "$3" --key "$work/keys/$1.pub" &&
        eval "$1=$("$sanad" user totp "$1" --state "$office" | sed -n '2s/ //gp')"
}
# A request of the clerk's with a document that was sent.
with_document() {
    { printf '%%PDF-1.4\n<</Type/Page>>\n'; head -c 200000 /dev/urandom | base64; printf '%%%%EOF\n'; } >"$work/card.pdf" &&
        echo "put $work/card.pdf inbox/card.pdf" | sftp_as clerk || return 1
    python3 - "$SND_SRCDIR/tests/nation/demo.jsonl" "$(sha256sum "$work/card.pdf" | cut -c1-64)" >"$work/one" <<'PY'
import json, sys
one = json.loads(open(sys.argv[1]).readline())
one["values"]["doc_id"] = "att:" + sys.argv[2]
print(json.dumps(one))
PY
    number=$("$sanad" request enter "$work/one" --state "$office" | cut -f1) && [ -n "$number" ] &&
        officer nasir MZEC "ناصر بن علي الحارثي" && officer hind MOCI "هند بنت راشد الغافرية"
}
FIRST="First log in with ssh from this computer, type your code and leave that screen open; then take the document out."
turned_away() { ! echo ls | sftp_as "$1" && sftp_said "$(said ar "$FIRST")"; }
# by_code NAME ACCOUNT SECRET: at the screens, by key and code.
by_code() { login "$1" "$2" && expect_said "$1" ar "The code now" && entering "$1" "$(code_of_step "$3" 0)" && at_home "$1" ar; }
beside_screen() { turned_away nasir && by_code nasir nasir "$nasir" && takes nasir; }
takes() {
    rm -f "$work/taken.pdf"
    echo "get outbox/documents/$number/doc_id.pdf $work/taken.pdf" | sftp_as "$1" && cmp "$work/card.pdf" "$work/taken.pdf"
}
said_how() {
    keys nasir 1 && expect_said nasir ar "What waits, the oldest first" && keys nasir Enter &&
        expect_screen nasir "الرقم المدني لمقدم الطلب" && keys nasir NPage && expect_screen nasir "outbox/documents/$number" &&
        expect_screen nasir "card.pdf${gap}PDF" "$PATIENCE" ar && expect_screen nasir "doc_id.pdf"
}
names_of() { printf '%s\n' "$1" | sftp_as nasir && [ "$(grep -v '^sftp>' "$work/out" | tr -s ' \n' ' ')" = "$2 " ]; }
only_documents() {
    names_of ls outbox && names_of "ls outbox" outbox/documents && names_of "ls outbox/documents" "outbox/documents/$number" &&
        names_of "ls outbox/documents/$number" "outbox/documents/$number/doc_id.pdf" &&
        for order in "put $work/card.pdf outbox/documents/$number/x.pdf" "put $work/card.pdf inbox/x.pdf" \
            "get outbox/requests/$number.txt $work/x" "get outbox/services/MZ-01.txt $work/x" "ls inbox" "rm outbox/documents/$number/doc_id.pdf"; do
            ! echo "$order" | sftp_as nasir || return 1
        done
}
other_agency() {
    by_code hind hind "$hind" && ! takes hind && ! echo "ls outbox/documents/$number" | sftp_as hind &&
        echo "ls outbox/documents" | sftp_as hind && ! sftp_said "$number" >/dev/null && term_close hind
}
reading_kept() {
    "$sanad" trail --request "$number" --state "$office" | grep -q "nasir.*Request opened" &&
        "$sanad" trail --account nasir --state "$office" | grep -q "127.0.0.1:.*Files beside an open screen"
}
left() { keys nasir F3 F3 F3 F3 && expect_screen nasir client-ended && within "$PATIENCE" turned_away nasir; }

log_silent() { ! grep -Eq "$password|my-own-word$secrets|$nasir|$hind" "$work/server.log"; }

make_it && office_start || exit 1
ok "a first login by code enrols the client's key" first_login
ok "a code works once" code_again
ok "another's code is worth nothing" code_of_another
ok "a certificate is not enrolled" certificate
ok "without a key the code leads to a password" without_key
ok "a supervisor's first login makes a secret and proves it" first_code
ok "the next login asks for a code" next_code
ok "code reuse" code_reuse
ok "enumeration" enumeration
ok "lockout" lockout
ok "1000 guesses of a code find nothing" code_guesses
ok "a name that nobody has stands nowhere" unknown_names
ok "all of it is in the trail, and a flood is not" in_trail
ok "a card to print" card
ok "the administrator makes a code at the screen" admin_screens
ok "a request with a document that was sent, and officers of two agencies" with_document
ok "an officer with no screen open gets no file and is told what to do; with one, the document as it was sent" beside_screen
ok "the screen says how, by the name that the file has" said_how
ok "an officer finds documents and nothing else, and puts nothing there" only_documents
ok "an officer of another agency gets nothing" other_agency
ok "that it was read, by whom and from where, is kept" reading_kept
ok "once the screen has ended, there are no files" left
ok "no secret stands in the log" log_silent
office_stop
ok "fsck finds nothing" fsck_clean
done_testing
