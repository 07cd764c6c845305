#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The commands without a server: they start a ledger of their own. What is asserted is what a person
# at the shell sees: one plain sentence, the right exit status, and that nothing was changed.
. "${SND_SRCDIR:-.}/tests/lib.sh"

# refused WORDS COMMAND...: fails with status 1 and one line that has the words.
refused() {
    words=$1
    shift
    "$@" >"$work/out" 2>"$work/err" && return 1
    [ $? = 1 ] && [ "$(grep -c '^sanad: ' "$work/err")" = 1 ] && grep -q "$words" "$work/err" && return 0
    sed 's/^/# /' "$work/err"
    return 1
}
run() { "$sanad" "$@" --state "$office"; }
mode_is() { [ "$(stat -c %a "$1")" = "$2" ]; }
wrong_use() {
    "$@" >/dev/null 2>"$work/err"
    [ $? = 2 ] && grep -q '^usage: ' "$work/err"
}

ok "there is no office yet" refused "no office" run user list
ok "a centre's code that isn't one is refused" refused "DA01-003" run init --centre nizwa --name x
ok "nothing was made by a refused init" test ! -e "$office/office.db"
ok "init makes an office" office_make
ok "its folder is its owner's alone" mode_is "$office" 700
ok "its host key is its owner's alone" mode_is "$office/host_key" 600
ok "the one-time word is printed once" grep -Eq '^Log in once as admin with the word [0-9a-z]{4}(-[0-9a-z]{4}){2} ' "$work/init.out"
ok "all 93 forms were loaded" grep -q '^93 forms ' "$work/init.out"
before=$(sha256sum <"$office/host_key")
ok "a second init refuses" refused "already" run init --centre DA01-003 --name x
ok "and touches nothing" test "$before" = "$(sha256sum <"$office/host_key")"
run user list >"$work/users"
ok "accounts are listed with their roles" grep -q "^supervisor	sup	-	open	1	مريم" "$work/users"
ok "an account can't be made twice" refused "already" run user add clerk --role clerk --name x
ok "a name that isn't one is refused" refused "a-z" run user add 'Clerk!' --role clerk --name x
ok "a role that isn't one is refused" refused "no role" run user add x --role king --name x
ok "a private key is refused" refused "not a public key" run user key add clerk "$work/keys/clerk"
ok "a key is removed" run user key remove clerk2 "$work/keys/clerk2.pub"
run user list >"$work/users"
ok "and is gone" grep -q "^clerk2	clerk	DA01-003	open	0	" "$work/users"
ok "an account is disabled" run user disable clerk2
run user list >"$work/users"
ok "and shown so" grep -q "^clerk2	clerk	DA01-003	disabled	" "$work/users"
ok "prepared requests are entered" into "$work/numbers" run request enter "$SND_SRCDIR/tests/nation/demo.jsonl"
ok "each has its number" test "$(grep -Ec '^DA01-003-[0-9A-HJKMNP-TV-Z]{7}-.$' "$work/numbers")" = 51
run request enter "$SND_SRCDIR/tests/nation/demo.jsonl" >"$work/again"
ok "entered again, the same file changes nothing" cmp -s "$work/numbers" "$work/again"
ok "the list has each once" test "$(request_count)" = 51
number=$(head -n 1 "$work/numbers")
run request show "$number" --json >"$work/show"
ok "a request is shown as JSON" python3 -c 'import json,sys; r=json.load(open(sys.argv[1])); sys.exit(r["number"]!=sys.argv[2] or r["values"]["app_civil"][:2]!="99" or len(r["history"])<1)' "$work/show" "$number"
ok "a number that isn't there is refused" refused "no request" run request show DA01-003-0000000-0
service_is() { run service list | grep -q "^$1	[A-Z0-9]*	$2	$3	"; }
ok "a service that isn't open says when it will be" service_is MZ-07 next 2018-07-01
promised() { run service promised | cut -f 1,3-5 | grep -qx "$1	$2	$3	$4"; }
ok "what is promised and not live is listed, with the age of the promise" promised TL-01 announced 2018-01-01 13
ok "what is live is no promise" sh -c "! '$sanad' service promised --state '$office' | grep -q '^MZ-01'"
ok "a service is closed with a reason" run service close RP-05 --to 2018-01-20 --reason "عطل في نظام الجهة"
ok "and opens by itself afterwards" service_is RP-05 closed 2018-01-21
ok "its sheet says so" sh -c "'$sanad' service show RP-05 --lang ar --state '$office' | grep -q 'حالة الخدمة: عطل في نظام الجهة'"
ok "a service is opened before its day" into "$work/opened" run service open MZ-07 --from 2018-01-10 --to 2018-01-31
ok "which is news to the clerks" grep -q '^MZ-07 is new' "$work/opened"
ok "and it is open" service_is MZ-07 open -
ok "a service that isn't there is refused" refused "no service" run service close ZZ-99
esc=$(printf '\033')
ok "what an argument says to a terminal is repeated in signs" refused 'no service MZ-07\\x1b\[31m ' run service open "MZ-07$esc[31m"
ok "and a file's name" refused 'سند\\xff\\x1b' run form load "سند$(printf '\377')$esc.form"
ok "a conflict that isn't open is not closed in silence" refused "No conflict of DA01-003-7K3M9QX-H" run request conflicts --close DA01-003-7K3M9QX-H --reason "سبب الإغلاق"
ok "a day that isn't one is refused" refused "year-month-day" run service open MZ-01 --from 2018-02-30
ok "an end before the beginning is refused" refused "before" run service close MZ-01 --to 2018-01-01
ok "a reason with a bidi control is refused" refused "can't be stored" run service close MZ-01 --reason "$(printf '\342\200\256x')"
ok "nobody has practised yet" test -z "$(run service training)"
noted() {
    run oversight finding DA01-003 V05 --words "لا إيصال" --cases 3 && run oversight finding DA01-003 V04 --words "رسم أعلى" &&
        [ "$(run oversight count | cut -f1,3,4 | tr '\t\n' '  ')" = "V04 1 1 V05 1 3 " ] &&
        run oversight count --by centre --csv - | grep -q '^"DA01-003","","","",2,4' &&
        ! run oversight finding DA01-003 V77 --words "لا أصل له" && ! run oversight finding DA01-003 V05 --day 2199-01-01 --words "غدا" &&
        ! run oversight count --by shoe
}
ok "findings are noted and counted by violation and centre" noted
issue() {
    run oversight meeting DA --words "اجتماع المراكز" && run oversight meetings | grep -q "اجتماع المراكز" &&
        run oversight issue DA01-003 --words "=انقطاع الخط" && id=$(run oversight issues | cut -f1) &&
        run oversight answer "$id" --owner "عمانتل" --solution "خط ثان" --closed 2018-01-14 &&
        run oversight issues --csv "$work/issues.csv" && grep -q "'=انقطاع الخط.*عمانتل.*خط ثان.*2018-01-14" "$work/issues.csv" &&
        ! run oversight answer "$id" --solution "" --closed 2018-01-14
}
ok "a meeting is noted, an issue raised, answered and closed" issue
ok "fsck finds nothing" fsck_clean
run fingerprint >"$work/print"
ok "the fingerprint is ssh-keygen's" test "$(cat "$work/print")" = "$(ssh-keygen -y -f "$office/host_key" | ssh-keygen -lf - | cut -d' ' -f2)"
complains() {
    want=$1
    shift
    "$sanad" form check "$@" >"$work/out" 2>&1 && return 1
    grep -Fxq "$want" "$work/out" && [ "$(wc -l <"$work/out")" = 1 ] && return 0
    sed 's/^/# /' "$work/out"
    return 1
}
check() { "$sanad" form check "$@" >"$work/out" 2>&1 && [ ! -s "$work/out" ]; }
wide="as it stands on the front of the identity card or of the residence card of a person"
mkdir -p "$work/forms/lists" "$work/alone"
sed "s/^label.en = Agent or guardian name/& $wide/" "$SND_SRCDIR/screens/mz-01.form" >"$work/forms/label.form"
sed "s/| Nizwa/& $wide/" "$SND_SRCDIR/screens/lists/wilayats.list" >"$work/forms/lists/wilayats.list"
sed '0,/required = yes/s//required = maybe/' "$SND_SRCDIR/screens/mz-01.form" >"$work/alone/maybe.form"
cp "$SND_SRCDIR/screens/mz-01.form" "$work/alone"
at() { grep -n "$wide" "$1" | cut -d: -f1; }
shorten="Shorten this text: it does not fit the screen in"
ok "nothing of the forms and lists that ship is cut on the screen" check "$SND_SRCDIR"/screens/*.form "$SND_SRCDIR"/screens/lists/*.list
mv "$work/forms/lists/wilayats.list" "$work/wilayats.list"
ok "a label that would be cut has its line, also when its field is hidden at first" complains "$work/forms/label.form:$(at "$work/forms/label.form"):12: $shorten English." "$work/forms/label.form"
mv "$work/wilayats.list" "$work/forms/lists/wilayats.list"
ok "a choice too, in the list that has it" complains "$work/forms/lists/wilayats.list:$(at "$work/forms/lists/wilayats.list"):22: $shorten English." "$work/forms/lists/wilayats.list"
ok "required takes yes, no or a condition, and the check says so" complains "$work/alone/maybe.form:$(grep -n maybe "$work/alone/maybe.form" | cut -d: -f1):12: Write yes, no, or a condition such as \${key} = 'value'." "$work/alone/maybe.form"
ok "a form elsewhere finds the lists that are installed" check "$work/alone/mz-01.form"
forms=$SANAD_DATADIR SANAD_DATADIR=$work/nowhere
ok "and where there are none, the check says once which" complains "$work/alone/mz-01.form:$(grep -n "^choices = capacities" "$work/alone/mz-01.form" | cut -d: -f1):11: Put into lists/ beside the form, or name other lists: capacities.list wilayats.list property-uses.list." "$work/alone/mz-01.form"
SANAD_DATADIR=$forms
ok "wrong use is said and has status 2" wrong_use "$sanad" user
ok "an unknown command has status 2" test "$("$sanad" nonsense 2>/dev/null; echo $?)" = 2
ok "--help after a command is its help" test "$("$sanad" user --help)" = "$("$sanad" help user)"
ok "a file without a key is refused with its name" refused "passwd is not a public key" "$sanad" user key add clerk /etc/passwd --state "$office"
"$sanad" help --man >"$work/sanad.1"
ok "the manual page has every command" test "$(grep -c '^\.B sanad' "$work/sanad.1")" -ge 9
real=$work/real
"$sanad" init --state "$real" --centre DA01-004 --name x >/dev/null
ok "an office that isn't for practice takes no prepared requests" refused "practice" "$sanad" request enter "$SND_SRCDIR/tests/nation/demo.jsonl" --state "$real"
ok "nor a password from standard input" refused "practice" sh -c "echo some-long-word | '$sanad' user passwd admin --stdin --state '$real'"
# An office as the first version left it.
old_office() {
    "$sanad" init --state "$work/old" --practice --centre DA01-003 --name x --admin admin >/dev/null && rm "$work/old/office.db"* &&
        python3 - "$work/old/office.db" "$SND_SRCDIR/tests/schema/0001.sql" <<'X'
import sqlite3, sys
sqlite3.connect(sys.argv[1]).executescript(open(sys.argv[2], encoding="utf-8").read())
X
}
forward() {
    "$sanad" request list --state "$work/old" >"$work/out" 2>"$work/err" && [ "$(wc -l <"$work/out")" = 6 ] &&
        [ "$(grep -c "older sanad is brought forward" "$work/err")" = "$1" ]
}
ok "an office of the first version" old_office
ok "comes forward with the first command, which says so once" forward 1
ok "and is as any other after that" forward 0
done_testing
