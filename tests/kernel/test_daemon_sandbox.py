#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the daemon has given up once it runs, and that it works like that: as root, and as an ordinary user whose one
right is CAP_NET_RAW. Needs root."""

import os
import pathlib
import shutil
import signal
import tempfile

from daemon_support import PKTANA, Daemon, enter_namespace, equal, make_pair, send, wait_for

NOBODY = 65534


def status_of(pid):
    """Of each thread: its name, and the lines of /proc/PID/status."""
    threads = []
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        lines = (line.split(":", 1) for line in (task / "status").read_text().splitlines())
        threads.append({key: value.strip() for key, value in lines})
    return threads


def nothing_is_left(daemon, what):
    threads = status_of(daemon.process.pid)
    none = "0" * 16
    for key in ("CapEff", "CapPrm", "CapInh", "CapAmb"):
        equal({thread[key] for thread in threads}, {none}, f"{what}: {key} is 0 in {len(threads)} threads")
    equal({thread["NoNewPrivs"] for thread in threads}, {"1"}, f"{what}: no new privileges")
    equal({thread["Seccomp"] for thread in threads}, {"2"}, f"{what}: Seccomp is 2")


def captures(daemon, what):
    daemon.wait_for("READY=1")
    nothing_is_left(daemon, what)
    send(1000)
    daemon.signal(signal.SIGUSR1)
    wait_for(lambda: len(daemon.logs()) >= 2, f"{what}: log files are rotated")
    send(1000)
    equal(daemon.stop(), 0, f"{what}: it ends with status 0")
    equal(daemon.packets(), 2000, f"{what}: packets sent = packets in records")
    equal("seccomp" in daemon.talk() and "not to be had" not in daemon.talk(), True, f"{what}: all of the sandbox")


def as_root(work):
    with Daemon(work, "root", options=["--sandbox", "strict"]) as daemon:
        captures(daemon, "root")


def as_user(work):
    """With the capability as an ambient one, as systemd gives it."""
    home = os.path.join(work, "user")
    os.makedirs(home)
    program = os.path.join(work, "pktana")
    shutil.copy(PKTANA, program)
    for path in (work, program):
        os.chmod(path, 0o755)
    holder = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all,+net_raw",
              "--ambient-caps=-all,+net_raw", "--bounding-set=-all,+net_raw"]
    daemon = Daemon(work, "user", options=["--sandbox", "strict"], holder=holder, program=program)
    os.chown(home, NOBODY, NOBODY)
    with daemon:
        os.chmod(os.path.join(home, "notify"), 0o777)
        captures(daemon, "user")


def without_the_right(work):
    holder = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"]
    with Daemon(work, "powerless", holder=holder) as daemon:
        equal(daemon.process.wait(10), 1, "without CAP_NET_RAW it ends with status 1")
    equal("capturing needs CAP_NET_RAW" in daemon.talk(), True, "and says what it needs")


def switched_off(work):
    with Daemon(work, "off", options=["--sandbox", "off"]) as daemon:
        daemon.wait_for("READY=1")
        equal({thread["Seccomp"] for thread in status_of(daemon.process.pid)}, {"0"}, "--sandbox off: Seccomp is 0")
        equal(daemon.stop(), 0, "it ends with status 0")


def main():
    enter_namespace(__file__)
    make_pair()
    with tempfile.TemporaryDirectory() as work:
        as_root(work)
        as_user(work)
        without_the_right(work)
        switched_off(work)


if __name__ == "__main__":
    main()
