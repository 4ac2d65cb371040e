# SPDX-License-Identifier: Apache-2.0
"""`--geoip`: databases made here, and what the records say of addresses in them."""

import json
import subprocess
import sys

from cli_support import PROGRAM, SKIPPED, Case, environment, main, pcap, run, udp
from make_mmdb import mmdb

BERLIN = {"country": {"iso_code": "DE"}, "city": {"names": {"de": "Berlin", "en": "Berlin"}}}
CITIES = {"203.0.113.0/24": BERLIN,
          "198.51.100.0/25": {"registered_country": {"iso_code": "CH"}, "city": {"names": {"en": "Z\u00fcrich \"Mitte\""}}},
          "2001:db8::/32": {"country": {"iso_code": "JP"}},
          "10.0.0.0/8": BERLIN}
SYSTEMS = {"203.0.113.128/25": {"autonomous_system_number": 64500, "autonomous_system_organization": "Example AG"},
           "2001:db8:1::/48": {"autonomous_system_number": 4200000000}}


class Geo(Case):
    def setUp(self):
        super().setUp()
        self.city = self.file(mmdb(CITIES), "city.mmdb")
        self.asn = self.file(mmdb(SYSTEMS), "asn.mmdb")

    def geo(self, *options, src="10.0.0.1", dst="203.0.113.200"):
        capture = self.file(pcap([udp(b"x", src=src, dst=dst)]))
        done = run("read", capture, "--json", "--events", "flow", *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["pktana"].get("geo")

    def test_both_databases_make_one_place(self):
        self.assertEqual(self.geo("--geoip", self.city, "--geoip", self.asn),
                         {"dest": {"country": "DE", "city": "Berlin", "asn": 64500, "org": "Example AG"}})
        self.assertEqual(self.geo("--geoip", self.asn, dst="203.0.113.1"), None)

    def test_the_registered_country_stands_in_and_names_are_escaped(self):
        self.assertEqual(self.geo("--geoip", self.city, src="198.51.100.7"),
                         {"src": {"country": "CH", "city": "Z\u00fcrich \"Mitte\""},
                          "dest": {"country": "DE", "city": "Berlin"}})

    def test_private_addresses_are_never_looked_up(self):
        self.assertEqual(self.geo("--geoip", self.city, src="10.1.2.3", dst="192.168.0.1"), None)

    def test_the_networks_edges_and_a_tree_for_ipv4_only(self):
        ipv4 = {network: place for network, place in CITIES.items() if ":" not in network}
        only = self.file(mmdb(ipv4, ip_version=4), "v4.mmdb")
        for path in (self.city, only):
            self.assertIsNotNone(self.geo("--geoip", path, dst="198.51.100.127"))
            self.assertIsNone(self.geo("--geoip", path, dst="198.51.100.128"))
            self.assertIsNone(self.geo("--geoip", path, dst="203.0.112.255"))

    def test_without_the_option_there_is_none(self):
        self.assertIsNone(self.geo())

    def test_many_flows_through_the_cache(self):
        frames = [udp(b"x", src=f"198.51.100.{i % 256}", dst=f"203.0.113.{i // 256}", src_port=2000 + i)
                  for i in range(6000)]
        done = run("read", self.file(pcap(frames)), "--json", "--events", "flow", "--geoip", self.city)
        flows = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(flows), 6000)
        for flow in flows:
            low = int(flow["src_ip"].split(".")[3]) < 128
            self.assertEqual("src" in flow["pktana"]["geo"], low, flow)
            self.assertEqual(flow["pktana"]["geo"]["dest"]["city"], "Berlin")

    def test_our_files_are_what_another_reader_takes(self):
        self.need("mmdblookup")
        done = subprocess.run(["mmdblookup", "-f", self.city, "-i", "203.0.113.9", "city", "names", "en"],
                              capture_output=True, text=True, check=False)
        self.assertIn('"Berlin"', done.stdout + done.stderr)


class Broken(Case):
    def refuse(self, content, *parts):
        capture = self.file(pcap([udp(b"x")]))
        done = run("read", capture, "--json", "--geoip", self.file(content, "bad.mmdb"))
        self.assert_fails(done, 1, "bad.mmdb", *parts)
        self.assertEqual(done.stdout, "")

    def test_no_database(self):
        self.refuse(b"<html>not found</html>", "broken or no .mmdb file")
        self.refuse(b"", "bad.mmdb")

    def test_cut_short(self):
        self.refuse(mmdb(CITIES)[:-40], "broken or no .mmdb file")

    def test_a_tree_that_is_not_all_there(self):
        whole = mmdb(CITIES)
        self.refuse(whole[len(whole) - 300:], "broken or no .mmdb file")

    def test_not_there(self):
        done = run("read", self.file(pcap([udp(b"x")])), "--json", "--geoip", "/nonexistent.mmdb")
        self.assert_fails(done, 1, "/nonexistent.mmdb", "No such file")

    def test_flipped_bits_never_crash(self):
        whole = mmdb(CITIES)
        capture = self.file(pcap([udp(b"x", src="198.51.100.7", dst="203.0.113.200")]))
        for place in range(0, len(whole), 41):
            bad = bytearray(whole)
            bad[place] ^= 0xFF
            path = self.file(bytes(bad), "flipped.mmdb")
            done = subprocess.run([PROGRAM, "read", capture, "--json", "--events", "flow", "--geoip", path],
                                  capture_output=True, env=environment(), check=False, timeout=20)
            self.assertIn(done.returncode, (0, 1), f"byte {place}: {done.stderr}")
            for line in done.stdout.decode().splitlines():
                json.loads(line)


if __name__ == "__main__":
    if not json.loads(run("--version", "--json").stdout)["features"]["geoip"]:
        print("SKIP: built without libmaxminddb")
        sys.exit(SKIPPED)
    main()
