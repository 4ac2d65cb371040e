# SPDX-License-Identifier: Apache-2.0
"""Packet filters on files: the same packets as tcpdump's, and filters kept in a file (-F)."""

import concurrent.futures
import re
import shutil
import subprocess
import sys

from cli_support import CAPTURES, SKIPPED, SYN, Case, environment, main, pcap, run, tcp, udp
from packet_filters import FILTERS, captures


def count_of_tcpdump(path, text):
    done = subprocess.run(["tcpdump", "--count", "-r", str(path), text], capture_output=True, check=True,
                          env=environment())
    return int(done.stdout.split()[0])


def count_of_pktana(path, text):
    done = run("read", path, "--show", "summary", text)
    numbers = dict(re.findall(r"^ +(captured|filtered out) +(\d+)$", done.stdout, re.MULTILINE))
    return int(numbers["captured"]) - int(numbers.get("filtered out", 0))


def all_counts(text):
    return [(path, count_of_pktana(path, text), count_of_tcpdump(path, text)) for path in captures()]


class Files(Case):
    def test_the_counts_are_those_of_tcpdump(self):
        self.assertEqual((len(FILTERS), len(captures())), (40, 20))
        total = 0
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for text, counts in zip(FILTERS, pool.map(all_counts, FILTERS)):
                for path, ours, theirs in counts:
                    self.assertEqual(ours, theirs, f"{path} {text}")
                matched = sum(ours for _, ours, _ in counts)
                self.assertGreater(matched, 0, f"nothing matches {text}: it proves nothing")
                total += matched
        print(f"{total} matches, the same as tcpdump's", file=sys.stderr)


class FilterFile(Case):
    def setUp(self):
        super().setUp()
        self.capture = self.file(pcap([tcp(SYN), tcp(SYN, dst_port=443), udp(b"query")]))

    def lines(self, text, *words):
        done = run("read", self.capture, "--show", "packets", "-q", "-F", self.file(text, "filter"), *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.splitlines(), done.stderr

    def test_several_lines_and_comments_are_one_filter(self):
        shown, messages = self.lines(b"# web\ntcp # not udp\n  port 443 # https\n\n")
        self.assertEqual((len(shown), messages), (1, ""))
        self.assertIn(".443: ", shown[0])

    def test_it_stands_in_for_the_words_and_says_so(self):
        shown, messages = self.lines(b"udp", "tcp", "port", "80")
        self.assertEqual(len(shown), 1)
        self.assertIn("UDP", shown[0])
        self.assertIn("'tcp port 80' is ignored", messages)

    def test_a_file_of_comments_only_lets_all_pass(self):
        self.assertEqual(len(self.lines(b"# nothing\n")[0]), 3)

    def test_errors_name_the_place_in_the_file(self):
        done = run("read", self.capture, "-F", self.file(b"tcp # yes\nprot 80", "filter"))
        self.assert_fails(done, 2, "\n  prot 80\n  ^~~~")

    def test_a_file_that_is_not_there_and_one_too_long(self):
        self.assert_fails(run("read", self.capture, "-F", "/nonexistent"), 2, "open filter file: /nonexistent")
        self.assert_fails(run("read", self.capture, "-F", self.file(b"x" * 20000, "filter")), 2, "longer than 16384")


if __name__ == "__main__":
    if not CAPTURES.is_dir() or shutil.which("tcpdump") is None:
        print(f"SKIP: needs tcpdump and {CAPTURES}")
        sys.exit(SKIPPED)
    main()
