// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"

#include "support/catch.h"

namespace pktana::cli {
namespace {

using Words = std::vector<std::string>;

Options parsed(const Words& words) {
  auto options = parse_command_line(words);
  INFO((options ? "" : options.error().detail));
  REQUIRE(options);
  return *options;
}

std::string refusal(const Words& words) {
  const auto options = parse_command_line(words);
  REQUIRE_FALSE(options);
  return options.error().detail;
}

TEST_CASE("command line: -i takes one word, repeats, and splits at commas") {
  const Options options = parsed({"capture", "-i", "eth0", "tcp", "-i", "eth1,eth2", "port", "80"});
  CHECK(options.command == Command::Capture);
  CHECK(options.interfaces == Words{"eth0", "eth1", "eth2"});
  CHECK(options.filter == "tcp port 80");
}

TEST_CASE("command line: options may stand behind files and inside the filter") {
  const Options options =
      parsed({"read", "a.pcap", "-c", "5", "tcp", "--show", "packets", "port", "80"});
  CHECK(options.files == Words{"a.pcap"});
  CHECK(options.filter == "tcp port 80");
  CHECK(options.packet_limit == 5);
  CHECK(options.show == Show::Packets);
}

TEST_CASE("command line: a filter of one word in quotes may look like anything") {
  CHECK(parsed({"read", "a.pcap", "tcp[13] & 2 != 0"}).filter == "tcp[13] & 2 != 0");
  CHECK(parsed({"capture", "-i", "x", "ip[0] - 4 > 0"}).filter == "ip[0] - 4 > 0");
}

TEST_CASE("command line: behind -- all is filter") {
  const Options options = parsed({"read", "a.pcap", "b.pcap", "--", "c.pcap", "-c", "--bogus"});
  CHECK(options.files == Words{"a.pcap", "b.pcap"});
  CHECK(options.filter == "c.pcap -c --bogus");
  CHECK(parsed({"capture", "-i", "x", "tcp", "--", "-1"}).filter == "tcp -1");
}

TEST_CASE("command line: names of commands are words behind a command") {
  CHECK(parsed({"read", "a.pcap", "capture"}).filter == "capture");
  CHECK(parsed({"read", "-"}).files == Words{"-"});
}

TEST_CASE("command line: capture shows packets, read shows flows, where nothing is said") {
  CHECK(parsed({"capture", "-i", "x"}).show == Show::Packets);
  CHECK(parsed({"read", "a.pcap"}).show == Show::Flows);
  CHECK(parsed({"read", "a.pcap", "--show", "summary"}).show == Show::Summary);
}

TEST_CASE("command line: who says how flows look wants flows") {
  CHECK(parsed({"capture", "-i", "x", "--json"}).show == Show::Flows);
  CHECK(parsed({"capture", "-i", "x", "--json"}).format == sink::Format::Eve);
  CHECK(parsed({"capture", "-i", "x", "--format", "csv"}).show == Show::Flows);
  CHECK(parsed({"capture", "-i", "x", "--events", "flow"}).show == Show::Flows);
}

TEST_CASE("command line: a format for what has none is refused") {
  CHECK(refusal({"read", "a.pcap", "--show", "packets", "--json"}).find("--show flows") !=
        std::string::npos);
  CHECK(refusal({"read", "a.pcap", "--json", "--format", "csv"}).find("--format eve") !=
        std::string::npos);
}

TEST_CASE("command line: --sort is about flows, --merge about files") {
  CHECK(parsed({"read", "a.pcap", "--sort"}).sort);
  CHECK_FALSE(parsed({"read", "a.pcap"}).sort);
  CHECK(parsed({"read", "a.pcap", "b.pcap", "--merge", "--show", "packets"}).merge);
  CHECK(refusal({"read", "a.pcap", "--show", "packets", "--sort"}).find("about flows") !=
        std::string::npos);
  CHECK(refusal({"capture", "-i", "x", "--merge"}).find("--merge") != std::string::npos);
}

TEST_CASE("command line: a file gets EVE unless told otherwise") {
  CHECK(parsed({"read", "a.pcap", "-o", "x"}).format == sink::Format::Eve);
  CHECK(parsed({"read", "a.pcap", "-o", "x", "--format", "table"}).format == sink::Format::Table);
}

TEST_CASE("command line: timeouts by protocol and state, over the one for all") {
  const Options options = parsed({"read", "a.pcap", "--idle-timeout", "5s", "--timeout",
                                  "tcp.closed=10s,udp.established=2m", "--timeout", "icmp.new=1s"});
  CHECK(options.timeouts.tcp.closed_ns == 10'000'000'000);
  CHECK(options.timeouts.udp.established_ns == 120'000'000'000);
  CHECK(options.timeouts.udp.new_ns == 5'000'000'000);
  CHECK(options.timeouts.icmp.new_ns == 1'000'000'000);
  CHECK(options.timeouts.other.established_ns == 5'000'000'000);
  CHECK(parsed({"read", "a.pcap"}).timeouts.tcp.established_ns == 600'000'000'000);
  const char* const kWrong[] = {"tcp=5s", "tcp.new", "udp.closed=5s", "tcp.new=0", "tcp.new=x", ""};
  for (const char* text : kWrong)
    CHECK(refusal({"read", "a.pcap", "--timeout", text}).find("--timeout: ") == 0);
}

TEST_CASE("command line: updates need their event, their format and an interval above 0") {
  CHECK(parsed({"read", "a.pcap"}).update_interval_ns == 0);
  CHECK(parsed({"read", "a.pcap", "--events", "flow_update"}).update_interval_ns == 60'000'000'000);
  const Options alone = parsed({"read", "a.pcap", "--update-interval", "5s"});
  CHECK(alone.update_events);
  CHECK(alone.flow_events);
  CHECK(alone.update_interval_ns == 5'000'000'000);
  CHECK(refusal({"read", "a.pcap", "--update-interval", "0"}) ==
        "--update-interval: must be above 0");
  CHECK(refusal({"read", "a.pcap", "--events", "flow", "--update-interval", "5s"}) ==
        "--update-interval: goes with flow_update in --events");
  CHECK(refusal({"read", "a.pcap", "--format", "csv", "--update-interval", "5s"}) ==
        "--events: flow_update is written with --format eve, ecs and ocsf only");
}

TEST_CASE("command line: events are a list") {
  const Options flow = parsed({"read", "a.pcap", "--events", "flow"});
  CHECK(flow.flow_events);
  CHECK_FALSE(flow.stats_events);
  const Options both = parsed({"read", "a.pcap", "--events", "stats,flow"});
  CHECK(both.flow_events);
  CHECK(both.stats_events);
  const Options dns = parsed({"read", "a.pcap", "--events", "flow,dns"});
  CHECK(dns.flow_events);
  CHECK_FALSE(dns.stats_events);
  CHECK_FALSE(dns.all_app_events);
  CHECK(dns.app_event_names == std::vector<std::string>{"dns"});
  const std::string unknown = refusal({"read", "a.pcap", "--events", "flows"});
  CHECK(unknown.starts_with("--events: 'flows' is not one of "));
  CHECK(unknown.ends_with("; did you mean flow?"));
}

TEST_CASE("command line: values with units") {
  const Options options =
      parsed({"capture", "-i", "x", "--idle-timeout", "5m", "--active-timeout", "90", "--ring-size",
              "16MiB", "--stats-interval", "500ms", "--max-flows", "2_000"});
  CHECK(options.idle_timeout_ns == 300'000'000'000);
  CHECK(options.active_timeout_ns == 90'000'000'000);
  CHECK(options.ring_bytes == 16U << 20);
  CHECK(options.stats_interval_ns == 500'000'000);
  CHECK(options.max_flows == 2000);
}

TEST_CASE("command line: a bad value names its option") {
  CHECK(
      refusal({"read", "a.pcap", "--idle-timeout", "soon"}).starts_with("--idle-timeout: 'soon' "));
  CHECK(refusal({"read", "a.pcap", "--idle-timeout", "0"}).starts_with("--idle-timeout: must be"));
  CHECK(refusal({"read", "a.pcap", "-c", "0"}).starts_with("--count: '0' "));
  CHECK(refusal({"read", "a.pcap", "--threads", "many"}).starts_with("--threads: 'many' "));
  CHECK(refusal({"read", "a.pcap", "--hash-secret", "xyz"}).starts_with("--hash-secret: "));
  CHECK(refusal({"read", "a.pcap", "--color", "allways"}) ==
        "--color: 'allways' is not one of auto, always, never; did you mean always?");
}

TEST_CASE("command line: the last of a repeated option counts") {
  CHECK(parsed({"read", "a.pcap", "-c", "5", "-c", "6"}).packet_limit == 6);
  CHECK(parsed({"read", "a.pcap", "-q", "-q"}).quiet);
}

TEST_CASE("command line: unknown options and commands are refused with a suggestion") {
  CHECK(refusal({"read", "a.pcap", "--fromat", "eve"}) ==
        "unknown option '--fromat'; did you mean --format?");
  CHECK(refusal({"read", "a.pcap", "--fromat=eve"}) ==
        "unknown option '--fromat'; did you mean --format?");
  CHECK(refusal({"reed", "a.pcap"}) == "unknown command 'reed'; did you mean read?");
  CHECK(refusal({"--bogus"}) == "unknown option '--bogus'");
  CHECK(refusal({"read", "a.pcap", "-Z"}).starts_with("unknown option '-Z'"));
  CHECK(refusal({"interfaces", "eth0"}) == "unexpected word 'eth0'");
}

TEST_CASE("command line: an option of the other command is unknown") {
  CHECK(refusal({"read", "a.pcap", "-i", "eth0"}).starts_with("unknown option '-i'"));
  CHECK(
      refusal({"read", "a.pcap", "--ring-size", "1M"}).starts_with("unknown option '--ring-size'"));
}

TEST_CASE("command line: a missing value is an error") {
  CHECK_FALSE(refusal({"read", "a.pcap", "-c"}).empty());
}

TEST_CASE("command line: what is missing is said") {
  CHECK(refusal({}).starts_with("a command is missing"));
  CHECK(refusal({"capture", "eth0"}) ==
        "capture needs an interface: -i IFACE, as in: pktana capture -i eth0; 'pktana interfaces' "
        "lists them");
  CHECK(refusal({"read"}).starts_with("read needs a capture file"));
  CHECK(refusal({"read", "tcp"}) == "read needs a capture file first: there is no file 'tcp'");
}

TEST_CASE("command line: help and version win over what is missing or wrong") {
  CHECK(parsed({"--help"}).command == Command::Help);
  CHECK(parsed({"capture", "-h"}).command == Command::Help);
  CHECK(parsed({"--version"}).command == Command::Version);
  CHECK(parsed({"--version", "--json"}).json);
}

TEST_CASE("command line: capture uses all cores, read one, where nothing is said") {
  CHECK(parsed({"capture", "-i", "x"}).threads >= 1);
  CHECK(parsed({"read", "a.pcap"}).threads == 1);
  CHECK(parsed({"read", "a.pcap", "--threads", "3"}).threads == 3);
  CHECK(parsed({"read", "a.pcap", "--threads", "auto"}).threads >= 1);
}

}  // namespace
}  // namespace pktana::cli
