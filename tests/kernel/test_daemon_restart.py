#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A daemon that is killed and restarted in the middle of traffic, under `pktana hold`, which keeps its rings: every
packet that was sent is in exactly one flow record. Needs root."""

import os
import signal
import subprocess
import tempfile
import time

from daemon_support import VETH_SEND, Daemon, PKTANA, at_least, enter_namespace, equal, make_pair, send, wait_for

RATE = 50_000
SECONDS = 4
# Flows end within the run too, so that records are on their way when the daemon is killed.
SHORT = """[flow.timeouts]
tcp = { new = "300ms", established = "5s", closed = "300ms" }
[capture]
ring_size = "32MiB"
"""


def children_of(pid):
    return [int(one) for one in open(f"/proc/{pid}/task/{pid}/children").read().split()]


def run(work, name, extra, disturb, flows, times):
    """Sends RATE packets a second for SECONDS; disturbs the daemon meanwhile. Returns its final flow records."""
    packets = RATE * SECONDS // flows * flows
    with Daemon(work, name, extra=extra, holder=[PKTANA, "hold", "--"]) as daemon:
        daemon.wait_for("READY=1")
        sender = subprocess.Popen([VETH_SEND, "--iface", "v1", "--flows", str(flows), "--packets", str(packets),
                                   "--rate", str(RATE), "--proto", "tcp", "--tcp-life", "--concurrent", "50"], stdout=subprocess.DEVNULL)
        for _ in range(times):
            time.sleep(SECONDS / (times + 1))
            disturb(daemon)
        equal(sender.wait(60), 0, f"{name}: all is sent")
        time.sleep(1)
        # The flows that still live end when their time is over.
        wait_for(lambda: daemon.packets() >= packets, f"{name}: every packet is in a record", 15)
        equal(daemon.stop(), 0, f"{name}: it ends with status 0")
    found = daemon.final_flows()
    equal(daemon.packets(), packets, f"{name}: packets sent = packets in records, none lost, none doubled")
    equal(len({flow["flow_id"] for flow in found}), len(found), f"{name}: no flow has two records")
    equal(len(found), flows, f"{name}: each flow that was sent is one flow")
    if "MISMATCH" in daemon.talk() or "does not balance" in daemon.talk():
        print(daemon.talk())
        raise SystemExit(f"FAIL {name}: the ledger does not balance")
    at_least(daemon.talk().count("goes on with the rings"), times, f"{name}: rings taken over")
    at_least(times, daemon.torn, f"{name}: torn lines, at most {times}")
    return found


def kill(daemon):
    for pid in children_of(daemon.process.pid):
        os.kill(pid, signal.SIGKILL)


def restart(daemon):
    daemon.process.send_signal(signal.SIGUSR2)


def orphan(work):
    """Without its holder the daemon ends, and writes what it has: a new holder finds the log directory free."""
    with Daemon(work, "orphan", holder=[PKTANA, "hold", "--"]) as daemon:
        daemon.wait_for("READY=1")
        send(1000)
        daemon.process.kill()
        wait_for(lambda: "ended: 1000 packets" in daemon.talk(), "orphan: a killed holder ends its daemon")
        wait_for(lambda: daemon.packets() == 1000, "orphan: packets sent = packets in records")


def main():
    enter_namespace(__file__)
    make_pair()
    with tempfile.TemporaryDirectory() as work:
        run(work, "kill", SHORT, kill, 3000, 4)
        run(work, "restart", SHORT, restart, 3000, 4)
        orphan(work)


if __name__ == "__main__":
    main()
