#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One client stops reading for a minute, in the middle of a full repaint; two others fill and submit
# meanwhile without waiting for it; then it goes on where it was.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
STALL=${STALL:-60}

client_of() { pgrep -f "^ssh .*UserKnownHostsFile=$work/known_hosts .*$1@127" | head -n 1; }
# Keys that the stopped client's terminal line still takes make the server answer into a full pipe.
stall() {
    login stuck clerk && at_home stuck ar && begin_request stuck ar MZ-01 &&
        expect_screen stuck "الرقم المدني لمقدم الطلب" && typing stuck 99000009 &&
        stuck_pid=$(client_of clerk) && kill -STOP "$stuck_pid" && began=$(now_ms)
}
work_of() {
    login "$1" "$2" 80x24 && at_home "$1" ar && begin_request "$1" ar MZ-01 && fill_mz01 "$1" ar "$3" &&
        number=$(submit "$1" ar) && request_kept "$number" "$3"
}
minute_over() { [ $(($(now_ms) - began)) -ge $((STALL * 1000)) ]; }
others_work() {
    stall || return 1
    first=$(now_ms)
    work_of two clerk2 99000002 || return 1
    note "the second clerk needed $(($(now_ms) - first)) ms beside the stalled one"
    work_of three clerk3 99000003 || return 1
    within $((STALL + 10)) minute_over || return 1
    work_of four clerk2 99000004 || return 1
    kill -CONT "$stuck_pid" && expect_screen stuck 99000009 && keys stuck Enter &&
        expect_caret stuck "اسم مقدم الطلب"
}

office_make && account_make clerk3 "clerk خالد بن سعيد المعولي" && office_start || exit 1
ok "a client that stops reading for a minute while others work" others_work
ok "three requests were kept" test "$(request_count)" = 3
done_testing
