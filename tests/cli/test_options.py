# SPDX-License-Identifier: Apache-2.0
"""Usage, help, version, the list of interfaces."""

import json
import subprocess

from cli_support import PROGRAM, Case, environment, main, run


class Usage(Case):
    def test_wrong_usage_is_status_2(self):
        for words in ([], ["bogus"], ["read"], ["capture"], ["read", "x.pcap", "--bogus"], ["read", "x.pcap", "-c"],
                      ["read", "x.pcap", "-c", "zero"], ["read", "x.pcap", "--format", "xml"]):
            done = run(*words)
            self.assert_fails(done, 2, "pktana: error: ")
            self.assertEqual(done.stdout, "")

    def test_an_unknown_option_is_answered_with_the_nearest(self):
        self.assert_fails(run("read", "x.pcap", "--fromat", "eve"), 2, "did you mean --format?")

    def test_help_goes_to_stdout(self):
        for words in (["--help"], ["capture", "--help"], ["read", "-h"], ["interfaces", "--help"]):
            done = run(*words)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("pktana", done.stdout)

    def test_a_full_disk_is_told_of(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run([PROGRAM, "--help"], stdout=full, stderr=subprocess.PIPE, env=environment(),
                                  check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"No space left", done.stderr)


class Version(Case):
    def test_text(self):
        done = run("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^pktana \d+\.\d+\.\d+ \(.+\)\n")

    def test_json(self):
        version = json.loads(run("--version", "--json").stdout)
        self.assertEqual(set(version), {"version", "revision", "compiler", "features", "libpcap", "kernel"})
        self.assertIn("io_uring", version["features"])
        self.assertTrue(version["libpcap"].startswith("libpcap version "))


class Interfaces(Case):
    def test_table(self):
        done = run("interfaces")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout.splitlines()[0], "(?i)name +state +link type +mtu +speed +driver +addresses")
        self.assertTrue(any(line.startswith("lo ") for line in done.stdout.splitlines()))

    def test_json(self):
        interfaces = json.loads(run("interfaces", "--json").stdout)
        loopback = next(one for one in interfaces if one["name"] == "lo")
        self.assertEqual(set(loopback), {"name", "state", "link_type", "mtu", "speed_mbps", "driver", "mac", "rates",
                                         "addresses"})

    def test_tcpdumps_word_for_it(self):
        for words in (["-D"], ["capture", "-D"], ["--list-interfaces"]):
            self.assertEqual(run(*words).stdout.split()[:2], ["NAME", "STATE"])

    def test_rates_are_measured_for_the_time_given(self):
        interfaces = json.loads(run("interfaces", "--json", "--rates", "50ms").stdout)
        self.assertEqual(set(interfaces[0]["rates"]), {"rx_packets", "rx_bits", "rx_drops", "tx_packets", "tx_bits"})
        self.assert_fails(run("interfaces", "--rates", "fast"), 2, "--rates")


class Doctor(Case):
    def test_lines_and_json_say_the_same(self):
        report = json.loads(run("doctor", "--json", "-i", "lo").stdout)
        lines = run("doctor", "-i", "lo").stdout.splitlines()
        verdicts = [line[:4].lower() for line in lines if line[:4] in ("PASS", "WARN", "FAIL")]
        self.assertEqual(verdicts, [check["verdict"] for check in report["checks"]])
        self.assertEqual(len(verdicts), report["passed"] + report["warned"] + report["failed"])

    def test_a_failure_is_status_1(self):
        done = run("doctor", "-i", "nonexistent0")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertRegex(done.stdout, "FAIL +link nonexistent0 +there is no such interface")

    def test_no_colours_into_a_pipe(self):
        self.assertNotIn("\033", run("doctor").stdout)
        self.assertIn("\033[", run("doctor", "--color", "always").stdout)


if __name__ == "__main__":
    main()
