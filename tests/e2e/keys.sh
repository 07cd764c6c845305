#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The key ring: an office is made with one, is not served without it, and never gets another in its
# place. Nothing that a citizen said stands in clear in the state folder.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized

run() { "$sanad" "$@" --state "$office"; }
# refused WORDS COMMAND...: fails with status 1 and one line that has the words.
refused() {
    words=$1
    shift
    "$@" >"$work/out" 2>"$work/err" && return 1
    [ $? = 1 ] && [ "$(wc -l <"$work/err")" = 1 ] && grep -q "$words" "$work/err" && return 0
    sed 's/^/# /' "$work/err"
    return 1
}
mode_is() { [ "$(stat -c %a "$1")" = "$2" ]; }
said() {
    python3 - "$SND_SRCDIR/tests/nation/demo.jsonl" "$office" <<'END'
import json, os, sys
seeded = set()
for line in open(sys.argv[1], encoding="utf-8"):
    for value in json.loads(line)["values"].values():
        if isinstance(value, str) and value.isdigit() and len(value) == 8:
            seeded.add(value.encode())
hits = 0
for folder, _, names in os.walk(sys.argv[2]):
    for name in names:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            data = open(path, "rb").read()
            hits += sum(value in data for value in seeded)
print("# %d numbers, found %d times" % (len(seeded), hits))
sys.exit(hits != 0 or len(seeded) < 40)
END
}

shown() { run request show "$(head -n 1 "$work/numbers")" --json | grep -q '"app_civil": *"99'; }

office_make || exit 1
ok "the key ring is its owner's alone" mode_is "$office/keyring" 600
run request enter "$SND_SRCDIR/tests/nation/demo.jsonl" >"$work/numbers"
ok "what citizens said stands nowhere in the state folder" said
office_start || exit 1
ok "nor while the office is open" said
office_stop
mv "$office/keyring" "$work/keyring"
ok "without its key ring an office is not served" refused "keyring is missing" run serve --port 0
ok "nor does any command open it" refused "keyring is missing" run user list
ok "and no other ring is made" test ! -e "$office/keyring"
printf 'sanad-keyring 1\nkey 1 00\n' >"$office/keyring"
ok "a damaged ring is said to be that" refused "keyring is damaged" run serve --port 0
other=$work/other
"$sanad" init --state "$other" --centre DA01-004 --name x >/dev/null
cp "$other/keyring" "$office/keyring"
run fsck >"$work/fsck" 2>&1
ok "with another office's ring the check says so" grep -q "^payload: event 1 can't be opened" "$work/fsck"
mv "$work/keyring" "$office/keyring"
[ "$(id -u)" != 0 ] || chown --reference="$office/office.db" "$office/keyring"
ok "with its own the book is whole" fsck_clean
cp "$office/keyring" "$work/before"
office_start || exit 1
ok "the keys are changed while the office is open" into "$work/rotated" run key rotate
ok "and the old one is gone" grep -q " 1 old keys are gone" "$work/rotated"
run key list >"$work/listed"
ok "all is sealed with the new key" grep -Eq "^2	[0-9]+	current$" "$work/listed"
ok "by which it is read" shown
office_stop
cp -p "$office/keyring" "$work/rotated.ring"
ok "the book is whole after it" fsck_clean
cp "$work/before" "$office/keyring"
run fsck >"$work/fsck" 2>&1
ok "the ring from before opens nothing any more" grep -q "which the key ring lacks" "$work/fsck"
run key list >"$work/listed"
ok "and lists the key that is missing" grep -Eq "^2	[0-9]+	missing$" "$work/listed"
mv "$work/rotated.ring" "$office/keyring"
mv "$office/keyring" "$work/elsewhere"
sed -i "s|^keyring *=.*|keyring = $work/elsewhere|" "$office/sanad.conf"
ok "the ring may lie elsewhere" fsck_clean
office_start && ok "and be served from there" shown
office_stop
done_testing
