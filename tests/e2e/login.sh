#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Who is let in: by password and by key; never with a wrong password, never a disabled account, and
# a disabled account's open session ends at once.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized

# by_password NAME ACCOUNT PASSWORD
by_password() {
    term_open "$1" 80x24 env TERM=xterm-256color sh -c "ssh -F none -p $port -o PubkeyAuthentication=no -o UserKnownHostsFile=$work/known_hosts $2@127.0.0.1; echo client-ended; exec cat" &&
        expect_screen "$1" "password:" && entering "$1" "$3"
}
wrong_password() {
    by_password wrong clerk not-the-password && expect_screen wrong "Permission denied" &&
        entering wrong not-the-password-2 && within 60 denied_twice wrong &&
        lacks wrong "$(visual "سند")"
}
denied_twice() { [ "$(capture "$1" | grep -c 'Permission denied, please try again')" -ge 2 ] || shows "$1" client-ended; }
right_password() {
    by_password right clerk "$password" && expect_said right ar "Enter goes on."
}
# The client's card as it is given out, with this office's address in it.
with_card() {
    card=$work/card
    sed -e "s/counter.example.om/127.0.0.1/; s/Port 2222/Port $port/; s/User salim/User clerk/; s|~/.ssh/sanad|$work/keys/by_card|" \
        "$SND_SRCDIR/docs/terminals/sanad.ssh_config" >"$card"
    ssh-keygen -q -N '' $(sed -n 's/.*`ssh-keygen \(.*\) -f .*/\1/p' "$card") -f "$work/keys/by_card" &&
        "$sanad" user key add clerk "$work/keys/by_card.pub" --state "$office" && rm "$work/keys/by_card.pub" || return 1
    printf '    UserKnownHostsFile %s\n' "$work/known_hosts" >>"$card"
    ssh -G -F "$card" sanad >"$work/card.says" && grep -qx "compression yes" "$work/card.says" &&
        grep -qx "serveraliveinterval 30" "$work/card.says" || return 1
    timeout 60 ssh -v -v -v -F "$card" -o BatchMode=yes -T sanad true >"$work/card.out" 2>&1 </dev/null
    grep -q 'kex: algorithm: curve25519-sha256' "$work/card.out" &&
        grep -q 'cipher: chacha20-poly1305@openssh.com MAC: <implicit> compression: zlib@openssh.com' "$work/card.out" || return 1
    # What is said before the login is over: "none", for the ways to log in, and the key with its signature.
    tries=$(grep -c 'send packet: type 50' "$work/card.out")
    [ "$tries" = 2 ] || { note "$tries requests to log in"; return 1; }
    term_open card 80x24 env TERM=xterm-256color sh -c "ssh -F $card sanad; echo client-ended; exec cat" &&
        expect_said card ar "Enter goes on."
}
unknown_name() {
    by_password nobody nobody-here "$password" && expect_screen nobody "Permission denied"
}
disabled_user() {
    login open clerk2 && expect_said open ar "Enter goes on." &&
        "$sanad" user disable clerk2 --state "$office" && expect_screen open client-ended &&
        login closed clerk2 80x24 -o PasswordAuthentication=no && expect_screen closed "Permission denied" &&
        by_password closed2 clerk2 "$password" && expect_screen closed2 "Permission denied"
}
enabled_again() {
    "$sanad" user enable clerk2 --state "$office" && login again clerk2 &&
        expect_said again ar "Enter goes on."
}
one_time_word() {
    word=$("$sanad" user passwd clerk2 --state "$office" | sed 's/.* is //')
    by_password once clerk2 "$word" &&
        expect_said once ar "Choose a password of your own before you go on." &&
        entering once "$word" && entering once my-own-word-77 &&
        entering once my-own-word-77 && expect_said once ar "The password is changed." &&
        by_password own clerk2 my-own-word-77 && expect_said own ar "Enter goes on." &&
        by_password stale clerk2 "$word" && expect_screen stale "Permission denied"
}
log_silent() { ! grep -Eq "not-the-password|$password|my-own-word" "$work/server.log"; }

office_make && office_start || exit 1
ok "OpenSSH logs in by the card that is given to clients, compressed" with_card
ok "right password" right_password
ok "wrong password" wrong_password
ok "a name that nobody has is answered like a wrong password" unknown_name
ok "disabled user" disabled_user
ok "enabled again" enabled_again
ok "a one-time word opens once and makes its owner choose a password" one_time_word
ok "no password stands in the log" log_silent
done_testing
