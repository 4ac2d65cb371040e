# SPDX-License-Identifier: Apache-2.0
"""Application events against eve-reference, field by field."""
import codecs
import collections
import re

from app_compare_names import address, key_of

TYPES = ("dns", "tls", "http", "quic", "ssh", "dhcp", "ftp", "ftp_data", "tftp", "smtp", "smb",
         "krb5", "rdp", "ldap", "sip", "snmp", "mqtt", "ike", "rfb", "nfs", "dcerpc", "pgsql",
         "websocket", "http2")
TARGET = 95  # percent; below, a field is marked
# Suricata's time of a TCP transaction is that of the segment upon which it was logged, mostly the
# acknowledgement of the last one; ours is that of the segment which completed it.
TIMED = ("dns", "quic", "dhcp", "tftp", "snmp", "krb5", "ike")


def leaves(value, path=""):
    """(path, value) of each leaf; elements of an array share a path and are told by their place."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            for inner_path, leaf in leaves(inner, f"{path}[]"):
                yield f"{inner_path}#{i}", leaf
    else:
        yield path, value


def one_by_one(error):
    """Bytes that are no UTF-8, as pktana shows them (src/sink/escape.h)."""
    return "".join(map(chr, error.object[error.start:error.end])), error.end


codecs.register_error("one_by_one", one_by_one)


def as_ours(value):
    """Suricata writes each byte from 0x80 on as \\xNN where a text as a whole is no UTF-8."""
    if not isinstance(value, str) or "\\x" not in value:
        return value
    raw = re.sub(rb"\\x([0-9a-f]{2})", lambda hit: bytes.fromhex(hit[1].decode()),
                 value.encode())
    text = raw.decode(errors="one_by_one")
    return re.sub("[\x80-\x9f]", lambda hit: hit[0].encode().decode("latin-1")
                  if hit[0].encode() in raw else hit[0], text)


def fields_of(event, kind):
    fields = {f"{kind}.{path}": as_ours(value) for path, value in leaves(event.get(kind, {}))}
    if kind in TIMED and event["proto"] == "UDP":
        fields["timestamp"] = event["timestamp"]
    fields["src_ip"] = address(event["src_ip"])
    if "tx_id" in event:
        fields["tx_id"] = event["tx_id"]
    return fields


def likeness(one, other):
    same = sum(1 for path, value in one.items() if other.get(path) == value)
    return same / max(len(one), len(other), 1)


def pairs(theirs, ours):
    """Each of theirs with the most like of ours, in order: none, if nothing is alike."""
    left = list(range(len(ours)))
    for event in theirs:
        best = max(left, key=lambda i: likeness(event, ours[i]), default=None)
        if best is None or likeness(event, ours[best]) < 0.2:
            yield event, None
            continue
        left.remove(best)
        yield event, ours[best]
    for i in left:
        yield None, ours[i]


class EventTable:
    def __init__(self):
        self.differences = []
        self.events = collections.defaultdict(lambda: [0, 0, 0])  # theirs, ours, paired
        # (kind, path) -> same, different, ours alone, theirs alone
        self.fields = collections.defaultdict(lambda: [0, 0, 0, 0])

    def add(self, capture, ours, reference):
        if not reference:
            return
        grouped = collections.defaultdict(lambda: ([], []))
        for side, events in enumerate((reference, ours)):
            for event in events:
                kind = event["event_type"]
                if kind in TYPES:
                    grouped[kind, key_of(event)][side].append(fields_of(event, kind))
        for (kind, key), (theirs, mine) in grouped.items():
            self.events[kind][0] += len(theirs)
            self.events[kind][1] += len(mine)
            for one, other in pairs(theirs, mine):
                self.add_pair(capture, kind, key, one, other)

    def add_pair(self, capture, kind, key, theirs, ours):
        if theirs is None or ours is None:
            who = "ours" if theirs is None else "theirs"
            self.differences.append((f"{kind} event", capture, f"{key} {who} alone: {theirs or ours}"))
            return
        self.events[kind][2] += 1
        for path in sorted(set(theirs) | set(ours)):
            here, there = path in ours, path in theirs
            which = 2 if not there else 3 if not here else 0 if ours[path] == theirs[path] else 1
            topic = path.split("#")[0]
            self.fields[kind, topic][which] += 1
            if which != 0:
                text = f"{key} {path}: theirs {theirs.get(path)!r}, ours {ours.get(path)!r}"
                self.differences.append((topic if "." in topic else f"{kind} {topic}", capture, text))

    def only_ours(self):
        """Fields that the reference never has: Suricata was not asked for them."""
        return {path for (_, path), (same, other, _, their) in self.fields.items()
                if same + other + their == 0}

    def compared(self):
        only_ours = self.only_ours()
        return [one for one in self.differences if one[0] not in only_ours]

    def table(self, kinds=TYPES):
        """Lines of text."""
        for kind in kinds:
            if kind not in self.events:
                continue
            theirs, ours, paired = self.events[kind]
            yield ""
            yield f"{kind}: {theirs} events of theirs, {ours} of ours, {paired} paired"
            left_out, ours_alone = [], []
            for (one, path), (same, other, mine, their) in sorted(self.fields.items()):
                if one != kind:
                    continue
                if same + other + mine == 0:
                    left_out.append(f"{path} ({their})")
                    continue
                if same + other + their == 0:
                    ours_alone.append(f"{path} ({mine})")
                    continue
                # What only we say is listed, but is no disagreement.
                share = 100 * same / (same + other + their)
                mark = " <" if share < TARGET else ""
                yield (f"  {path:<44}{same:>6} same {other:>5} differ {mine:>5} ours {their:>5} "
                       f"theirs {share:>6.1f}%{mark}")
            if left_out:
                yield "  theirs alone: " + ", ".join(left_out)
            if ours_alone:
                yield "  ours alone: " + ", ".join(ours_alone)
