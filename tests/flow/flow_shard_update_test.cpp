// SPDX-License-Identifier: Apache-2.0
// Updates of live flows: when they come, what they carry, and that nobody's timing shows in them.
#include <algorithm>
#include <vector>

#include "flow/shard_fixture.h"

namespace pktana::flow {
namespace {

constexpr ShardOptions kEveryTenSeconds{.max_flows = 100, .update_interval_ns = 10 * kSecond};

std::vector<FlowRecord> updates_of(const std::vector<FlowRecord>& records) {
  std::vector<FlowRecord> updates;
  std::copy_if(records.begin(), records.end(), std::back_inserter(updates),
               [](const FlowRecord& record) { return record.update.index > 0; });
  return updates;
}

/// A client that says something each second, `seconds` long, and a server that answers the first.
void talk_on(ShardFixture& fixture, const Conversation& talk, int seconds) {
  for (int i = 0; i < seconds; ++i)
    fixture.client(talk, {.ts_ns = kStart + i * kSecond});
}

TEST_CASE("update: none unless they are wanted") {
  ShardFixture fixture;
  talk_on(fixture, conversation(1, kProtocolUdp), 100);
  CHECK(updates_of(fixture.finish()).empty());
  CHECK(fixture.shard().totals().updates == 0);
}

TEST_CASE("update: each interval gives one, with totals, delta and index") {
  ShardFixture fixture(kEveryTenSeconds);
  talk_on(fixture, conversation(1, kProtocolUdp), 25);
  const auto& records = fixture.finish();
  REQUIRE(records.size() == 3);
  CHECK(records[0].update.index == 1);
  CHECK(records[0].update.packets[kToServer] == 10);
  CHECK(records[0].totals[kToServer].packets == 10);
  CHECK(records[1].update.index == 2);
  CHECK(records[1].update.packets[kToServer] == 10);
  CHECK(records[1].update.bytes[kToServer] == 1000);
  CHECK(records[1].totals[kToServer].packets == 20);
  CHECK(records[2].update.index == 0);
  CHECK(records[2].totals[kToServer].packets == 25);
}

TEST_CASE("update: id, direction and beginning are those of the final record") {
  ShardFixture fixture(kEveryTenSeconds);
  const Conversation talk = conversation(1);
  fixture.server(talk, {.ts_ns = kStart, .tcp_flags = kSynAck});
  fixture.client(talk, {.ts_ns = kStart + 12 * kSecond, .tcp_flags = kTcpAck});
  const auto& records = fixture.finish();
  REQUIRE(records.size() == 2);
  CHECK(records[0].flow_id == records[1].flow_id);
  CHECK(records[0].src == records[1].src);
  CHECK(records[0].start_ns == records[1].start_ns);
  CHECK(records[0].update.packets == std::array<uint64_t, 2>{0, 1});
}

TEST_CASE("update: an interval without packets gives none, and the index counts what was given") {
  ShardFixture fixture({.max_flows = 10,
                        .timeouts = Timeouts::uniform(1000 * kSecond),
                        .update_interval_ns = 10 * kSecond});
  const Conversation talk = conversation(1, kProtocolUdp);
  fixture.client(talk, {.ts_ns = kStart});
  fixture.pass_time(kStart + 11 * kSecond);
  fixture.pass_time(kStart + 45 * kSecond);
  fixture.client(talk, {.ts_ns = kStart + 47 * kSecond});
  fixture.pass_time(kStart + 50 * kSecond);
  const auto updates = updates_of(fixture.finish());
  REQUIRE(updates.size() == 2);
  CHECK(updates[1].update.index == 2);
  CHECK(updates[1].update.packets[kToServer] == 1);
}

TEST_CASE("update: sweeping often or never gives the same") {
  const auto run = [](bool sweep) {
    ShardFixture fixture(kEveryTenSeconds);
    for (int i = 0; i < 100; ++i) {
      if (sweep) fixture.pass_time(kStart + i * kSecond);
      fixture.client(conversation(1, kProtocolUdp), {.ts_ns = kStart + i * kSecond});
      if (i % 7 == 0)
        fixture.client(conversation(2, kProtocolUdp), {.ts_ns = kStart + i * kSecond});
      if (i == 3) fixture.client(conversation(3, kProtocolUdp), {.ts_ns = kStart + i * kSecond});
    }
    std::vector<std::array<uint64_t, 3>> seen;
    for (const FlowRecord& update : updates_of(fixture.finish()))
      seen.push_back({update.flow_id, update.update.index, update.update.packets[kToServer]});
    std::sort(seen.begin(), seen.end());
    return seen;
  };
  const auto swept = run(true);
  CHECK(swept.size() == 9 + 9 + 1);
  CHECK(swept == run(false));
}

TEST_CASE("update: a flow that outlived an interval before its timer ran out has its update") {
  ShardFixture fixture(kEveryTenSeconds);
  fixture.client(conversation(1, kProtocolUdp), {.ts_ns = kStart});
  fixture.pass_time(kStart + 1000 * kSecond);
  const auto& records = fixture.records();
  REQUIRE(records.size() == 2);
  CHECK(records[0].update.index == 1);
  CHECK(records[1].end_reason == EndReason::Idle);
}

TEST_CASE("update: parts of a split flow count their own packets, the index goes on") {
  ShardFixture fixture(
      {.max_flows = 10, .active_timeout_ns = 15 * kSecond, .update_interval_ns = 10 * kSecond});
  talk_on(fixture, conversation(1, kProtocolUdp), 35);
  const auto& records = fixture.finish();
  uint64_t finals = 0;
  for (const FlowRecord& record : records)
    if (record.update.index == 0) finals += record.totals[kToServer].packets;
  CHECK(finals == 35);
  const auto updates = updates_of(records);
  REQUIRE(updates.size() == 3);
  CHECK(updates[0].continuation == 0);
  CHECK(updates[0].update.packets[kToServer] == 10);
  CHECK(updates[1].continuation == 1);
  CHECK(updates[1].update.packets[kToServer] == 5);
  CHECK(updates[2].update.index == 3);
}

TEST_CASE("update: counted apart from the records") {
  ShardFixture fixture(kEveryTenSeconds);
  talk_on(fixture, conversation(1, kProtocolUdp), 25);
  fixture.finish();
  const ShardTotals& totals = fixture.shard().totals();
  CHECK(totals.updates == 2);
  CHECK(totals.records == 1);
  CHECK(totals.record_packets == totals.packets);
}

}  // namespace
}  // namespace pktana::flow
