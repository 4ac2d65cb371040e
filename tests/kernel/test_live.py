#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The whole program live: pktana captures on a veth pair in network namespaces that this script makes, veth_send says
exactly what it sent, and the records must say the same: per flow, in sum, and in the ledger. Needs root; bounded in
packets and time; no packet leaves the namespaces."""

import collections
import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("PKTANA_BUILD_ROOT", "build")
PKTANA = os.environ.get("PKTANA_BINARY", os.path.join(BUILD, "src/cli/pktana"))
SEND = os.environ.get("PKTANA_VETH_SEND", os.path.join(BUILD, "tests/tools/veth_send"))
PATIENCE_S = 20


class Failure(Exception):
    pass


def expect(condition, what):
    if not condition:
        raise Failure(what)


def equal(got, wanted, what):
    expect(got == wanted, f"{what}: got {got}, wanted {wanted}")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE_S).stdout


class Network:
    """Two namespaces joined by `pairs` veth pairs: sN here, rN there."""

    serial = 0

    def __init__(self, pairs=1):
        Network.serial += 1
        self.sender = f"pkt-s{os.getpid()}-{Network.serial}"
        self.receiver = f"pkt-r{os.getpid()}-{Network.serial}"
        self.pairs = pairs

    def __enter__(self):
        for namespace in (self.sender, self.receiver):
            run("ip", "netns", "add", namespace)
            self.inside(namespace, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1")
        for i in range(self.pairs):
            run("ip", "-n", self.sender, "link", "add", f"s{i}", "type", "veth", "peer", "name", f"r{i}", "netns",
                self.receiver)
            self.link(self.sender, f"s{i}", "up")
            self.link(self.receiver, f"r{i}", "up")
        return self

    def __exit__(self, *_):
        for namespace in (self.sender, self.receiver):
            subprocess.run(["ip", "netns", "del", namespace], check=False, capture_output=True)

    @staticmethod
    def inside(namespace, *command):
        return run("ip", "netns", "exec", namespace, *command)

    @staticmethod
    def link(namespace, name, state):
        run("ip", "-n", namespace, "link", "set", name, state)

    def send(self, interface, *options):
        """What veth_send sent: a row per flow."""
        with tempfile.NamedTemporaryFile("r", suffix=".csv") as rows:
            self.inside(self.sender, SEND, "--iface", interface, "--list", rows.name, *map(str, options))
            return list(csv.DictReader(rows))


class Capture:
    """pktana capture in the receiver's namespace, from ready to ended."""

    def __init__(self, network, *options, show="flows"):
        self.output = tempfile.NamedTemporaryFile("r", suffix=".out")
        self.talk = tempfile.NamedTemporaryFile("r", suffix=".err")
        command = ["ip", "netns", "exec", network.receiver, PKTANA, "capture", "--show", show, *options]
        if show == "flows":
            command.append("--json")
        self.process = subprocess.Popen(command, stdout=open(self.output.name, "w"), stderr=open(self.talk.name, "w"),
                                        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        self.wait_for("capturing on")

    def wait_for(self, text):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if text in open(self.talk.name).read():
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        raise Failure(f"no '{text}' from pktana: {open(self.talk.name).read()}")

    def wait(self):
        status = self.process.wait(timeout=PATIENCE_S)
        return status, open(self.talk.name).read()

    def end(self, with_signal=signal.SIGINT):
        self.process.send_signal(with_signal)
        status, talk = self.wait()
        equal(status, 0, f"exit status of the capture ({talk})")
        expect("MISMATCH" not in talk, talk)
        return Records(open(self.output.name))


class Records:
    def __init__(self, lines):
        events = [json.loads(line) for line in lines]
        self.flows = [e for e in events if e["event_type"] == "flow"]
        self.stats = [e for e in events if e["event_type"] == "stats"]
        equal([e["pktana"]["seq"] for e in events], list(range(1, len(events) + 1)), "seq")
        for event in self.stats:
            for name, line in event["pktana"]["ledger"].items():
                expect(line["balanced"] is not False, f"ledger line {name}: {line}")
        self.ledger = self.stats[-1]["pktana"]["ledger"]

    def packets(self):
        return sum(e["flow"]["pkts_toserver"] + e["flow"]["pkts_toclient"] for e in self.flows)

    def by_tuple(self):
        sums = collections.defaultdict(lambda: [0, 0, 0, 0])
        for e in self.flows:
            key = (e["src_ip"], e["src_port"], e["dest_ip"], e["dest_port"])
            for i, name in enumerate(("pkts_toserver", "bytes_toserver", "pkts_toclient", "bytes_toclient")):
                sums[key][i] += e["flow"][name]
        return dict(sums)


def sent_by_tuple(*lists):
    sums = collections.defaultdict(lambda: [0, 0, 0, 0])
    for row in (row for rows in lists for row in rows):
        key = (row["src_ip"], int(row["src_port"]), row["dest_ip"], int(row["dest_port"]))
        for i, name in enumerate(("packets_forward", "bytes_forward", "packets_reply", "bytes_reply")):
            sums[key][i] += int(row[name])
    return dict(sums)


def settle():
    """The ring's blocks retire 20 ms after their first packet; a capture that ends drains them anyway."""
    time.sleep(0.1)


def check_equal(records, sent):
    wanted = sent_by_tuple(sent)
    got = records.by_tuple()
    differing = [key for key in wanted.keys() | got.keys() if wanted.get(key) != got.get(key)]
    expect(not differing, f"{len(differing)} of {len(wanted)} flows differ, such as "
           f"{[(key, wanted.get(key), got.get(key)) for key in differing[:2]]}")
    equal(len(records.flows), len(wanted), "records")
    equal(records.ledger["kernel"]["packets_seen"], sum(v[0] + v[2] for v in wanted.values()), "packets seen")
    equal(records.ledger["kernel"]["ring_drops"], 0, "ring drops")


def live_one_worker():
    """sent = counted, per flow and in sum, with one worker"""
    with Network() as net:
        capture = Capture(net, "-i", "r0", "--threads", "1")
        sent = net.send("s0", "--flows", 2000, "--packets", 20000, "--both-directions", "--rate", 100000)
        check_equal(capture.end(), sent)


def live_two_workers():
    """sent = counted, per flow and in sum, with two workers"""
    with Network() as net:
        capture = Capture(net, "-i", "r0", "--threads", "2")
        sent = net.send("s0", "--flows", 2000, "--packets", 20000, "--both-directions", "--rate", 100000)
        check_equal(capture.end(), sent)


def live_tcp_life():
    """TCP connections from SYN to FIN end as closed"""
    with Network() as net:
        capture = Capture(net, "-i", "r0", "--threads", "2")
        sent = net.send("s0", "--flows", 500, "--packets", 6000, "--proto", "tcp", "--tcp-life", "--rate", 50000)
        records = capture.end()
        check_equal(records, sent)
        for event in records.flows:
            equal((event["pktana"]["end_reason"], event["flow"]["state"], event["pktana"]["initiator_basis"]),
                  ("closed", "closed", "syn"), "end reason, state, basis")


def live_asymmetric_pair():
    """the two directions of a flow, on two interfaces, meet in one record"""
    with Network(pairs=2) as net:
        capture = Capture(net, "-i", "r0", "-i", "r1", "--threads", "2")
        options = ("--flows", 512, "--packets", 4096, "--rate", 50000)
        forward = net.send("s0", *options, "--only", "forward")
        reply = net.send("s1", *options, "--only", "reply")
        records = capture.end()
        wanted = sent_by_tuple(forward, reply)
        equal(records.by_tuple(), wanted, "flows joined over both interfaces")
        equal(len(records.flows), 512, "records")


def live_small_ring():
    """a ring made too small: what was dropped is counted exactly"""
    with Network() as net:
        capture = Capture(net, "-i", "r0", "--threads", "1", "--ring-size", "256KiB")
        capture.process.send_signal(signal.SIGSTOP)
        sent = net.send("s0", "--flows", 100, "--packets", 20000, "--both-directions")
        capture.process.send_signal(signal.SIGCONT)
        more = net.send("s0", "--flows", 100, "--packets", 1000, "--both-directions", "--rate", 10000)
        records = capture.end()
        total = sum(v[0] + v[2] for v in sent_by_tuple(sent, more).values())
        kernel = records.ledger["kernel"]
        equal(kernel["packets_seen"], total, "packets seen")
        expect(kernel["ring_drops"] > 0, "nothing was dropped: the ring was not too small")
        equal(kernel["captured"] + kernel["ring_drops"], total, "captured + drops")
        equal(records.packets(), kernel["captured"], "packets in records")


def live_down_and_up():
    """an interface that goes down and up again goes on by itself"""
    with Network() as net:
        capture = Capture(net, "-i", "r0", "--threads", "2")
        options = ("--flows", 50, "--packets", 1000, "--both-directions", "--rate", 20000)
        before = net.send("s0", *options)
        settle()
        net.link(net.receiver, "r0", "down")
        settle()
        net.link(net.receiver, "r0", "up")
        settle()
        after = net.send("s0", *options)
        records = capture.end()
        equal(records.by_tuple(), sent_by_tuple(before, after), "flows")


def live_vlan_and_filter():
    """a filter in the kernel sees VLAN tags as on the wire"""
    with Network() as net:
        capture = Capture(net, "-i", "r0", "--threads", "2", "vlan", "5", "and", "udp", "port", "9")
        options = ("--flows", 20, "--packets", 200, "--both-directions", "--rate", 20000)
        tagged = net.send("s0", *options, "--vlan", "5")
        net.send("s0", *options, "--vlan", "6")
        net.send("s0", *options)
        records = capture.end()
        wanted = sent_by_tuple(tagged)
        equal({key: (v[0], v[2]) for key, v in records.by_tuple().items()},
              {key: (v[0], v[2]) for key, v in wanted.items()}, "packets of the tagged flows")
        for event in records.flows:
            equal(event.get("vlan"), [5], "vlan of the record")


def live_vlans_apart():
    """the same addresses in two VLANs are two flows"""
    with Network() as net:
        capture = Capture(net, "-i", "r0", "--threads", "2")
        options = ("--flows", 10, "--packets", 100, "--rate", 20000)
        for vlan in ("7", "8", "7,9"):
            net.send("s0", *options, "--vlan", vlan)
        records = capture.end()
        stacks = collections.Counter(tuple(e["vlan"]) for e in records.flows)
        equal(stacks, {(7,): 10, (8,): 10, (7, 9): 10}, "flows by VLAN stack")


def live_fragments():
    """a fragmented datagram is one packet of its flow, with one and with two workers"""
    for threads in ("1", "2"):
        with Network() as net:
            run("ip", "-n", net.sender, "addr", "add", "198.18.0.1/24", "dev", "s0")
            run("ip", "-n", net.receiver, "addr", "add", "198.18.0.2/24", "dev", "r0")
            capture = Capture(net, "-i", "r0", "--threads", threads, "icmp")
            net.inside(net.sender, "ping", "-q", "-c", "3", "-i", "0.2", "-s", "4000", "198.18.0.2")
            records = capture.end()
            counts = [(e["flow"]["pkts_toserver"], e["pktana"]["payload_bytes_toserver"]) for e in records.flows]
            equal(counts, [(3, 3 * 4000)], f"packets and payload with {threads} workers")


def live_any():
    """`any` captures all interfaces, the filter works there too"""
    with Network(pairs=2) as net:
        capture = Capture(net, "-i", "any", "--threads", "2", "udp", "port", "9")
        options = ("--flows", 20, "--packets", 200, "--both-directions", "--rate", 20000)
        first = net.send("s0", *options)
        second = net.send("s1", *options)
        net.send("s1", *options, "--port", "10")
        records = capture.end()
        equal(records.by_tuple(), sent_by_tuple(first, second), "flows")
        equal(records.ledger["parse"]["filtered_out"], 200, "filtered out")


def live_quiet_link():
    """on a quiet link a packet's line appears at once"""
    with Network() as net:
        capture = Capture(net, "-i", "r0", show="packets")
        net.send("s0", "--flows", 1, "--packets", 1)
        deadline = time.monotonic() + 0.5
        while not open(capture.output.name).read() and time.monotonic() < deadline:
            time.sleep(0.01)
        line = open(capture.output.name).read()
        capture.process.send_signal(signal.SIGINT)
        status, talk = capture.wait()
        equal(status, 0, talk)
        expect("198.18.0.0.20000 > 198.19.0.0.9" in line, f"the packet's line within half a second: {line!r}")


def live_packet_limit():
    """-c ends the capture by itself after so many packets"""
    with Network() as net:
        capture = Capture(net, "-i", "r0", "-c", "7", show="packets")
        net.send("s0", "--flows", 5, "--packets", 50)
        status, talk = capture.wait()
        equal(status, 0, talk)
        equal(len(open(capture.output.name).read().splitlines()), 7, "lines")


def live_sigterm():
    """SIGTERM drains the rings and writes every record"""
    with Network() as net:
        capture = Capture(net, "-i", "r0", "--threads", "2")
        sent = net.send("s0", "--flows", 100, "--packets", 5000, "--both-directions")
        check_equal(capture.end(signal.SIGTERM), sent)


def live_stats_events():
    """stats events on an interval carry a ledger that balances while packets flow"""
    with Network() as net:
        capture = Capture(net, "-i", "r0", "--threads", "2", "--stats-interval", "1s", "--idle-timeout", "1s")
        net.send("s0", "--flows", 100, "--packets", 60000, "--both-directions", "--rate", 20000)
        records = capture.end()
        expect(len(records.stats) >= 3, f"{len(records.stats)} stats events in three seconds")
        equal(records.packets(), 60000, "packets in records")


def live_idle_on_silent_link():
    """a flow ends by its idle timeout while the link is silent"""
    with Network() as net:
        capture = Capture(net, "-i", "r0", "--idle-timeout", "1s")
        net.send("s0", "--flows", 3, "--packets", 6)
        deadline = time.monotonic() + 5
        while open(capture.output.name).read().count('"event_type":"flow"') < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        before = open(capture.output.name).read().count('"event_type":"flow"')
        records = capture.end()
        equal(before, 3, "records before the end of the capture")
        equal({e["pktana"]["end_reason"] for e in records.flows}, {"idle"}, "end reason")


CASES = [live_one_worker, live_two_workers, live_tcp_life, live_asymmetric_pair, live_small_ring, live_down_and_up,
         live_vlan_and_filter, live_vlans_apart, live_fragments, live_any, live_quiet_link, live_packet_limit,
         live_sigterm, live_stats_events, live_idle_on_silent_link]


def main():
    if os.geteuid() != 0:
        print("SKIP live: needs root for network namespaces")
        return 77
    failed = 0
    chosen = [case for case in CASES if not sys.argv[1:] or case.__name__ in sys.argv[1:]]
    for case in chosen:
        try:
            case()
            print(f"PASS {case.__doc__}")
        except (Failure, subprocess.SubprocessError, OSError, ValueError, KeyError, IndexError) as error:
            failed += 1
            print(f"FAIL {case.__doc__}")
            print(f"  {type(error).__name__}: {error}")
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
