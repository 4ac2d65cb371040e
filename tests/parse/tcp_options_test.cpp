// SPDX-License-Identifier: Apache-2.0
#include "parse/tcp_options.h"

#include <vector>

#include "support/catch.h"
#include "support/packet_builder.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

std::vector<uint8_t> kinds(const Octets& bytes) {
  std::vector<uint8_t> found;
  for (const TcpOption& option : TcpOptions(bytes))
    found.push_back(option.kind);
  return found;
}

TEST_CASE(
    "tcp_options: golden bytes of a SYN give MSS, SACK-permitted, timestamps and window scale") {
  const Octets bytes = hex("020405b4 0402 080a 01020304 00000000 01 030307");
  CHECK(kinds(bytes) == std::vector<uint8_t>{2, 4, 8, 1, 3});
  for (const TcpOption& option : TcpOptions(bytes)) {
    if (option.kind == kTcpOptionMss) CHECK(option.as_mss() == 1460);
    if (option.kind == kTcpOptionWindowScale) CHECK(option.as_window_scale() == 7);
    if (option.kind == kTcpOptionTimestamps) CHECK(option.as_timestamps()->value == 0x01020304);
    if (option.kind == kTcpOptionTimestamps) CHECK(option.as_timestamps()->echo_reply == 0);
  }
}

TEST_CASE("tcp_options: SACK blocks are given in their order") {
  const Octets bytes = hex("0101 0512 00000001 00000002 00000003 00000004");
  auto it = TcpOptions(bytes).begin();
  ++it;
  ++it;
  REQUIRE(it->sack_block_count() == 2);
  CHECK(it->sack_block(0).left == 1);
  CHECK(it->sack_block(0).right == 2);
  CHECK(it->sack_block(1).left == 3);
  CHECK(it->sack_block(1).right == 4);
}

TEST_CASE("tcp_options: the end-of-list option ends the list") {
  CHECK(kinds(hex("01 00 020405b4")) == std::vector<uint8_t>{1});
  CHECK(kinds({}).empty());
}

TEST_CASE("tcp_options: a length below 2 or beyond the bytes ends the list") {
  CHECK(kinds(hex("01 0200 01")) == std::vector<uint8_t>{1});
  CHECK(kinds(hex("01 0201 01")) == std::vector<uint8_t>{1});
  CHECK(kinds(hex("01 0205 01")) == std::vector<uint8_t>{1});
  CHECK(kinds(hex("01 02")) == std::vector<uint8_t>{1});
}

TEST_CASE("tcp_options: an accessor gives nothing for another kind or a wrong length") {
  const Octets wrong = hex("0203ff 030400ff 0809 01020304050607 0506 00000000");
  for (const TcpOption& option : TcpOptions(wrong)) {
    CHECK_FALSE(option.as_mss());
    CHECK_FALSE(option.as_window_scale());
    CHECK_FALSE(option.as_timestamps());
    CHECK(option.sack_block_count() == 0);
  }
}

TEST_CASE("tcp_options: a window scale above 14 counts as 14 (RFC 7323 section 2.3)") {
  const Octets bytes = hex("0303ff");
  CHECK(TcpOptions(bytes).begin()->as_window_scale() == 14);
}

TEST_CASE("tcp_options: every prefix of a list ends without reading beyond it") {
  const Octets whole = hex("020405b4 0402 080a 01020304 00000000 01 030307 050a 00000001 00000002");
  for (size_t length = 0; length <= whole.size(); ++length) {
    const std::vector<uint8_t> exact(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length));
    const std::vector<uint8_t> found = kinds(exact);
    CHECK(found.size() <= 6);
  }
}

TEST_CASE("tcp_options: forty NOPs are forty options") {
  CHECK(kinds(Octets(40, kTcpOptionNop)).size() == 40);
}

}  // namespace
}  // namespace pktana::parse
