#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The daemon under a steady load for as long as you like, with all that happens to one in months pressed into that
time: rotation, reloads with good and bad files, rotation by signal, control clients of all kinds.

    sudo tests/service/soak.py --minutes 60 --rate 200000
    sudo tests/service/soak.py --find-rate            # the most that this machine takes without a drop

Runs in a network namespace of its own (veth pair), with `--sandbox strict`. Each sample is a line; the last lines say
what grew, and whether packets sent = packets in records. Exit status 0: all of it holds. Needs root and a built tree
(PKTANA_BUILD_ROOT, or build/).
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "kernel"))

from control_crowd import Crowd, ask  # noqa: E402
from daemon_support import PKTANA, VETH_SEND, Daemon, enter_namespace, make_pair, wait_for  # noqa: E402
from log_harvest import Harvest  # noqa: E402

PACKETS_A_FLOW = 66
TICK_S = 0.25
BAD_FILE = '[flow]\nmax_flow = 3\n'


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=int, default=50_000, help="packets a second")
    parser.add_argument("--sample", type=float, default=10, help="seconds between samples")
    parser.add_argument("--closed", default="10s", help="flow.timeouts: how long ended connections stay")
    parser.add_argument("--rotate", default="64MiB", help="size of a log file")
    parser.add_argument("--keep", default="256MiB", help="size of the log")
    parser.add_argument("--max-slope", type=float, default=1024, help="KiB of resident memory an hour that are too much")
    parser.add_argument("--work", help="directory for configuration and logs (default: a new one in /var/tmp)")
    parser.add_argument("--program", default=PKTANA)
    parser.add_argument("--sender", default=VETH_SEND)
    parser.add_argument("--find-rate", action="store_true", help="look for the rate, ten seconds each")
    return parser.parse_args()


def configuration(options, socket_path, stats_interval=2):
    return f"""[capture]
ring_size = "64MiB"
[flow.timeouts]
tcp = {{ new = "10s", established = "60s", closed = "{options.closed}" }}
[stats]
interval = "{stats_interval}s"
[api]
socket = "{socket_path}"
[state]
directory = "{os.path.dirname(socket_path)}/state"
[[output]]
path = "{os.path.dirname(socket_path)}/logs/eve.json"
rotate_size = "{options.rotate}"
keep_size = "{options.keep}"
compress_delay = "20s"
"""


class SoakDaemon(Daemon):
    """Its files, and what can be asked of it from outside."""

    def __init__(self, work, options):
        self.wanted = options
        super().__init__(work, "soak", options=["--sandbox", "strict"], program=options.program)
        self.output = os.path.join(self.directory, "logs", "eve.json")
        os.makedirs(os.path.dirname(self.output), exist_ok=True)
        os.makedirs(os.path.join(self.directory, "state"), exist_ok=True)

    @property
    def socket_path(self):
        return os.path.join(self.directory, "api.sock")

    def configure(self, extra):
        with open(os.path.join(self.directory, "pktana.toml"), "w") as file:
            file.write(extra or configuration(self.wanted, self.socket_path))

    def resident_kib(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read())[1])

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def cpu_s(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Samples:
    """What was seen every few seconds."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.began = time.monotonic()
        self.rows = []
        self.complaints = []

    def take(self):
        status = ask(self.daemon.socket_path, "status")
        unbalanced = [one for one in ask(self.daemon.socket_path, "ledger")["ledger"] if one["balanced"] is False]
        self.complaints += [f"the ledger does not balance: {one}" for one in unbalanced]
        row = {"s": round(time.monotonic() - self.began, 1), "rss_kib": self.daemon.resident_kib(),
               "fds": self.daemon.descriptors(), "packets": status["packets"], "drops": status["kernel_drops"],
               "flows": status["flows_active"], "unbalanced": len(unbalanced), "cpu_s": self.daemon.cpu_s()}
        self.rows.append(row)
        print(" ".join(f"{key}={value}" for key, value in row.items()), flush=True)

    def settled(self):
        """The longest stretch in which the live flows reach no new peak: memory follows that, and keeps what it has."""
        best, begin, peak = [], 0, 0
        for at, row in enumerate([*self.rows, {"flows": float("inf")}]):
            if row["flows"] <= peak:
                continue
            # The workers' saved state follows a few seconds behind.
            stretch = [one for one in self.rows[begin:at] if one["s"] > self.rows[begin]["s"] + 10]
            best = max(best, stretch, key=len)
            begin, peak = at, row["flows"]
        return best if len(best) > 1 else self.rows[len(self.rows) // 2:]

    def slope_kib_per_hour(self):
        rows = self.settled()
        n = len(rows)
        mean_x, mean_y = sum(row["s"] for row in rows) / n, sum(row["rss_kib"] for row in rows) / n
        spread = sum((row["s"] - mean_x) ** 2 for row in rows)
        return 0.0 if spread == 0 else 3600 * sum((row["s"] - mean_x) * (row["rss_kib"] - mean_y) for row in rows) / spread


class Troubles:
    """Reloads and rotations, each on its own beat."""

    def __init__(self, daemon, options):
        self.daemon = daemon
        self.options = options
        self.reloads = self.bad = self.rotations = 0
        # A minute or less is a test of this script, which has no time for the usual beat.
        self.reload_s, self.rotation_s = (5, 7) if options.minutes > 1 else (0.6, 0.8)
        self.next_reload = self.next_rotation = time.monotonic() + self.reload_s

    def look(self):
        now = time.monotonic()
        if now >= self.next_rotation:
            self.next_rotation = now + self.rotation_s
            self.rotations += 1
            self.daemon.signal(signal.SIGUSR1)
        if now >= self.next_reload:
            self.next_reload = now + self.reload_s
            self.reloads += 1
            is_bad = self.reloads % 3 == 0
            self.bad += is_bad
            self.daemon.configure(BAD_FILE if is_bad else
                                  configuration(self.options, self.daemon.socket_path, 1 + self.reloads % 2))
            self.daemon.signal(signal.SIGHUP)


def sender_of(options, seconds):
    flows = max(1, int(options.rate * seconds / PACKETS_A_FLOW))
    return subprocess.Popen([options.sender, "--iface", "v1", "--flows", str(flows), "--packets", str(flows * PACKETS_A_FLOW),
                             "--rate", str(options.rate), "--proto", "tcp", "--tcp-life", "--concurrent", "200"],
                            stdout=subprocess.PIPE, text=True)


def watch(daemon, options, samples):
    """Until the sender has sent everything. Returns what it says it sent."""
    sender = sender_of(options, options.minutes * 60)
    troubles = Troubles(daemon, options)
    next_sample = time.monotonic()
    while sender.poll() is None:
        time.sleep(TICK_S)
        if daemon.process.poll() is not None:
            sender.kill()
            raise SystemExit(f"FAIL: the daemon ended with status {daemon.process.returncode}: {daemon.talk()[-2000:]}")
        troubles.look()
        if time.monotonic() >= next_sample:
            next_sample += options.sample
            samples.take()
    said = sender.communicate()[0]
    print(f"sender: {said.strip()}", flush=True)
    return {key: float(value) for key, value in (word.split("=") for word in said.split())}, troubles


def soak(work, options):
    with SoakDaemon(work, options) as daemon:
        daemon.wait_for("READY=1")
        harvest = Harvest(daemon.output).start()
        crowd = Crowd(daemon.socket_path).start()
        samples = Samples(daemon)
        sent, troubles = watch(daemon, options, samples)
        crowd.stop()
        wait_for(lambda: ask(daemon.socket_path, "status")["flows_active"] == 0, "every flow ends by itself", 90)
        samples.take()
        status = daemon.stop()
        talk = daemon.talk()
    complaints = samples.complaints + harvest.finish() + crowd.failures[:5]
    complaints += [line for line in talk.splitlines() if "MISMATCH" in line or "does not balance" in line]
    if status != 0:
        complaints.append(f"the daemon ended with status {status}")
    verified = subprocess.run([options.program, "verify", os.path.dirname(daemon.output)], capture_output=True, text=True,
                              check=False)
    print(f"verify: {verified.stdout.strip()}{verified.stderr.strip()}")
    if verified.returncode != 0:
        complaints.append("verify finds the logs not whole")
    return complaints + summary(sent, samples, harvest, crowd, troubles, options)


def summary(sent, samples, harvest, crowd, troubles, options):
    rows, first, last = samples.settled(), samples.rows[0], samples.rows[-1]
    slope = samples.slope_kib_per_hour()
    print(f"lasted: {sent['seconds']:.0f} s at {sent['pps']:.0f} packets a second, {last['cpu_s'] - first['cpu_s']:.1f} CPU seconds")
    print(f"packets: {sent['packets']:.0f} sent, {harvest.packets} in records, {last['drops']} dropped")
    print(f"records: {harvest.records} ({harvest.flows} flows) in {len(harvest.files)} files, {harvest.bytes} bytes")
    print(f"happened: {troubles.reloads} reloads ({troubles.bad} of them bad files), {troubles.rotations} rotations by signal, "
          f"{crowd.served} requests served, slowest {crowd.worst_s * 1000:.0f} ms, {crowd.annoyed} hostile connections")
    every = samples.rows
    print(f"resident: {min(row['rss_kib'] for row in every)} to {max(row['rss_kib'] for row in every)} KiB with up to "
          f"{max(row['flows'] for row in every)} flows; {rows[0]['rss_kib']} to {rows[-1]['rss_kib']} KiB from {rows[0]['s']:.0f} s "
          f"to {rows[-1]['s']:.0f} s, without a new peak of flows: slope {slope:.0f} KiB an hour")
    print(f"descriptors: {min(row['fds'] for row in every)} to {max(row['fds'] for row in every)}")
    complaints = []
    if harvest.packets + last["drops"] != sent["packets"]:
        complaints.append("packets sent are not packets in records and drops")
    if last["drops"] > 0:
        complaints.append(f"{last['drops']} packets dropped")
    if options.minutes >= 30 and slope > options.max_slope:
        complaints.append(f"resident memory grows by {slope:.0f} KiB an hour")
    return complaints


def find_rate(work, options):
    """Ten seconds each, upward by a fifth, until packets are dropped or the sender can't keep up."""
    best, options.minutes, options.sample = 0, 1 / 6, 5
    for attempt in range(20):
        complaints = soak(os.path.join(work, str(attempt)), options)
        print(f"{options.rate} packets a second: {'; '.join(complaints) or 'whole'}", flush=True)
        shutil.rmtree(os.path.join(work, str(attempt)))
        if complaints:
            break
        best, options.rate = options.rate, options.rate * 6 // 5
    print(f"the most without a drop: {best} packets a second")
    return [] if best else ["no rate was found"]


def main():
    options = arguments()
    enter_namespace(__file__)
    make_pair()
    work = options.work or tempfile.mkdtemp(prefix="pktana_soak_", dir="/var/tmp")
    try:
        complaints = find_rate(work, options) if options.find_rate else soak(work, options)
    finally:
        if not options.work:
            shutil.rmtree(work)
    for complaint in complaints:
        print(f"FAIL {complaint}")
    print("PASS" if not complaints else f"{len(complaints)} complaints")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
