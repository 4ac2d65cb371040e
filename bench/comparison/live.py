# SPDX-License-Identifier: Apache-2.0
"""The live part: no-drop rate, CPU time at half of the limit's rate, and how fast a full ring is emptied."""

import math
import os
import signal
import tempfile
import time
from dataclasses import dataclass

from . import live_network
from .process import Failed, collect, median, start

FLOWS = 10_000


@dataclass
class Trial:
    """One tool once under one load."""

    sent: int
    pps: float
    seen: int
    dropped: int
    flows: int
    cpu: float      # the whole process, from its start to its end
    load_ns: float  # the same a packet, while there was traffic
    rss_mib: float

    @property
    def lost(self):
        return max(self.dropped, self.sent - self.seen)


class Running:
    """A tool that listens. Ends it in any case."""

    def __init__(self, tool, seconds):
        self.tool = tool
        self.folder = tempfile.TemporaryDirectory(prefix="compare-live.")
        self.stdout, self.stderr = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.began = time.monotonic()
        self.process = start(tool.placed(self.folder.name, math.ceil(seconds)), self.stdout, self.stderr)

    def __enter__(self):
        live_network.wait_until_listening(self.process, self.tool.threads)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for held in (self.stdout, self.stderr):
            held.close()
        self.folder.cleanup()

    def end(self):
        """(usage, counts) after it has taken in what there is."""
        time.sleep(self.tool.calm_s)
        self.tool.before_stop(self.folder.name)
        self.tool.stop(self.process)
        usage = collect(self.process, self.began, self.stdout, self.stderr)
        return usage, self.tool.counts(usage, self.folder.name)


def trial(tool, sender, packets, rate=0, slowest_pps=150_000):
    """One load: `packets` at `rate` a second, 0 = as fast as the sender goes."""
    seconds = packets / (rate or slowest_pps) + 2.5
    with Running(tool, seconds) as running:
        before_ns = cpu_ns(running.process.pid)
        sent, pps = live_network.send(sender, packets, FLOWS, rate)
        time.sleep(0.1)
        load_ns = (cpu_ns(running.process.pid) - before_ns) / sent
        usage, counts = running.end()
    if counts.flows is not None and counts.dropped == 0 and counts.seen == sent and counts.flows != FLOWS:
        raise Failed(f"{tool.name} counts {counts.flows} flows of {FLOWS}")
    return Trial(sent, pps, counts.seen, counts.dropped, counts.flows, usage.cpu, load_ns, usage.rss_mib)


def no_drop_rate(tool, sender, packets, steps, fastest):
    """The highest rate without a loss, by binary search below what the sender did while this tool lost packets;
    `fastest`: trials at full speed, of which one without a loss is the answer."""
    good = [one.pps for one in fastest if one.lost == 0]
    if good:
        return max(good)
    low, high = 0.0, max(one.pps for one in fastest)
    for _ in range(steps):
        middle = (low + high) / 2
        one = trial(tool, sender, min(packets, int(middle * 5)), middle)
        low, high = (middle, high) if one.lost == 0 else (low, middle)
    return low


def thread_folders(pid):
    return [os.path.join(f"/proc/{pid}/task", one) for one in os.listdir(f"/proc/{pid}/task")]


def cpu_ns(pid):
    """What all threads have run, to the nanosecond for those that sleep now."""
    total = 0
    for folder in thread_folders(pid):
        with open(os.path.join(folder, "schedstat"), encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total


def is_running(pid):
    for folder in thread_folders(pid):
        with open(os.path.join(folder, "stat"), encoding="ascii", errors="replace") as file:
            if file.read().rpartition(")")[2].split()[0] == "R":
                return True
    return False


def wait_until_stopped(pid):
    """SIGSTOP reaches the threads one by one."""
    until = time.monotonic() + 2
    while is_running(pid):
        if time.monotonic() > until:
            raise Failed("it does not stop")
        time.sleep(0.001)


def drain(tool, sender, packets):
    """Fills the ring of a stopped tool. @return (ns of CPU a packet, ns on the clock a packet, packets)."""
    with Running(tool, packets / 150_000 + 3.5) as running:
        pid = running.process.pid
        live_network.send(sender, 2 * FLOWS, FLOWS)  # its tables know the flows; its pages are there
        time.sleep(tool.calm_s)
        os.kill(pid, signal.SIGSTOP)
        wait_until_stopped(pid)
        sent, _ = live_network.send(sender, packets, FLOWS)
        time.sleep(max(0.1, tool.calm_s - 0.3))  # the last block closes by its timer
        before_ns = cpu_ns(pid)
        began = last_busy = time.monotonic()
        os.kill(pid, signal.SIGCONT)
        while time.monotonic() < max(began + 0.05, last_busy + 0.03):
            if is_running(pid):
                last_busy = time.monotonic()
        used_ns = cpu_ns(pid) - before_ns
        _, counts = running.end()
    drained = counts.seen - 2 * FLOWS
    if drained < min(sent, 1000):
        raise Failed(f"{tool.name} drained {drained} of {sent} packets")
    return used_ns / drained, (last_busy - began) * 1e9 / drained, drained


def measure(tools, sender, plan, say):
    """All three figures of each tool, interleaved. `plan`: see bench/compare."""
    figures = {tool.name: {"threads": tool.threads} for tool in tools}
    fastest = {tool.name: [] for tool in tools}
    for _ in range(plan["fastest"]):
        for tool in tools:
            fastest[tool.name].append(trial(tool, sender, plan["packets"]))
    for tool in tools:
        figures[tool.name]["no_drop_pps"] = no_drop_rate(tool, sender, plan["packets"], plan["steps"], fastest[tool.name])
        say(f"{tool.name}: no drop up to {figures[tool.name]['no_drop_pps']:.0f} packets a second")
    half = figures[tools[0].name]["no_drop_pps"] / 2
    runs = {tool.name: {"cpu": [], "load": [], "rss": [], "lost": [], "drain": []} for tool in tools}
    for _ in range(plan["rounds"]):
        for tool in tools:
            one = trial(tool, sender, plan["cpu_packets"], half)
            runs[tool.name]["cpu"].append(one.cpu * 1e6 / one.sent)
            runs[tool.name]["load"].append(one.load_ns)
            runs[tool.name]["rss"].append(one.rss_mib)
            runs[tool.name]["lost"].append(one.lost)
            runs[tool.name]["drain"].append(drain(tool, sender, plan["drain_packets"]))
    for name, run in runs.items():
        drains = list(zip(*run["drain"]))
        figures[name] |= {"half_rate_pps": half, "cpu_s_per_mpkt": median(run["cpu"]), "load_ns": median(run["load"]), "rss_mib": median(run["rss"]),
                          "lost_at_half_rate": max(run["lost"]), "drain_cpu_ns": median(drains[0]),
                          "drain_wall_ns": median(drains[1]), "drained": int(median(drains[2]))}
        say(f"{name}: {figures[name]}")
    return figures
