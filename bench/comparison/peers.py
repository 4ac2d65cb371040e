# SPDX-License-Identifier: Apache-2.0
"""The tools of the offline part: how each reads a capture file into flow records, and how many it says there are.

An idle timeout of 30 seconds wherever a tool can be told. Flows are of two kinds: one record for both directions
(biflows), or one for each direction.
"""

import json
import mmap
import os
import re
import shutil
import subprocess

from .process import Failed, run

IDLE_S = 30
MAX_FLOWS = 2_000_000
BOTH, EACH, NONE = "both directions", "each direction", "no count"


class Tool:
    """`counts`: what its records are. `most_packets`: larger captures are not for it. `slow`: runs in few rounds.
    `sleeps`: seconds before it begins. `only`: names of the captures that it gets."""

    counts, most_packets, slow, sleeps, only = BOTH, None, True, False, None

    def __init__(self, name, program, threads=1):
        self.name, self.program, self.threads = name, program, threads

    def command(self, capture, folder):
        raise NotImplementedError

    def flows(self, usage, folder):
        """The number of its records, after a run in `folder`."""
        raise NotImplementedError

    def run(self, capture, folder):
        """(usage, flows) of one run in an empty folder."""
        usage = run([str(word) for word in self.command(capture, folder)], folder=folder)
        return usage, self.flows(usage, folder)


def found(pattern, text, name):
    match = re.search(pattern, text)
    if not match:
        raise Failed(f"{name}: no number of flows in what it says: {text.strip()[-300:]}")
    return int(match[1])


class PcapWalk(Tool):
    """The limit: walk, parse, one prefetching table; no TCP state, no timeouts, no output."""

    slow = False

    def command(self, capture, folder):
        return [self.program, capture.path, "flow"]

    def flows(self, usage, folder):
        return found(r"flows (\d+)", usage.stdout, self.name)


class Pktana(Tool):
    """Full flow records with TCP state as EVE JSON, to a file."""

    slow = False
    one_way = 0

    def command(self, capture, folder):
        return [self.program, "read", capture.path, "--no-app", "--json", "-q", "--max-flows", MAX_FLOWS,
                "--idle-timeout", f"{IDLE_S}s", "--threads", self.threads, "-o", os.path.join(folder, "eve.json")]

    def flows(self, usage, folder):
        with open(os.path.join(folder, "eve.json"), "rb") as file:
            file.seek(max(0, os.path.getsize(file.name) - 65536))
            stats = json.loads(file.read().splitlines()[-1])
        bad = [name for name, line in stats["pktana"]["ledger"].items() if line["balanced"] is False]
        if bad:
            raise Failed(f"{self.name}: the ledger does not balance: {bad}")
        return stats["stats"]["flow"]["total"]

    def directions(self, folder):
        """What tools that count each direction should say."""
        with open(os.path.join(folder, "eve.json"), "rb") as file, \
                mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
            records = len(re.findall(rb'"event_type":"flow"', text))
            return 2 * records - len(re.findall(rb'"pkts_toclient":0,', text))


class Softflowd(Tool):
    """Makes its records (NetFlow v9) and sends them to a port where nobody listens."""

    def command(self, capture, folder):
        timeouts = [word for name in ("tcp", "tcp.rst", "tcp.fin", "udp", "icmp", "general")
                    for word in ("-t", f"{name}={IDLE_S}")] + ["-t", "expint=1"]  # sleeps up to that when it ends
        return [self.program, "-d", "-r", capture.path, "-m", MAX_FLOWS, "-n", "127.0.0.1:9", "-v", "9", "-c", "none",
                "-p", os.path.join(folder, "pid"), *timeouts]

    def flows(self, usage, folder):
        return found(r"Flows expired: (\d+)", usage.stdout + usage.stderr, self.name)


class Nfpcapd(Tool):
    counts = EACH

    def command(self, capture, folder):
        return [self.program, "-r", capture.path, "-w", folder, "-t", "86400", "-e", f"3600,{IDLE_S}", "-B", MAX_FLOWS]

    def flows(self, usage, folder):
        said = subprocess.run(["nfdump", "-I", "-R", folder], capture_output=True, text=True, check=True)
        return sum(int(one) for one in re.findall(r"^Flows: (\d+)", said.stdout, re.M))


class Argus(Tool):
    """Its own timeouts (no option): a flow that is quiet for 30 s may go on in the same record. -X: no site's file."""

    def command(self, capture, folder):
        return [self.program, "-X", "-S", 3600, "-r", capture.path, "-w", os.path.join(folder, "argus.out")]

    def flows(self, usage, folder):
        said = subprocess.run(["racount", "-r", os.path.join(folder, "argus.out")], capture_output=True, text=True,
                              check=True)
        return found(r"sum\s+(\d+)", said.stdout, self.name) - 1  # a record of argus itself


class Pmacctd(Tool):
    """Exports as NetFlow v9 to a port where nobody listens. Keeps no count: it is shown, and judged by nobody."""

    counts, sleeps, only = NONE, True, ("small-1m", "mix")

    def command(self, capture, folder):
        settings = {"daemonize": "false", "pcap_savefile": capture.path, "plugins": "nfprobe", "nfprobe_version": "9",
                    "aggregate": "src_host,dst_host,src_port,dst_port,proto", "nfprobe_receiver": "127.0.0.1:9",
                    "plugin_buffer_size": "1024000", "plugin_pipe_size": "102400000", "nfprobe_maxflows": MAX_FLOWS,
                    "nfprobe_timeouts": ":".join(f"{name}={IDLE_S}" for name in
                                                 ("tcp", "tcp.rst", "tcp.fin", "udp", "icmp", "general"))}
        path = os.path.join(folder, "pmacctd.conf")
        with open(path, "w", encoding="utf-8") as out:
            out.writelines(f"{key}: {value}\n" for key, value in settings.items())
        return [self.program, "-f", path]

    def flows(self, usage, folder):
        return None


class Tshark(Tool):
    """Conversations, without timeouts; keeps all of them and takes microseconds a packet."""

    most_packets = 200_000

    def command(self, capture, folder):
        return [self.program, "-n", "-r", capture.path, "-q", "-z", "conv,tcp", "-z", "conv,udp"]

    def flows(self, usage, folder):
        return usage.stdout.count("<->")


PEERS = {"softflowd": Softflowd, "nfpcapd": Nfpcapd, "argus": Argus, "pmacctd": Pmacctd, "tshark": Tshark}


def available(programs, threads, quick):
    """The limit, pktana, and the peers that are here."""
    tools = [PcapWalk("pcapwalk flow", programs.pcapwalk)] if programs.pcapwalk else []
    tools += [Pktana("pktana" if n == 1 else f"pktana, {n} threads", programs.pktana, n) for n in threads]
    return tools + [kind(name, name) for name, kind in PEERS.items() if shutil.which(name) and not (quick and kind.sleeps)]
