# SPDX-License-Identifier: Apache-2.0
"""The machine that was measured, and how busy others kept it."""

import os
import platform
import subprocess


def lscpu():
    said = subprocess.run(["lscpu"], capture_output=True, text=True, check=False, env=os.environ | {"LC_ALL": "C"}).stdout
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in said.splitlines())}


def steal_ticks():
    with open("/proc/stat", encoding="ascii") as file:
        fields = [int(one) for one in file.readline().split()[1:]]
    return fields[7], sum(fields[:8])


def memory_gib():
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / (1 << 30)


def first_line(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.readline().strip()
    except OSError:
        return "unknown"


def describe(pktana):
    """What a reader needs to judge the figures."""
    cpu = lscpu()
    version = subprocess.run([pktana, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    return {"cpu": f"{cpu.get('Model name', 'unknown')}, {os.cpu_count()} CPUs, L2 {cpu.get('L2 cache', '?')}, "
                   f"L3 {cpu.get('L3 cache', '?')}, {cpu.get('Hypervisor vendor', 'no')} hypervisor",
            "memory": f"{memory_gib():.0f} GiB", "kernel": platform.release(),
            "system": first_line("/etc/debian_version"),
            "huge pages": first_line("/sys/kernel/mm/transparent_hugepage/enabled"),
            "load before": " ".join(f"{one:.1f}" for one in os.getloadavg()), "pktana": version}
