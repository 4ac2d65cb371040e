#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the application layer costs: CPU time a packet of `pktana read` without it, with flow records only, and with all
events; beside it, if wanted, ndpiReader's, and what part of the time each dissector has.

Usage: app_cost.py [--pktana build-rel/src/cli/pktana] [--runs 5] [--ndpi] [--shares] CAPTURE...
  --ndpi    also ndpiReader (Debian's libndpi-bin) with its usual detection, every flow with what it found in a file
  --shares  a table of dissectors, by perf (needs the right to use it)

A release build and a large capture make the figures mean something: of ../shared/captures bench/tools/make_mix makes
one. The runs take turns, one thread each, output to a file that is deleted; the figure is the median of user and system
time. First all settings must count the same packets and flows: a wrong answer is not timed.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import app_shares

ROOT = pathlib.Path(__file__).resolve().parent.parent
SETTINGS = {
    "none": ["--no-app"],
    "flow only": ["--events", "flow,stats"],
    "all events": [],
}
NDPI = "ndpiReader"


def cpu_s(command, output):
    """User and system time of one run that writes to a file: its standard output, or pktana's -o."""
    if command[0] != NDPI:
        command = [*command, "-o", str(output)]
    with open(output, "wb") as file:
        child = subprocess.Popen(command, stdout=file, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):  # 1: a capture was cut short
        sys.exit(f"{' '.join(command[:3])} ... ended with status {child.returncode}")
    output.unlink()
    return usage.ru_utime + usage.ru_stime


def counts(command, output):
    """Packets and flows by the last stats event, and how many events there were of the application layer."""
    subprocess.run([*command, "-o", str(output)], stderr=subprocess.DEVNULL, check=False)
    with output.open("rb") as file:
        file.seek(max(0, output.stat().st_size - 65536))
        last = json.loads(file.read().splitlines()[-1])
    output.unlink()
    events = last["pktana"].get("app", {}).get("events", 0)
    return last["stats"]["decoder"]["pkts"], last["stats"]["flow"]["total"], events


def timed(commands, runs, output):
    """Medians, after runs in turn."""
    times = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            times[name].append(cpu_s(command, output))
    return {name: statistics.median(all_of_it) for name, all_of_it in times.items()}


def show(medians, found):
    packets, flows, _ = found["none"]
    print(f"{packets} packets, {flows} flows")
    for name, seconds in medians.items():
        more = (seconds - medians["none"]) / packets * 1e9
        line = f"  {name:<11} {seconds:7.2f} s {seconds / packets * 1e9:8.1f} ns a packet"
        if name in found:
            line += f", {more:+8.1f} for the application layer, {found[name][2]} events"
        else:
            line += f", {seconds / medians['all events']:.1f} times as long as all events"
        print(line)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pktana", default=ROOT / "build-rel/src/cli/pktana", type=pathlib.Path)
    parser.add_argument("--runs", default=5, type=int)
    parser.add_argument("--ndpi", action="store_true")
    parser.add_argument("--shares", action="store_true")
    parser.add_argument("captures", nargs="+", metavar="CAPTURE")
    options = parser.parse_args()
    commands = {name: [str(options.pktana), "read", "-q", "--json", "--threads", "1", *extra, *options.captures]
                for name, extra in SETTINGS.items()}
    with tempfile.TemporaryDirectory() as folder:
        output = pathlib.Path(folder) / "output"
        found = {name: counts(command, output) for name, command in commands.items()}
        if len({(packets, flows) for packets, flows, _ in found.values()}) != 1:
            sys.exit(f"the settings do not count the same: {found}")
        if options.ndpi:
            if shutil.which(NDPI) is None:
                sys.exit(f"{NDPI} is not there: apt-get install libndpi-bin")
            commands["ndpiReader"] = [NDPI, "-v", "2", "-i", ",".join(options.captures)]
        show(timed(commands, options.runs, output), found)
        if options.shares:
            app_shares.show(app_shares.record(commands["all events"], pathlib.Path(folder)))


if __name__ == "__main__":
    main()
