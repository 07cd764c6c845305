#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Line mode: a form from login to its number in `ssh -T`, typed line by line, typed ahead and pasted;
# drafts that are begun here and finished on the screens and the other way; lines that break; what
# must be read and done first; and that nothing but text goes out.
. "${SND_SRCDIR:-.}/tests/lib.sh"

# talk NAME COMMAND...: opens a conversation; what it says goes to $work/NAME, say() answers it.
talk() {
    talk=$1
    shift
    rm -f "$work/pipe"
    mkfifo "$work/pipe"
    "$@" <"$work/pipe" >"$work/$talk" 2>"$work/$talk.err" &
    talker=$!
    exec 9>"$work/pipe"
    seen=0
}
say() { for line; do printf '%s\n' "$line" >&9; done; }
hang_up() {
    exec 9>&-
    wait "$talker"
}
# Where the text stands behind what was heard, as its end in the file.
said_at() {
    at=$(tail -c +$((seen + 1)) "$work/$talk" | LC_ALL=C grep -Fbo -m 1 -- "$1" | head -n 1 | cut -d: -f1)
    [ -n "$at" ] && end=$((seen + at + $(printf %s "$1" | wc -c)))
}
# hears TEXT...: one after another, after what was heard before.
hears() {
    for text; do
        within "$PATIENCE" said_at "$text" || {
            note "not heard: $text"
            tail -n 25 "$work/$talk" "$work/$talk.err" | sed 's/^/# /'
            return 1
        }
        seen=$end
    done
}
# The line as an office with its own terminals has it is in visual order: here it is as it is stored.
over_ssh() { talk "$1" sh -c "exec $(ssh_line "$2" -T -o BatchMode=yes)"; }
number_said() { grep -Eo "$NUMBER" "$work/$talk" | tail -n 1; }

# asked LABEL ANSWER ...: each is answered when it is asked for.
asked() {
    while [ $# -gt 1 ]; do
        hears "$1" && say "$2" || return 1
        shift 2
    done
}
mz01_english() {
    asked "Applicant civil number:" 99012345 "Applicant name:" "سالم بن حمد بن علي العبري" \
        "Mobile number:" 70123456 "Capacity (1 Self" 1 "Wilayat of property (? lists)" Nizwa \
        "Village or quarter:" "فرق" "Plot number:" 123 "Krooki number:" 2017/44 "Title deed" "" \
        "Use of property" resid "Required load (kW):" 12.5 "Phase" single "Number of meters [1]:" "" \
        "Electrician licence number:" ELC123 "ID / resident card (+ it is here" + "Title deed" + \
        "Survey plan" + "Building completion" + "Licence of the responsible" + "List of appliances" + \
        "Power of attorney" "" "All is filled in. 1 = send" 1
}
english() {
    over_ssh en clerk && say "order 1" language && hears "يبقى هكذا لهذه الطرفية" "The language" "Home. " &&
        say mz1 && hears "MZ-01 New electricity connection" "1/3 Applicant" && mz01_english &&
        hears "The request is kept. Its number: DA01-003-" "Home. ? says" &&
        request_kept "$(number_said)" 99012345
}

# The same in Arabic, everything typed ahead.
mz01_lines() {
    printf '%s\n' "${1:-99023456}" "سالم بن حمد بن علي العبري" 70123456 1 "نزوى" "فرق" 123 2017/44 "" سكني \
        12.5 "أحادي" "" ELC123 + + + + + + ""
}
arabic() {
    say language && hears "البداية" && say mz1 && hears "الرقم المدني لمقدم الطلب:" &&
        mz01_lines >&9 && hears "كل الحقول مكتملة" && say إرسال &&
        hears "تم حفظ الطلب، ورقمه: DA01-003-" "البداية" && request_kept "$(number_said)" 99023456
}

# ---- what can be looked at

by_number() {
    say "$(number_said)" && hears "MZ-01" "الرقم المدني لمقدم الطلب: 99023456" "ما جرى" "البداية" &&
        say 99012345 && hears "DA01-003-" "99012345" "البداية" && say "بحث لا أحد" && hears "البداية"
}
sheet() { say "متطلبات MZ-01" && hears "MZ-01 " "رسوم" "البداية" && say "توصيل جديد" && hears "MZ-01" "البداية"; }
left() { say خروج && hang_up && tail -n 1 "$work/$talk" | grep -q "$(said ar 'You have left Sanad. Good-bye.')"; }

# ---- a whole form

# Two values are wrong: both are named, they alone are asked again.
pasted() {
    over_ssh paste clerk && hears "البداية" && say language && hears "Home. " && say mz1 .paste && hears "name: value" &&
        say "Applicant civil number: 99034567" "Applicant name: ناصر بن علي الحارثي" "app_mobile: 12" \
            "Capacity: Self" "Wilayat of property: Nizwa" "Village or quarter: فرق" "Plot number: 7" \
            "Krooki number: 2018/1" "Use of property: Residential" "Required load (kW): lots" "Phase: Three phase" \
            "Number of meters: 2" "Electrician licence number: ELC9" "Nothing like it: x" . &&
        hears "Read as names and values." "Not taken, as no field has this name: Nothing like it: x" \
            "fields to correct:" "Mobile number: Eight digits" "Required load (kW): Enter a number" "Mobile number [12]:" &&
        say 91234567 && hears "Required load (kW) [lots]:" && say 9.5 &&
        hears "Copy of ID / resident card" && say + && hears "Title deed" && say .papers &&
        hears "All is filled in" && say send && hears "Its number: DA01-003-" "Home. " &&
        [ "$(grep -c "^Mobile number \[" "$work/paste")" = 1 ] && ! grep -q "^Phase" "$work/paste" &&
        request_kept "$(number_said)" 99034567
}
# Values in order, at the prompts themselves: a wrong one is told and asked for again at the end.
typed_ahead() {
    say mz1 && hears "Applicant civil number:" && mz01_lines 99045678 | sed 's/^70123456$/123/' >&9 &&
        hears "Mobile number: Eight digits" "1 field to correct" "Mobile number [123]:" && say 71234567 &&
        hears "All is filled in" && say send && hears "Its number: DA01-003-" "Home. " &&
        "$sanad" request show "$(number_said)" --json --state "$office" | grep -q '"app_mobile": *"71234567"'
}
# What other fields hang on is asked for at once, and what was typed ahead waits for it.
held() {
    say mz1 && hears "Applicant civil number:" && mz01_lines 99056789 | sed 's/^1$/nobody/' >&9 &&
        hears "Capacity: Choose one of the list" "Capacity (" && say 1 && hears "All is filled in" && say list &&
        hears "99056789" "9 Village or quarter: فرق" "ELC123" "All is filled in" && say send &&
        hears "Its number: DA01-003-" "Home. "
}

# ---- drafts

# The client dies; as long as its desk has not ended, the form is open in another session.
cut_line() {
    desk=$(newest desk)
    kill -9 "$talker"
    hang_up
    within 60 gone "$desk"
}
# A line that breaks in mid-form: offered again at the same field.
line_breaks() {
    say mz1 && hears "Applicant civil number:" && say 99067890 "ناصر" 91112223 && hears "Capacity (" || return 1
    cut_line || return 1
    over_ssh again clerk && hears "A request was not finished: MZ-01" "Go on with it?" && say 1 &&
        hears "1/3 Applicant" "Capacity (1 Self"
}
# Ten cuts at random answers: each login goes on at the answer where the one before was cut.
ten_cuts() {
    seed=${SEED:-$(now_ms)} n=0
    note "seed $seed"
    cuts=" $(python3 -c 'import random, sys; random.seed(int(sys.argv[1])); print(*random.sample(range(2, 15), 10))' "$seed") "
    say mz1 || return 1
    while IFS='|' read -r label answer; do
        n=$((n + 1))
        hears "$label" || return 1
        case $cuts in *" $n "*)
            cut_line || return 1
            over_ssh "ten$n" clerk && hears "A request was not finished: MZ-01" "Go on with it?" && say 1 && hears "$label" || return 1
            ;;
        esac
        say "$answer"
    done <<'EOF'
Applicant civil number:|99012377
Applicant name:|سالم بن حمد بن علي العبري
Mobile number:|70123456
Capacity (1 Self|1
Wilayat of property (? lists)|Nizwa
Village or quarter:|فرق
Plot number:|123
Krooki number:|2017/44
Title deed|
Use of property|resid
Required load (kW):|12.5
Phase|single
Number of meters [1]:|
Electrician licence number:|ELC123
ID / resident card (+ it is here|+
EOF
    say .papers && hears "All is filled in" && say send && hears "Its number: DA01-003-" "Home. " &&
        request_kept "$(number_said)" 99012377 &&
        "$sanad" request show "$(number_said)" --json --state "$office" >"$work/ten" &&
        grep -Fq "سالم بن حمد بن علي العبري" "$work/ten" && grep -q ELC123 "$work/ten" &&
        [ "$("$sanad" request list --query 99012377 --state "$office" | wc -l)" = 1 ]
}

# A line that breaks at what was looked up, and the number that nobody has read yet: one word goes back
# there, on a new line as on the screens. The ledger is killed meanwhile.
looked_up() {
    over_ssh look clerk && hears "Home. " && say 99023456 && hears "History" "Home. " || return 1
    desk=$(newest desk)
    kill -9 "$talker"
    hang_up
    within "$PATIENCE" gone "$desk" && kill -9 "$(newest ledger)" && over_ssh back clerk &&
        hears "The line broke off here: Requests 99023456 › A request DA01-003-" "The word again" "Home. " && say again &&
        hears ": 99023456" "History" "Home. " && say leave && hang_up || return 1
    over_ssh left clerk && hears "Home. " && say again && hears "No line broke off before" "Home. " &&
        ! grep -q "broke off here" "$work/left"
}
unread_number() {
    say mz1 && hears "Applicant civil number:" && mz01_lines 99087654 >&9 && hears "All is filled in" || return 1
    desk=$(newest desk)
    say send
    within "$PATIENCE" submitted 99087654
    kill -9 "$talker"
    hang_up
    within "$PATIENCE" gone "$desk" && over_ssh number clerk && hears "The line broke off here: Number $number" "Home. " &&
        say again && hears "$number" "99087654" "Home. "
}
submitted() { number=$("$sanad" request list --query "$1" --state "$office" | cut -f1) && [ -n "$number" ]; }
# Begun here, finished on the screens; and the beginning of an answer that a file ends with is kept.
to_screens() {
    say 1 && hears "Wilayat of property" && hang_up || return 1
    printf '1\nNizwa\nFar' | sh -c "$(ssh_line clerk -T)" >"$work/file" 2>&1 || return 1
    grep -q "The draft is kept" "$work/file" && login screens clerk &&
        expect_said screens en "$RESUME" && keys screens 1 && expect_screen screens "Far" "$PATIENCE" en &&
        keys screens F9 && expect_said screens en "What would you like to do? Press its digit."
}
from_screens() {
    begin_request screens en MZ-01 && expect_screen screens "Applicant civil number" "$PATIENCE" en &&
        entering screens 99078901 && entering screens "ناصر" &&
        expect_caret screens "Mobile number" && term_close screens || return 1
    over_ssh finish clerk && hears "Go on with it?" && say 1 && hears "Mobile number:" &&
        mz01_lines | tail -n +3 >&9 && hears "All is filled in" && say send &&
        hears "Its number: DA01-003-" "Home. " && request_kept "$(number_said)" 99078901
}

# Whose number it is stands in the next prompt.
known() {
    say mz1 && hears "Applicant civil number:" && say 99012345 && hears "This customer is known" \
        "Applicant name [سالم بن حمد بن علي العبري]:" && say .later && hears "The draft is kept." "Home. "
}

# A file that was sent is attached by the number that ? gives it.
attached() {
    printf '%%PDF-1.4\n1 0 obj\n<< /Type /Page >>\nendobj\ntrailer\n%%%%EOF\n' >"$work/id.pdf"
    printf 'put %s /inbox/id.pdf\n' "$work/id.pdf" >"$work/batch"
    sftp -q -F none -P "$port" -i "$work/keys/clerk" -o IdentitiesOnly=yes -o UserKnownHostsFile="$work/known_hosts" \
        -b "$work/batch" clerk@127.0.0.1 >"$work/sftp" 2>&1 || return 1
    say mz1 && hears "Applicant civil number:" && mz01_lines 99098765 | head -n 14 >&9 &&
        hears "Copy of ID / resident card (+ it is here" && say "?" && hears "5 id.pdf, PDF" && say 5 &&
        hears "Copy of ID / resident card: attached" && say .papers && hears "All is filled in" && say .send &&
        hears "Its number: DA01-003-" "Home. " &&
        "$sanad" request show "$(number_said)" --json --state "$office" | grep -q '"doc_id": *"att:'
}
way_out() {
    number=$(number_said) && say "$number" && hears "ID / resident card: id.pdf, PDF" "take them out with sftp: outbox/documents/$number" \
        "doc_id.pdf" "History" "Home. "
}

# ---- hostile lines

hostile() {
    say mz1 && hears "Applicant civil number:" &&
        printf '\033]0;x\007\n\342\200\256evil\n\377\376\n' >&9 && hears "signs that may not be stored" &&
        head -c 20000 /dev/zero | tr '\0' a >&9 && say "" && hears "too long and was not taken" &&
        printf '99089012\r\n' >&9 && hears "Applicant name:" && say .nonsense && hears "There is no such word" &&
        say "?" && hears "Applicant name: " ".help" && say "<" && hears "[99089012]:" && say .later &&
        hears "The draft is kept." "Home. "
}

# A question has an answer, also one about letters that nothing begins with.
questions() {
    say mz1 && hears "Applicant civil number:" && say 99089013 && hears "Applicant name:" && say ".go 4" &&
        hears "Capacity (1 Self" && say "? ag" && hears "2 Agent" && say "? zzz" &&
        hears "Capacity: Choose one of the list: ? shows it." && say ".go 3" && hears "Mobile number" && say "? 9" &&
        hears "Mobile number: Used to tell" && say .later && hears "The draft is kept." "Home. "
}

# ---- what must be done and read first

fresh() {
    "$sanad" user add fresh --state "$office" --role clerk --name "زينب" >"$work/fresh" &&
        word=$(sed 's/.* //' "$work/fresh") || return 1
    printf '%s\n' "$word" "$word" short short a-good-word-of-mine a-good-word-of-mine خروج |
        "$sanad" desk --line --state "$office" --user fresh >"$work/desk" 2>&1 &&
        tail -n 1 "$work/desk" | grep -q "$(said ar 'You have left Sanad. Good-bye.')" &&
        printf '%s\n' a-good-word-of-mine leave | "$sanad" desk --line --state "$office" --user fresh >"$work/desk2" 2>&1 &&
        [ "$(wc -l <"$work/desk2")" -lt 6 ]
}
# A service whose notice was not read is begun when the person says that it was.
notice() {
    "$sanad" service open MZ-02 --notice "اقرأ هذا أولا" --notice-en "Read this first" --state "$office" >"$work/opened" 2>&1 ||
        return 1
    over_ssh news clerk && hears "the word news" && say 2 "new MZ-02" && hears "Read this first" "Have you read it?" && say 2 &&
        hears "It stays among" "Home. " && say MZ-02 && hears "Have you read it?" && say 1 &&
        hears "the service is open to you" "MZ-02" ":" && say .leave && hang_up
}

# Nothing but text and the end of lines.
plain() {
    for file in "$work"/en "$work"/paste "$work"/again "$work"/finish "$work"/file "$work"/desk "$work"/news; do
        [ -s "$file" ] && ! tr -d '\n' <"$file" | LC_ALL=C grep -q '[[:cntrl:]]' || {
            note "$file"
            return 1
        }
    done
}

office_make
office_start || exit 1
ok "MZ-01 from login to its number, line by line, in English" english
ok "and in Arabic, typed ahead" arabic
ok "a request by its number and by a civil number, with its history" by_number
ok "what a service needs" sheet
ok "leaving says so" left
ok "a whole form pasted at once: both faults are named, they alone are asked again" pasted
ok "a form typed ahead at its prompts: the wrong answer is asked for again" typed_ahead
ok "behind a wrong choice what was typed ahead waits" held
ok "the line is cut ten times in line mode: nothing sent is lost, the request is there once" ten_cuts
ok "a line that breaks at a look-up: one word goes back there" looked_up
ok "a number that the line broke before: one word says it" unread_number
ok "a line that breaks in mid-form: offered again at the same field" line_breaks
ok "what was begun here goes on on the screens, to the letter" to_screens
ok "what was begun on the screens is finished here" from_screens
ok "a customer of before is known at the next prompt" known
ok "a document that was sent is attached by its number" attached
ok "a request says how its documents are taken out, and what they are called there" way_out
ok "hostile lines are refused with a sentence, and nothing of them comes back" hostile
ok "each question is answered, also when nothing begins like that" questions
hang_up
ok "a first password is chosen before anything else" fresh
ok "a notice is read before its service is begun" notice
ok "nothing but text and line ends goes out" plain
ok "the book is clean" fsck_clean
done_testing
