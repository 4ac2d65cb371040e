# SPDX-License-Identifier: Apache-2.0
"""The acceptance of `pktana inspect`: no field of the tree differs from what tshark -T pdml has at the same bytes.

Usage: compare_tshark.py PKTANA [--choose]

The packets are those of packets.tsv, 100 of ../shared/captures. --choose prints that list anew, the same in every run:
the first packet of each folder, then those that show most layers, fields and findings not seen yet.
"""

import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

from tshark_fields import FIELDS

CAPTURES = pathlib.Path(os.environ.get("PKTANA_SHARED", "/work/shared")) / "captures"
SKIPPED = 77
WANTED = 100
PCAP_HEADER = 24
PER_FILE = 15  # packets looked at in each capture
LIST = pathlib.Path(__file__).with_name("packets.tsv")
STATUS = {"0": "bad", "1": "good", "2": "unverified", "3": "none"}
# Each packet by itself, everything verified, numbers as they are in the packet.
PREFERENCES = [
    "ip.defragment:FALSE", "ipv6.defragment:FALSE", "tcp.desegment_tcp_streams:FALSE", "ip.check_checksum:TRUE",
    "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE", "tcp.relative_sequence_numbers:FALSE",
    "sctp.checksum:CRC-32C",
]
# Where we say more than tshark, or the same in other words.
# tshark shows the frame's length where the packet says none.
SUBSTITUTED = {("ip.len", 0), ("ipv6.plen", 0), ("udp.length", 0)}
SAME = {("partial", "bad"), ("none", "unverified"), ("unverified", "good"), ("unverified", "bad")}


def captures():
    """All but one with decryption secrets, which editcap does not cut, and one where tshark stops at the nesting."""
    return sorted(p for p in CAPTURES.rglob("*") if p.is_file() and p.suffix not in (".json", ".md", ".tsv", ".txt")
                  and "with-secrets" not in p.name and "recursive-frames" not in p.name)


def inspected(program, path, count):
    """number -> packet, as pktana has it."""
    done = subprocess.run([program, "inspect", str(path), "--json", "-c", str(count)], capture_output=True,
                          check=False, timeout=120)
    packets = (json.loads(line) for line in done.stdout.decode().splitlines())
    return {packet["packet"]: packet for packet in packets}


def our_fields(packet):
    """Yields (tshark's names, (offset, end), value) for every mapped field."""
    for layer in packet["layers"]:
        yield from fields_below(layer, layer["name"], None)


def fields_below(node, layer, group):
    for child in node.get("fields", []):
        if child.get("layer"):
            yield from fields_below(child, child["name"], None)
            continue
        is_group = "value" not in child and "text" not in child
        name = None if is_group else mapped(layer, group, child["name"])
        if name:
            places = (child["offset"], child["offset"] + child["length"])
            yield name.partition(":")[0], places, our_value(child, name.partition(":")[2])
        yield from fields_below(child, layer, child["name"] if is_group else group)


def mapped(layer, group, field):
    if group is None:
        return FIELDS.get((layer, field))
    return FIELDS.get((layer, group, field)) or FIELDS.get((layer, "*", field))


def our_value(field, unit):
    if "value" not in field:
        return field["text"]
    value = int(field["value"])
    return value * 4 if unit == "words" else value


def their_value(field):
    show = field.get("show", "")
    if field.get("name").endswith("checksum.status"):
        return STATUS.get(show, show)
    if show in ("True", "False"):
        return int(show == "True")
    try:
        return int(show, 0)
    except ValueError:
        return show


def dissected(path, count):
    """number -> name -> list of ((offset, end), value), as tshark has it."""
    command = ["tshark", "-n", "-r", str(path), "-c", str(count), "-T", "pdml"]
    for preference in PREFERENCES:
        command += ["-o", preference]
    done = subprocess.run(command, capture_output=True, check=False, timeout=300)
    packets = {}
    text = done.stdout
    if not text.rstrip().endswith(b"</pdml>"):
        text += b"</pdml>"
    for number, packet in enumerate(ElementTree.fromstring(text).iter("packet"), 1):
        found = collections.defaultdict(list)
        for field in packet.iter("field"):
            pos = int(field.get("pos", -1))
            found[field.get("name")].append(((pos, pos + int(field.get("size", 0))), their_value(field)))
        packets[number] = found
    return packets


def same(ours, theirs):
    """The same value, ours at some or all of the bytes where theirs is: they give a whole word for a bit of it."""
    (begin, end), (their_begin, their_end) = ours[0], theirs[0]
    if ours[1] != theirs[1] and (ours[1], theirs[1]) not in SAME:
        return False
    return their_begin == begin and their_end == their_begin or their_begin <= begin and end <= their_end


def differences(packet, theirs):
    """Texts of what differs, and how often each field was compared."""
    faults, compared = [], collections.Counter()
    for names, places, value in our_fields(packet):
        candidates = [one for name in names.split("|") for one in theirs.get(name, [])]
        if not candidates or (names, value) in SUBSTITUTED:
            continue  # tshark stops earlier, or says something else there
        compared[names] += 1
        if not any(same((places, value), one) for one in candidates):
            faults.append(f"{names} at {places}: {value!r}, tshark has {candidates}")
    return faults, compared


def features(packet):
    """What a packet shows: each layer, group and field name, and each finding."""
    def walk(node, path):
        yield path
        for child in node.get("fields", []):
            yield from walk(child, (path[0], child["name"]) if not child.get("layer") else (child["name"],))
    found = {feature for layer in packet["layers"] for feature in walk(layer, (layer["name"],))}
    return frozenset(found | {("finding", finding["code"]) for finding in packet["findings"]})


def choose(program):
    """Rows of (path, number): the first packet of each folder, then greedily those that show most that is new."""
    rest, chosen, seen, folders, kinds = [], [], set(), set(), set()
    for path in captures():
        for number, packet in inspected(program, path, PER_FILE).items():
            shown = features(packet)
            if path.parent not in folders:
                folders.add(path.parent)
                chosen.append((path, number))
                seen |= shown
            elif shown not in kinds:
                rest.append(((path, number), shown))
            kinds.add(shown)
    while len(chosen) < WANTED and rest:
        best = max(range(len(rest)), key=lambda i: len(rest[i][1] - seen))
        item, shown = rest.pop(best)
        chosen.append(item)
        seen |= shown
    return sorted(chosen[:WANTED])


def listed():
    """The rows of packets.tsv."""
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            path, number = line.split("\t")
            yield CAPTURES / path, int(number)


def extract(rows, folder):
    """One pcapng with the packets of the rows, in their order."""
    parts = []
    for i, (path, number) in enumerate(rows):
        part = folder / f"{i:03}.pcap"
        # A capture that breaks off behind the packet is an error of editcap's, the packet is there all the same.
        subprocess.run(["editcap", "-r", "-F", "pcap", str(path), str(part), str(number)], check=False,
                       capture_output=True, timeout=60)
        if not part.exists() or part.stat().st_size <= PCAP_HEADER:
            raise RuntimeError(f"editcap finds no packet {number} in {path}")
        parts.append(str(part))
    merged = folder / "all.pcapng"
    subprocess.run(["mergecap", "-a", "-F", "pcapng", "-w", str(merged), *parts], check=True, timeout=60)
    return merged


def compare(program, rows):
    """@return how many packets differ."""
    with tempfile.TemporaryDirectory(prefix="pktana_inspect_") as folder:
        merged = extract(rows, pathlib.Path(folder))
        ours = inspected(program, merged, len(rows))
        theirs = dissected(merged, len(rows))
    total, faulty = collections.Counter(), 0
    for number, (path, original) in enumerate(rows, 1):
        faults, compared = differences(ours[number], theirs[number])
        total += compared
        faulty += bool(faults)
        for fault in faults:
            print(f"{path.relative_to(CAPTURES)} packet {original}: {fault}")
    layers = {layer["name"] for packet in ours.values() for layer in packet["layers"]}
    print(f"{len(rows)} packets, {len(layers)} kinds of layers, "
          f"{sum(total.values())} values of {len(total)} fields compared, {faulty} packets differ")
    return faulty


def main():
    program = sys.argv[1]
    tools = all(shutil.which(tool) for tool in ("tshark", "editcap", "mergecap"))
    if not CAPTURES.is_dir() or not tools:
        print("SKIP: needs ../shared/captures, tshark, editcap and mergecap")
        return 1 if os.environ.get("CI") else SKIPPED
    if "--choose" in sys.argv:
        for path, number in choose(program):
            print(f"{path.relative_to(CAPTURES)}\t{number}")
        return 0
    return 1 if compare(program, list(listed())) else 0


if __name__ == "__main__":
    sys.exit(main())
