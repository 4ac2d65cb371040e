// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_key.h"
#include "support/catch.h"
#include "support/flow_packets.h"

namespace pktana::flow {
namespace {

using support::Conversation;
using support::conversation;
using support::conversation6;

DirectedKey key_of(const Conversation& talk, bool from_client) {
  return make_key(support::decoded(talk, from_client, {}), {});
}

Conversation icmp4(uint8_t request, uint8_t reply, uint16_t id = 0) {
  Conversation talk = conversation(1, kProtocolIcmp);
  talk.icmp_request = request;
  talk.icmp_reply = reply;
  talk.icmp_id = id;
  return talk;
}

Conversation icmp6(uint8_t request, uint8_t reply, uint16_t id = 0) {
  Conversation talk = conversation6(1, kProtocolIcmpv6);
  talk.icmp_request = request;
  talk.icmp_reply = reply;
  talk.icmp_id = id;
  return talk;
}

TEST_CASE("icmp key: request and reply are one flow, seen from opposite ends") {
  for (const Conversation& talk :
       {icmp4(8, 0, 77), icmp4(13, 14, 77), icmp4(17, 18, 77), icmp4(10, 9), icmp6(128, 129, 77),
        icmp6(135, 136), icmp6(139, 140)}) {
    CAPTURE(talk.icmp_request);
    CHECK(key_of(talk, true).key == key_of(talk, false).key);
    CHECK(key_of(talk, true).from_high != key_of(talk, false).from_high);
  }
}

TEST_CASE("icmp key: echoes with different identifiers are different flows") {
  CHECK(key_of(icmp4(8, 0, 1), true).key != key_of(icmp4(8, 0, 2), true).key);
  CHECK(key_of(icmp6(128, 129, 1), true).key != key_of(icmp6(128, 129, 2), true).key);
}

TEST_CASE("icmp key: an identifier is not looked for where the type has none") {
  CHECK(key_of(icmp4(3, 3, 1), true).key == key_of(icmp4(3, 3, 2), true).key);
  CHECK(key_of(icmp6(135, 136, 1), true).key == key_of(icmp6(135, 136, 2), true).key);
}

TEST_CASE("icmp key: pings both ways with one identifier are two flows") {
  // A pings B while B pings A: in each the requester is another end.
  const Conversation ping = icmp4(8, 0, 5);
  const Conversation reverse = icmp4(0, 8, 5);
  const DirectedKey request_there = key_of(ping, true);
  const DirectedKey request_back = key_of(reverse, false);
  CHECK(request_there.from_high != request_back.from_high);
  CHECK(request_there.key != request_back.key);
}

TEST_CASE("icmp key: one-way messages in the two directions are two flows") {
  for (const uint8_t type : std::initializer_list<uint8_t>{3, 5, 11}) {
    const Conversation talk = icmp4(type, type);
    CHECK(key_of(talk, true).key != key_of(talk, false).key);
    CHECK(key_of(talk, true).key == key_of(talk, true).key);
  }
  for (const uint8_t type : std::initializer_list<uint8_t>{1, 2, 3, 137}) {
    const Conversation talk = icmp6(type, type);
    CHECK(key_of(talk, true).key != key_of(talk, false).key);
  }
}

TEST_CASE("icmp key: types and codes make different flows") {
  CHECK(key_of(icmp4(3, 3), true).key != key_of(icmp4(11, 11), true).key);
  const Conversation talk = icmp4(3, 3);
  parse::Packet packet = support::decoded(talk, true, {});
  const FlowKey code0 = make_key(packet, {}).key;
  packet.icmp_code = 1;
  CHECK(make_key(packet, {}).key != code0);
}

TEST_CASE("icmp key: a host that pings itself still has two directions") {
  for (Conversation talk : {icmp4(8, 0, 9), icmp6(128, 129, 9)}) {
    talk.server = talk.client;
    CHECK(key_of(talk, true).key == key_of(talk, false).key);
    CHECK_FALSE(key_of(talk, true).from_high);
    CHECK(key_of(talk, false).from_high);
  }
}

}  // namespace
}  // namespace pktana::flow
