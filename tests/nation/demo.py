#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the demonstration requests of the last days: demo.py >demo.jsonl

Each line is what `sanad request enter` reads. Days count back from the day they are entered, and
dates inside a form from the day of the request, so an office made today shows this week's work.
"""
import datetime
import json

import nation

DAYS = 9
WEIGHT = {"MZ-01": 56, "MZ-02": 16, "MZ-03": 10, "MZ-04": 6, "MZ-05": 6, "MZ-06": 6}
DAY = datetime.date(2018, 1, 14)
WILAYATS = ["DA01"] * 6 + ["DA02", "DA03", "DA04", "DA06"]
VILLAGES = ["فرق", "العقر", "سعال", "تنوف", "بركة الموز", "كرشا", "حي التراث", "سمد"]


def relative_dates(service, values):
    """Takes the dates out of the values; gives each as days from the day of the request."""
    dates = {}
    for field in service["fields"]:
        if field["type"] == "date_g" and field["key"] in values:
            date = datetime.date.fromisoformat(values.pop(field["key"]))
            dates[field["key"]] = (date - DAY).days
    return dates


def requests():
    catalogue = nation.services()
    for ago in range(DAYS, 0, -1):
        r = nation.seeded("demo", ago)
        minutes = sorted(r.randrange(8 * 60, 20 * 60) for _ in range(r.randrange(4, 10)))
        for minute in minutes:
            code = r.choices(list(WEIGHT), list(WEIGHT.values()))[0]
            values = nation.form(catalogue[code], r, DAY)
            for key, likely in (("prop_wilayat", WILAYATS), ("prop_village", VILLAGES)):
                if key in values:
                    values[key] = r.choice(likely)
            if "meters" in values:
                values["meters"] = str(r.randrange(1, 4))
            dates = relative_dates(catalogue[code], values)
            yield dict(service=code, account="clerk", ago=ago, minute=minute, dates=dates, values=values)


if __name__ == "__main__":
    for request in requests():
        print(json.dumps(request, ensure_ascii=False, separators=(",", ":")))
