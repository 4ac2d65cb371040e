// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_shard.h"
#include "shard_fixture.h"

namespace pktana::flow {
namespace {

TEST_CASE("packet clock: packets out of order never make a duration negative") {
  ShardFixture table({.max_flows = 100, .active_timeout_ns = 2 * kSecond});
  const Conversation talk = conversation(1, kProtocolUdp);
  for (const int64_t ms : {5000, 4000, 4999, 6000, 3000, 7500, 7000, 9000, 8999})
    table.client(talk, {.ts_ns = kStart + ms * base::kNsPerMs});
  for (const FlowRecord& record : table.finish())
    CHECK(record.end_ns >= record.start_ns);
}

TEST_CASE("packet clock: an older packet does not bring a flow's last time back") {
  ShardFixture table;
  const Conversation talk = conversation(1, kProtocolUdp);
  table.client(talk, {.ts_ns = kStart + 10 * kSecond});
  table.client(talk, {.ts_ns = kStart});
  const FlowRecord record = table.finish().at(0);
  CHECK(record.start_ns == kStart + 10 * kSecond);
  CHECK(record.end_ns == kStart + 10 * kSecond);
}

TEST_CASE("packet clock: the wall clock ends flows on a silent link") {
  ShardFixture table;
  table.client(conversation(1, kProtocolUdp), {});
  table.pass_time(kStart + 100 * kSecond);
  CHECK(table.records().size() == 1);
}

TEST_CASE("packet clock: a sweep before any packet does nothing") {
  ShardFixture table;
  table.shard().sweep(~0U);
  table.shard().advance(kStart);
  table.shard().sweep(~0U);
  CHECK(table.records().empty());
}

TEST_CASE("packet clock: the table is swept once a second, however often the sweep is called") {
  ShardFixture table;
  for (uint32_t i = 0; i < 1000; ++i)
    table.client(conversation(i, kProtocolUdp), {});
  table.shard().sweep(~0U);
  table.shard().advance(kStart + 60 * kSecond);
  table.shard().sweep(100);  // at most 100 slots, rounded up to what share a time
  CHECK(table.shard().live() == 872);
  table.shard().advance(kStart + 60 * kSecond + kSecond / 10);
  table.shard().sweep(~0U);  // a tenth of a second: a tenth of the table
  CHECK(table.shard().live() == 744);
  CHECK(table.shard().totals().swept_slots == 256);
  CHECK(table.shard().totals().swept_flows == 256);
  for (int ms = 0; ms < 1000; ++ms) {
    table.shard().advance(kStart + 61 * kSecond + ms * base::kNsPerMs);
    table.shard().sweep(~0U);
  }
  CHECK(table.shard().live() == 0);
}

TEST_CASE("packet clock: a sweep looks at flows when one beside them may be over, and not before") {
  ShardFixture table;
  for (uint32_t i = 0; i < 64; ++i)
    table.client(conversation(i, kProtocolUdp), {});
  table.pass_time(kStart + kSecond);  // nothing is known of new slots
  const uint64_t looked = table.shard().totals().swept_slots;
  for (int second = 2; second < 10; ++second)
    table.pass_time(kStart + second * kSecond);
  CHECK(table.shard().totals().swept_slots == looked);
  // One of them goes on, and a new flow with an old time takes a slot between.
  table.client(conversation(3, kProtocolUdp), {.ts_ns = kStart + 25 * kSecond});
  table.client(conversation(99, kProtocolUdp), {.ts_ns = kStart - 10 * kSecond});
  table.pass_time(kStart + 28 * kSecond);
  CHECK(table.records().size() == 1);
  table.pass_time(kStart + 33 * kSecond);
  CHECK(table.records().size() == 64);
  CHECK(table.shard().live() == 1);
}

TEST_CASE("packet clock: when time steps back flows are not cut into packets") {
  ShardFixture table;
  table.client(conversation(1, kProtocolUdp), {.ts_ns = kStart + 7200 * kSecond});
  // An older file follows, or the clock of the machine was put right: two hours back.
  for (int i = 0; i < 1000; ++i) {
    table.client(conversation(2, kProtocolUdp), {.ts_ns = kStart + i * kSecond / 10});
    table.shard().sweep(~0U);
  }
  const auto& records = table.finish();
  CHECK(records.size() == 2);
  CHECK(table.shard().totals().clock_steps_back == 1);
}

TEST_CASE("packet clock: after a step back idle flows end by the new time") {
  ShardFixture table;
  table.client(conversation(1, kProtocolUdp), {.ts_ns = kStart + 7200 * kSecond});
  table.shard().sweep(~0U);
  table.client(conversation(2, kProtocolUdp), {.ts_ns = kStart});
  table.client(conversation(3, kProtocolUdp), {.ts_ns = kStart + 20 * kSecond});
  table.pass_time(kStart + 40 * kSecond);
  REQUIRE(table.records().size() == 1);
  CHECK(table.records()[0].src == conversation(2).client);
}

TEST_CASE("packet clock: a flow that was over when time stepped back ends, swept or not") {
  for (const bool swept : {false, true}) {
    CAPTURE(swept);
    ShardFixture table;
    const Conversation talk = conversation(1, kProtocolUdp);
    table.client(talk, {.ts_ns = kStart + 7200 * kSecond});
    table.shard().sweep(~0U);
    for (int i = 0; i < 2; ++i)  // one alone would not be believed
      table.client(conversation(2, kProtocolUdp), {.ts_ns = kStart + 7300 * kSecond});
    if (swept) table.shard().sweep(~0U);
    CHECK(table.shard().live() == (swept ? 1 : 2));
    table.client(talk, {.ts_ns = kStart});
    CHECK(table.finish().size() == 3);
  }
}

TEST_CASE("packet clock: one packet from the future ends no other flow, nor its own too early") {
  ShardFixture table;
  const Conversation talk = conversation(1, kProtocolUdp);
  table.client(talk, {.ts_ns = kStart});
  table.client(conversation(2, kProtocolUdp), {.ts_ns = kStart + 86400 * kSecond});
  table.shard().sweep(~0U);
  table.client(talk, {.ts_ns = kStart + 5 * kSecond});
  table.shard().sweep(~0U);
  CHECK(table.shard().live() == 2);
  CHECK(table.shard().totals().clock_steps_back == 0);
}

TEST_CASE("packet clock: after a long silence the first packet begins a flow of its own") {
  ShardFixture table;
  const Conversation talk = conversation(1, kProtocolUdp);
  table.client(talk, {.ts_ns = kStart});
  table.client(talk, {.ts_ns = kStart + 3600 * kSecond});
  const auto& records = table.finish();
  REQUIRE(records.size() == 2);
  CHECK(records[0].end_reason == EndReason::Idle);
  CHECK(records[1].end_reason == EndReason::Shutdown);
}

TEST_CASE("packet clock: one packet with a time long gone leaves the other flows alone") {
  ShardFixture table;
  const Conversation talk = conversation(1, kProtocolUdp);
  table.client(talk, {});
  table.client(conversation(2, kProtocolUdp), {.ts_ns = 0});
  table.client(talk, {.ts_ns = kStart + kSecond});
  for (const FlowRecord& record : table.finish())
    if (record.src == talk.client) CHECK(record.totals[kToServer].packets == 2);
}

TEST_CASE("packet clock: a late packet within a minute is no step back") {
  ShardFixture table;
  table.client(conversation(1, kProtocolUdp), {.ts_ns = kStart + 60 * kSecond});
  table.client(conversation(2, kProtocolUdp), {.ts_ns = kStart});
  CHECK(table.shard().totals().clock_steps_back == 0);
}

}  // namespace
}  // namespace pktana::flow
