// SPDX-License-Identifier: Apache-2.0
#include "flow/protocol_name.h"

#include <string>

#include "support/catch.h"

namespace pktana::flow {

TEST_CASE("protocol name: those of EVE") {
  CHECK(protocol_name(1) == "ICMP");
  CHECK(protocol_name(2) == "IGMP");
  CHECK(protocol_name(4) == "IP-in-IP");
  CHECK(protocol_name(6) == "TCP");
  CHECK(protocol_name(17) == "UDP");
  CHECK(protocol_name(41) == "IPv6");
  CHECK(protocol_name(46) == "RSVP");
  CHECK(protocol_name(47) == "GRE");
  CHECK(protocol_name(50) == "ESP");
  CHECK(protocol_name(51) == "AH");
  CHECK(protocol_name(58) == "IPv6-ICMP");
  CHECK(protocol_name(88) == "EIGRP");
  CHECK(protocol_name(89) == "OSPF");
  CHECK(protocol_name(103) == "PIM");
  CHECK(protocol_name(112) == "VRRP");
  CHECK(protocol_name(132) == "SCTP");
  CHECK(protocol_name(136) == "UDPLite");
  CHECK(protocol_name(143) == "Ethernet");
}

TEST_CASE("protocol name: a number without a name is given in decimal") {
  for (unsigned number = 144; number < 256; ++number)
    CHECK(protocol_name(static_cast<uint8_t>(number)) == std::to_string(number));
}

}  // namespace pktana::flow
