// SPDX-License-Identifier: Apache-2.0
// ICMP errors find the flow that they quote.
#include "flow/icmp_quote.h"

#include "flow/shard_fixture.h"

namespace pktana::flow {
namespace {

/// IPv4 header of 20 bytes and the first 8 of a TCP or UDP header: what RFC 792 asks a router for.
std::array<uint8_t, 28> quoted_ipv4(const Conversation& talk) {
  std::array<uint8_t, 28> bytes{};
  bytes[0] = 0x45;
  base::store_be<uint16_t>(&bytes[2], 60);
  bytes[8] = 64;
  bytes[9] = talk.protocol;
  std::copy_n(talk.client.begin(), 4, &bytes[12]);
  std::copy_n(talk.server.begin(), 4, &bytes[16]);
  base::store_be<uint16_t>(&bytes[20], talk.client_port);
  base::store_be<uint16_t>(&bytes[22], talk.server_port);
  return bytes;
}

/// As a router on the way sends it back to the client.
parse::Packet error_about(base::Bytes quoted, uint8_t type, uint8_t code) {
  static constexpr std::array<uint8_t, 4> kRouter{203, 0, 113, 1};
  static constexpr std::array<uint8_t, 4> kClient{10, 0, 0, 1};
  parse::Packet packet;
  packet.verdict = parse::Verdict::Ip;
  packet.ip_version = 4;
  packet.protocol = kProtocolIcmp;
  packet.src = kRouter.data();
  packet.dst = kClient.data();
  packet.icmp_type = type;
  packet.icmp_code = code;
  packet.payload = quoted;
  return packet;
}

std::optional<IcmpQuote> quote_of(const parse::Packet& error, uint64_t domain = 0) {
  return read_icmp_quote(error, domain, {}, support::test_secret());
}

TEST_CASE("icmp quote: eight bytes behind the IP header name the flow") {
  for (const uint8_t protocol : {kProtocolTcp, kProtocolUdp}) {
    const Conversation talk = conversation(7, protocol);
    const auto bytes = quoted_ipv4(talk);
    const auto quote = quote_of(error_about(bytes, 3, 1));
    REQUIRE(quote);
    CHECK(quote->key == support::from_client(talk, {}).key);
    CHECK(quote->hash == support::from_client(talk, {}).hash);
    CHECK(quote->type == 3);
    CHECK(quote->code == 1);
  }
}

TEST_CASE("icmp quote: cut before the ports, or no IP at all, it names none") {
  const auto bytes = quoted_ipv4(conversation(7));
  for (size_t length = 0; length < 24; ++length)
    CHECK_FALSE(quote_of(error_about({bytes.data(), length}, 11, 0)));
  constexpr std::array<uint8_t, 28> kNoise{0xFF};
  CHECK_FALSE(quote_of(error_about(kNoise, 3, 3)));
}

TEST_CASE("icmp quote: the VLANs and tunnels of the error are those of the flow") {
  const auto bytes = quoted_ipv4(conversation(7));
  const uint64_t domain = 6 | uint64_t{77} << 32;
  const auto quote = quote_of(error_about(bytes, 3, 1), domain);
  REQUIRE(quote);
  CHECK(quote->key.domain == domain);
}

TEST_CASE("icmp quote: only errors quote") {
  CHECK(is_icmp_error(error_about({}, 3, 0)));
  CHECK(is_icmp_error(error_about({}, 11, 0)));
  CHECK(is_icmp_error(error_about({}, 12, 0)));
  for (const uint8_t type : std::array<uint8_t, 6>{0, 8, 9, 10, 13, 14})
    CHECK_FALSE(is_icmp_error(error_about({}, type, 0)));
  parse::Packet packet = error_about({}, 1, 0);
  CHECK_FALSE(is_icmp_error(packet));
  packet.protocol = kProtocolIcmpv6;
  CHECK(is_icmp_error(packet));
  packet.icmp_type = 128;
  CHECK_FALSE(is_icmp_error(packet));
  packet.icmp_type = 1;
  packet.fragment = parse::Fragment::Later;
  CHECK_FALSE(is_icmp_error(packet));
}

TEST_CASE("icmp quote: errors stand on the record of the flow that they quote, and move nothing") {
  ShardFixture fixture;
  const Conversation talk = conversation(7);
  fixture.client(talk, {.tcp_flags = kTcpSyn});
  const auto bytes = quoted_ipv4(talk);
  fixture.shard().note_icmp_error(*quote_of(error_about(bytes, 3, 1)));
  fixture.shard().note_icmp_error(*quote_of(error_about(bytes, 11, 0)));
  fixture.shard().note_icmp_error(*quote_of(error_about(quoted_ipv4(conversation(8)), 3, 1)));
  const auto& records = fixture.finish();
  REQUIRE(records.size() == 1);
  CHECK(records[0].icmp_errors.count == 2);
  CHECK(records[0].icmp_errors.type == 11);
  CHECK(records[0].totals[kToClient].packets == 0);
  CHECK(records[0].state == FlowState::New);
}

TEST_CASE("icmp quote: a flow whose time is over is not found any more") {
  ShardFixture fixture;
  const Conversation talk = conversation(7, kProtocolUdp);
  fixture.client(talk, {});
  fixture.shard().advance(kStart + 31 * kSecond);
  const auto bytes = quoted_ipv4(talk);
  fixture.shard().note_icmp_error(*quote_of(error_about(bytes, 3, 3)));
  CHECK(fixture.finish().at(0).icmp_errors.count == 0);
}

}  // namespace
}  // namespace pktana::flow
