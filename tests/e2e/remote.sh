# SPDX-License-Identifier: Apache-2.0
# Screens on the clerk's own side, over the subsystem sanad-book, with the real ssh and a line that
# dies: what is typed stays, what is submitted is there once, and nobody may do more than otherwise.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
. "$SND_SRCDIR/tests/pictures.sh"
lang=ar size=80x24

# ---- the subsystem itself

# subsystem ACCOUNT: the command that reaches it.
subsystem() {
    printf 'ssh -F none -T -p %s -i %s -o IdentitiesOnly=yes -o BatchMode=yes -o LogLevel=ERROR -o UserKnownHostsFile=%s -s %s@127.0.0.1 sanad-book' \
        "$port" "$work/keys/$1" "$work/known_hosts" "$1"
}
# quiet WHAT...: what relay.py finds, which is nothing.
quiet() {
    python3 "$SND_SRCDIR/tests/e2e/relay.py" "$@" >"$work/found" 2>&1
    [ ! -s "$work/found" ] || { sed 's/^/# /' "$work/found"; return 1; }
}
permitted() { quiet matrix "$1" "$SND_SRCDIR/tests/golden/permissions.tsv" -- $(subsystem "$2"); }
permitted_all() { permitted clerk clerk && permitted sup supervisor && permitted owner owner; }

# The ledger judges what comes: MZ-01 of a later version, in which something is worked out.
calculating_form() {
    sed 's/^version .*/version 90/' "$SND_SRCDIR/screens/mz-01.form" >"$work/mz-01.form" &&
        printf '\n[field spare]\ntype = int\nlabel.ar = العدادات مضاعفة\nlabel.en = Twice the meters\nrequired = no\ncalculate = ${meters} * 2\n' >>"$work/mz-01.form" &&
        cp -r "$SND_SRCDIR/screens/lists" "$work/lists" && "$sanad" form load --state "$office" "$work/mz-01.form" >"$work/load.out" 2>&1
}
judged() {
    calculating_form || { sed 's/^/# /' "$work/load.out"; return 1; }
    quiet judged open "$work/mz-01.form" -- $(subsystem clerk) &&
        "$sanad" service close MZ-01 --state "$office" && quiet judged closed "$work/mz-01.form" -- $(subsystem clerk) &&
        "$sanad" service open MZ-01 --no-notice --state "$office" && once 99012377 &&
        number=$("$sanad" request list --query 99012378 --state "$office" | cut -f1) &&
        "$sanad" request show "$number" --json --state "$office" | grep -Eq '"spare": *"4"'
}

# ---- a line that can be cut, and screens behind it

line_pid=
# line_open [OPTION...]: on the same port each time.
line_open() {
    "$SND_BUILDDIR/tests/bench/weaklink" --listen "$line_port" --to "$port" "$@" >/dev/null 2>>"$work/line.log" &
    line_pid=$!
    within 60 listening
}
listening() { grep -q ":$(printf %04X "$line_port") 00000000:0000 0A" /proc/net/tcp; }
line_cut() {
    kill "$line_pid" && wait "$line_pid" 2>/dev/null
    line_pid=
}

# desk_to NAME ACCOUNT [OPTION]: the screens in a terminal of that name; the account's own ssh configuration.
desk_to() {
    cat >"$work/ssh.$2" <<X
Host *
    IdentityFile $work/keys/$2
    IdentitiesOnly yes
    UserKnownHostsFile $work/known_hosts
    HostKeyAlias [127.0.0.1]:$port
    StrictHostKeyChecking yes
    ${3:-}
X
    term_open "$1" 80x24 env TERM=xterm-256color XDG_CACHE_HOME="$work/cache" XDG_STATE_HOME="$work/kept" LANG=C.UTF-8 \
        sh -c "$sanad desk --to $2@127.0.0.1:$line_port --ssh-config $work/ssh.$2; echo client-ended \$?; exec cat"
}
part() { pgrep -n -x "sanad-$1" -t "$(tmux_ display-message -p -t "$2" '#{pane_tty}' | sed 's|/dev/||')"; }
form_begun() { at_home "$1" ar && begin_request "$1" ar MZ-01 && expect_screen "$1" "الرقم المدني لمقدم الطلب"; }
kept_files() { ls "$work/kept/sanad/$1@127.0.0.1:$line_port" | grep -c held; }
leaves() { keys "$1" Enter && expect_said "$1" ar "What would you like to do? Press its digit." && keys "$1" F3 F3 && expect_screen "$1" "client-ended 0"; }
count_of() { "$sanad" request list --query "$1" --state "$office" | wc -l; }
once() { [ "$(count_of "$1")" = 1 ]; }
down() { shows_said "$1" ar "Office out of reach" || shows "$1" "$(visual "انقطع المكتب" ar)"; }
up() { ! shows "$1" "$(visual "انقطع المكتب" ar)"; }
goes_down() { line_cut && within 60 down "$1"; }
comes_back() { line_open "$@" && within 60 up "$term"; }

# What the ssh of an account's screens was told, and its own configuration not.
told_to() { ps -ww -o args= -p "$(pgrep -f "^ssh -T -e none .*ssh.$1 .*-p $line_port .*sanad-book")" >"$work/told.$1"; }
brief() {
    grep -Eq -- '-oKexAlgorithms=([a-z0-9-]+,)?curve25519-sha256,.* -oHostKeyAlgorithms=ssh-ed25519,.* -oCiphers=chacha20.* -oMACs=hmac' \
        "$work/told.clerk" && grep -q -- '-oHostKeyAlgorithms=' "$work/told.clerk2" && ! grep -q -- '-oCiphers=' "$work/told.clerk2"
}
counter() {
    desk_to one clerk && at_home one ar && told_to clerk && begin_request one ar MZ-01 && fill_mz01 one ar 99012345 &&
        number=$(submit one ar) && request_kept "$number" 99012345 && leaves one && [ "$(kept_files clerk)" = 0 ]
}

# Cut at ten random moments of a name and a number; what is typed behind each is typed without a line, and
# stands there at once.
cut_in_the_form() {
    seed=${SEED:-$(now_ms)} cuts=0
    note "seed $seed"
    pieces "$seed" >"$work/pieces"
    desk_to cut clerk && form_begun cut && entering cut 99012346 && expect_caret cut "اسم مقدم الطلب" || return 1
    while IFS='|' read -r piece there; do
        press_piece cut "$piece" && expect_caret cut "$there" && within "$PATIENCE" part_ssh || return 1
        [ $cuts -lt 10 ] || break
        was=$(part_ssh) && kill -9 "$was" && within "$PATIENCE" gone "$was" || return 1
        cuts=$((cuts + 1))
    done <"$work/pieces"
    entering cut 6 && keys cut Enter && expect_screen cut "ولاية العقار" && mz01_property cut &&
        expect_screen cut "شهادة إتمام البناء" && mz01_documents cut && within 60 up cut && number=$(submit cut ar) &&
        request_kept "$number" 99012346 && once 99012346 && "$sanad" request show "$number" --json --state "$office" >"$work/ten" &&
        grep -Fq "سالم بن حمد بن علي العبري" "$work/ten" && grep -q '"app_mobile": *"70123456"' "$work/ten"
}
# The ssh of the screens that are open.
part_ssh() { pgrep -f "^ssh -T -e none .*ssh.clerk .*-p $line_port .*sanad-book"; }

# Submitted with the line down: it is kept, the number comes with the line.
cut_before() {
    keys cut Enter && form_again cut 99012347 && goes_down cut && term=cut && picture remote-down && keys cut F10 &&
        expect_said cut ar "Kept here, and sent when the line is back: its number is shown then." && picture remote-kept &&
        [ "$(count_of 99012347)" = 0 ] && [ "$(kept_files clerk)" = 1 ] && line_open &&
        within 60 once 99012347 && expect_number cut 99012347 && within 60 up cut && picture remote-sent && [ $wrong = 0 ]
}
form_again() { begin_request "$1" ar MZ-01 && fill_mz01 "$1" ar "$2"; }
expect_number() { expect_screen "$1" "$("$sanad" request list --query "$2" --state "$office" | cut -f1)"; }
# Something has come to the line that it hasn't read.
on_the_line() {
    awk -v port=":$(printf %04X "$line_port")" '$4 == "01" && index($2, port) && $5 !~ /:00000000$/ { found = 1 } END { exit !found }' /proc/net/tcp
}
# The line dies with the submission on it, which has not arrived: it stands still meanwhile.
cut_during() {
    form_again cut 99012348 && kill -STOP "$line_pid" && keys cut F10 && within "$PATIENCE" on_the_line &&
        kill -9 "$line_pid" && wait "$line_pid" 2>/dev/null
    expect_said cut ar "Kept here, and sent when the line is back: its number is shown then." &&
        [ "$(count_of 99012348)" = 0 ] && line_open && within 60 once 99012348 && expect_number cut 99012348
}
# It has arrived, and its answer is lost: on a line so long that it is cut before the answer has come. On
# a machine that does other things besides the answer may be first: then on one that is longer.
cut_after() {
    civil=99012361
    for delay in 400 1600 6400; do
        line_cut && line_open --delay $delay && within 60 up cut && form_again cut $civil && keys cut F10 &&
            within 60 once $civil && kill -9 "$line_pid" && wait "$line_pid" 2>/dev/null
        within "$PATIENCE" told_either && line_open || return 1
        shows_said cut ar "$KEPT_HERE" && break
        keys cut Enter && expect_said cut ar "What would you like to do? Press its digit." || return 1
        civil=$((civil + 1))
    done
    expect_number cut $civil && once $civil
}
KEPT_HERE="Kept here, and sent when the line is back: its number is shown then."
told_either() { shows_said cut ar "$KEPT_HERE" || shows_said cut ar "The request is kept. Its number:"; }

# Each of the two killed: the other ends, the terminal is plain, and the form is offered where it stood.
killed() {
    desk_to "$1" clerk && form_begun "$1" && entering "$1" "$2" && typing "$1" "هلال بن" &&
        expect_screen "$1" "هلال بن" && within 60 said_there "$2" "هلال بن" && kill -9 "$(part "$1" "$1")" &&
        expect_screen "$1" client-ended && desk_to "$1b" clerk && expect_said "$1b" ar "$RESUME" && keys "$1b" Enter &&
        expect_caret "$1b" "اسم مقدم الطلب" && expect_screen "$1b" "هلال بن" && expect_screen "$1b" "$2" &&
        keys "$1b" F3 && expect_said "$1b" ar "The draft is kept." && keys "$1b" F3 F3 && expect_screen "$1b" client-ended
}
# What a killed bridge left goes up while the screens are about to ask for the drafts: it is offered all the
# same. The desk stands still meanwhile.
gone_up_meanwhile() {
    desk_to late clerk && form_begun late && entering late 99012353 && typing late "هلال بن" &&
        expect_screen late "هلال بن" && within 60 said_there 99012353 "هلال بن" && kill -9 "$(part bridge late)" &&
        expect_screen late client-ended && desk_to lateb clerk && within 60 part desk lateb || return 1
    desk=$(part desk lateb)
    kill -STOP "$desk" && within "$PATIENCE" went_up 99012353
    there=$?
    kill -CONT "$desk"
    [ $there = 0 ] && expect_said lateb ar "$RESUME" && keys lateb Enter && expect_caret lateb "اسم مقدم الطلب" &&
        expect_screen lateb 99012353 && keys lateb F3 && expect_said lateb ar "The draft is kept." && keys lateb F3 F3 &&
        expect_screen lateb client-ended
}
# What is left goes up to the office.
went_up() {
    "$SND_BUILDDIR/tests/e2e/drafts" "$office" clerk | grep -Fq "${1:-هلال بن}" && [ "$(kept_files clerk)" = 0 ]
}

# Nothing in one person's folders is another's to enter, and what was changed on the disk is fetched anew.
apart() {
    desk_to other clerk2 && at_home other ar && begin_request other ar MZ-01 &&
        expect_screen other "الرقم المدني لمقدم الطلب" && keys other F3 && keys other F3 F3 && expect_screen other client-ended || return 1
    for folder in cache kept; do
        [ "$(ls "$work/$folder/sanad" | wc -l)" = 2 ] && [ "$(stat -c %a "$work/$folder/sanad"/clerk* | sort -u)" = 700 ] || return 1
    done
    [ -z "$(find "$work/cache/sanad" "$work/kept/sanad" -type f -perm /077)" ]
}
changed_on_disk() {
    mine="$work/cache/sanad/clerk2@127.0.0.1:$line_port" changed=0
    mkdir -p "$work/before"
    for file in "$mine"/*; do # the catalogue, a form and its lists; not what is remembered of terminals
        grep -q "MZ-01\|ولاية\|DA01" "$file" || continue
        cp "$file" "$work/before" && sed -i 's/MZ/XZ/g; s/ا/ب/g' "$file" && changed=$((changed + 1))
    done
    desk_to changed clerk2 && form_begun changed && keys changed F3 && keys changed F3 F3 && expect_screen changed client-ended || return 1
    for file in "$work/before"/*; do
        cmp -s "$file" "$mine/${file##*/}" || { note "not as before: ${file##*/}"; return 1; }
    done
    [ $changed -ge 2 ]
}

# ssh asks on the terminal before the screens come, and never among them.
by_password() {
    desk_to word clerk2 "PreferredAuthentications password
    Ciphers aes256-ctr" && expect_screen word "password:" && typing word "$password" &&
        keys word Enter && at_home word ar && told_to clerk2 && kill -9 $(pgrep -f "^ssh -T -e none .*ssh.clerk2 .*-p $line_port .*sanad-book") &&
        within 60 refused word && term=word && picture remote-refused && [ $wrong = 0 ] && keys word F3 F3 && expect_screen word client-ended
}

# The account is closed while its screens are open somewhere.
expelled() {
    desk_to gone clerk2 && at_home gone ar && "$sanad" user disable clerk2 --state "$office" &&
        within 60 down gone && keys gone 3 &&
        within 60 refused gone && ! timeout 20 $(subsystem clerk2) </dev/null >/dev/null 2>&1
}
refused() { shows_said "$1" ar "The line needs your password: leave, and run the command again. All is kept."; }

# said_there TEXT TEXT: one of the drafts that are kept holds both.
said_there() { grep -rlF "$1" "$work/kept/sanad" | xargs -d '\n' grep -qF "$2"; }

office_make && account_make owner "owner ناصر بن سعيد الهنائي" && office_start || exit 1
mkdir "$work/cache" "$work/kept"
line_port=$(port_free)
ok "malformed frames close the line with a clear one" quiet malformed -- $(subsystem clerk)
ok "a session is gone on with by its own account alone" quiet resume -- $(subsystem clerk) -- $(subsystem clerk2)
ok "a relay can do only what the table lets its account do" permitted_all
ok "a line is opened" line_open
ok "MZ-01 from login to number, away from the office" counter
ok "the line is cut ten times in the form: nothing typed is lost, the request is there once" cut_in_the_form
ok "submitted while the line is down: kept, and sent when it is back, once" cut_before
ok "the line dies with the submission on it: it is there once" cut_during
ok "the answer to a submission is lost: it is there once" cut_after
leaves cut
ok "a killed desk: the form is offered at the same field" killed desk 99012351
ok "a killed bridge: the form is offered at the same field" killed bridge 99012352
ok "and goes up to the office when it is left" within 60 went_up
ok "a draft that goes up while the screens begin is offered all the same" gone_up_meanwhile
ok "the ledger judges what comes over a line: calculations, fees, areas and dates are its own" judged
ok "two persons' caches and drafts are apart, for their owners only" apart
ok "a cache that was changed on the disk is found and fetched anew" changed_on_disk
ok "with a password: asked for before the screens, and said in words when it is wanted again" by_password
ok "ssh names few algorithms, but for what its own configuration says of them" brief
ok "a disabled account loses its relay" expelled
[ -z "$line_pid" ] || line_cut
office_stop
ok "the book is clean" fsck_clean
done_testing
