// SPDX-License-Identifier: Apache-2.0
#include "sink/eve_stats.h"

#include <string>

#include "sample_records.h"
#include "support/catch.h"

namespace pktana::sink {
namespace {

StatsRecord sample() {
  StatsRecord record;
  record.time_ns = kSampleStartNs;
  record.uptime_ns = 8'900'000'000;
  record.kernel_packets = 1000;
  record.kernel_drops = 7;
  record.decoder = {{"pkts", 993}, {"bytes", 123456}};
  record.flow = {{"total", 12}};
  record.ledger.push_back({.name = "kernel",
                           .total_name = "packets_seen",
                           .total = 1000,
                           .parts = {{"captured", 993}, {"ring_drops", 7}},
                           .balanced = true});
  return record;
}

std::string stats_line(const StatsRecord& record) {
  std::string line(kMaxLineBytes, '\0');
  const char* end = put_eve_stats(line.data(), record, {.host = {}, .seq = 42});
  line.resize(static_cast<size_t>(end - line.data()));
  return line;
}

}  // namespace

TEST_CASE("eve stats: the whole line") {
  CHECK(stats_line(sample()) ==
        R"({"timestamp":"2017-04-07T22:24:37.251547+0000","event_type":"stats",)"
        R"("stats":{"uptime":8,"capture":{"kernel_packets":1000,"kernel_drops":7},)"
        R"("decoder":{"pkts":993,"bytes":123456},"flow":{"total":12}},)"
        R"("pktana":{"schema":1,"seq":42,"ledger":{"kernel":{"packets_seen":1000,)"
        R"("captured":993,"ring_drops":7,"balanced":true}}}})"
        "\n");
}

TEST_CASE("eve stats: what is unknown is left out of EVE's part and null in ours") {
  StatsRecord record = sample();
  record.kernel_packets.reset();
  record.kernel_drops.reset();
  record.ledger[0].total.reset();
  const JsonLine line(stats_line(record));
  CHECK_FALSE(line.has("/stats/capture"));
  CHECK(line.is_null("/pktana/ledger/kernel/packets_seen"));
  CHECK(line.is_null("/pktana/ledger/kernel/balanced"));
}

TEST_CASE("eve stats: an identity that does not hold says so") {
  StatsRecord record = sample();
  record.ledger[0].balanced = false;
  CHECK_FALSE(JsonLine(stats_line(record)).flag("/pktana/ledger/kernel/balanced"));
}

TEST_CASE("eve stats: a line that would be too long loses its counters, then its ledger") {
  StatsRecord record = sample();
  for (int i = 0; i < 2000; ++i)
    record.decoder.push_back({"counter_" + std::to_string(i), 1});
  const JsonLine fewer(stats_line(record));
  CHECK(fewer.flag("/pktana/left_out"));
  CHECK_FALSE(fewer.has("/stats/decoder"));
  CHECK(fewer.flag("/pktana/ledger/kernel/balanced"));

  record.ledger[0].parts = record.decoder;
  const std::string bare = stats_line(record);
  CHECK(bare.size() < 300);
  CHECK_FALSE(JsonLine(bare).has("/pktana/ledger"));
  CHECK(JsonLine(bare).number("/pktana/seq") == 42);
}

}  // namespace pktana::sink
