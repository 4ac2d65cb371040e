# SPDX-License-Identifier: Apache-2.0
"""What the tests of the command line share: the program, capture files made here, pseudo-terminals.

Each test_*.py is run as: test_X.py PKTANA
"""

import errno
import os
import pathlib
import pty
import select
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = sys.argv.pop(1) if len(sys.argv) > 1 else "pktana"
CAPTURES = pathlib.Path(os.environ.get("PKTANA_SHARED", "/work/shared")) / "captures"
SKIPPED = 77
PATIENCE = 60

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10


def environment(**changes):
    """The environment without what decides about colours, and in C's language."""
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CLICOLOR_FORCE")}
    env |= {"LC_ALL": "C", "TERM": "xterm"}
    return env | changes


def run(*args, stdin=b"", env=None, prefix=()):
    """Runs pktana to its end; stdout and stderr as text. `prefix`: a command to run it with."""
    done = subprocess.run([*prefix, PROGRAM, *map(str, args)], input=stdin, capture_output=True, check=False,
                          timeout=PATIENCE, env=env or environment())
    done.stdout = done.stdout.decode()
    done.stderr = done.stderr.decode()
    return done


def ethernet(payload, ethertype=0x0800):
    return bytes.fromhex("020000000002020000000001") + struct.pack("!H", ethertype) + payload


def ipv4(payload, protocol, src="10.0.0.1", dst="10.0.0.2"):
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 7, 0x4000, 64, protocol, 0)
    return header + socket.inet_aton(src) + socket.inet_aton(dst) + payload


def tcp(flags, src_port=40000, dst_port=80, seq=1, ack=0, data=b"", **addresses):
    header = struct.pack("!HHIIBBHHH", src_port, dst_port, seq, ack, 0x50, flags, 1000, 0, 0)
    return ethernet(ipv4(header + data, 6, **addresses))


def udp(data, src_port=5000, dst_port=53, **addresses):
    header = struct.pack("!HHHH", src_port, dst_port, 8 + len(data), 0)
    return ethernet(ipv4(header + data, 17, **addresses))


def pcap(frames, link_type=1, start=1_700_000_000):
    """A capture with a packet every millisecond."""
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link_type)]
    for i, frame in enumerate(frames):
        parts += (struct.pack("<IIII", start + i // 1000, i % 1000 * 1000, len(frame), len(frame)), frame)
    return b"".join(parts)


def many_flows(count):
    return pcap([udp(b"x", src_port=1024 + i % 60000, src=f"10.0.{i // 60000}.1") for i in range(count)])


class Case(unittest.TestCase):
    """A test with a directory of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="pktana_cli_")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, content, name="test.pcap"):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def need(self, program):
        """Skips the test if the program is not installed, so that nobody overlooks it: see main()."""
        if shutil.which(program):
            return
        missing.add(program)
        self.skipTest(f"no {program}")

    def need_captures(self):
        """The same for the shared captures."""
        if CAPTURES.exists():
            return
        missing.add(str(CAPTURES))
        self.skipTest(f"{CAPTURES} is not there")

    def assert_fails(self, done, status, *parts):
        """The status, one message on stderr that holds the parts, and nothing of a crash."""
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertIn("pktana: ", done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)


def run_in_terminal(*args, terminals=("stdout", "stderr"), env=None, stdin=b""):
    """Runs pktana with the named streams on one pseudo-terminal, the others on pipes.

    Returns (status, text of the terminal, text of the other streams).
    """
    master, slave = pty.openpty()
    streams = {name: slave if name in terminals else subprocess.PIPE for name in ("stdout", "stderr")}
    process = subprocess.Popen([PROGRAM, *map(str, args)], stdin=subprocess.PIPE, env=env or environment(),
                               **streams)
    os.close(slave)
    process.stdin.write(stdin)
    process.stdin.close()
    shown = read_terminal(master)
    rest = b"".join(s.read() for s in (process.stdout, process.stderr) if s)
    for stream in (process.stdout, process.stderr):
        if stream:
            stream.close()
    os.close(master)
    return process.wait(PATIENCE), shown.decode(), rest.decode()


def read_terminal(master):
    """Everything until the last writer has gone, which a pseudo-terminal tells as an I/O error."""
    text = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError as error:
            if error.errno == errno.EIO:
                return text
            raise
        if not part:
            return text
        text += part


def read_line(stream, seconds):
    """One line of an unbuffered stream, or what came of it in that time."""
    line = b""
    end = time.monotonic() + seconds
    while not line.endswith(b"\n") and time.monotonic() < end:
        if select.select([stream], [], [], max(0, end - time.monotonic()))[0]:
            part = os.read(stream.fileno(), 1)
            if not part:
                break
            line += part
    return line.decode()


missing = set()  # programs that tests needed and that are not there


def main():
    """Runs the tests. One that lacks a program makes the whole script a skip, and in CI a failure."""
    succeeded = unittest.main(argv=sys.argv[:1], verbosity=2, exit=False).result.wasSuccessful()
    if missing:
        print("SKIP: some tests need", ", ".join(sorted(missing)))
    if not succeeded or (missing and os.environ.get("CI")):
        sys.exit(1)
    sys.exit(SKIPPED if missing else 0)
