#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An auditor at the screens: finds any request, clerk or person in at most twelve keys from home and
# reads the trail, goes from one to the other, verifies the chain; is in the trail himself; and can
# change nothing, whatever is pressed.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
command -v python3 >/dev/null 2>&1 || skip_all "needs python3 to read the database"

HOME_SAYS="What would you like to do? Press its digit."
pressed=0
see() { expect_said aud ar "$1"; }
# press KEY...: one key each, as tmux names them. type TEXT: a key a character.
press() {
    pressed=$((pressed + $#))
    keys aud "$@"
}
type_text() {
    pressed=$((pressed + $(printf %s "$1" | wc -m)))
    typing aud "$1"
}
few() {
    note "$pressed keys"
    [ "$pressed" -le 12 ]
}

# find TEXT TITLE-ID: from home to the trail; asserted to take at most twelve keys.
find_trail() {
    pressed=0
    press 1 && see "Whose trail:" && type_text "$1" && press Enter && see "$2" && few
}
# back_home KEY...: by as many as it takes.
back_home() { keys aud "$@" && see "$HOME_SAYS"; }
request_trail() { find_trail "$symbols" "Trail of a request" && expect_screen aud "تقديم طلب" && expect_screen aud "الاطلاع على طلب"; }
clerk_trail() { find_trail salim "Trail of an account" && expect_screen aud "$number"; }
person_trail() { find_trail "$civil" "Trail of a person" && expect_screen aud "تقديم طلب"; }
across() {
    find_trail "$symbols" "Trail of a request" && keys aud Down Down Down Enter && see "What" &&
        keys aud 2 && see "Trail of an account" && keys aud Down 3 && see "Trail of a person"
}
own_looking() {
    "$sanad" trail --request "$number" --state "$office" >"$work/trail" &&
        grep -q "	mudaqqiq	.*	Trail read	$number	" "$work/trail" &&
        "$sanad" trail --person "$civil" --json --state "$office" | grep -q '"actor": "mudaqqiq"' &&
        "$sanad" trail --account salim --state "$office" | grep -q "	mudaqqiq	.*	Trail read	"
}
verify_screen() { keys aud 3 && see "Each event holds the hash of the one before: a change of any shows here." && expect_screen aud "السلسلة سليمة" 30; }

# The whole database but what reading makes: rows of every table, and the kinds of new events.
snapshot() {
    python3 - "$office/office.db" "$1" "$2" <<'PY'
import sqlite3, sys
db = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True)
out = open(sys.argv[2], "w")
since = int(sys.argv[3])
# What a login leaves, and where a session was, is not the screens' doing; how Arabic looks on somebody's terminal changes nothing of the book.
reading = {"terminal", "place", "known_address", "login_try", "ticket_passed", "event", "event_subject", "head", "ticket", "session", "answer"}
for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
    if table in reading:
        continue
    columns = [c[1] for c in db.execute("PRAGMA table_info(%s)" % table)]
    # Whoever reads may choose the language to read in.
    shown = ", ".join("''" if table == "account" and c == "lang" else c for c in columns)
    for row in sorted(map(repr, db.execute("SELECT %s FROM %s" % (shown, table)))):
        print(table, row, file=out)
print("before", db.execute("SELECT COUNT(*), MAX(rowid) FROM event WHERE rowid <= ?", (since,)).fetchall(), file=out)
kinds = db.execute("SELECT type, COUNT(*) FROM event WHERE rowid > ? GROUP BY type", (since,)).fetchall()
for kind, count in kinds:
    print("# %s: %d" % (kind, count))
allowed = {"request.seen", "request.searched", "request.revealed", "trail.seen", "trail.searched", "session.opened", "session.closed",
           "account.language", "login.passed", "login.refused", "report.seen", "person.looked_up", "person.seen"}
sys.exit(any(kind not in allowed for kind, count in kinds))
PY
}
newest_event() { python3 -c 'import sqlite3, sys; print(sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True).execute("SELECT MAX(rowid) FROM event").fetchone()[0])' "$office/office.db"; }
unchanged() {
    diff "$work/before" "$work/after" >"$work/changed" && return 0
    cut -c1-60 "$work/changed" | sed 's/^/# /' | head -n 20
    return 1
}
random_keys() {
    since=$(newest_event)
    snapshot "$work/before" "$since" || return 1
    PTY_LOGIN=$password "$SND_BUILDDIR/tests/e2e/pty" "$work/out" random 7 "$KEYS" -- \
        "$sanad" desk --user mudaqqiq --state "$office" >"$work/keys.out" || { sed 's/^/# /' "$work/keys.out"; return 1; }
    note "$(cat "$work/keys.out")"
    snapshot "$work/after" "$since" && unchanged &&
        [ "$("$sanad" trail --account mudaqqiq --state "$office" | grep -c "Trail read\|searched")" -gt $((KEYS / 200)) ]
}

KEYS=${KEYS:-10000}
office_make && account_make salim "clerk سالم بن حمد العبري" && account_make mudaqqiq "auditor ناصر بن علي المدقق" &&
    sed 's/"account":"clerk"/"account":"salim"/' "$SND_SRCDIR/tests/nation/demo.jsonl" >"$work/demo.jsonl" &&
    "$sanad" request enter "$work/demo.jsonl" --state "$office" >"$work/numbers" && office_start || exit 1
number=$(tail -n 1 "$work/numbers")
symbols=$(printf %s "$number" | cut -d- -f3)
civil=$("$sanad" request show "$number" --json --state "$office" | sed -n 's/.*"app_civil": *"\([0-9]*\)".*/\1/p')
login aud mudaqqiq && at_home aud ar || exit 1
ok "a request's trail in at most 12 keys" request_trail && back_home F3 F3
ok "a clerk's trail in at most 12 keys" clerk_trail && back_home F3 F3
ok "a person's trail in at most 12 keys" person_trail && back_home F3 F3
ok "from the request to the clerk and the person" across && back_home F3 F3 F3 F3 F3
ok "the auditor's own looking is in the trail" own_looking
ok "the chain verified from the screen" verify_screen && back_home F3
term_close aud
ok "10 000 random keys by an auditor change nothing but the reading events" random_keys
ok "what reached the auditor's terminal is our painter's" "$SND_BUILDDIR/tests/e2e/judge" "$work/out"
ok "the book verifies" fsck_clean
done_testing
