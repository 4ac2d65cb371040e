# SPDX-License-Identifier: Apache-2.0
"""Scans: one summary each beside the flows, or in place of them."""

import json

from cli_support import ACK, CAPTURES, PSH, RST, SYN, Case, main, pcap, run, tcp, udp

SCANNER, TARGET = "198.18.0.66", "198.19.0.1"


def refused(port, target=TARGET, scanner=SCANNER):
    return [tcp(SYN, 50000, port, src=scanner, dst=target),
            tcp(RST | ACK, port, 50000, ack=2, src=target, dst=scanner)]


def talk(client):
    """A connection that works."""
    there, back = {"src": client, "dst": TARGET}, {"src": TARGET, "dst": client}
    return [tcp(SYN, **there), tcp(SYN | ACK, 80, 40000, 9, 2, **back), tcp(ACK, seq=2, ack=10, **there),
            tcp(PSH | ACK, seq=2, ack=10, data=b"GET /", **there),
            tcp(PSH | ACK, 80, 40000, 10, 7, data=b"200 OK", **back)]


def vertical(ports):
    return [frame for port in range(1, ports + 1) for frame in refused(port)]


def horizontal(targets):
    return [frame for i in range(1, targets + 1) for frame in refused(22, f"198.19.1.{i}", "198.18.0.67")]


def events(done, event_type):
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return [event for event in lines if event["event_type"] == event_type]


class Scans(Case):
    def read(self, frames, *options):
        done = run("read", self.file(pcap(frames)), "--json", "--hash-secret", "5ca0", *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        ledger = events(done, "stats")[-1]["pktana"]["ledger"]
        self.assertEqual([line for line in ledger.values() if line["balanced"] is False], [])
        return done

    def test_a_vertical_scan_leaves_one_summary_beside_its_flows(self):
        done = self.read(vertical(200) + talk("198.18.0.2"))
        self.assertEqual(len(events(done, "flow")), 201)
        [scan] = events(done, "scan")
        self.assertEqual((scan["src_ip"], scan["dest_ip"], scan["proto"]), (SCANNER, TARGET, "TCP"))
        own = scan["pktana"]["scan"]
        self.assertEqual(own["type"], "vertical")
        self.assertEqual((own["attempts"], own["refused"], own["packets"]), (200, 200, 400))
        self.assertEqual((own["port_count"], own["ports"]), (200, ["1-200"]))
        self.assertEqual((own["target_count"], own["targets"]), (1, [TARGET]))

    def test_a_horizontal_scan_names_its_port_and_its_first_targets(self):
        [scan] = events(self.read(horizontal(100)), "scan")
        self.assertEqual((scan["dest_port"], scan["pktana"]["scan"]["type"]), (22, "horizontal"))
        self.assertEqual(scan["pktana"]["scan"]["target_count"], 100)
        self.assertEqual(scan["pktana"]["scan"]["targets"][0], "198.19.1.1")

    def test_folded_the_summaries_stand_for_the_flows(self):
        done = self.read(vertical(200) + talk("198.18.0.2") + horizontal(100), "--fold-scans")
        [flow] = events(done, "flow")
        self.assertEqual(flow["src_ip"], "198.18.0.2")
        self.assertEqual(len(events(done, "scan")), 2)
        sink = events(done, "stats")[-1]["pktana"]["ledger"]["sink"]
        self.assertEqual((sink["folded_into_scans"], sink["records_written"]), (300, 1))

    def test_folding_keeps_attempts_that_were_no_scan(self):
        done = self.read(vertical(24) + talk("198.18.0.2"), "--fold-scans")
        self.assertEqual(len(events(done, "flow")), 25)
        self.assertEqual(events(done, "scan"), [])

    def test_every_event_has_its_number(self):
        done = self.read(vertical(50) + horizontal(50))
        numbers = [json.loads(line)["pktana"]["seq"] for line in done.stdout.splitlines()]
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))

    def test_the_threshold_can_be_set(self):
        self.assertEqual(len(events(self.read(vertical(10), "--scan-threshold", "10"), "scan")), 1)
        self.assertEqual(events(self.read(vertical(10)), "scan"), [])
        self.assert_fails(run("read", "x", "--scan-threshold", "1"), 2, "--scan-threshold")

    def test_it_is_an_event_like_others(self):
        frames = vertical(50) + [udp(b"x")]
        self.assertEqual(events(self.read(frames, "--events", "flow,stats"), "scan"), [])
        done = run("read", self.file(pcap(frames)), "--events", "scan")
        self.assertEqual(len(done.stdout.splitlines()), 1)

    def test_the_same_for_any_number_of_threads(self):
        frames = vertical(500) + horizontal(200)
        scans = [[scan["pktana"]["scan"] for scan in events(self.read(frames, "--threads", n), "scan")]
                 for n in ("1", "2", "4")]
        for one in scans:
            one.sort(key=lambda scan: scan["type"])
        self.assertEqual(scans[0], scans[1])
        self.assertEqual(scans[0], scans[2])

    def test_real_scans(self):
        self.need_captures()
        scans = {}
        for path in sorted([*CAPTURES.glob("flows/*/*.pcap*"), *CAPTURES.glob("dpi/quic/*.pcap*")]):
            if not path.name.endswith(".json"):
                scans |= {path.name: found for found in [events(run("read", path, "--events", "scan"), "scan")] if found}
        self.assertEqual(list(scans), ["ndpi_synscan.pcap"])  # the default run of nmap: 1,000 ports
        [scan] = scans["ndpi_synscan.pcap"]
        self.assertEqual((scan["pktana"]["scan"]["type"], scan["pktana"]["scan"]["port_count"]), ("vertical", 1000))


if __name__ == "__main__":
    main()
