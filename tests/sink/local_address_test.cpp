// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <arpa/inet.h>

#include "sink/geo_database.h"
#include "support/catch.h"

namespace pktana::sink {
namespace {

bool is_local(const char* text) {
  std::array<uint8_t, 16> address{};
  if (::inet_pton(AF_INET, text, address.data()) == 1) return is_local_address(address.data(), 4);
  REQUIRE(::inet_pton(AF_INET6, text, address.data()) == 1);
  return is_local_address(address.data(), 6);
}

TEST_CASE("local addresses: the edges of the ranges that no database knows") {
  for (const char* inside :
       {"0.1.2.3", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1", "169.254.9.9",
        "172.16.0.0", "172.31.255.255", "192.168.0.1", "224.0.0.1", "255.255.255.255", "::", "::1",
        "fe80::1", "febf::1", "fc00::1", "fdff::1", "ff02::1"})
    CHECK(is_local(inside));
  for (const char* outside :
       {"1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "128.0.0.1",
        "169.253.0.1", "172.15.255.255", "172.32.0.0", "192.167.0.1", "223.255.255.255", "::2",
        "2001:db8::1", "fec0::1", "fb00::1"})
    CHECK_FALSE(is_local(outside));
}

}  // namespace
}  // namespace pktana::sink
