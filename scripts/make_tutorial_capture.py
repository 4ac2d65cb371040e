#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the small capture that docs/tutorial.md works on: a DNS look-up, two HTTP downloads (one with a segment that
was lost and sent again), a refused connection, a ping. The same bytes every time.

Usage: make_tutorial_capture.py FILE.pcap
"""

import socket
import struct
import sys

CLIENT, RESOLVER, WEB = "192.0.2.10", "192.0.2.53", "198.51.100.80"
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
START = 1_767_254_400  # 2026-01-01 08:00:00 UTC


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data[:len(data) // 2 * 2])) + (data[-1] << 8 if len(data) % 2 else 0)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def frame(src, dst, protocol, payload, number):
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), number, 0x4000, 64, protocol, 0,
                         socket.inet_aton(src), socket.inet_aton(dst))
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    return bytes.fromhex("020000000002020000000001 0800") + header + payload


def with_checksum(src, dst, protocol, payload, place):
    pseudo = socket.inet_aton(src) + socket.inet_aton(dst) + struct.pack("!BBH", 0, protocol, len(payload))
    return payload[:place] + struct.pack("!H", checksum(pseudo + payload) or 0xFFFF) + payload[place + 2:]


class Capture:
    def __init__(self):
        self.packets, self.ms = [], 0

    def add(self, src, dst, protocol, payload, after_ms):
        self.ms += after_ms
        data = frame(src, dst, protocol, payload, len(self.packets) + 1)
        self.packets.append(struct.pack("<IIII", START + self.ms // 1000, self.ms % 1000 * 1000, len(data), len(data)) + data)

    def udp(self, src, dst, ports, data, after_ms):
        payload = struct.pack("!HHHH", *ports, 8 + len(data), 0) + data
        self.add(src, dst, 17, with_checksum(src, dst, 17, payload, 6), after_ms)

    def ping(self, kind, sequence, after_ms):
        src, dst = (CLIENT, WEB) if kind == 8 else (WEB, CLIENT)
        payload = struct.pack("!BBHHH", kind, 0, 0, 7, sequence) + bytes(48)
        self.add(src, dst, 1, payload[:2] + struct.pack("!H", checksum(payload)) + payload[4:], after_ms)

    def write(self, path):
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1) + b"".join(self.packets))


class Connection:
    """One TCP connection from the client to a port of the web server."""

    def __init__(self, capture, port, server_port=80):
        self.capture, self.ports, self.seq = capture, (port, server_port), {CLIENT: 1000, WEB: 5000}

    def send(self, src, flags, data=b"", after_ms=10, lost=False):
        dst = WEB if src == CLIENT else CLIENT
        ports = self.ports if src == CLIENT else self.ports[::-1]
        ack = self.seq[dst] if flags & ACK else 0
        options = b"\x02\x04\x05\xb4" if flags & SYN else b""
        header = struct.pack("!HHIIBBHHH", *ports, self.seq[src], ack, (20 + len(options)) << 2, flags, 64240, 0, 0)
        payload = with_checksum(src, dst, 6, header + options + data, 16)
        if not lost:
            self.capture.add(src, dst, 6, payload, after_ms)
        self.seq[src] += len(data) + bool(flags & (SYN | FIN))
        return payload

    def open(self):
        self.send(CLIENT, SYN)
        self.send(WEB, SYN | ACK, after_ms=25)
        self.send(CLIENT, ACK, after_ms=1)

    def close(self):
        self.send(CLIENT, FIN | ACK)
        self.send(WEB, FIN | ACK, after_ms=25)
        self.send(CLIENT, ACK, after_ms=1)

    def get(self, path, body, retransmit=False):
        self.send(CLIENT, PSH | ACK, f"GET {path} HTTP/1.1\r\nHost: www.example.org\r\n\r\n".encode(), 2)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        parts = [(head + body)[at:at + 1000] for at in range(0, len(head) + len(body), 1000)]
        for i, part in enumerate(parts):
            again = self.send(WEB, ACK | (PSH if i == len(parts) - 1 else 0), part, 25 if i == 0 else 1)
            if retransmit and i == 1:
                self.capture.add(WEB, CLIENT, 6, again, 200)
            self.send(CLIENT, ACK, after_ms=1)


def name(text):
    return b"".join(bytes([len(part)]) + part.encode() for part in text.split(".")) + b"\0"


def main():
    capture = Capture()
    question = name("www.example.org") + struct.pack("!HH", 1, 1)
    capture.udp(CLIENT, RESOLVER, (40053, 53), struct.pack("!HHHHHH", 1, 0x0100, 1, 0, 0, 0) + question, 0)
    answer = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 300, 4) + socket.inet_aton(WEB)
    capture.udp(RESOLVER, CLIENT, (53, 40053), struct.pack("!HHHHHH", 1, 0x8180, 1, 1, 0, 0) + question + answer, 12)
    page = Connection(capture, 40001)
    page.open()
    page.get("/", b"Hello from the tutorial.\n")
    page.close()
    large = Connection(capture, 40002)
    large.open()
    large.get("/large.txt", b"0123456789abcde\n" * 400, retransmit=True)
    large.close()
    refused = Connection(capture, 40003, 23)
    refused.send(CLIENT, SYN, after_ms=500)
    refused.send(WEB, RST | ACK, after_ms=25)
    for sequence in (1, 2):
        capture.ping(8, sequence, 1000)
        capture.ping(0, sequence, 26)
    capture.write(sys.argv[1])


if __name__ == "__main__":
    main()
