// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_shard.h"
#include "shard_fixture.h"

namespace pktana::flow {
namespace {

/// Whether `record` takes the client of `talk` for the initiator, and why.
void check_initiator(const FlowRecord& record, const Conversation& talk, bool client,
                     InitiatorBasis basis) {
  CHECK(record.src == (client ? talk.client : talk.server));
  CHECK(to_string(record.initiator_basis) == to_string(basis));
}

TEST_CASE("initiator: who sends the SYN") {
  ShardFixture table;
  const Conversation talk = conversation(1);
  table.open(talk, kStart);
  check_initiator(table.finish().at(0), talk, true, InitiatorBasis::Syn);
}

TEST_CASE("initiator: who gets the SYN/ACK, when the SYN was not seen") {
  ShardFixture table;
  const Conversation talk = conversation(1);
  table.server(talk, {.tcp_flags = kSynAck, .seq = 5000, .ack = 1001});
  table.client(talk, {.tcp_flags = kTcpAck, .seq = 1001, .ack = 5001});
  const FlowRecord record = table.finish().at(0);
  check_initiator(record, talk, true, InitiatorBasis::SynAck);
  CHECK(record.totals[kToServer].packets == 1);
  CHECK((record.tcp_state == TcpState::Established));
}

TEST_CASE("initiator: in the middle of a connection a service port answers") {
  for (const uint8_t protocol : {kProtocolTcp, kProtocolUdp}) {
    ShardFixture table;
    const Conversation talk = conversation(1, protocol);  // port 40000 to 443
    table.server(talk, {.tcp_flags = kTcpAck});
    const FlowRecord record = table.finish().at(0);
    check_initiator(record, talk, true, InitiatorBasis::Port);
    CHECK(record.totals[kToClient].packets == 1);
  }
}

TEST_CASE("initiator: else the sender of the first packet") {
  const auto first_packet = [](Conversation talk, uint16_t client_port, uint16_t server_port) {
    talk.client_port = client_port;
    talk.server_port = server_port;
    ShardFixture table;
    table.server(talk, {.tcp_flags = kTcpAck});
    check_initiator(table.finish().at(0), talk, false, InitiatorBasis::FirstPacket);
  };
  for (const uint8_t protocol : {kProtocolTcp, kProtocolUdp}) {
    first_packet(conversation(1, protocol), 40000, 8080);  // no service port
    first_packet(conversation(1, protocol), 123, 123);     // both are
    first_packet(conversation(1, protocol), 443, 40000);   // the sender is the user
    first_packet(conversation(1, protocol), 40000, 0);     // 0 is no port
    first_packet(conversation(1, protocol), 1024, 1024);
  }
  first_packet(conversation(1, 47), 0, 0);
  first_packet(conversation6(1, kProtocolSctp), 40000, 443);
}

TEST_CASE("initiator: what a service sends to a group is no answer") {
  ShardFixture table;
  Conversation talk = conversation(1, kProtocolUdp);
  talk.client = {239, 1, 2, 3};
  table.server(talk, {});
  check_initiator(table.finish().at(0), talk, false, InitiatorBasis::FirstPacket);
}

TEST_CASE("initiator: who asks, even when the ICMP answer was seen first") {
  for (const Conversation& talk :
       {conversation(1, kProtocolIcmp), conversation6(1, kProtocolIcmpv6)}) {
    for (const bool request_first : {true, false}) {
      ShardFixture table;
      if (request_first) table.client(talk, {});
      table.server(talk, {});
      const FlowRecord record = table.finish().at(0);
      check_initiator(record, talk, true, InitiatorBasis::IcmpRequest);
      CHECK(record.icmp_type == talk.icmp_request);
      CHECK(record.has_icmp_response);
      CHECK(record.response_icmp_type == talk.icmp_reply);
    }
  }
}

TEST_CASE("initiator: an ICMP request without answer says so") {
  ShardFixture table;
  table.client(conversation(1, kProtocolIcmp), {});
  const FlowRecord record = table.finish().at(0);
  CHECK(record.icmp_type == 8);
  CHECK_FALSE(record.has_icmp_response);
}

TEST_CASE("initiator: the sender of a one-way ICMP message") {
  ShardFixture table;
  Conversation talk = conversation(1, kProtocolIcmp);
  talk.icmp_reply = 3;  // destination unreachable
  table.server(talk, {});
  const FlowRecord record = table.finish().at(0);
  check_initiator(record, talk, false, InitiatorBasis::FirstPacket);
  CHECK(record.icmp_type == 3);
  CHECK_FALSE(record.has_icmp_response);
  CHECK(record.src_port == 0);
  CHECK(record.dst_port == 0);
}

TEST_CASE("initiator: a later fragment of an ICMP packet has no type to go by") {
  for (Conversation talk : {conversation(1, kProtocolIcmp), conversation6(1, kProtocolIcmpv6)}) {
    talk.fragment = parse::Fragment::Later;
    ShardFixture table;
    table.client(talk, {});
    check_initiator(table.finish().at(0), talk, true, InitiatorBasis::FirstPacket);
  }
}

TEST_CASE("initiator: stays, whoever sends more later") {
  ShardFixture table;
  const Conversation talk = conversation(1, kProtocolUdp);
  table.client(talk, {});
  for (int i = 0; i < 5; ++i)
    table.server(talk, {});
  const FlowRecord record = table.finish().at(0);
  check_initiator(record, talk, true, InitiatorBasis::FirstPacket);
  CHECK(record.totals[kToClient].packets == 5);
}

}  // namespace
}  // namespace pktana::flow
