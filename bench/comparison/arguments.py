# SPDX-License-Identifier: Apache-2.0
"""The command line of bench/compare."""

import argparse
import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
QUICK_SCALE = 0.001
DEFAULT_CACHE = "/var/tmp/pktana-compare"


def parse(words=None):
    parser = argparse.ArgumentParser(
        prog="bench/compare",
        description="pktana beside the flow tools that Debian has, and beside the limits of ../shared/bench, on captures "
                    "that it makes itself. Prints tables; writes comparison.md, comparison.json and plots.")
    parser.add_argument("--live", action="store_true", help="live on a veth pair, too (root)")
    parser.add_argument("--only-live", action="store_true", help="live and nothing else")
    parser.add_argument("--quick", action="store_true", help="tiny captures, one round, nothing installed: a test of this script")
    parser.add_argument("--scale", type=float, default=1.0, help="packets and flows of all captures (1 is the full comparison)")
    parser.add_argument("--rounds", type=int, default=5, help="of pktana and the limits (default: 5)")
    parser.add_argument("--peer-rounds", type=int, default=1, help="of the others, which are slow (default: 1)")
    parser.add_argument("--memory", default="1000000,10000000", metavar="FLOWS,...", help="live flows whose memory is measured")
    parser.add_argument("--cache", default=DEFAULT_CACHE, help=f"where captures are kept (default: {DEFAULT_CACHE}; 10 GB)")
    parser.add_argument("--out", help="folder of the results (default: CACHE/results)")
    parser.add_argument("--build", default=os.path.join(ROOT, "build-release"),
                        help="release build; made if it is not there (default: build-release)")
    parser.add_argument("--pktana", help="another pktana than that of the build")
    parser.add_argument("--shared", default=os.path.join(ROOT, "..", "shared"), help="captures and limits (default: ../shared)")
    parser.add_argument("--no-install", action="store_true", help="take the peers that are there")
    parser.add_argument("--no-build", action="store_true", help="take the build as it is")
    parser.add_argument("--write-docs", action="store_true", help="renew docs/performance.md and its plots")
    options = parser.parse_args(words)
    options.live |= options.only_live
    for path in ("cache", "build", "shared", "pktana", "out"):
        if getattr(options, path):
            setattr(options, path, os.path.abspath(getattr(options, path)))
    options.out = options.out or os.path.join(options.cache, "results")
    if options.quick:
        options.scale, options.rounds, options.peer_rounds = QUICK_SCALE, 1, 1
        options.memory, options.no_install = "10000", True
    return options
