// SPDX-License-Identifier: Apache-2.0
#include "flow/record_builder.h"

#include "flow/icmp_pairs.h"
#include "flow/one_flow.h"
#include "flow/timeouts.h"
#include "support/catch.h"
#include "support/flow_packets.h"

namespace pktana::flow {
namespace {

using support::Conversation;
using support::conversation;
using support::conversation6;

constexpr uint64_t kHash = 0x0123456789ABCDEF;

/// The entries of a flow as the shard would fill them.
struct Entries {
  OneFlow memory;
  FlowRef flow = memory.ref();

  explicit Entries(const Conversation& talk) {
    const DirectedKey made = make_key(support::decoded(talk, true, {}), {});
    flow.hot.address = talk.ip_version == 4 ? made.key.address[0] : kHash;
    flow.hot.ports = made.key.ports;
    flow.hot.domain = made.key.domain;
    flow.hot.initiator_is_high = made.from_high;
    flow.hot.timeout_class = timeout_class(talk.protocol, FlowState::New);
    if (talk.ip_version == 6) flow.ipv6.word = made.key.address;
  }

  [[nodiscard]] FlowView view() const { return flow; }
  [[nodiscard]] FlowRecord record(EndReason reason = EndReason::Idle) const {
    return build_record(view(), kHash, reason);
  }
};

TEST_CASE("record: the key that is built back is the key the flow was found by") {
  for (const Conversation& talk :
       {conversation(3), conversation6(3), conversation(3, kProtocolIcmp),
        conversation6(3, kProtocolIcmpv6)})
    CHECK(key_of(Entries(talk).view()) == make_key(support::decoded(talk, true, {}), {}).key);
}

TEST_CASE("record: packets beyond 2^32 are whole") {
  Entries entries(conversation(1));
  entries.flow.hot.packets = {5, 0xFFFF};
  entries.flow.long_block().packets_high = {0x10000, 0xFFFFFFFF};
  const FlowRecord record = entries.record();
  CHECK(record.totals[kToServer].packets == (uint64_t{1} << 32) + 5);
  CHECK(record.totals[kToClient].packets == 0x0000FFFF'FFFFFFFF);
}

TEST_CASE("record: takes counters, times and states as they stand") {
  Entries entries(conversation(1));
  entries.flow.count(kToServer, 1, 1, {.header = 4, .link = 5});
  entries.flow.count(kToClient, 1, 2, {.header = 8, .link = 10});
  entries.flow.hot.tcp_flags = {0x1B, 0x12};
  entries.flow.hot.tcp_state = TcpState::CloseWait;
  entries.flow.hot.timeout_class = timeout_class(kProtocolTcp, FlowState::Established);
  entries.flow.hot.last_ns = 900;
  entries.flow.tail.first_ns = 100;
  entries.flow.long_block().truncated_packets = 4;
  entries.flow.odd().continuation = 2;
  entries.flow.hot.source_id = 9;
  entries.flow.hot.basis = static_cast<uint8_t>(InitiatorBasis::SynAck) & 7;
  const FlowRecord record = entries.record(EndReason::Evicted);
  CHECK(record.totals[kToServer].bytes == 10);
  CHECK(record.totals[kToClient].bytes == 20);
  CHECK(record.totals[kToServer].payload_bytes == 1);
  CHECK(record.totals[kToClient].payload_bytes == 2);
  CHECK(record.tcp_flags == std::array<uint8_t, 2>{0x1B, 0x12});
  CHECK((record.tcp_state == TcpState::CloseWait));
  CHECK((record.state == FlowState::Established));
  CHECK(record.start_ns == 100);
  CHECK(record.end_ns == 900);
  CHECK(record.truncated_packets == 4);
  CHECK(record.continuation == 2);
  CHECK(record.source_id == 9);
  CHECK((record.initiator_basis == InitiatorBasis::SynAck));
  CHECK((record.end_reason == EndReason::Evicted));
  CHECK(record.key_hash == kHash);
  CHECK_FALSE(record.at_shutdown);
}

TEST_CASE("record: the initiator is the source, whichever end of the key it is") {
  for (const Conversation& talk : {conversation(1), conversation6(1)}) {
    Entries entries(talk);
    CHECK(entries.record().src == talk.client);
    CHECK(entries.record().src_port == talk.client_port);
    entries.flow.hot.initiator_is_high = !entries.flow.hot.initiator_is_high;
    CHECK(entries.record().src == talk.server);
    CHECK(entries.record().dst == talk.client);
    CHECK(entries.record().src_port == talk.server_port);
    CHECK(entries.record().dst_port == talk.client_port);
  }
}

TEST_CASE("record: ICMP has types and no ports") {
  Conversation talk = conversation(1, kProtocolIcmp);
  talk.icmp_id = 77;
  Entries entries(talk);
  entries.flow.tail.opening = {8 << 8, 0};
  entries.flow.hot.packets = {1, 1};
  entries.flow.hot.reply_seen = true;
  const FlowRecord record = entries.record();
  CHECK(record.src_port == 0);
  CHECK(record.dst_port == 0);
  CHECK(record.icmp_type == 8);
  CHECK(record.has_icmp_response);
}

TEST_CASE("record: a flow id depends on key, beginning and instance, not on the end") {
  Entries entries(conversation(1));
  entries.flow.tail.first_ns = 1000;
  const uint64_t id = entries.record().flow_id;
  entries.flow.hot.last_ns = 5000;
  entries.flow.set_first_ns(4000);
  entries.flow.odd().continuation = 3;
  CHECK(entries.record(EndReason::Shutdown).flow_id == id);
  entries.flow.odd().instance = 1;
  CHECK(entries.record().flow_id != id);
  entries.flow.odd().instance = 0;
  entries.flow.odd().id_ns = 1001;
  CHECK(entries.record().flow_id != id);
  entries.flow.odd().id_ns = 1000;
  CHECK(build_record(entries.view(), kHash + 1, EndReason::Idle).flow_id != id);
}

TEST_CASE("record: a flow id is a whole number that JSON holds exactly, and never 0") {
  Entries entries(conversation(1));
  for (int64_t ns = -500; ns < 500; ++ns) {
    entries.flow.tail.first_ns = ns;
    for (const uint64_t hash : {uint64_t{0}, kHash, ~uint64_t{0}}) {
      const uint64_t id = build_record(entries.view(), hash, EndReason::Idle).flow_id;
      CHECK(id > 0);
      CHECK(id < uint64_t{1} << 53);
    }
  }
}

}  // namespace
}  // namespace pktana::flow
