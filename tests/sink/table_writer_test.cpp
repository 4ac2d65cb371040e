// SPDX-License-Identifier: Apache-2.0
#include "sink/table_writer.h"

#include <cstdlib>
#include <ctime>

#include "sample_records.h"
#include "support/catch.h"

namespace pktana::sink {
namespace {

std::string header_line(TableWriter& writer) {
  std::string line(kMaxLineBytes, '\0');
  line.resize(static_cast<size_t>(writer.put_header(line.data()) - line.data()));
  return line;
}

}  // namespace

TEST_CASE("table: header, date and flow line up") {
  TableWriter writer({});
  CHECK(header_line(writer) ==
        "START        DURATION PROTO SOURCE -> DESTINATION"
        "                          STATE         PKTS  BYTES\n");
  CHECK(flow_lines(writer, tcp_record()) ==
        "# 2017-04-07 UTC\n"
        "22:24:37.251   2.470s TCP   192.168.20.37:63592 -> 70.32.97.206:80"
        "         closed           9  4.2kB\n");
}

TEST_CASE("table: narrow, what fits 80 columns, colours or not") {
  for (const bool color : {false, true}) {
    TableWriter writer({.color = color, .narrow = true});
    flow::FlowRecord record = tcp_record();
    const std::string green = color ? "\033[32m" : "";
    const std::string plain = color ? "\033[0m" : "";
    if (!color)
      CHECK(header_line(writer) ==
            "START    PROTO SOURCE -> DESTINATION                            PKTS  BYTES\n");
    CHECK(flow_lines(writer, record) ==
          "# 2017-04-07 UTC\n22:24:37 " + green + "TCP" + plain +
              "   192.168.20.37:63592 -> 70.32.97.206:80              9  4.2kB\n");
    set_addresses(record, "255.255.255.255", "255.255.255.255");
    record.src_port = record.dst_port = 65535;
    if (!color) CHECK(flow_lines(writer, record).size() == 76);
  }
}

TEST_CASE("table: wide, TCP has its state, round trip, segments sent again and bytes lost") {
  TableWriter writer({.wide = true});
  flow::FlowRecord record = full_tcp_record();
  record.tcp.side[flow::kToServer].rtt = {
      .sum_us = 40'000, .count = 2, .min_us = 10'000, .max_us = 30'000};
  CHECK(header_line(writer) ==
        "START        DURATION PROTO SOURCE -> DESTINATION"
        "                          STATE         PKTS  BYTES CONN      RTT  RETRANS   LOST\n");
  CHECK(flow_lines(writer, record) ==
        "# 2017-04-07 UTC\n"
        "22:24:37.251   2.470s TCP   192.168.20.37:63592 -> 70.32.97.206:80"
        "         closed           9  4.2kB SF        20ms        2  1.4kB\n");
  record.tcp.side[flow::kToServer].rtt = {};
  CHECK(flow_lines(writer, record).ends_with(" SF           -        2  1.4kB\n"));
  CHECK(flow_lines(writer, udp_record()).ends_with("4.2kB OTH\n"));
}

TEST_CASE("table: an update of a live flow has no line") {
  TableWriter writer({});
  flow::FlowRecord record = tcp_record();
  record.update.index = 1;
  CHECK(flow_lines(writer, record).empty());
}

TEST_CASE("table: the longest IPv4 flow takes exactly 100 columns") {
  TableWriter writer({});
  flow::FlowRecord record = tcp_record();
  set_addresses(record, "255.255.255.255", "255.255.255.255");
  record.src_port = record.dst_port = 65535;
  record.end_reason = flow::EndReason::TupleReuse;
  record.totals[0] = {.packets = 999'000'000, .bytes = 999'000'000'000, .payload_bytes = 0};
  (void)flow_lines(writer, record);
  CHECK(flow_lines(writer, record).size() == 101);
  CHECK(header_line(writer).size() == 101);
}

TEST_CASE("table: the date comes again only when the day changes") {
  TableWriter writer({});
  flow::FlowRecord record = udp_record();
  CHECK(flow_lines(writer, record).starts_with("# 2017-04-07 UTC\n"));
  CHECK(flow_lines(writer, record).starts_with("22:24:37.251"));
  record.start_ns += 86'400'000'000'000;
  CHECK(flow_lines(writer, record).starts_with("# 2017-04-08 UTC\n22:24:37.251"));
}

TEST_CASE("table: local time is that of TZ") {
  ::setenv("TZ", "XYZ-05:30", 1);
  ::tzset();
  TableWriter writer({.time_zone = TimeZone::Local});
  const std::string line = flow_lines(writer, udp_record());
  ::unsetenv("TZ");
  ::tzset();
  CHECK(line.starts_with("# 2017-04-08 XYZ\n03:54:37.251"));
}

TEST_CASE("table: IPv6 endpoints with ports are in brackets, without ports they are not") {
  TableWriter writer({});
  flow::FlowRecord record = udp_record();
  set_addresses(record, "2001:db8::1", "2001:db8::2");
  CHECK(flow_lines(writer, record).find(" [2001:db8::1]:63592 -> [2001:db8::2]:53 ") !=
        std::string::npos);
  record.protocol = 58;
  CHECK(flow_lines(writer, record).find(" ICMP6 2001:db8::1 -> 2001:db8::2 ") != std::string::npos);
}

TEST_CASE("table: colours only when asked for, and they take no columns") {
  TableWriter plain({});
  TableWriter colored({.color = true});
  flow::FlowRecord record = tcp_record();
  record.end_reason = flow::EndReason::Reset;
  CHECK(flow_lines(plain, record).find('\033') == std::string::npos);
  std::string line = flow_lines(colored, record);
  CHECK(line.find("\033[31mreset\033[0m") != std::string::npos);
  for (const std::string_view code : {"\033[31m", "\033[0m"})
    line.erase(line.find(code), code.size());
  CHECK(line == flow_lines(*std::make_unique<TableWriter>(WriterContext{}), record));
}

}  // namespace pktana::sink
