# SPDX-License-Identifier: Apache-2.0
"""What the live tests of the daemon share: a network namespace, a veth pair, a daemon under a service manager that is
this process."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

BUILD = os.environ.get("PKTANA_BUILD_ROOT", "build")
PKTANA = os.path.join(BUILD, "src/cli/pktana")
VETH_SEND = os.path.join(BUILD, "tests/tools/veth_send")
INSIDE = "PKTANA_TEST_NETNS"
SKIPPED = 77
PATIENCE_S = 10


def fail(text):
    raise SystemExit(f"FAIL {text}")


def equal(got, wanted, what):
    if got != wanted:
        fail(f"{what}: got {got!r}, wanted {wanted!r}")
    print(f"PASS {what}", flush=True)


def at_least(got, least, what):
    if got < least:
        fail(f"{what}: {got}, wanted at least {least}")
    print(f"PASS {what}: {got}", flush=True)


def wait_for(condition, what, patience_s=PATIENCE_S):
    end = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > end:
            fail(f"{what}: not within {patience_s} s")
        time.sleep(0.02)
    print(f"PASS {what}", flush=True)


def shell(text):
    subprocess.run(["sh", "-ec", text], check=True)


def enter_namespace(script):
    """Runs the script again in a new network namespace; says SKIP where that isn't allowed."""
    if INSIDE in os.environ:
        return
    if os.geteuid() != 0 or subprocess.run(["unshare", "--net", "true"], check=False).returncode != 0:
        print("SKIP: no right to make a network namespace")
        sys.exit(SKIPPED)
    command = ["unshare", "--net", sys.executable, script, *sys.argv[1:]]
    sys.exit(subprocess.run(command, env=os.environ | {INSIDE: "1"}, check=False).returncode)


def make_pair():
    """v0, where the daemon listens, and v1, where frames are sent; nothing else is sent there."""
    shell("sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; ip link set lo up;"
          "ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up")


def send(packets, rate=20000, flows=10):
    subprocess.run([VETH_SEND, "--iface", "v1", "--flows", str(flows), "--packets", str(packets), "--rate", str(rate)],
                   check=True, stdout=subprocess.DEVNULL, timeout=60)


class Daemon:
    """A daemon with a configuration, an output, a log and a notify socket of its own in `work`."""

    def __init__(self, work, name, extra="", environment=None, options=(), holder=None,
                 state=False, manager=True, program=PKTANA):
        self.directory = os.path.join(work, name)
        os.makedirs(self.directory, exist_ok=True)
        self.output = os.path.join(self.directory, "eve.json")
        self.log = os.path.join(self.directory, "log")
        self.messages = []
        self.environment = environment or {}
        self.options = list(options)
        self.holder = list(holder or [])
        self.has_manager = manager
        self.program = program
        self.state = os.path.join(self.directory, "state") if state else ""
        self.configure(extra)

    def configure(self, extra):
        with open(os.path.join(self.directory, "pktana.toml"), "w") as file:
            file.write(extra + f'[api]\nsocket = ""\n[state]\ndirectory = "{self.state}"\n'
                       + f'[[output]]\npath = "{self.output}"\n')

    def __enter__(self):
        environment = os.environ | self.environment
        if self.has_manager:
            path = os.path.join(self.directory, "notify")
            if os.path.exists(path):
                os.unlink(path)
            self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self.manager.bind(path)
            threading.Thread(target=self.listen, daemon=True).start()
            environment |= {"NOTIFY_SOCKET": path}
        command = [*self.holder, self.program, "daemon", "--config", os.path.join(self.directory, "pktana.toml"), "-i", "v0",
                   *self.options]
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL,
                                        stderr=open(self.log, "a"))
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if _[0] is not None:
            print(self.talk(), file=sys.stderr)

    def listen(self):
        while True:
            self.messages.append(self.manager.recv(65536).decode())

    def wait_for(self, text):
        wait_for(lambda: any(text in message for message in self.messages), f"{text} is said")
        return True

    def logs(self):
        return [name for name in os.listdir(self.directory) if name.startswith("eve")]

    def talk(self):
        with open(self.log) as file:
            return file.read()

    def final_flows(self):
        return self.events("flow")

    def events(self, event_type):
        """Those of all files of the log; counts torn lines in `torn`."""
        found, self.torn = [], 0
        for name in sorted(os.listdir(self.directory)):
            if not name.startswith("eve"):
                continue
            for line in open(os.path.join(self.directory, name), errors="replace"):
                try:
                    event = json.loads(line)
                except json.JSONDecodeError:
                    self.torn += 1
                    continue
                if event["event_type"] == event_type:
                    found.append(event)
        return found

    def packets(self):
        return sum(flow["flow"]["pkts_toserver"] + flow["flow"]["pkts_toclient"] for flow in self.final_flows())

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        began = time.monotonic()
        self.signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE_S)
        self.ended_after = time.monotonic() - began
        time.sleep(0.1)
        return status
