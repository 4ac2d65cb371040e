# SPDX-License-Identifier: Apache-2.0
"""Which plots the results make: {file name: SVG}."""

from . import plot

OVER_FLOWS = ("small-1k", "small-10k", "small-100k", "small-1m")


def by_capture(rows, field):
    groups = {}
    for row in rows:
        groups.setdefault(row["capture"], {})[row["tool"]] = row[field]
    return {name: series for name, series in groups.items() if len(series) > 2}


def over_flows(rows, field):
    series = {}
    for row in rows:
        if row["capture"] in OVER_FLOWS and row["flows"]:
            series.setdefault(row["tool"], []).append((row["flows"], row[field]))
    return series


def offline(rows):
    biflows = [row for row in rows if row["tool"] != "nfpcapd"]
    return {
        "cpu.svg": plot.bars("CPU time by capture", "CPU s per million packets", by_capture(rows, "cpu_s_per_mpkt")),
        "ns-per-packet.svg": plot.lines("time a packet over the number of flows", "ns a packet", "flows",
                                        over_flows(biflows, "ns_per_packet")),
        "memory.svg": plot.bars("peak memory by capture", "peak RSS, MiB", by_capture(rows, "rss_mib")),
        "records.svg": plot.bars("records by capture", "records a second", by_capture(rows, "records_per_s")),
    }


def threads(rows):
    """ns a packet on the clock by number of threads."""
    ours = [row for row in rows if row["tool"].startswith("pktana")]
    groups = {}
    for row in ours:
        groups.setdefault(row["capture"], {})[f"{row['threads']} thread" + "s" * (row["threads"] > 1)] = row["ns_per_packet"]
    return plot.bars("pktana with more threads", "ns a packet", {name: one for name, one in groups.items() if len(one) > 1})


def live(figures):
    groups = {"CPU at half rate": {}, "emptying a ring": {}}
    for name, one in figures.items():
        groups["CPU at half rate"][name] = one["cpu_s_per_mpkt"] * 1000
        groups["emptying a ring"][name] = one["drain_cpu_ns"]
    return plot.bars("live: CPU time a packet", "ns of CPU a packet", groups)


def make(results):
    made = {}
    if results.get("offline"):
        made |= offline(results["offline"]) | {"threads.svg": threads(results["offline"])}
    if results.get("live"):
        made["live.svg"] = live(results["live"])
    return {name: svg for name, svg in made.items() if svg}
