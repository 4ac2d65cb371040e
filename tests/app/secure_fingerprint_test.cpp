// SPDX-License-Identifier: Apache-2.0
#include "app/secure/tls/fingerprint.h"
#include "app/secure_bytes.h"
#include "support/catch.h"

namespace pktana::app::secure {
namespace {

// The ClientHello of the example in FoxIO's description of JA4, with GREASE where browsers have it.
Octets published_example() {
  Wire ciphers;
  for (const unsigned cipher :
       {0x2A2AU, 0x1301U, 0x1302U, 0x1303U, 0xC02BU, 0xC02FU, 0xC02CU, 0xC030U, 0xCCA9U, 0xCCA8U,
        0xC013U, 0xC014U, 0x009CU, 0x009DU, 0x002FU, 0x0035U})
    ciphers.u16(cipher);
  const Octets algorithms = from_hex("001004030804040105030805050108060601");
  Wire extensions;
  const auto add = [&](uint16_t type, std::span<const uint8_t> body) {
    extensions.u16(type).vec16(body);
  };
  add(0x9A9A, {});
  for (const int type : {0x001B, 0x0033, 0x002D, 0x0005, 0x0023, 0x000B, 0x000A, 0x0012, 0x4469,
                         0x0017, 0xFF01, 0x0015})
    add(static_cast<uint16_t>(type), {});
  add(0x0000, from_hex("000700000461622e63"));
  add(0x000D, algorithms);
  add(0x0010, from_hex("000c02683208687474702f312e31"));
  add(0x002B, from_hex("063a3a03040303"));
  return Wire()
      .u16(0x0303)
      .fill(32, 1)
      .u8(0)
      .vec16(ciphers)
      .vec8(Wire().u8(0))
      .vec16(extensions)
      .bytes();
}

ClientHello parsed(const Octets& body) {
  const auto hello = parse_client_hello(body, false);
  REQUIRE(hello);
  return *hello;
}

}  // namespace

TEST_CASE("ja4: the published example has the published value") {
  const Octets body = published_example();
  CHECK(ja4_string(parsed(body), 't') == "t13d1516h2_8daaf6152771_e5627efa2ab1");
}

TEST_CASE("ja3: versions, ciphers, extensions, groups and formats, without GREASE") {
  const Octets body = client_hello({.grease = true});
  const std::string ja3 = ja3_string(parsed(body));
  CHECK(ja3 == "771,4865-4866-49195-49199,0-10-11-13-16-43,29-23-24,0");
  CHECK(ja3 == ja3_string(parsed(client_hello())));
  CHECK(ja3_hash("") == "d41d8cd98f00b204e9800998ecf8427e");
}

TEST_CASE("ja3s: what the server chose") {
  const Octets body = server_hello({.version = 0x0304, .cipher = 0x1301});
  const auto hello = parse_server_hello(body);
  REQUIRE(hello);
  CHECK(ja3s_string(*hello) == "771,4865,65281-43");
  CHECK(hello->version == 0x0304);
  CHECK_FALSE(hello->retry);
}

TEST_CASE("ja4: without name, ALPN, extensions") {
  CHECK(ja4_string(parsed(client_hello({.server_name = "", .alpn = {}})), 't')
            .starts_with("t13i040400_"));
  const Octets bare =
      Wire().u16(0x0301).fill(32, 1).u8(0).vec16(Wire().u16(5)).vec8(Wire().u8(0)).bytes();
  CHECK(ja4_string(parsed(bare), 't').ends_with("_000000000000"));
  CHECK(ja4_string(parsed(bare), 't').starts_with("t10i010000_"));
}

TEST_CASE("ja4: an ALPN whose ends are no letters or digits counts in hex") {
  const auto alpn_of = [](std::string_view name) {
    return ja4_string(parsed(client_hello({.alpn = {name}})), 't').substr(8, 2);
  };
  CHECK(alpn_of("h2") == "h2");
  CHECK(alpn_of("x") == "xx");
  CHECK(alpn_of("\xAB") == "ab");
  CHECK(alpn_of("\xAB\xCD") == "ad");
  CHECK(alpn_of("0-") == "3d");
}

TEST_CASE("client hello: the highest version of a list that has drafts and GREASE") {
  CHECK(highest_version(parsed(client_hello({.versions = {0xFB1A, 0x0304}}))) == 0xFB1A);
  CHECK(highest_version(parsed(client_hello({.grease = true}))) == 0x0304);
  CHECK(highest_version(parsed(client_hello({.versions = {0x7F1C}}))) == 0x7F1C);
  CHECK(highest_version(parsed(client_hello({.versions = {}}))) == 0x0303);
}

TEST_CASE("versions in words, as EVE has them") {
  CHECK(version_text(0x0300) == "SSLv3");
  CHECK(version_text(0x0301) == "TLSv1");
  CHECK(version_text(0x0302) == "TLS 1.1");
  CHECK(version_text(0xFB1A) == "TLS 1.3 draft-26-fb");
  CHECK(version_text(0x7F1C) == "TLS 1.3 draft-28");
  CHECK(version_text(0xFEFD) == "DTLS 1.2");
  CHECK(version_text(0x1234) == "0x1234");
}

TEST_CASE("client hello: cut at any byte it is none, or has fewer extensions") {
  const Octets body = client_hello();
  for (size_t length = 0; length < body.size(); ++length) {
    const auto hello = parse_client_hello(std::span<const uint8_t>(body).first(length), false);
    CHECK((!hello || hello->supported_versions.empty()));
  }
}

TEST_CASE("server hello: cut at any byte it is none, or has fewer extensions") {
  const Octets body = server_hello({.version = 0x0304});
  for (size_t length = 0; length < body.size(); ++length) {
    const auto hello = parse_server_hello(std::span<const uint8_t>(body).first(length));
    CHECK((!hello || hello->version == 0x0303));
  }
}

TEST_CASE("client hello: an odd cipher list or a long session id is malformed") {
  const auto hello = [](size_t session, size_t ciphers) {
    return Wire()
        .u16(0x0303)
        .fill(32, 1)
        .vec8(Wire().fill(session, 1))
        .vec16(Wire().fill(ciphers, 0))
        .vec8(Wire().u8(0))
        .bytes();
  };
  CHECK(parse_client_hello(hello(32, 2), false));
  CHECK_FALSE(parse_client_hello(hello(33, 2), false));
  CHECK_FALSE(parse_client_hello(hello(0, 3), false));
  CHECK_FALSE(parse_client_hello(hello(0, 0), false));
}

}  // namespace pktana::app::secure
