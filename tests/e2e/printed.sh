#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is printed, taken out with the real sftp as a text and as a page: requests, blank forms, what
# services need, and the proof of an advertisement, which is signed before it is submitted.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized

take() { # take ACCOUNT FROM: into $work/taken
    rm -f "$work/taken"
    printf 'get "outbox/%s" %s/taken\n' "$2" "$work" | sftp_as "$1"
}
has() { for text; do grep -Fq -- "$text" "$work/taken" || { note "without [$text]"; return 1; }; done; }
AD="للبيع سيارة نظيفة في نزوى بسعر مناسب"

office_make && office_start || exit 1
# ---- an advertisement, at the screens
begun() {
    login ad clerk && at_home ad ar && begin_request ad ar OP-01 && expect_screen ad "الرقم المدني لمقدم الطلب" &&
        entering ad 99066778 && entering ad "زينب بنت سالم" && typing ad 91112223 && expect_caret ad "صفة مقدم الطلب" && keys ad Tab &&
        expect_caret ad "الصحيفة" && typing ad 1 && expect_caret ad "التبويب" && entering ad "بيع" && expect_caret ad "لغة الإعلان" &&
        typing ad "العربية" && keys ad Tab && expect_caret ad "نص الإعلان" && entering ad "$AD" && expect_caret ad "أول يوم نشر" &&
        typing ad 20012018 && expect_caret ad "عدد أيام النشر" && entering ad 3 && entering ad 0.100 && expect_screen ad "نسخة البطاقة الشخصية"
}
named() {
    keys ad F7 && expect_screen ad "outbox/drafts/OP-01-" && expect_screen ad F7 &&
        proof=$(capture ad | grep -o "OP-01-[0-9a-f]*\.html" | head -n 1) && [ -n "$proof" ]
}
proof() {
    take clerk "drafts/$proof" && has "$AD" 'class="frame"' "20/01/2018" "2.100" "زينب بنت سالم" "قرأت هذا النص وأوافق على نشره كما هو" "لم يقدم الطلب بعد"
}
as_text() { take clerk "drafts/${proof%.html}.txt" && has "$AD" "2.100"; }
others_none() { ! take clerk2 "drafts/$proof" && printf 'ls outbox/drafts\n' | sftp_as clerk2 && ! grep -q OP-01 "$work/out"; }
# What was taken out is still the one that she types in.
goes_on() { keys ad F8 F8 && expect_said ad ar "All is filled in.  Enter or F10 = submit   F3 = back to the fields" && filed=$(submit ad ar); }
ok "an advertisement is filled in" begun
ok "F7 says where its proof is taken out" named
ok "C13: the proof has the text in a frame, its day and its price, and where it is signed" proof
ok "and as a text" as_text
ok "nobody else is given it" others_none
ok "what was typed goes on meanwhile, and is submitted" goes_on

# ---- requests
page() {
    take clerk "requests/$filed.html" && has "$filed" 99066778 "زينب بنت سالم" "مع الأوراق" "هذه الورقة ليست رد الجهة" "اسم الموظف وتوقيعه" 'lang="ar" dir="rtl"' &&
        take clerk "requests/$filed.txt" && has "$filed" 99066778 "اسم الموظف وتوقيعه"
}
told() { keys ad F7 && expect_screen ad "outbox/requests/$filed.html"; }
ok "the request's page and text say the same" page
ok "F7 at its number says where they are" told
twice() { take clerk "requests/$filed.html" && mv "$work/taken" "$work/first" && take clerk2 "requests/$filed.html" && cmp "$work/first" "$work/taken"; }
ok "whoever of the centre takes it out gets the same bytes" twice
not_there() { ! take clerk "requests/DA01-003-0000000-0.html" && ! take clerk "forms/XX-99.html" && ! take clerk "forms/OP-01.pdf" && ! take clerk "drafts/OP-01-0000.html"; }
ok "what is not there is not given" not_there

# ---- forms
blank() {
    take clerk forms/OP-01.html && has "نص الإعلان" "☐ عمان" 'class="blank"' "أحضر هذه الورقة معبأة" && ! has 99066778 >/dev/null &&
        take clerk services/OP-01.html && has "2 " "1.000"
}
listed() {
    printf 'ls -1 outbox/forms\n' | sftp_as clerk && [ "$(grep -c '\.html' "$work/out")" = 93 ] && [ "$(grep -c '\.txt' "$work/out")" = 93 ]
}
ok "a blank form has its boxes and none of anybody's values" blank
ok "there is one of each service" listed
# As a browser prints it: a PDF of one page, in which nothing was cut.
in_browser() {
    take clerk "requests/$filed.html" && mv "$work/taken" "$work/page.html" &&
        timeout 120 chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$work/chromium" \
            --no-pdf-header-footer --print-to-pdf="$work/page.pdf" "file://$work/page.html" >"$work/chromium.out" 2>&1 &&
        head -c 5 "$work/page.pdf" | grep -q '%PDF-' && [ "$(grep -ac '/Type */Page$\|/Type */Page[^s]' "$work/page.pdf")" -ge 1 ]
}
if command -v chromium >/dev/null; then
    ok "a browser prints the page" in_browser
else
    note "no chromium: not looked at in a browser"
fi
ok "the book is clean" fsck_clean
done_testing
