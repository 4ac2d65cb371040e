# SPDX-License-Identifier: Apache-2.0
"""`pktana capture -w` and packet filters in the kernel: what is captured on a veth pair is what was sent, tags
included, and a filter takes the packets that tcpdump takes from a file of the same frames."""

import shutil
import signal
import struct
import subprocess
import sys
import time

from capture_files import read_packets
from cli_support import CAPTURES, PATIENCE, SKIPPED, SYN, environment, main, pcap, tcp, udp
from live_support import Live, enter_namespace
from packet_filters import FILTERS, captures

TAG_TYPES = (0x8100, 0x88A8)
AT_ONCE = 8


def with_tags(frame, *tags):
    return frame[:12] + b"".join(struct.pack("!HH", kind, vlan) for kind, vlan in tags) + frame[12:]


FRAMES = [tcp(SYN), with_tags(tcp(SYN), (0x8100, 0x6005)), with_tags(udp(b"x"), (0x88A8, 7), (0x8100, 9)), udp(b"y" * 300)]


def sendable_frames():
    """Those of the 20 captures that were captured whole and fit the link."""
    return [p.data for path in captures() for p in read_packets(path) if p.wire == len(p.data) and 15 <= p.wire <= 9000]


def is_tagged(frame):
    return struct.unpack_from("!H", frame, 12)[0] in TAG_TYPES


class Written(Live):
    def test_frames_come_back_with_their_tags(self):
        for name in ("out.pcap", "out.pcapng"):
            out = self.folder / name
            before = time.time_ns()
            process = self.start("-w", out)
            self.send(FRAMES)
            _, messages = self.stop(process)
            packets = read_packets(out)
            self.assertEqual([p.data for p in packets], FRAMES)
            self.assertEqual([p.wire for p in packets], [len(f) for f in FRAMES])
            self.assertTrue(all(before < p.ns < time.time_ns() for p in packets))
            self.assertTrue(any(p.ns % 1000 for p in packets), "nanoseconds are kept")
            self.assertEqual({p.name for p in packets}, {"v1" if name == "out.pcapng" else ""})
            self.assertTrue(messages.startswith("4 packets captured\n"), messages)

    def test_a_snap_length_cuts_but_for_the_tag(self):
        out = self.folder / "out.pcap"
        process = self.start("-w", out, "-s", "50")
        self.send(FRAMES)
        self.stop(process)
        packets = read_packets(out)
        self.assertEqual([p.wire for p in packets], [len(f) for f in FRAMES])
        self.assertEqual([p.data for p in packets], [f[:p.wire][:len(p.data)] for p, f in zip(packets, FRAMES)])
        self.assertEqual([len(p.data) for p in packets], [50, 54, 51, 50])

    def test_a_quiet_link_has_a_file_at_once(self):
        out = self.folder / "out.pcap"
        process = self.start("-w", out)
        end = time.monotonic() + PATIENCE
        while not out.exists() and time.monotonic() < end:
            time.sleep(0.01)
        self.assertEqual(len(out.read_bytes()), 24)
        self.stop(process)

    def test_packets_are_in_the_file_while_the_capture_goes_on(self):
        for options in ((), ("-U",)):
            out = self.folder / "out.pcap"
            process = self.start("-w", out, *options)
            self.send(FRAMES)
            time.sleep(0.5)
            self.assertEqual(len(read_packets(out)), len(FRAMES))
            process.send_signal(signal.SIGKILL)
            process.wait()
            self.assertEqual(len(read_packets(out)), len(FRAMES))

    def test_intervals_with_a_count_end_the_capture(self):
        process = self.start("-w", self.folder / "%s.pcap", "-G", "1", "-W", "2")
        end = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < end:
            self.send(FRAMES)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(len(list(self.folder.glob("*.pcap"))), 2)

    def test_lines_and_a_file_at_the_same_time(self):
        out = self.folder / "out.pcapng"
        process = self.start("-w", out, "--show", "packets")
        self.send(FRAMES)
        lines, _ = self.stop(process)
        self.assertEqual((len(lines.splitlines()), len(read_packets(out))), (4, 4))


class Selected(Live):
    """`-w` with `--where`."""

    def test_what_the_first_packet_tells_is_in_the_file_at_once(self):
        out = self.folder / "out.pcapng"
        process = self.start("-w", out, "--where", "proto == UDP")
        self.send(FRAMES)
        time.sleep(0.5)
        self.assertEqual([p.data for p in read_packets(out)], FRAMES[2:])
        _, messages = self.stop(process)
        self.assertRegex(messages, r"of flows that match +2\n +let go: of other flows +2\n")
        self.assertEqual(len({p.comment for p in read_packets(out)}), 2)

    def test_what_the_end_tells_waits_for_the_end_or_for_the_bound(self):
        for bound, soon in (("1MiB", 0), ("1MiB,100ms", 4)):
            out = self.folder / "out.pcap"
            process = self.start("-w", out, "--where", "bytes > 50", "--hold", bound)
            self.send(FRAMES)
            time.sleep(1)
            self.assertEqual(len(read_packets(out)), soon)
            self.stop(process)
            self.assertEqual([p.data for p in read_packets(out)], FRAMES)


class Filters(Live):
    def chosen_by_tcpdump(self, source, text):
        out = self.folder / "chosen.pcap"
        subprocess.run(["tcpdump", "-r", str(source), "-w", str(out), text], capture_output=True, check=True,
                       env=environment())
        return [p.data for p in read_packets(out)]

    def launch_tcpdump(self, text, out):
        process = subprocess.Popen(["tcpdump", "-i", "v1", "-B", "8192", "-s", "9100", "-w", str(out), text],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment())
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def wait_until_tcpdump_listens(self, process):
        line = b""
        while b"listening on" not in line:
            line = process.stderr.readline()
            self.assertTrue(line, "tcpdump did not start")

    def check(self, texts, frames, source):
        """All filters at once; what pktana chose and what tcpdump chose live."""
        outs = [self.folder / f"pktana{i}.pcap" for i in range(len(texts))]
        rival_outs = [self.folder / f"tcpdump{i}.pcap" for i in range(len(texts))]
        rivals = [self.launch_tcpdump(text, out) for text, out in zip(texts, rival_outs)]
        processes = [self.launch("-w", out, text) for text, out in zip(texts, outs)]
        for process, rival in zip(processes, rivals):
            self.wait_until_ready(process)
            self.wait_until_tcpdump_listens(rival)
        self.send(frames)
        time.sleep(1.2)  # tcpdump looks at a block of its ring once a second
        for process in processes + rivals:
            process.send_signal(signal.SIGINT)
        for process, rival in zip(processes, rivals):
            self.finish(process)
            rival.wait(PATIENCE)
        for text, out, rival_out in zip(texts, outs, rival_outs):
            ours = [p.data for p in read_packets(out)]
            wanted = self.chosen_by_tcpdump(source, text)
            self.assertEqual(len(ours), len(wanted), text)
            self.assertTrue(ours == wanted, f"other packets: {text}")
            yield text, ours, [p.data for p in read_packets(rival_out)]

    def batches(self):
        for i in range(0, len(FILTERS), AT_ONCE):
            yield FILTERS[i:i + AT_ONCE]

    def test_frames_without_tags_as_tcpdump_live_and_on_a_file(self):
        frames = [f for f in sendable_frames() if not is_tagged(f)]
        source = self.file(pcap(frames), "sent.pcap")
        for texts in self.batches():
            for text, ours, theirs in self.check(texts, frames, source):
                self.assertEqual(len(ours), len(theirs), text)
                self.assertTrue(ours == theirs, f"other packets: {text}")

    def test_tagged_frames_as_tcpdump_on_a_file(self):
        frames = [f for f in sendable_frames() if is_tagged(f)]
        self.assertGreater(len(frames), 100)
        source = self.file(pcap(frames), "sent.pcap")
        differing = set()
        for texts in self.batches():
            differing |= {text for text, ours, theirs in self.check(texts, frames, source) if ours != theirs}
        print(f"{len(differing)} filters where live tcpdump takes other tagged frames than tcpdump on a file of them: "
              f"{sorted(differing)}", file=sys.stderr)
        # With `vlan` in front libpcap means the same live, but for PPPoE below two tags.
        self.assertLessEqual({text for text in differing if text.startswith("vlan")},
                             {"vlan and vlan and pppoes and tcp"})
        self.assertIn("tcp", differing)


if __name__ == "__main__":
    if not CAPTURES.is_dir() or shutil.which("tcpdump") is None:
        print(f"SKIP: needs tcpdump and {CAPTURES}")
        sys.exit(SKIPPED)
    enter_namespace(__file__)
    main()
