// SPDX-License-Identifier: Apache-2.0
#include "app/app_fixture.h"
#include "app/secure/digest.h"
#include "app/secure/quic/google_hello.h"
#include "app/secure/quic/quic_frames.h"
#include "app/secure/quic/quic_keys.h"
#include "app/secure_bytes.h"
#include "support/catch.h"

namespace pktana::app::secure {
namespace {

Octets hello_stream(const HelloOptions& options = {.alpn = {"h3"}, .versions = {0x0304}}) {
  return handshake(1, client_hello(options));
}

Octets answer_stream() { return handshake(2, server_hello({.version = 0x0304, .cipher = 0x1301})); }

TalkOptions udp() { return {.protocol = PKTANA_UDP}; }

bool says(const Talk& talk, size_t event, std::string_view text) {
  return talk.events().size() > event && talk.events()[event].find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("quic: the Initial keys of version 1 are those of RFC 9001 appendix A.1") {
  QuicInitialKeys keys;
  REQUIRE(derive_initial_keys(kQuicV1, from_hex("8394c8f03e515708"), keys));
  CHECK(to_hex(keys.client.key) == "1f369613dd76d5467730efcbe3b1a22d");
  CHECK(to_hex(keys.client.iv) == "fa044b2f42a3fd3b46fb255c");
  CHECK(to_hex(keys.client.header_key) == "9f50449e04a0e810283a1e9933adedd2");
  CHECK(to_hex(keys.server.key) == "cf3a5331653c364c88f0f379b6067e37");
  CHECK(to_hex(keys.server.iv) == "0ac1493ca1905853b0bba03e");
  CHECK(to_hex(keys.server.header_key) == "c206b8d9b9f0f37644430b490eeaa314");
}

TEST_CASE("quic: the Initial keys of version 2 are those of RFC 9369 appendix A.1") {
  QuicInitialKeys keys;
  REQUIRE(derive_initial_keys(kQuicV2, from_hex("8394c8f03e515708"), keys));
  CHECK(to_hex(keys.client.key) == "8b1a0bc121284290a29e0971b5cd045d");
  CHECK(to_hex(keys.client.iv) == "91f73e2351d8fa91660e909f");
  CHECK(to_hex(keys.client.header_key) == "45b95e15235d6f45a6b19cbcb0294ba9");
}

TEST_CASE("quic: an unknown version has no keys") {
  QuicInitialKeys keys;
  CHECK_FALSE(derive_initial_keys(0xFF000010, from_hex("8394c8f03e515708"), keys));
}

namespace {

void talk_in(uint32_t version) {
  CAPTURE(version);
  Talk talk(udp());
  talk.client(quic_initial(crypto_frame(0, hello_stream()), {.version = version, .pad_to = 1162}));
  talk.server(
      quic_initial(crypto_frame(0, answer_stream()), {.version = version, .from_server = true}));
  CHECK(talk.app_proto() == "quic");
  REQUIRE(talk.events().size() == 2);
  CHECK(says(talk, 0, "\"sni\":\"www.example.com\""));
  CHECK(says(talk, 0, "{\"name\":\"alpn\",\"type\":16,\"values\":[\"h3\"]}"));
  CHECK(says(talk, 0, "\"ja4\":\"q13d0406h3_"));
  CHECK(talk.events()[1].starts_with("<quic{"));
  CHECK(says(talk, 1, "{\"name\":\"supported_versions\",\"type\":43,\"values\":[\"Tls13\"]}"));
  CHECK(says(talk, 1, "\"string\":\"771,4865,65281-43\""));
  CHECK(talk.name() == "www.example.com");
  CHECK(talk.name_source() == flow::NameSource::QuicSni);
  CHECK_FALSE(talk.fingerprint("ja4").empty());
  CHECK_FALSE(talk.wanted());
}

}  // namespace

TEST_CASE("quic: both hellos are told, each from its sender, and the flow is let go") {
  for (const uint32_t version : {kQuicV1, kQuicV2, 0xFF00001DU, 0xFF000016U, 0xFACEB002U})
    talk_in(version);
}

TEST_CASE("quic: CRYPTO frames count in any order over packets and datagrams") {
  const Octets stream = hello_stream();
  const std::span<const uint8_t> all = stream;
  const auto frame = [&](size_t begin, size_t end) {
    return crypto_frame(begin, all.subspan(begin, end - begin));
  };
  Talk talk(udp());
  talk.client(quic_initial(join({frame(90, 120), from_hex("01"), frame(20, 60)}), {.number = 0}));
  CHECK(talk.events().empty());
  talk.client(join({quic_initial(frame(120, all.size()), {.number = 1}),
                    quic_initial(frame(50, 95), {.number = 2})}));
  CHECK(talk.events().empty());
  talk.client(quic_initial(frame(0, 20), {.number = 3}));
  REQUIRE(talk.events().size() == 1);
  CHECK(says(talk, 0, "www.example.com"));
}

TEST_CASE("quic: behind a Retry the keys are made of the server's connection id") {
  const Octets retry_id = from_hex("f067a5502a4262b5");
  Talk talk(udp());
  talk.client(quic_initial(crypto_frame(0, std::span<const uint8_t>(hello_stream()).first(50))));
  talk.server(Wire().u8(0xF0).u32(1).u8(0).vec8(retry_id).fill(40, 3).bytes());
  talk.client(quic_initial(crypto_frame(0, hello_stream()), {.key_id = retry_id}));
  talk.server(quic_initial(crypto_frame(0, answer_stream()),
                           {.key_id = retry_id, .destination_id = {}, .from_server = true}));
  REQUIRE(talk.events().size() == 2);
  CHECK(says(talk, 0, "www.example.com"));
}

TEST_CASE("quic: a server that chooses version 2 answers with that version's keys") {
  Talk talk(udp());
  talk.client(quic_initial(crypto_frame(0, hello_stream())));
  talk.server(quic_initial(crypto_frame(0, answer_stream()),
                           {.version = kQuicV2, .destination_id = {}, .from_server = true}));
  REQUIRE(talk.events().size() == 2);
  CHECK(says(talk, 1, "\"version\":\"v2\""));
}

TEST_CASE("quic: the ServerHello behind a HelloRetryRequest is the one that counts") {
  const Octets retry =
      handshake(2, server_hello({.version = 0x0304, .cipher = 0x1302, .retry = true}));
  Talk talk(udp());
  talk.client(quic_initial(crypto_frame(0, hello_stream())));
  talk.server(quic_initial(crypto_frame(0, retry), {.from_server = true}));
  CHECK(talk.events().size() == 1);
  talk.server(quic_initial(crypto_frame(retry.size(), answer_stream()),
                           {.from_server = true, .number = 1}));
  REQUIRE(talk.events().size() == 2);
  CHECK(says(talk, 1, "771,4865,"));
}

TEST_CASE("quic: a flow whose hellos cannot be opened gives its version at the end") {
  Octets packet = quic_initial(crypto_frame(0, hello_stream()));
  packet.back() ^= 1;
  Talk talk(udp());
  talk.client(packet);
  CHECK(talk.events().empty());
  talk.end();
  REQUIRE(talk.events().size() == 1);
  CHECK(talk.events()[0] == "quic{\"version\":\"1\"}");
}

TEST_CASE("quic: Google's hello gives the name and the user agent") {
  Talk talk(udp());
  talk.client(google_quic_packet());
  REQUIRE(talk.events().size() == 1);
  CHECK(
      says(talk, 0,
           "{\"version\":\"Q046\",\"sni\":\"example.com\",\"ua\":\"Chrome1\",\"cyu\":[{\"hash\":"));
  CHECK(says(talk, 0, "\"string\":\"46,SNI-VER-UAID\""));
}

TEST_CASE("quic: a packet cut at any byte is no hello and does no harm") {
  const Octets packet = quic_initial(crypto_frame(0, hello_stream()));
  for (size_t length = 1; length < packet.size(); ++length) {
    Talk talk(udp());
    talk.client(std::span<const uint8_t>(packet).first(length));
    talk.end();
    CHECK(talk.name().empty());
  }
  const Octets google = google_quic_packet();
  for (size_t length = 0; length < google.size(); ++length) {
    const auto hello = find_google_hello(std::span<const uint8_t>(google).first(length));
    CHECK((!hello || hello->user_agent.empty()));
  }
}

TEST_CASE("quic: version negotiation counts if it offers a version that is known") {
  const auto negotiation = [](uint32_t version) {
    return Wire().u8(0x80).u32(0).vec8(Wire().u64(1)).vec8(Wire().u64(2)).u32(version).bytes();
  };
  Talk known(udp());
  known.server(negotiation(1));
  CHECK(known.app_proto() == "quic");
  Talk unknown(udp());
  unknown.server(negotiation(0x12345678));
  CHECK(unknown.app_proto() != "quic");
}

TEST_CASE("quic: frames that an Initial packet must not have end its frames") {
  RangeBuffer stream;
  CHECK_FALSE(collect_crypto(from_hex("0006000201020800"), stream));
  CHECK(stream.contiguous().size() == 2);
}

TEST_CASE("quic: acknowledgements and padding lie between CRYPTO frames") {
  RangeBuffer stream;
  // ACK of 5 with one more range, ACK with ECN counts, PING, PADDING.
  CHECK(collect_crypto(from_hex("0205000102"
                                "0001"
                                "0305000000"
                                "010203"
                                "010000"
                                "06000201"
                                "02"),
                       stream));
  CHECK(stream.contiguous().size() == 2);
}

namespace {

Octets short_packet(uint8_t first, uint64_t id, uint8_t fill) {
  return Wire().u8(first).u64(id).fill(20, fill).bytes();
}

}  // namespace

TEST_CASE("quic: short headers count on QUIC's ports, if the connection id repeats") {
  Talk talk({.protocol = PKTANA_UDP, .server_port = 443});
  talk.client(short_packet(0x4E, 77, 1));
  CHECK(talk.wanted());
  talk.server(short_packet(0x58, 123456, 2));
  talk.client(short_packet(0x47, 77, 3));
  CHECK(talk.app_proto() == "quic");
  CHECK_FALSE(talk.wanted());
  talk.end();
  CHECK(talk.events().empty());
  Talk elsewhere(udp());
  elsewhere.client(short_packet(0x4E, 77, 1));
  CHECK(elsewhere.app_proto() != "quic");
}

TEST_CASE("quic: what only looks like short headers at first is given back") {
  Talk other({.protocol = PKTANA_UDP, .server_port = 443});
  other.client(short_packet(0x4E, 77, 1));
  other.client(short_packet(0x0E, 77, 1));
  CHECK(other.app_proto() != "quic");
  // OpenVPN's data packets all begin with the same byte.
  Talk same({.protocol = PKTANA_UDP, .server_port = 443});
  for (uint64_t i = 0; i < 8; ++i)
    same.client(short_packet(0x48, i, 1));
  CHECK(same.app_proto() != "quic");
}

}  // namespace pktana::app::secure
