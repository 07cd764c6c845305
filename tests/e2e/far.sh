# SPDX-License-Identifier: Apache-2.0
# Lines that are long, or become so while somebody works, and terminals that can do little, through
# the real ssh: what is sent, what is seen of it, and what it costs the server.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized

SLOW="Slow line: type on, nothing is lost"

# ---- a line whose delay can be changed

line_pid=
line_open() {
    far=$(port_free)
    "$SND_BUILDDIR/tests/bench/weaklink" --listen "$far" --to "$port" --delay 2 --control "$work/far" >/dev/null 2>&1 </dev/null &
    line_pid=$!
    sed "s/:$port/:$far/" "$work/known_hosts" >"$work/known_far" && cat "$work/known_far" >>"$work/known_hosts" && within 60 test -S "$work/far"
}
login_far() {
    near=$port port=$far
    login "$@"
    port=$near
}
sign() { shows_said "$1" ar "$SLOW"; }
# types_until COMMAND NAME: a letter at a time, until the command says so of that screen.
types_until() {
    until=$(($(now_ms) + 30000)) on_screen=$2 count=0
    until "$1" "$on_screen"; do
        [ "$(now_ms)" -lt $until ] || { capture "$on_screen" | sed 's/^/# |/'; return 1; }
        [ $count -ge 40 ] || typing "$on_screen" "س"
        count=$((count + 1))
        sleep 0.3
    done
}
no_sign() { ! sign "$1"; }
becomes_slow() {
    login_far one clerk && at_home one ar && no_sign one && begin_request one ar MZ-01 &&
        expect_screen one "الرقم المدني لمقدم الطلب" && entering one 99012345 &&
        expect_caret one "اسم مقدم الطلب" && line_order "$work/far" delay 600 && types_until sign one
}
# What is sent unasked on a short line alone comes and goes with the line's length.
long_now() { shows_said one ar "Slow line: F1 explains this field."; }
short_now() { ! shows_said one ar "Slow line: F1 explains this field."; }
becomes_quick() {
    line_order "$work/far" delay 2 && types_until no_sign one && types_until short_now one
}
# A name typed on while the picture of the wrong number before it is under way, in messages of their own.
typed_on() {
    line_order "$work/far" delay 2 && login_far late clerk3 && at_home late ar && begin_request late ar MZ-01 &&
        expect_screen late "الرقم المدني لمقدم الطلب" && line_order "$work/far" delay 600 && entering late 12 || return 1
    for letter in ن ا ص ر; do
        sleep 0.15
        typing late "$letter"
    done
    keys late Enter && expect_screen late "! خطأ" && keys late C-u && entering late 99023456 &&
        expect_caret late "رقم الهاتف المتنقل" && expect_screen late "ناصر" && expect_screen late 99023456 && term_close late
}
packets() { sed -n 's/.*"down_packets":\([0-9]*\).*/\1/p' "$work/line.says"; }
first_picture() {
    line_order "$work/far" delay 400 && line_order "$work/far" zero && login_far two clerk2 && expect_said two ar "Enter goes on." && line_order "$work/far" stats &&
        note "$(packets) packets to the first picture" && [ "$(packets)" -le 12 ]
}
# In hundredths of a second, of all doors that have ended.
spent() { awk '{ print $16 + $17 }' "/proc/$(newest gate)/stat"; }
leaves_quietly() {
    before=$(spent)
    doors=$(pgrep -c -s "$server_pid" -x sanad-door)
    keys two F3 && expect_said two ar "What would you like to do? Press its digit." && keys two F3 F3 && expect_screen two client-ended || return 1
    within "$PATIENCE" eval '[ "$(pgrep -c -s "$server_pid" -x sanad-door)" -lt '"$doors"' ]'
    within 2 eval '[ "$(spent)" -gt '"$before"' ]' # it has been counted
    took=$(($(spent) - before))
    note "$((took * 10)) ms of processor"
    [ $took -le 25 ]
}

# ---- terminals that can do little

coloured() { tmux_ capture-pane -e -p -t "$1" | grep -q "$(printf '\033')\[[0-9;]*3[0-7]m"; }
no_colour() {
    login plain clerk2 80x24 -o SendEnv=NO_COLOR && expect_said plain ar "Enter goes on." && coloured plain &&
        NO_COLOR=1 && export NO_COLOR && tmux_ set-environment -g NO_COLOR 1 && login mono clerk2 80x24 -o SendEnv=NO_COLOR &&
        expect_said mono ar "Enter goes on." && keys mono F3 && expect_said mono ar "What would you like to do? Press its digit." &&
        ! coloured mono
    seen=$?
    unset NO_COLOR
    tmux_ set-environment -gu NO_COLOR
    return $seen
}
console() {
    python3 "$SND_SRCDIR/tests/e2e/console.py" $(ssh_line clerk2) >"$work/console" 2>&1 || { sed 's/^/# /' "$work/console"; return 1; }
}

office_make && account_make clerk3 "clerk خالد بن سعيد المعولي" && sed -i 's/^terminal *=.*/terminal = ask/' "$office/sanad.conf" && office_start || exit 1
ok "a line" line_open
ok "a line that becomes slow while somebody types is said to be slow" becomes_slow
ok "and what is not needed is no longer sent unasked" within "$PATIENCE" long_now
ok "it is quick again" becomes_quick
ok "on a long line the first picture is one message with the answers before it" first_picture
ok "a door that has said goodbye waits for its client without work" leaves_quietly
ok "on a long line what is typed before a refusal is seen goes where it was meant" typed_on
kill "$line_pid"
ok "NO_COLOR of the client's side is heard" no_colour
ok "the Linux console, from login to help and out again" console
done_testing
