// SPDX-License-Identifier: Apache-2.0
#include "base/netlink.h"

#include <cstring>
#include <string>

#include <linux/rtnetlink.h>

#include "support/catch.h"

namespace pktana::base {
namespace {

TEST_CASE("netlink: a request has its length, number and nested attributes where they belong") {
  NetlinkRequest request(17, NLM_F_ACK);
  const size_t nest = request.begin_nest(3);
  request.put_attribute(5, std::string_view("ab"));
  request.end_nest(nest);
  const Bytes bytes = request.bytes(9);
  REQUIRE(bytes.size() == 28);  // header 16, nest 4, attribute 4 + "ab" with zero, padded
  CHECK(load_raw<uint32_t>(bytes.data()) == 28);
  CHECK(load_raw<uint16_t>(bytes.data() + 4) == 17);
  CHECK(load_raw<uint16_t>(bytes.data() + 6) == (NLM_F_ACK | NLM_F_REQUEST));
  CHECK(load_raw<uint32_t>(bytes.data() + 8) == 9);
  int seen = 0;
  for_each_attribute(bytes.subspan(16), [&](uint16_t type, Bytes inside) {
    CHECK(type == 3);
    for_each_attribute(inside, [&](uint16_t inner, Bytes value) {
      CHECK(inner == 5);
      CHECK(attribute_text(value) == "ab");
      ++seen;
    });
  });
  CHECK(seen == 1);
}

TEST_CASE("netlink: an attribute that is cut or lies about its length ends the list") {
  const uint8_t good[] = {8, 0, 1, 0, 7, 0, 0, 0};
  const uint8_t too_long[] = {8, 0, 1, 0, 7, 0, 0, 0, 12, 0, 2, 0, 1, 1, 1, 1};
  const uint8_t too_short[] = {3, 0, 1, 0};
  int count = 0;
  const auto visit = [&](uint16_t, Bytes) { ++count; };
  for (size_t size = 0; size < sizeof good; ++size)
    for_each_attribute(Bytes(good).first(size), visit);
  CHECK(count == 0);
  for_each_attribute(too_long, visit);
  CHECK(count == 1);
  for_each_attribute(too_short, visit);
  CHECK(count == 1);
}

TEST_CASE("netlink: the kernel answers a dump to its end, and an impossible request by an error") {
  auto socket = NetlinkSocket::open(NETLINK_ROUTE);
  REQUIRE(socket);
  NetlinkRequest dump(RTM_GETLINK, NLM_F_DUMP);
  dump.put(ifinfomsg{});
  bool loopback = false;
  const auto find_loopback = [&](Bytes body) {
    for_each_attribute(body.subspan(sizeof(ifinfomsg)), [&](uint16_t type, Bytes value) {
      loopback |= type == IFLA_IFNAME && attribute_text(value) == "lo";
    });
  };
  REQUIRE(socket->ask(dump, find_loopback));
  CHECK(loopback);
  NetlinkRequest wrong(RTM_GETLINK, NLM_F_ACK);
  wrong.put(ifinfomsg{});
  wrong.put_attribute(IFLA_IFNAME, std::string_view("no-such-link0"));
  const auto asked = socket->ask(wrong, [](Bytes) {});
  REQUIRE_FALSE(asked);
  CHECK(asked.error().code == std::errc::no_such_device);
}

}  // namespace
}  // namespace pktana::base
