// SPDX-License-Identifier: Apache-2.0
#include "engine/ledger.h"

#include <algorithm>

#include "support/catch.h"

using namespace pktana;

namespace {

/// A finished live run in which everything adds up.
engine::Ledger balanced() {
  engine::Ledger ledger;
  ledger.kernel = ring::RingStatistics{.packets = 110, .drops = 10, .freezes = 1};
  ledger.packets.captured = 100;
  ledger.packets.filtered_out = 5;
  ledger.packets.non_ip[0] = 2;
  ledger.packets.undecodable[4][0] = 3;
  ledger.flows.packets = 90;
  ledger.flows.flows_created = 7;
  ledger.flows.records = 9;
  ledger.flows.records_split = 2;
  ledger.flows.record_packets = 90;
  ledger.has_sink = true;
  ledger.sink.written = 8;
  ledger.sink.dropped_disk_full = 1;
  ledger.final = true;
  return ledger;
}

const sink::LedgerLine& line_named(const std::vector<sink::LedgerLine>& lines, const char* name) {
  return *std::find_if(lines.begin(), lines.end(),
                       [&](const auto& line) { return line.name == name; });
}

}  // namespace

TEST_CASE("ledger: a run in which everything adds up balances on every line") {
  const auto lines = balanced().lines();
  CHECK(lines.size() == 5);
  for (const auto& line : lines)
    CHECK(line.balanced);
  CHECK(engine::imbalances(lines).empty());
}

TEST_CASE("ledger: each line that does not add up is named with both sides and the difference") {
  const auto broken = [](auto change) {
    engine::Ledger ledger = balanced();
    change(ledger);
    return engine::imbalances(ledger.lines());
  };
  CHECK(broken([](engine::Ledger& ledger) { ++ledger.kernel->packets; }) ==
        std::vector<std::string>{
            "ledger line 'kernel' does not balance: packets_seen 111, its parts sum to "
            "110, missing 1"});
  CHECK(broken([](engine::Ledger& ledger) { ledger.packets.filtered_out += 3; }) ==
        std::vector<std::string>{
            "ledger line 'parse' does not balance: captured 100, its parts sum to 103, "
            "too many by 3"});
  CHECK(broken([](engine::Ledger& ledger) { ++ledger.flows.flows_created; }).size() == 1);
  CHECK(broken([](engine::Ledger& ledger) { --ledger.flows.record_packets; }).size() == 1);
  CHECK(broken([](engine::Ledger& ledger) { --ledger.sink.written; }).size() == 1);
}

TEST_CASE("ledger: while the run goes on what is on its way is a part of its own") {
  engine::Ledger ledger = balanced();
  ledger.final = false;
  ledger.kernel->packets += 4;
  ledger.sink.written -= 2;
  const auto lines = ledger.lines();
  CHECK(engine::imbalances(lines).empty());
  CHECK(line_named(lines, "kernel").parts.back().name == "waiting_in_ring");
  CHECK(line_named(lines, "kernel").parts.back().value == 4);
  CHECK(line_named(lines, "sink").parts.back().name == "waiting_in_queue");
  CHECK(line_named(lines, "sink").parts.back().value == 2);
}

TEST_CASE("ledger: more captured than the kernel has seen is a mismatch at any time") {
  engine::Ledger ledger = balanced();
  ledger.final = false;
  ledger.kernel->packets = 100;
  CHECK(engine::imbalances(ledger.lines()).size() == 1);
}

TEST_CASE("ledger: what the kernel saw of a file is unknown, not zero") {
  engine::Ledger ledger = balanced();
  ledger.kernel.reset();
  const auto lines = ledger.lines();
  CHECK_FALSE(line_named(lines, "kernel").total.has_value());
  CHECK(engine::imbalances(lines).empty());
  CHECK_FALSE(ledger.to_stats(0, 0).kernel_packets.has_value());
}

TEST_CASE("ledger: reasons and types are spelled out where they occurred") {
  const auto lines = balanced().lines();
  const auto& parts = line_named(lines, "parse").parts;
  const auto value_of = [&](const std::string& name) {
    for (const auto& part : parts)
      if (part.name == name) return part.value;
    return uint64_t{0};
  };
  CHECK(value_of("non_ip_arp_request") == 2);
  CHECK(value_of("undecodable_ipv4_truncated") == 3);
}

TEST_CASE("ledger: a run without a sink has records that nobody wanted") {
  engine::Ledger ledger = balanced();
  ledger.has_sink = false;
  ledger.sink = {};
  CHECK(engine::imbalances(ledger.lines()).empty());
}
