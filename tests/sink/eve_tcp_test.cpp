// SPDX-License-Identifier: Apache-2.0
#include "sink/eve_tcp.h"

#include "sample_records.h"
#include "sink/eve_writer.h"
#include "support/catch.h"

namespace pktana::sink {
namespace {

JsonLine line_of(const flow::FlowRecord& record) {
  auto writer = EveWriter::create({});
  REQUIRE(writer);
  return JsonLine(flow_lines(**writer, record));
}

TEST_CASE("eve tcp: what was counted stands under the side that sent it") {
  flow::FlowRecord record = tcp_record();
  record.tcp.side[flow::kToServer] = {.retransmits = 1, .out_of_order = 2, .zero_windows = 3};
  record.tcp.side[flow::kToClient] = {.lost_bytes = 1ULL << 40, .duplicate_acks = 4};
  const JsonLine line = line_of(record);
  CHECK(line.number("/pktana/tcp/retransmits_toserver") == 1);
  CHECK(line.number("/pktana/tcp/retransmits_toclient") == 0);
  CHECK(line.number("/pktana/tcp/out_of_order_toserver") == 2);
  CHECK(line.number("/pktana/tcp/zero_windows_toserver") == 3);
  CHECK(line.number("/pktana/tcp/duplicate_acks_toclient") == 4);
  CHECK(line.number("/pktana/tcp/lost_bytes_toclient") == 1ULL << 40);
}

TEST_CASE("eve tcp: the rarer counters are there above 0 only") {
  flow::FlowRecord record = tcp_record();
  record.tcp.side[flow::kToServer] = {
      .zero_window_us = 9, .fast_retransmits = 1, .spurious_retransmits = 2, .keep_alives = 3};
  const JsonLine line = line_of(record);
  CHECK(line.number("/pktana/tcp/fast_retransmits_toserver") == 1);
  CHECK(line.number("/pktana/tcp/spurious_retransmits_toserver") == 2);
  CHECK(line.number("/pktana/tcp/keep_alives_toserver") == 3);
  CHECK(line.number("/pktana/tcp/zero_window_us_toserver") == 9);
  CHECK_FALSE(line.has("/pktana/tcp/keep_alives_toclient"));
}

TEST_CASE("eve tcp: times and options that are not known are left out") {
  CHECK(line_of(tcp_record()).keys("/pktana/tcp").size() == 10);
  flow::FlowRecord record = tcp_record();
  record.tcp.handshake_us = 0;
  record.tcp.syn_to_synack_us = 1;
  record.tcp.synack_to_ack_us = 2;
  record.tcp.first_response_us = 3;
  flow::TcpSide& client = record.tcp.side[flow::kToServer];
  client.mss = 1460;
  client.window_scale = 0;
  client.sack_permitted = client.timestamps = true;
  const JsonLine line = line_of(record);
  CHECK(line.number("/pktana/tcp/handshake_rtt_us") == 0);
  CHECK(line.number("/pktana/tcp/syn_to_synack_us") == 1);
  CHECK(line.number("/pktana/tcp/synack_to_ack_us") == 2);
  CHECK(line.number("/pktana/tcp/first_response_us") == 3);
  CHECK(line.number("/pktana/tcp/mss_toserver") == 1460);
  CHECK(line.number("/pktana/tcp/window_scale_toserver") == 0);
  CHECK(line.flag("/pktana/tcp/sack_toserver"));
  CHECK(line.flag("/pktana/tcp/timestamps_toserver"));
  CHECK_FALSE(line.has("/pktana/tcp/window_scale_toclient"));
}

TEST_CASE("eve tcp: round trips have least, mean, most and their number") {
  flow::FlowRecord record = tcp_record();
  record.tcp.side[flow::kToServer].rtt = {.sum_us = 100, .count = 3, .min_us = 20, .max_us = 50};
  const JsonLine line = line_of(record);
  CHECK(line.number("/pktana/tcp/server_rtt_us/min") == 20);
  CHECK(line.number("/pktana/tcp/server_rtt_us/avg") == 33);
  CHECK(line.number("/pktana/tcp/server_rtt_us/max") == 50);
  CHECK(line.number("/pktana/tcp/server_rtt_us/samples") == 3);
  CHECK_FALSE(line.has("/pktana/tcp/client_rtt_us"));
}

TEST_CASE("eve tcp: gaps are told in EVE's words too") {
  flow::FlowRecord record = tcp_record();
  CHECK_FALSE(line_of(record).has("/tcp/ts_gap"));
  record.tcp.side[flow::kToServer].lost_bytes = 1;
  record.tcp.gaps_may_be_ours = record.tcp.incomplete = true;
  const JsonLine line = line_of(record);
  CHECK(line.flag("/tcp/ts_gap"));
  CHECK_FALSE(line.has("/tcp/tc_gap"));
  CHECK(line.flag("/pktana/tcp/gaps_may_be_ours"));
  CHECK(line.flag("/pktana/tcp/incomplete"));
}

TEST_CASE("eve tcp: other protocols have neither object") {
  const JsonLine line = line_of(udp_record());
  CHECK_FALSE(line.has("/tcp"));
  CHECK_FALSE(line.has("/pktana/tcp"));
}

}  // namespace
}  // namespace pktana::sink
