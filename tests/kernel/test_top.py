#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`pktana top` in a terminal (tmux), over traffic that is made here: what it shows beside what was sent, keys, sizes,
colours, a daemon, and the terminal after it. Needs root.

Usage: test_top.py [--write docs/top.md]    with --write the screens in that file are made anew
"""

import itertools
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
WRITE = sys.argv[sys.argv.index("--write") + 1] if "--write" in sys.argv else None
ARGUMENTS, sys.argv[1:] = sys.argv[1:], []
sys.path.insert(0, str(HERE.parent / "cli"))

from cli_support import ACK, PSH, SYN, tcp, udp  # noqa: E402
from daemon_support import PKTANA, SKIPPED, Daemon, enter_namespace, equal, fail, make_pair, wait_for  # noqa: E402

SERVERS = {"www.example": "198.18.1.10", "mail.example": "198.18.1.20", "cdn.example": "198.18.1.30"}
NUMBERS = itertools.count()
CLIENTS = [f"198.18.0.{i}" for i in range(1, 9)]


def client_hello(name):
    hello = ssl.MemoryBIO()
    try:
        ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), hello, server_hostname=name).do_handshake()
    except ssl.SSLWantReadError:
        pass
    return hello.read()


class Connection:
    """A TCP connection that moves `size` bytes from the server at each step."""

    def __init__(self, client, port, server, request, size):
        self.there = {"src": client, "dst": server, "src_port": port[0], "dst_port": port[1]}
        self.back = {"src": server, "dst": client, "src_port": port[1], "dst_port": port[0]}
        self.request, self.size, self.sent, self.begun = request, size, 1, False

    def answer(self):
        """A record of TLS; of HTTP the head, then a part of a long body."""
        if self.there["dst_port"] == 443:
            return b"\x17\x03\x03" + (self.size - 5).to_bytes(2, "big") + b"." * (self.size - 5)
        return (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" if self.sent == 1 else b"").ljust(self.size, b".")

    def frames(self):
        if not self.begun:
            self.begun = True
            return [tcp(SYN, seq=0, **self.there), tcp(SYN | ACK, seq=0, ack=1, **self.back), tcp(ACK, ack=1, **self.there),
                    tcp(ACK | PSH, seq=1, ack=1, data=self.request, **self.there)]
        acknowledged = 1 + len(self.request)
        data = tcp(ACK | PSH, seq=self.sent, ack=acknowledged, data=self.answer(), **self.back)
        self.sent += self.size
        return [data, tcp(ACK, seq=acknowledged, ack=self.sent, **self.there)]


def make_connections():
    made = []
    for i, client in enumerate(CLIENTS):
        for j, (name, server) in enumerate(SERVERS.items()):
            web = b"GET / HTTP/1.1\r\nHost: " + name.encode() + b"\r\n\r\n"
            plain = (i + j) % 4 == 3
            made.append(Connection(client, (40000 + 10 * i + j, 80 if plain else 443), server,
                                   web if plain else client_hello(name), 60 + 150 * i + 37 * j))
    return made


def question(number):
    name = b"\3www\7example\0"
    return number.to_bytes(2, "big") + bytes.fromhex("01000001000000000000") + name + bytes.fromhex("00010001")


class Traffic:
    """Sends on v1, all connections and some questions to a name server, step by step."""

    def __init__(self):
        self.connections, self.steps, self.packets, self.bytes = make_connections(), 0, 0, 0
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.socket.bind(("v1", 0))
        self.ending = threading.Event()

    def step(self):
        frames = [frame for connection in self.connections for frame in connection.frames()]
        frames.append(udp(question(self.steps), src_port=53000 + self.steps % 4, dst_port=53, src=CLIENTS[0], dst="198.18.1.53"))
        for frame in frames:
            self.socket.send(frame)
        self.steps += 1
        self.packets += len(frames)
        self.bytes += sum(map(len, frames))

    def run(self, seconds=0.05):
        count = 0
        while not self.ending.wait(seconds):
            for _ in range(1 + (count // 10) % 4):
                self.step()
            count += 1

    def __enter__(self):
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()


def traffic_for(top):
    """From when it captures, so that it sees each connection begin."""
    top.wait_for("peak 0  total 0", "an empty screen")
    return Traffic()


class Terminal:
    """tmux with one pane, in which a shell runs pktana top, then says how it ended and what the terminal is like."""

    def __init__(self, work, columns, rows, *words, **environment):
        self.server = ["tmux", "-u", "-L", f"pktana-{os.getpid()}-{next(NUMBERS)}", "-f", "/dev/null"]
        self.after = os.path.join(work, "after")
        if os.path.exists(self.after):
            os.unlink(self.after)
        env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CLICOLOR_FORCE", "TMUX")}
        env |= {"LC_ALL": "C.UTF-8", "TERM": "xterm-256color"} | environment
        exports = " ".join(f"{k}={v}" for k, v in environment.items())
        script = f"{exports} {PKTANA} top {' '.join(words)}; echo status $?; stty -a > {self.after}; exec sleep 100"
        subprocess.run([*self.server, "new-session", "-d", "-x", str(columns), "-y", str(rows), "sh", "-c", script],
                       check=True, env=env)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run([*self.server, "kill-server"], check=False, capture_output=True)

    def tmux(self, *words):
        return subprocess.run([*self.server, *words], check=True, capture_output=True, text=True).stdout

    def screen(self, *options):
        return self.tmux("capture-pane", "-p", *options)

    def keys(self, *keys):
        self.tmux("send-keys", *keys)

    def resize(self, columns, rows):
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def wait_until(self, condition, what):
        end = time.monotonic() + 15
        while not condition(shown := self.screen()):
            if time.monotonic() > end:
                fail(f"{what}: not on\n{shown}")
            time.sleep(0.05)
        print(f"PASS {what}", flush=True)
        return shown

    def wait_for(self, pattern, what):
        return self.wait_until(lambda shown: re.search(pattern, shown, re.MULTILINE), f"{what} ({pattern!r})")

    def pid(self):
        shell = self.tmux("display-message", "-p", "#{pane_pid}").strip()
        return int(subprocess.run(["pgrep", "-P", shell, "-x", "pktana"], capture_output=True, text=True, check=True).stdout)

    def is_restored(self, what):
        wait_for(lambda: os.path.exists(self.after) and " -iexten" not in open(self.after).read()
                 and re.search(r"(?<!-)icanon.*(?<!-)\becho\b", open(self.after).read(), re.DOTALL), f"{what}: the terminal is as before")
        equal(self.tmux("display-message", "-p", "#{alternate_on} #{cursor_flag}").split(), ["0", "1"],
              f"{what}: the screen and the cursor, too")


def counts_and_keys(work):
    """Everything that was sent is there, by its numbers, its addresses and its names."""
    traffic = Traffic()
    with Terminal(work, 120, 40, "-i v0 --ring-size 8MiB --interval 200ms") as top:
        top.wait_for("peak 0  total 0", "an empty screen")
        for _ in range(30):
            traffic.step()
        top.wait_for(rf"^ flows +{len(traffic.connections) + 4} ", "the live flows are counted")
        top.keys("5")
        top.wait_for(rf"^   v0: {traffic.packets} packets, 0 dropped", "every packet is counted, none is lost")
        top.wait_for(rf"= captured {traffic.packets} \+ ring_drops 0", "the ledger")
        top.keys("2")
        wanted = {*CLIENTS, *SERVERS.values(), "198.18.1.53"}
        # The screen may be seen when it is half drawn: all rows are waited for.
        shown = top.wait_for(r"^ ADDRESS +BIT/S +BYTES +FLOWS +PKTS[^\n]*" + r"\n 198\.1[89]\.[^\n]*" * len(wanted), "talkers")
        addresses = set(re.findall(r"^ (198\.1[89]\.\d+\.\d+) ", shown, re.MULTILINE))
        equal(addresses, wanted, "all addresses, and no other")
        top.keys("4")
        top.wait_for(r"^ tls .*\b18\b", "18 connections are TLS")
        top.wait_for(r"^ http .*\b6\b", "6 are HTTP")
        top.keys("Home")
        top.keys("Enter")
        top.wait_for(r'where: app_proto == "', "Enter shows an application's flows")
        top.keys("/", "C-u", "dest_prt == 53", "Enter")
        top.wait_for("did you mean dest_port", "a mistake in an expression")
        top.keys("C-u", "ip == 198.18.0.3 and dest_port == 443", "Enter")
        top.wait_for(r"^ 2 flows|^ 3 flows", "only flows that match")
        top.keys("C-u", "s")
        top.wait_for("sort:bytes", "another order")
        top.keys("Enter")
        shown = top.wait_for(r"name +\w+\.example", "the fields of a flow, its server's name among them")
        equal(bool(re.search(r"conn_state +S1", shown)), True, "what is finest of it too")
        top.keys("Escape")
        top.keys("?")
        top.wait_for("flow expression, as in", "help")
        top.keys("x", "p")
        top.wait_for("PAUSED", "pause")
        top.keys("q")
        top.wait_for("^status 0$", "q ends it")
        top.is_restored("q")


FLOW = re.compile(r"198\.18\.\d+\.\d+:\d+ +198\.18\.\d+\.\d+:\d+ +(TCP|UDP)")


def is_whole(screen, rows):
    lines = screen.rstrip("\n").split("\n")
    return len(lines) == rows and "q quit" in lines[-1] and FLOW.search(screen)


def sizes(work):
    screens = {}
    with Terminal(work, 80, 24, "-i v0 --ring-size 8MiB") as top, traffic_for(top):
        top.wait_for(r"█", "80x24: history")
        time.sleep(14 if WRITE else 0)
        for columns, rows in ((80, 24), (120, 40), (200, 60)):
            top.resize(columns, rows)
            shown = top.wait_until(lambda text, size=rows: is_whole(text, size), f"{columns}x{rows}: flows, and the line of keys last")
            equal("APPLICATIONS" in shown, rows >= 40, f"{columns}x{rows}: lists below, where there is room")
            equal(".example" in shown, columns >= 120, f"{columns}x{rows}: names, where there is room")
            screens[f"{columns}x{rows}"] = shown
        top.resize(60, 20)
        top.wait_for("of 80x24; this one has", "60x20 is too small, and it says so")
        top.resize(80, 24)
        top.wait_for("drops/s +0", "larger again")
        os.kill(top.pid(), 15)
        top.wait_for("^status 0$", "SIGTERM ends it")
        top.is_restored("SIGTERM")
    return screens


def colours(work):
    with Traffic():
        for environment, option, wanted in (({}, "", True), ({"NO_COLOR": "1"}, "", False), ({"NO_COLOR": "1"}, "--color always", True)):
            with Terminal(work, 80, 24, "-i v0 --ring-size 8MiB --interval 200ms", option, **environment) as top:
                top.wait_for("█", "history")
                equal(re.search(r"\x1b\[[0-9;]*3[0-7]m", top.screen("-e")) is not None, wanted, f"colours with {environment} {option}")
        with Terminal(work, 80, 24, "-i v0 --ring-size 8MiB --interval 200ms", LC_ALL="C") as top:
            shown = top.wait_for(r"packets/s.*[.:=+*#@] ", "history in ASCII")
            equal(shown.isascii(), True, "nothing but ASCII in the locale C")
            os.kill(top.pid(), 11)
            top.wait_for("^status 139$", "SIGSEGV")
            top.is_restored("a crash")


def daemon(work):
    path = os.path.join(work, "api.sock")
    service = Daemon(work, "top", options=["--sandbox", "off"])
    config = os.path.join(service.directory, "pktana.toml")
    text = open(config).read()
    with open(config, "w") as file:
        file.write(text.replace('socket = ""', f'socket = "{path}"'))
    with service:
        service.wait_for("READY=1")
        traffic = Traffic()
        with Terminal(work, 120, 40, f"--connect {path} --interval 200ms") as top:
            top.wait_for(r"drops/s +0 .*ring \d+%", "the ring's fill by the socket")
            for _ in range(20):
                traffic.step()
            top.wait_for(rf"^ flows +{len(traffic.connections) + 4} ", "the daemon's flows")
            top.wait_for(r"tls .*www\.example", "names by the socket")
            top.keys("5")
            top.wait_for(rf"v0: {traffic.packets} packets, 0 dropped", "the daemon's packets")
            top.keys("1", "Enter")
            top.wait_for(r"community_id +1:", "fields by the socket")
            service.process.kill()
            top.wait_for(r"ask the daemon", "a daemon that is gone is told of")
            began = time.monotonic()
            top.keys("q")
            top.wait_for("^status 0$", "q ends it all the same")
            equal(time.monotonic() - began < 2, True, "at once")


def once():
    with Traffic():
        command = [PKTANA, "top", "-i", "v0", "--once", "--interval", "300ms", "--ring-size", "8MiB"]
        done = subprocess.run([*command, "--size", "100x30", "--where", "dest_port == 53"], capture_output=True, text=True,
                              check=False, env=os.environ | {"LC_ALL": "C.UTF-8"})
        equal((done.returncode, done.stderr), (0, ""), "--once")
        equal(max(map(len, done.stdout.splitlines())) <= 100, True, "--once is as wide as it is told")
        equal("198.18.1.53:53" in done.stdout and ":443" not in done.stdout, True, "--once with --where")
        done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
        equal('"applications":[{"name":"tls"' in done.stdout, True, "--once --json")


SCREEN = "<!-- screen {} -->\n```\n{}```\n<!-- end -->"


def write(path, screens):
    text = open(path).read()
    for size, screen in screens.items():
        shown = "".join(line.rstrip() + "\n" for line in screen.splitlines())
        text = re.sub(rf"<!-- screen {size} -->.*?<!-- end -->", lambda _: SCREEN.format(size, shown), text, flags=re.DOTALL)
    with open(path, "w") as file:
        file.write(text)


def main():
    if shutil.which("tmux") is None:
        print("SKIP: no tmux")
        sys.exit(SKIPPED)
    sys.argv[1:] = ARGUMENTS
    enter_namespace(__file__)
    make_pair()
    with tempfile.TemporaryDirectory(prefix="pktana_top_") as work:
        screens = sizes(work)
        if WRITE:
            write(WRITE, screens)
            return
        counts_and_keys(work)
        colours(work)
        daemon(work)
        once()


if __name__ == "__main__":
    main()
