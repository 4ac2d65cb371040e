# SPDX-License-Identifier: Apache-2.0
"""`pktana inspect` as a user meets it: files, hex, standard input, JSON, the hex dump, errors."""

import json

from cli_support import ACK, SYN, Case, main, pcap, run, tcp, udp

FRAMES = [tcp(SYN), udp(b"hello"), tcp(SYN | ACK, src="10.0.0.2", dst="10.0.0.1"), udp(b"more")]


class Inspect(Case):
    def test_one_packet_of_a_file(self):
        done = run("inspect", self.file(pcap(FRAMES)), "--packet", "2")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith("packet 2, 2023-11-14 22:13:20.001000000 UTC, 47 bytes, "))
        self.assertIn("udp [34-41]  5000 > 53, 5 bytes of data", done.stdout)
        self.assertIn("hello", done.stdout)
        self.assertNotIn("packet 3", done.stdout)

    def test_ranges_and_filters_keep_the_numbers_of_the_file(self):
        done = run("inspect", self.file(pcap(FRAMES)), "-n", "2-4", "--json", "udp")
        self.assertEqual([json.loads(line)["packet"] for line in done.stdout.splitlines()], [2, 4])

    def test_json_has_layers_fields_and_findings(self):
        done = run("inspect", self.file(pcap([tcp(SYN | 1)])), "--json")
        packet = json.loads(done.stdout)
        self.assertEqual([layer["name"] for layer in packet["layers"]], ["ethernet", "ipv4", "tcp"])
        flags = next(f for f in packet["layers"][2]["fields"] if f["name"] == "flags")
        self.assertEqual((flags["offset"], flags["length"], flags["value"]), (46, 2, 3))
        self.assertEqual(flags["meaning"], "SYN, FIN")
        self.assertTrue(next(f for f in flags["fields"] if f["name"] == "FIN")["value"])
        self.assertIn("syn_fin", [finding["code"] for finding in packet["findings"]])

    def test_hex_in_an_argument_and_on_standard_input(self):
        frame = FRAMES[1]
        by_argument = run("inspect", "--hex", frame.hex(":"))
        self.assertEqual(by_argument.returncode, 0, by_argument.stderr)
        self.assertIn("udp [34-41]", by_argument.stdout)
        self.assertEqual(run("inspect", "-", stdin=frame.hex(" ").encode()).stdout, by_argument.stdout)

    def test_a_capture_on_standard_input(self):
        done = run("inspect", "-", "-n", "1", stdin=pcap(FRAMES))
        self.assertIn("tcp [34-53]  40000 > 80, SYN", done.stdout)

    def test_hex_of_a_bare_ip_packet_is_recognised(self):
        done = run("inspect", "--hex", FRAMES[1][14:].hex())
        self.assertIn("link type RAW (guessed", done.stdout)
        self.assertIn("udp [20-27]", done.stdout)
        told = run("inspect", "--hex", FRAMES[1][14:].hex(), "--link-type", "ipv4")
        self.assertIn("link type IPV4\n", told.stdout)

    def test_the_hex_dump_has_the_field_below_its_bytes(self):
        done = run("inspect", "--hex", FRAMES[1].hex(), "--hexdump")
        lines = done.stdout.splitlines()
        at = next(i for i, line in enumerate(lines) if line.startswith("000000  "))
        self.assertTrue(lines[at].startswith("000000  02 00 00 00 00 02 02 00 00 00 00 01 08 00 45 00"))
        self.assertEqual(lines[at + 1], "        dst.............. src.............. type. ve ds")

    def test_colours_only_where_asked_for(self):
        hex_frame = FRAMES[0].hex()
        self.assertNotIn("\033", run("inspect", "--hex", hex_frame, "--hexdump").stdout)
        self.assertIn("\033", run("inspect", "--hex", hex_frame, "--hexdump", "--color", "always").stdout)

    def test_errors_say_what_to_do(self):
        self.assert_fails(run("inspect"), 2, "inspect needs a capture file")
        self.assert_fails(run("inspect", "--hex", "45 0g"), 2, "'g' in column 5 is no hex digit")
        self.assert_fails(run("inspect", "--hex", "45", "--link-type", "ethernt"), 2, "did you mean")
        path = self.file(pcap(FRAMES))
        self.assert_fails(run("inspect", path, "-n", "9"), 1, "none of the 4 packets")
        self.assert_fails(run("inspect", path, "-n", "x"), 2, "no list of packet numbers")
        self.assert_fails(run("inspect", path, "tcp port"), 2, "^")


if __name__ == "__main__":
    main()
