#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One request of each of the services, filled and submitted through the screens of `sanad desk` on a
# business day: the services that centres everywhere or in Ad Dakhiliyah offer at DA01-003, those of
# Muscat at MA01-001; those that are not open that day are opened by decree. Then the book must have
# what was typed, value by value. Then all of them once more line by line, everything typed ahead.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
SANAD_TODAY=2018-07-02
SANAD_PASSWORD=$password
SND_SRCDIR=$SND_SRCDIR
export SANAD_PASSWORD SND_SRCDIR
done=$work/done
: >"$done"

# at_desk ACCOUNT WILAYAT
at_desk() {
    "$SND_BUILDDIR/tests/e2e/services" $SANAD_TODAY "$2" "$done" -- "$sanad" desk --state "$office" --user "$1" \
        >"$work/desk.out" 2>&1 && return 0
    cat "$work/desk.out"
    return 1
}
kept() {
    mkdir -p "$work/kept"
    while IFS='	' read -r code number _; do
        "$sanad" request show "$number" --json --state "$office" >"$work/kept/$code" || return 1
    done <"$done"
    python3 - "$done" "$work/kept" <<'EOF'
import json, os, sys
wrong = 0
for line in open(sys.argv[1], encoding="utf-8"):
    code, number, values = line.rstrip("\n").split("\t")
    typed, kept = json.loads(values), json.load(open(os.path.join(sys.argv[2], code), encoding="utf-8"))
    for key in sorted(set(typed) | set(kept["values"])):
        if typed.get(key) != kept["values"].get(key):
            print(f"# {code} {key}: typed {typed.get(key)!r}, kept {kept['values'].get(key)!r}")
            wrong += 1
    wrong += kept["service"] != code or kept["number"] != number or len(typed) < 4
sys.exit(wrong > 0)
EOF
}
# What the book charges for an advertisement: the agency's fee and the price of what was typed.
priced() {
    python3 - "$work/kept" <<'EOF'
import json, os, sys
from decimal import Decimal
fixed = {"OP-01": "5.000", "RY-01": "4.000", "OP-03": "60.000", "RY-02": "50.000"}
wrong = 0
for code in fixed:
    kept = json.load(open(os.path.join(sys.argv[1], code), encoding="utf-8"))
    number = {key: Decimal(kept["values"].get(key, 0)) for key in
              ("total", "word_price", "days", "page_price", "size", "week_price", "weeks")}
    words = sum(map(str.isalnum, kept["values"]["ad_body"].split()))
    price = number["word_price"] * words * number["days"] + number["week_price"] * number["weeks"]
    if number["size"]:
        price += number["page_price"] / number["size"]
    if abs(price - number["total"]) >= Decimal("0.001") or not price or \
            kept["fee_agency_baisa"] != (Decimal(fixed[code]) + number["total"]) * 1000:
        print(f"# {code}: worth {price}, total {number['total']}, fee {kept['fee_agency_baisa']}")
        wrong += 1
sys.exit(wrong > 0)
EOF
}
once_each() { [ "$(cut -f1 "$done" | sort -u | wc -l)" = 93 ] && [ "$(request_count)" = 93 ]; }

office_make && "$sanad" user add muscat --state "$office" --role clerk --name "ليلى بنت سعيد الريامية" --centre MA01-001 >"$work/muscat" &&
    echo "$password" | "$sanad" user passwd muscat --state "$office" --stdin || exit 1
office_start || exit 1
"$sanad" service list --state "$office" >"$work/list" || exit 1
# What centres of Muscat alone offer is closed here for its area, which no decree widens.
closed=$(awk -F'\t' '$3 != "open" && $3 != "area" { print $1 }' "$work/list")
open_all() {
    for code in $closed; do
        "$sanad" service open "$code" --no-notice --state "$office" || return 1
    done
}
ok "services that are not open on that day are opened" into "$work/opened" open_all
ok "90 services at a centre in Ad Dakhiliyah" at_desk clerk DA01
ok "the three of Muscat at a centre there" at_desk muscat MA01
ok "each of the 93 services is filled and submitted through the screens of the desk" once_each
ok "what the book has is what was typed" kept
ok "an advertisement is charged by its words and days, its share of the page, its weeks" priced

# in_lines ACCOUNT WILAYAT: into $lines, as the screens' program does it.
in_lines() {
    { printf '%s\norder 1\n' "$password" && "$SND_BUILDDIR/tests/e2e/lines" $SANAD_TODAY "$2" "$work/wanted"; } >"$work/typed" &&
        "$sanad" desk --line --state "$office" --user "$1" <"$work/typed" >"$work/lines.out" 2>&1 || return 1
    sed -n 's/^\([A-Z][A-Z]*-[0-9][0-9]*\) .*/\1/p; s/^.*ورقمه: \([A-Z0-9-]*\)$/\1/p' "$work/lines.out" |
        awk -F'\t' 'NR == FNR { values[$1] = $2; next } /^[A-Z]+-[0-9]+$/ { code = $1; next } { print code "\t" $1 "\t" values[code] }' \
            "$work/wanted" - >>"$lines"
    [ "$(cut -f1 "$work/wanted" | sort)" = "$(cut -f1 "$lines" | sort)" ] || {
        sed 's/^/# /' "$work/lines.out" | tail -n 60
        return 1
    }
}
lines=$work/lines
: >"$lines"
: >"$work/wanted"
twice_each() { [ "$(cut -f1 "$lines" | sort -u | wc -l)" = 93 ] && [ "$(request_count)" = 186 ]; }
ok "90 services line by line, each typed ahead" in_lines clerk DA01
ok "and the three of Muscat" in_lines muscat MA01
ok "each of the 93 services is filled and submitted in line mode" twice_each
done=$lines
ok "what the book has of them is what was typed line by line" kept
ok "the book is clean" fsck_clean
done_testing
