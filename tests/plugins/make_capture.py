# SPDX-License-Identifier: Apache-2.0
"""Writes a capture of two TCP connections: git's protocol, and rsync's, which no dissector of pktana knows.

Usage: make_capture.py FILE
"""

import struct
import sys

CLIENT, SERVER = bytes((198, 18, 0, 1)), bytes((198, 18, 0, 2))
SYN, ACK, PUSH = 2, 16, 8


def frame(up, port, place, flags, payload=b""):
    """An Ethernet frame; `place` is (sequence number, acknowledged)."""
    ports = (40000, port) if up else (port, 40000)
    tcp = struct.pack("!HHIIBBHHH", *ports, *place, 0x50, flags, 65535, 0, 0) + payload
    addresses = CLIENT + SERVER if up else SERVER + CLIENT
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0) + addresses
    return b"\2" * 6 + b"\1" * 6 + b"\x08\x00" + ip + tcp


def connection(port, client_says, server_says):
    yield frame(True, port, (99, 0), SYN)
    yield frame(False, port, (499, 100), SYN | ACK)
    yield frame(True, port, (100, 500), ACK)
    yield frame(True, port, (100, 500), ACK | PUSH, client_says)
    yield frame(False, port, (500, 100 + len(client_says)), ACK | PUSH, server_says)


def main():
    line = b"git-upload-pack /project.git\0host=example.org\0"
    request = b"%04x" % (len(line) + 4) + line
    frames = [*connection(9418, request, b"0000"), *connection(873, b"@RSYNCD: 31\n", b"@RSYNCD: 31\n")]
    with open(sys.argv[1], "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for i, data in enumerate(frames):
            out.write(struct.pack("<IIII", 1700000000, i * 1000, len(data), len(data)) + data)


main()
