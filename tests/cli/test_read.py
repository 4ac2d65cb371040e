# SPDX-License-Identifier: Apache-2.0
"""`pktana read`: files, filters, limits, exit status."""

import gzip
import json
import os
import re
import subprocess

from cli_support import ACK, CAPTURES, PROGRAM, PSH, SYN, Case, environment, main, pcap, run, tcp, udp

HANDSHAKE = [tcp(SYN), tcp(SYN | ACK, 80, 40000, 9, 2, src="10.0.0.2", dst="10.0.0.1"), tcp(ACK, seq=2, ack=10),
             tcp(PSH | ACK, seq=2, ack=10, data=b"GET /")]
BOTH = [*HANDSHAKE, udp(b"query")]


def records(done, event_type="flow"):
    events = [json.loads(line) for line in done.stdout.splitlines()]
    return [event for event in events if event["event_type"] == event_type]


class Files(Case):
    def test_flows_as_eve_into_a_pipe(self):
        done = run("read", self.file(pcap(BOTH)))
        self.assertEqual(done.returncode, 0, done.stderr)
        flows = records(done)
        self.assertEqual({flow["proto"] for flow in flows}, {"TCP", "UDP"})
        self.assertEqual(len(records(done, "stats")), 1)

    def test_events_choose(self):
        path = self.file(pcap(BOTH))
        self.assertEqual(len(run("read", path, "--events", "flow").stdout.splitlines()), 2)
        self.assertEqual(len(run("read", path, "--events", "stats").stdout.splitlines()), 1)

    def test_several_files_are_one_run(self):
        first = self.file(pcap(HANDSHAKE[:2]), "a.pcap")
        second = self.file(pcap(HANDSHAKE[2:], start=1_700_000_001), "b.pcap")
        flows = records(run("read", first, second))
        self.assertEqual(len(flows), 1)
        self.assertEqual(flows[0]["flow"]["pkts_toserver"], 3)

    def test_standard_input(self):
        done = run("read", "-", stdin=pcap(BOTH))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(records(done)), 2)

    def test_gzip(self):
        done = run("read", self.file(gzip.compress(pcap(BOTH)), "x.pcap.gz"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(records(done)), 2)

    def test_output_to_a_file(self):
        path = self.folder / "flows.json"
        done = run("read", self.file(pcap(BOTH)), "-o", path)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        self.assertEqual(len(path.read_text().splitlines()), 3)

    def test_packets_to_a_file(self):
        path = self.folder / "packets.txt"
        done = run("read", self.file(pcap(BOTH)), "--show", "packets", "-o", path)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        self.assertEqual(len(path.read_text().splitlines()), 5)

    def test_csv_has_a_header(self):
        done = run("read", self.file(pcap(BOTH)), "--format", "csv")
        self.assertEqual(len(done.stdout.splitlines()), 3)

    def test_the_same_secret_gives_the_same_flow_ids(self):
        path = self.file(pcap(BOTH))
        runs = [records(run("read", path, "--hash-secret", "abc")) for _ in range(2)]
        self.assertEqual(*[[flow["flow_id"] for flow in flows] for flows in runs])

    def test_active_timeout_splits(self):
        frames = [udp(b"x")] * 3000  # three seconds
        flows = records(run("read", self.file(pcap(frames)), "--active-timeout", "1s"))
        self.assertGreater(len(flows), 1)
        self.assertEqual(sum(flow["flow"]["pkts_toserver"] for flow in flows), 3000)

    def test_updates_of_a_live_flow(self):
        path = self.file(pcap([udp(b"x")] * 3500))  # three and a half seconds
        done = run("read", path, "--events", "flow,flow_update,stats", "--update-interval", "1s")
        updates = records(done, "flow_update")
        [final] = records(done)
        [stats] = records(done, "stats")
        self.assertEqual([update["pktana"]["update"]["index"] for update in updates], [1, 2, 3])
        self.assertEqual([update["pktana"]["update"]["delta"]["pkts_toserver"] for update in updates], [1000] * 3)
        self.assertEqual([update["flow"]["pkts_toserver"] for update in updates], [1000, 2000, 3000])
        self.assertEqual({update["flow_id"] for update in updates}, {final["flow_id"]})
        self.assertNotIn("reason", updates[0]["flow"])
        self.assertNotIn("end_reason", updates[0]["pktana"])
        self.assertEqual(final["flow"]["pkts_toserver"], 3500)
        ledger = stats["pktana"]["ledger"]
        self.assertEqual(ledger["kinds"],
                         {"handed_to_sink": 4, "records": 1, "updates": 3, "balanced": True})
        self.assertTrue(ledger["sink"]["balanced"])

    def test_updates_alone(self):
        path = self.file(pcap([udp(b"x")] * 3500))
        done = run("read", path, "--events", "flow_update,stats", "--update-interval", "1s")
        self.assertEqual(records(done), [])
        [stats] = records(done, "stats")
        self.assertEqual(stats["pktana"]["ledger"]["sink"]["not_wanted"], 1)
        self.assertTrue(stats["pktana"]["ledger"]["sink"]["balanced"])

    def test_a_timeout_of_one_protocol_and_state(self):
        path = self.file(pcap([udp(b"x")] * 2 + [udp(b"y", src_port=99)] * 3000 + [udp(b"x")]))
        self.assertEqual(len(records(run("read", path))), 2)
        flows = records(run("read", path, "--timeout", "tcp.new=1s,udp.new=2s"))
        self.assertEqual(sorted(flow["pktana"]["end_reason"] for flow in flows), ["idle", "shutdown", "shutdown"])

    def test_several_threads_find_the_same_flows(self):
        path = self.file(pcap([udp(b"x", src_port=2000 + i) for i in range(500)]))
        one, four = [{f["src_port"] for f in records(run("read", path, "--threads", n))} for n in (1, 4)]
        self.assertEqual(len(one), 500)
        self.assertEqual(one, four)


class Filters(Case):
    def test_trailing_words(self):
        path = self.file(pcap(BOTH))
        flows = records(run("read", path, "udp", "port", "53", "--json"))
        self.assertEqual([flow["proto"] for flow in flows], ["UDP"])

    def test_limit_counts_what_passed_the_filter(self):
        done = run("read", self.file(pcap(BOTH)), "-c", "2", "--show", "packets", "tcp")
        self.assertEqual((done.returncode, len(done.stdout.splitlines())), (0, 2), done.stderr)

    def test_a_bad_filter_is_shown_with_a_caret(self):
        done = run("read", self.file(pcap(BOTH)), "tcp", "prot", "80")
        self.assert_fails(done, 2, "tcp prot 80")
        lines = done.stderr.splitlines()
        text = next(i for i, line in enumerate(lines) if line.endswith("tcp prot 80"))
        self.assertEqual(lines[text + 1].index("^"), lines[text].index("prot"))
        self.assertEqual(done.stdout, "")

    def test_a_bad_filter_makes_no_output_file(self):
        path = self.folder / "out.json"
        self.assert_fails(run("read", self.file(pcap(BOTH)), "-o", path, "tcp", "prot"), 2)
        self.assertFalse(path.exists())


class Failures(Case):
    def test_no_such_file(self):
        self.assert_fails(run("read", "/nonexistent.pcap"), 1, "/nonexistent.pcap", "No such file")

    def test_a_directory(self):
        self.assert_fails(run("read", self.folder), 1, str(self.folder))

    def test_no_capture_file(self):
        self.assert_fails(run("read", self.file(b"hello, world, this is text\n")), 1, "error", "test.pcap")

    def test_an_empty_file(self):
        self.assert_fails(run("read", self.file(b"")), 1, "test.pcap")

    def test_no_permission(self):
        path = self.file(pcap(BOTH))
        path.chmod(0)
        # Root may read everything, unless it gives that right away.
        drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
        self.assert_fails(run("read", path, prefix=drop), 1, "Permission denied")

    def test_the_rest_is_read(self):
        done = run("read", "/nonexistent.pcap", self.file(pcap(BOTH)))
        self.assert_fails(done, 1, "/nonexistent.pcap")
        self.assertEqual(len(records(done)), 2)

    def test_a_file_cut_short_is_a_warning_and_status_1(self):
        done = run("read", self.file(pcap(BOTH)[:-3]), "--show", "packets")
        self.assert_fails(done, 1, "warning", "test.pcap")
        self.assertEqual(len(done.stdout.splitlines()), 4)
        self.assertEqual(done.stderr.count("test.pcap"), 1)

    def test_output_that_cannot_be_opened(self):
        self.assert_fails(run("read", self.file(pcap(BOTH)), "-o", "/nonexistent/x"), 1, "/nonexistent/x")

    def test_output_that_is_an_input(self):
        path = self.file(pcap(BOTH))
        before = path.read_bytes()
        self.assert_fails(run("read", path, "-o", path), 1, "also an input")
        self.assertEqual(path.read_bytes(), before)

    def test_a_full_disk(self):
        for show in ("flows", "packets", "summary"):
            self.assert_fails(run("read", self.file(pcap(BOTH)), "--show", show, "-o", "/dev/full"), 1, "/dev/full")

    def test_control_characters_in_names_are_escaped(self):
        done = run("read", "/nonexistent\x1b[31m.pcap")
        self.assert_fails(done, 1)
        self.assertNotIn("\x1b", done.stderr)


class Summary(Case):
    def test_it_balances_and_goes_to_stderr(self):
        done = run("read", self.file(pcap(BOTH)))
        self.assertRegex(done.stderr, r"captured +5\n")
        self.assertRegex(done.stderr, r"created +2\n")
        self.assertNotIn("MISMATCH", done.stderr)
        for line in ("parse", "flow", "packets", "sink"):
            self.assertRegex(done.stderr, rf"\n  {line} .*: ok\n")
        self.assertRegex(done.stderr, r"\n  kernel .*unknown.*: not known\n")

    def test_quiet_says_nothing(self):
        self.assertEqual(run("read", self.file(pcap(BOTH)), "-q").stderr, "")

    def test_alone_it_goes_to_stdout(self):
        done = run("read", self.file(pcap(BOTH)), "--show", "summary", "-q")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"captured +5\n")
        self.assertNotIn("event_type", done.stdout)

    def test_not_ip_and_undecodable_are_counted_by_type(self):
        arp = bytes.fromhex("ffffffffffff020000000001" "0806" "0001080006040001") + b"\0" * 20
        frames = [*BOTH, arp, udp(b"")[:20]]
        done = run("read", self.file(pcap(frames)))
        self.assertRegex(done.stderr, r"not IP +1\n +arp request +1\n")
        self.assertRegex(done.stderr, r"undecodable +1\n +ipv4 truncated +1\n")

    def test_filtered_packets_are_counted(self):
        done = run("read", self.file(pcap(BOTH)), "udp")
        self.assertRegex(done.stderr, r"filtered out +4\n")


class Overview(Case):
    MIXED = [*BOTH, udp(b"x" * 900, src="10.0.0.9"), tcp(SYN, dst_port=443, src="10.0.0.8"), udp(b"y", dst_port=9)]

    def shown(self, *options, frames=MIXED):
        done = run("read", self.file(pcap(frames)), "--show", "summary", *options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def rows(self, title, text):
        section = re.search(rf"^{title} .*\n((?:  .*\n)+)", text, re.MULTILINE)[1]
        return [line.split() for line in section.splitlines()]

    def test_the_shares_are_the_sums_of_the_records(self):
        text = self.shown()
        lines = run("read", self.file(pcap(self.MIXED)), "--json", "--events", "flow").stdout.splitlines()
        flows = [json.loads(line) for line in lines]
        for title, key in (("protocols", lambda f: [f["proto"]]), ("ports", lambda f: [f"{f['proto']}/{f['dest_port']}"]),
                           ("talkers", lambda f: {f["src_ip"], f["dest_ip"]})):
            wanted = {}
            for flow in flows:
                packets = flow["flow"]["pkts_toserver"] + flow["flow"]["pkts_toclient"]
                for name in key(flow):
                    flows_of, packets_of = wanted.get(name, (0, 0))
                    wanted[name] = (flows_of + 1, packets_of + packets)
            self.assertEqual({row[0]: (int(row[1]), int(row[2])) for row in self.rows(title, text)}, wanted)
        self.assertEqual(self.rows("protocols", text)[0][0], "UDP")

    def test_time_and_tcp(self):
        text = self.shown()
        self.assertIn("  first packet    2023-11-14 22:13:20.000000000\n", text)
        self.assertRegex(text, rf"packets +{len(self.MIXED)} ")
        self.assertRegex(text, r"without an answer +1 ")

    def test_only_flows_that_match(self):
        self.assertEqual([row[0] for row in self.rows("protocols", self.shown("--where", "dest_port == 443"))], ["TCP"])

    def test_more_than_ten_and_names_that_nobody_should_see(self):
        frames = [udp(b"x" * i, src=f"10.0.1.{i}") for i in range(1, 20)]
        rows = self.rows("talkers", self.shown(frames=frames))
        self.assertEqual((len(rows), rows[-1][:2]), (11, ["10", "more"]))

    def test_bars_take_the_room_that_there_is(self):
        for columns, bars in ((50, 0), (80, 20), (200, 50)):
            command = f"stty cols {columns} rows 50; {PROGRAM} read {self.file(pcap(self.MIXED))} --show summary --color never"
            shown = subprocess.run(["script", "-qc", command, "/dev/null"], capture_output=True, check=True,
                                   stdin=subprocess.DEVNULL, env=environment()).stdout.decode()
            table = shown.replace("\r", "").split("protocols")[1].split("TCP health")[0]
            self.assertLessEqual(max(map(len, table.split("\n"))), max(columns, 60))
            longest = max(map(len, re.findall("#+", table)), default=0)
            self.assertTrue(longest == 0 if bars == 0 else longest >= bars, (columns, longest))


class Captures(Case):
    def test_every_kind_of_capture_balances(self):
        if not CAPTURES.is_dir():
            self.fail(f"SKIP: no captures at {CAPTURES}")
        broken = 0
        paths = sorted(p for p in CAPTURES.rglob("*") if p.suffix in (".pcap", ".pcapng", ".snoop", ".gz"))
        for path in paths:
            done = run("read", path, "--show", "summary")
            self.assertIn(done.returncode, (0, 1), path)
            self.assertNotIn("MISMATCH", done.stdout, path)
            self.assertEqual(done.returncode == 1, "pktana: " in done.stderr, path)
            broken += done.returncode
        self.assertGreater(len(paths), 100)
        self.assertLess(broken, 10)


if __name__ == "__main__":
    main()
