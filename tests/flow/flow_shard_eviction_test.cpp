// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_shard.h"
#include "shard_fixture.h"

namespace pktana::flow {
namespace {

/// Records that ended for `reason`.
size_t count_ended(const std::vector<FlowRecord>& records, EndReason reason) {
  size_t count = 0;
  for (const FlowRecord& record : records)
    count += record.end_reason == reason;
  return count;
}

TEST_CASE("eviction: a full table makes room, and the evicted flow leaves its record") {
  ShardFixture table({.max_flows = 10});
  for (uint32_t i = 0; i < 15; ++i)
    table.client(conversation(i, kProtocolUdp), {});
  CHECK(table.shard().live() == 10);
  const auto& records = table.finish();
  CHECK(records.size() == 15);
  CHECK(count_ended(records, EndReason::Evicted) == 5);
  CHECK(records[0].src == conversation(0).client);  // the oldest first
}

TEST_CASE("eviction: unanswered flows go before answered ones") {
  for (const uint8_t protocol : {kProtocolUdp, kProtocolTcp}) {
    ShardFixture table({.max_flows = 20});
    for (uint32_t i = 0; i < 20; ++i) {
      table.client(conversation(i, protocol), {.tcp_flags = kTcpAck});
      if (i < 10) table.server(conversation(i, protocol), {.tcp_flags = kTcpAck});
    }
    for (uint32_t i = 100; i < 200; ++i)
      table.client(conversation(i, protocol), {});
    for (const FlowRecord& record : table.finish()) {
      const bool answered = record.totals[kToClient].packets > 0;
      CHECK(to_string(record.end_reason) ==
            (answered || record.at_shutdown ? "shutdown" : "evicted"));
    }
  }
}

TEST_CASE("eviction: closed connections go before open ones, and leave as closed") {
  ShardFixture table({.max_flows = 2});
  table.open(conversation(1), kStart);
  table.close(conversation(1), kStart);
  table.open(conversation(2), kStart);
  table.open(conversation(3), kStart);
  const auto& records = table.finish();
  REQUIRE(records.size() == 3);
  CHECK(records[0].src == conversation(1).client);
  CHECK(to_string(records[0].end_reason) == "closed");
}

TEST_CASE("eviction: a victim whose time was over leaves as idle") {
  ShardFixture table({.max_flows = 1});
  table.client(conversation(1, kProtocolUdp), {});
  table.client(conversation(2, kProtocolUdp), {.ts_ns = kStart + 31 * kSecond});
  CHECK(to_string(table.finish().at(0).end_reason) == "idle");
}

TEST_CASE("eviction: when every flow has been answered the longest silent nearby goes") {
  ShardFixture table({.max_flows = 20});
  for (uint32_t i = 0; i < 20; ++i) {
    const int64_t ts_ns = kStart + (i == 7 ? 0 : kSecond);
    table.client(conversation(i, kProtocolUdp), {.ts_ns = ts_ns});
    table.server(conversation(i, kProtocolUdp), {.ts_ns = ts_ns});
  }
  table.client(conversation(100, kProtocolUdp), {.ts_ns = kStart + 2 * kSecond});
  const FlowRecord victim = table.finish().at(0);
  CHECK(victim.src == conversation(7).client);
  CHECK(to_string(victim.end_reason) == "evicted");
}

TEST_CASE("eviction: a table of one flow works") {
  ShardFixture table({.max_flows = 1});
  for (uint32_t i = 0; i < 100; ++i)
    table.open(conversation(i), kStart);
  const auto& records = table.finish();
  CHECK(records.size() == 100);
  for (const FlowRecord& record : records)
    CHECK(record.totals[kToServer].packets == 2);
}

TEST_CASE("eviction: a SYN flood leaves established connections whole") {
  ShardFixture table({.max_flows = 10'000});
  for (uint32_t i = 0; i < 100; ++i)
    table.open(conversation(i), kStart);
  for (uint32_t i = 0; i < 1'000'000; ++i) {
    table.client(conversation(1000 + i), {.ts_ns = kStart + i * 1000, .tcp_flags = kTcpSyn});
    if (i % 10'000 == 0)
      for (uint32_t k = 0; k < 100; ++k)
        table.client(conversation(k), {.ts_ns = kStart + i * 1000, .tcp_flags = kTcpAck});
  }
  const auto& records = table.finish();
  CHECK(records.size() == 1'000'100);
  size_t whole = 0;
  for (const FlowRecord& record : records)
    whole += record.totals[kToServer].packets == 102 && record.totals[kToClient].packets == 1;
  CHECK(whole == 100);
  CHECK(count_ended(records, EndReason::Evicted) == 1'000'000 - 9'900);
}

TEST_CASE("eviction: a flood of other lone TCP segments leaves established connections whole") {
  ShardFixture table({.max_flows = 1000});
  for (uint32_t i = 0; i < 100; ++i)
    table.open(conversation(i), kStart);
  for (uint32_t i = 0; i < 20'000; ++i)
    table.client(conversation(1000 + i), {.ts_ns = kStart + i * 1000, .tcp_flags = kTcpAck});
  size_t evicted = 0;
  for (const FlowRecord& record : table.finish())
    evicted += record.totals[kToClient].packets == 1 && record.end_reason == EndReason::Evicted;
  CHECK(evicted == 0);
}

}  // namespace
}  // namespace pktana::flow
