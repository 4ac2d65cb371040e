#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what the packet path costs against figures.json: instructions a packet and a flow, by folder of src/, and calls
of the allocator and of the kernel. Nothing is timed. A tenth more than the figure fails.

Usage: guard.py [--build build] [--renew] [--functions FOLDER]
  --build BUILD      where bench/guard/guard_pktana and bench/make_capture are; both are built with the benchmarks
  --renew            writes the figures as they are now
  --functions FOLDER shows the functions of src/FOLDER that most of its instructions go into

Each figure is the difference of two runs, so that the beginning and the end of a run are no part of it: 30,000 packets
against 10,000 of the same 1000 flows, and 11,000 flows against 1000 in as many packets. A flow's figures are so those of
its beginning and its end, and what a handshake takes more than data in order.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import callgrind

HERE = pathlib.Path(__file__).resolve().parent
FIGURES = HERE / "figures.json"
TOLERANCE = 0.10
# Fewer than these are no news, whatever the figure is.
SLACK = {"instructions": 3, "allocations": 0.002, "system calls": 0.002}
CAPTURES = {"short": (10_000, 1_000), "long": (30_000, 1_000), "flows": (30_000, 11_000)}
FOLDERS = {"packet": ("ring", "engine", "parse", "flow"), "flow": ("flow", "sink")}


def command(pktana, capture, output):
    return [str(pktana), "read", "-q", "--no-app", "--threads", "1", "--max-flows", "20000", "--hash-secret", "00" * 16,
            "--json", "-o", str(output), str(capture)]


def system_calls(args, folder):
    """Those of all threads, but for those by which threads wait for each other: they are a matter of timing."""
    out = folder / "strace.out"
    subprocess.run(["strace", "-f", "-c", "-e", "trace=!futex", "-o", str(out), *args], check=True)
    return int(re.search(r"^\s*100\.00\s+\S+\s+(?:\S+\s+)?(\d+)\s.*total$", out.read_text(), re.MULTILINE).group(1))


def measure(options, name):
    """What reading one of the captures takes."""
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        packets, flows = CAPTURES[name]
        capture, output = folder / "capture.pcap", folder / "eve.json"
        subprocess.run([str(options.make_capture), str(capture), "--packets", str(packets), "--flows", str(flows)],
                       check=True)
        args = command(options.pktana, capture, output)
        counts = callgrind.count(args)
        last = json.loads(output.read_text().splitlines()[-1])
        if last["stats"]["decoder"]["pkts"] != packets:
            sys.exit(f"{name}: not all packets were read: no figure is right")
        return {"packets": packets, "flows": last["stats"]["flow"]["total"], "instructions": counts.instructions,
                "functions": counts.functions, "allocations": counts.allocations,
                "system calls": system_calls(args, folder)}


def difference(more, less, unit):
    """Figures a packet or a flow, by what they count."""
    count = more[f"{unit}s"] - less[f"{unit}s"]
    figures = {f"instructions of {folder}": (more["instructions"][folder] - less["instructions"][folder]) / count
               for folder in FOLDERS[unit]}
    figures["instructions of all"] = (more["instructions"].total() - less["instructions"].total()) / count
    for what in ("allocations", "system calls"):
        figures[what] = (more[what] - less[what]) / count
    return figures


def show_functions(run, folder):
    ours = {name: cost for name, cost in run["functions"].items() if f"pktana::{folder}::" in name}
    for name, cost in sorted(ours.items(), key=lambda one: -one[1])[:25]:
        print(f"{cost:10}  {name[:140]}")


def judge(found, expected):
    """Prints the table; returns how many figures are too high."""
    failed = 0
    for unit, figures in found.items():
        for what, figure in figures.items():
            known = expected.get(unit, {}).get(what)
            if known is None:
                print(f"FAIL  {what} a {unit}: {figure:.4g}, and no figure to hold it against (--renew)")
                failed += 1
                continue
            slack = next(value for key, value in SLACK.items() if what.startswith(key))
            room = max(known * TOLERANCE, slack)
            word = "FAIL" if figure > known + room else "ok"
            note = "  far less than that: renew the figure" if figure < known - room else ""
            print(f"{word:4}  {what} a {unit}: {figure:.4g}, expected {known:.4g}{note}")
            failed += word == "FAIL"
    return failed


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=HERE.parent.parent / "build", type=pathlib.Path)
    parser.add_argument("--pktana", type=pathlib.Path)
    parser.add_argument("--make-capture", type=pathlib.Path)
    parser.add_argument("--renew", action="store_true")
    parser.add_argument("--functions", metavar="FOLDER")
    options = parser.parse_args()
    options.pktana = options.pktana or options.build / "bench/guard/guard_pktana"
    options.make_capture = options.make_capture or options.build / "bench/make_capture"
    return options


def main():
    options = arguments()
    missing = [tool for tool in ("valgrind", "strace") if shutil.which(tool) is None]
    if missing:
        print(f"SKIP guard: {' and '.join(missing)} not installed")
        sys.exit(77 if not os.environ.get("CI") else 1)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        runs = dict(zip(CAPTURES, pool.map(lambda name: measure(options, name), CAPTURES)))
    if options.functions:
        return show_functions(runs["flows"], options.functions)
    found = {"packet": difference(runs["long"], runs["short"], "packet"),
             "flow": difference(runs["flows"], runs["long"], "flow")}
    if options.renew:
        rounded = {unit: {what: round(figure, 4) for what, figure in figures.items()} for unit, figures in found.items()}
        FIGURES.write_text(json.dumps(rounded, indent=2) + "\n")
    failed = judge(found, json.loads(FIGURES.read_text()) if FIGURES.exists() else {})
    if failed:
        print(f"{failed} figures are more than a tenth above bench/guard/figures.json. If that is what the change is "
              "worth: bench/guard/guard.py --renew, and say so in the commit message.")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
