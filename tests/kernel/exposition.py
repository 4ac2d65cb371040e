# SPDX-License-Identifier: Apache-2.0
"""A strict checker of Prometheus' text format 0.0.4, with the naming rules that `promtool check metrics` looks for."""

import re

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
SAMPLE = re.compile(r"(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?P<labels>[^\n]*)\})? (?P<value>\S+)")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)')
TYPES = {"counter", "gauge", "histogram", "summary", "untyped"}
NOT_BASE_UNITS = {"milliseconds", "ms", "minutes", "hours", "kilobytes", "kib", "percent"}


def labels_of(text):
    """Names of the labels, or None where the text is not well formed."""
    names, at = [], 0
    while at < len(text):
        match = LABEL.match(text, at)
        if match is None:
            return None
        names.append(match[1])
        at = match.end()
    return names


class Checker:
    def __init__(self):
        self.complaints = []
        self.types, self.helps = {}, {}
        self.series, self.closed = set(), set()
        self.family = None

    def enter(self, name):
        if name != self.family:
            if name in self.closed:
                self.complaints.append(f"{name}: its lines don't stand together")
            if self.family is not None:
                self.closed.add(self.family)
            self.family = name

    def comment(self, line):
        parts = line.split(" ", 3)
        if len(parts) < 4 or parts[1] not in ("HELP", "TYPE") or not NAME.fullmatch(parts[2]):
            self.complaints.append(f"no comment of the format: {line!r}")
            return
        kept = self.helps if parts[1] == "HELP" else self.types
        if parts[2] in kept:
            self.complaints.append(f"{parts[2]}: a second {parts[1]}")
        kept[parts[2]] = parts[3]
        self.enter(parts[2])
        if parts[1] == "TYPE" and parts[3] not in TYPES:
            self.complaints.append(f"{parts[2]}: no type {parts[3]}")

    def sample(self, line):
        match = SAMPLE.fullmatch(line)
        if match is None:
            self.complaints.append(f"no sample: {line!r}")
            return
        name, labels = match["name"], labels_of(match["labels"] or "")
        self.enter(name)
        if labels is None or len(set(labels)) != len(labels):
            self.complaints.append(f"labels: {line!r}")
        if (name, match["labels"]) in self.series:
            self.complaints.append(f"twice: {line!r}")
        self.series.add((name, match["labels"]))
        try:
            value = float(match["value"])
        except ValueError:
            self.complaints.append(f"no number: {line!r}")
            return
        if self.types.get(name) == "counter" and not value >= 0:
            self.complaints.append(f"a counter below 0: {line!r}")

    def names(self):
        for name, kind in self.types.items():
            if name not in self.helps:
                self.complaints.append(f"{name}: no HELP")
            if (kind == "counter") != name.endswith("_total"):
                self.complaints.append(f"{name}: a counter, and no other, ends in _total")
            if NOT_BASE_UNITS & set(name.split("_")):
                self.complaints.append(f"{name}: no base unit")
        for name, _ in self.series:
            if name not in self.types:
                self.complaints.append(f"{name}: no TYPE")


def check(text):
    """What is wrong with a page of metrics; empty = nothing."""
    checker = Checker()
    if not text.endswith("\n"):
        checker.complaints.append("the last line has no end")
    for line in text.splitlines():
        if line.startswith("#"):
            checker.comment(line)
        elif line:
            checker.sample(line)
    checker.names()
    return checker.complaints
