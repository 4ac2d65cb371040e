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
        self.assertRegex(done.stdout.splitlines()[0], "(?i)name +state +link type +mtu +addresses")
        self.assertTrue(any(line.startswith("lo ") for line in done.stdout.splitlines()))

    def test_json(self):
        interfaces = json.loads(run("interfaces", "--json").stdout)
        loopback = next(one for one in interfaces if one["name"] == "lo")
        self.assertEqual(set(loopback), {"name", "state", "link_type", "mtu", "mac", "addresses"})


if __name__ == "__main__":
    main()
