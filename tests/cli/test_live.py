# SPDX-License-Identifier: Apache-2.0
"""`pktana capture` on the loopback of a network namespace of its own, which needs root or user namespaces."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

from cli_support import PATIENCE, PROGRAM, SKIPPED, Case, environment, main, read_line, run

INSIDE = "PKTANA_TEST_NETNS"


def enter_namespace():
    """Runs this script again in a new network namespace; says SKIP where that isn't allowed."""
    namespace = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    if subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode != 0:
        print("SKIP: no right to make a network namespace")
        sys.exit(SKIPPED)
    command = [*namespace, "sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable, __file__, PROGRAM]
    sys.exit(subprocess.run(command, env=os.environ | {INSIDE: "1"}, check=False).returncode)


class Live(Case):
    def start(self, *options):
        process = subprocess.Popen([PROGRAM, "capture", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=environment())
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        # Then packets are being taken: from here on nothing is missed.
        self.assertEqual(read_line(process.stderr, PATIENCE)[:13], "capturing on ")
        return process

    def send(self, count=1, port=5353, data=b"hello"):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for _ in range(count):
                sender.sendto(data, ("127.0.0.1", port))

    def stop(self, process, number=signal.SIGINT):
        process.send_signal(number)
        out, messages = process.communicate(timeout=PATIENCE)
        return out.decode(), messages.decode()


class Pinned(Live):
    def cpus_of_threads(self, process):
        """Of each thread: the CPUs that it may run on."""
        found = []
        for task in os.listdir(f"/proc/{process.pid}/task"):
            with open(f"/proc/{process.pid}/task/{task}/status", encoding="ascii", errors="replace") as status:
                found += [line.split()[1] for line in status if line.startswith("Cpus_allowed_list:")]
        return found

    def test_each_worker_stays_on_a_cpu_of_its_own_if_asked(self):
        cpus = [str(cpu) for cpu in sorted(os.sched_getaffinity(0))]
        process = self.start("-i", "lo", "--pin", "--threads", str(len(cpus)), "--show", "flows", "--json")
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not set(cpus) <= set(self.cpus_of_threads(process)):
            time.sleep(0.02)
        of_threads = self.cpus_of_threads(process)
        if len(cpus) > 1:
            self.assertEqual([of_threads.count(cpu) for cpu in cpus], [1] * len(cpus))
        out, _ = self.stop(process)
        memory = json.loads(out.splitlines()[-1])["pktana"]["memory"]
        self.assertGreater(memory["resident_bytes"], 1 << 20)
        self.assertLessEqual(memory["huge_page_bytes"], memory["resident_bytes"])


class Packets(Live):
    def test_a_line_appears_at_once_on_a_quiet_link(self):
        process = self.start("-i", "lo", "udp")
        self.send()
        self.assertRegex(read_line(process.stdout, 1.0),
                         r"^\d\d:\d\d:\d\d\.\d{6} IP 127\.0\.0\.1\.\d+ > 127\.0\.0\.1\.5353: UDP, length 5\n$")

    def test_interrupt_and_terminate_end_with_a_summary_and_status_0(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start("-i", "lo", "udp")
            self.send(3)
            time.sleep(0.3)
            out, messages = self.stop(process, number)
            self.assertEqual(process.returncode, 0, messages)
            shown = len(out.splitlines())
            self.assertGreaterEqual(shown, 3)
            self.assertTrue(messages.startswith(f"{shown} packets captured\n"), messages)
            self.assertRegex(messages, r"\n\d+ packets received by filter\n0 packets dropped by kernel\n")
            self.assertNotIn("MISMATCH", messages)

    def test_the_packet_limit_ends_it(self):
        process = self.start("-i", "lo", "-c", "3", "udp")
        self.send(10)
        out, messages = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0, messages)
        self.assertEqual(len(out.splitlines()), 3)
        self.assertIn(b"3 packets captured\n", messages)

    def test_a_filter_works_in_the_kernel(self):
        process = self.start("-i", "lo", "udp", "port", "7777")
        self.send(5)
        self.send(2, port=7777)
        time.sleep(0.3)
        out, _ = self.stop(process)
        self.assertTrue(out)
        self.assertTrue(all("7777" in line for line in out.splitlines()), out)

    def test_any_takes_every_interface(self):
        process = self.start("-i", "any", "udp")
        self.send()
        self.assertRegex(read_line(process.stdout, 1.0), r"^\S+ IP 127\.0\.0\.1\.")

    def test_a_closed_pipe_ends_it_on_a_silent_link(self):
        for options in ((), ("--json",)):
            process = self.start("-i", "lo", *options)
            process.stdout.close()
            process.stdout = None
            messages = process.stderr.read()
            self.assertEqual((process.wait(5), messages), (0, b""))
            process.stderr.close()
            process.stderr = None


class Flows(Live):
    def test_flows_and_a_stats_event(self):
        process = self.start("-i", "lo", "--json", "udp")
        self.send(4)
        time.sleep(0.3)
        out, messages = self.stop(process)
        self.assertEqual(process.returncode, 0, messages)
        events = [json.loads(line) for line in out.splitlines()]
        flow = next(event for event in events if event["event_type"] == "flow" and event["dest_port"] == 5353)
        self.assertEqual((flow["in_iface"], flow["proto"]), ("lo", "UDP"))
        self.assertEqual(events[-1]["event_type"], "stats")
        self.assertIsNotNone(events[-1]["stats"]["capture"]["kernel_packets"])

    def test_stats_on_an_interval(self):
        process = self.start("-i", "lo", "--json", "--events", "stats", "--stats-interval", "200ms")
        self.assertIn("stats", read_line(process.stdout, 2))
        self.assertIn("stats", read_line(process.stdout, 2))
        self.stop(process)


class Failures(Live):
    def test_no_such_interface(self):
        self.assert_fails(run("capture", "-i", "nonexistent0"), 1, "no interface nonexistent0", "lo")

    def test_a_bad_filter(self):
        self.assert_fails(run("capture", "-i", "lo", "tcp", "prot"), 2, "tcp prot\n", "^")

    def test_without_the_right(self):
        drop = ["setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw"]
        self.assert_fails(run("capture", "-i", "lo", prefix=drop), 1, "CAP_NET_RAW")


if __name__ == "__main__":
    if INSIDE not in os.environ:
        enter_namespace()
    main()
