#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the daemon does when the world around it fails, with figures (docs/reliability.md). Each fault comes in the
middle of steady traffic; each time packets sent must be packets in records, unless memory could not hold what the disk
did not take, and then the gap in the numbers must be what the daemon counted.

    sudo tests/service/faults.py [--quick] [FAULT...]

Faults: kills (100 SIGKILLs at random moments), descriptors (a limit of 32), disk (full for a minute), clients (1,000
that say nothing), eio (a disk that fails: needs FUSE and python3-fusepy). Runs in namespaces of its own. Needs root and a built tree (PKTANA_BUILD_ROOT, or build/).
--quick takes seconds, as a test of this script.
"""

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "kernel"))

from control_crowd import ask  # noqa: E402
from daemon_support import INSIDE, PKTANA, VETH_SEND, Daemon, at_least, equal, enter_namespace, make_pair, shell, wait_for  # noqa: E402

PACKETS_A_FLOW = 66
FILLER = "filler"


class Watched(Daemon):
    """With a control socket, logs in a directory of their own, and flows that end soon."""

    def __init__(self, work, name, logs=None, output="", **more):
        self.control = os.path.join(work, name, "api.sock")
        self.of_output = output
        self.log_directory = logs or os.path.join(work, name, "logs")
        os.makedirs(self.log_directory, exist_ok=True)
        os.makedirs(os.path.join(work, name, "state"), exist_ok=True)
        super().__init__(work, name, options=["--sandbox", "strict"], **more)
        self.output = os.path.join(self.log_directory, "eve.json")

    def configure(self, extra):
        with open(os.path.join(self.directory, "pktana.toml"), "w") as file:
            file.write(f'{extra}[capture]\nring_size = "64MiB"\n[stats]\ninterval = "1s"\n[api]\nsocket = "{self.control}"\n'
                       f'[flow.timeouts]\ntcp = {{ new = "500ms", established = "5s", closed = "500ms" }}\n'
                       f'[state]\ndirectory = "{self.directory}/state"\n'
                       f'[[output]]\npath = "{self.log_directory}/eve.json"\nflush = "200ms"\n{self.of_output}\n')

    def ask(self, command):
        return ask(self.control, command)

    def of_log(self):
        return self.ask("status")["outputs"][0]

    def balances(self, what):
        equal([one for one in self.ask("ledger")["ledger"] if one["balanced"] is False], [], f"{what}: the ledger balances")

    def resident_kib(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))

    def events(self):
        """Of all files of the log, in order; counts torn lines in `torn`."""
        self.torn = 0
        for name in sorted(os.listdir(self.log_directory), key=lambda one: (one == "eve.json", one.rsplit("-", 1)[-1])):
            if name.startswith("eve"):
                for line in open(os.path.join(self.log_directory, name), errors="replace"):
                    try:
                        yield json.loads(line)
                    except ValueError:
                        self.torn += 1

    def final_flows(self):
        return [event for event in self.events() if event["event_type"] == "flow"]

    def missing_records(self):
        """Gaps in the numbers of one process."""
        numbers = [event["pktana"]["seq"] for event in self.events() if event["event_type"] != "file_header"]
        equal(len(set(numbers)), len(numbers), "no record is there twice")
        return max(numbers) - len(numbers)


class Traffic:
    def __init__(self, seconds, rate):
        self.flows = int(rate * seconds / PACKETS_A_FLOW)
        self.packets = self.flows * PACKETS_A_FLOW
        self.process = subprocess.Popen(
            [VETH_SEND, "--iface", "v1", "--flows", str(self.flows), "--packets", str(self.packets), "--rate", str(rate),
             "--proto", "tcp", "--tcp-life", "--concurrent", "50"], stdout=subprocess.DEVNULL)

    def end(self):
        equal(self.process.wait(300), 0, f"all of {self.packets} packets are sent")

    def runs(self):
        return self.process.poll() is None


def settled(daemon, traffic, what):
    """Everything sent is in records."""
    traffic.end()
    wait_for(lambda: daemon.ask("status")["flows_active"] == 0, f"{what}: every flow ends", 30)
    equal(daemon.ask("status")["kernel_drops"], 0, f"{what}: no packet dropped")
    daemon.balances(what)


def kills(work, quick):
    """A process that is killed before its first commit has moved nothing on: the ring must hold what comes until one
    lives long enough, so it has the default size, and the pauses are long enough for most."""
    times = 3 if quick else 100
    chance = random.Random(1)
    traffic = None
    done = 0
    with Watched(work, "kills", holder=[PKTANA, "hold", "--"]) as daemon:
        daemon.wait_for("READY=1")
        traffic = Traffic(times * 1.7, 20_000 if quick else 50_000)
        while done < times and traffic.runs():
            time.sleep(chance.uniform(0.05, 2.9))
            with open(f"/proc/{daemon.process.pid}/task/{daemon.process.pid}/children") as file:
                victims = file.read().split()
            for victim in victims:
                os.kill(int(victim), signal.SIGKILL)
                done += 1
        traffic.end()
        end = time.monotonic() + 30
        while daemon.packets() < traffic.packets and time.monotonic() < end:
            time.sleep(1)
        equal(daemon.packets(), traffic.packets, f"kills: {done} SIGKILLs, packets in records, of all sent")
        daemon.balances("kills")
        equal(daemon.stop(), 0, "kills: it ends with status 0")
    flows = daemon.final_flows()
    equal(daemon.packets(), traffic.packets, f"kills: {done} SIGKILLs, packets sent = packets in records")
    equal(len({flow["flow_id"] for flow in flows}), traffic.flows, "kills: each flow has one id")
    equal(len(flows), traffic.flows, "kills: and one record")
    at_least(done, daemon.torn, f"kills: SIGKILLs, not fewer than the {daemon.torn} torn lines among {len(flows)}")
    print(f"FIGURE kills: {done} SIGKILLs in {traffic.packets} packets: 0 lost, 0 doubled, {daemon.torn} torn lines")


def descriptors(work, quick):
    seconds = 3 if quick else 20
    with Watched(work, "descriptors", holder=["prlimit", "--nofile=32:32"]) as daemon:
        daemon.wait_for("READY=1")
        traffic = Traffic(seconds, 20_000)
        crowd = []
        for _ in range(100):
            connection = socket.socket(socket.AF_UNIX)
            connection.connect(daemon.control)
            crowd.append(connection)
        daemon.signal(signal.SIGUSR1)
        time.sleep(1)
        used = len(os.listdir(f"/proc/{daemon.process.pid}/fd"))
        for connection in crowd:
            connection.close()
        settled(daemon, traffic, "descriptors")
        daemon.signal(signal.SIGUSR1)
        equal(daemon.stop(), 0, "descriptors: it ends with status 0")
    equal(daemon.packets(), traffic.packets, "descriptors: packets sent = packets in records")
    print(f"FIGURE descriptors: limit 32, {used} in use beside 100 clients: {traffic.packets} of {traffic.packets} packets")


def fill(path):
    with open(path, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65536)
        except OSError:
            pass


def recovers(daemon, heal, what):
    """Seconds from the mend to the first record written."""
    written = daemon.of_log()["records_written"]
    heal()
    healed = time.monotonic()
    wait_for(lambda: daemon.of_log()["records_written"] > written, f"{what}: it writes again", 10)
    return time.monotonic() - healed


def disk(work, quick):
    """Longer than memory lasts, so that records are lost and counted."""
    full_s = 3 if quick else 60
    logs = os.path.join(work, "small")
    os.makedirs(logs)
    shell(f"mount -t tmpfs -o size={16 if quick else 128}m none {logs}")
    with Watched(work, "disk", logs=logs) as daemon:
        daemon.wait_for("READY=1")
        traffic = Traffic(full_s + 4, 20_000 if quick else 50_000)
        time.sleep(2)
        fill(os.path.join(logs, FILLER))
        wait_for(lambda: daemon.of_log()["trouble"] != "", "disk: the trouble is told", 10)
        before = daemon.resident_kib()
        time.sleep(full_s - 1)
        grown = daemon.resident_kib() - before
        after = recovers(daemon, lambda: os.unlink(os.path.join(logs, FILLER)), "disk")
        settled(daemon, traffic, "disk")
        time.sleep(1)
        lost = daemon.of_log()["dropped_disk_full"]
        said = daemon.talk().count("No space left")
        equal(daemon.stop(), 0, "disk: it ends with status 0")
    missing = daemon.missing_records()
    equal(lost <= missing <= lost + full_s + 2, True, f"disk: {missing} records missing, {lost} flow records counted as lost")
    equal(daemon.torn, 0, "disk: no line is torn")
    at_least(1.0, after, "disk: seconds to the first record after the mend, at most 1:")
    at_least(full_s / 10 + 2, said, "disk: lines about it in the log, at most one in 10 s:")
    shell(f"umount -l {logs}")
    print(f"FIGURE disk: full for {full_s} s at {traffic.packets / (full_s + 4):.0f} packets a second: {lost} records lost and counted, "
          f"0 packets dropped, {grown} KiB more memory, written again after {after:.2f} s, {said} lines in the log")


def clients(work, quick):
    count = 100 if quick else 1000
    with Watched(work, "clients") as daemon:
        daemon.wait_for("READY=1")
        traffic = Traffic(3 if quick else 20, 20_000 if quick else 50_000)
        time.sleep(1)
        before, idle = daemon.resident_kib(), []
        for _ in range(count):
            connection = socket.socket(socket.AF_UNIX)
            connection.connect(daemon.control)
            idle.append(connection)
        waits = []
        while traffic.runs():
            began = time.monotonic()
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(daemon.control)
                connection.sendall(b"GET /livez HTTP/1.1\r\n\r\n")
                connection.recv(100)
            waits.append(time.monotonic() - began)
            time.sleep(0.02)
        grown = daemon.resident_kib() - before
        settled(daemon, traffic, "clients")
        equal(daemon.stop(), 0, "clients: it ends with status 0")
    equal(daemon.packets(), traffic.packets, "clients: packets sent = packets in records")
    waits.sort()
    at_least(0.1, waits[len(waits) * 99 // 100], "clients: seconds to an answer, 99 of 100, at most 0.1:")
    print(f"FIGURE clients: {count} idle: an answer after {1000 * waits[len(waits) // 2]:.1f} ms (median), "
          f"{1000 * waits[len(waits) * 99 // 100]:.1f} ms (99 of 100), {grown} KiB more memory")


def eio(work, quick):
    for method in ("io_uring", "pwrite"):
        eio_by(work, method, 3 if quick else 10)


def eio_by(work, method, broken_s):
    logs, backing = os.path.join(work, method), os.path.join(work, method + "_backing")
    switch = os.path.join(work, method + "_broken")
    os.makedirs(logs)
    os.makedirs(backing)
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "failing_disk.py")
    server = subprocess.Popen([sys.executable, script, backing, logs, switch])
    wait_for(lambda: os.path.ismount(logs), f"{method}: the failing disk is there")
    with Watched(work, method + "_daemon", logs=logs, output=f"io_uring = {str(method == 'io_uring').lower()}\n") as daemon:
        daemon.wait_for("READY=1")
        traffic = Traffic(broken_s + 4, 20_000)
        time.sleep(2)
        equal(daemon.of_log()["method"], method, f"{method}: that is how it writes")
        open(switch, "w").close()
        wait_for(lambda: "Input/output error" in daemon.of_log()["trouble"], f"{method}: the trouble is told", 10)
        time.sleep(broken_s)
        after = recovers(daemon, lambda: os.unlink(switch), method)
        settled(daemon, traffic, method)
        time.sleep(1)
        lost = daemon.of_log()["dropped_sink_down"]
        equal(daemon.stop(), 0, f"{method}: it ends with status 0")
    missing = daemon.missing_records()
    # Of what is lost flow records are counted; stats events, one a second here, are gaps too.
    equal(lost <= missing <= lost + broken_s + 2, True, f"{method}: {missing} records missing, {lost} flow records counted as lost")
    equal(daemon.torn, 0, f"{method}: no line is torn")
    at_least(1.0, after, f"{method}: seconds to the first record after the mend, at most 1:")
    shell(f"umount -l {logs}")
    server.wait(10)
    print(f"FIGURE eio by {method}: EIO for {broken_s} s: {lost} records lost and counted, 0 packets dropped, written again after {after:.2f} s")


FAULTS = {"kills": kills, "descriptors": descriptors, "disk": disk, "clients": clients, "eio": eio}
QUICK = ("descriptors", "disk")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("faults", nargs="*", metavar="FAULT", help=", ".join(FAULTS))
    options = parser.parse_args()
    enter_namespace(__file__)
    if "PKTANA_FAULTS_MOUNTS" not in os.environ:
        os.environ["PKTANA_FAULTS_MOUNTS"] = "1"
        os.execvp("unshare", ["unshare", "--mount", sys.executable, *sys.argv])
    make_pair()
    with tempfile.TemporaryDirectory(prefix="pktana_faults_", ignore_cleanup_errors=True) as work:
        for name in options.faults or (QUICK if options.quick else FAULTS):
            FAULTS[name](work, options.quick)
    print("PASS")


if __name__ == "__main__":
    main()
