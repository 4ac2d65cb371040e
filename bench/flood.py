#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A SYN flood of distinct tuples through a flow table that is too small for it, with connections that live through it.

Makes the capture (bench/tools/make_flood.cpp), reads it with `pktana read`, and judges: the ledger balances, every
connection is one whole record that says closed, every packet is in a record. Prints time and peak memory; exit 1 when
something is wrong.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", default=os.path.join(HERE, "..", "build"), help="build directory (default: build)")
    parser.add_argument("--syns", type=int, default=10_000_000)
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--max-flows", type=int, default=1_000_000)
    parser.add_argument("--threads", default="1")
    parser.add_argument("--directory", help="where the capture and the records go (default: a temporary one)")
    return parser.parse_args()


def run(command):
    """(user s, system s, wall s, peak RSS in MiB) of a command that must succeed."""
    before = os.times()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    wall = os.times().elapsed - before.elapsed
    if status != 0:
        sys.exit(f"FAIL {' '.join(map(str, command))}: status {status}")
    return usage.ru_utime, usage.ru_stime, wall, usage.ru_maxrss / 1024


def judge(path, options):
    """What is wrong with the records, as sentences; and the final ledger."""
    wrong, whole, packets, ends = [], 0, 0, {}
    ledger = None
    expected = 3 + 2 * options.rounds + 3
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if event["event_type"] == "stats":
                ledger = event["pktana"]["ledger"]
            if event["event_type"] != "flow":
                continue
            seen = event["flow"]["pkts_toserver"] + event["flow"]["pkts_toclient"]
            packets += seen
            reason = event["pktana"]["end_reason"]
            ends[reason] = ends.get(reason, 0) + 1
            whole += seen == expected and reason == "closed" and event["flow"]["state"] == "closed"
    if whole != options.connections:
        wrong.append(f"{whole} of {options.connections} connections are whole")
    total = options.syns + options.connections * expected
    if packets != total:
        wrong.append(f"{packets} packets in records, {total} in the capture")
    unbalanced = [name for name, line in (ledger or {"ledger": {"balanced": False}}).items() if line["balanced"] is False]
    if unbalanced:
        wrong.append(f"the ledger does not balance: {', '.join(unbalanced)}")
    return wrong, ends


def main():
    options = parse_arguments()
    with tempfile.TemporaryDirectory(dir=options.directory) as folder:
        capture, records = os.path.join(folder, "flood.pcap"), os.path.join(folder, "flows.json")
        run([os.path.join(options.build, "bench", "make_flood"), capture, "--syns", str(options.syns),
             "--connections", str(options.connections), "--rounds", str(options.rounds)])
        user, system, wall, peak = run(
            [os.path.join(options.build, "src", "cli", "pktana"), "read", capture, "--json", "-q", "-o", records,
             "--max-flows", str(options.max_flows), "--threads", options.threads])
        wrong, ends = judge(records, options)
    print(f"{options.syns} SYNs, {options.connections} connections, max_flows {options.max_flows}, "
          f"threads {options.threads}: {wall:.2f} s wall, {user:.2f} s user, {system:.2f} s system, "
          f"peak RSS {peak:.0f} MiB; records by end reason: {ends}")
    for sentence in wrong:
        print(f"FAIL {sentence}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
