#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What pktana finds in the shared captures beside what others found: names and fingerprints against
the oracle files, app_proto against Suricata's and nDPI's, events field by field against
eve-reference.

    app_compare.py PKTANA [--only PATH_PART] [--show TOPIC] [--check DIFFERENCES.tsv] [--fields FILE.md]

--show prints each difference whose topic begins so: `names`, `app_proto`, `ndpi`, `tls`,
`tls.sni` ... --check fails when an agreement is below its target, or when a capture has more differences of
a topic than the list says; --write-list FILE makes the list anew, with the reasons kept. --fields fails when the
table between the fences of a document is not what is found, and --write-fields puts it there.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

from app_compare_events import EventTable
from app_compare_names import NameTables

SHARED = pathlib.Path(os.environ.get("PKTANA_SHARED", pathlib.Path(__file__).parents[3] / "shared"))
DOCUMENTED = ("dns", "tls", "http", "quic", "ssh", "dhcp")
# Faults are wanted there, so what engines make of them differs.
LEFT_OUT = {"malformed", "pcap-format", "pcapng", "linktypes"}


def captures(only):
    root = SHARED / "captures"
    for oracle in sorted(root.rglob("*.oracle.json")):
        path = oracle.with_suffix("").with_suffix("")
        name = str(path.relative_to(root))
        if name.split("/")[0] not in LEFT_OUT and (only is None or only in name):
            yield name, path


def read_lines(text):
    return [json.loads(line) for line in text.splitlines() if line]


def run(pktana, path):
    done = subprocess.run([pktana, "read", str(path), "--format", "eve", "-q"],
                          capture_output=True, check=False)
    if done.returncode not in (0, 1):  # 1: the capture was cut short
        sys.exit(f"FAIL {path}: status {done.returncode}\n{done.stderr.decode()[-2000:]}")
    return read_lines(done.stdout.decode())


def reference_of(name):
    path = SHARED / "captures" / "eve-reference" / (name + ".jsonl")
    return read_lines(path.read_text()) if path.exists() else []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pktana")
    parser.add_argument("--only")
    parser.add_argument("--show", action="append", default=[])
    parser.add_argument("--check")
    parser.add_argument("--write-list")
    parser.add_argument("--fields")
    parser.add_argument("--write-fields")
    options = parser.parse_args()
    if not (SHARED / "captures").is_dir():
        print(f"SKIP app-oracle: no captures in {SHARED}, see PKTANA_SHARED")
        sys.exit(1 if os.environ.get("CI") else 77)
    names, events = NameTables(), EventTable()
    all_captures = list(captures(options.only))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        runs = pool.map(lambda one: run(options.pktana, one[1]), all_captures)
        for (name, path), ours in zip(all_captures, runs):
            oracle = json.loads(path.with_name(path.name + ".oracle.json").read_text())
            reference = reference_of(name)
            names.add(name, ours, oracle, reference, path.read_bytes())
            events.add(name, ours, reference)
    differences = names.differences + events.compared()
    for topic, capture, text in differences:
        if any(topic.startswith(shown) for shown in options.show):
            print(f"{topic}\t{capture}\t{text}")
    failures = names.print_table()
    print("\n".join(events.table()))
    if options.write_fields:
        write_fields(options.write_fields, events)
    if options.fields and fields_in(options.fields)[1] != fields_text(events):
        failures.append(f"{options.fields} does not say what is found: app_compare.py PKTANA --write-fields {options.fields}")
    if options.write_list:
        write_list(options.write_list, differences)
    if options.check:
        failures += check_list(options.check, differences)
        for failure in failures:
            print("FAIL", failure)
        sys.exit(1 if failures else 0)


def fields_text(events):
    return "\n".join(events.table(DOCUMENTED)).strip("\n")


def fields_in(path):
    """What stands before the table, the table, and what stands behind it."""
    before, table, behind = pathlib.Path(path).read_text().split("\n```\n")
    return before, table, behind


def write_fields(path, events):
    before, _, behind = fields_in(path)
    pathlib.Path(path).write_text("\n```\n".join((before, fields_text(events), behind)))


def grouped(differences):
    """(topic, capture) -> how many."""
    return collections.Counter((topic, capture) for topic, capture, _ in differences)


def read_list(path):
    pinned = {}
    for line in pathlib.Path(path).read_text().splitlines():
        if line and not line.startswith("#"):
            topic, capture, count, reason = line.split("\t")
            pinned[topic, capture] = (int(count), reason)
    return pinned


def write_list(path, differences):
    before = read_list(path) if os.path.exists(path) else {}
    lines = ["# topic, capture, differences, reason"]
    for (topic, capture), count in sorted(grouped(differences).items()):
        reason = before.get((topic, capture), (0, "?"))[1]
        lines.append(f"{topic}\t{capture}\t{count}\t{reason}")
    pathlib.Path(path).write_text("\n".join(lines) + "\n")


def check_list(path, differences):
    pinned = {key: count for key, (count, _) in read_list(path).items()}
    found = grouped(differences)
    return [f"{topic} in {capture}: {found[topic, capture]} differences, "
            f"{pinned.get((topic, capture), 0)} in the list"
            for topic, capture in sorted(set(pinned) | set(found))
            if found[topic, capture] > pinned.get((topic, capture), 0)]


if __name__ == "__main__":
    main()
