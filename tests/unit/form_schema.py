#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges the filled forms of tests/golden/verdicts by the JSON Schemas that the program makes of the forms.

usage: form_schema.py SANAD SOURCES [EVERY]      (each EVERYth spoiled record; all by default)

A right record must pass. A spoiled one must be refused wherever its fault can be said in a schema: a value
that is missing, hidden, too long, of another shape or none of the list. Of broken constraints a schema
knows only some (not those about today or another field), so they are counted. Prints TAP.
"""
import json
import pathlib
import subprocess
import sys

import jsonschema

SAID = {"required", "hidden", "choice", "max", "kind"}


def shown(form):
    done = subprocess.run([sys.argv[1], "form", "schema", form], capture_output=True, check=True)
    return json.loads(done.stdout)


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def spoil(valid, line):
    values = dict(valid[line["of"]]["values"])
    for key, value in line.get("set", {}).items():
        values[key] = value
    return {key: value for key, value in values.items() if value != ""}


def looser(line):
    """The fields where the program may be content with what the reference refuses."""
    return set(line.get("looser", {}))


def must_fail(line, fields):
    """IBANs' check digits are the one thing of a kind that no schema can say."""
    return any(word in SAID and key not in looser(line) and fields[key]["x-kind"] != "iban"
               for key, found in line.get("faults", {}).items() for word in found)


def test_service(path, source, every):
    schema = shown(str(source / "screens" / (path.stem + ".form")))
    jsonschema.Draft202012Validator.check_schema(schema)
    judge = jsonschema.Draft202012Validator(schema["properties"]["values"])
    all_lines = lines(path)
    valid = [line for line in all_lines if "values" in line]
    wrong = [f"right record {n}: {next(judge.iter_errors(line['values'])).message[:200]}"
             for n, line in enumerate(valid) if not judge.is_valid(line["values"])]
    spoiled = [line for line in all_lines if "of" in line][::every]
    caught = missed = broken = 0
    for line in spoiled:
        values, faulty = spoil(valid, line), "faults" in line or "stricter" in line
        refused = not judge.is_valid(values)
        caught += refused and faulty
        broken += faulty
        if refused and not faulty and not line.get("looser"):
            wrong.append(f"still right, but refused: {next(judge.iter_errors(values)).message[:200]}")
        if must_fail(line, schema["properties"]["values"]["properties"]) and not refused:
            wrong.append(f"passed: {json.dumps(line, ensure_ascii=False)[:300]}")
    return wrong, broken, caught


def main():
    source, every = pathlib.Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1
    paths = sorted((source / "tests/golden/verdicts").glob("*.jsonl"))
    bad = broken = caught = 0
    for path in paths:
        wrong, more, some = test_service(path, source, every)
        broken, caught, bad = broken + more, caught + some, bad + bool(wrong)
        for line in wrong[:5]:
            print("#", path.stem, line)
    print(("not " if bad or len(paths) != 93 else "") + f"ok 1 - {len(paths)} services: what is right passes its schema, "
          "what is missing, hidden, too long, misshapen or no choice is refused")
    enough = caught >= broken * 0.85
    print(("" if enough else "not ") + f"ok 2 - {caught} of {broken} spoiled records are refused by the schema alone")
    print("1..2")


main()
