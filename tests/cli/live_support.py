# SPDX-License-Identifier: Apache-2.0
"""What the tests on live interfaces share: a network namespace of their own, a veth pair in it, captures on it."""

import os
import signal
import socket
import subprocess
import sys
import time

from cli_support import PATIENCE, PROGRAM, SKIPPED, Case, environment, read_line

INSIDE = "PKTANA_TEST_NETNS"
SET_UP = """
ip link set lo up
sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add v0 type veth peer name v1 && ip link set v0 mtu 9000 up && ip link set v1 mtu 9000 up
exec "$@"
"""


def enter_namespace(script):
    """Runs the script again in a new network namespace; says SKIP where that isn't allowed."""
    if INSIDE in os.environ:
        return
    namespace = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    if subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode != 0:
        print("SKIP: no right to make a network namespace")
        sys.exit(SKIPPED)
    command = [*namespace, "sh", "-c", SET_UP, "sh", sys.executable, script, PROGRAM]
    sys.exit(subprocess.run(command, env=os.environ | {INSIDE: "1"}, check=False).returncode)


class Live(Case):
    """Frames sent on v0, captured on v1."""

    def launch(self, *options, interface="v1"):
        command = [PROGRAM, "capture", "-i", interface, "--ring-size", "8MiB", *map(str, options)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def wait_until_ready(self, process):
        self.assertEqual(read_line(process.stderr, PATIENCE)[:13], "capturing on ")

    def start(self, *options, interface="v1"):
        process = self.launch(*options, interface=interface)
        self.wait_until_ready(process)
        return process

    def stop(self, process):
        process.send_signal(signal.SIGINT)
        return self.finish(process)

    def finish(self, process):
        out, messages = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0, messages)
        self.assertNotIn(b"MISMATCH", messages)
        return out.decode(), messages.decode()

    @staticmethod
    def send(frames):
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sender:
            sender.bind(("v0", 0))
            for frame in frames:
                sender.send(frame)
        time.sleep(0.2)
