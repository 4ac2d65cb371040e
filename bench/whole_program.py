#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The whole program beside the limits of ../shared/bench, on traffic that it makes itself.

  file  a capture file of small packets: pcapwalk (walk, parse, flow) and pktana read, interleaved, best of several
  live  a veth pair in namespaces of its own: nullring and pktana capture, the same traffic for each (needs root)

An answer is checked before its time counts: packets, flows and the ledger must be right. Prints one Markdown table each.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", nargs="?", choices=["file", "live", "all"], default="all")
    parser.add_argument("--build", default=os.path.join(ROOT, "build"), help="build directory (default: build)")
    parser.add_argument("--shared", default=os.path.join(ROOT, "..", "shared"), help="where bench/pcapwalk.cpp lies")
    parser.add_argument("--packets", type=int, default=10_000_000)
    parser.add_argument("--flows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=int, default=200_000, help="live packets a second")
    parser.add_argument("--seconds", type=int, default=10, help="of live traffic")
    parser.add_argument("--live-flows", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


class Usage:
    """Seconds and memory of a command that has ended."""

    def __init__(self, wall, rusage, stdout):
        self.wall = wall
        self.user = rusage.ru_utime
        self.system = rusage.ru_stime
        self.rss_mib = rusage.ru_maxrss / 1024
        self.stdout = stdout


def wait(process, began):
    """Waits, with the resources that this one process used."""
    _, status, rusage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - began, rusage


def measure(command, stdout=None):
    with tempfile.TemporaryFile("w+") as out:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=stdout or out, stderr=subprocess.PIPE)
        talk = process.stderr.read()
        wall, rusage = wait(process, began)
        if process.returncode != 0:
            sys.exit(f"{' '.join(command)} ended with {process.returncode}: {talk.decode()}")
        out.seek(0)
        return Usage(wall, rusage, out.read())


def compile_limit(arguments, name, work):
    source = os.path.join(arguments.shared, "bench", name + ".cpp")
    if not os.path.exists(source):
        print(f"{source} is not there: no limit to compare with", file=sys.stderr)
        return None
    binary = os.path.join(work, name)
    subprocess.run(["c++", "-std=c++20", "-O3", "-march=native", "-pthread", source, "-o", binary], check=True)
    return binary


def check_output(path, packets):
    with open(path, "rb") as out:
        out.seek(max(0, os.path.getsize(path) - 16384))
        stats = json.loads(out.read().splitlines()[-1])
    bad = [name for name, line in stats["pktana"]["ledger"].items() if line["balanced"] is False]
    if bad or stats["pktana"]["ledger"]["parse"]["captured"] != packets:
        sys.exit(f"pktana's answer is wrong: {json.dumps(stats)}")
    return stats["stats"]["flow"]["total"]


def print_rows(title, rows, packets):
    print(f"\n### {title}\n")
    print("| what | wall s | user s | system s | ns a packet (wall) | ns a packet (CPU) | peak RSS MiB |")
    print("|---|---|---|---|---|---|---|")
    for name, usage in rows:
        wall_ns = usage.wall * 1e9 / packets
        cpu_ns = (usage.user + usage.system) * 1e9 / packets
        print(f"| {name} | {usage.wall:.2f} | {usage.user:.2f} | {usage.system:.2f} | {wall_ns:.0f} | {cpu_ns:.0f} | "
              f"{usage.rss_mib:.0f} |")


def bench_file(arguments, work):
    capture = os.path.join(work, "bench.pcap")
    output = os.path.join(work, "bench.json")
    maker = os.path.join(arguments.build, "bench", "make_capture")
    subprocess.run([maker, capture, "--packets", str(arguments.packets), "--flows", str(arguments.flows)], check=True)
    pktana = os.path.join(arguments.build, "src", "cli", "pktana")
    max_flows = ["--max-flows", str(max(1000, arguments.flows * 2)), "-q"]
    commands = {
        "pktana read, records to a file": [pktana, "read", capture, "--json", "-o", output, *max_flows],
        "pktana read, 2 threads": [pktana, "read", capture, "--json", "-o", output, "--threads", "2", *max_flows],
        "pktana read, no records": [pktana, "read", capture, "--show", "summary", *max_flows],
    }
    walker = compile_limit(arguments, "pcapwalk", work)
    if walker:
        commands.update({f"pcapwalk {mode}": [walker, capture, mode] for mode in ("walk", "parse", "flow")})
    best = {}
    flows = set()
    for _ in range(arguments.rounds):
        for name, command in commands.items():
            if output in command and os.path.exists(output):
                os.unlink(output)
            usage = measure(command)
            if output in command:
                flows.add(check_output(output, arguments.packets))
            if name.startswith("pcapwalk flow"):
                flows.add(int(usage.stdout.split(" flows ")[1].split()[0]))
            if name not in best or usage.wall < best[name].wall:
                best[name] = usage
    if len(flows) > 1:
        sys.exit(f"the tools disagree on the number of flows: {sorted(flows)}")
    print_rows(f"{arguments.packets} packets of 64 to 128 bytes in {flows.pop()} flows, best of {arguments.rounds}",
               sorted(best.items()), arguments.packets)


class Network:
    def __init__(self):
        self.name = f"pktb-{os.getpid()}"

    def __enter__(self):
        for command in (f"netns add {self.name}s", f"netns add {self.name}r",
                        f"-n {self.name}s link add s0 type veth peer name r0 netns {self.name}r",
                        f"-n {self.name}s link set s0 up", f"-n {self.name}r link set r0 up"):
            subprocess.run(["ip", *command.split()], check=True)
            if command.startswith("netns add"):
                subprocess.run([*self.inside(command[-1]), "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1"],
                               check=True)
        time.sleep(0.5)
        return self

    def __exit__(self, *_):
        for side in "sr":
            subprocess.run(["ip", "netns", "del", self.name + side], check=False)

    def inside(self, side):
        return ["ip", "netns", "exec", self.name + side]


def live_once(arguments, net, command, ends_by_itself, output):
    sender = os.path.join(arguments.build, "tests", "tools", "veth_send")
    packets = arguments.rate * arguments.seconds
    began = time.monotonic()
    with open(output, "w") as out, tempfile.TemporaryFile("w+") as talk:
        process = subprocess.Popen([*net.inside("r"), *command], stdout=out, stderr=talk)
        time.sleep(1.0)
        subprocess.run([*net.inside("s"), "taskset", "-c", "0", sender, "--iface", "s0", "--flows",
                        str(arguments.live_flows), "--packets", str(packets), "--rate", str(arguments.rate), "--size",
                        "64", "--both-directions"], check=True, stdout=subprocess.DEVNULL)
        time.sleep(0.5)
        if not ends_by_itself:
            process.send_signal(signal.SIGINT)
        wall, rusage = wait(process, began)
        talk.seek(0)
        if process.returncode != 0:
            sys.exit(f"{' '.join(command)} ended with {process.returncode}: {talk.read()}")
    with open(output) as out:
        return Usage(wall, rusage, out.read())


def judge_live(usage, packets):
    """Packets seen and sum over the records, from pktana's own output."""
    in_records = 0
    for line in usage.stdout.splitlines():
        event = json.loads(line)
        if event["event_type"] == "flow":
            in_records += event["flow"]["pkts_toserver"] + event["flow"]["pkts_toclient"]
        else:
            ledger = event["pktana"]["ledger"]
    kernel = ledger["kernel"]
    lost = packets - in_records
    return f"{kernel['packets_seen']} seen, {kernel['ring_drops']} dropped, {in_records} in records, {lost} lost"


def bench_live(arguments, work):
    pktana = os.path.join(arguments.build, "src", "cli", "pktana")
    packets = arguments.rate * arguments.seconds
    workers = str(arguments.workers)
    output = os.path.join(work, "live.out")
    with Network() as net:
        walker = compile_limit(arguments, "nullring", work)
        commands = {}
        if walker:
            commands["nullring"] = ([walker, "r0", workers, str(arguments.seconds + 4)], True)
        commands["pktana capture"] = ([pktana, "capture", "-i", "r0", "--show", "flows", "--json", "--threads", workers,
                                       "-q"], False)
        best = {}
        said = {}
        for _ in range(arguments.rounds):
            for name, (command, ends_by_itself) in commands.items():
                usage = live_once(arguments, net, command, ends_by_itself, output)
                if name not in best or usage.user < best[name].user:
                    best[name] = usage
                    said[name] = (judge_live(usage, packets) if name.startswith("pktana") else
                                  usage.stdout.strip().splitlines()[-1])
    print_rows(f"Live over veth: {packets} packets of 64 bytes, {arguments.live_flows} flows, {arguments.rate} a second, "
               f"{workers} workers, best of {arguments.rounds} by user time", sorted(best.items()), packets)
    print()
    for name, text in sorted(said.items()):
        print(f"{name}: {text}")


def main():
    arguments = parse_arguments()
    work = tempfile.mkdtemp(prefix="pktana-bench.")
    try:
        if arguments.what in ("file", "all"):
            bench_file(arguments, work)
        if arguments.what in ("live", "all"):
            bench_live(arguments, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
