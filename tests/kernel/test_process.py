#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`pktana capture --process` in a network namespace of its own: the process of a server, of a client that stays, and of
many clients that live for milliseconds, over TCP and UDP. Needs root."""

import collections
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("PKTANA_BUILD_ROOT", "build")
PKTANA = os.path.join(BUILD, "src/cli/pktana")
INSIDE = "PKTANA_TEST_NETNS"
SKIPPED = 77
PATIENCE_S = 30
SHORT_CLIENTS = 100

# Says its pid, connects, sends, reads to the end, and is gone.
CLIENT = "import os,socket,sys; s=socket.create_connection(('127.0.0.1',int(sys.argv[1]))); " \
         "print(os.getpid(), s.getsockname()[1]); s.sendall(b'hello'); s.recv(100)"
SERVER = "import socket,sys\n" \
         "s=socket.create_server(('127.0.0.1',0)); print(s.getsockname()[1],flush=True)\n" \
         "while True:\n c,_=s.accept(); c.recv(100); c.sendall(b'bye'); c.close()"


def equal(got, wanted, what):
    if got != wanted:
        raise SystemExit(f"FAIL {what}: got {got!r}, wanted {wanted!r}")
    print(f"PASS {what}")


def at_least(got, least, what):
    if got < least:
        raise SystemExit(f"FAIL {what}: {got}, wanted at least {least}")
    print(f"PASS {what}: {got}")


class Capture:
    def __enter__(self):
        self.output = tempfile.NamedTemporaryFile("r")
        self.process = subprocess.Popen([PKTANA, "capture", "-i", "lo", "--process", "--events", "flow"],
                                        stdout=open(self.output.name, "w"), stderr=subprocess.PIPE, text=True)
        ready = self.process.stderr.readline()
        if not ready.startswith("capturing on"):
            raise SystemExit(f"FAIL start: {ready}")
        return self

    def flows(self):
        self.process.send_signal(signal.SIGINT)
        self.talk = self.process.stderr.read()
        equal(self.process.wait(PATIENCE_S), 0, "the capture ends with status 0")
        if "MISMATCH" in self.talk:
            raise SystemExit(f"FAIL {self.talk}")
        return {event["src_port"]: event for event in map(json.loads, self.output) if "src_port" in event}

    def __exit__(self, *_):
        self.process.kill()
        self.process.stderr.close()
        self.process.wait()


def serve():
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    return server, server.stdout.readline().strip()


def both_sides():
    """a connection that stays: both processes, exact"""
    server, port = serve()
    with Capture() as capture:
        client = socket.create_connection(("127.0.0.1", int(port)))
        time.sleep(1.2)
        flow = (own_port := client.getsockname()[1], capture.flows())[1][own_port]["pktana"]
    client.close()
    server.kill()
    server.communicate()
    mine, peer = flow["process"], flow["peer_process"]
    equal((mine["pid"], mine["side"], mine["process_match"], mine["uid"]), (os.getpid(), "src", "exact", os.geteuid()),
          "the client")
    equal((mine["exe"], mine["name"]), (os.readlink("/proc/self/exe"), open("/proc/self/comm").read().strip()), "its names")
    equal((peer["pid"], peer["side"], peer["process_match"]), (server.pid, "dest", "exact"), "the server")


def short_connections():
    """clients that live for milliseconds"""
    server, port = serve()
    with Capture() as capture:
        wanted = {}
        for _ in range(SHORT_CLIENTS):
            pid, own_port = subprocess.run([sys.executable, "-S", "-c", CLIENT, port], check=True, capture_output=True,
                                           text=True).stdout.split()
            wanted[int(own_port)] = int(pid)
        time.sleep(0.3)
        flows = capture.flows()
    server.kill()
    server.communicate()
    qualities, right, servers = collections.Counter(), 0, 0
    for own_port, pid in wanted.items():
        found = {one["side"]: one for one in map(flows[own_port]["pktana"].get, ("process", "peer_process")) if one}
        qualities[found.get("src", {}).get("process_match", "none")] += 1
        right += found.get("src", {}).get("pid") == pid
        servers += found.get("dest", {}).get("pid") == server.pid
        if found.get("src", {}).get("process_match") == "exact":
            if found["src"]["pid"] != pid:
                raise SystemExit(f"FAIL an exact match that is wrong: {found['src']}, not {pid}")
    print(f"     clients by quality: {dict(qualities)}")
    at_least(right, SHORT_CLIENTS * 4 // 10, f"right clients of {SHORT_CLIENTS}")
    equal(servers, SHORT_CLIENTS, "the server of each")


def datagrams():
    """UDP sockets, connected and not"""
    with Capture() as capture:
        receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        receiver.bind(("127.0.0.1", 0))
        ports = []
        for connected in (True, False):
            sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            if connected:
                sender.connect(receiver.getsockname())
                sender.send(b"x")
            else:
                sender.sendto(b"x", receiver.getsockname())
            ports.append(sender.getsockname()[1])
            time.sleep(0.3)
            sender.close()
        time.sleep(1)
        flows = capture.flows()
    matches = [flows[port]["pktana"]["process"] for port in ports]
    equal([match["pid"] for match in matches], [os.getpid()] * 2, "the sender of datagrams")
    equal([match["process_match"] for match in matches], ["exact", "listener"], "connected is exact, unconnected not")


def foreign_flows():
    """what passes by has no owner here, however well its port is known"""
    subprocess.run("ip link add va type veth peer name vb && ip link set va up && ip link set vb up",
                   shell=True, check=True)
    listener = socket.create_server(("0.0.0.0", 8080))
    ports = {"va": 40001, "vb": 40002}
    output = tempfile.NamedTemporaryFile("r")
    capture = subprocess.Popen([PKTANA, "capture", "-i", "va", "--process", "--events", "flow", "tcp"],
                               stdout=open(output.name, "w"), stderr=subprocess.PIPE, text=True)
    capture.stderr.readline()
    raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    raw.bind(("vb", 0))
    header = bytes.fromhex("450000280001000040060000") + socket.inet_aton("192.0.2.1") + socket.inet_aton("192.0.2.2")
    segment = ports["vb"].to_bytes(2, "big") + (8080).to_bytes(2, "big") + bytes.fromhex("000000010000000050020400") + bytes(4)
    raw.send(b"\x02" + bytes(5) + b"\x02" + bytes(4) + b"\x01\x08\x00" + header + segment)
    time.sleep(0.5)
    capture.send_signal(signal.SIGINT)
    capture.communicate(timeout=PATIENCE_S)
    flows = [json.loads(line) for line in output]
    listener.close()
    equal([("process" in flow["pktana"], flow["dest_port"]) for flow in flows], [(False, 8080)], "a flow that passes by")


def main():
    if INSIDE not in os.environ:
        if os.geteuid() != 0 or subprocess.run(["unshare", "--net", "true"], check=False).returncode != 0:
            print("SKIP: no right to make a network namespace")
            return SKIPPED
        command = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable, __file__]
        return subprocess.run(command, env=os.environ | {INSIDE: "1"}, check=False).returncode
    for test in (both_sides, short_connections, datagrams, foreign_flows):
        print(f"---- {test.__doc__}")
        test()
    return 0


sys.exit(main())
