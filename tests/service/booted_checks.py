#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What must hold of pktana@host0 in the booted tree; booted_tree.sh runs it. Sends into the veth from outside, gives
orders inside, and reads the logs of both pktana and rsyslog."""

import argparse
import collections
import json
import os
import re
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "kernel"))

from daemon_support import PKTANA, VETH_SEND, at_least, equal, wait_for  # noqa: E402

UNIT = "pktana@host0"
RATE = 50_000
PACKETS_A_FLOW = 66
DISTURBED_S = 24
ROTATING_S = 60
KILLS = 3
ETHERNET = 1


def arguments():
    parser = argparse.ArgumentParser()
    for name in ("--leader", "--tree", "--interface", "--capture"):
        parser.add_argument(name, required=True)
    return parser.parse_args()


class Tree:
    def __init__(self, options):
        self.options = options
        self.logs = os.path.join(options.tree, "var/log/pktana/host0")
        self.shipped = os.path.join(options.tree, "var/log/shipped.json")

    def inside(self, *words):
        return subprocess.run(["nsenter", "-t", self.options.leader, "-a", *words], capture_output=True, text=True, check=True).stdout

    def ctl(self, command):
        """What it answers, a line each."""
        text = self.inside("pktana", "ctl", "--socket", "/run/pktana/host0/api.sock", command)
        return [json.loads(line) for line in text.splitlines()]

    def lines(self):
        """Of all files of the log, in their order: (file name, line)."""
        names = sorted(os.listdir(self.logs), key=lambda name: (name == "eve.json", name.rsplit("-", 1)[-1]))
        for name in names:
            if name.startswith("eve"):
                with open(os.path.join(self.logs, name), "rb") as file:
                    yield from ((name, line) for line in file)

    def flows(self, port=None):
        found = []
        for _, line in self.lines():
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if event["event_type"] == "flow" and port in (None, event.get("dest_port")):
                found.append(event)
        return found

    def balances(self, what):
        unbalanced = [line for line in self.ctl("ledger") if line["balanced"] is False]
        equal(unbalanced, [], f"{what}: the ledger balances")


def packets_of(flows):
    return sum(flow["flow"]["pkts_toserver"] + flow["flow"]["pkts_toclient"] for flow in flows)


def frames_of(path):
    """Frames of a pcap file of Ethernet, as they were captured."""
    with open(path, "rb") as file:
        data = file.read()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    equal(struct.unpack_from(order + "I", data, 20)[0] & 0xFFFF, ETHERNET, "the capture is of Ethernet")
    at = 24
    while at + 16 <= len(data):
        length = struct.unpack_from(order + "I", data, at + 8)[0]
        yield data[at + 16:at + 16 + length]
        at += 16 + length


def replay(tree):
    """A capture sent into the veth gives the flows that `pktana read` finds in the file."""
    done = subprocess.run([PKTANA, "read", tree.options.capture, "--format", "eve", "--events", "flow", "-q"],
                          capture_output=True, text=True, check=True)
    wanted = [json.loads(line) for line in done.stdout.splitlines()]
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sender:
        sender.bind((tree.options.interface, 0))
        for count, frame in enumerate(frames_of(tree.options.capture), 1):
            sender.send(frame)
            if count % 50 == 0:
                time.sleep(0.01)
    wait_for(lambda: packets_of(tree.flows()) >= packets_of(wanted), "replay: every packet is in a record", 30)
    flows = tree.flows()
    print(f"replay: {count} frames of {os.path.basename(tree.options.capture)}: {len(flows)} flow records, of the file {len(wanted)}")
    equal(tree.ctl("status")[0]["packets"], count, "replay: frames sent = packets captured")
    equal(packets_of(flows), packets_of(wanted), "replay: packets in the records are those of `pktana read`")
    equal({flow.get("community_id") for flow in flows}, {flow.get("community_id") for flow in wanted}, "replay: the same flows")
    tree.balances("replay")


def send(tree, port, seconds, rate):
    flows = rate * seconds // PACKETS_A_FLOW
    sender = subprocess.Popen([VETH_SEND, "--iface", tree.options.interface, "--flows", str(flows), "--packets",
                               str(flows * PACKETS_A_FLOW), "--rate", str(rate), "--proto", "tcp", "--tcp-life",
                               "--concurrent", "50", "--port", str(port)], stdout=subprocess.PIPE, text=True)
    return sender, flows


def settle(tree, what, sender, port, flows):
    """All that was sent is in the records, once."""
    equal(sender.wait(120), 0, f"{what}: all is sent")
    packets = flows * PACKETS_A_FLOW
    wait_for(lambda: packets_of(tree.flows(port)) >= packets, f"{what}: every packet is in a record", 60)
    found = tree.flows(port)
    equal(packets_of(found), packets, f"{what}: packets sent = packets in records, none lost, none doubled")
    equal(len(found), flows, f"{what}: each flow that was sent is one record")
    equal(len({flow["flow_id"] for flow in found}), flows, f"{what}: with an id of its own")
    tree.balances(what)


def disturbed(tree, what, port, disturb, times):
    before = tree.inside("systemctl", "show", "-P", "MainPID", UNIT)
    sender, flows = send(tree, port, DISTURBED_S, RATE)
    for _ in range(times):
        time.sleep(DISTURBED_S / (times + 1))
        disturb()
    settle(tree, what, sender, port, flows)
    equal(tree.inside("systemctl", "show", "-P", "MainPID", UNIT) != before, True, f"{what}: it is another process")
    print(f"{what}: {times} times in {DISTURBED_S} s, sender: {sender.stdout.read().strip()}")


def rotating(tree, port):
    """A file without records is not rotated: stats events each 100 ms are in each, whatever else is."""
    config = os.path.join(tree.options.tree, "etc/pktana/pktana.toml")
    with open(config) as file:
        text = file.read()
    with open(config, "w") as file:
        text = text.replace('rotate_interval = "0s"', 'rotate_interval = "100ms"').replace('flush = "1s"', 'flush = "20ms"')
        file.write(re.sub(r'^interval = "10s"', 'interval = "100ms"', text, count=1, flags=re.MULTILINE))
    tree.inside("systemctl", "restart", UNIT)
    files = len(os.listdir(tree.logs))
    sender, flows = send(tree, port, ROTATING_S, 20_000)
    settle(tree, "rotation", sender, port, flows)
    at_least(len(os.listdir(tree.logs)) - files, ROTATING_S * 6, "rotation: files in a minute")


def one_file_each(tree):
    where = collections.defaultdict(set)
    for name, line in tree.lines():
        where[line].add(name)
    equal([line for line, names in where.items() if len(names) > 1], [], f"each of {len(where)} lines is in exactly one file")


def verified(tree):
    """`pktana verify` finds nothing but the lines that a SIGKILL tore, one a kill at most."""
    done = subprocess.run(["nsenter", "-t", tree.options.leader, "-a", "pktana", "verify", "/var/log/pktana/host0"],
                          capture_output=True, text=True, check=False)
    *found, verdict = (done.stdout + done.stderr).strip().splitlines()
    print(f"verify: {verdict}", *found, sep="\n")
    equal([line for line in found if not line.startswith("torn: ")], [], "verify finds no gap and nothing doubled")
    at_least(KILLS, len(found), f"verify: SIGKILLs, not fewer than the torn lines, which are {len(found)}:")


def shipped_once(tree):
    """rsyslog's copy has each whole line once, and nothing else but the ends that a kill tore."""
    logs = collections.Counter(line for _, line in tree.lines())

    def copy():
        with open(tree.shipped, "rb") as file:
            return collections.Counter(file)

    def whole(lines):
        return [line[:100] for line in lines.elements() if line.startswith(b"{") and line.endswith(b"}\n")]

    end = time.monotonic() + 30
    while whole(logs - copy()) and time.monotonic() < end:
        time.sleep(0.5)
    got = copy()
    print(f"rsyslog: {sum(got.values())} lines shipped of {sum(logs.values())}")
    equal(whole(logs - got)[:3], [], "rsyslog got every whole line")
    equal(whole(got - logs)[:3], [], "rsyslog got no line twice, and none that is nowhere")


def main():
    options = arguments()
    tree = Tree(options)
    replay(tree)
    disturbed(tree, "restart", 9001, lambda: tree.inside("systemctl", "restart", UNIT), 3)
    disturbed(tree, "kill -9", 9002, lambda: tree.inside("systemctl", "kill", "-s", "KILL", "--kill-who=main", UNIT), KILLS)
    rotating(tree, 9003)
    one_file_each(tree)
    tree.inside("systemctl", "stop", UNIT)
    verified(tree)
    shipped_once(tree)


if __name__ == "__main__":
    main()
