# SPDX-License-Identifier: Apache-2.0
# A centre's disk is gone: everything that the hub acknowledged comes back from it, over a line that
# breaks, into an empty folder, once; and the old disk, when it comes back, is found and stopped.
. "${SND_SRCDIR:-.}/tests/lib.sh"
. "$SND_SRCDIR/tests/two.sh"
skip_when_sanitized
handshake=2700

paper() { # paper NUMBER BYTES: attaches a document of that size
    { printf '%%PDF-1.4\n<</Type/Page>>\n'; head -c "$2" /dev/urandom | base64; printf '%%%%EOF\n'; } >"$work/paper$2.pdf"
    "$SND_BUILDDIR/tests/e2e/attach" "$office" clerk "$password" "$1" doc_id "$work/paper$2.pdf"
}
papers_at() { [ "$(find "$1/blobs" -type f ! -path '*/part/*' 2>/dev/null | wc -l)" = "$2" ]; }
regain() { "$sanad" join --restore DA01-003 "https://127.0.0.1:$line_port" "$invitation" --state "$office"; }
refused() { # refused WORDS COMMAND...
    words=$1
    shift
    "$@" >"$work/out" 2>"$work/err" && return 1
    [ "$(wc -l <"$work/err")" = 1 ] && grep -q "$words" "$work/err" && return 0
    sed 's/^/# /' "$work/err"
    return 1
}
invite() { invitation=$("$sanad" hub invite DA01-003 --state "$hub" | head -n 1); }
# Its book knows its hub before a word is said; before that it may need another invitation.
begun() { [ -s "$work/first.out" ] && [ -s "$office/office.db.coming-back" ] && [ -e "$office/node/node.crt" ]; }
state_is() { [ "$("$sanad" hub nodes --state "$hub" | awk -F'\t' '$1 == "DA01-003" {print $2}' | sort | tr '\n' ' ')" = "$1 " ]; }
stopped() { grep -aq "sync.failed why=fork" "$work/old.log"; }
same_requests() { "$sanad" request list --state "$office" | sort >"$work/again" && cmp -s "$work/before" "$work/again"; }

newer() { "$SND_BUILDDIR/tests/e2e/newer" "$@"; }
two_make >&2 && hub_stop && newer "$office" && newer "$hub" && hub_start && office_start || exit 1
enter 40
for size in 1500 30000 120000; do
    paper "$(sed -n "$((size % 7 + 1))p" "$work/numbers")" $size || exit 1
done
line_up
invite
ok "an office that is served joins a hub" eval '"$sanad" join "https://127.0.0.1:$line_port" "$invitation" --state "$office" >"$work/joined" && grep -q "from now on" "$work/joined"'
ok "a centre's events and documents reach its hub" eval 'arrives 60 && within 60 papers_at "$hub" 3'
"$sanad" request list --state "$office" | sort >"$work/before"
ok "23: what newer programs wrote goes both ways" within 60 eval '[ "$(newer "$hub" count)" = 3 ]'
office_stop
mv "$office" "$work/old"

# ---- its disk is gone

invite
ok "another centre's invitation gets nothing" eval \
    'refused "does not take this invitation\|nothing of that centre" "$sanad" join --restore DA01-004 "https://127.0.0.1:$line_port" "$invitation" --state "$work/other"'
rm -rf "$work/other"
line_down
line_up --drop-bytes 20000 --spare $handshake
"$sanad" join --restore DA01-003 "https://127.0.0.1:$line_port" "$invitation" --state "$office" >"$work/first.out" 2>&1 &
regaining=$!
within 60 begun && kill -9 $regaining
wait $regaining 2>/dev/null
ok "killed in the middle, there is no office yet" eval '[ ! -e "$office/office.db" ] && begun'
ok "the same command goes on, over a line cut every 20 kB" into "$work/regained" regain
sed 's/^/# /' "$work/regained"
ok "without another invitation" grep -q "Going on where it was ended" "$work/regained"
ok "every request is back, once" same_requests
ok "and every document" papers_at "$office" 3
ok "23: and comes back" eval '[ "$(newer "$office" count)" = 2 ]'
ok "the book verifies, with its documents" clean "$office"
ok "the doctor finds nothing broken" eval '! "$sanad" doctor --state "$office" | grep -q "^bad"'
ok "an office that is there is not touched" refused "not touched" "$sanad" join --restore DA01-003 "https://127.0.0.1:1" "$invitation" --state "$hub"
line_down
office_start || exit 1
enter 2
ok "a clerk works on with the password of before" paper "$(tail -n 1 "$work/numbers")" 2000
line_up
ok "and what is done now goes up" arrives 40

# ---- the old disk comes back

sed -i 's/^listen *=.*/listen = 127.0.0.1/' "$work/old/sanad.conf"
: >"$work/old.ready"
setsid "$sanad" serve --state "$work/old" --port 0 >"$work/old.ready" 2>"$work/old.log" </dev/null &
old_pid=$!
ok "19: the old disk is found to be a copy, and stops" within 60 stopped
ok "19: and stands so at the hub" state_is forked
kill $old_pid
within 60 gone $old_pid || kill -9 $old_pid
enter 1
ok "19: while the office goes on" arrives 40
ok "each request that was acknowledged is at the hub once" numbers_equal
ok "both books verify" both_clean
done_testing
