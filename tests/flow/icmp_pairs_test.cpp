// SPDX-License-Identifier: Apache-2.0
#include "flow/icmp_pairs.h"

#include "support/catch.h"

namespace pktana::flow {
namespace {

void check_pair(uint8_t protocol, uint8_t request, uint8_t reply) {
  for (const uint8_t type : {request, reply}) {
    const auto pair = icmp_pair(protocol, type);
    CAPTURE(protocol, type);
    REQUIRE(pair);
    CHECK(pair->request == request);
    CHECK(pair->reply == reply);
  }
}

TEST_CASE("icmp pairs: both types of an IPv4 exchange name the same pair") {
  check_pair(kProtocolIcmp, 8, 0);
  check_pair(kProtocolIcmp, 13, 14);
  check_pair(kProtocolIcmp, 15, 16);
  check_pair(kProtocolIcmp, 17, 18);
  check_pair(kProtocolIcmp, 10, 9);
}

TEST_CASE("icmp pairs: both types of an IPv6 exchange name the same pair") {
  check_pair(kProtocolIcmpv6, 128, 129);
  check_pair(kProtocolIcmpv6, 133, 134);
  check_pair(kProtocolIcmpv6, 135, 136);
  check_pair(kProtocolIcmpv6, 130, 131);
  check_pair(kProtocolIcmpv6, 139, 140);
  check_pair(kProtocolIcmpv6, 144, 145);
}

TEST_CASE("icmp pairs: errors and redirects are one-way") {
  for (const uint8_t type : std::initializer_list<uint8_t>{3, 4, 5, 11, 12, 128, 255})
    CHECK_FALSE(icmp_pair(kProtocolIcmp, type));
  for (const uint8_t type : std::initializer_list<uint8_t>{0, 1, 2, 3, 4, 8, 132, 137, 143, 255})
    CHECK_FALSE(icmp_pair(kProtocolIcmpv6, type));
}

TEST_CASE("icmp pairs: no type belongs to two pairs") {
  for (const uint8_t protocol : {kProtocolIcmp, kProtocolIcmpv6}) {
    for (unsigned type = 0; type < 256; ++type) {
      const auto pair = icmp_pair(protocol, static_cast<uint8_t>(type));
      if (!pair) continue;
      CHECK(icmp_pair(protocol, pair->request)->reply == pair->reply);
      CHECK(icmp_pair(protocol, pair->reply)->request == pair->request);
    }
  }
}

TEST_CASE("icmp pairs: query messages carry an identifier, others do not") {
  for (const uint8_t type : std::initializer_list<uint8_t>{0, 8, 13, 14, 15, 16, 17, 18})
    CHECK(icmp_has_identifier(kProtocolIcmp, type));
  for (const uint8_t type : std::initializer_list<uint8_t>{3, 5, 9, 10, 11, 12, 19, 128})
    CHECK_FALSE(icmp_has_identifier(kProtocolIcmp, type));
  for (const uint8_t type : std::initializer_list<uint8_t>{128, 129})
    CHECK(icmp_has_identifier(kProtocolIcmpv6, type));
  for (const uint8_t type : std::initializer_list<uint8_t>{0, 1, 8, 13, 133, 135})
    CHECK_FALSE(icmp_has_identifier(kProtocolIcmpv6, type));
}

}  // namespace
}  // namespace pktana::flow
