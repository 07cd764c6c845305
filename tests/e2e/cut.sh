#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The line is cut in the middle of a word: the next login offers to go on, and one Enter is back in
# the same field with what was typed.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized

# The client dies without a word, as when its machine loses power.
cut_line() {
    client=$(pgrep -f "^ssh .*UserKnownHostsFile=$work/known_hosts .*clerk@127" | head -n 1)
    [ -n "$client" ] && kill -9 "$client"
}
typed_and_saved() {
    expect_screen one "سالم بن" && within 10 draft_has "سالم بن"
}
# The draft as the office's own copy of it has it.
draft_has() { "$SND_BUILDDIR/tests/e2e/drafts" "$office" clerk | grep -Fq "$1"; }

goes_on() {
    login one clerk && at_home one ar && begin_request one ar MZ-01 &&
        expect_screen one "الرقم المدني لمقدم الطلب" && typing one 99012345 && keys one Enter &&
        typing one "سالم بن" && typed_and_saved && cut_line || return 1
    login two clerk &&
        expect_said two ar "$RESUME" && keys two Enter &&
        expect_caret two "اسم مقدم الطلب" && expect_screen two "سالم بن" && expect_screen two 99012345 &&
        typing two " حمد بن علي العبري" && keys two Enter && typing two 70123456 && keys two Enter Enter &&
        expect_screen two "ولاية العقار" && mz01_property two && expect_screen two "شهادة إتمام البناء" &&
        mz01_documents two && number=$(submit two ar) && request_kept "$number" 99012345 &&
        "$sanad" request show "$number" --json --state "$office" | grep -Fq "سالم بن حمد بن علي العبري"
}

office_make && office_start || exit 1
ok "a cut connection goes on at the same field" goes_on
office_stop
ok "the book is clean" fsck_clean
done_testing
