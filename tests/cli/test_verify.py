# SPDX-License-Identifier: Apache-2.0
"""verify: what `pktana read` wrote is whole; without a line, or with one twice, it is not, and says which."""

import json

from cli_support import Case, main, pcap, run, udp


class Verify(Case):
    def setUp(self):
        super().setUp()
        capture = self.file(pcap([udp(b"x", src_port=5000 + number) for number in range(20)]))
        done = run("read", capture, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.lines = done.stdout.splitlines(keepends=True)
        self.assertEqual(len(self.lines), 21)

    def verify(self, lines, *options):
        return run("verify", "-", *options, stdin="".join(lines).encode())

    def test_whole(self):
        done = self.verify(self.lines)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"^whole: 21 records in 1 file of 1 stream, ")

    def test_a_gap_is_named(self):
        done = self.verify(self.lines[:4] + self.lines[6:])
        self.assertEqual(done.returncode, 1)
        self.assertIn("gap: 2 records (5 to 6 of stream -) missing in -\n", done.stdout)

    def test_a_doubled_record_is_named(self):
        done = self.verify(self.lines + self.lines[7:8])
        self.assertEqual(done.returncode, 1)
        self.assertIn("doubled: 1 record (8 of stream -) again in -\n", done.stdout)

    def test_a_torn_line_is_named(self):
        done = self.verify(self.lines[:3] + [self.lines[3][:100]], "-q")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout, "torn: line 4 of - is not whole\n")

    def test_json(self):
        done = self.verify(self.lines[:4] + self.lines[6:], "--json")
        report = json.loads(done.stdout)
        self.assertEqual((report["whole"], report["missing"], report["records"]), (False, 2, 19))
        self.assertEqual(report["faults"], [{"kind": "gap", "stream": "-", "first": 5, "last": 6, "path": "-", "before": "-"}])

    def test_csv_has_no_numbers(self):
        done = run("verify", "-", stdin=b'{"a":1}\n')
        self.assertEqual(done.returncode, 1)
        self.assertIn("no record has a number", done.stderr)

    def test_a_log_is_needed(self):
        self.assertEqual(run("verify").returncode, 2)
        self.assertEqual(run("verify", "/nowhere").returncode, 1)


if __name__ == "__main__":
    main()
