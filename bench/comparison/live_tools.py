# SPDX-License-Identifier: Apache-2.0
"""The tools of the live part: how each is started and stopped, and what it says it has seen and lost.

All get a ring of 64 MiB; a tool of one thread has a CPU to itself, the sender and the kernel the other one.
"""

import json
import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass

from . import live_network
from .process import Failed

RING_MIB = 64


@dataclass
class Counts:
    """What a tool had from the kernel, what the kernel dropped for want of room, and its flows (None: it has none)."""

    seen: int
    dropped: int
    flows: int = None


class LiveTool:
    """One tool; the base holds for those that say what they saw when a signal ends them."""

    stop_signal = signal.SIGINT
    calm_s = 0.35  # what it may keep to itself for so long: longer than its ring's timer

    def __init__(self, name, program, threads=1):
        self.name, self.program, self.threads = name, program, threads

    def command(self, folder, seconds):
        raise NotImplementedError

    def counts(self, usage, folder):
        raise NotImplementedError

    def placed(self, folder, seconds):
        """The command, on the CPU that the sender leaves free if it has one thread."""
        command = [str(word) for word in self.command(folder, seconds)]
        return ["taskset", "-c", live_network.TOOL_CPU, *command] if self.threads == 1 else command

    def before_stop(self, folder):
        """Where the counts must be asked for while it runs."""

    def stop(self, process):
        process.send_signal(self.stop_signal)


def numbers(pattern, text, tool):
    found = re.search(pattern, text, re.S)
    if not found:
        raise Failed(f"{tool}: no counts in what it says: {text.strip()[-300:]}")
    return [int(one) for one in found.groups()]


class NullRing(LiveTool):
    """The limit: walks the ring and does nothing. Ends by itself."""

    def command(self, folder, seconds):
        return [self.program, "r0", self.threads, seconds]

    def stop(self, process):
        pass

    def counts(self, usage, folder):
        seen, dropped = numbers(r"received (\d+) bytes \d+ drops (\d+)", usage.stdout, self.name)
        return Counts(seen, dropped)


class Pktana(LiveTool):
    def command(self, folder, seconds):
        return [self.program, "capture", "-i", "r0", "--show", "flows", "--json", "--no-app", "-q", "--threads",
                self.threads, "-o", os.path.join(folder, "eve.json")]

    def counts(self, usage, folder):
        flows = in_records = 0
        with open(os.path.join(folder, "eve.json"), encoding="utf-8") as lines:
            for line in lines:
                event = json.loads(line)
                if event["event_type"] == "flow":
                    flows += 1
                    in_records += event["flow"]["pkts_toserver"] + event["flow"]["pkts_toclient"]
                elif event["event_type"] == "stats":
                    ledger = event["pktana"]["ledger"]
        seen, dropped = ledger["kernel"]["packets_seen"], ledger["kernel"]["ring_drops"]
        unbalanced = [name for name, line in ledger.items() if line["balanced"] is False]
        if unbalanced or in_records != seen - dropped:
            raise Failed(f"{self.name}: {in_records} packets in records, {seen} seen, {dropped} dropped, {unbalanced}")
        return Counts(seen - dropped, dropped, flows)


class Tcpdump(LiveTool):
    calm_s = 1.2

    def command(self, folder, seconds):
        return [self.program, "-i", "r0", "-n", "-B", RING_MIB * 1024, "-w", "/dev/null"]

    def counts(self, usage, folder):
        return Counts(*numbers(r"(\d+) packets captured.*?(\d+) packets dropped by kernel", usage.stderr, self.name))


class Dumpcap(LiveTool):
    def command(self, folder, seconds):
        return [self.program, "-q", "-i", "r0", "-B", RING_MIB, "-w", "/dev/null"]

    def counts(self, usage, folder):
        return Counts(*numbers(r"received/dropped on interface [^:]*: (\d+)/(\d+)", usage.stderr, self.name))


class Softflowd(LiveTool):
    """Exports nowhere; its counts are asked for through its control socket."""

    stop_signal = signal.SIGTERM
    calm_s = 1.2

    def command(self, folder, seconds):
        return [self.program, "-d", "-i", "r0", "-m", 100_000, "-B", RING_MIB << 20, "-c",
                os.path.join(folder, "softflowd.ctl"), "-p", os.path.join(folder, "softflowd.pid")]

    def before_stop(self, folder):
        asked = subprocess.run(["softflowctl", "-c", os.path.join(folder, "softflowd.ctl"), "statistics"],
                               capture_output=True, text=True, check=False, timeout=20)
        with open(os.path.join(folder, "softflowd.said"), "w", encoding="utf-8") as out:
            out.write(asked.stdout)

    def counts(self, usage, folder):
        with open(os.path.join(folder, "softflowd.said"), encoding="utf-8") as said:
            text = said.read()
        flows, = numbers(r"Number of active flows: (\d+)", text, self.name)
        # Not what it has processed: it leaves a last block alone until more comes.
        received, dropped = numbers(r"received by libpcap: (\d+).*?dropped by libpcap: (\d+)", text, self.name)
        return Counts(received - dropped, dropped, flows)


PEERS = {"tcpdump -w /dev/null": (Tcpdump, "tcpdump"), "dumpcap": (Dumpcap, "dumpcap"),
         "softflowd": (Softflowd, "softflowd")}


def available(pktana, nullring):
    """The tools that are here, the limit first; `nullring` may be None."""
    tools = [NullRing("nullring", nullring), NullRing("nullring, 2 threads", nullring, 2)] if nullring else []
    tools += [Pktana("pktana", pktana), Pktana("pktana, 2 workers", pktana, 2)]
    return tools + [kind(name, program) for name, (kind, program) in PEERS.items() if shutil.which(program)]
