# SPDX-License-Identifier: Apache-2.0
"""The captures of the comparison: what each is, and how it is made (once: they stay in the cache directory)."""

import glob
import os
from dataclasses import dataclass

from . import process

MILLION = 1_000_000
TESTNET_FLOWS = 1 << 20
# One connection of 82,582 packets would be most of the mix.
NOT_IN_MIX = ("zeek_echo-connections",)


@dataclass
class Capture:
    """`flows` None: as many as the packets of the mix have. `limits`: beside the limits and with 2 threads, or just
    one thread of pktana, for the growth with the flows."""

    name: str
    title: str
    packets: int
    flows: int = None
    options: tuple = ()
    compared: bool = True
    path: str = ""

    @property
    def is_mix(self):
        return self.flows is None


FULL = (
    Capture("small-1k", "64 bytes, 1 K flows", 5 * MILLION, 1000, ("--max-size", 64), compared=False),
    Capture("small-10k", "64 bytes, 10 K flows", 10 * MILLION, 10_000, ("--max-size", 64)),
    Capture("small-100k", "64 bytes, 100 K flows", 10 * MILLION, 100_000, ("--max-size", 64)),
    Capture("small-1m", "64 to 128 bytes, 1 M flows", 10 * MILLION, MILLION, ("--max-size", 128)),
    Capture("imix", "IMIX (64, 594, 1514 bytes, 7:4:1), 100 K flows", 4 * MILLION, 100_000, ("--imix", 1)),
    Capture("churn", "a million flows of few packets, 2000 at a time", 6 * MILLION, MILLION,
            ("--max-size", 64, "--window", 2000, "--rate", 100_000)),
    Capture("mix", "real traffic, replicated", 4_100_000),
)


def scaled(scale):
    """All of them, with packets and flows by `scale` (1 is the full comparison)."""
    def less(number, least):
        return max(least, int(number * scale))

    for capture in FULL:
        window = tuple(less(word, 50) if before == "--window" else word
                       for before, word in zip(("", *capture.options), capture.options))
        yield Capture(capture.name, capture.title, less(capture.packets, 1000),
                      None if capture.is_mix else less(capture.flows, 10), window, capture.compared)


def mix_sources(shared):
    found = sorted(glob.glob(os.path.join(shared, "captures", "flows", "mixed", "*.pcap")) +
                   glob.glob(os.path.join(shared, "captures", "flows", "mixed", "*.pcapng")))
    return [path for path in found if not any(name in path for name in NOT_IN_MIX)]


def make_command(capture, programs, shared):
    """None: it can't be made here."""
    if not capture.is_mix:
        return [programs.make_capture, capture.path, "--packets", capture.packets, "--flows", capture.flows,
                *capture.options]
    sources = mix_sources(shared)
    return [programs.make_mix, capture.path, capture.packets, *sources] if sources else None


def make(capture, programs, cache, shared):
    """Makes the file if it is not there. False: it can't be made here."""
    capture.path = os.path.join(cache, f"{capture.name}-{capture.packets}.pcap")
    if os.path.exists(capture.path):
        return True
    final = capture.path
    capture.path += ".part"
    command = make_command(capture, programs, shared)
    if command is not None:
        process.run([str(word) for word in command])
        os.rename(capture.path, final)
    capture.path = final
    return command is not None


def make_all(programs, cache, shared, scale, say):
    """Those of the comparison that can be made here."""
    os.makedirs(cache, exist_ok=True)
    made = []
    for capture in scaled(scale):
        if make(capture, programs, cache, shared):
            made.append(capture)
        else:
            say(f"left out: {capture.title}: there are no captures in {shared}")
    return made


def lone_flows(programs, cache, flows):
    """For the memory of a flow: TCP connections that all live, four packets each on the average."""
    capture = Capture(f"lone-{flows}", f"{flows} live TCP connections", 4 * flows, flows,
                      ("--max-size", 64, "--udp-percent", 0, "--rate", 4 * MILLION))
    make(capture, programs, cache, "")
    return capture
