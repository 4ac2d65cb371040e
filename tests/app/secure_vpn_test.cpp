// SPDX-License-Identifier: Apache-2.0
#include "app/app_fixture.h"
#include "app/secure/ike/ike_message.h"
#include "app/secure/vpn/vpn.h"
#include "app/secure_bytes.h"
#include "support/catch.h"

namespace pktana::app::secure {
namespace {

TalkOptions udp(uint16_t port = 9999) { return {.protocol = PKTANA_UDP, .server_port = port}; }

Octets wireguard(uint8_t type, size_t bytes) {
  return Wire().u8(type).u24(0).u32(0x01020304).fill(bytes - 8, 0).bytes();
}

Octets reset(std::span<const uint8_t> guard) {
  return Wire().u8(0x38).u64(0x0102030405060708).raw(guard).u8(0).u32(0).bytes();
}

}  // namespace

TEST_CASE("ike: version 2 gives payloads, notifications and what was chosen") {
  Talk talk(udp(500));
  talk.client(ike2_sa_init(false));
  talk.server(ike2_sa_init(true));
  CHECK(talk.app_proto() == "ike");
  REQUIRE(talk.events().size() == 2);
  CHECK(talk.events()[0] ==
        "ike{\"version_major\":2,\"version_minor\":0,\"init_spi\":\"1122334455667788\","
        "\"resp_spi\":\"0000000000000000\",\"message_id\":0,\"exchange_type\":34,\"role\":"
        "\"initiator\",\"payload\":[\"SecurityAssociation\",\"KeyExchange\",\"Nonce\",\"Notify\","
        "\"NoNextPayload\"],\"ikev2\":{\"errors\":0,\"notify\":[\"NAT_DETECTION_SOURCE_IP\"]}}");
  CHECK(talk.events()[1].find(
            "\"attributes\":[{\"key\":\"alg_enc\",\"value\":\"ENCR_AES_GCM_16\","
            "\"raw\":20},{\"key\":\"sa_key_length\",\"value\":\"Unknown\",\"raw\":"
            "256},{\"key\":\"alg_dh\",\"value\":\"Curve25519\",\"raw\":31}]") != std::string::npos);
}

TEST_CASE("ike: version 1 gives the client's proposals and the server's choice") {
  Talk talk(udp(500));
  talk.client(ike1_main(false));
  talk.server(ike1_main(true));
  REQUIRE(talk.events().size() == 2);
  CHECK(talk.events()[0].find("\"client\":{\"proposals\":[{\"key\":\"alg_enc\",\"value\":"
                              "\"EncAesCbc\",\"raw\":7}") != std::string::npos);
  CHECK(talk.events()[0].find("\"vendor_ids\":[\"0102030405060708\"]") != std::string::npos);
  CHECK(talk.events()[1].find("\"attributes\":[{\"key\":\"alg_enc\"") != std::string::npos);
  CHECK(talk.events()[1].find("\"sa_life_duration\",\"value\":\"Unknown\",\"raw\":86400") !=
        std::string::npos);
}

TEST_CASE("ike: behind the marker of NAT traversal, on any port") {
  Talk talk(udp(4500));
  talk.client(join({from_hex("00000000"), ike2_sa_init(false)}));
  CHECK(talk.app_proto() == "ike");
  Talk other(udp(12345));
  other.client(ike2_sa_init(false));
  CHECK(other.app_proto() == "ike");
}

TEST_CASE("ike: a message whose length does not fill the datagram is none") {
  const Octets message = ike2_sa_init(false);
  for (size_t length = 0; length < message.size(); ++length)
    CHECK_FALSE(parse_ike(std::span<const uint8_t>(message).first(length)));
  CHECK(parse_ike(message));
  CHECK_FALSE(parse_ike(join({message, from_hex("00")})));
}

TEST_CASE("ike: packets of ESP end the work on the flow after some") {
  Talk talk(udp(500));
  talk.client(ike2_sa_init(false));
  for (int i = 0; i < 64 && talk.wanted(); ++i)
    talk.server(Wire().u32(0xABCD).fill(60, 1).bytes());
  CHECK_FALSE(talk.wanted());
  CHECK(talk.events().size() == 1);
}

TEST_CASE("ike: payload chains that lie about their lengths end") {
  Octets message = ike2_sa_init(false);
  for (size_t at = 28; at < message.size(); ++at) {
    Octets wrong = message;
    wrong[at] = 0xFF;
    Talk talk(udp(500));
    talk.client(wrong);
    CHECK(talk.events().size() == 1);
  }
}

TEST_CASE("wireguard: by type, reserved bytes and size") {
  CHECK(looks_like_wireguard(wireguard(1, 148)));
  CHECK(looks_like_wireguard(wireguard(2, 92)));
  CHECK(looks_like_wireguard(wireguard(4, 96)));
  CHECK_FALSE(looks_like_wireguard(wireguard(1, 147)));
  CHECK_FALSE(looks_like_wireguard(wireguard(3, 64)));
  CHECK_FALSE(looks_like_wireguard(wireguard(4, 97)));
  CHECK_FALSE(looks_like_wireguard(Wire().u8(1).u24(1).fill(144, 1)));
  CHECK_FALSE(looks_like_wireguard(Wire().u8(4).u24(0).fill(28, 0xFF)));
  Talk talk(udp());
  talk.client(wireguard(1, 148));
  CHECK(talk.app_proto() == "wireguard");
  CHECK_FALSE(talk.wanted());
}

TEST_CASE("openvpn: the opening reset, plain, with tls-auth and with tls-crypt") {
  const Wire guard = Wire().u32(1).u32(1700000000);
  CHECK(looks_like_openvpn_reset(reset({})));
  for (const size_t hmac : {16U, 20U, 32U, 64U})
    CHECK(looks_like_openvpn_reset(reset(Wire().fill(hmac, 0x77).raw(guard))));
  CHECK(looks_like_openvpn_reset(Wire().u8(0x38).u64(9).raw(guard).fill(32, 0x77).fill(5, 0x31)));
  CHECK_FALSE(looks_like_openvpn_reset(reset(Wire().fill(24, 0x77).raw(guard))));
  CHECK_FALSE(looks_like_openvpn_reset(reset(Wire().fill(20, 0x77).u32(0).u32(1700000000))));
  CHECK_FALSE(looks_like_openvpn_reset(Wire().u8(0x30).u64(9).u8(0).u32(0)));
  const Octets plain = reset({});
  for (size_t length = 0; length < plain.size(); ++length)
    CHECK_FALSE(looks_like_openvpn_reset(std::span<const uint8_t>(plain).first(length)));
}

TEST_CASE("openvpn: over TCP behind a length, over UDP without, on any port") {
  Talk tcp;
  tcp.client(Wire().vec16(reset({})).bytes());
  CHECK(tcp.app_proto() == "openvpn");
  Talk pieces;
  pieces.in_pieces(flow::kToServer, Wire().vec16(reset({})).bytes(), 3);
  CHECK(pieces.app_proto() == "openvpn");
  Talk datagram(udp());
  datagram.client(reset({}));
  CHECK(datagram.app_proto() == "openvpn");
}

}  // namespace pktana::app::secure
