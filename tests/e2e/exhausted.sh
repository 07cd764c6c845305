# SPDX-License-Identifier: Apache-2.0
# Gate and nursery in turn have no descriptor left: whoever comes is turned away at once and
# told so, whoever is in works on, no process spins, and when there is room again all is as before.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized # what is measured is the real program

# The lowest descriptor that the process hasn't got: as a limit, it leaves none for anything new.
lowest_free() {
    free=0
    while [ -e "/proc/$1/fd/$free" ]; do free=$((free + 1)); done
    echo $free
}
# limit PID NUMBER: as the process's own user, who may.
limit() {
    set -- "$1" "$2" $(ps -o uid=,gid= -p "$1")
    if [ "$(id -u)" = 0 ] && [ "$3" != 0 ]; then
        setpriv --reuid "$3" --regid "$4" --clear-groups prlimit --pid "$1" --nofile="$2:"
    else
        prlimit --pid "$1" --nofile="$2:"
    fi
}
# exhaust PID: until none comes free again: those of sessions that have just ended may. Nobody but the
# clerk is in.
exhaust() { within "$PATIENCE" alone && within "$PATIENCE" exhausted "$1"; }
alone() { [ "$(pgrep -c -s "$server_pid" -x sanad-door)" = 1 ] && [ "$(pgrep -c -s "$server_pid" -x sanad-desk)" = 1 ]; }
exhausted() {
    lowest=$(lowest_free "$1")
    limit "$1" "$lowest" && sleep 0.3 && [ "$(lowest_free "$1")" = "$lowest" ]
}
relieve() { limit "$1" "$(awk '/^Max open files/ { print $5 }' "/proc/$1/limits")"; }

# Clock ticks (a hundredth of a second) that it has worked.
ticks() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'; }

try_login() { timeout 60 sh -c "$(ssh_line clerk2 -o BatchMode=yes) true" >"$work/try.out" 2>&1; }

# For a second and at least three times somebody comes, and is sent away by the server.
turned_away() {
    part=$1 tries=0
    worked=$(ticks "$2") until=$(($(now_ms) + 1000))
    while [ $tries -lt 3 ] || [ "$(now_ms)" -lt $until ]; do
        tries=$((tries + 1))
        try_login
        [ $? = 255 ] && grep -Eq "$3" "$work/try.out" || {
            sed 's/^/# try: /' "$work/try.out"
            return 1
        }
    done
    worked=$(($(ticks "$2") - worked))
    note "$part: turned $tries away, worked $worked hundredths of a second"
    [ $worked -lt 50 ] && grep -q "$part.exhausted" "$work/server.log" &&
        [ "$(grep -c "$part.exhausted" "$work/server.log")" -le $((tries + 2)) ]
}

# A whole request at the screens of somebody who was in before.
works_on() { begin_request first ar MZ-01 && fill_mz01 first ar && submit first ar >>"$work/numbers" && keys first Enter && at_home_again; }
at_home_again() { within "$PATIENCE" home_shown; }
home_shown() {
    shows_said first ar "What would you like to do? Press its digit." || { keys first F3 && false; }
}

# The answer to a command is a line and status 1.
comes_in() { try_login; [ $? = 1 ] && grep -q 'runs no commands' "$work/try.out"; }

same_process() { [ "$(newest "$1")" = "$2" ]; }

all_kept() { [ "$(sort -u "$work/numbers" | wc -l)" = 2 ] && [ "$(request_count)" = 2 ] && fsck_clean; }

office_make
office_start || exit 1
login first clerk
ok "a clerk is in" at_home first ar
for part in gate nursery; do
    answer='[Cc]onnection (closed|reset)'
    [ $part = gate ] || answer='no room for another session'
    pid=$(newest $part)
    exhaust "$pid"
    ok "no descriptor is left for the $part: who comes is turned away at once" turned_away $part "$pid" "$answer"
    ok "whoever is in works on without the $part's" works_on
    relieve "$pid"
    ok "and when there are some again the next one comes in" within 60 comes_in
    ok "to the same $part" same_process $part "$pid"
done
ok "nothing is lost" all_kept
done_testing
