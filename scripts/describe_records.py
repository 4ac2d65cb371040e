#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the tables of fields in docs/records.md from the schemas in docs/schema, the one place that defines fields.

Usage: describe_records.py [--check]     --check changes nothing and fails where the document is not up to date
A table stands between the lines `<!-- fields: FORMAT [BRANCH] -->` and `<!-- end -->`.
"""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "records.md"
BLOCK = re.compile(r"(<!-- fields: (\w+) ?(\w*) -->\n).*?(<!-- end -->)", re.DOTALL)


def type_of(field):
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if "enum" in field:
        return ", ".join(f"`{json.dumps(value)}`" for value in field["enum"])
    kind = field.get("type", "object")
    return " or ".join(kind) if isinstance(kind, list) else kind


def rows_of(field, schema, prefix=""):
    """A row per field, those of objects below them; an array of objects goes on with `[]`."""
    for name, value in field.get("properties", {}).items():
        target = {**resolve(value, schema), **{k: v for k, v in value.items() if k != "$ref"}}
        path = prefix + name
        yield path, type_of(target), target.get("description", ""), target.get("x-absent", "")
        if "const" in target:
            continue
        yield from rows_of(target, schema, path + ".")
        if "items" in target:
            yield from rows_of(resolve(target["items"], schema), schema, path + "[].")


def resolve(field, schema):
    while "$ref" in field:
        field = schema["$defs"][field["$ref"].rsplit("/", 1)[1]]
    return field


def table(record_format, branch):
    schema = json.loads((ROOT / "docs" / "schema" / f"{record_format}.schema.json").read_text(encoding="utf-8"))
    field = schema["$defs"][branch] if branch else schema
    lines = ["| field | type | meaning | absent |", "|---|---|---|---|"]
    for path, kind, meaning, absent in rows_of(field, schema):
        lines.append(f"| `{path}` | {kind} | {meaning} | {absent} |".replace("|  |", "| |"))
    return "\n".join(lines) + "\n"


def main():
    before = DOCUMENT.read_text(encoding="utf-8")
    after = BLOCK.sub(lambda m: m[1] + table(m[2], m[3]) + m[4], before)
    if "--check" in sys.argv[1:]:
        print("PASS docs/records.md" if before == after else "FAIL docs/records.md: run scripts/describe_records.py")
        sys.exit(before != after)
    DOCUMENT.write_text(after, encoding="utf-8")


main()
