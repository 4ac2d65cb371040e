// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_key.h"
#include "support/catch.h"
#include "support/flow_packets.h"

namespace pktana::flow {
namespace {

using support::Conversation;
using support::conversation;

constexpr std::array<uint8_t, 4> kHere{198, 18, 0, 1};
constexpr std::array<uint8_t, 4> kThere{198, 18, 0, 2};

/// Key of a packet of one inner conversation, within a tunnel between two hosts.
FlowKey key_within(parse::TunnelType type, uint32_t id, bool from_client = true) {
  const Conversation talk = conversation(7);  // the packet borrows its addresses
  parse::Packet packet = support::decoded(talk, from_client, {});
  const uint8_t* src = from_client ? kHere.data() : kThere.data();
  const uint8_t* dst = from_client ? kThere.data() : kHere.data();
  packet.outer_count = 1;
  packet.outer[0] = {.type = type, .ip_version = 4, .id = id, .src = src, .dst = dst};
  return make_key(packet, {}).key;
}

TEST_CASE("flow key: both directions within a tunnel have one key") {
  for (const auto type :
       {parse::TunnelType::Vxlan, parse::TunnelType::Gre, parse::TunnelType::IpIp})
    CHECK(key_within(type, 5) == key_within(type, 5, false));
}

TEST_CASE("flow key: the same addresses in two tunnels are two flows") {
  const FlowKey bare = make_key(support::decoded(conversation(7), true, {}), {}).key;
  CHECK(key_within(parse::TunnelType::Vxlan, 5) != key_within(parse::TunnelType::Vxlan, 6));
  CHECK(key_within(parse::TunnelType::Vxlan, 5) != key_within(parse::TunnelType::Geneve, 5));
  CHECK(key_within(parse::TunnelType::Vxlan, 5) != bare);
}

TEST_CASE("flow key: tunnels can be left out of it, VLAN ids stay") {
  Conversation talk = conversation(7);
  talk.vlan_count = 3;
  talk.vlan_id = {1, 2, 3};
  parse::Packet packet = support::decoded(talk, true, {});
  const FlowKey bare = make_key(packet, {}).key;
  packet.outer_count = 1;
  packet.outer[0] = {.type = parse::TunnelType::Gre,
                     .ip_version = 4,
                     .id = 1,
                     .src = kHere.data(),
                     .dst = kThere.data()};
  CHECK(make_key(packet, {}).key != bare);
  CHECK(make_key(packet, {.tunnel = false}).key == bare);
}

TEST_CASE("flow key: a label that one direction has and the other has not does not part them") {
  for (const auto type :
       {parse::TunnelType::Mpls, parse::TunnelType::VnTag, parse::TunnelType::ETag}) {
    const Conversation talk = conversation(7);
    parse::Packet labelled = support::decoded(talk, true, {});
    labelled.outer_count = 1;
    labelled.outer[0] = {.type = type, .ip_version = 0, .id = 29, .src = nullptr, .dst = nullptr};
    CHECK(make_key(labelled, {}).key == make_key(support::decoded(talk, false, {}), {}).key);
  }
}

TEST_CASE("flow key: an id that each end chooses for itself does not part the directions") {
  for (const auto type :
       {parse::TunnelType::Gtpu, parse::TunnelType::L2tp, parse::TunnelType::Pptp})
    CHECK(key_within(type, 5) == key_within(type, 6, false));
}

}  // namespace
}  // namespace pktana::flow
