// SPDX-License-Identifier: Apache-2.0
#include "ring/interface_counters.h"

#include "ring/link_details.h"
#include "support/catch.h"

namespace pktana::ring {
namespace {

TEST_CASE("interface counters: the lines of /proc/net/dev give both directions") {
  const auto found = parse_interface_counters(
      "Inter-|   Receive                                                |  Transmit\n"
      " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs\n"
      "    lo: 100 2 0 0 0 0 0 0 101 3 0 0 0 0 0 0\n"
      "eth0.5:7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22\n"
      "broken: 1 2 3\n");
  REQUIRE(found.size() == 2);
  CHECK(found.at("lo").rx_bytes == 100);
  CHECK(found.at("lo").tx_packets == 3);
  CHECK(found.at("eth0.5").rx_packets == 8);
  CHECK(found.at("eth0.5").rx_drops == 10);
  CHECK(found.at("eth0.5").tx_bytes == 15);
}

TEST_CASE("interface counters: loopback has some") {
  const auto found = read_interface_counters();
  REQUIRE(found);
  CHECK(found->contains("lo"));
}

TEST_CASE("link details: netlink and ioctl say the same of loopback, and nothing of no interface") {
  const auto netlink = ask_link_details("lo");
  const auto ioctl = ask_link_details_by_ioctl("lo");
  REQUIRE(netlink);
  REQUIRE(ioctl);
  REQUIRE(netlink->offloads.gro.has_value());
  CHECK(netlink->offloads.gro == ioctl->offloads.gro);
  CHECK(netlink->offloads.tso == ioctl->offloads.tso);
  CHECK(netlink->offloads.gso == ioctl->offloads.gso);
  CHECK(netlink->offloads.lro == ioctl->offloads.lro);
  CHECK(netlink->offloads.rx_vlan == ioctl->offloads.rx_vlan);
  const auto none = ask_link_details("no-such-link0");
  REQUIRE(none);
  CHECK_FALSE(none->offloads.gro);
  CHECK_FALSE(none->speed_mbps);
}

}  // namespace
}  // namespace pktana::ring
