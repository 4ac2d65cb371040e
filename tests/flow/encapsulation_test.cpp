// SPDX-License-Identifier: Apache-2.0
// What of a packet's surroundings a flow keeps, and that no reference is lost on the way.
#include "flow/encapsulation.h"

#include "flow/encapsulation_table.h"
#include "flow/flow_shard.h"
#include "support/catch.h"
#include "support/flow_packets.h"
#include "support/record_collector.h"

namespace pktana::flow {
namespace {

using namespace pktana::support;

constexpr std::array<uint8_t, 4> kHere{198, 18, 0, 1};
constexpr std::array<uint8_t, 4> kThere{198, 18, 0, 2};

/// Conversations within a VXLAN tunnel, and a shard whose records name it.
class Tunnelled {
 public:
  explicit Tunnelled(ShardOptions options = {.max_flows = 100}) : shard_(make(options)) {}

  void send(const Conversation& talk, bool from_client, const Sent& sent, uint32_t vni = 42) {
    parse::Packet packet = decoded(talk, from_client, sent);
    packet.outer_count = 2;
    packet.outer[0] = {.type = parse::TunnelType::Mpls, .id = 16};
    packet.outer[1] = {.type = parse::TunnelType::Vxlan,
                       .ip_version = 4,
                       .id = vni,
                       .src = from_client ? kHere.data() : kThere.data(),
                       .dst = from_client ? kThere.data() : kHere.data()};
    FlowPacket made;
    make_flow_packet(packet, {.ts_ns = sent.ts_ns, .wire_len = 100}, {}, test_secret(), made);
    copy_encapsulation(packet, around_);
    made.encapsulation = &around_;
    shard_.update(made);
  }
  FlowShard& shard() { return shard_; }
  EncapsulationTable& table() { return *table_; }
  const std::vector<FlowRecord>& finish() {
    shard_.end_all();
    return collector_.records();
  }
  Encapsulation around(const FlowRecord& record) {
    Encapsulation read;
    table_->read(record.encapsulation, read);
    return read;
  }

 private:
  FlowShard make(ShardOptions options) {
    options.secret = test_secret();
    options.encapsulations = table_.get();
    auto shard = FlowShard::create(options, collector_);
    REQUIRE(shard);
    return std::move(*shard);
  }

  std::unique_ptr<EncapsulationTable> table_ =
      std::move(*EncapsulationTable::create(test_secret(), 64));
  RecordCollector collector_;
  Encapsulation around_;
  FlowShard shard_;
};

TEST_CASE(
    "encapsulation: a record names the layers around its packets, the initiator's side as source") {
  Tunnelled tunnelled;
  // The server's packet comes first: SYN and ACK say that the other end began.
  tunnelled.send(conversation(1), false, {.tcp_flags = kTcpSyn | kTcpAck});
  const auto& records = tunnelled.finish();
  REQUIRE(records.size() == 1);
  const Encapsulation around = tunnelled.around(records[0]);
  REQUIRE(around.count == 2);
  CHECK(type_name(around.layer[0]) == "mpls");
  CHECK(around.layer[0].ip_version == 0);
  CHECK(type_name(around.layer[1]) == "vxlan");
  CHECK(around.layer[1].id == 42);
  CHECK(around.layer[1].src[3] == 1);
  CHECK(around.layer[1].dst[3] == 2);
}

TEST_CASE("encapsulation: each record holds a reference, and with it goes the last one") {
  Tunnelled tunnelled;
  for (uint32_t i = 0; i < 50; ++i)
    tunnelled.send(conversation(i), true, {}, i % 5);
  const auto& records = tunnelled.finish();
  REQUIRE(records.size() == 50);
  CHECK(tunnelled.table().layers_in_use() == 6);
  tunnelled.table().release(records);
  CHECK(tunnelled.table().layers_in_use() == 0);
}

TEST_CASE("encapsulation: a flow that is split keeps its layers in every part") {
  Tunnelled tunnelled({.max_flows = 10, .active_timeout_ns = kSecond});
  for (int64_t second = 0; second < 5; ++second)
    tunnelled.send(conversation(1), true, {.ts_ns = kStart + second * kSecond});
  const auto& records = tunnelled.finish();
  REQUIRE(records.size() == 5);
  for (const FlowRecord& record : records)
    CHECK(tunnelled.around(record).count == 2);
  tunnelled.table().release(records);
  CHECK(tunnelled.table().layers_in_use() == 0);
}

TEST_CASE("encapsulation: evicted flows give their references back with their records") {
  Tunnelled tunnelled({.max_flows = 4});
  for (uint32_t i = 0; i < 40; ++i)
    tunnelled.send(conversation(i), true, {}, i);
  const auto& records = tunnelled.finish();
  REQUIRE(records.size() == 40);
  tunnelled.table().release(records);
  CHECK(tunnelled.table().layers_in_use() == 0);
  CHECK(tunnelled.table().refused() == 0);
}

TEST_CASE("encapsulation: tags beyond those of the record become layers") {
  const Conversation talk = conversation(1);
  parse::Packet packet = decoded(talk, true, {});
  packet.vlan_count = 5;
  packet.vlan_id = {1, 2, 3, 4, 5};
  REQUIRE(is_encapsulated(packet));
  Encapsulation around;
  copy_encapsulation(packet, around);
  REQUIRE(around.count == 2);
  CHECK(type_name(around.layer[0]) == "vlan");
  CHECK(around.layer[0].id == 4);
  CHECK(around.layer[1].id == 5);
}

TEST_CASE("encapsulation: three tags and no tunnel are none") {
  const Conversation talk = conversation(1);
  parse::Packet packet = decoded(talk, true, {});
  packet.vlan_count = 3;
  CHECK_FALSE(is_encapsulated(packet));
}

}  // namespace
}  // namespace pktana::flow
