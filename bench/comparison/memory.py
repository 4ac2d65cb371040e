# SPDX-License-Identifier: Apache-2.0
"""The memory of a live flow: peak RSS of a run over many live TCP connections, less that of a run over none."""

import json
import os
import struct
import tempfile

from . import captures
from .process import run

EMPTY = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)


def available_mib():
    with open("/proc/meminfo", encoding="ascii") as file:
        found = {line.split(":")[0]: int(line.split()[1]) for line in file}
    return found["MemAvailable"] / 1024


def peak(programs, path, max_flows, folder):
    """(peak RSS in MiB, flows that were alive at the end)."""
    output = os.path.join(folder, "eve.json")
    usage = run([programs.pktana, "read", path, "--no-app", "--json", "-q", "--max-flows", str(max_flows), "-o", output])
    with open(output, "rb") as file:
        file.seek(max(0, os.path.getsize(output) - 65536))
        stats = json.loads(file.read().splitlines()[-1])
    return usage.rss_mib, stats["stats"]["flow"]["total"]


def measure(programs, cache, flows, say):
    """The figures for one number of flows, or None where the memory for a fair run is not there."""
    if available_mib() < flows * 600 / (1 << 20) + 512:
        say(f"left out: memory of {flows} live flows: this machine has too little")
        return None
    capture = captures.lone_flows(programs, cache, flows)
    max_flows = flows + flows // 10
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        empty = os.path.join(folder, "empty.pcap")
        with open(empty, "wb") as out:
            out.write(EMPTY)
        before, _ = peak(programs, empty, max_flows, folder)
        full, live = peak(programs, capture.path, max_flows, folder)
    row = {"live_flows": live, "empty_mib": before, "peak_mib": full, "bytes_per_flow": (full - before) * (1 << 20) / live}
    say(f"memory: {live} live flows: {full:.0f} MiB, {before:.0f} without: {row['bytes_per_flow']:.0f} bytes a flow")
    return row
