# SPDX-License-Identifier: Apache-2.0
"""Where the programs are: ours (built if they are not), the limits of ../shared/bench (compiled), the peers (installed)."""

import os
import shutil
import subprocess
from dataclasses import dataclass

PACKAGES = {"softflowd": "softflowd", "nfpcapd": "nfdump", "argus": "argus-server", "racount": "argus-client",
            "pmacctd": "pmacct", "tshark": "tshark", "tcpdump": "tcpdump", "dumpcap": "wireshark-common"}
TARGETS = ("src/cli/pktana", "bench/make_capture", "bench/make_mix", "tests/tools/veth_send")


@dataclass
class Programs:
    pktana: str
    make_capture: str
    make_mix: str
    veth_send: str
    pcapwalk: str = None
    nullring: str = None


def build(directory, root):
    """A release build of what is needed, if there is none."""
    if not os.path.exists(os.path.join(directory, "build.ninja")):
        subprocess.run(["meson", "setup", directory, root, "--buildtype=release"], check=True,
                       stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", directory, *TARGETS], check=True, stdout=subprocess.DEVNULL)


def find(directory, pktana=None):
    paths = [os.path.join(directory, target) for target in TARGETS]
    return Programs(pktana or paths[0], *paths[1:])


def compile_limits(programs, names, options, say):
    """Compiles them with what the CPU has, into the cache; in a clone without ../shared there are none."""
    shared, cache = options.shared, options.cache
    for name in names:
        source = os.path.join(shared, "bench", name + ".cpp")
        if not os.path.exists(source):
            say(f"left out: the limit {name}: {source} is not there")
            continue
        binary = os.path.join(cache, name)
        if not os.path.exists(binary) or os.path.getmtime(binary) < os.path.getmtime(source):
            subprocess.run(["c++", "-std=c++20", "-O3", "-march=native", "-pthread", source, "-o", binary],
                           check=True)
        setattr(programs, name, binary)


def install_peers(say):
    """Installs the packages whose programs are missing (Debian and its kin, as root); says what then is still missing."""
    missing = [program for program in PACKAGES if shutil.which(program) is None]
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        packages = sorted({PACKAGES[program] for program in missing})
        command = ["apt-get", "-qq", "-y", "-o", "DPkg::Lock::Timeout=300", "install", "--no-install-recommends"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False,
                 "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "-qq", "update"], **quiet)
        subprocess.run([*command, *packages], **quiet)
    for program in PACKAGES:
        if shutil.which(program) is None:
            say(f"left out: {program}: not installed (package {PACKAGES[program]})")
