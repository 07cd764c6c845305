#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The past of a synthetic nation, for `sanad import nation`:

    history.py OUT                          small: days of a wilayat counted in one row
    history.py OUT --full FROM TO           every request of these days is a row

Sums are those of figures.json exactly: each level is shared out by largest remainder. The same
seed gives the same bytes. Nobody here is real.
"""
import csv
import datetime
import glob
import json
import os
import re
import sys

from nation import MAZOON, person, seeded

HERE = os.path.dirname(os.path.abspath(__file__))
SCREENS = os.path.join(HERE, "..", "..", "screens")
COLUMNS = (
    "req date time band centre clerk service agency state gender fee_gov fee_centre count".split()
)
STATES = (["closed", "delivered", "approved", "rejected", "need_docs", "cancelled"],
          [78, 9, 4, 4, 2, 3])
DAY = datetime.timedelta(1)


def share(total, weights):
    """Whole numbers in proportion to the weights whose sum is exactly the total."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(x) for x in exact]
    rest = sorted(range(len(exact)), key=lambda i: (parts[i] - exact[i], i))
    for i in rest[: total - sum(parts)]:
        parts[i] += 1
    return parts


def days_of(first, last):
    day = datetime.date.fromisoformat(first)
    while day <= datetime.date.fromisoformat(last):
        yield day
        day += DAY


def register():
    with open(os.path.join(SCREENS, "register.tsv"), encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def services():
    """(code, agency) of every form."""
    found = []
    for path in sorted(glob.glob(os.path.join(SCREENS, "*.form"))):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        code = re.search(r"^(?:form|code) *=? *([A-Z]{2}-[0-9]{2})", text, re.M)
        agency = re.search(r"^agency *=? *([A-Z0-9]+)", text, re.M)
        if code and agency:
            found.append((code[1], agency[1]))
    return found


FIGURES = json.load(open(os.path.join(HERE, "figures.json"), encoding="utf-8"))
REGISTER = register()
HOLIDAYS = {row["code"] for row in REGISTER if row["kind"] == "holiday"}
WILAYATS = [row["code"] for row in REGISTER if row["kind"] == "wilayat"]


def weekend(day):
    return day.weekday() in (4, 5) or day.isoformat() in HOLIDAYS


def weight(day):
    usual = [1.08, 1.04, 1.02, 0.98, 0.28, 0.62, 1.12][day.weekday()]
    if day.isoformat() in HOLIDAYS:
        usual = min(usual, 0.22)
    return usual * seeded("day", day).uniform(0.93, 1.07)


def totals(periods):
    """How many requests each day has."""
    made = {}
    for first, last, total in periods:
        days = list(days_of(first, last))
        made.update(zip(days, share(total, [weight(day) for day in days])))
    return made


def centres():
    """Every centre: at least one in a wilayat, all open by April 2016."""
    r = seeded("centres")
    inside = [w for w in WILAYATS if w.startswith("DA")]
    outside = [w for w in WILAYATS if not w.startswith("DA")]
    made = []
    for wilayats, total in (
        (inside, FIGURES["dakhiliyah_centres"]),
        (outside, FIGURES["centres"] - FIGURES["dakhiliyah_centres"]),
    ):
        more = share(total - len(wilayats), [r.uniform(1, 9) for _ in wilayats])
        for wilayat, n in zip(wilayats, more):
            for i in range(n + 1):
                opened = datetime.date(2006, 6, 1) + DAY * r.randrange(2700 if i == 0 else 3600)
                made.append(
                    dict(
                        code=f"{wilayat}-{i + 1:03d}",
                        name_ar=f"مركز {'الأفق' if i % 2 else 'الواحة'} {i + 1}",
                        wilayat=wilayat,
                        opened=opened.isoformat(),
                        link=r.choice(["fibre", "4g", "dsl", "vsat"]),
                        name_en=f"{'Al Ufuq' if i % 2 else 'Al Waha'} Centre {i + 1}",
                        owner=person(seeded("owner", wilayat, i)),
                        licence=f"{wilayat}/{i + 1}",
                        licence_to=(datetime.date(2019, 1, 1) + DAY * (len(made) % 700)).isoformat(),
                        size=r.lognormvariate(0, 0.6),
                    )
                )
    return made


def clerks(all_centres):
    """Staff with the headcounts of the figures; the first of a centre comes when it opens."""
    r = seeded("clerks")
    inside = [c for c in all_centres if c["code"].startswith("DA")]
    outside = [c for c in all_centres if not c["code"].startswith("DA")]
    made, later = [], []
    staff = FIGURES["staff"]
    for group, total in (
        (inside, FIGURES["dakhiliyah_staff"]),
        (outside, staff[-1][1] - FIGURES["dakhiliyah_staff"]),
    ):
        more = share(total - len(group), [max(0.2, c["size"]) for c in group])
        for centre, n in zip(group, more):
            for i in range(n + 1):
                clerk = dict(
                    code=f"{centre['code']}.{i + 1:02d}",
                    centre=centre["code"],
                    name_ar=person(r),
                    gender=r.choice("mf"),
                    hired=centre["opened"],
                )
                made.append(clerk)
                if i > 0:
                    later.append(clerk)
    r.shuffle(later)
    first, had = datetime.date(2016, 4, 20), len(made) - len(later)
    for last, count in staff:
        last = datetime.date.fromisoformat(last)
        for clerk in later[: count - had]:
            clerk["hired"] = (first + DAY * r.randrange((last - first).days + 1)).isoformat()
        del later[: count - had]
        first, had = last + DAY, count
    return made


def row(day, band, centre, service, agency, r, count=1):
    minute = {"morning": (480, 870), "evening": (960, 1260), "weekend": (540, 1260)}[band]
    at = r.randrange(*minute)
    return dict(
        date=day.isoformat(),
        time=f"{at // 60:02d}:{at % 60:02d}",
        band=band,
        centre=centre,
        clerk=f"{centre}.01",
        service=service,
        agency=agency,
        state=r.choices(*STATES)[0],
        gender=r.choice("mf"),
        fee_gov="0.000",
        fee_centre="2.000",
        count=count,
    )


def counted(made, day, total, places, weights):
    """A day's total, one row for each place that has any."""
    r = seeded("counted", day)
    for place, n in zip(places, share(total, weights)):
        if n > 0:
            band = "weekend" if weekend(day) else "morning"
            made.append(row(day, band, place, *r.choice(SERVICES), r, n))


def mazoon(all_centres):
    """The electricity company's first five months: rows, not counts."""
    r = seeded("mazoon")
    said = FIGURES["mazoon"]
    by = said["by_service"]
    places = [c["code"] for c in all_centres if c["wilayat"] in MAZOON]
    days = list(days_of(said["from"], said["to"]))
    codes = [code for code, n in by.items() for _ in range(n)]
    r.shuffle(codes)
    made = []
    for day, n in zip(days, share(len(codes), [weight(day) for day in days])):
        band = "weekend" if weekend(day) else "morning"
        for place in sorted(r.choices(places, k=n)):
            made.append(row(day, band, place, codes.pop(), "MZEC", r))
    mornings = [one for one in made if one["band"] == "morning"]
    r.shuffle(mornings)
    for one in mornings[: said["evening_or_weekend"] - (len(made) - len(mornings))]:
        one.update(band="evening", time="17:30")
    return made


def small(all_centres):
    made = []
    first = {}
    for centre in all_centres:
        first.setdefault(centre["wilayat"], centre["code"])
    places = list(first.values())
    weights = [seeded("place", place).uniform(1, 9) for place in places]
    for day, total in totals(FIGURES["periods"]).items():
        counted(made, day, total, places, weights)
    made += mazoon(all_centres)
    inside = [c for c in all_centres if c["code"].startswith("DA")]
    year = [["2024-01-01", "2024-12-31", FIGURES["dakhiliyah_2024"]]]
    for day, total in totals(year).items():
        counted(made, day, total, [c["code"] for c in inside], [c["size"] for c in inside])
    return made


def full(all_centres, first, last):
    """Every request of these days, a day at a time."""
    for day, total in totals(FIGURES["periods"]).items():
        if not first <= day.isoformat() <= last:
            continue
        r = seeded("full", day)
        there = [c for c in all_centres if c["opened"] <= day.isoformat()]
        for centre, n in zip(there, share(total, [c["size"] for c in there])):
            for _ in range(n):
                band = "weekend"
                if not weekend(day):
                    band = "evening" if r.random() < 0.3 else "morning"
                yield row(day, band, centre["code"], *r.choice(SERVICES), r)


def write(path, columns, rows):
    with open(path, "w", encoding="utf-8") as file:
        file.write("\t".join(columns) + "\n")
        for one in rows:
            file.write("\t".join(str(one.get(column, "")) for column in columns) + "\n")


SERVICES = services()


def main():
    out = sys.argv[1]
    os.makedirs(out, exist_ok=True)
    all_centres = centres()
    write(f"{out}/centres.tsv", "code name_ar name_en wilayat opened link owner licence licence_to".split(), all_centres)
    write(f"{out}/clerks.tsv", "code centre name_ar gender hired".split(), clerks(all_centres))
    rows = full(all_centres, *sys.argv[3:5]) if len(sys.argv) > 3 else small(all_centres)
    write(f"{out}/requests.tsv", COLUMNS, rows)


if __name__ == "__main__":
    main()
