# SPDX-License-Identifier: Apache-2.0
# Sourced by the end-to-end tests: an office in a folder of its own, real OpenSSH clients inside
# tmux, and TAP points. Every wait polls until a deadline; nothing just sleeps. Text on a screen is
# in visual order with presentation forms, so what is looked for goes through tests/visual, which
# lays it out as the program does.
SND_SRCDIR=${SND_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
SND_SRCDIR=$(cd "$SND_SRCDIR" && pwd)
SND_BUILDDIR=${SND_BUILDDIR:-$PWD}
LC_ALL=C.UTF-8
SANAD_DATADIR=$SND_SRCDIR
SANAD_LOCALEDIR=$SND_BUILDDIR/locale
SANAD_TODAY=${SANAD_TODAY:-2018-01-14}
export LC_ALL SANAD_DATADIR SANAD_LOCALEDIR SANAD_TODAY
unset LANG LANGUAGE TMUX NO_COLOR
sanad=$SND_BUILDDIR/sanad
work=$(mktemp -d "${TMPDIR:-/tmp}/sanad-test.XXXXXX")
office=$work/office
# Started by root, the office's processes are other users, who must get through to it.
chmod 711 "$work"
server_pid=
point=0 bad_points=0
PATIENCE=${PATIENCE:-60}
tick=0.05

# ---- TAP

note() { printf '# %s\n' "$*"; }

# ok NAME COMMAND...: a point that passes when the command does.
ok() {
    name=$1
    shift
    point=$((point + 1))
    if "$@"; then
        printf 'ok %d - %s\n' $point "$name"
    else
        printf 'not ok %d - %s\n' $point "$name"
        bad_points=$((bad_points + 1))
        return 1
    fi
}

# into FILE COMMAND...: the command's output goes to the file, not among the points.
into() {
    file=$1
    shift
    "$@" >"$file"
}

done_testing() {
    printf '1..%d\n' $point
    [ $bad_points = 0 ]
    exit
}

skip_all() {
    printf '1..0 # SKIP %s\n' "$*"
    exit 0
}

# Sanitizers slow the processes down and change what they may do; most end-to-end tests say the same
# there, so one of them is enough.
skip_when_sanitized() {
    ! grep -q '^#define SND_SANITIZERS 1' "$SND_BUILDDIR/config.h" ||
        skip_all "runs in the normal build"
}

# ---- time

now_ms() { date +%s%3N; }

# within SECONDS COMMAND...: polls until the command succeeds; 1 when the deadline passes.
within() {
    until=$(($(now_ms) + $1 * 1000))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$(now_ms)" -lt $until ] || return 1
        sleep "$tick"
    done
}

# port_free: a port that nobody uses, and no other test before this one ends.
port_free() { python3 "$SND_SRCDIR/tests/port_free.py" $$; }

# ---- clean-up

at_end() {
    status=$?
    trap - EXIT
    tmux_ kill-server 2>/dev/null
    office_stop
    [ -n "${KEEP:-}" ] && note "kept: $work" || rm -rf "$work"
    exit $status
}
trap at_end EXIT
trap 'exit 129' HUP INT TERM

# ---- the office

# office_make: a demonstration office with the clerk, supervisor and admin of the tests, keys in
# $work/keys, password of each in $password.
password=test-word-1234
office_make() {
    if [ "$(id -u)" = 0 ] && ! id sanad-ledger sanad-door sanad-desk >/dev/null 2>&1; then
        skip_all "root without the service users (tools/check makes them)"
    fi
    mkdir -p "$work/keys"
    "$sanad" init --state "$office" --demonstration --centre DA01-003 --name "مركز الأفق للخدمات" \
        --admin admin >"$work/init.out" || return 1
    for who in "clerk clerk سالم بن حمد العبري" "clerk2 clerk ليلى بنت سعيد الريامية" \
        "supervisor sup مريم بنت سيف الكندية"; do
        account_make ${who%% *} "${who#* }" || return 1
    done
    sed -i 's/^startups_source *=.*/startups_source = 400/; s/^ballast_mib *=.*/ballast_mib = 1/; s/^terminal *=.*/terminal = plain/' "$office/sanad.conf"
}

# account_make NAME "ROLE PERSON" [further options of user add]
account_make() {
    ssh-keygen -q -t ed25519 -N '' -C "$1" -f "$work/keys/$1" &&
        "$sanad" user add "$1" --state "$office" --role "${2%% *}" --name "${2#* }" \
            --key "$work/keys/$1.pub" $(shift 2 && printf '%s ' "$@") &&
        echo "$password" | "$sanad" user passwd "$1" --state "$office" --stdin
}

# office_start: runs the server on a free port, which stays its own, and waits until it takes logins.
office_start() {
    : >"$work/ready"
    port=${port:-$(port_free)}
    setsid "$sanad" serve --state "$office" --port "$port" \
        >"$work/ready" 2>>"$work/server.log" </dev/null &
    server_pid=$!
    within 60 grep -q '^ready ' "$work/ready" || {
        note "the server did not start"
        sed 's/^/# /' "$work/server.log" | tail -n 20
        return 1
    }
    port=$(sed -n 's/^ready .*:\([0-9]*\)$/\1/p' "$work/ready")
    printf '[127.0.0.1]:%s %s\n' "$port" \
        "$(ssh-keygen -y -f "$office/host_key" | cut -d' ' -f1,2)" >"$work/known_hosts"
}

gone() { ! kill -0 "$1" 2>/dev/null; }

office_stop() {
    [ -n "$server_pid" ] || return 0
    kill "$server_pid" 2>/dev/null
    within 60 gone "$server_pid" || kill -9 "$server_pid" 2>/dev/null
    wait "$server_pid" 2>/dev/null
    server_pid=
}

# The newest process of this office with the name that ps shows: ledger, gate, nursery, door, desk.
newest() { pgrep -n -s "$server_pid" -x "sanad-$1"; }

# fsck_clean: the book verifies.
fsck_clean() {
    "$sanad" fsck --state "$office" >"$work/fsck.out" 2>&1 || {
        sed 's/^/# fsck: /' "$work/fsck.out"
        return 1
    }
}

# ends FAULTS TOLD STATE...: how these faults of tests/faults.tsv end, a point for each number. Each of
# the offices, which were stopped, has every request in the file TOLD (a number a line) once, and no
# other; its chain verifies, its rollups equal a recount, its projections a replay. tests/ending.c says
# the same in programs.
ENDS="ends: acknowledged events once, chain verifies, rollups equal a recount, projections a replay"
ends() {
    faults=$1 told=$2 wrong=0
    shift 2
    for state; do
        sort "$told" >"$work/told"
        "$sanad" request list --state "$state" | cut -f1 | sort >"$work/there"
        cmp -s "$work/told" "$work/there" || {
            wrong=$((wrong + 1))
            note "${state##*/}: told of $(wc -l <"$work/told"), has $(wc -l <"$work/there")"
            diff "$work/told" "$work/there" | head -n 6 | sed 's/^/# /'
        }
        "$sanad" fsck --state "$state" >"$work/fsck.out" 2>&1 || {
            wrong=$((wrong + 1))
            sed "s/^/# ${state##*/}: fsck: /" "$work/fsck.out" | head -n 20
        }
    done
    for fault in $faults; do
        ok "fault $fault $ENDS" test $wrong = 0 -a $# -gt 0
    done
}

# request_count: how many requests the office has.
request_count() { "$sanad" request list --state "$office" | wc -l; }

# line_order SOCKET WORD...: an order to a weaklink; what it has counted goes to $work/line.says.
line_order() {
    python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(sys.argv[2].encode()); print(s.recv(4096).decode())' "$1" "$(shift && echo "$*")" >"$work/line.says"
}

# ---- terminals

tmux_() { tmux -u -L "${work##*/}" -f /dev/null "$@"; }

# term_open NAME COLSxROWS COMMAND... The server outlives its last terminal: one that is just ending would
# still answer the next term_open, and then be gone.
term_open() {
    term=$1 size=$2
    shift 2
    tmux_ start-server \; set-option -s exit-empty off \; \
        new-session -d -s "$term" -x "${size%x*}" -y "${size#*x}" "$@" &&
        tmux_ set-option -t "$term" status off >/dev/null &&
        tmux_ set-option -w -t "$term" remain-on-exit on >/dev/null &&
        tmux_ set-option -w -t "$term" window-size manual >/dev/null &&
        tmux_ resize-window -t "$term" -x "${size%x*}" -y "${size#*x}"
}

term_close() { tmux_ kill-session -t "$1" 2>/dev/null; }

# The command line of a plain client: ssh_line ACCOUNT [OPTION...]
ssh_line() {
    who=$1
    shift
    printf 'ssh -F none -p %s -i %s -o IdentitiesOnly=yes -o UserKnownHostsFile=%s -o SendEnv=LANG %s %s@127.0.0.1' \
        "$port" "$work/keys/$who" "$work/known_hosts" "$*" "$who"
}

# login NAME ACCOUNT [COLSxROWS [OPTION...]]: opens a session in a terminal of that name.
login() {
    terminal=$1 account=$2 size=${3:-80x24}
    [ $# -gt 3 ] && shift 3 || set --
    term_open "$terminal" "$size" env TERM=xterm-256color LANG="${LANG_WANTED:-C.UTF-8}" sh -c "$(ssh_line "$account" "$@"); echo client-ended; exec cat"
}

capture() { tmux_ capture-pane -p -t "$1"; }

# Stands between two values in one row (LAYOUT_GAP).
gap=$(printf '\037\037')
# visual TEXT [LANG]: as it stands on a screen, in a sentence of that language.
visual() { "$SND_BUILDDIR/tests/visual" "$@"; }

shows() { capture "$1" | grep -Fq -- "$2"; }
lacks() { ! shows "$1" "$2"; }

# expect_screen NAME TEXT [SECONDS [LANG]]: waits until the screen shows the text (given in logical
# order).
expect_screen() {
    wanted=$(visual "$2" ${4:+"$4"})
    within "${3:-$PATIENCE}" shows "$1" "$wanted" && return 0
    note "no [$2] on the screen of $1:"
    capture "$1" | sed 's/^/# |/'
    return 1
}

expect_gone() {
    unwanted=$(visual "$2")
    within "${3:-$PATIENCE}" lacks "$1" "$unwanted" && return 0
    note "[$2] is still on the screen of $1:"
    capture "$1" | sed 's/^/# |/'
    return 1
}

# typing NAME TEXT; keys NAME KEY...: keys as tmux names them (Enter, F10, C-l); entering NAME TEXT: and
# Enter with it, for a full field goes on by itself and takes the Enter of the same moment for its own.
typing() { tmux_ send-keys -t "$1" -l -- "$2"; }
entering() { tmux_ send-keys -t "$1" -l -- "$2" \; send-keys -t "$1" Enter; }
keys() {
    on=$1
    shift
    tmux_ send-keys -t "$on" "$@"
}

# ---- files

# sftp_as ACCOUNT: commands from stdin; what it says goes to $work/out. sftp_said WORDS: whether it said them.
sftp_options="-F /dev/null -o StrictHostKeyChecking=yes -o UserKnownHostsFile=$work/known_hosts -o IdentitiesOnly=yes -o BatchMode=yes -o IdentityAgent=none -o LogLevel=ERROR"
sftp_as() {
    timeout 60 sftp -q $sftp_options -P "$port" -i "$work/keys/$1" -b - "$1@127.0.0.1" >"$work/out" 2>&1
}
sftp_said() { grep -q -- "$1" "$work/out" || { sed 's/^/# /' "$work/out"; return 1; }; }

# ---- walks through the screens

# said LANG ID: a sentence of the program in that language.
said() {
    grep -Fq "msgid \"$2\"" "$SND_SRCDIR/locale/en.po" || note "the program has no sentence [$2]" >&2
    LANGUAGE=$1 TEXTDOMAINDIR="$SND_BUILDDIR/locale" gettext sanad "$2"
}

# expect_said NAME LANG ID [SECONDS]
expect_said() { expect_screen "$1" "$(said "$2" "$3")" "${4:-$PATIENCE}" "$2"; }
shows_said() { shows "$1" "$(visual "$(said "$2" "$3")" "$2")"; }

# The two sentences under a greeting: nothing waits, or a request was not finished.
RESUME="Go on with it?  Enter or 1 = yes   2 = not now"
greeted() { shows_said "$1" "$2" "$RESUME" || shows_said "$1" "$2" "Enter goes on."; }

# at_home NAME LANG: from the greeting to the home screen; a request that is offered is left alone.
at_home() {
    within "$PATIENCE" greeted "$1" "$2" || expect_said "$1" "$2" "Enter goes on." 1 || return 1
    if shows_said "$1" "$2" "$RESUME"; then keys "$1" 2; else keys "$1" Enter; fi
    expect_said "$1" "$2" "What would you like to do? Press its digit."
}

# in_english NAME: from the Arabic home screen to the English one.
in_english() {
    keys "$1" 4 && expect_screen "$1" "What would you like to do? Press its digit."
}

# begin_request NAME LANG CODE: from home into the first page of a form.
begin_request() {
    keys "$1" 1 && expect_said "$1" "$2" "Which service does the person want?" &&
        entering "$1" "$3"
}

# MZ-01, page by page. Everything of a page is typed ahead; the mobile number and F8 go on by
# themselves.
mz01_applicant() {
    entering "$1" "${2:-99012345}" && typing "$1" "سالم بن حمد بن علي العبري" &&
        keys "$1" Enter && entering "$1" 70123456 && keys "$1" Enter
}
mz01_property() {
    entering "$1" "نزوى" && entering "$1" "فرق" &&
        entering "$1" 123 && entering "$1" 2017/44 && keys "$1" Enter &&
        entering "$1" "سكني" && entering "$1" 12.5 &&
        entering "$1" "أحادي" && keys "$1" Enter && entering "$1" ELC123
}
mz01_documents() {
    keys "$1" F8 F8 F8 F8 F8 F8 Enter
}

# fill_mz01 NAME LANG [CIVIL]: from the first page to the review.
fill_mz01() {
    if [ "$2" = ar ]; then
        page1="الرقم المدني لمقدم الطلب" page2="ولاية العقار" page3="شهادة إتمام البناء"
    else
        page1="Applicant civil number" page2="Wilayat of property" page3="Building completion certificate"
    fi
    expect_screen "$1" "$page1" && mz01_applicant "$1" "${3:-}" &&
        expect_screen "$1" "$page2" && mz01_property "$1" &&
        expect_screen "$1" "$page3" && mz01_documents "$1" &&
        expect_said "$1" "$2" "All is filled in.  Enter or F10 = submit   F3 = back to the fields"
}

# submit NAME LANG: from the review to the number, which is printed.
NUMBER='DA01-003-[0-9A-HJKMNP-TV-Z]{7}-[0-9A-HJKMNP-TV-Z]'
submit() {
    keys "$1" F10
    expect_said "$1" "$2" "The request is kept. Its number:" >&2 && number_on "$1"
}
# number_on NAME: the request's number on that screen, which may be painted after the words about it.
number_on() { within "$PATIENCE" numbered_on "$1" && capture "$1" | grep -Eo "$NUMBER" | head -n 1; }
numbered_on() { capture "$1" | grep -Eq "$NUMBER"; }

# A telephone's secret on a screen, and its codes: code_of_step SECRET STEPS; two codes that follow each
# other are asked for at once, lest a step ends between them.
SECRET_LINE='[A-Z2-7]{4}( [A-Z2-7]{4}){7}'
shows_secret() { capture "$1" | grep -Eqo "$SECRET_LINE"; }
secret_on() { within "$PATIENCE" shows_secret "$1" && capture "$1" | grep -Eo "$SECRET_LINE" | head -n 1 | tr -d ' '; }
code_of_step() { "$SND_BUILDDIR/tests/e2e/totp" "$@"; }

# caret_row NAME: the row on which the caret stands, as text.
caret_row() {
    at=$(tmux_ display-message -p -t "$1" '#{cursor_y}')
    capture "$1" | sed -n "$((at + 1))p"
}
caret_on() { caret_row "$1" | grep -Fq -- "$(visual "$2")"; }
expect_caret() {
    within "$PATIENCE" caret_on "$1" "$2" && return 0
    note "the caret of $1 is not at [$2] but on: $(caret_row "$1")"
    capture "$1" | sed 's/^/# |/'
    return 1
}

# request_kept NUMBER CIVIL: the book has the request with that civil number, once.
request_kept() {
    "$sanad" request show "$1" --json --state "$office" | grep -q "\"app_civil\": *\"$2\"" &&
        [ "$("$sanad" request list --query "$2" --state "$office" | grep -c "^$1	")" = 1 ]
}

# ---- lines that die

# pieces SEED: a name and a number, cut at ten random moments, most of them in the middle of a word. A line
# for each piece: its keys, a tilde for Enter, and behind a bar what the caret's row must show then.
pieces() {
    python3 - "$1" <<'EOF'
import random, sys
random.seed(int(sys.argv[1]))
name, phone = "سالم بن حمد بن علي العبري", "7012345"
keys = name + "\n" + phone
# Not behind a blank, of which nobody sees whether it has come; behind Enter the next field says so.
cuts = sorted(random.sample([at for at in range(1, len(keys)) if keys[at - 1] != " "], 10))
for start, end in zip([0] + cuts, cuts + [len(keys)]):
    print(keys[start:end].replace("\n", "~"), keys[:end].split("\n")[-1] or "رقم الهاتف", sep="|")
EOF
}
# press_piece NAME PIECE
press_piece() {
    case $2 in
    *~*) { [ -z "${2%%~*}" ] || typing "$1" "${2%%~*}"; } && keys "$1" Enter && { [ -z "${2#*~}" ] || typing "$1" "${2#*~}"; } ;;
    *) typing "$1" "$2" ;;
    esac
}
