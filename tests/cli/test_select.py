# SPDX-License-Identifier: Apache-2.0
"""`-w` with `--where`: the packets of flows that match and no others, in their order, with their flow's id; the bound of
what is held; rotation; against a selection of tshark's."""

import collections
import json
import subprocess

from capture_files import read_packets
from cli_support import ACK, CAPTURES, FIN, SYN, Case, environment, main, pcap, run, tcp, udp

SECRET = "00112233445566778899aabbccddeeff"
WHOLE = "end_reason == shutdown or bytes > 3KB"  # known at a flow's end only


def captures():
    return sorted(p for folder in ("flows", "pcapng") for p in (CAPTURES / folder).rglob("*")
                  if p.suffix in (".pcap", ".pcapng", ".cap"))


def events(done, kind="flow"):
    return [e for e in map(json.loads, done.stdout.splitlines()) if e["event_type"] == kind]


def packets_of(flow):
    return flow["flow"]["pkts_toserver"] + flow["flow"]["pkts_toclient"]


def essence(packets):
    return [(p.ns, p.wire, p.link, p.data) for p in packets]


def is_part_in_order(part, whole):
    rest = iter(whole)
    return all(one in rest for one in part)


def connection(port, data, count):
    """Handshake, `count` segments of `data`, FINs."""
    to, back = {"src_port": port}, {"src_port": 80, "dst_port": port, "src": "10.0.0.2", "dst": "10.0.0.1"}
    frames = [tcp(SYN, seq=0, **to), tcp(SYN | ACK, seq=0, ack=1, **back)]
    frames += [tcp(ACK, seq=1 + i * len(data), ack=1, data=data, **to) for i in range(count)]
    end = 1 + count * len(data)
    return frames + [tcp(FIN | ACK, seq=end, ack=1, **to), tcp(FIN | ACK, seq=1, ack=end + 1, **back)]


def interleaved(*lists):
    frames = []
    for i in range(max(map(len, lists))):
        frames += [one[i] for one in lists if i < len(one)]
    return frames


class Select(Case):
    def select(self, source, where, *words, name="out.pcapng"):
        out = self.folder / name
        done = run("read", source, "--hash-secret", SECRET, "-w", out, "--where", where, *words)
        self.assertNotIn("MISMATCH", done.stderr)
        return (read_packets(out) if out.exists() else []), done

    def test_every_capture_gives_the_packets_of_its_records(self):
        compared = 0
        for path in captures():
            packets, done = self.select(path, WHOLE, "-q", "--json", "--events", "flow", name="all.pcapng")
            wanted = collections.Counter()
            for flow in events(done):
                wanted[f"flow_id={flow['flow_id']}"] += packets_of(flow)
            self.assertEqual(collections.Counter(p.comment for p in packets), wanted, path)
            self.assertTrue(is_part_in_order(essence(packets), essence(read_packets(path))), path)
            compared += len(packets)
        if CAPTURES.is_dir():
            self.assertGreater(compared, 1000)

    def test_tshark_selects_the_same(self):
        self.need("tshark")
        for path in sorted((CAPTURES / "flows/tcp").glob("*.pcap"))[:4]:
            flows = [f for f in events(run("read", path, "-q", "--json", "--events", "flow")) if f["proto"] == "TCP"]
            if not flows:
                continue
            best = max(flows, key=packets_of)
            tuple_ = (f"ip.addr == {best['src_ip']} and ip.addr == {best['dest_ip']} and "
                      f"tcp.port == {best['src_port']} and tcp.port == {best['dest_port']}")
            shown = subprocess.run(["tshark", "-r", path, "-Y", tuple_, "-T", "fields", "-e", "frame.time_epoch", "-e",
                                    "frame.len"], capture_output=True, check=True, env=environment()).stdout.decode()
            where = (f"ip == {best['src_ip']} and ip == {best['dest_ip']} and port == {best['src_port']} and "
                     f"port == {best['dest_port']} and (bytes > 0 or end_reason == closed)")
            packets, _ = self.select(path, where, "-q", name="one.pcap")
            self.assertEqual([f"{p.ns // 10**9}.{p.ns % 10**9:09} {p.wire}" for p in packets],
                             [" ".join(line.split()) for line in shown.splitlines()], path)

    def test_nothing_is_shown_and_the_summary_says_what_became_of_each_packet(self):
        source = self.file(pcap(interleaved(connection(1000, b"x" * 100, 20), [udp(b"y")] * 5)))
        packets, done = self.select(source, "bytes > 1KB")
        self.assertEqual((len(packets), done.stdout), (24, ""))
        self.assertRegex(done.stderr, r"of flows that match +24\n +let go: of other flows +5\n")
        self.assertRegex(done.stderr, r"hold +packets looked at 29 = packets to write 24 \+ let go other flows 5")

    def test_an_event_makes_its_flow_match(self):
        query = bytes.fromhex("123401000001000000000000") + b"\x07example\x03org\0\0\1\0\1"
        source = self.file(pcap(interleaved([udp(query, src_port=7)], [udp(query.replace(b"org", b"net"), src_port=8)])))
        packets, _ = self.select(source, "dns.rrname == 'example.org'", "-q")
        self.assertEqual([p.data for p in packets], [udp(query, src_port=7)])

    def test_the_bound_judges_the_oldest_flow_as_it_stands(self):
        big, small = connection(1000, b"x" * 1000, 60), connection(2000, b"y", 60)
        source = self.file(pcap(interleaved(big, small)))
        packets, done = self.select(source, "bytes > 20KB", "--hold", "64KiB")
        # By then the big one had enough, and the small one is let go rightly.
        self.assertEqual([p.data for p in packets], big)
        self.assertRegex(done.stderr, r"flows judged before their end +[12]\n")
        packets, done = self.select(source, "bytes > 20KB", "--hold", "10KiB", "--json", "--events", "flow,stats")
        held = events(done, "stats")[-1]["pktana"]["hold"]
        self.assertGreater(held["let_go_wrongly"], 0)
        self.assertEqual(held["let_go_wrongly"], len(big) - len(packets))
        self.assertIn("packets let go wrongly", done.stderr)
        packets, done = self.select(source, "bytes < 20KB", "--hold", "10KiB")
        self.assertRegex(done.stderr, r"packets taken wrongly +[1-9]")
        self.assertTrue(is_part_in_order(essence(packets), essence(read_packets(source))))

    def test_the_bound_in_time(self):
        big = connection(1000, b"x" * 1000, 60)
        source = self.file(pcap(big))
        self.assertEqual(self.select(source, "bytes < 50KB")[0], [])
        packets, done = self.select(source, "bytes < 50KB", "--hold", "1MiB,10ms")
        self.assertGreater(len(packets), 30)
        self.assertIn("judged before their end", done.stderr)

    def test_what_the_first_packet_tells_waits_for_nothing(self):
        source = self.file(pcap(interleaved(connection(1000, b"x" * 1000, 60), connection(2000, b"y", 60))))
        packets, done = self.select(source, "src_port == 2000 and ip in 10.0.0.0/8 or bytes > 1GB and proto == UDP",
                                    "--hold", "0B")
        self.assertEqual([p.data for p in packets], connection(2000, b"y", 60))
        self.assertNotIn("judged before", done.stderr)

    def test_rotated_files_are_the_one_cut_in_parts(self):
        source = self.file(pcap(interleaved(connection(1000, b"x" * 1000, 60), connection(2000, b"y", 60))))
        whole, _ = self.select(source, "bytes > 20KB", "-q", name="whole.pcap")
        self.select(source, "bytes > 20KB", "-q", "-C", "16KiB", name="part.pcap")
        parts = sorted(self.folder.glob("part.pcap*"), key=lambda p: int(p.name[9:] or 0))
        self.assertGreater(len(parts), 2)
        self.assertEqual([p for part in parts for p in read_packets(part)], whole)

    def test_all_packets_tell_their_flow_where_flows_are_shown(self):
        source = self.file(pcap(interleaved(connection(1000, b"x", 3), [udp(b"y")] * 3)))
        out = self.folder / "all.pcapng"
        done = run("read", source, "-q", "--json", "--events", "flow", "-w", out)
        comments = collections.Counter(p.comment for p in read_packets(out))
        self.assertEqual(comments, {f"flow_id={f['flow_id']}": packets_of(f) for f in events(done)})
        run("read", source, "-q", "-w", out)
        self.assertEqual({p.comment for p in read_packets(out)}, {""})

    def test_usage(self):
        source = self.file(pcap([udp(b"x")]))
        self.assert_fails(run("read", source, "--hold", "1MB"), 2, "about -w")
        self.assert_fails(run("read", source, "-w", self.folder / "x", "--hold", "1MB"), 2, "--where")
        self.assert_fails(run("read", source, "-w", self.folder / "x", "--where", "bytes > 1", "--hold", "1MB,0"), 2,
                          "above 0")
        self.assert_fails(run("read", source, "-w", self.folder / "x", "--where", "byte > 1"), 2, "did you mean bytes")


if __name__ == "__main__":
    main()
