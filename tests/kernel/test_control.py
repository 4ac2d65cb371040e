#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The control socket of a daemon that captures: its answers beside what was sent, orders, metrics there and on a TCP port. Needs
root."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time

import exposition
from daemon_support import PKTANA, Daemon, enter_namespace, equal, make_pair, send, wait_for

PACKETS = 3000
FLOWS = 30
METRICS_PORT = 9477


class Client:
    def __init__(self, path):
        self.path = path

    def ctl(self, *words):
        return subprocess.run([PKTANA, "ctl", "--socket", self.path, *words], capture_output=True, text=True, check=False,
                              timeout=30)

    def result(self, *words):
        done = self.ctl(*words)
        equal((done.returncode, done.stderr), (0, ""), f"ctl {' '.join(words)} succeeds")
        return json.loads(done.stdout)

    def lines(self, *words):
        return [json.loads(line) for line in self.ctl(*words).stdout.splitlines()]

    def page(self, name):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self.path)
            return get(connection, f"GET /{name} HTTP/1.1\r\nHost: localhost\r\n\r\n")

    def tcp(self, request):
        """By the port of the metrics, which closes a connection when told so."""
        with socket.create_connection(("127.0.0.1", METRICS_PORT), 5) as connection:
            return get(connection, request.replace("\n", "\r\n") + "Connection: close\r\n\r\n")


def get(connection, request):
    connection.sendall(request.encode())
    text = b""
    while part := connection.recv(65536):
        text += part
    head, _, body = text.decode().partition("\r\n\r\n")
    return head.split()[1] if head else "", body


def answers(client):
    wait_for(lambda: json.loads(client.ctl("status").stdout)["packets"] == PACKETS, "status counts every packet")
    status = client.result("status")
    equal([one["attached"] for one in status["interfaces"]], [True], "the interface is captured from")
    flows = client.lines("flows", "--limit", "1000", "--where", "dest_port == 9")
    equal(sum(flow["flow"]["pkts_toserver"] for flow in flows), PACKETS, "packets of the live flows = packets sent")
    equal(len(flows), FLOWS, "every live flow is listed")
    equal(len(client.lines("flows", "--limit", "7")), 7, "no more than the limit")
    talkers = client.lines("top", "--by", "dest_port", "--limit", "1")
    equal([(one["dest_port"], one["packets"], one["flows"]) for one in talkers], [(9, PACKETS, FLOWS)], "the top talker")
    equal([line["balanced"] for line in client.lines("ledger") if line["balanced"] is not True], [], "the ledger balances")
    done = client.ctl("flows", "--where", "dest_port ==")
    equal((done.returncode, "a value is expected" in done.stderr), (1, True), "a mistake in the expression is told")


def metrics(client):
    status, text = client.page("metrics")
    equal(status, "200", "GET /metrics")
    equal(f'pktana_capture_packets_total{{interface="v0"}} {PACKETS}\n' in text, True, "packets by interface")
    equal(exposition.check(text), [], "the format's rules are kept")
    equal(len(exposition.check(text.replace("# TYPE", "# TIPE") + text)) > 20, True, "what breaks them is found")
    if shutil.which("promtool"):
        checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
        equal((checked.returncode, checked.stderr), (0, ""), "promtool has nothing to say")
    else:
        print("NOTE: promtool is not here, so only our own checker has looked at the format")
    equal(client.page("livez")[0], "200", "GET /livez")
    equal(client.page("readyz")[0], "200", "GET /readyz")


def metrics_port(client, daemon):
    """The same pages by TCP, and what is refused there."""
    status, text = client.tcp("GET /metrics HTTP/1.1\nHost: localhost:9477\n")
    equal((status, f'pktana_capture_packets_total{{interface="v0"}} {PACKETS}\n' in text), ("200", True), "metrics by TCP")
    equal(exposition.check(text), [], "in the same format")
    equal(client.tcp("GET /readyz HTTP/1.1\nHost: [::1]:9477\n")[0], "200", "readiness by TCP")
    equal(client.tcp("GET /livez HTTP/1.0\n")[0], "200", "life by TCP")
    equal(client.tcp("GET /metrics HTTP/1.1\nHost: rebound.example\n")[0], "403", "another name than localhost's is refused")
    equal(client.tcp("POST /metrics HTTP/1.1\nHost: localhost\nContent-Length: 0\n")[0], "405", "POST is refused")
    equal(client.tcp("GET /etc/passwd HTTP/1.1\nHost: localhost\n")[0], "404", "there is nothing else")
    equal(client.tcp("GET /metrics HTTP/1.1\nX: " + "x" * 30000 + "\n")[0], "431", "a head without end is refused")
    crowd = [socket.create_connection(("127.0.0.1", METRICS_PORT), 5) for _ in range(60)]
    equal(client.page("livez")[0], "200", "the control socket answers beside 60 connections that say nothing")
    equal(daemon.talk().count("capturing"), 1, "and the capture goes on")
    for connection in crowd:
        connection.close()


def orders(client, daemon):
    client.ctl("rotate")
    logs = os.path.dirname(daemon.output)
    wait_for(lambda: any(name.endswith("-000001.json") for name in os.listdir(logs)), "rotate makes a rotated file", 2)
    equal(client.ctl("reload").returncode, 0, "reload")
    equal(client.ctl("log-level", "debug").returncode, 0, "log-level")
    equal(client.ctl("log-level", "loud").returncode, 1, "a level that is none is refused")


def idle_clients(client):
    idle = []
    for _ in range(1000):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(client.path)
        idle.append(connection)
    began = time.monotonic()
    equal(client.page("livez")[0], "200", "an answer beside 1,000 idle clients")
    equal(time.monotonic() - began < 1, True, "within a second")


def main():
    enter_namespace(__file__)
    make_pair()
    with tempfile.TemporaryDirectory(prefix="pktana_control_") as work:
        path = os.path.join(work, "api.sock")
        daemon = Daemon(work, "control", options=["--sandbox", "strict"])
        config = os.path.join(daemon.directory, "pktana.toml")
        with open(config) as file:
            text = file.read()
        with open(config, "w") as file:
            file.write(text.replace('socket = ""', f'socket = "{path}"')
                       + f'[metrics]\nlisten = "127.0.0.1:{METRICS_PORT}"\n')
        with daemon:
            daemon.wait_for("READY=1")
            send(PACKETS, flows=FLOWS)
            client = Client(path)
            answers(client)
            metrics(client)
            metrics_port(client, daemon)
            orders(client, daemon)
            idle_clients(client)
            equal(client.ctl("shutdown").returncode, 0, "shutdown")
            equal(daemon.process.wait(10), 0, "it ends with status 0")
        logs = os.path.dirname(daemon.output)
        equal(subprocess.run([PKTANA, "verify", "-q", logs], check=False).returncode, 0, "verify finds the logs whole")


if __name__ == "__main__":
    main()
