# SPDX-License-Identifier: Apache-2.0
"""`read --follow`: the payload of a flow, both ways, in order; `read --split`: a capture for each flow, initiator or
application. Against tshark, and against what was sent."""

import collections
import json
import re
import stat
import subprocess

from capture_files import read_packets
from cli_support import ACK, CAPTURES, PSH, SYN, Case, environment, ethernet, main, pcap, run, run_in_terminal, tcp, udp

SECRET = "00112233445566778899aabbccddeeff"
TO, BACK = {"src_port": 40000}, {"src_port": 80, "dst_port": 40000, "src": "10.0.0.2", "dst": "10.0.0.1"}
ENDS = "10.0.0.1:40000-10.0.0.2:80"
OPENING = [tcp(SYN, seq=99, **TO), tcp(SYN | ACK, seq=499, ack=100, **BACK), tcp(ACK, seq=100, ack=500, **TO)]


def to(seq, data, ack=500):
    return tcp(PSH | ACK, seq=seq, ack=ack, data=data, **TO)


def back(seq, data, ack=100):
    return tcp(PSH | ACK, seq=seq, ack=ack, data=data, **BACK)


def sides(text):
    """Hex output as the bytes of each side, with a mark for what is missing."""
    found, side = {">": b"", "<": b""}, None
    for line in text.splitlines():
        if line[:3] in (">>>", "<<<"):
            side = line[0]
            found[side] += b"[gap]" if "missing" in line else b""
        elif line.startswith("  "):
            found[side] += bytes.fromhex(line[12:60])
    return found


class Follow(Case):
    def follow(self, frames, *options, flow=ENDS):
        done = run("read", self.file(pcap(frames)), "--follow", flow, *options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_the_text_of_both_sides(self):
        shown = self.follow([*OPENING, to(100, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"), back(500, b"HTTP/1.1 200 OK\r\n", 126),
                             back(517, b"\tx\r\n", 126), udp(b"other")])
        self.assertEqual(re.sub(r"flow \d+", "flow N", shown),
                         "=== flow N TCP 10.0.0.1:40000 > 10.0.0.2:80 2023-11-14 22:13:20.000000000\n"
                         ">>> 22:13:20.003000 27 bytes\n  GET / HTTP/1.1\n  Host: a\n  \n"
                         "<<< 22:13:20.004000 21 bytes\n  HTTP/1.1 200 OK\n  \tx\n"
                         "=== 27 bytes to the server, 21 to the client\n")

    def test_order_retransmission_overlap_and_gap(self):
        shown = self.follow([*OPENING, to(103, b"def"), to(100, b"abc"), to(100, b"abc"), to(104, b"XXghi"),
                             back(510, b"later"), to(109, b"j", ack=515), to(110, b"k", ack=515)], "--format", "hex")
        self.assertEqual(sides(shown), {">": b"abcdefghijk", "<": b"[gap]later"})
        self.assertIn("<<< 22:13:20.008000 10 bytes are missing in the capture\n", shown)

    def test_bytes_that_no_terminal_should_see(self):
        shown = self.follow([*OPENING, to(100, b"\x1b[2J\n>>> 12:00:00 9 bytes\n=== flow\n\xff\x00")])
        self.assertIn("  \\u001b[2J\n  >>> 12:00:00 9 bytes\n  === flow\n  \\u00ff\\u0000\n", shown)

    def test_datagrams_stand_for_themselves(self):
        shown = self.follow([udp(b"one"), udp(b"two"), udp(b"three", 53, 5000, src="10.0.0.2", dst="10.0.0.1")],
                            flow="10.0.0.2:53-10.0.0.1:5000")
        self.assertEqual(re.findall(r"(>>>|<<<) \S+ (.*)\n  (.*)", shown),
                         [(">>>", "3 bytes", "one"), (">>>", "3 bytes", "two"), ("<<<", "5 bytes", "three")])

    def test_a_flow_by_either_id(self):
        frames = [*OPENING, to(100, b"x"), udp(b"y")]
        lines = run("read", self.file(pcap(frames)), "--json", "--events", "flow", "--hash-secret", SECRET).stdout
        flow = next(f for f in map(json.loads, lines.splitlines()) if f["proto"] == "TCP")
        for name in (flow["flow_id"], flow["community_id"]):
            self.assertIn("=== 1 bytes to the server", self.follow(frames, "--hash-secret", SECRET, flow=name))
        self.assert_fails(run("read", self.file(pcap(frames)), "--follow", "7"), 1, "--hash-secret")

    def test_two_connections_one_after_another_have_a_head_each(self):
        again = [tcp(SYN, seq=9999, **TO), tcp(SYN | ACK, seq=1, ack=10000, **BACK),
                 tcp(PSH | ACK, seq=10000, ack=2, data=b"new", **TO)]
        ends = [tcp(0x04, seq=103, **TO)]
        shown = self.follow([*OPENING, to(100, b"old"), *ends, *again])
        self.assertEqual(re.findall(r"^  (.*)", shown, re.MULTILINE), ["old", "new"])
        self.assertEqual(len(set(re.findall(r"=== flow (\d+)", shown))), 2)

    def test_raw_is_the_bytes_and_no_terminal_gets_them(self):
        frames = [*OPENING, to(100, b"\x00\xff"), back(500, b"z")]
        done = subprocess.run([*self.command(frames), "--format", "raw"], capture_output=True, check=True)
        self.assertEqual(done.stdout, b"\x00\xffz")
        status, shown, _ = run_in_terminal(*self.command(frames)[1:], "--format", "raw")
        self.assertEqual(status, 2)
        self.assertIn("harm the terminal", shown)

    def command(self, frames):
        from cli_support import PROGRAM
        return [PROGRAM, "read", str(self.file(pcap(frames))), "--follow", ENDS]

    def test_usage(self):
        path = self.file(pcap([udp(b"x")]))
        for words in (["--follow", "x"], ["--follow", "1.2.3.4:5-6"], ["--follow", ENDS, "--json"],
                      ["--follow", ENDS, "-w", "x"], ["--follow", ENDS, "--format", "eve"]):
            self.assert_fails(run("read", path, *words), 2, "--f")
        self.assert_fails(run("read", path, "--follow", ENDS), 1, "no flow is the one")

    def test_tshark_reads_the_same(self):
        self.need("tshark")
        for name in ("handshake-reorder", "reassembly", "missing-syn", "miss_end_data", "ssh-dups", "tcp-fast-open"):
            path = CAPTURES / f"flows/tcp/zeek_{name}.pcap"
            if not path.exists():
                continue
            shown = self.tshark(path, "-Y", "tcp.stream == 0", "-T", "fields", "-e", "ip.src", "-e", "tcp.srcport", "-e",
                                "ip.dst", "-e", "tcp.dstport")
            one, port, other, other_port = shown.splitlines()[0].split("\t")
            wanted = [b"", b""]
            for tab, line in re.findall(r"^(\t?)([0-9a-f]+)$", self.tshark(path, "-q", "-z", "follow,tcp,raw,0"),
                                        re.MULTILINE):
                wanted[bool(tab)] += bytes.fromhex(line)
            wanted = [re.sub(rb"\[\d+ bytes missing in capture file\]\0?", b"[gap]", side) for side in wanted]
            ours = run("read", path, "--follow", f"{one}:{port}-{other}:{other_port}", "--format", "hex").stdout
            self.assertEqual(sorted(sides(ours).values()), sorted(wanted), path)

    def tshark(self, path, *words):
        return subprocess.run(["tshark", "-r", path, *words], capture_output=True, check=True,
                              env=environment()).stdout.decode()


QUERY = bytes.fromhex("123401000001000000000000") + b"\x07example\x03org\0\0\1\0\1"
MIXED = [*OPENING, udp(QUERY), to(100, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"), ethernet(b"\0" * 28, 0x0806),
         udp(b"\1\2\3", src="10.0.0.9", dst_port=9999)]


class Split(Case):
    def split(self, source, by, *options, name="parts"):
        parts = self.folder / name
        done = run("read", source, "--split", parts, "--by", by, *options)
        files = {path.name: read_packets(path) for path in sorted(parts.iterdir())}
        return files, done

    def test_by_flow_initiator_and_application(self):
        source = self.file(pcap(MIXED))
        wanted = {"flow": {"000001-TCP-10.0.0.1.40000-10.0.0.2.80": 4, "000002-UDP-10.0.0.1.5000-10.0.0.2.53": 1,
                           "000003-UDP-10.0.0.9.5000-10.0.0.2.9999": 1, "no-flow": 1},
                  "src": {"10.0.0.1": 5, "10.0.0.9": 1, "no-flow": 1},
                  "app": {"dns": 1, "http": 4, "unknown": 1, "no-flow": 1}}
        for by, names in wanted.items():
            files, done = self.split(source, by, name=by)
            self.assertEqual({name: len(packets) for name, packets in files.items()},
                             {f"{name}.pcapng": count for name, count in names.items()})
            self.assertEqual((done.returncode, done.stdout), (0, ""))
            self.assertIn(f"7 packets in {len(names)} files in ", done.stderr)

    def test_the_parts_are_the_whole_of_every_capture(self):
        for path in sorted(p for folder in ("fragments", "tcp") for p in (CAPTURES / "flows" / folder).glob("*.pcap")):
            files, done = self.split(path, "flow", "--hash-secret", SECRET, name=path.stem)
            self.assertEqual(done.returncode, 0, done.stderr)
            essence = [(p.ns, p.wire, p.data) for packets in files.values() for p in packets]
            self.assertEqual(collections.Counter(essence),
                             collections.Counter((p.ns, p.wire, p.data) for p in read_packets(path)), path)
            for name, packets in files.items():
                comments = {p.comment for p in packets}
                self.assertEqual((len(comments), name == "no-flow.pcapng"), (1, comments == {""}), name)

    def test_many_files_at_once(self):
        frames = [udp(b"x" * 200, src_port=1000 + i % 3000) for i in range(9000)]
        files, done = self.split(self.file(pcap(frames)), "flow", "--file-format", "pcap")
        self.assertEqual(len(files), 3000)
        self.assertEqual({len(packets) for packets in files.values()}, {3})
        self.assertIn("9000 packets in 3000 files", done.stderr)

    def test_only_flows_that_match(self):
        files, _ = self.split(self.file(pcap(MIXED)), "src", "--where", "pkts == 4", "-q")
        self.assertEqual({name: len(p) for name, p in files.items()}, {"10.0.0.1.pcapng": 4})

    def test_a_directory_with_something_in_it_is_spared(self):
        source = self.file(pcap(MIXED))
        self.split(source, "src")
        _, done = self.split(source, "src")
        self.assert_fails(done, 1, "is not empty", "--overwrite")
        files, done = self.split(source, "app", "--overwrite")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(len(files), 3 + 4 - 1)
        mode = stat.S_IMODE((self.folder / "parts").stat().st_mode)
        self.assertEqual(mode & 0o007, 0)

    def test_usage(self):
        source = self.file(pcap(MIXED))
        self.assert_fails(run("read", "-", "--split", self.folder / "x", "--by", "app"), 2, "standard input")
        self.assert_fails(run("read", source, "--split", self.folder / "x"), 2, "--by")
        self.assert_fails(run("read", source, "--by", "app"), 2, "--split")
        self.assert_fails(run("read", source, "--split", self.folder / "x", "--by", "app", "--json"), 2, "shows nothing")
        self.assert_fails(run("read", source, "--split", self.file(b""), "--by", "app"), 1, "directory")


if __name__ == "__main__":
    main()
