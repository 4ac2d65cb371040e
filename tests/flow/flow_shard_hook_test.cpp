// SPDX-License-Identifier: Apache-2.0
// The payload hook of the flow table: what it is shown, what it may hand over, and that records
// carry what it says.
#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "flow/event_pool.h"
#include "flow/payload_hook.h"
#include "flow/shard_fixture.h"

namespace pktana::flow {
namespace {

/// Wants `wanted` packets of each flow, tells of each of them, and names the flow after what it
/// saw.
class CountingHook final : public PayloadHook {
 public:
  explicit CountingHook(unsigned wanted) : wanted_(wanted) {}

  bool on_packet(Slot slot, const FlowPacket& packet, Direction direction,
                 HookedFlow& flow) noexcept override {
    ++calls;
    ++seen_[slot];
    payload_bytes += packet.payload.size();
    last_direction = direction;
    first_seq = flow.first_sequence(kToServer);
    packets_then = flow.record().totals[kToServer].packets;
    auto event = std::make_unique<AppEvent>();
    event->name = "seen";
    flow.emit(event.release(), packet.ts_ns);
    return seen_[slot] < wanted_;
  }
  void describe(Slot slot, FlowRecord& record) noexcept override {
    record.app_proto = seen_.count(slot) == 0 ? "unseen" : "counted";
    auto summary = std::make_unique<AppSummary>();
    summary->name = std::to_string(seen_[slot]);
    record.app = summary.release();
  }
  void on_end(Slot, int64_t now_ns, HookedFlow& flow) noexcept override {
    auto event = std::make_unique<AppEvent>();
    event->name = "over";
    flow.emit(event.release(), now_ns);
  }
  void release(Slot slot) noexcept override { released += seen_.erase(slot); }

  unsigned calls = 0;
  size_t released = 0;
  size_t payload_bytes = 0;
  uint64_t packets_then = 0;
  std::optional<uint32_t> first_seq;
  Direction last_direction = kToServer;

 private:
  const unsigned wanted_;
  std::map<Slot, unsigned> seen_;
};

/// Gives back what the collected records hold.
class Hooked {
 public:
  explicit Hooked(unsigned wanted, ShardOptions options = {.max_flows = 100})
      : hook(wanted), fixture(with_hook(options)) {}
  ~Hooked() { drop_belongings(fixture.records()); }

  CountingHook hook;
  ShardFixture fixture;

 private:
  ShardOptions with_hook(ShardOptions options) {
    options.hook = &hook;
    return options;
  }
};

std::vector<std::string> kinds_of(const std::vector<FlowRecord>& records) {
  std::vector<std::string> kinds;
  for (const FlowRecord& record : records) {
    if (record.event != nullptr)
      kinds.emplace_back(record.event->name);
    else
      kinds.emplace_back(record.update.index > 0 ? "update" : "flow");
  }
  return kinds;
}

TEST_CASE("hook: sees the packets of a flow until it has enough") {
  Hooked run(3);
  for (int i = 0; i < 10; ++i)
    run.fixture.client(conversation(1), {.ts_ns = kStart + i, .tcp_flags = kTcpAck});
  CHECK(run.hook.calls == 3);
  CHECK(run.hook.packets_then == 3);
  run.fixture.finish();
  CHECK(run.fixture.shard().totals().packets == 10);
  CHECK(run.hook.released == 1);
}

TEST_CASE("hook: is told which side sent, with the payload as captured") {
  Hooked run(3);
  const std::vector<uint8_t> bytes(37);
  run.fixture.client(conversation(1, kProtocolUdp), {.payload_len = 37});
  CHECK(run.hook.last_direction == kToServer);
  FlowPacket answer = support::from_server(conversation(1, kProtocolUdp), {.payload_len = 37});
  answer.payload = bytes;
  run.fixture.shard().update(answer);
  CHECK(run.hook.last_direction == kToClient);
  CHECK(run.hook.payload_bytes == 37);
}

TEST_CASE("hook: knows where a stream begins from its SYN, else not") {
  Hooked run(3);
  run.fixture.open(conversation(1), kStart, 1000);
  CHECK(run.hook.first_seq == 1001U);
  run.fixture.client(conversation(2), {.ts_ns = kStart, .tcp_flags = kTcpAck, .seq = 77});
  CHECK_FALSE(run.hook.first_seq);
}

TEST_CASE("hook: only TCP and UDP are shown") {
  Hooked run(3);
  run.fixture.client(conversation(1, kProtocolIcmp), {});
  run.fixture.client(conversation(1, kProtocolSctp), {});
  const auto& records = run.fixture.finish();
  CHECK(run.hook.calls == 0);
  REQUIRE(kinds_of(records) == std::vector<std::string>{"flow", "flow"});
  CHECK(records[0].app_proto == nullptr);
}

TEST_CASE("hook: a fragment that stands alone shows no payload") {
  Hooked run(3);
  const std::vector<uint8_t> bytes(20);
  FlowPacket part = support::from_client(conversation(1, kProtocolUdp), {.payload_len = 20});
  part.payload = bytes;
  part.fragment = true;
  run.fixture.shard().update(part);
  CHECK(run.hook.calls == 1);
  CHECK(run.hook.payload_bytes == 0);
}

TEST_CASE("hook: events come before the final record, which comes last") {
  Hooked run(2);
  const Conversation talk = conversation(1, kProtocolUdp);
  run.fixture.client(talk, {.ts_ns = kStart});
  run.fixture.client(talk, {.ts_ns = kStart + kSecond});
  run.fixture.client(talk, {.ts_ns = kStart + 2 * kSecond});
  const auto& records = run.fixture.finish();
  REQUIRE(kinds_of(records) == std::vector<std::string>{"seen", "seen", "over", "flow"});
  CHECK(records[0].end_ns == kStart);
  CHECK(records[1].end_ns == kStart + kSecond);
  CHECK(records[2].end_ns == kStart + 2 * kSecond);
  CHECK(records[0].event_number < records[1].event_number);
  CHECK(records[0].flow_id == records[3].flow_id);
  CHECK_FALSE(records[2].is_final());
  CHECK(records[3].is_final());
}

TEST_CASE("hook: events are counted apart from records") {
  Hooked run(2);
  run.fixture.client(conversation(1, kProtocolUdp), {});
  run.fixture.finish();
  const ShardTotals& totals = run.fixture.shard().totals();
  CHECK(totals.events == 2);
  CHECK(totals.records == 1);
  CHECK(totals.record_packets == totals.packets);
}

TEST_CASE("hook: final records, parts, updates and events say what it knows") {
  Hooked run(
      100, {.max_flows = 10, .active_timeout_ns = 5 * kSecond, .update_interval_ns = 3 * kSecond});
  for (int i = 0; i < 8; ++i)
    run.fixture.client(conversation(1, kProtocolUdp), {.ts_ns = kStart + i * kSecond});
  const auto& records = run.fixture.finish();
  const auto kinds = kinds_of(records);
  CHECK(std::count(kinds.begin(), kinds.end(), "update") == 2);
  CHECK(std::count(kinds.begin(), kinds.end(), "flow") == 2);
  for (const FlowRecord& record : records) {
    CHECK(record.app_proto == std::string("counted"));
    REQUIRE(record.app != nullptr);
  }
  CHECK(records.back().app->name == "8");
  CHECK(run.hook.released == 1);
}

TEST_CASE("hook: the next flow on the same addresses is a new one to it") {
  Hooked run(1);
  run.fixture.open(conversation(1), kStart);
  run.fixture.close(conversation(1), kStart + kSecond);
  run.fixture.open(conversation(1), kStart + 2 * kSecond, 900000);
  run.fixture.finish();
  CHECK(run.hook.calls == 2);
  CHECK(run.hook.released == 2);
}

TEST_CASE("hook: what nobody takes is given back") {
  // Under a leak checker this is the test: the records wait in the shard and are never handed over.
  CountingHook hook(2);
  ShardFixture fixture({.max_flows = 10, .hook = &hook});
  fixture.client(conversation(1, kProtocolUdp), {});
  CHECK(hook.calls == 1);
  CHECK(fixture.collector().records().empty());
}

}  // namespace
TEST_CASE("events: one that was given back is used again, as new") {
  AppEvent* const first = EventPool::take();
  first->name = "dns";
  first->cut = first->to_client = true;
  first->tape = {1, 2, 3};
  first->beside = {4};
  first->learned.emplace();
  FlowRecord record;
  record.event = first;
  take_belongings(record);
  drop_belongings({&record, 1});
  CHECK_FALSE(first->is_shared());
  CHECK(first->tape.size() == 3);  // one reference is left
  drop_belongings({&record, 1});
  // Others may have been given back before.
  std::vector<FlowRecord> taken;
  do {
    taken.emplace_back().event = EventPool::take();
  } while (taken.back().event != first && taken.size() <= EventPool::kMaxEvents);
  REQUIRE(taken.back().event == first);
  CHECK(first->name == nullptr);
  CHECK_FALSE((first->cut || first->to_client || first->is_shared()));
  CHECK((first->tape.empty() && first->beside.empty() && !first->learned));
  drop_belongings(taken);
}

TEST_CASE("events: threads that take and threads that give back never share one") {
  std::atomic<int> mixed{0};
  const auto work = [&mixed](uint8_t mark) {
    std::array<FlowRecord, 8> records;
    for (int i = 0; i < 2000; ++i) {
      for (FlowRecord& record : records) {
        AppEvent* const event = EventPool::take();
        event->tape.assign(8, mark);
        record.event = event;
      }
      for (const FlowRecord& record : records)
        for (const uint8_t byte : record.event->tape)
          mixed += byte != mark;
      drop_belongings(records);
    }
  };
  std::thread one(work, uint8_t{1});
  std::thread two(work, uint8_t{2});
  one.join();
  two.join();
  CHECK(mixed == 0);
}

}  // namespace pktana::flow
