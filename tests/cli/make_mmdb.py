# SPDX-License-Identifier: Apache-2.0
"""Writes databases in MaxMind's DB format 2.0 (https://maxmind.github.io/MaxMind-DB/): a binary search tree over address
bits with 24-bit records, a data section, and metadata. Just what tests of --geoip need."""

import ipaddress

POINTER_SEPARATOR = bytes(16)
METADATA_MARKER = b"\xab\xcd\xefMaxMind.com"


class Uint16(int):
    """An int that is written as an unsigned of 16 bits."""


class Uint64(int):
    """The same of 64 bits."""


def control(kind, size):
    """Type and size of a value: one byte, more for long ones and for types from 8 on."""
    extended = b"" if kind < 8 else bytes([kind - 7])
    top = kind << 5 if kind < 8 else 0
    if size < 29:
        return bytes([top | size]) + extended
    if size < 285:
        return bytes([top | 29]) + extended + bytes([size - 29])
    return bytes([top | 30]) + extended + (size - 285).to_bytes(2, "big")


def encode(value):
    if isinstance(value, str):
        text = value.encode()
        return control(2, len(text)) + text
    if isinstance(value, dict):
        return control(7, len(value)) + b"".join(encode(k) + encode(v) for k, v in value.items())
    if isinstance(value, list):
        return control(11, len(value)) + b"".join(map(encode, value))
    number = value.to_bytes((value.bit_length() + 7) // 8, "big")
    kind = {Uint16: 5, Uint64: 9}.get(type(value), 6)
    return control(kind, len(number)) + number


def bits_of(network, ip_version):
    """The bits of a network; IPv4 lies at ::/96 of an IPv6 tree."""
    address = int(network.network_address)
    bits = [address >> (network.max_prefixlen - 1 - i) & 1 for i in range(network.prefixlen)]
    return [0] * 96 + bits if ip_version == 6 and network.version == 4 else bits


def mmdb(networks, ip_version=6, name="Test"):
    """The file for {network: value}."""
    nodes, data, offsets = [[None, None]], b"", {}
    for network, value in networks.items():
        encoded = encode(value)
        if encoded not in offsets:
            offsets[encoded] = len(data)
            data += encoded
        node, bits = 0, bits_of(ipaddress.ip_network(network), ip_version)
        for bit in bits[:-1]:
            if nodes[node][bit] is None:
                nodes.append([None, None])
                nodes[node][bit] = len(nodes) - 1
            node = nodes[node][bit]
        nodes[node][bits[-1]] = ("data", offsets[encoded])
    tree = b""
    for node in nodes:
        for record in node:
            if record is None:
                record = len(nodes)
            elif isinstance(record, tuple):
                record = len(nodes) + 16 + record[1]
            tree += record.to_bytes(3, "big")
    metadata = {"node_count": len(nodes), "record_size": Uint16(24), "ip_version": Uint16(ip_version),
                "database_type": name, "languages": ["en"], "binary_format_major_version": Uint16(2),
                "binary_format_minor_version": Uint16(0), "build_epoch": Uint64(1_700_000_000), "description": {"en": name}}
    return tree + POINTER_SEPARATOR + data + METADATA_MARKER + encode(metadata)
