// SPDX-License-Identifier: Apache-2.0
#include "engine/tunnel_values.h"

#include "support/catch.h"

namespace pktana::engine {
namespace {

using parse::TunnelPorts;
using parse::TunnelType;

TEST_CASE("tunnel ports: the list of a kind replaces its ports, and leaves the others") {
  TunnelPorts ports;
  REQUIRE(read_tunnel_port("vxlan=7000,7001", ports));
  CHECK(ports.find(1, 7000) == TunnelType::Vxlan);
  CHECK(ports.find(7001, 1) == TunnelType::Vxlan);
  CHECK_FALSE(ports.find(1, 4789));
  CHECK(ports.find(1, 6081) == TunnelType::Geneve);
}

TEST_CASE("tunnel ports: an empty list closes a kind, a port can change its kind") {
  TunnelPorts ports;
  REQUIRE(read_tunnel_port("gtpu=", ports));
  CHECK_FALSE(ports.find(1, 2152));
  REQUIRE(read_tunnel_port("geneve=4789", ports));
  CHECK(ports.find(1, 4789) == TunnelType::Geneve);
  CHECK(ports.find(1, 8472) == TunnelType::Vxlan);
}

TEST_CASE("tunnel ports: what is no list of ports is refused, and changes nothing") {
  for (const char* text : {"vxlan", "gre=47", "vxlan=0", "vxlan=65536", "vxlan=1,x", "=1", ""}) {
    INFO(text);
    TunnelPorts ports;
    const auto read = read_tunnel_port(text, ports);
    REQUIRE_FALSE(read);
    CHECK_FALSE(read.error().detail.empty());
    CHECK(ports.find(1, 4789) == TunnelType::Vxlan);
  }
}

TEST_CASE("tunnel ports: more than there is room for is refused") {
  TunnelPorts ports;
  std::string text = "vxlan=1000";
  for (unsigned port = 1001; port < 1000 + TunnelPorts::kMaxPorts; ++port)
    text += "," + std::to_string(port);
  CHECK_FALSE(read_tunnel_port(text, ports));
}

TEST_CASE("key: VLAN ids and tunnels can be ignored, nothing else") {
  flow::KeyOptions key;
  REQUIRE(read_key_ignore("vlan", key));
  CHECK_FALSE(key.vlan);
  CHECK(key.tunnel);
  REQUIRE(read_key_ignore("tunnel,vlan", key));
  CHECK_FALSE(key.tunnel);
  CHECK_FALSE(read_key_ignore("port", key));
}

}  // namespace
}  // namespace pktana::engine
