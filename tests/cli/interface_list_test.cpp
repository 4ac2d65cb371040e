// SPDX-License-Identifier: Apache-2.0
#include "cli/interface_list.h"

#include <net/if.h>

#include "support/catch.h"

namespace pktana::cli {
namespace {

ListedInterface eth0() {
  ListedInterface one;
  one.interface.name = "eth0";
  one.interface.flags = IFF_UP | IFF_RUNNING;
  one.interface.link_type = 1;
  one.interface.mtu_bytes = 1500;
  one.interface.addresses = {"10.0.0.1/24", "fe80::1/64"};
  one.details.driver = "ixgbe";
  one.details.speed_mbps = 10000;
  return one;
}

TEST_CASE("interfaces: the table has state, MTU, speed, driver and all addresses") {
  CHECK(interfaces_as_table({eth0()}, false) ==
        "NAME  STATE  LINK TYPE  MTU   SPEED     DRIVER  ADDRESSES\n"
        "eth0  up     ETHERNET   1500  10Gbit/s  ixgbe   10.0.0.1/24, fe80::1/64\n");
}

TEST_CASE("interfaces: rates make columns of their own") {
  ListedInterface one = eth0();
  one.rates = InterfaceRates{
      .rx_packets = 1234.5, .rx_bits = 9.87e6, .rx_drops = 0, .tx_packets = 12, .tx_bits = 999.7};
  const std::string table = interfaces_as_table({one, eth0()}, true);
  CHECK(table.find("RX PKT/S") != std::string::npos);
  CHECK(table.find("1.2k      9.9M      0       12        1.0k") != std::string::npos);
  CHECK(table.find("\033[1mNAME") == 0);
}

TEST_CASE("interfaces: what is not known is null in JSON") {
  ListedInterface one;
  one.interface.name = "wg\"0";
  CHECK(interfaces_as_json({one}) ==
        "[{\"name\":\"wg\\\"0\",\"state\":\"down\",\"link_type\":\"NULL\",\"mtu\":null,"
        "\"speed_mbps\":null,\"driver\":null,\"mac\":null,\"rates\":null,\"addresses\":[]}]\n");
}

}  // namespace
}  // namespace pktana::cli
