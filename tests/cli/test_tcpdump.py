# SPDX-License-Identifier: Apache-2.0
"""Lines of packets against tcpdump's, for the captures of ../shared: the same packets with the same fields."""

import re
import shutil
import subprocess
import sys

from cli_support import CAPTURES, SKIPPED, Case, environment, main, run

FILES = ["flows/tcp", "flows/udp", "flows/icmp", "community-id"]
PATTERNS = [r"Flags \[[^\]]*\]", r"\bseq \d+(?::\d+)?", r"\back \d+", r"\bwin \d+", r"options \[[^\]]*\]"]
# tcpdump says more of these than their name, or names them otherwise.
OPTIONS_WE_SHOW_RAW = re.compile(r"mptcp|tfo|md5|cookie|exp-|scps|tcp-ao|eol|unknown|\[bad|\[\|")
# A length field beyond the frame: tcpdump believes the field, we the frame.
LYING_LENGTH = "truncated-ip"


def tcpdump(path):
    command = ["tcpdump", "-n", "-S", "-r", str(path)]
    done = subprocess.run(command, capture_output=True, check=False, env=environment(TZ="UTC"))
    # Lines that begin with a blank belong to the packet above.
    return [line for line in done.stdout.decode(errors="replace").splitlines() if not line.startswith((" ", "\t"))]


def pktana(path):
    return run("read", path, "--show", "packets").stdout.splitlines()


def ends(line):
    """Time, version of IP, addresses and ports."""
    match = re.match(r"(\S+) (?:vlan \S+ )?(IP6?) (\S+) > (\S+): ", line)
    return match.groups() if match else None


def tcp_fields(line):
    return [re.findall(pattern, line)[:1] for pattern in PATTERNS]


class Compare(Case):
    def pairs(self):
        count = 0
        for folder in FILES:
            for path in sorted((CAPTURES / folder).glob("*.pcap")):
                ours, theirs = pktana(path), tcpdump(path)
                self.assertEqual(len(ours), len(theirs), path)
                yield from ((path, our, their) for our, their in zip(ours, theirs))
                count += 1
        self.assertGreater(count, 20)

    def test_times_addresses_and_ports_are_the_same(self):
        compared = 0
        for path, our, their in self.pairs():
            if ends(their) and ends(our):
                self.assertEqual(ends(our), ends(their), f"{path}\n{our}\n{their}")
                compared += 1
        self.assertGreater(compared, 1000)

    def test_tcp_is_the_same(self):
        compared = 0
        for path, our, their in self.pairs():
            if "Flags [" not in their or OPTIONS_WE_SHOW_RAW.search(their) or LYING_LENGTH in their:
                continue
            self.assertEqual(tcp_fields(our), tcp_fields(their), f"{path}\n{our}\n{their}")
            length = re.search(r", length (\d+)", their)
            self.assertIn(f", length {length[1]}", our, f"{path}\n{our}\n{their}")
            compared += 1
        self.assertGreater(compared, 1000)

    def test_icmp_is_the_same(self):
        compared = 0
        for path, our, their in self.pairs():
            echo = re.search(r"ICMP6?,? echo .*", their)
            if echo:
                self.assertTrue(our.endswith(echo[0]), f"{path}\n{our}\n{their}")
                compared += 1
        self.assertGreater(compared, 10)


if __name__ == "__main__":
    if not CAPTURES.is_dir() or shutil.which("tcpdump") is None:
        print(f"SKIP: needs tcpdump and {CAPTURES}")
        sys.exit(SKIPPED)
    main()
