#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The counter's one purpose: from a login with a plain ssh to a request number, in both languages,
# everything read from the screen.
. "${SND_SRCDIR:-.}/tests/lib.sh"

# first_row NAME: the word of the program stands on the first row.
branded() { capture "$1" | head -n 1 | grep -Fq "$(visual "$2")"; }

in_arabic() {
    login ar clerk && at_home ar ar && branded ar "سند" && begin_request ar ar MZ-01 &&
        fill_mz01 ar ar "٩٩٠١٢٣٤٥" || return 1
    number=$(submit ar ar)
    [ -n "$number" ] && branded ar "سند" && request_kept "$number" 99012345
}

in_english_too() {
    login en clerk2 && at_home en ar && in_english en && branded en Sanad && begin_request en en MZ-01 &&
        fill_mz01 en en 99012346 || return 1
    number=$(submit en en)
    [ -n "$number" ] && branded en Sanad && request_kept "$number" 99012346
}

leaves() {
    keys en Enter && expect_screen en "What would you like to do? Press its digit." && keys en 6 &&
        expect_screen en client-ended
}

office_make && office_start || exit 1
ok "MZ-01 in Arabic ends with a number" in_arabic
ok "MZ-01 in English ends with a number" in_english_too
ok "leaving ends the connection" leaves
office_stop
ok "the book is clean" fsck_clean
done_testing
