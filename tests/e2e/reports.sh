#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A synthetic nation's history in a book: the published figures on the supervisor's screen and in a
# file, which are the same; an import that is killed and begun again; what a spreadsheet would run.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
command -v python3 >/dev/null || skip_all "python3 is missing"
nation=$work/nation

# told ARGUMENTS...: the report as CSV, in $work/csv.
told() { "$sanad" report --state "$office" --csv "$work/csv" "$@"; }
# cell KIND CODE COLUMN: of the CSV; the total's code is empty.
cell() {
    python3 - "$work/csv" "$@" <<'EOF'
import csv, sys
path, kind, code, column = sys.argv[1:]
for row in csv.DictReader(open(path, encoding="utf-8-sig")):
    if row["by"] == kind and row["code"] == code:
        print(row[column])
EOF
}
is() { [ "$1" = "$2" ] || { note "[$1], not [$2]"; return 1; }; }
# sums TOTAL CHANGE ARGUMENTS...
sums() {
    total=$1 change=$2
    shift 2
    told --by nation "$@" && is "$(cell total '' requests)" "$total" &&
        is "$(cell total '' change_percent)" "$change"
}
dakhiliyah_file() {
    told --by governorate --from 2024-01-01 --to 2024-12-31 --where governorate=DA &&
        is "$(cell governorate DA requests)" 74658 && is "$(cell governorate DA centres)" 74 &&
        is "$(cell governorate DA staff)" 183 &&
        told --by wilayat --from 2024-01-01 --to 2024-12-31 --where governorate=DA &&
        is "$(grep -c '^wilayat,' "$work/csv")" 9
}
mazoon_file() {
    told --by service --from 2017-11-01 --to 2018-03-31 --where agency=MZEC --top 2 &&
        is "$(cell total '' requests)" 10800 && is "$(cell service MZ-01 requests)" 7000 &&
        is "$(cell service MZ-02 requests)" 1961 && is "$(cell service others requests)" 1839 &&
        is "$(cell total '' evening_or_weekend_percent)" 40.5
}

# The same on the screen.
period() { keys sup F6 && expect_said sup ar "Period:" && typing sup "$1" && keys sup Enter; }
# Numbers stand on the screen as they are written.
total() {
    for number; do
        within "$PATIENCE" shows sup "$number" || { note "no $number:"; capture sup | sed 's/^/# |/'; return 1; }
    done
}
to_reports() {
    login sup supervisor && at_home sup ar && keys sup 3 && expect_screen sup "14/01/2018"
}
years_screen() {
    period "1/1/2016 28/11/2016" && total 3,793,132 +5% && total 3,612,507 &&
        expect_said sup ar "One day more: 29 February." && keys sup F5 &&
        total 3,386,725 +12% && keys sup F5 F5 && period 2015 && total 4,005,000 +7%
}
dakhiliyah_screen() {
    period 2024 && total 74,658 && keys sup Enter && expect_said sup ar "wilayat" &&
        total 74,658 "74 $(visual "$(said ar Centres:)")" "9 $(visual "$(said ar Wilayats:)")" 183
}
mazoon_screen() {
    keys sup F8 && period "1/11/2017 31/3/2018" && total 10,800 40.5% && keys sup F4 &&
        expect_said sup ar "By what are the requests to be counted?" && typing sup service &&
        keys sup Enter && total 7,000 && keys sup 2 && total 1,839 1,961
}
# Every number of the file stands on the screen.
agree() {
    told --by governorate --from 2016-01-01 --to 2016-11-28 --compare year && keys sup F8 &&
        period "1/1/2016 28/11/2016" && total 3,793,132 && capture sup >"$work/screen" &&
        python3 - "$work/csv" "$work/screen" <<'EOF'
import csv, sys
screen = open(sys.argv[2], encoding="utf-8").read().split()
rows = [row for row in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig")) if row["by"] != "total"]
missing = [row for row in rows for key in ("requests", "before") if f"{int(row[key]):,}" not in screen]
percent = [row for row in rows if ("" if row["change_percent"][0] in "-0" else "+") + row["change_percent"] + "%" not in screen]
sys.exit(len(rows) != 11 or bool(missing) or bool(percent))
EOF
}
# From the nation to one request.
drill() {
    keys sup F8 && period 15/12/2017 && expect_screen sup "15/12/2017" &&
        keys sup Enter && expect_said sup ar "wilayat" && keys sup Enter &&
        expect_said sup ar "centre" && keys sup Enter && expect_said sup ar "clerk" &&
        expect_said sup ar "Owner:" && expect_said sup ar "Licence:" &&
        keys sup Enter && expect_said sup ar "The arrows choose, Enter opens a request of this book." &&
        total "-20171215-0001" && keys sup F3 F3 F3 F3 &&
        expect_said sup ar "the whole country"
}
# Cut off at the requests of one clerk: one key is there again, and out of it the way one came.
drill_again() {
    keys sup F8 && period 15/12/2017 && expect_screen sup "15/12/2017" && keys sup Enter &&
        expect_said sup ar "wilayat" && keys sup F5 Enter && expect_said sup ar "centre" && keys sup Enter &&
        expect_said sup ar "Owner:" && keys sup Enter && total "-20171215-0001" && capture sup | grep -o '[^ ]*-20171215-0001' >"$work/drilled" &&
        desk=$(newest desk) && kill -9 "$(pgrep -f "^ssh .*UserKnownHostsFile=$work/known_hosts .*supervisor@127")" &&
        within "$PATIENCE" gone "$desk" && term_close sup && login sup supervisor && expect_said sup ar "Enter goes on." &&
        keys sup 9 && total "$(cat "$work/drilled")" && keys sup F3 && expect_said sup ar "Owner:" &&
        expect_screen sup "15/12/2017" && keys sup F3 && expect_said sup ar "centre" && keys sup F3 &&
        expect_said sup ar "wilayat" && keys sup F3 && expect_said sup ar "the whole country" && expect_screen sup "15/12/2017"
}
formulas() {
    printf 'kind\tcode\tar\nagency\t=1+1\t=HYPERLINK("x")\nagency\t@x\t+1\n' >"$work/bad.tsv" &&
        "$sanad" import register "$work/bad.tsv" --state "$office" >/dev/null &&
        printf 'date\tcentre\ttime\tband\tservice\tagency\tstate\n%s\n' \
            "2013-01-01	DA01-001	09:00	morning	XX-01	=1+1	closed" >"$nation/requests.tsv" &&
        "$sanad" import nation "$nation" --state "$office" >/dev/null &&
        told --by agency --from 2013-01-01 --to 2013-01-01 && grep -Fq "\"'=1+1\",\"'=HYPERLINK" "$work/csv"
}

# Killed while it imports, and begun again: each request once.
killed_import() {
    "$sanad" import nation "$nation" --state "$office" >"$work/killed" 2>&1 &
    importer=$!
    within 60 begun && kill -9 $importer
    wait $importer 2>/dev/null
    "$sanad" import nation "$nation" --state "$office" >"$work/again" &&
        grep -Eq '^[0-9]+ requests were imported, [1-9][0-9]* were there already' "$work/again" &&
        is "$(awk '/requests were imported/ { print $1 + $5 }' "$work/again")" 12002581
}
begun() { [ "$("$sanad" report --state "$office" --by nation --from 2014-01-01 --to 2014-12-31 | awk '/total/ { print $2 }')" != 0 ]; }
nothing_twice() {
    "$sanad" import nation "$nation" --state "$office" | grep -q '^0 requests were imported, 12002581 were there'
}

SANAD_TODAY=2018-01-14
python3 "$SND_SRCDIR/tests/nation/history.py" "$nation" && office_make && office_start || exit 1
ok "an import that is killed and begun again has each request once" killed_import
ok "an import twice changes nothing" nothing_twice
ok "file: 3 793 132 from January to 28 November 2016, +5 %" \
    sums 3793132 5 --from 2016-01-01 --to 2016-11-28 --compare year
ok "file: +12 % on 2014" sums 3793132 12 --from 2016-01-01 --to 2016-11-28 --compare 2
ok "file: 2015 on 2014, +7 %" sums 4005000 7 --from 2015-01-01 --to 2015-12-31 --compare year
ok "file: Ad Dakhiliyah, 74 658 in 74 centres of 9 wilayats, 183 staff" dakhiliyah_file
ok "file: Mazoon, 10 800 = 7 000 + 1 961 + 1 839, 40.5 %" mazoon_file
ok "the reports open with the business day" to_reports
ok "screen: 3 793 132, +5 %, +12 %, +7 % and the leap day" years_screen
ok "screen: Ad Dakhiliyah, 74 658 in 74 centres, 183 staff" dakhiliyah_screen
ok "screen: Mazoon, 10 800 = 7 000 + 1 961 + 1 839, 40.5 %" mazoon_screen
ok "screen and file agree in every number" agree
ok "from the nation to one request, and back" drill
ok "a session that was cut in the reports comes back to the drill, and goes back out of it" drill_again
ok "no cell of a file is a formula" formulas
ok "the book with its history verifies" fsck_clean
done_testing
