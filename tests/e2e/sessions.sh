#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Two sessions of one clerk at once: each has its own draft, neither takes the other's, and what one
# submits the other finds.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized

both_type() {
    login one clerk && at_home one ar && begin_request one ar MZ-01 &&
        expect_screen one "الرقم المدني لمقدم الطلب" && entering one 99000001 &&
        expect_caret one "اسم مقدم الطلب" && typing one "أحمد بن" &&
        login two clerk && expect_said two ar "Enter goes on." && at_home two ar && begin_request two ar MZ-01 && fill_mz01 two ar 99000002 &&
        number=$(submit two ar) && request_kept "$number" 99000002 &&
        expect_screen one 99000001 && expect_screen one "أحمد بن"
}
draft_is_elsewhere() {
    keys two Enter && expect_said two ar "What would you like to do? Press its digit." && keys two 2 &&
        expect_said two ar "open in another session" && keys two F3
}
first_goes_on() {
    entering one " سعيد بن علي الريامي" && entering one 70123456 && keys one Enter &&
        expect_screen one "ولاية العقار" && mz01_property one && expect_screen one "شهادة إتمام البناء" &&
        mz01_documents one && number=$(submit one ar) && request_kept "$number" 99000001
}
two_sessions() { both_type && draft_is_elsewhere && first_goes_on; }

office_make && office_start || exit 1
ok "two sessions of one clerk" two_sessions
ok "the book has both requests" test "$(request_count)" = 2
office_stop
ok "the book is clean" fsck_clean
done_testing
