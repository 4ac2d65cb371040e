// SPDX-License-Identifier: Apache-2.0
#include "app/app_fixture.h"
#include "app/secure/tls/handshake_stream.h"
#include "app/secure/tls/tls_record.h"
#include "app/secure_bytes.h"
#include "support/catch.h"

namespace pktana::app::secure {
namespace {

Octets hello_record(const HelloOptions& options = {}) {
  return record(22, handshake(1, client_hello(options)), 0x0301);
}

// ServerHello, Certificate and ServerHelloDone of TLS 1.2, in one record.
Octets server_flight(bool asks_client = false) {
  const Octets request = asks_client ? handshake(13, from_hex("0101000000")) : Octets{};
  return record(
      22, join({handshake(2, server_hello({.alpn = "h2"})),
                handshake(11, certificate_message(certificate())), request, handshake(14, {})}));
}

bool says(const Talk& talk, std::string_view text) {
  return talk.events().size() == 1 && talk.events()[0].find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("tls: a TLS 1.2 handshake gives one event with both hellos and the certificate") {
  Talk talk;
  talk.client(hello_record({.versions = {}}));
  CHECK(talk.app_proto() == "tls");
  CHECK(talk.name() == "www.example.com");
  CHECK(talk.name_source() == flow::NameSource::TlsSni);
  CHECK(talk.events().empty());
  talk.server(server_flight());
  CHECK(says(talk, "tls{\"subject\":\"C=US, businessCategory=Private"));
  CHECK(says(talk, "\"serial\":\"00:A1:B2\""));
  CHECK(says(talk, "\"sni\":\"www.example.com\",\"version\":\"TLS 1.2\",\"ja3\":{\"hash\":"));
  CHECK(says(talk, "\"ja3s\":{\"hash\":"));
  CHECK(says(talk, "\"client_alpns\":[\"h2\",\"http/1.1\"],\"server_alpns\":[\"h2\"]"));
  CHECK(says(
      talk, "\"server_handshake\":{\"version\":\"TLS 1.2\",\"cipher\":49199,\"exts\":[65281,16]}"));
  CHECK(talk.fingerprint("ja3").size() == 32);
  CHECK(talk.fingerprint("ja3s").size() == 32);
  CHECK(talk.fingerprint("ja4").starts_with("t12d0405h2_"));
  CHECK_FALSE(talk.wanted());
}

TEST_CASE("tls: TLS 1.3 is told with the ServerHello") {
  Talk talk;
  talk.client(hello_record());
  talk.server(record(22, handshake(2, server_hello({.version = 0x0304, .cipher = 0x1301}))));
  CHECK(says(talk, "\"version\":\"TLS 1.3\""));
  CHECK_FALSE(says(talk, "subject"));
  CHECK_FALSE(talk.wanted());
}

TEST_CASE("tls: a HelloRetryRequest is not the answer, and the first hello is the one told") {
  Talk talk;
  talk.client(hello_record({.server_name = "first.example"}));
  talk.server(record(22, handshake(2, server_hello({.version = 0x0304, .retry = true}))));
  CHECK(talk.events().empty());
  talk.client(record(20, from_hex("01")));
  talk.client(hello_record({.server_name = "second.example"}));
  talk.server(record(22, handshake(2, server_hello({.version = 0x0304, .cipher = 0x1302}))));
  CHECK(says(talk, "\"sni\":\"first.example\""));
  CHECK(says(talk, "771,4866,"));
}

TEST_CASE("tls: hellos in many records and segments of any size give the same event") {
  Talk whole;
  whole.client(hello_record({.versions = {}}));
  whole.server(server_flight());
  const Octets message = handshake(1, client_hello({.versions = {}}));
  const std::span<const uint8_t> all = message;
  for (const size_t piece : {1U, 2U, 3U, 5U, 7U, 64U, 1000U}) {
    Octets records;
    for (size_t at = 0; at < all.size(); at += piece)
      records =
          join({records, record(22, all.subspan(at, std::min(piece, all.size() - at)), 0x0301)});
    Talk talk;
    talk.in_pieces(flow::kToServer, records, piece + 4);
    talk.in_pieces(flow::kToClient, server_flight(), piece);
    CHECK(talk.events() == whole.events());
  }
}

TEST_CASE("tls: a server that resumes a session says so") {
  Talk talk;
  talk.client(hello_record({.versions = {}}));
  talk.server(join({record(22, handshake(2, server_hello())), record(20, from_hex("01"))}));
  CHECK(says(talk, "\"session_resumed\":true"));
}

TEST_CASE("tls: the client's certificate is told if the server asks for it") {
  Talk talk;
  talk.client(hello_record({.versions = {}}));
  talk.server(server_flight(true));
  CHECK(talk.events().empty());
  talk.client(record(22, handshake(11, certificate_message(certificate()))));
  CHECK(says(talk, "\"client\":{\"subject\":\"C=US"));
}

TEST_CASE("tls: a hello without an answer is told when the flow ends, without a version") {
  Talk talk;
  talk.client(hello_record({.ech = true}));
  CHECK(talk.events().empty());
  talk.end();
  CHECK(says(talk, "\"sni\":\"www.example.com\""));
  CHECK_FALSE(says(talk, "\"version\""));
  CHECK(talk.fingerprint("ech") == "outer");
}

TEST_CASE("tls: a server that refuses ends the waiting") {
  Talk talk;
  talk.client(hello_record());
  talk.server(record(21, from_hex("0228")));
  CHECK(talk.events().size() == 1);
  CHECK_FALSE(talk.wanted());
}

TEST_CASE("tls: the middle of a connection is recognised and let go without an event") {
  Talk talk;
  const Octets data = record(23, Wire().fill(60, 0x99));
  talk.server(join({data, data}));
  CHECK(talk.app_proto() == "tls");
  CHECK(talk.events().empty());
  CHECK_FALSE(talk.wanted());
}

TEST_CASE("tls: the server's side alone is told from the server's messages") {
  Talk talk;
  talk.server(server_flight());
  CHECK(says(talk, "\"subject\":\"C=US"));
  CHECK_FALSE(says(talk, "\"ja3\":"));
}

TEST_CASE("tls: a flow that was taken the wrong way round has its client as the event's source") {
  Talk talk;
  talk.server(hello_record());
  talk.client(record(22, handshake(2, server_hello({.version = 0x0304}))));
  REQUIRE(talk.events().size() == 1);
  CHECK(talk.events()[0].starts_with("<tls{"));
}

TEST_CASE("tls: bytes that were lost end the waiting with what is known") {
  Talk talk;
  talk.client(hello_record({.versions = {}}));
  const Octets flight = server_flight();
  talk.server(std::span<const uint8_t>(flight).first(100));
  talk.lose(flow::kToClient, 200);
  talk.server(std::span<const uint8_t>(flight).subspan(300));
  talk.acknowledge(flow::kToServer, static_cast<uint32_t>(flight.size()));
  talk.end();
  CHECK(talk.events().size() == 1);
}

TEST_CASE("tls: what begins like a record and goes on as something else is given back") {
  Talk talk;
  talk.client(record(22, from_hex("0100002a0303")));
  talk.client("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n");
  CHECK(talk.app_proto() != "tls");
}

TEST_CASE("tls: an SSL 2.0 hello begins the conversation, with an SSL 2.0 server too") {
  const Octets client =
      Wire().u8(0x80).vec8(Wire().u8(1).u16(2).u16(3).u16(0).u16(16).fill(19, 7)).bytes();
  const Octets der = certificate();
  Wire body;
  body.u8(4).u8(0).u8(1).u16(2).u16(der.size()).u16(3).u16(16).raw(der).fill(19, 1);
  Talk talk;
  talk.client(client);
  CHECK(talk.app_proto() == "tls");
  talk.server(Wire().u16(0x8000 | body.size()).raw(body).bytes());
  CHECK(says(talk, "\"version\":\"SSLv2\""));
  CHECK(says(talk, "\"subject\":\"C=US"));
}

TEST_CASE("tls: guesses need a hello, a sealed record alone or two records in a row") {
  CHECK(guess_tls(hello_record()).yes);
  CHECK(guess_tls({}).unsure);
  CHECK(guess_tls(from_hex("1603")).unsure);
  CHECK_FALSE(guess_tls(from_hex("1604")).unsure);
  CHECK_FALSE(guess_tls(octets("GET / HTTP/1.1")).unsure);
  CHECK_FALSE(guess_tls(record(22, Wire().fill(40, 0xFF))).yes);
  const Octets sealed = record(21, Wire().fill(48, 0x99), 0x0300);
  CHECK(guess_tls(sealed).yes);
  CHECK(guess_tls(std::span<const uint8_t>(sealed).first(40)).unsure);
  CHECK_FALSE(guess_tls(join({sealed, from_hex("00112233")})).yes);
  CHECK_FALSE(guess_tls(from_hex("160303ffff010000")).unsure);
  CHECK_FALSE(guess_tls(from_hex("802e0200020003000000")).unsure);
}

TEST_CASE("handshake stream: a message that is too long is skipped, the next one is read") {
  HandshakeStream stream;
  HandshakeMessage message;
  const size_t length = HandshakeStream::kMaxMessage + 1;
  const Octets begin = Wire().u8(11).u24(length).fill(16000, 1).bytes();
  stream.feed(begin);
  CHECK_FALSE(stream.next(message));
  for (size_t left = length - 16000; left > 0; left -= std::min<size_t>(left, 16000)) {
    const Octets part(std::min<size_t>(left, 16000), 1);
    stream.feed(part);
    CHECK_FALSE(stream.next(message));
  }
  const Octets done = handshake(14, {});
  stream.feed(done);
  REQUIRE(stream.next(message));
  CHECK(message.type == 14);
}

TEST_CASE("dtls: a handshake in fragments, out of order and doubled, gives one event") {
  Talk talk({.protocol = PKTANA_UDP});
  talk.client(dtls_record(1, client_hello({.version = 0xFEFD, .versions = {}, .dtls = true})));
  CHECK(talk.app_proto() == "dtls");
  const Octets body = certificate_message(certificate());
  const auto part = [&](size_t offset, size_t length) {
    return dtls_record(11, body, {.sequence = 1, .offset = offset, .length = length});
  };
  talk.server(dtls_record(2, server_hello({.legacy_version = 0xFEFD}), {.sequence = 0}));
  talk.server(join({part(200, SIZE_MAX), dtls_record(14, {}, {.sequence = 2})}));
  talk.server(part(0, 120));
  CHECK(talk.events().empty());
  talk.server(join({part(0, 120), part(100, 150)}));
  CHECK(says(talk, "\"version\":\"DTLS 1.2\""));
  CHECK(says(talk, "\"subject\":\"C=US"));
  CHECK(says(talk, "\"ja4\":\"dd2d0405h2_"));
  CHECK_FALSE(talk.wanted());
}

TEST_CASE("dtls: the hello behind a HelloVerifyRequest does not make a second event") {
  Talk talk({.protocol = PKTANA_UDP});
  const Octets hello = client_hello({.version = 0xFEFD, .versions = {}, .dtls = true});
  talk.client(dtls_record(1, hello));
  talk.server(dtls_record(3, from_hex("feff04aabbccdd")));
  talk.client(dtls_record(1, hello, {.sequence = 1}));
  talk.server(dtls_record(2, server_hello({.legacy_version = 0xFEFD}), {.sequence = 1}));
  talk.server(dtls_record(14, {}, {.sequence = 2}));
  CHECK(talk.events().size() == 1);
}

TEST_CASE("dtls: cut at any byte it does no harm") {
  const Octets hello = dtls_record(1, client_hello({.version = 0xFEFD, .dtls = true}));
  for (size_t length = 1; length < hello.size(); ++length) {
    Talk talk({.protocol = PKTANA_UDP});
    talk.client(std::span<const uint8_t>(hello).first(length));
    talk.end();
    CHECK(talk.events().empty());
  }
}

TEST_CASE("tls: a MySQL client that asks for it goes on in TLS") {
  Wire greeting;
  greeting.u8(74).u16(0).u8(0).u8(10).text("8.0.34").u8(0).u32(7).fill(8, 0x31).u8(0).fill(54, 1);
  Wire login;
  login.u8(32).u16(0).u8(1).u32(0x8DAE0F00).fill(28, 0);
  Talk talk;
  talk.server(greeting.bytes());
  CHECK(talk.app_proto() == "mysql");
  talk.client(join({login, hello_record({.versions = {}})}));
  talk.server(server_flight());
  CHECK(talk.app_proto() == "tls");
  CHECK(talk.app_proto_before() == "mysql");
  CHECK(says(talk, "\"sni\":\"www.example.com\""));
  CHECK(says(talk, "\"from_proto\":\"mysql\""));
}

TEST_CASE("dtls: a call that begins with STUN goes on in DTLS, with its first datagram") {
  const Octets stun = Wire().u16(1).u16(0).u32(0x2112A442).fill(12, 5).bytes();
  Talk talk({.protocol = PKTANA_UDP});
  talk.client(stun);
  talk.server(stun);
  CHECK(talk.app_proto() == "stun");
  talk.client(dtls_record(1, client_hello({.version = 0xFEFD, .versions = {}, .dtls = true})));
  CHECK(talk.app_proto() == "dtls");
  CHECK(talk.app_proto_before() == "stun");
  talk.client(stun);
  talk.end();
  CHECK(says(talk, "\"ja4\":\"dd2d0405h2_"));
}

}  // namespace pktana::app::secure
