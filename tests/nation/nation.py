# SPDX-License-Identifier: Apache-2.0
"""A synthetic nation: people, and filled forms of the Mazoon services, the same for the same seed.

Nobody here is real: names are random combinations of common given and tribal names, civil numbers
are 99xxxxxx and mobiles 70xxxxxx, which are not assigned. validate() is the reference meaning of
the rules in services.json; the forms in screens/ are judged against it.
"""
import csv
import datetime
import json
import os
import random
import re

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = "sanad-1"
# Wilayats of Mazoon's first phase: Ad Dakhiliyah, the south of Al Batinah and Ash Sharqiyah.
MAZOON = (
    [f"DA{n:02d}" for n in range(1, 10)]
    + ["BS06"]
    + [f"BJ{n:02d}" for n in range(1, 7)]
    + [f"SS{n:02d}" for n in range(1, 8)]
    + [f"SJ{n:02d}" for n in range(1, 6)]
)
PATTERN = {
    "civil": r"^[1-9][0-9]{5,8}$",
    "mobile": r"^(7[0-26-9]|9[1-9])[0-9]{6}$|^90[1-9][0-9]{5}$",
    "elec_acc": r"^[0-9]{6,10}$",
    "meter": r"^[A-Z0-9]{5,14}$",
}
WORDS = (
    "تأخر إنجاز المعاملة بسبب نقص المستندات ويرجى استكمال الطلب حسب الإجراءات المتبعة "
    "في المركز وشكرا على حسن التعاون والاهتمام مع التقدير"
).split()


def seeded(*key):
    """A random source that depends on nothing but the seed and the key."""
    return random.Random(SEED + "|" + "|".join(map(str, key)))


def table(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


MALE = [row["name_ar"] for row in table("names-male.tsv")]
FEMALE = [row["name_ar"] for row in table("names-female.tsv")]
TRIBES = table("names-tribes.tsv")


def services():
    with open(os.path.join(HERE, "services.json"), encoding="utf-8") as file:
        return {service["code"]: service for service in json.load(file)}


def person(r):
    """A full name: given, father, grandfather, tribe."""
    female = r.random() < 0.42
    tribe = r.choice([row for row in TRIBES if not row["prefer_gov"]])
    given = r.choice(FEMALE if female else MALE)
    father, grandfather = r.choice(MALE), r.choice(MALE)
    between, family = ("بنت", tribe["tribe_f"]) if female else ("بن", tribe["tribe_m"])
    return f"{given} {between} {father} بن {grandfather} {family}"


def rules_of(field):
    """{"range": "1..60", "past": ""} of ["range:1..60", "past"]."""
    return dict((rule.split(":", 1) + [""])[:2] for rule in field.get("rules", []))


def bounds(text):
    low, high = text.split("..")
    return low, high


def shown(field, values):
    condition = field.get("show_if")
    if not condition:
        return True
    seen = values.get(condition["field"])
    return seen is not None and (seen in condition["values"]) == (condition["op"] == "in")


# ---- one value of each type: (random source, field, its rules, values so far, day) -> text


def any_choice(r, field, rules, values, day):
    options = [option["value"] for option in field["options"]]
    if "ne" in rules:
        options = [option for option in options if option != values.get(rules["ne"])]
    if field["key"] == "app_capacity":
        return r.choices(options, [85, 10, 5])[0]
    return r.choice(options)


def any_yesno(r, field, rules, values, day):
    return rules.get("must") or r.choice(["yes", "no"])


def any_civil(r, field, rules, values, day):
    while True:
        civil = f"99{r.randrange(10**6):06d}"
        if values.get(rules.get("ne")) != civil:
            return civil


def any_date(r, field, rules, values, day):
    if "past" in rules:
        days = -r.randrange(1, 1500)
    elif "future" in rules:
        days = r.randrange(1, 400)
    else:
        days = r.randrange(-200, 400)
    return (day + datetime.timedelta(days)).isoformat()


def any_decimal(r, field, rules, values, day):
    low, high = map(float, bounds(rules["range"])) if "range" in rules else (1.0, 50000.0)
    if "gt" in rules:
        low = float(values[rules["gt"]]) + 0.1
        high = low + 200
    value = f"{min(high, low + (high - low) * r.random() ** 4):.1f}"
    if "gt" in rules and float(value) <= float(values[rules["gt"]]):
        value = f"{float(values[rules['gt']]) + 1:.1f}"
    if "range" in rules:
        value = f"{min(max(float(value), low), high):.1f}"
    return value


def any_int(r, field, rules, values, day):
    low, high = map(int, bounds(rules["range"])) if "range" in rules else (1, 100)
    return str(low + int((high - low) * r.random() ** 3))


def any_words(r, field, rules, values, day):
    least, most = map(int, bounds(rules.get("len", "3..40")))
    text = ""
    while len(text) < least or (len(text) < most * 0.3 and r.random() < 0.8):
        text = (text + " " + r.choice(WORDS)).strip()
    return text[:most].strip()


def any_match(r, pattern):
    """A text that a simple pattern of services.json takes: classes, counts, optional groups."""
    parts = re.finditer(
        r"(\[[^\]]+\]|[^\[\]{}()?^$\\]|\\\.)(\{(\d+)(?:,(\d+))?\})?|\(([^)]*)\)\?",
        pattern.strip("^$"),
    )
    out = ""
    for part in parts:
        if part[5] is not None:
            continue
        least = int(part[3]) if part[3] else 1
        most = int(part[4]) if part[4] else least
        for _ in range(r.randint(least, min(most, least + 4))):
            out += of_class(r, part[1][1:-1]) if part[1].startswith("[") else part[1]
    return out


def of_class(r, letters):
    for short, full in (
        ("A-Z", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        ("a-z", "abcdefghijklmnopqrstuvwxyz"),
        ("0-9", "0123456789"),
    ):
        letters = letters.replace(short, full)
    return r.choice([letter for letter in letters if letter.isalnum()])


def any_text(r, field, rules, values, day):
    if "re" not in rules:
        return any_words(r, field, rules, values, day)
    while True:
        text = any_match(r, rules["re"])
        if re.match(rules["re"], text):
            return text


ANY = {
    "choice": any_choice,
    "yesno": any_yesno,
    "civil": any_civil,
    "date_g": any_date,
    "decimal": any_decimal,
    "int": any_int,
    "longtext": any_words,
    "text": any_text,
    "mobile": lambda r, *_: f"70{r.randrange(10**6):06d}",
    "elec_acc": lambda r, *_: f"{r.randrange(10**7, 10**8)}",
    "meter": lambda r, *_: f"M{r.randrange(10**8):08d}",
    "wilayat": lambda r, *_: r.choice(MAZOON),
    "doc": lambda r, *_: f"have:{r.randrange(1, 10**6)}",
    "name_ar": lambda r, *_: person(r),
}


def form(service, r, day):
    """Valid values of every shown field; an optional one is left out two times in five."""
    values = {}
    for field in service["fields"]:
        if not shown(field, values):
            continue
        if field["required"] == "no" and r.random() < 0.4:
            continue
        make = ANY[field["type"]]
        values[field["key"]] = make(r, field, rules_of(field), values, day)
    return values


# ---- the reference meaning of each rule: (value, argument, value of the field it names, day)

RULE = {
    "re": lambda x, a, other, day: re.match(a, x) is not None,
    "len": lambda x, a, other, day: int(bounds(a)[0]) <= len(x) <= int(bounds(a)[1]),
    "range": lambda x, a, other, day: float(bounds(a)[0]) <= float(x) <= float(bounds(a)[1]),
    "ne": lambda x, a, other, day: x != other,
    "gt": lambda x, a, other, day: other is None or float(x) > float(other),
    "must": lambda x, a, other, day: x == a,
    "past": lambda x, a, other, day: datetime.date.fromisoformat(x) <= day,
    "future": lambda x, a, other, day: datetime.date.fromisoformat(x) >= day,
}


def validate(service, values, day):
    """What is wrong with a record: a list of (field, rule)."""
    bad = []
    for field in service["fields"]:
        key = field["key"]
        if key not in values:
            if shown(field, values) and field["required"] != "no":
                bad.append((key, "required"))
            continue
        if not shown(field, values):
            bad.append((key, "hidden"))
            continue
        text = values[key]
        pattern = PATTERN.get(field["type"])
        if pattern and not re.match(pattern, text):
            bad.append((key, field["type"]))
        if "options" in field and text not in [o["value"] for o in field["options"]]:
            bad.append((key, "choice"))
        if field["max"] and field["type"] != "date_g" and len(text) > field["max"]:
            bad.append((key, "max"))
        for rule in field.get("rules", []):
            name, _, argument = rule.partition(":")
            if not RULE[name](text, argument, values.get(argument), day):
                bad.append((key, rule))
    return bad
