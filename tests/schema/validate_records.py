#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Validates the records of one JSON format: those of every public capture and those that record_sample makes up.

Usage: validate_records.py FORMAT SCHEMA SHARED PKTANA RECORD_SAMPLE
Every line: JSON in UTF-8, at most 16 KiB, no key twice, the sequence without gaps. Of every shape that a record can
have (its keys and the words of its enumerations) some are held against our schema in docs/schema, which allows no
field that it does not name, and against what others published of the format (published.py).
Exit: 0 valid, 1 not, 77 skipped because ../shared or python3-jsonschema is missing (a failure where CI is set).
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import published

MAX_LINE_BYTES = 16 * 1024
OF_EACH_SHAPE = 3
CAPTURES = ("community-id", "dpi", "flows", "linktypes", "malformed", "pcap-format", "pcapng", "tunnels")
FILE_SUFFIXES = {".pcap", ".pcapng", ".cap", ".gz", ".zst", ".snoop"}
SEQUENCE = {"eve": ("pktana", "seq"), "ecs": ("event", "sequence"), "ocsf": ("metadata", "sequence")}
#: fields whose words make another shape
WORDS = {"event_type", "reason", "state", "proto", "end_reason", "conn_state", "initiator_basis", "activity_id", "type"}


def skip(reason):
    print(f"SKIP schema: {reason}")
    sys.exit(1 if os.environ.get("CI") else 77)


def reject_doubles(pairs):
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key comes twice")
    return made


def shape_of(value, name=""):
    if isinstance(value, dict):
        return tuple((key, shape_of(one, key)) for key, one in value.items())
    if isinstance(value, list):
        return tuple(sorted({shape_of(one) for one in value}, key=str))
    return value if name in WORDS else type(value).__name__


def lines_of(pktana, sample, record_format, shared):
    """Lines of all sources, each a list of its own: a sequence begins anew in each."""
    captures = sorted(
        str(path)
        for folder in CAPTURES
        for path in (shared / "captures" / folder).rglob("*")
        if path.suffix in FILE_SUFFIXES
    )
    for live in ("live", "files"):
        yield subprocess.run([sample, record_format, live], stdout=subprocess.PIPE, check=True).stdout
    with tempfile.NamedTemporaryFile() as output:
        command = [pktana, "read", "-q", "--format", record_format, "-o", output.name, *captures]
        if record_format != "zeek":
            command += ["--update-interval", "1s"]
        status = subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode
        if status not in (0, 1):  # 1: there are broken files among them
            raise SystemExit(f"FAIL: pktana ended with status {status}")
        yield pathlib.Path(output.name).read_bytes()


def is_file_header(record):
    """The first line of a log file, which is a format's own only in its name."""
    return "file_sequence" in record.get("pktana", {})


def sequence_fault(record, record_format, last):
    if record_format not in SEQUENCE or is_file_header(record):
        return None, last
    group, name = SEQUENCE[record_format]
    seq = record[group][name]
    return (None if seq == last + 1 else f"sequence {seq} follows {last}"), seq


def read_records(text, record_format):
    """The records of one source; faults that no schema can see."""
    lines = text.split(b"\n")
    faults = ["the last line has no end"] if lines.pop() != b"" else []
    records = []
    last = 0
    for line in lines:
        if len(line) >= MAX_LINE_BYTES:
            faults.append(f"{len(line)} bytes long: {line[:80]!r}")
        try:
            record = json.loads(line.decode("utf-8"), object_pairs_hook=reject_doubles)
        except ValueError as error:
            faults.append(f"{error}: {line[:80]!r}")
            continue
        fault, last = sequence_fault(record, record_format, last)
        faults += [fault] if fault else []
        records.append(record)
    return records, faults


def validators(record_format, schema_path, shared):
    try:
        import jsonschema
    except ImportError:
        skip("python3-jsonschema is not installed")
    if not (shared / "schemas").is_dir():
        skip(f"{shared}/schemas is not there")
    schema = json.loads(schema_path.read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    own = kind(schema)

    def own_faults(record):
        # The branch of this kind of event says more than "is not valid under any of the given schemas".
        return [f"ours: {best_path(e)}: {e.message[:300]}" for e in map(deepest, own.iter_errors(record))]

    def best_path(error):
        return "/".join(map(str, error.absolute_path))

    def deepest(error):
        while error.context:
            error = max(error.context, key=lambda one: len(one.absolute_path) * 2 - ("const" == one.validator))
        return error

    theirs = published.CHECKS[record_format](shared)
    return own_faults, lambda record: [] if is_file_header(record) else [f"published: {fault}" for fault in theirs.faults(record)]


def main():
    record_format, schema_path, shared = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    checks = validators(record_format, schema_path, shared)
    shapes = {}
    faults = []
    count = 0
    for text in lines_of(sys.argv[4], sys.argv[5], record_format, shared):
        records, found = read_records(text, record_format)
        faults += found
        count += len(records)
        for record in records:
            of_shape = shapes.setdefault(shape_of(record), [])
            if len(of_shape) < OF_EACH_SHAPE:
                of_shape.append(record)
    checked = [record for of_shape in shapes.values() for record in of_shape]
    for record in checked:
        for check in checks:
            faults += [f"{fault}\n    {json.dumps(record)[:600]}" for fault in check(record)]
    for fault in faults[:20]:
        print(fault)
    headers = sum(map(is_file_header, checked))
    if headers == 0:
        faults.append("no file header among the records")
    passed = not faults and count > 1000
    print(f"{'PASS' if passed else 'FAIL'} {record_format}: {count} records of {len(shapes)} shapes, "
          f"{len(checked)} validated, {len(faults)} faults")
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
