// SPDX-License-Identifier: Apache-2.0
#include "app/app_fixture.h"
#include "app/secure/ssh/ssh_messages.h"
#include "app/secure_bytes.h"
#include "support/catch.h"

namespace pktana::app::secure {
namespace {

Octets client_words() {
  return join({octets("SSH-2.0-Client_1.0 with comment\r\n"), ssh_kexinit()});
}
Octets server_words() { return join({octets("SSH-2.0-Server_2.0\r\n"), ssh_kexinit()}); }

}  // namespace

TEST_CASE("ssh: banners and HASSH of both sides, in one event") {
  Talk talk;
  talk.server(server_words());
  CHECK(talk.app_proto() == "ssh");
  talk.client(client_words());
  REQUIRE(talk.events().size() == 1);
  const std::string& event = talk.events()[0];
  CHECK(event.starts_with(
      "ssh{\"client\":{\"proto_version\":\"2.0\",\"software_version\":\"Client_1.0\","
      "\"hassh\":{\"hash\":\""));
  CHECK(event.find(
            "\"string\":\"curve25519-sha256,ext-info-c;aes128-ctr;hmac-sha2-256;none,zlib\"") !=
        std::string::npos);
  CHECK(event.find("\"string\":\"curve25519-sha256,ext-info-c;aes256-ctr;hmac-sha2-512;none\"") !=
        std::string::npos);
  CHECK(talk.fingerprint("hassh").size() == 32);
  CHECK(talk.fingerprint("hassh_server").size() == 32);
  CHECK_FALSE(talk.wanted());
}

TEST_CASE("ssh: pieces of any size give the same event") {
  Talk whole;
  whole.client(client_words());
  whole.server(server_words());
  for (const size_t piece : {1U, 2U, 3U, 7U, 50U}) {
    Talk talk;
    talk.in_pieces(flow::kToServer, client_words(), piece);
    talk.in_pieces(flow::kToClient, server_words(), piece);
    CHECK(talk.events() == whole.events());
  }
}

TEST_CASE("ssh: a server may say something before it names itself") {
  Talk talk;
  talk.server("Welcome\r\nto this host\r\n");
  talk.server(server_words());
  talk.client(client_words());
  CHECK(talk.app_proto() == "ssh");
  CHECK(talk.events().size() == 1);
}

TEST_CASE("ssh: version 1 has no KEXINIT to wait for") {
  Talk talk;
  talk.server("SSH-1.5-1.2.26\n");
  talk.client("SSH-1.5-1.2.27\n");
  REQUIRE(talk.events().size() == 1);
  CHECK(talk.events()[0] ==
        "ssh{\"client\":{\"proto_version\":\"1.5\",\"software_version\":\"1.2.27\"},"
        "\"server\":{\"proto_version\":\"1.5\",\"software_version\":\"1.2.26\"}}");
}

TEST_CASE("ssh: one side alone is told when the flow ends") {
  Talk talk;
  talk.client("SSH-2.0-Client_1.0\r\n");
  talk.end();
  REQUIRE(talk.events().size() == 1);
  CHECK(talk.events()[0].find("server") == std::string::npos);
}

TEST_CASE("ssh: a banner that never ends is given up") {
  Talk talk;
  talk.client("SSH-2.0-" + std::string(5000, 'x'));
  talk.server("SSH-2.0-" + std::string(5000, 'x'));
  CHECK_FALSE(talk.wanted());
  talk.end();
  CHECK(talk.events().empty());
}

TEST_CASE("ssh: banner lines") {
  const auto banner = parse_ssh_banner("SSH-1.99-OpenSSH_3.9p1 Debian-1");
  REQUIRE(banner);
  CHECK(banner->protocol == "1.99");
  CHECK(banner->software == "OpenSSH_3.9p1");
  CHECK(speaks_ssh2(banner->protocol));
  CHECK_FALSE(speaks_ssh2("1.5"));
  CHECK_FALSE(parse_ssh_banner("SSH-2.0"));
  CHECK_FALSE(parse_ssh_banner("SSH--x"));
  CHECK_FALSE(parse_ssh_banner("HTTP/1.1 200 OK"));
}

TEST_CASE(
    "ssh: packets with impossible lengths are none, and KEXINIT cut at any byte has no HASSH") {
  CHECK_FALSE(parse_ssh_packet(from_hex("000000010014")));
  CHECK_FALSE(parse_ssh_packet(from_hex("0000000a0a14")));
  CHECK_FALSE(parse_ssh_packet(from_hex("ffffffff0014")));
  const auto packet = parse_ssh_packet(ssh_kexinit());
  CHECK((packet && packet->whole && packet->type == kSshKexInit));
  const Octets bytes = ssh_kexinit();
  const Bytes body = Bytes(bytes).subspan(6);
  size_t found = 0;
  for (size_t length = 0; length < 120; ++length)
    found += hassh_string(body.first(length), false).empty() ? 0 : 1;
  CHECK(found == 0);
}

}  // namespace pktana::app::secure
