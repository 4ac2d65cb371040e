#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the application layer costs: CPU time a packet of `pktana read` over mixed captures without it, with flow
records only, and with all events.

Usage: app_cost.py [--pktana build/src/cli/pktana] [--captures ../shared/captures/flows/mixed] [--runs 21]
Each run reads all captures of the folder in one process; the figure is the least of the runs, less the run without an
application layer. First all settings must count the same packets and flows: a wrong answer is not timed.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SETTINGS = {
    "none": ["--no-app"],
    "flow only": ["--events", "flow,stats"],
    "all events": [],
}


def cpu_ns(command):
    """User and system time of one run."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):  # 1: a capture was cut short
        sys.exit(f"{' '.join(command[:3])} ... ended with status {child.returncode}")
    return (usage.ru_utime + usage.ru_stime) * 1e9


def counts(command):
    """Packets and flows by the last stats event, and how many events there were of the application layer."""
    with tempfile.NamedTemporaryFile() as output:
        subprocess.run([*command, "-o", output.name], stderr=subprocess.DEVNULL, check=False)
        last = json.loads(output.read().splitlines()[-1])
    events = last["pktana"].get("app", {}).get("events", 0)
    return last["stats"]["decoder"]["pkts"], last["stats"]["flow"]["total"], events


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pktana", default=ROOT / "build/src/cli/pktana", type=pathlib.Path)
    parser.add_argument("--captures", default=ROOT.parent / "shared/captures/flows/mixed", type=pathlib.Path)
    parser.add_argument("--runs", default=21, type=int)
    options = parser.parse_args()
    files = sorted(str(path) for path in options.captures.rglob("*") if path.suffix in (".pcap", ".pcapng", ".cap"))
    commands = {name: [str(options.pktana), "read", "-q", "--json", *extra, *files]
                for name, extra in SETTINGS.items()}
    found = {name: counts(command) for name, command in commands.items()}
    if len({(packets, flows) for packets, flows, _ in found.values()}) != 1:
        sys.exit(f"the settings do not count the same: {found}")
    packets, flows, _ = found["none"]
    best = {name: min(cpu_ns([*command, "-o", "/dev/null"]) for _ in range(options.runs))
            for name, command in commands.items()}
    print(f"{packets} packets, {flows} flows, {len(files)} captures, least of {options.runs} runs")
    for name, ns in best.items():
        more = (ns - best["none"]) / packets
        print(f"  {name:<11} {ns / packets:8.1f} ns a packet, {more:+8.1f} for the application layer, "
              f"{found[name][2]} events")


if __name__ == "__main__":
    main()
