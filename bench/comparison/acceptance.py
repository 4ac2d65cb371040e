# SPDX-License-Identifier: Apache-2.0
"""What the project wants of itself, each line with the number that was measured. A line that can't be judged says why."""

TIMES_LIMIT, RECORD_S = 1.5, 0.5e-6
BEST_PEER, BEST_PEER_ANYWHERE, TWO_THREADS, GROWTH = 8, 4, 1.7, 3
FLOW_BYTES, MANY_FLOWS, MANY_FLOWS_MIB = 192, 9_000_000, 2.5 * 1024
LIVE_CPU, LIVE_DRAIN, LIVE_RATE = 3, 3, 0.95


def line(what, wanted, got, good):
    return {"what": what, "wanted": wanted, "got": got, "verdict": {True: "pass", False: "FAIL", None: "not judged"}[good]}


def row_of(rows, capture, tool):
    return next((row for row in rows if row["capture"] == capture and row["tool"] == tool), None)


def against_limit(rows):
    ours, limit = row_of(rows, "small-1m", "pktana"), row_of(rows, "small-1m", "pcapwalk flow")
    what = "CPU seconds beside the limit (pcapwalk flow + 0.5 us a record), 1 M flows, one thread"
    if not ours or not limit:
        return line(what, f"at most {TIMES_LIMIT} times", "the limit is not here", None)
    times = ours["cpu_s"] / (limit["cpu_s"] + RECORD_S * ours["flows"])
    return line(what, f"at most {TIMES_LIMIT} times", f"{times:.2f} times ({ours['cpu_s']:.2f} s)", times <= TIMES_LIMIT)


def against_peers(rows):
    """On the million flows, and on the capture where the best peer comes closest. Of peers whose answer is checked."""
    peers = [row for row in rows if row["agrees"] and not row["tool"].startswith(("pktana", "pcapwalk"))]
    closest = {}
    for peer in peers:
        times = peer["cpu_s"] / row_of(rows, peer["capture"], "pktana")["cpu_s"]
        if times < closest.get(peer["capture"], (float("inf"),))[0]:
            closest[peer["capture"]] = (times, peer["tool"])
    lines = []
    for what, wanted, chosen in (("CPU seconds beside the best peer, 1 M flows", BEST_PEER, ["small-1m"]),
                                 ("CPU seconds beside the best peer, on every capture", BEST_PEER_ANYWHERE, list(closest))):
        known = [(*closest[name], name) for name in chosen if name in closest]
        if not known:
            lines.append(line(what, f"{wanted} times fewer", "no peer is installed", None))
            continue
        times, tool, name = min(known)
        lines.append(line(what, f"{wanted} times fewer", f"{times:.1f} times fewer than {tool} ({name})", times >= wanted))
    return lines


def two_threads(rows):
    one, two = row_of(rows, "small-1m", "pktana"), row_of(rows, "small-1m", "pktana, 2 threads")
    times = one["wall_s"] / two["wall_s"]
    return line("two threads beside one, 1 M flows, on the clock", f"at least {TWO_THREADS} times as fast", f"{times:.2f} times",
                times >= TWO_THREADS)


def growth(rows):
    """Of CPU time a packet, the records included."""
    few, many = row_of(rows, "small-1k", "pktana"), row_of(rows, "small-1m", "pktana")
    times = many["cpu_s_per_mpkt"] / few["cpu_s_per_mpkt"]
    without = (many["cpu_s"] - RECORD_S * many["flows"]) / many["packets"] / (few["cpu_s"] / few["packets"])
    return line("CPU time a packet, 1 M flows beside 1 K, records included", f"at most {GROWTH} times",
                f"{times:.2f} times ({without:.2f} with 0.5 us a record taken off)", times <= GROWTH)


def memory(figures):
    lines = []
    for row in filter(None, figures):
        lines.append(line(f"memory of a live TCP flow, {row['live_flows']} of them", f"at most {FLOW_BYTES} bytes",
                          f"{row['bytes_per_flow']:.0f} bytes", row["bytes_per_flow"] <= FLOW_BYTES))
        if row["live_flows"] >= MANY_FLOWS:
            lines.append(line("peak RSS with 10 M live flows", f"at most {MANY_FLOWS_MIB:.0f} MiB",
                              f"{row['peak_mib']:.0f} MiB", row["peak_mib"] <= MANY_FLOWS_MIB))
    return lines


def live(figures):
    limit, ours = figures.get("nullring"), figures.get("pktana")
    if not limit:
        return [line("live: beside nullring", "see the issue", "the limit is not here", None)]
    cpu = ours["cpu_s_per_mpkt"] / limit["cpu_s_per_mpkt"]
    drain = ours["drain_cpu_ns"] / limit["drain_cpu_ns"]
    rate = ours["no_drop_pps"] / limit["no_drop_pps"]
    return [line("live: user and system time a packet beside nullring", f"at most {LIVE_CPU} times",
                 f"{cpu:.2f} times ({ours['load_ns'] / limit['load_ns']:.1f} times without start and end)", cpu <= LIVE_CPU),
            line("live: emptying a full ring beside nullring", f"at most {LIVE_DRAIN} times",
                 f"{drain:.1f} times ({ours['drain_cpu_ns']:.0f} ns and {limit['drain_cpu_ns']:.1f} ns a packet)",
                 drain <= LIVE_DRAIN),
            line("live: no-drop rate beside nullring", f"at least {LIVE_RATE}", f"{rate:.2f}", rate >= LIVE_RATE)]


def judge(results):
    lines = []
    rows = results.get("offline")
    if rows:
        lines += [against_limit(rows), *against_peers(rows), two_threads(rows), growth(rows)]
    lines += memory(results.get("memory", []))
    if results.get("live"):
        lines += live(results["live"])
    return lines
