// SPDX-License-Identifier: Apache-2.0
#include "flow/record_builder.h"

#include "flow/icmp_pairs.h"
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
  FlowEntry entry{};
  ColdEntry cold{};
  Ipv6Addresses ipv6{};

  explicit Entries(const Conversation& talk) {
    const DirectedKey made = make_key(support::decoded(talk, true, {}), {});
    entry.hot.address = talk.ip_version == 4 ? made.key.address[0] : kHash;
    entry.hot.ports = made.key.ports;
    entry.hot.domain = made.key.domain;
    entry.hot.initiator_is_high = made.from_high;
    entry.hot.timeout_class = timeout_class(talk.protocol, FlowState::New);
    if (talk.ip_version == 6) ipv6.word = made.key.address;
  }

  [[nodiscard]] FlowView view() const { return {entry, cold, ipv6}; }
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
  entries.entry.hot.packets = {5, 0xFFFFFFFF};
  entries.cold.packets_high = {1, 0xFFFF};
  const FlowRecord record = entries.record();
  CHECK(record.totals[kToServer].packets == (uint64_t{1} << 32) + 5);
  CHECK(record.totals[kToClient].packets == 0x0000FFFF'FFFFFFFF);
}

TEST_CASE("record: takes counters, times and states as they stand") {
  Entries entries(conversation(1));
  entries.entry.hot.bytes = {10, 20};
  entries.entry.transport.payload_bytes = {1, 2};
  entries.entry.hot.tcp_flags = {0x1B, 0x12};
  entries.entry.hot.tcp_state = TcpState::CloseWait;
  entries.entry.hot.timeout_class = timeout_class(kProtocolTcp, FlowState::Established);
  entries.entry.hot.last_ns = 900;
  entries.cold.first_ns = 100;
  entries.cold.truncated_packets = 4;
  entries.cold.continuation = 2;
  entries.cold.source_id = 9;
  entries.cold.initiator_basis = InitiatorBasis::SynAck;
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
    entries.entry.hot.initiator_is_high = !entries.entry.hot.initiator_is_high;
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
  entries.cold.icmp_type = 8;
  entries.cold.response_icmp_type = 0;
  entries.entry.hot.packets = {1, 1};
  entries.entry.hot.reply_seen = true;
  const FlowRecord record = entries.record();
  CHECK(record.src_port == 0);
  CHECK(record.dst_port == 0);
  CHECK(record.icmp_type == 8);
  CHECK(record.has_icmp_response);
}

TEST_CASE("record: a flow id depends on key, beginning and instance, not on the end") {
  Entries entries(conversation(1));
  entries.cold.id_ns = 1000;
  const uint64_t id = entries.record().flow_id;
  entries.entry.hot.last_ns = 5000;
  entries.cold.first_ns = 4000;
  entries.cold.continuation = 3;
  CHECK(entries.record(EndReason::Shutdown).flow_id == id);
  entries.cold.instance = 1;
  CHECK(entries.record().flow_id != id);
  entries.cold.instance = 0;
  entries.cold.id_ns = 1001;
  CHECK(entries.record().flow_id != id);
  entries.cold.id_ns = 1000;
  CHECK(build_record(entries.view(), kHash + 1, EndReason::Idle).flow_id != id);
}

TEST_CASE("record: a flow id is a whole number that JSON holds exactly, and never 0") {
  Entries entries(conversation(1));
  for (int64_t ns = -500; ns < 500; ++ns) {
    entries.cold.id_ns = ns;
    for (const uint64_t hash : {uint64_t{0}, kHash, ~uint64_t{0}}) {
      const uint64_t id = build_record(entries.view(), hash, EndReason::Idle).flow_id;
      CHECK(id > 0);
      CHECK(id < uint64_t{1} << 53);
    }
  }
}

}  // namespace
}  // namespace pktana::flow
