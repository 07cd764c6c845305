#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What becomes of a request, at the screens: an agency's officer works its queue, a centre's clerk
# answers, and both see how it stands. Every act is a digit, what it needs, and one more key.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized

officer_make() {
    ssh-keygen -q -t ed25519 -N '' -C "$1" -f "$work/keys/$1" &&
        "$sanad" user add "$1" --state "$office" --role agency --scope MZEC --name "$2" --key "$work/keys/$1.pub"
}
see() { expect_said "$1" ar "$2"; }
state_of() { "$sanad" request show "$number" --json --state "$office" | sed -n 's/^ *"state": *"\([a-z_]*\)",*$/\1/p' | head -n 1; }
in_state() { [ "$(state_of)" = "$1" ]; }
# act NAME DIGIT DONE: a digit that needs no words, and yes.
act() { keys "$1" "$2" && see "$1" "For the person:" && keys "$1" F10 && see "$1" "$3" && keys "$1" 1 && see "$1" "$4"; }

request() {
    login clerk clerk && at_home clerk ar && begin_request clerk ar MZ-01 && fill_mz01 clerk ar &&
        number=$(submit clerk ar) && [ -n "$number" ] && keys clerk Enter && see clerk "What would you like to do? Press its digit."
}
taken() {
    login officer officer && at_home officer ar && expect_screen officer "ينتظر: بانتظار الإرسال 1" && keys officer 1 &&
        see officer "What waits, the oldest first" && keys officer Enter && expect_screen officer "الرقم المدني لمقدم الطلب" &&
        keys officer 1 && see officer "Take the request?  1 = yes   2 or Enter = no" && in_state queued && keys officer 2 &&
        expect_screen officer "الرقم المدني لمقدم الطلب" && in_state queued && keys officer 1 &&
        see officer "Take the request?  1 = yes   2 or Enter = no" && keys officer 1 && see officer "The request is yours now." &&
        in_state in_review
}
documents() {
    keys officer 2 && see officer "In words:" && keys officer F10 &&
        see officer "Mark the documents by their digits, or say in words what is needed." && keys officer Up 2 4 Tab &&
        typing officer "نسخة مصدقة" && keys officer F10 &&
        see officer "Ask the person for these documents?  1 = yes   2 or Enter = no" && keys officer 1 &&
        see officer "The centre is asked for the documents." && in_state need_docs
}
counted() {
    keys clerk F2 && see clerk "Where to?" && typing clerk "ينتظر" && keys clerk F3 && see clerk "What would you like to do? Press its digit." &&
        keys clerk 3 && see clerk "Submitted requests, the newest first" && keys clerk F3 && expect_screen clerk "ينتظر: مطلوب مستندات 1"
}
# A file that the clerk has sent goes to the second document that was asked for.
sent() {
    printf '%%PDF-1.4\n<</Type/Page>>\n%%%%EOF\n' >"$work/completion.pdf" &&
        printf 'put %s inbox/completion.pdf\n' "$work/completion.pdf" |
        timeout 90 sftp -q -F /dev/null -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$work/known_hosts" \
            -o IdentitiesOnly=yes -o BatchMode=yes -o IdentityAgent=none -P "$port" -i "$work/keys/clerk" -b - clerk@127.0.0.1 >/dev/null
}
attached() {
    keys clerk 7 && see clerk "What waits, the oldest first" && keys clerk Enter && expect_screen clerk "نسخة مصدقة" &&
        keys clerk 1 && see clerk "What is missing, why:" && keys clerk Down F8 && expect_screen clerk completion.pdf &&
        keys clerk 0 && expect_gone clerk completion.pdf && keys clerk F8 && expect_screen clerk completion.pdf &&
        keys clerk 1 && expect_screen clerk "شهادة إتمام البناء: completion.pdf" && keys clerk F3 &&
        expect_screen clerk "1 أُحضرت المستندات" && keys clerk NPage &&
        expect_screen clerk "completion.pdf${gap}PDF" "$PATIENCE" ar && keys clerk F3 F3 && see clerk "What would you like to do? Press its digit."
}
brought() {
    keys clerk 7 && see clerk "What waits, the oldest first" && keys clerk Enter && expect_screen clerk "نسخة مصدقة" &&
        expect_screen clerk "شهادة إتمام البناء" && keys clerk 1 && see clerk "What is missing, why:" && keys clerk 1 F10 &&
        see clerk "Mark what was brought by its digit, or say why something is missing." && keys clerk Up 2 F10 &&
        see clerk "Tell the agency so?  1 = yes   2 or Enter = no" && keys clerk 1 &&
        see clerk "The agency goes on with the request." && in_state in_review
}
late() {
    keys officer F3 && see officer "What waits, the oldest first" && keys officer Enter && expect_screen officer "الرقم المدني لمقدم الطلب" &&
        "$sanad" request assign "$number" officer2 --state "$office" >/dev/null && keys officer 3 && see officer "Fee in rials:" &&
        typing officer 12.500 && keys officer F10 && see officer "Ask the person for this fee?  1 = yes   2 or Enter = no" &&
        keys officer 1 && see officer "Somebody else was first: the request is shown as it stands now." && in_state in_review &&
        keys officer 1 1 && see officer "The request is yours now."
}
fee() {
    keys officer 3 && see officer "Fee in rials:" && typing officer abc && keys officer F10 &&
        see officer "Write the fee in rials, such as 12.500." && keys officer C-u && typing officer 12.500 && keys officer F10 &&
        see officer "Ask the person for this fee?  1 = yes   2 or Enter = no" && keys officer 1 &&
        see officer "The centre is asked for the fee." && in_state fee_due && keys clerk F3 && see clerk "What waits, the oldest first" &&
        keys clerk Enter && expect_screen clerk 12.500 && act clerk 2 "Has the person paid the fee?  1 = yes   2 or Enter = no" "The fee is noted as paid." &&
        in_state paid
}
approved() {
    keys officer F3 && see officer "What waits, the oldest first" && keys officer Enter && expect_screen officer 12.500 &&
        act officer 5 "Approve the request?  1 = yes   2 or Enter = no" "The request is approved." && in_state approved &&
        keys clerk F3 && see clerk "What waits, the oldest first" && keys clerk Enter && expect_screen clerk 12.500 &&
        act clerk 3 "Does the person have the result in hand?  1 = yes   2 or Enter = no" "The request is done." && in_state closed
}
told() {
    keys clerk NPage NPage && expect_screen clerk "نسخة مصدقة" && expect_screen clerk "سددت الرسوم" &&
        keys clerk F3 && see clerk "Nothing waits here."
}

rejected() {
    keys clerk F3 && see clerk "What would you like to do? Press its digit." && begin_request clerk ar MZ-01 &&
        fill_mz01 clerk ar 99012346 && number=$(submit clerk ar) && [ -n "$number" ] && keys clerk Enter &&
        see clerk "What would you like to do? Press its digit." && "$sanad" request assign "$number" officer --state "$office" >/dev/null &&
        "$sanad" request move "$number" rejected --note "رقم القطعة غير صحيح" --state "$office" >/dev/null && in_state rejected
}
corrected() {
    before=$number
    keys clerk 7 && see clerk "What waits, the oldest first" && keys clerk Enter && expect_screen clerk "رقم القطعة غير صحيح" &&
        keys clerk 5 && expect_screen clerk 2017/44 && keys clerk F10 &&
        see clerk "All is filled in.  Enter or F10 = submit   F3 = back to the fields" && number=$(submit clerk ar) &&
        [ -n "$number" ] && [ "$number" != "$before" ] && request_kept_twice && in_state queued
}
request_kept_twice() { [ "$("$sanad" request list --query 99012346 --state "$office" | wc -l)" = 2 ]; }

office_make && officer_make officer "ناصر بن علي الحارثي" && officer_make officer2 "هند بنت راشد" && office_start || exit 1
ok "a request is submitted" request
ok "an officer takes it out of the queue of the agency" taken
ok "and asks for documents" documents
ok "the clerk's home screen says that something waits" counted
ok "the clerk sends a file" sent
ok "and attaches it to what was asked for" attached
ok "the clerk says that the documents were brought" brought
ok "an officer who was second is told so, and the request is as it stands" late
ok "a fee is asked for, and paid" fee
ok "the request is approved, handed over and closed" approved
ok "its history says all of it" told
ok "another request is rejected, with a reason" rejected
ok "it is corrected in a new request that has all its values" corrected
office_stop
ok "the book is clean" fsck_clean
done_testing
