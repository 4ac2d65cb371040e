#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`pktana doctor` and `pktana interfaces` in a network namespace with a veth pair: what doctor says is what ethtool and
ip say, and its mends mend. Needs root."""

import json
import os
import subprocess
import sys

BUILD = os.environ.get("PKTANA_BUILD_ROOT", "build")
PKTANA = os.path.join(BUILD, "src/cli/pktana")
NAMESPACE = f"pkt-doctor{os.getpid()}"
SKIPPED = 77


def run(*command, check=True):
    return subprocess.run(["ip", "netns", "exec", NAMESPACE, *command], check=check, capture_output=True, text=True,
                          timeout=20)


def doctor(*options):
    """(exit status, {(check, interface): finding})"""
    done = run(PKTANA, "doctor", "--json", *options, check=False)
    report = json.loads(done.stdout)
    return done.returncode, {(f["check"], f["interface"]): f for f in report["checks"]}


def equal(got, wanted, what):
    if got != wanted:
        raise SystemExit(f"FAIL {what}: got {got!r}, wanted {wanted!r}")
    print(f"PASS {what}")


def mend(finding):
    """Runs the command that the finding gives; we are root already."""
    subprocess.run(["ip", "netns", "exec", NAMESPACE, "sh", "-c", finding["mend"].replace("sudo ", "")], check=True,
                   capture_output=True)


def check_offloads():
    status, found = doctor("-i", "va")
    equal((status, found["offloads", "va"]["verdict"]), (0, "warn"), "a veth with offloads is a warning, not a failure")
    for name, long_name in (("TSO", "tcp-segmentation-offload"), ("GSO", "generic-segmentation-offload"),
                            ("GRO", "generic-receive-offload")):
        on = f"{long_name}: on" in run("ethtool", "-k", "va").stdout
        equal(name in found["offloads", "va"]["what"], on, f"{name} is on or off as ethtool says")
    mend(found["offloads", "va"])
    equal(doctor("-i", "va")[1]["offloads", "va"]["verdict"], "pass", "the mend turns the offloads off")


def check_state():
    run("ip", "link", "set", "va", "down")
    status, found = doctor("-i", "va")
    equal((status, found["link", "va"]["verdict"]), (1, "fail"), "an interface that is down is a failure")
    mend(found["link", "va"])
    status, found = doctor("-i", "va")
    equal((status, found["link", "va"]["verdict"]), (0, "pass"), "the mend brings it up")


def check_duplicates():
    equal(doctor("-i", "va", "-i", "vb")[1]["duplicates", None]["verdict"], "warn", "both ends of a pair")
    equal(doctor("-i", "va")[1]["duplicates", None]["verdict"], "pass", "one end of it")
    run("ip", "link", "add", "br0", "type", "bridge")
    run("ip", "link", "set", "vb", "master", "br0")
    # sysfs of this mount namespace shows another network namespace: `ip netns exec` mounts the right one.
    found = doctor("-i", "br0", "-i", "vb")[1]["duplicates", None]
    equal((found["verdict"], "br0 lies on top of vb" in found["what"]), ("warn", True), "a bridge and its port")


def check_rights():
    done = run("setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw", PKTANA, "doctor", "--json", check=False)
    rights = next(f for f in json.loads(done.stdout)["checks"] if f["check"] == "rights")
    equal((done.returncode, rights["verdict"]), (1, "fail"), "without CAP_NET_RAW")
    equal(rights["mend"], f"sudo setcap cap_net_raw+ep {os.path.realpath(PKTANA)}", "and its mend")


def check_interfaces():
    run("ip", "addr", "add", "198.18.0.1/24", "dev", "va")
    before = run("cat", "/proc/net/dev").stdout
    one = next(i for i in json.loads(run(PKTANA, "interfaces", "--json").stdout) if i["name"] == "va")
    equal((one["driver"], one["state"], one["speed_mbps"], one["rates"]), ("veth", "up", 10000, None), "interfaces")
    equal("198.18.0.1/24" in one["addresses"], True, "its address")
    pinger = subprocess.Popen(["ip", "netns", "exec", NAMESPACE, "ping", "-q", "-i", "0.02", "-c", "150", "127.0.0.1"],
                              stdout=subprocess.DEVNULL)
    loopback = next(i for i in json.loads(run(PKTANA, "interfaces", "--json", "--rates", "1s").stdout)
                    if i["name"] == "lo")
    pinger.wait()
    rate = loopback["rates"]["rx_packets"]
    equal(30 <= rate <= 130, True, f"ping -i 0.02 is at most 100 packets a second on loopback: {rate}")
    equal("va:" in before, True, "the namespace is the one that was asked")


def main():
    if os.geteuid() != 0 or subprocess.run(["ip", "netns", "add", NAMESPACE], check=False).returncode != 0:
        print("SKIP: no right to make a network namespace")
        return SKIPPED
    try:
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "va", "type", "veth", "peer", "name", "vb")
        run("ip", "link", "set", "va", "up")
        run("ip", "link", "set", "vb", "up")
        for check in (check_offloads, check_state, check_duplicates, check_rights, check_interfaces):
            check()
    finally:
        subprocess.run(["ip", "netns", "del", NAMESPACE], check=False)
    return 0


sys.exit(main())
