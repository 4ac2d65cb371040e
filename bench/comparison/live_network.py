# SPDX-License-Identifier: Apache-2.0
"""A network namespace of our own with one veth pair: s0, where frames are sent, and r0, where the tools listen."""

import ctypes
import os
import re
import subprocess
import time

from .process import Failed

CLONE_NEWNET = 0x40000000
SENDER_CPU = "0"  # veth's receiver runs there, too: the kernel's work is not the tool's
TOOL_CPU = "1"
SET_UP = ("ip link set lo up", "ip link add s0 type veth peer name r0", "ip link set s0 up", "ip link set r0 up")


def enter():
    """This process leaves its network for good; the namespace ends with it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise Failed(f"no network namespace for the live part: {os.strerror(ctypes.get_errno())} (it needs root)")
    for switch in ("all", "default"):
        subprocess.run(["sysctl", "-qw", f"net.ipv6.conf.{switch}.disable_ipv6=1"], check=True)
    for command in SET_UP:
        subprocess.run(command.split(), check=True)
    time.sleep(0.3)


def send(sender, packets, flows, rate=0):
    """@return (packets, packets a second) that went out; a rate of 0 is as fast as it goes."""
    command = ["taskset", "-c", SENDER_CPU, sender, "--iface", "s0", "--flows", str(flows), "--packets", str(packets),
               "--size", "64", "--both-directions"]
    if rate:
        command += ["--rate", str(int(rate))]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = dict(re.findall(r"(\w+)=([\d.]+)", said))
    return int(found["packets"]), float(found["pps"])


def listening_sockets(pid):
    """Packet sockets that are bound and running, in the namespace of `pid` (all of it: only one tool runs)."""
    with open(f"/proc/{pid}/net/packet", encoding="utf-8") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    return sum(1 for row in rows if row[4] != "0" and row[5] == "1")


def wait_until_listening(process, sockets, patience_s=5.0):
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        if process.poll() is not None:
            raise Failed(f"it ended before it listened, with {process.returncode}")
        if listening_sockets(process.pid) >= sockets:
            time.sleep(0.1)  # the filter that shut it out while it was made goes last
            return
        time.sleep(0.01)
    raise Failed("it does not listen")
