// SPDX-License-Identifier: Apache-2.0
#include "cli/help_text.h"

namespace pktana::cli {
namespace {

constexpr std::string_view kProgram =
    R"(pktana - packets in, flow records out: live from interfaces or from files

Usage:
  pktana capture -i IFACE... [options] [packet filter]
  pktana read FILE... [options] [packet filter]
  pktana inspect FILE|--hex HEX [--packet N] [options] [packet filter]
  pktana query LOG... [--where EXPR] [--by FIELD,...] [options]
  pktana top [-i IFACE... | --connect SOCKET] [options] [packet filter]
  pktana daemon --config FILE [-i IFACE...]
  pktana hold -- COMMAND [ARGUMENT...]
  pktana check-config FILE [--effective]
  pktana interfaces [--json] [--rates T]
  pktana doctor [-i IFACE...] [--json]
  pktana --version [--json]
  pktana COMMAND --help

Commands:
  capture       capture live: packets as lines, or flows; Ctrl-C ends it
  read          read capture files (pcap, pcapng, snoop; .gz and .zst of them;
                '-' = standard input) to flow records, packets or a summary
  inspect       take single packets apart: every layer, field and oddity
  query         search and sum up logs of flow records
  top           see live who talks to whom, how much and what is lost
  verify        prove that logs are whole
  ctl           ask a running daemon, or order it to do something
  fields        list the fields of flow expressions (--where)
  interfaces    list what can be captured from (-D, too)
  daemon        capture as a service, told by a configuration file
  hold          keep a daemon's rings for the next one, where no systemd does
  check-config  find what is wrong with a configuration of the daemon
  doctor        what would spoil a capture here, and the command that mends it

Examples:
  pktana capture -i eth0 tcp port 443        packets as lines, like tcpdump
  pktana capture -i eth0,eth1 --json         flows as EVE JSON lines
  pktana read trace.pcap                     flows: a table on a terminal
  pktana read trace.pcap | jq .src_ip        ... and EVE JSON into a pipe
  pktana read *.pcap.gz -o flows.json        flows into a file
  pktana read trace.pcap --where 'dest_port == 443 and bytes > 1MB'
  pktana read trace.pcap --show summary      only the numbers
  pktana query flows.json --by src_ip --sum bytes --top 10
  pktana inspect trace.pcap -n 17            packet 17 as a tree of fields
  tcpdump -w - | pktana read - --show packets

Packet filters are tcpdump's (man pcap-filter). stdout is data, stderr is talk.
Exit status: 0 done; 1 an input or output failed, or a file was cut short;
2 usage or a bad filter; 78 a bad configuration.
)";

constexpr std::string_view kCapture =
    R"(Usage: pktana capture -i IFACE... [options] [packet filter]

Captures until Ctrl-C or -c, then prints a summary to stderr.

  -i, --interface IFACE      interface; repeat it or give a,b; 'any' = all
  -D, --list-interfaces      list what can be captured from, and end
  -p, --no-promiscuous-mode  only what is meant for this machine
      --process              eve: whose socket it was: process, user, container
      --pin                  each thread stays on a CPU of its own
      --ring-size SIZE       ring per interface and thread (64MiB)
      --stats-interval T     a stats event every T (0 = only at the end)
  -s, --snaplen N            bytes kept of a packet (262144)
)";

constexpr std::string_view kRead =
    R"(Usage: pktana read FILE... [options] [packet filter]

Reads pcap, pcapng and snoop files, also compressed with gzip or zstd; '-' is
standard input. The first word that is no file begins the filter; '--' too.

      --follow FLOW          payload of one flow, both ways: its flow_id (and
                             --hash-secret), its community_id, or its ends as in
                             10.0.0.1:40000-10.0.0.2:80; --format text, hex, raw
      --split DIR            a capture file in DIR for each flow, initiator or
                             application; with --file-format, --where
      --by WHAT              of --split: flow, src or app
      --overwrite            of --split: also into a directory that is not empty
      --merge                several files are one stream in order of time
                             (else they are read one after another)
      --sort                 records in order of start time, then addresses and
                             ports: the same for any number of threads
  -s, --snaplen N            no effect on files: they hold what they hold
)";

constexpr std::string_view kShared =
    R"(  -c, --count N              stop after N packets that pass the filter
  -F, --filter-file FILE     the packet filter is in FILE; '#' begins a comment
      --where EXPR           flows that match, as in 'bytes > 1MB'
  -w, --write FILE           write the packets to FILE; '-' = stdout; with
                             --where those of flows that match
      --hold SIZE[,T]        packets wait for that in so much memory (256MiB), T
                             at most; then their flow is judged as it stands
      --file-format FORMAT   pcap or pcapng (by the name: *.pcapng, else pcap)
  -C, --rotate-size SIZE     a new file after SIZE (no unit: million bytes)
  -G, --rotate-interval T    a new file every T; FILE's %H... is its time
  -W, --rotate-count N       files at most: -C begins anew, -G ends
  -U, --packet-buffered      write each packet as soon as the disk takes it
      --show WHAT            packets (capture), flows (read) or summary
  -o, --output PATH          write there; '-' = stdout (default)
      --format FORMAT        table (on a terminal), eve, zeek, ecs, ocsf or csv
      --json                 the same as --format eve
      --events LIST          flow,flow_update,scan,stats,dns,tls,...: only these
      --no-app               no look at payload: no app_proto, no dns, tls ...
      --geoip FILE           eve: country, city, ASN from this .mmdb; repeatable
      --time-zone ZONE       of tables: utc (default) or local; else it is UTC
      --color WHEN           auto, always or never
  -q, --quiet                no summary, no progress bar
  -v, --verbose              packets: date, nanoseconds, fields of IP
)";

constexpr std::string_view kShortEnd =
    R"(  -h, --help                 --help-all: timeouts, tunnels, scans, threads too

T is 30s, 500ms, 10m, 2h, or seconds. SIZE is 64KiB, 16MiB, 1GB, or bytes.
)";

constexpr std::string_view kFlows =
    R"(
      --plugin FILE          dissectors from this shared object; repeatable
      --scan-threshold N     a scan has tried N ports or targets (25)
      --fold-scans           scans leave their summary, not their flows
      --idle-timeout T       end a flow T after its last packet
      --timeout P.S=T,...    the same for protocol P (tcp, udp, icmp, other) in
                             state S (new, established, closed)
      --active-timeout T     split flows that last longer (0 = never)
      --update-interval T    a flow_update event of each live flow every T
      --max-flows N          flows at a time (1000000)
      --tunnels WHICH        flows within tunnels: inner (default), outer, both
      --tunnel-port T=PORTS  UDP ports of T in place of the usual; T: vxlan,
                             vxlan_gpe, geneve, gtpu, teredo, l2tp, ayiya
      --key-ignore LIST      vlan,tunnel: what does not part flows
      --hash-secret HEX      the same flow ids in every run
      --threads N            or auto (capture: auto; read: 1; packets: 1)
      --format-threads N     threads that turn records into EVE lines (1)
  -h, --help                 the options that most need; --help-all: all

T is 30s, 500ms, 10m, 2h, or seconds. SIZE is 64KiB, 16MiB, 1GB, or bytes.
)";

constexpr std::string_view kInterfaces =
    R"(Usage: pktana interfaces [--json] [--rates T] [--color WHEN]

Lists the interfaces of this machine: name, state, link type, MTU, speed,
driver, addresses. 'pktana -D' is the same.

      --rates T      measure packets and bits per second for so long (1s, 500ms)
      --json         one JSON array
      --color WHEN   auto, always or never
  -h, --help
)";

constexpr std::string_view kDoctor =
    R"(Usage: pktana doctor [-i IFACE...] [options of the planned capture]

Looks for what would spoil a capture on this machine: rights, offloads, ring and
memory limits, queues and interrupts, io_uring, Landlock, disk, duplicates.
A line each: PASS, WARN or FAIL, and below it the command that mends it.

  -i, --interface IFACE  look at these (default: all that are up)
      --ring-size SIZE   ring per interface and thread (64MiB)
      --threads N        or auto (auto)
  -o, --output PATH      where records are to go: is there room?
      --json             one JSON object
      --color WHEN       auto, always or never
  -h, --help

Exit status: 0 no FAIL; 1 a FAIL; 2 usage.

Examples:
  pktana doctor
  pktana doctor -i eth0,eth1 --threads 4 -o /var/log/flows.json
  pktana doctor --json | jq '.checks[] | select(.verdict != "pass") | .mend'
)";

constexpr std::string_view kInspect =
    R"(Usage: pktana inspect FILE [options] [packet filter]
       pktana inspect --hex HEX [options]

Takes packets apart: every layer and field with its bytes, value and meaning;
checksums verified; what is odd about the packet named at its end, with '!'.
FILE is a capture, or hex as text; '-' is standard input with either.

  -n, --packet LIST      by number in the file, from 1: 3, 3-7, 1,5-
  -c, --count N          stop after N packets that were shown
  -F, --filter-file FILE  the packet filter, in a file
      --hex HEX          the frame itself: '45 00 ..', 4500.., or a dump of
                         tcpdump -xx, xxd, hexdump -C or Wireshark
      --link-type TYPE   what the frame begins with: ethernet, raw, ... or a
                         number (the file's; of hex raw if it is one IP packet)
      --hexdump          the bytes too, with the field below each
  -v, --verbose          flags one by one
      --json             one object a line for each packet
      --color WHEN       auto, always or never
  -h, --help

Examples:
  pktana inspect trace.pcap -n 17 --hexdump
  pktana inspect trace.pcap --json 'icmp' | jq .findings
  tcpdump -xx -r trace.pcap -c 1 | pktana inspect -
)";

constexpr std::string_view kQuery =
    R"(Usage: pktana query LOG... [options]

Searches logs of flow records (EVE JSON lines) and sums them up. LOG is a file,
also compressed with gzip or zstd, a directory of logs, or '-' (standard input).

      --where EXPR       lines that match, as in 'dest_port == 443'
      --from T           from that time on: 2026-11-23, 2026-11-23T08:15 (UTC)
      --to T             up to that time; what it names is included
      --follow           go on with lines that come, over rotations; Ctrl-C ends

      --by FIELDS        a row for each value of these fields (a,b,...)
      --every T          a row for each step of time: 5m, 1h, ...
      --count            how many lines
      --sum FIELDS       sum, and likewise:
      --avg FIELDS       average
      --min FIELDS       smallest
      --max FIELDS       largest
      --p95 FIELDS       95th percentile
      --top N            only the first N rows (of each step with --every)

      --format FORMAT    table, json or csv (table on a terminal, else json)
      --json             the same as --format json
  -o, --output PATH      write there; '-' = stdout (default)
      --threads N        or auto (auto)
      --color WHEN       auto, always or never
  -q, --quiet            no warnings of lines that are torn or no JSON
  -h, --help

Without any of --by to --top the matching lines are written.
Rows are in the order of time, then of the first number, largest first.
flow_update events take part only if EXPR speaks of event_type.
'pktana fields' lists the fields; docs/query.md has more.

Examples:
  pktana query flows.json --where 'tcp.retransmits > 10' | jq .flow_id
  pktana query /var/log/flows --by src_ip --sum bytes --top 10
  pktana query flows.json.zst --every 5m --by proto --sum bytes --format csv
)";

constexpr std::string_view kVerify =
    R"(Usage: pktana verify PATH... [options]

Proves from the numbers of their records that logs are whole: nothing missing,
nothing doubled, no line torn. Logs are EVE, ECS or OCSF, plain, gzip or zstd;
a directory stands for the logs in it, '-' for standard input.

      --json             one JSON object
      --threads N        or auto (auto)
      --color WHEN       auto, always or never
  -q, --quiet            only what is wrong
  -h, --help

Each gap, doubled range, missing file and torn line has a line of its own.
Logs may begin anywhere, since retention removes their oldest files.

Exit status: 0 they are whole; 1 they are not, or one could not be read;
2 usage.

Examples:
  pktana verify /var/log/pktana
  pktana verify eve.json eve-20261123*.json.zst --json | jq .missing
)";

constexpr std::string_view kCtl =
    R"(Usage: pktana ctl COMMAND [options]

Speaks to a running daemon by its control socket. COMMAND is one of:

status, stats, ledger (its numbers), metrics (for Prometheus),
flows (live ones, a line each), top (who talks most, a line each),
rotate (the log files), reload (the configuration),
log-level debug|info|warning|error, shutdown, help.

      --socket PATH      of the daemon (/run/pktana/api.sock)
      --where EXPR       flows, top: only flows that match
      --limit N          flows, top: so many, at most 1000 (100)
      --sort KEY         flows: bytes, packets, start, last or duration (bytes)
      --by KEY           top: src_ip, dest_ip, ip, dest_port, proto or app_proto
                         (ip)
      --json             the daemon's answer as it is
      --color WHEN       auto, always or never
  -h, --help

Only root and the daemon's own user may rotate, reload, log-level, shutdown.

Exit status: 0 done; 1 the daemon refuses, or none answers; 2 usage.

Examples:
  pktana ctl status | jq .outputs
  pktana ctl flows --where 'dest_port == 443' --sort duration --limit 10
  pktana ctl top --by src_ip --limit 5
)";

constexpr std::string_view kTop =
    R"(Usage: pktana top -i IFACE... [options] [packet filter]
       pktana top [--connect SOCKET] [options]

Shows live, in a terminal of at least 80x24, rates with their history, flows,
talkers, protocols, applications, and what was lost. It captures itself (-i),
or asks a daemon by its control socket, which costs that daemon no packet.

  -i, --interface IFACE  capture there; repeat it or give a,b; 'any' = all
      --connect SOCKET   a daemon's socket (without -i: /run/pktana/api.sock)
      --where EXPR       flows and talkers that match: 'dest_port == 443'
      --sort KEY         flows by rate, bytes, packets, duration, start or last
                         packet (rate)
      --page PAGE        begin with flows, talkers, protocols, applications or
                         losses (flows)
      --interval T       new numbers every T, 100ms or more (1s)
      --once             look twice, T apart, print one screen, and end
      --size COLSxROWS   of that screen (the terminal's, else 80x24)
      --json             with --once: the numbers as one JSON object
  -F, --filter-file FILE  the packet filter is in FILE
  -p, --no-promiscuous-mode  only what is meant for this machine
      --ring-size SIZE   ring per interface and thread (64MiB)
      --max-flows N      flows at a time (1000000)
      --threads N        or auto (auto)
      --color WHEN       auto, always or never
  -h, --help

Keys: q quit, ? all keys, / filter, s sort, Enter details, Space pause.

Exit status: 0 done; 1 no capture, no daemon or no terminal; 2 usage.

Examples:
  pktana top -i eth0
  pktana top -i eth0,eth1 --where 'app_proto == tls' not port 22
  pktana top --connect /run/pktana/api.sock --sort bytes
  pktana top -i eth0 --once --page talkers --interval 10s
)";

constexpr std::string_view kFields =
    R"(Usage: pktana fields [--json] [--color WHEN]

Lists the fields of flow expressions (--where): name, type, unit, meaning.
Those marked * are known of log lines only. docs/filters.md has the grammar.

      --json         one JSON array
      --color WHEN   auto, always or never
  -h, --help
)";

constexpr std::string_view kDaemon =
    R"(Usage: pktana daemon --config FILE [options]

Captures until SIGTERM and writes flow records to its outputs, as FILE (TOML)
says. Stays in the foreground; systemd or another supervisor keeps it.

  -c, --config FILE          'pktana check-config --sample' prints one
  -i, --interface IFACE      in place of capture.interfaces; repeat it or a,b
      --instance NAME        one of several daemons: NAME becomes a directory in
                             the paths of outputs, socket, log and state
      --sandbox MODE         strict, on or off, in place of sandbox.mode
  -h, --help

SIGHUP reads FILE again; what is wrong with it is said, and nothing changes.
SIGTERM and SIGINT drain the rings, write all records and end it.
Interfaces may be missing at first, go down, be removed, come back or change
their name.

Exit status: 0 it was asked to end; 1 it could not begin or go on; 2 usage;
78 a bad configuration.
)";

constexpr std::string_view kHold =
    R"(Usage: pktana hold -- COMMAND [ARGUMENT...]

Runs COMMAND, a daemon, and keeps its rings and flows for it, as systemd's fd
store does: when it dies it is started again and goes on where it was, without
a packet lost while the rings have room. Ends when the daemon ends with status
0, 2 or 78. SIGTERM, SIGINT, SIGHUP and SIGUSR1 go on to the daemon; SIGUSR2
ends it and starts it again, after an upgrade for example.

  -h, --help

Example:
  pktana hold -- pktana daemon --config /etc/pktana/pktana.toml
)";

constexpr std::string_view kCheckConfig =
    R"(Usage: pktana check-config FILE [options]
       pktana check-config --sample

Reads a configuration of the daemon and names all that is wrong with it, a line
each: FILE:LINE:COLUMN: what, and what to write instead.

      --effective            print every key with its value and where it is from
      --sample               print a file with every key, its default and meaning
  -i, --interface IFACE      as of the daemon: in place of capture.interfaces
      --instance NAME        as of the daemon: NAME is a directory in its paths
      --sandbox MODE         as of the daemon: in place of sandbox.mode
  -h, --help

Exit status: 0 the file is good; 78 it is not; 2 usage.

Examples:
  pktana check-config /etc/pktana/pktana.toml
  pktana check-config /etc/pktana/pktana.toml --effective -i eth0
  pktana check-config --sample > pktana.toml
)";

}  // namespace

std::string short_help_text(std::string_view command) {
  const std::string shared = std::string(kShared) + std::string(kShortEnd);
  if (command == "capture") return std::string(kCapture) + shared;
  return command == "read" ? std::string(kRead) + shared : help_text(command);
}

std::string help_text(std::string_view command) {
  const std::string shared = std::string(kShared) + std::string(kFlows);
  if (command == "capture") return std::string(kCapture) + shared;
  if (command == "read") return std::string(kRead) + shared;
  if (command == "inspect") return std::string(kInspect);
  if (command == "daemon") return std::string(kDaemon);
  if (command == "hold") return std::string(kHold);
  if (command == "check-config") return std::string(kCheckConfig);
  if (command == "doctor") return std::string(kDoctor);
  if (command == "query") return std::string(kQuery);
  if (command == "verify") return std::string(kVerify);
  if (command == "ctl") return std::string(kCtl);
  if (command == "top") return std::string(kTop);
  if (command == "fields") return std::string(kFields);
  return std::string(command == "interfaces" ? kInterfaces : kProgram);
}

}  // namespace pktana::cli
