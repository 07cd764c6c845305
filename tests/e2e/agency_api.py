#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges an OpenAPI document by the schema of OpenAPI 3.1 itself (tests/golden/openapi-3.1.json).

usage: agency_api.py SCHEMA < document        (one sentence for each fault; status 1 when there is any)
"""
import json
import sys

import jsonschema


def refs(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    for item in value if isinstance(value, list) else []:
        yield from refs(item)


def leads(document, ref):
    for step in ref.removeprefix("#/").split("/"):
        if step not in document:
            return False
        document = document[step]
    return ref.startswith("#/")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        judge = jsonschema.Draft202012Validator(json.load(file))
    document = json.load(sys.stdin)
    faults = [f"{list(error.path)}: {error.message[:200]}" for error in judge.iter_errors(document)]
    faults += [f"{ref} leads nowhere" for ref in refs(document) if not leads(document, ref)]
    for name, schema in document["components"]["schemas"].items():
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            faults.append(f"{name}: {error.message[:200]}")
    print("\n".join(faults))
    sys.exit(bool(faults))


main()
