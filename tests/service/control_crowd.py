# SPDX-License-Identifier: Apache-2.0
"""Clients of the control socket that come and go while a daemon works: good ones, slow ones, hostile ones."""

import json
import random
import socket
import threading
import time


def ask(path, command, **more):
    """One request; its result. Raises where there is no good answer."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)  # without a time limit, which would have a full queue of others be an error
        connection.settimeout(20)
        connection.sendall((json.dumps({"command": command} | more) + "\n").encode())
        text = b""
        while not text.endswith(b"\n"):
            part = connection.recv(1 << 16)
            if not part:
                raise OSError("the connection ended within an answer")
            text += part
    answer = json.loads(text)
    if not answer["ok"]:
        raise OSError(answer["error"])
    return answer["result"]


class Crowd:
    """Runs until stop(). `served` counts good answers, `failures` keeps what went wrong with good clients."""

    def __init__(self, path, seed=1):
        self.path = path
        self.random = random.Random(seed)
        self.stopping = threading.Event()
        self.served = self.annoyed = 0
        self.worst_s = 0.0
        self.failures = []
        self.threads = [threading.Thread(target=self.loop, args=(turn, pause), daemon=True)
                        for turn, pause in ((self.good, 1), (self.slow, 3), (self.hostile, 2))]

    def start(self):
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)

    def loop(self, turn, pause):
        while not self.stopping.wait(pause):
            turn()

    def good(self):
        try:
            for command, more in (("status", {}), ("flows", {"limit": 50, "sort": "bytes"}), ("top", {"by": "dest_port"}),
                                  ("metrics", {}), ("stats", {})):
                began = time.monotonic()
                ask(self.path, command, **more)
                self.worst_s = max(self.worst_s, time.monotonic() - began)
                self.served += 1
        except OSError as error:
            if not self.stopping.is_set():
                self.failures.append(f"{command}: {error}")

    def slow(self):
        """A request of one byte a moment, and an answer that is never read."""
        with socket.socket(socket.AF_UNIX) as connection:
            self.annoy(connection, b"{")
            for byte in b'"command":"stats"}':
                time.sleep(0.05)
                self.annoy(connection, bytes([byte]), connect=False)
            self.annoy(connection, b"\n" + b'{"command":"flows","limit":1000}\n' * 200, connect=False)
            self.stopping.wait(15)

    def hostile(self):
        kind = self.random.randrange(4)
        if kind == 0:  # no request at all, endlessly
            with socket.socket(socket.AF_UNIX) as connection:
                self.annoy(connection, b"x" * (1 << 20))
        elif kind == 1:  # bytes of any kind
            with socket.socket(socket.AF_UNIX) as connection:
                self.annoy(connection, self.random.randbytes(2000) + b"\n{\"command\":[[[[\n")
        elif kind == 2:  # more than there is room for, all at once
            many = [socket.socket(socket.AF_UNIX) for _ in range(300)]
            for connection in many:
                self.annoy(connection, b"")
            for connection in many:
                connection.close()
        else:  # gone before the answer
            for _ in range(50):
                with socket.socket(socket.AF_UNIX) as connection:
                    self.annoy(connection, b"GET /metrics HTTP/1.1\r\n\r\n")

    def annoy(self, connection, data, connect=True):
        try:
            connection.settimeout(2)
            if connect:
                connection.connect(self.path)
                self.annoyed += 1
            connection.sendall(data)
        except OSError:
            pass  # that is what a good server does to us
