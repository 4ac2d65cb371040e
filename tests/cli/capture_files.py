# SPDX-License-Identifier: Apache-2.0
"""A capture-file reader for the tests, written from the formats' documents, that knows nothing of pktana's: each
packet's time in ns, lengths, link type, interface name and bytes."""

import collections
import struct

Packet = collections.namedtuple("Packet", "ns wire link name data comment")

PCAP_MAGIC = {0xA1B2C3D4: (16, 1000), 0xA1B23C4D: (16, 1), 0xA1B2CD34: (24, 1000)}
SECTION, INTERFACE, OLD_PACKET, SIMPLE_PACKET, ENHANCED_PACKET = 0x0A0D0D0A, 1, 2, 3, 6


def read_pcap(data):
    for order in "<>":
        magic, _, minor, _, _, _, link = struct.unpack_from(order + "IHHiIII", data)
        if magic in PCAP_MAGIC:
            break
    header, unit = PCAP_MAGIC[magic]
    at = 24
    packets = []
    while at + header <= len(data):
        seconds, fraction, captured, wire = struct.unpack_from(order + "IIII", data, at)
        if minor < 3 or (minor == 3 and captured > wire):
            captured, wire = wire, captured
        if at + header + captured > len(data):
            break
        bytes_ = data[at + header:at + header + captured]
        packets.append(Packet(seconds * 10**9 + fraction * unit, max(wire, captured), link & 0xFFFF, "", bytes_, ""))
        at += header + captured
    return packets


def options(data, order):
    at = 0
    found = {}
    while at + 4 <= len(data):
        code, length = struct.unpack_from(order + "HH", data, at)
        if code == 0:
            break
        found[code] = data[at + 4:at + 4 + length]
        at += 4 + (length + 3) // 4 * 4
    return found


class Interface:
    def __init__(self, body, order):
        self.link, _, self.snap = struct.unpack_from(order + "HHI", body)
        found = options(body[8:], order)
        self.name = found.get(2, b"").rstrip(b"\0").decode(errors="replace")
        resolution = found.get(9, b"\x06")[0]
        self.ticks = 2 ** (resolution & 127) if resolution & 128 else 10**resolution
        self.offset = struct.unpack(order + "q", found[14])[0] if 14 in found else 0

    def ns(self, ticks):
        return ticks * 10**9 // self.ticks + self.offset * 10**9


def packet_of(kind, body, order, interfaces, before):
    if kind == SIMPLE_PACKET:
        wire = struct.unpack_from(order + "I", body)[0]
        face = interfaces[0]
        captured = min(wire, len(body) - 4, face.snap or wire)
        return Packet(before, wire, face.link, face.name, body[4:4 + captured], "")
    number, high, low, captured, wire = struct.unpack_from(order + "IIIII", body)
    if kind == OLD_PACKET:
        number = struct.unpack_from(order + "H", body)[0]
    face = interfaces[number]
    comment = options(body[20 + (captured + 3) // 4 * 4:], order).get(1, b"").decode()
    return Packet(face.ns(high << 32 | low), max(wire, captured), face.link, face.name, body[20:20 + captured], comment)


def read_pcapng(data):
    at = 0
    packets, interfaces = [], []
    order = "<"
    while at + 12 <= len(data):
        kind = struct.unpack_from(">I", data, at)[0]
        if kind == SECTION:
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            interfaces = []
        kind, length = struct.unpack_from(order + "II", data, at)
        if length < 12 or at + length > len(data):
            break
        body = data[at + 8:at + length - 4]
        if kind == INTERFACE:
            interfaces.append(Interface(body, order))
        elif kind in (OLD_PACKET, SIMPLE_PACKET, ENHANCED_PACKET):
            packets.append(packet_of(kind, body, order, interfaces, packets[-1].ns if packets else 0))
        at += length
    return packets


def read_packets(path):
    data = path.read_bytes() if hasattr(path, "read_bytes") else open(path, "rb").read()
    return read_pcapng(data) if data[:4] == b"\x0a\x0d\x0d\x0a" else read_pcap(data)
