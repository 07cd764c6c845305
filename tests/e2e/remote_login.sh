# SPDX-License-Identifier: Apache-2.0
# Logging in from screens of one's own: the codes of a telephone, a first login by a one-time code, a
# password that has to be changed; each on the screens there, with the real ssh in between.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized

FRESH="Choose a password of your own before you go on."

# An office for practice that asks for codes.
make_it() {
    office_make && rm -rf "$office" &&
        "$sanad" init --state "$office" --practice --centre DA01-003 --name "مركز الأفق للخدمات" >/dev/null &&
        "$sanad" user add fatma --state "$office" --role clerk --name "فاطمة" >/dev/null &&
        "$sanad" user add zayd --state "$office" --role clerk --name "زايد" >/dev/null &&
        "$sanad" user add supervisor --state "$office" --role sup --name "مريم" --key "$work/keys/supervisor.pub" &&
        sed -i 's/^startups_source *=.*/startups_source = 400/; s/^terminal *=.*/terminal = plain/' "$office/sanad.conf" &&
        ssh-keygen -q -t ed25519 -N '' -f "$work/keys/fatma" && mkdir "$work/cache" "$work/kept"
}
code_of() { "$sanad" user enrol "$1" --state "$office" | sed 's/.* is \(.*\); .*/\1/'; }
# desk_to NAME ACCOUNT: a desk of that account's in a terminal of that name; its key if it has one.
desk_to() {
    cat >"$work/ssh.$2" <<Y
Host *
    IdentityFile $work/keys/$2
    IdentityAgent none
    IdentitiesOnly yes
    UserKnownHostsFile $work/known_hosts
Y
    term_open "$1" 80x24 env TERM=xterm-256color XDG_CACHE_HOME="$work/cache" XDG_STATE_HOME="$work/kept" LANG=C.UTF-8 \
        sh -c "$sanad desk --to $2@127.0.0.1:$port --ssh-config $work/ssh.$2; echo client-ended \$?; exec cat"
}
# by_word NAME ACCOUNT WORD: ssh asks for it before there are screens.
by_word() { desk_to "$1" "$2" && expect_screen "$1" "password:" && typing "$1" "$3" && keys "$1" Enter; }
leaves() { keys "$1" F3 F3 && expect_screen "$1" "client-ended 0"; }
home() { keys "$1" Enter && expect_said "$1" ar "What would you like to do? Press its digit."; }
first_code() {
    desk_to sup supervisor && expect_said sup ar "The code that appears" && secret=$(secret_on sup) &&
        set -- $(code_of_step "$secret" -1 0) && entering sup "$1" && used=$2 && entering sup "$used" &&
        expect_said sup ar "Enter goes on." && home sup
}
# The line dies and comes back by itself, into the session that has given its code.
down() { shows_said "$1" ar "Office out of reach" || shows "$1" "$(visual "انقطع المكتب" ar)"; }
up() { ! down "$1"; }
line_of() { pgrep -f "^ssh -T -e none .*ssh.$1 .*-p $port .*sanad-book"; }
other_line() { now=$(line_of "$1") && [ -n "$now" ] && [ "$now" != "$2" ]; }
cut_once() {
    was=$(line_of supervisor) && kill -9 "$was" && within "$PATIENCE" other_line supervisor "$was" && within "$PATIENCE" up sup &&
        keys sup Tab && entering sup "سالم" && expect_said sup ar "Submitted requests, the newest first" &&
        keys sup F3 && leaves sup
}
next_code() {
    desk_to sup2 supervisor && expect_said sup2 ar "The code now" && lacks sup2 otpauth && entering sup2 "$used" &&
        expect_said sup2 ar "That code is wrong or was used: wait for the next one and type it." &&
        entering sup2 "$(code_of_step "$secret" 1)" && expect_said sup2 ar "Enter goes on." && home sup2
}
# The session ends at the office: what comes next has given no code, and that is said.
ended_there() {
    "$sanad" user disable supervisor --state "$office" && "$sanad" user enable supervisor --state "$office" &&
        within "$PATIENCE" said_ended && keys sup2 F3 F3 && expect_screen sup2 client-ended
}
said_ended() { shows_said sup2 ar "Your session has ended: leave and log in again."; }
enrolled() {
    by_word key fatma "$(code_of fatma)" && expect_said key ar "Enter goes on." && home key && leaves key &&
        desk_to key2 fatma && expect_said key2 ar "Enter goes on." && home key2 && leaves key2
}
fresh_password() {
    by_word bare zayd "$(code_of zayd)" && expect_said bare ar "$FRESH" && entering bare my-own-word-88 &&
        entering bare my-own-word-88 && expect_said bare ar "The password is changed." && keys bare F3 &&
        leaves bare && by_word own zayd my-own-word-88 && expect_said own ar "Enter goes on." && home own && leaves own
}
forced_change() {
    word=$("$sanad" user passwd zayd --state "$office" | sed 's/.* is //')
    by_word once zayd "$word" && expect_said once ar "$FRESH" && entering once "$word" &&
        entering once my-own-word-99 && entering once my-own-word-99 &&
        expect_said once ar "The password is changed."
}
silent() { ! grep -rqE "my-own-word|$secret" "$work/cache" "$work/kept" "$work/server.log"; }

make_it && office_start || exit 1
ok "a telephone is set up from screens of one's own" first_code
ok "a line that comes back asks for no other code" cut_once
ok "the next login asks for the next code, and takes none twice" next_code
ok "a session that has ended meanwhile is not gone on with, and that is said" ended_there
ok "a first login by a one-time code enrols the key that ssh has" enrolled
ok "without a key a password is chosen" fresh_password
ok "a one-time word makes its owner choose a password" forced_change
ok "no password and no secret is kept on that side or logged" silent
done_testing
