#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Validates EVE lines, with `pktana` taken out, against Suricata's published schema; checks `pktana.seq` too.

Usage: validate_eve.py SHARED [--at-least N] COMMAND...     lines are what COMMAND writes to standard output
Exit: 0 valid, 1 not, 77 skipped because ../shared or python3-jsonschema is missing (a failure where CI is set).
"""

import json
import os
import pathlib
import subprocess
import sys

MAX_LINE_BYTES = 16 * 1024
REQUIRED_OWN = {"schema", "seq"}


def skip(reason):
    print(f"SKIP eve schema: {reason}")
    sys.exit(1 if os.environ.get("CI") else 77)


def load_validator(shared):
    try:
        import jsonschema
    except ImportError:
        skip("python3-jsonschema is not installed")
    path = pathlib.Path(shared) / "schemas" / "suricata-eve.schema.json"
    if not path.exists():
        skip(f"{path} is not there")
    schema = json.loads(path.read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def reject_doubles(pairs):
    keys = [key for key, _ in pairs]
    doubles = {key for key in keys if keys.count(key) > 1}
    if doubles:
        raise ValueError(f"keys that come twice: {sorted(doubles)}")
    return dict(pairs)


def faults_of(line, validator, last_seq):
    """Faults of one line, and its seq."""
    if len(line) + 1 > MAX_LINE_BYTES:
        return [f"{len(line)} bytes long"], last_seq
    try:
        event = json.loads(line.decode("utf-8"), object_pairs_hook=reject_doubles)
    except ValueError as error:
        return [f"not JSON: {error}"], last_seq
    own = event.pop("pktana", {})
    faults = [f"{'/'.join(map(str, e.path))}: {e.message}" for e in validator.iter_errors(event)]
    if not REQUIRED_OWN <= own.keys():
        faults.append(f"pktana lacks {sorted(REQUIRED_OWN - own.keys())}")
    seq = own.get("seq", 0)
    if seq not in (last_seq + 1, 1):
        faults.append(f"seq {seq} follows {last_seq}")
    return faults, seq


def main():
    shared, words = sys.argv[1], sys.argv[2:]
    at_least = 1
    if words[0] == "--at-least":
        at_least, words = int(words[1]), words[2:]
    validator = load_validator(shared)
    run = subprocess.run(words, stdout=subprocess.PIPE, check=False)
    lines = run.stdout.split(b"\n")
    bad = int(run.returncode != 0) + int(lines.pop() != b"")
    seq = 0
    for number, line in enumerate(lines, 1):
        faults, seq = faults_of(line, validator, seq)
        bad += bool(faults)
        for fault in faults:
            print(f"line {number}: {fault}")
    passed = bad == 0 and len(lines) >= at_least
    print(f"{'PASS' if passed else 'FAIL'} eve schema: {len(lines)} lines, {bad} faulty, exit status {run.returncode}")
    sys.exit(0 if passed else 1)


main()
