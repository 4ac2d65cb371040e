# SPDX-License-Identifier: Apache-2.0
"""Adds up the records of a daemon's rotated log files as they close, so that retention may remove them afterwards.
Independent of pktana: it knows file names and JSON only."""

import json
import os
import re
import threading

ROTATED = re.compile(r"-\d{8}T\d{6}Z-(\d+)\.json$")


class Harvest:
    """Sums over the log `path` (.../eve.json). Every file of the log is read once, and missed ones are named."""

    def __init__(self, path):
        self.path = path
        self.directory = os.path.dirname(path)
        self.files = {}  # file sequence -> what has been read
        self.packets = self.flows = self.records = self.bytes = 0
        self.torn = self.imbalances = 0
        self.gaps = []
        self.next_seq = {}  # stream -> number that comes next
        self.ledger_lines = []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def start(self):
        self.thread.start()
        return self

    def watch(self):
        while not self.stopping.wait(1):
            self.take_rotated()

    def take_rotated(self):
        rotated = ((ROTATED.search(name), name) for name in os.listdir(self.directory))
        for number, name in sorted((int(match[1]), name) for match, name in rotated if match):
            if number not in self.files:
                self.take(os.path.join(self.directory, name), number)

    def take(self, path, number):
        with open(path, "rb") as file:
            self.files[number] = path
            stream = None
            for line in file:
                self.bytes += len(line)
                stream = self.take_line(line, stream, path)

    def take_line(self, line, stream, path):
        try:
            event = json.loads(line)
        except ValueError:
            self.torn += 1
            return stream
        own = event["pktana"]
        if event["event_type"] == "file_header":
            return own["stream"]
        wanted = self.next_seq.get(stream, 1)
        if own["seq"] != wanted:
            self.gaps.append(f"{path}: seq {own['seq']} where {wanted} was due")
        self.next_seq[stream] = own["seq"] + 1
        self.records += 1
        if event["event_type"] == "flow":
            self.flows += 1
            self.packets += event["flow"]["pkts_toserver"] + event["flow"]["pkts_toclient"]
        return stream

    def finish(self):
        """Behind the daemon's end: the rest, with the current file. Returns complaints."""
        self.stopping.set()
        self.thread.join()
        self.take_rotated()
        last = max(self.files, default=0)
        self.take(self.path, last + 1)
        missed = sorted(set(range(1, last + 2)) - set(self.files))
        complaints = [f"file {number} of the log was removed before it was read" for number in missed]
        return complaints + self.gaps[:10] + ([f"{self.torn} torn lines"] if self.torn else [])
