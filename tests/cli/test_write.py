# SPDX-License-Identifier: Apache-2.0
"""`-w`: what is written is what was read, in both formats; rotation; what goes wrong."""

import os
import signal
import struct
import subprocess
import time

from capture_files import read_packets
from cli_support import CAPTURES, PATIENCE, PROGRAM, SYN, Case, environment, main, many_flows, pcap, run, tcp, udp

FRAMES = [tcp(SYN), udp(b"query"), tcp(SYN, dst_port=443), udp(b"answer", 53, 5000)]


def captures():
    return sorted(p for p in CAPTURES.rglob("*") if p.suffix in (".pcap", ".pcapng", ".cap") and p.is_file())


def same(packets):
    return [(p.ns, p.wire, p.link, p.data) for p in packets]


class Identity(Case):
    def written(self, source, name, *words):
        out = self.folder / name
        done = run("read", source, "-q", "-w", out, *words)
        return out, done

    def test_every_capture_comes_back_the_same_in_both_formats(self):
        compared = 0
        for path in captures():
            shown = run("read", path, "-q", "--show", "packets")
            if shown.returncode != 0 and not shown.stdout:
                continue  # no capture at all
            wanted = read_packets(path)[:len(shown.stdout.splitlines())]
            links = {p.link for p in wanted}
            for name in ("out.pcapng", "out.pcap"):
                out, done = self.written(path, name)
                if name == "out.pcap" and len(links) > 1:
                    self.assertIn("another link type", done.stderr)
                    wanted = [p for p in wanted if p.link == wanted[0].link]
                else:
                    self.assertEqual(done.returncode, shown.returncode, f"{path} {done.stderr}")
                self.assertEqual(same(read_packets(out)), same(wanted), f"{path} as {name}")
            compared += len(wanted)
        if CAPTURES.is_dir():
            self.assertGreater(compared, 20000)

    def test_a_pcap_comes_back_byte_for_byte(self):
        source = self.file(pcap(FRAMES))
        self.assertEqual(self.written(source, "out.pcap")[0].read_bytes(), source.read_bytes())
        nanoseconds = struct.pack("<I", 0xA1B23C4D) + source.read_bytes()[4:]
        source = self.file(nanoseconds, "ns.pcap")
        self.assertEqual(self.written(source, "out.pcap")[0].read_bytes(), nanoseconds)

    def test_names_of_interfaces_stay(self):
        for path in captures():
            if path.suffix != ".pcapng":
                continue
            out, done = self.written(path, "out.pcapng")
            if done.returncode == 0:
                names = [p.name for p in read_packets(path)]
                self.assertEqual([p.name for p in read_packets(out)], names, path)

    def test_tshark_reads_it(self):
        self.need("tshark")
        source = self.file(pcap(FRAMES))
        for name in ("out.pcap", "out.pcapng"):
            out, _ = self.written(source, name)
            done = subprocess.run(["tshark", "-r", out], capture_output=True, check=True, env=environment())
            self.assertEqual(len(done.stdout.splitlines()), len(FRAMES))

    def test_only_what_passes_the_filter_and_the_limit(self):
        source = self.file(pcap(FRAMES))
        self.assertEqual([p.data for p in read_packets(self.written(source, "a.pcap", "udp")[0])],
                         [FRAMES[1], FRAMES[3]])
        self.assertEqual(len(read_packets(self.written(source, "b.pcap", "-c", "3")[0])), 3)

    def test_several_files_make_one(self):
        first, second = self.file(pcap(FRAMES[:2]), "1.pcap"), self.file(pcap(FRAMES[2:]), "2.pcap")
        out = self.folder / "out.pcapng"
        self.assertEqual(run("read", first, second, "-w", out).returncode, 0)
        self.assertEqual([p.data for p in read_packets(out)], FRAMES)

    def test_a_run_without_a_packet_leaves_a_file_with_a_header(self):
        out, done = self.written(self.file(pcap([], link_type=101)), "out.pcap")
        self.assertEqual((done.returncode, len(out.read_bytes())), (0, 24))
        self.assertEqual(struct.unpack("<I", out.read_bytes()[20:])[0], 101)


class Output(Case):
    def test_nothing_goes_to_stdout_unless_asked_for(self):
        source, out = self.file(pcap(FRAMES)), self.folder / "out.pcap"
        done = run("read", source, "-w", out)
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertRegex(done.stderr, r"packets to file\n  written +4\n  files +1\n")
        self.assertIn("packets to write 4 = packets written 4", done.stderr)
        done = run("read", source, "-w", out, "--show", "packets")
        self.assertEqual(len(done.stdout.splitlines()), 4)
        done = run("read", source, "-w", out, "--json", "--events", "flow")
        self.assertEqual(len(done.stdout.splitlines()), 4)

    def test_standard_output_can_be_the_file(self):
        source = self.file(pcap(FRAMES))
        done = subprocess.run([PROGRAM, "read", source, "-q", "-w", "-"], capture_output=True, check=True)
        self.assertEqual(done.stdout, source.read_bytes())

    def test_a_closed_pipe_ends_it_quietly(self):
        source = self.file(many_flows(200_000))
        with subprocess.Popen([PROGRAM, "read", source, "-w", "-"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            process.stdout.read(24)
            process.stdout.close()
            self.assertEqual((process.wait(PATIENCE), process.stderr.read()), (0, b""))

    def test_a_full_disk_is_told_of_and_counted(self):
        done = run("read", self.file(many_flows(1000)), "-w", "/dev/full")
        self.assert_fails(done, 1, "No space left")
        self.assertIn("disk full", done.stderr)
        self.assertNotIn("MISMATCH", done.stderr)

    def test_an_old_file_is_replaced_as_a_whole(self):
        out = self.folder / "out.pcap"
        out.write_bytes(b"old")
        with open(out, "rb") as reader:
            self.assertEqual(run("read", self.file(pcap(FRAMES)), "-w", out).returncode, 0)
            self.assertEqual(reader.read(), b"old")
        self.assertEqual(len(read_packets(out)), 4)
        self.assertEqual(sorted(os.listdir(self.folder)), ["out.pcap", "test.pcap"])

    def test_a_run_that_can_not_begin_spares_the_old_file(self):
        out = self.folder / "out.pcap"
        out.write_bytes(b"old")
        self.assert_fails(run("capture", "-i", "nonexistent0", "-w", out), 1, "nonexistent0")
        self.assertEqual(out.read_bytes(), b"old")
        self.assertEqual(os.listdir(self.folder), ["out.pcap"])

    def test_wrong_usage(self):
        source = self.file(pcap(FRAMES))
        for words, part in ((["-w", "x.pcap.gz"], "plain"), (["-C", "1"], "-w FILE"), (["-w", "-", "-C", "1"], "rotate"),
                            (["-w", "x.pcap", "-G", "5"], "%"), (["-w", "x.pcap", "-W", "5"], "-C or -G"),
                            (["-w", "x%s.pcap", "-W", "5", "-C", "1", "-G", "1"], "both"),
                            (["-w", "-", "--json"], "standard output"), (["-w", "x", "--file-format", "y"], "pcapng")):
            self.assert_fails(run("read", source, *words), 2, part)
        self.assert_fails(run("read", source, "-w", source), 1, "is also an input")
        self.assert_fails(run("read", source, "-w", "/nonexistent/x.pcap"), 1, "/nonexistent/")


class Rotation(Case):
    def names(self, *words, frames=FRAMES, name="out.pcap"):
        run_folder = self.folder / "out"
        run_folder.mkdir(exist_ok=True)
        done = run("read", self.file(pcap(frames)), "-q", "-w", run_folder / name, *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return sorted(os.listdir(run_folder)), run_folder

    def test_by_size_as_tcpdump_names_it(self):
        names, folder = self.names("-C", "100B")
        self.assertEqual(names, ["out.pcap", "out.pcap1"])
        self.assertEqual([p.data for n in names for p in read_packets(folder / n)], FRAMES)

    def test_by_size_with_a_count_begins_anew(self):
        names, folder = self.names("-C", "1B", "-W", "3")
        self.assertEqual(names, ["out.pcap0", "out.pcap1", "out.pcap2"])
        self.assertEqual([p.data for n in names for p in read_packets(folder / n)], [FRAMES[3], *FRAMES[1:3]])

    def test_numbers_have_as_many_digits_as_the_count_needs(self):
        self.assertEqual(self.names("-C", "1B", "-W", "11")[0], [f"out.pcap{i:02}" for i in range(4)])

    def test_by_time_as_the_name_says(self):
        # A packet every millisecond from 22:13:20 on, 1500 of them: two seconds are begun.
        frames = [udp(b"x")] * 1500
        names, folder = self.names("-G", "1", frames=frames, name="%H%M%S.pcap")
        self.assertEqual(names, ["221320.pcap", "221321.pcap"])
        self.assertEqual([len(read_packets(folder / n)) for n in names], [1000, 500])

    def test_by_time_with_a_count_ends(self):
        names, folder = self.names("-G", "500ms", "-W", "2", frames=[udp(b"x")] * 1800, name="%s.pcap")
        self.assertEqual([len(read_packets(folder / n)) for n in names], [500])

    def test_each_file_of_pcapng_stands_alone(self):
        names, folder = self.names("-C", "1B", name="out.pcapng")
        self.assertEqual([len(read_packets(folder / n)) for n in names], [1, 1, 1, 1])


class Killed(Case):
    def test_what_a_kill_leaves_can_be_read(self):
        source = self.file(many_flows(100_000))
        frames = [p.data for p in read_packets(source)]
        cut = 0
        for i in range(10):
            out = self.folder / f"out{i}.{'pcapng' if i % 2 else 'pcap'}"
            process = subprocess.Popen(["sh", "-c", f'while :; do cat "{source}"; done | "$0" read - -q -w "{out}"', PROGRAM],
                                       stderr=subprocess.DEVNULL, start_new_session=True)
            end = time.monotonic() + PATIENCE
            while not (out.exists() and out.stat().st_size > 100_000 * (i + 1)) and time.monotonic() < end:
                self.assertFalse(out.exists() and out.stat().st_size < 24, "half a header")
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            packets = read_packets(out)
            self.assertGreater(len(packets), 100)
            self.assertEqual([p.data for p in packets[:len(frames)]], frames[:len(packets)])
            done = run("read", out, "-q", "--show", "packets")
            self.assertEqual(len(done.stdout.splitlines()), len(packets))
            cut += done.returncode
        print(f"{cut} of 10 files ended within a record")


if __name__ == "__main__":
    main()
