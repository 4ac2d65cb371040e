#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`pktana daemon` on a veth pair in a network namespace of its own: READY=1 and the rest of the notify protocol, signals,
interfaces that come and go. Needs root."""

import os
import signal
import socket
import tempfile

from daemon_support import BUILD, Daemon, at_least, equal, enter_namespace, make_pair, send, shell, wait_for


def absent_at_start(work):
    with Daemon(work, "absent") as daemon:
        equal(daemon.wait_for("READY=1"), True, "READY=1 though the interface is not there")
        wait_for(lambda: "there is no such interface; waiting for it" in daemon.talk(), "the log says that it waits")
        make_pair()
        wait_for(lambda: "v0: capturing" in daemon.talk(), "it captures when the interface is made")
        send(2000)
        equal(daemon.stop(), 0, "SIGTERM ends it with status 0")
    at_least(daemon.ended_after, 0, "seconds to its end")
    equal(daemon.ended_after < 5, True, "it ends within 5 s")
    equal(daemon.packets(), 2000, "packets sent = packets in records")
    equal(daemon.messages[-1].startswith("STOPPING=1"), True, "STOPPING=1 is said last")


def removed_and_made_again(work):
    with Daemon(work, "removed") as daemon:
        daemon.wait_for("READY=1")
        send(1000)
        shell("ip link set v0 down; ip link set v0 up")
        send(1000)
        shell("ip link del v0")
        wait_for(lambda: "v0: was removed" in daemon.talk(), "the log says that it was removed")
        make_pair()
        wait_for(lambda: "v0: capturing again" in daemon.talk(), "it captures again within a second", 1)
        send(1000)
        shell("ip link set v0 down; ip link set v0 name w0; ip link set w0 up")
        wait_for(lambda: "v0: is called w0 now" in daemon.talk(), "the log says its new name")
        send(1000)
        equal(daemon.stop(), 0, "it ends with status 0")
    shell("ip link set w0 down; ip link set w0 name v0; ip link set v0 up")
    equal(daemon.packets(), 4000, "packets sent = packets in records, whatever happened to the interface")


def reload_and_watchdog(work):
    with Daemon(work, "reload", environment={"WATCHDOG_USEC": "600000"}) as daemon:
        daemon.wait_for("READY=1")
        daemon.configure('[stats]\ninterval = "soon"\n')
        daemon.signal(signal.SIGHUP)
        wait_for(lambda: "stays as it was" in daemon.talk(), "a bad file keeps the old configuration and says so")
        daemon.configure('[stats]\ninterval = "1s"\n[flow]\nmax_flows = 77\n')
        daemon.signal(signal.SIGHUP)
        wait_for(lambda: "to take effect: flow.max_flows" in daemon.talk(), "what can't change live is named")
        wait_for(lambda: sum("WATCHDOG=1" in text for text in daemon.messages) >= 3, "signs of life come")
        equal(sum(text.startswith("RELOADING=1\nMONOTONIC_USEC=") for text in daemon.messages), 2, "RELOADING=1")
        equal(any("bad configuration file" in text for text in daemon.messages), True, "the status says so too")
        send(500)
        equal(daemon.stop(), 0, "it ends with status 0")
    equal(daemon.packets(), 500, "packets sent = packets in records")


def flows_outlive_a_stop(work):
    """Without anybody who keeps the rings: the flows lie in the state directory."""
    extra = '[flow.timeouts]\nudp = { new = "4s" }\n'
    for turn in range(3):
        with Daemon(work, "state", extra=extra, state=True) as daemon:
            daemon.wait_for("READY=1")
            if turn < 2:
                send(1000)
            else:
                wait_for(lambda: daemon.packets() == 2000, "the flows of three processes end by their timeout")
            equal(daemon.stop(), 0, "it ends with status 0")
            equal(len(daemon.final_flows()), 10 if turn == 2 else 0, "flows are not ended by a stop")
    ids = {flow["flow_id"] for flow in daemon.final_flows()}
    equal(len(ids), 10, "each flow has one record, over all three")
    equal(daemon.packets(), 2000, "packets sent = packets in records")


def second_daemon(work):
    with Daemon(work, "second") as first:
        first.wait_for("READY=1")
        with Daemon(work, "second", manager=False) as second:
            equal(second.process.wait(10), 78, "a second daemon on the log directory ends with status 78")
        equal(f"{first.process.pid}" in first.talk(), True, "and names the holder's pid")


def rotation(work):
    with Daemon(work, "rotation") as daemon:
        daemon.wait_for("READY=1")
        for count in range(3):
            send(300)
            daemon.signal(signal.SIGUSR1)
            wait_for(lambda: len(daemon.logs()) >= count + 2, "SIGUSR1 rotates")
        equal(daemon.stop(), 0, "it ends with status 0")
    equal(daemon.packets(), 900, "packets sent = packets in records of all files")


def bad_configuration(work):
    with Daemon(work, "bad", extra="[capture]\nfilter = \"tcp prt\"\n") as daemon:
        equal(daemon.process.wait(10), 78, "a bad configuration ends it with status 78")


def plugin_switched_off(work):
    """A plugin that crashes: its flow and the capture go on, it is off, one line says so, and so does the control socket."""
    extra = f'[plugins]\nfiles = ["{os.path.abspath(os.path.join(BUILD, "tests/app/unruly_plugin.so"))}"]\n'
    with Daemon(work, "plugin", extra=extra, options=["--sandbox", "strict"]) as daemon:
        daemon.wait_for("READY=1")
        send_datagram(b"UNRULY hello")
        wait_for(lambda: [event["unruly"] for event in daemon.events("unruly")] == [{"len": 12}], "the plugin has an event")
        send_datagram(b"UNRULY crash")
        wait_for(lambda: "plugin unruly" in daemon.talk(), "the log says that the plugin is off")
        send_datagram(b"UNRULY again")
        send(500)
        equal(daemon.stop(), 0, "it ends with status 0")
    equal(daemon.talk().count("is switched off: it crashed"), 1, "it is said once")
    equal(len(daemon.events("unruly")), 1, "it is not called any more")
    equal(daemon.packets(), 503, "packets sent = packets in records")
    with Daemon(work, "no_plugin", extra='[plugins]\nfiles = ["/nowhere/x.so"]\n') as daemon:
        equal(daemon.process.wait(10), 78, "a plugin that is not there ends it with status 78")
    equal("/nowhere/x.so" in daemon.talk(), True, "and is named")


def send_datagram(content):
    """A frame of UDP from v1; of each content a flow of its own."""
    ports = (4000 + content[-1]).to_bytes(2, "big") + (9).to_bytes(2, "big")
    udp = ports + (8 + len(content)).to_bytes(2, "big") + bytes(2) + content
    ip = bytes.fromhex("4500") + (20 + len(udp)).to_bytes(2, "big") + bytes.fromhex("00000000401100000a0000010a000002")
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw:
        raw.bind(("v1", 0))
        raw.send(bytes.fromhex("ffffffffffff0200000000010800") + ip + udp)


def main():
    enter_namespace(__file__)
    with tempfile.TemporaryDirectory() as work:
        absent_at_start(work)
        removed_and_made_again(work)
        reload_and_watchdog(work)
        flows_outlive_a_stop(work)
        second_daemon(work)
        rotation(work)
        bad_configuration(work)
        plugin_switched_off(work)


if __name__ == "__main__":
    main()
