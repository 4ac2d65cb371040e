// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_packet.h"

#include "support/catch.h"
#include "support/flow_packets.h"

namespace pktana::flow {
namespace {

using support::Conversation;
using support::conversation;
using support::conversation6;
using support::decoded;

FlowPacket made_of(const parse::Packet& packet) {
  FlowPacket out;
  make_flow_packet(packet, {.ts_ns = 5, .wire_len = 60, .source_id = 3}, {}, support::test_secret(),
                   out);
  return out;
}

bool is_to_group(Conversation talk, std::array<uint8_t, 16> to) {
  talk.server = to;
  return made_of(decoded(talk, true, {})).to_group;
}

TEST_CASE("flow packet: takes over what the packet and its source say") {
  const Conversation talk = conversation(1);
  const parse::Packet packet = decoded(
      talk, true,
      {.payload_len = 20, .tcp_flags = 0x18, .seq = 1000, .ack = 2000, .payload_cut = true});
  const FlowPacket out = made_of(packet);
  CHECK(out.ts_ns == 5);
  CHECK(out.wire_len == 60);
  CHECK(out.source_id == 3);
  CHECK(out.payload_len == 20);
  CHECK(out.tcp_flags == 0x18);
  CHECK(out.tcp_seq == 1000);
  CHECK(out.tcp_ack == 2000);
  CHECK(out.payload_cut);
  CHECK(out.src_port == 40000);
  CHECK(out.dst_port == 443);
  CHECK(out.key == make_key(packet, {}).key);
  CHECK(out.hash == hash_key(support::test_secret(), out.key));
}

TEST_CASE("flow packet: multicast and broadcast destinations are group addresses") {
  CHECK(is_to_group(conversation(1), {224, 0, 0, 1}));
  CHECK(is_to_group(conversation(1), {239, 255, 255, 250}));
  CHECK(is_to_group(conversation(1), {255, 255, 255, 255}));
  CHECK(is_to_group(conversation6(1), {0xFF, 0x02}));
  CHECK_FALSE(is_to_group(conversation(1), {223, 255, 255, 255}));
  CHECK_FALSE(is_to_group(conversation(1), {240, 0, 0, 1}));
  CHECK_FALSE(is_to_group(conversation(1), {192, 168, 1, 255}));
  CHECK_FALSE(is_to_group(conversation6(1), {0xFE, 0x80}));
}

TEST_CASE("flow packet: at most three VLAN ids are kept, outermost first") {
  Conversation talk = conversation(1);
  talk.vlan_count = 5;
  talk.vlan_id = {1, 2, 3, 4, 5};
  const FlowPacket out = made_of(decoded(talk, true, {}));
  CHECK(out.vlan_count == 3);
  CHECK(out.vlan_id == std::array<uint16_t, 3>{1, 2, 3});
}

TEST_CASE("flow packet: one that is filled again keeps nothing of the packet before") {
  Conversation tagged = conversation(1);
  tagged.vlan_count = 3;
  tagged.vlan_id = {1, 2, 3};
  FlowPacket again;
  make_flow_packet(decoded(tagged, true, {.tcp_flags = 0xFF, .payload_cut = true}),
                   {.ts_ns = 1, .wire_len = 1}, {}, support::test_secret(), again);
  const Conversation plain = conversation6(2, kProtocolUdp);
  make_flow_packet(decoded(plain, false, {}), {.ts_ns = 5, .wire_len = 60, .source_id = 3}, {},
                   support::test_secret(), again);
  const FlowPacket fresh = made_of(decoded(plain, false, {}));
  CHECK(again.key == fresh.key);
  CHECK(again.vlan_count == 0);
  CHECK(again.vlan_id == fresh.vlan_id);
  CHECK(again.tcp_flags == 0);
  CHECK_FALSE(again.payload_cut);
}

}  // namespace
}  // namespace pktana::flow
