# SPDX-License-Identifier: Apache-2.0
# Documents over SFTP with the real OpenSSH sftp and scp: sent, cut off and gone on with, refused;
# texts taken out; and who gets no files at all.
. "$(dirname "$0")/../lib.sh"
skip_when_sanitized

says() { sftp_said "$1"; }
not_says() { ! says "$1" >/dev/null; }

# a PDF of about that many bytes
pdf_make() {
    { printf '%%PDF-1.4\n<</Type/Page>><</Type/Page>>\n'; head -c "$2" /dev/urandom | base64; printf '%%%%EOF\n'; } >"$1"
}

office_make && office_start || exit 1
pdf_make "$work/id.pdf" 3000000
pdf_make "$work/card.pdf" 100000

put() { printf 'put %s inbox/%s\n' "$work/id.pdf" "$1" | sftp_as clerk; }
ok "a document is put" put id.pdf
listed() { printf 'ls -l inbox\n' | sftp_as clerk && says "$(stat -c %s "$work/id.pdf").*id.pdf"; }
ok "and listed with its size" listed
ok "a name stands there once" eval '! put id.pdf'
ok "and the reason is told" says 'اسم'

copy() { timeout 60 scp -q -s $sftp_options -P "$port" -i "$work/keys/clerk" "$work/card.pdf" "clerk@127.0.0.1:inbox/بطاقة سالم.pdf" >"$work/out" 2>&1; }
ok "scp puts one too, with an Arabic name" copy
old_copy() { timeout 60 scp -q -O $sftp_options -P "$port" -i "$work/keys/clerk" "$work/card.pdf" "clerk@127.0.0.1:inbox/x.pdf" >"$work/out" 2>&1; }
ok "the old scp is refused" eval '! old_copy'
ok "with a line that says what to do" says 'without -O'

# ---- cut off: the client is killed in the middle, at a slow pace
cut_off() {
    (cd "$work" && exec timeout 30 sftp -q $sftp_options -l 2000 -P "$port" -i "$work/keys/clerk" -b - clerk@127.0.0.1 >"$work/cut" 2>&1 <<X
put $work/id.pdf inbox/cut.pdf
X
    ) &
    cutter=$!
    partly() { printf 'ls -l inbox/cut.pdf\n' | sftp_as clerk && [ "$(awk '/cut.pdf/ && $5 > 100000 {print 1}' "$work/out")" = 1 ]; }
    within 60 partly || return 1
    pkill -9 -P $cutter 2>/dev/null
    kill -9 $cutter 2>/dev/null
    wait $cutter 2>/dev/null
    return 0
}
ok "an upload is cut in the middle" cut_off
size_of() { printf 'ls -l inbox/cut.pdf\n' | sftp_as clerk && awk '/^-.*cut.pdf/ {print $5}' "$work/out"; }
shorter() { got=$(size_of) && [ "$got" -gt 100000 ] && [ "$got" -lt "$(stat -c %s "$work/id.pdf")" ]; }
ok "what came is there" shorter
killed() { kill -9 "$(newest ledger)"; }
ok "the ledger is killed" killed
reput() { printf 'reput %s inbox/cut.pdf\n' "$work/id.pdf" | sftp_as clerk; }
ok "reput goes on with it" within 60 reput
whole() { [ "$(size_of)" = "$(stat -c %s "$work/id.pdf")" ]; }
ok "and it is whole" whole

# ---- refused
refused() { ! printf '%s\n' "$1" | sftp_as clerk; }
printf 'MZ this is a program' >"$work/virus.pdf"
ok "what is no document is not kept" refused "put $work/virus.pdf inbox/v.pdf"
ok "and that is told" says 'PDF'
ok "nothing is read from the inbox" refused "get inbox/id.pdf $work/back.pdf"
ok "nothing is put into the outbox" refused "put $work/card.pdf outbox/x.pdf"
ok "nor anywhere else" refused "put $work/card.pdf /etc/x.pdf"
ok "paths do not climb" refused "put $work/card.pdf inbox/../../x.pdf"
ok "no folders are made" refused "mkdir inbox/new"
ok "no links" refused "ln -s /etc/passwd inbox/link"
ok "there is no other file" refused "get /etc/passwd $work/passwd"
head -c 22000000 /dev/zero >"$work/huge.pdf"
ok "one that is too long is stopped" refused "put $work/huge.pdf inbox/huge.pdf"
removed() { printf 'rm inbox/id.pdf\n' | sftp_as clerk && printf 'ls inbox\n' | sftp_as clerk && not_says 'id.pdf'; }
ok "one is removed" removed
others() { printf 'ls inbox\n' | sftp_as clerk2 && not_says 'pdf'; }
ok "another clerk's inbox is empty" others

# ---- taken by a digit, in a form

offered() {
    login desk clerk 80x24 && at_home desk ar && begin_request desk ar MZ-01 && fill_half && keys desk F8 &&
        expect_said desk ar "A digit takes a document at once; 0: it is with the papers." && expect_screen desk "cut.pdf"
}
fill_half() {
    mz01_applicant desk 99012377 && mz01_property desk && expect_screen desk "$(sed -n '/^\[field doc_id\]/,/^label.ar/s/^label.ar = //p' "$SND_SRCDIR/screens/mz-01.form")"
}
ok "F8 in a document's field offers what was sent" offered
attached() { keys desk 1 && expect_said desk ar "attached"; }
ok "one digit attaches it" attached

# ---- taken out
with_papers() {
    for paper in 2 3 4 5 6; do
        keys desk F8
        expect_said desk ar "A digit takes a document at once; 0: it is with the papers." || return 1
        keys desk 0
        expect_gone desk "$(said ar "A digit takes a document at once; 0: it is with the papers.")" || return 1
    done
    keys desk Enter
    expect_said desk ar "All is filled in.  Enter or F10 = submit   F3 = back to the fields"
}
submitted() { with_papers && filed=$(submit desk ar); }
ok "the request is submitted with it" submitted
taken_out() {
    rm -f "$work/taken.pdf"
    printf 'get outbox/documents/%s/doc_id.pdf %s/taken.pdf\n' "$filed" "$work" | sftp_as "$1"
}
# The digit took the newest of the two.
as_sent() { cmp "$work/id.pdf" "$1" || cmp "$work/card.pdf" "$1"; }
same() { taken_out clerk && as_sent "$work/taken.pdf"; }
ok "the document of a request is taken out as it was sent" same
whole_folder() {
    timeout 60 scp -q -s -r $sftp_options -P "$port" -i "$work/keys/clerk" "clerk@127.0.0.1:outbox/documents/$filed" "$work/folder" &&
        as_sent "$work/folder/doc_id.pdf"
}
ok "and by scp, the request's whole folder" whole_folder
no_such() { filed_was=$filed filed=DA01-003-0000000-0 && ! taken_out clerk; gone=$?; filed=$filed_was; return $gone; }
ok "of a request that is not there nothing is taken out" no_such
read_kept() { [ "$("$sanad" trail --request "$filed" --state "$office" | grep -c "clerk.*Request opened")" = 2 ]; }
ok "that it was read is kept" read_kept
sheet() { printf 'get outbox/services/MZ-01.txt %s/sheet\n' "$work" | sftp_as clerk && grep -q 'MZ-01' "$work/sheet"; }
ok "the sheet of a service is taken out" sheet
number=$("$sanad" request list --state "$office" 2>/dev/null | awk 'NR==1 {print $1}')
folders() { printf 'ls\nls outbox\n' | sftp_as clerk && says inbox && says requests; }
ok "the folders are listed" folders

# ---- who gets none
none() { ! printf 'ls\n' | sftp_as supervisor; }
ok "who types codes by time gets no files by key alone" none
ok "and is told" says 'ssh'

# ---- what the process may do
child() {
    within 60 eval '! newest files' && mkfifo "$work/commands" || return 1
    sftp -q $sftp_options -P "$port" -i "$work/keys/clerk" clerk@127.0.0.1 <"$work/commands" >/dev/null 2>&1 &
    exec 8>"$work/commands"
    within 60 newest files && pid=$(newest files) && within 60 narrowed
    seen=$?
    exec 8>&-
    wait $!
    return $seen
}
narrowed() {
    grep -q '^Seccomp:[[:space:]]*2' "/proc/$pid/status" && grep -q '^NoNewPrivs:[[:space:]]*1' "/proc/$pid/status" &&
        [ "$(awk '/^Seccomp_filters/ {print $2}' "/proc/$pid/status")" -ge 2 ]
}
ok "files have a process of their own, in a narrower sandbox" child

# ---- kept safe
safe() {
    "$sanad" backup "$work/copy.sanad" --state "$office" --with-keys >"$work/out" 2>&1 &&
        "$sanad" restore "$work/copy.sanad" --state "$work/other" >"$work/out" 2>&1 &&
        "$sanad" fsck --state "$work/other" >>"$work/out" 2>&1 || { sed 's/^/# /' "$work/out"; return 1; }
    (cd "$office/blobs" && find . -path ./part -prune -o -type f -print | sort) >"$work/files"
    (cd "$work/other/blobs" && find . -type f | sort) | cmp - "$work/files" &&
        while read -r file; do cmp "$office/blobs/$file" "$work/other/blobs/$file" || return 1; done <"$work/files"
}
ok "a backup has the documents, and a restored office has every one" safe

doctor_says() {
    "$sanad" doctor --state "$work/other" --json >"$work/said" 2>/dev/null
    tr -d '\n' <"$work/said" | tr '}' '\n' | grep -q "\"check\": \"$1\", *\"state\": \"$2\"" && return 0
    sed 's/^/# /' "$work/said"
    return 1
}
ok "the doctor counts the documents" doctor_says documents good
lose() { find "$work/other/blobs" -type f | head -n 1 | xargs rm && doctor_says documents bad; }
ok "and misses one" lose

clean() { office_stop; "$sanad" fsck --state "$office" >"$work/out" 2>&1; }
ok "the book agrees with its documents" clean
done_testing
