// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_key.h"

#include "support/catch.h"
#include "support/flow_packets.h"

namespace pktana::flow {
namespace {

using support::Conversation;
using support::conversation;
using support::conversation6;

DirectedKey key_of(const Conversation& talk, bool from_client, KeyOptions options = {}) {
  return make_key(support::decoded(talk, from_client, {}), options);
}

/// Both directions give the same key, one from its high end, the other from its low end.
void check_joins(const Conversation& talk) {
  const DirectedKey there = key_of(talk, true);
  const DirectedKey back = key_of(talk, false);
  CHECK(there.key == back.key);
  CHECK(there.from_high != back.from_high);
  CHECK(hash_key(support::test_secret(), there.key) == hash_key(support::test_secret(), back.key));
}

Conversation swapped(Conversation talk) {
  std::swap(talk.client, talk.server);
  std::swap(talk.client_port, talk.server_port);
  return talk;
}

TEST_CASE("flow key: both directions have one key and opposite ends") {
  for (const uint8_t protocol : {kProtocolTcp, kProtocolUdp, kProtocolSctp, uint8_t{47}}) {
    check_joins(conversation(7, protocol));
    check_joins(conversation6(7, protocol));
    check_joins(swapped(conversation(7, protocol)));
    check_joins(swapped(conversation6(7, protocol)));
  }
}

TEST_CASE("flow key: the smaller address is the low end, whoever sent the packet") {
  const Conversation talk = conversation(1);  // client 10.0.0.1 < server 192.0.2.1
  const DirectedKey made = key_of(talk, true);
  CHECK_FALSE(made.from_high);
  CHECK(made.key.low_port() == talk.client_port);
  CHECK(made.key.high_port() == talk.server_port);
  CHECK(made.key.protocol() == kProtocolTcp);
  CHECK(made.key.ip_version() == 4);
  CHECK(key_of(swapped(talk), true).from_high);
}

TEST_CASE("flow key: addresses lie in it as on the wire, low end first") {
  const FlowKey four = key_of(conversation(1), false).key;
  const std::array<uint8_t, 8> expected{10, 0, 0, 1, 192, 0, 2, 1};
  CHECK(std::memcmp(four.address.data(), expected.data(), expected.size()) == 0);
  const Conversation talk = conversation6(1);
  const FlowKey six = key_of(talk, false).key;
  CHECK(std::memcmp(&six.address[0], talk.client.data(), 16) == 0);
  CHECK(std::memcmp(&six.address[2], talk.server.data(), 16) == 0);
}

TEST_CASE("flow key: addresses are compared as numbers, first byte highest") {
  Conversation talk = conversation(0);
  base::store_be<uint32_t>(talk.client.data(), 0x01000002);
  base::store_be<uint32_t>(talk.server.data(), 0x02000001);
  CHECK_FALSE(key_of(talk, true).from_high);
  CHECK(key_of(talk, false).from_high);
  base::store_be<uint32_t>(talk.client.data(), 0x80000000);
  base::store_be<uint32_t>(talk.server.data(), 0x7FFFFFFF);
  CHECK(key_of(talk, true).from_high);
}

TEST_CASE("flow key: between equal addresses the ports decide") {
  for (Conversation talk : {conversation(1), conversation6(1)}) {
    talk.server = talk.client;
    check_joins(talk);
    CHECK(key_of(talk, true).from_high);  // port 40000 > 443
    CHECK(key_of(talk, true).key.low_port() == 443);
  }
}

TEST_CASE("flow key: a connection to itself on the same port has one direction only") {
  for (Conversation talk : {conversation(1), conversation6(1)}) {
    talk.server = talk.client;
    talk.server_port = talk.client_port;
    CHECK(key_of(talk, true).key == key_of(talk, false).key);
    CHECK_FALSE(key_of(talk, true).from_high);
    CHECK_FALSE(key_of(talk, false).from_high);
  }
}

TEST_CASE("flow key: address, port, protocol and IP version each make another flow") {
  const Conversation base = conversation(1);
  const FlowKey key = key_of(base, true).key;
  CHECK(key_of(conversation(2), true).key != key);
  CHECK(key_of(conversation6(1), true).key != key);
  Conversation other = base;
  ++other.client_port;
  CHECK(key_of(other, true).key != key);
  other = base;
  ++other.server_port;
  CHECK(key_of(other, true).key != key);
  other = base;
  other.protocol = kProtocolUdp;
  CHECK(key_of(other, true).key != key);
}

TEST_CASE("flow key: ports exchanged between the same hosts are another flow") {
  const Conversation talk = conversation(1);
  Conversation other = talk;
  std::swap(other.client_port, other.server_port);
  CHECK(key_of(talk, true).key != key_of(other, true).key);
}

TEST_CASE("flow key: IPv6 addresses count to their last bit") {
  const FlowKey key = key_of(conversation6(1), true).key;
  for (const size_t byte : {size_t{0}, size_t{7}, size_t{8}, size_t{15}}) {
    Conversation other = conversation6(1);
    other.server[byte] ^= 1;
    const FlowKey changed = key_of(other, true).key;
    CHECK(changed != key);
    CHECK(hash_key(support::test_secret(), changed) != hash_key(support::test_secret(), key));
  }
}

TEST_CASE("flow key: VLAN ids are part of it, and can be left out") {
  Conversation tagged = conversation(1);
  tagged.vlan_count = 1;
  Conversation untagged = conversation(1);
  const FlowKey plain = key_of(untagged, true).key;
  CHECK(key_of(tagged, true).key != plain);  // VLAN 0 is not the same as no tag
  tagged.vlan_id[0] = 100;
  const FlowKey in_100 = key_of(tagged, true).key;
  tagged.vlan_id[0] = 200;
  CHECK(key_of(tagged, true).key != in_100);
  CHECK(key_of(tagged, true, {.vlan = false}).key == plain);
  check_joins(tagged);
}

TEST_CASE("flow key: outer and inner VLAN are told apart") {
  Conversation talk = conversation(1);
  talk.vlan_count = 2;
  talk.vlan_id = {100, 200};
  const FlowKey key = key_of(talk, true).key;
  talk.vlan_id = {200, 100};
  CHECK(key_of(talk, true).key != key);
  talk.vlan_id = {100, 0};
  const FlowKey inner_zero = key_of(talk, true).key;
  talk.vlan_count = 1;
  CHECK(key_of(talk, true).key != inner_zero);
  talk.vlan_count = 2;
  talk.vlan_id = {4095, 4095};
  CHECK(key_of(talk, true).key.domain == (4096U | 4096U << 16));
}

TEST_CASE("flow key: tags count to the eighth, and can be left out") {
  Conversation talk = conversation(1);
  talk.vlan_count = 8;
  talk.vlan_id = {1, 2, 3, 4, 5, 6, 7, 8};
  const FlowKey key = key_of(talk, true).key;
  check_joins(talk);
  for (const size_t deep : {size_t{2}, size_t{7}}) {
    Conversation other = talk;
    ++other.vlan_id[deep];
    CHECK(key_of(other, true).key != key);
    CHECK(key_of(other, true, {.vlan = false}).key == key_of(conversation(1), true).key);
  }
  talk.vlan_count = 7;
  CHECK(key_of(talk, true).key != key);
}

TEST_CASE("flow key: ESP is told apart by its index, which a cut packet does not have") {
  const std::array<uint8_t, 8> header{0x12, 0x34, 0x56, 0x78, 0, 0, 0, 1};
  Conversation talk = conversation(1, kProtocolEsp);
  parse::Packet packet = support::decoded(talk, true, {});
  const FlowKey without = make_key(packet, {}).key;
  CHECK(without.spi() == 0);
  packet.transport = header;
  CHECK(make_key(packet, {}).key.spi() == 0x12345678);
  packet.transport = base::Bytes(header).first(3);
  CHECK(make_key(packet, {}).key == without);
  packet.transport = header;
  packet.fragment = parse::Fragment::Later;
  CHECK(make_key(packet, {}).key == without);
}

TEST_CASE("flow key: later fragments of a pair of hosts are one flow without ports") {
  for (const uint8_t protocol : {kProtocolTcp, kProtocolUdp, kProtocolIcmp}) {
    Conversation talk = conversation(1, protocol);
    talk.fragment = parse::Fragment::Later;
    check_joins(talk);
    CHECK(key_of(talk, true).key.low_port() == 0);
    CHECK(key_of(talk, true).key.high_port() == 0);
    Conversation whole = conversation(1, protocol);
    CHECK(key_of(whole, true).key != key_of(talk, true).key);
  }
}

TEST_CASE("flow key: the first fragment belongs to the flow of its ports") {
  Conversation talk = conversation(1, kProtocolUdp);
  const FlowKey whole = key_of(talk, true).key;
  talk.fragment = parse::Fragment::First;
  CHECK(key_of(talk, true).key == whole);
}

}  // namespace
}  // namespace pktana::flow
