// SPDX-License-Identifier: Apache-2.0
#include "engine/tunnel_values.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/units.h"

namespace pktana::engine {
namespace {

using parse::TunnelType;

/// Those that run over UDP.
constexpr std::array kUdpTunnels{TunnelType::Vxlan, TunnelType::VxlanGpe, TunnelType::Geneve,
                                 TunnelType::Gtpu,  TunnelType::Teredo,   TunnelType::L2tp,
                                 TunnelType::Ayiya};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace

base::Result<void> read_tunnel_port(const std::string& text, parse::TunnelPorts& ports) {
  const size_t sign = text.find('=');
  const std::string name = text.substr(0, sign);
  const auto type = std::find_if(kUdpTunnels.begin(), kUdpTunnels.end(),
                                 [&](TunnelType one) { return to_string(one) == name; });
  if (type == kUdpTunnels.end() || sign == std::string::npos)
    return base::fail_input("", "'" + text +
                                    "' is not TYPE=PORT,... with a type of vxlan, vxlan_gpe, "
                                    "geneve, gtpu, teredo, l2tp, ayiya, as in vxlan=4789,8472");
  parse::TunnelPorts changed = ports;
  changed.remove(*type);
  for (const std::string& part : split(text.substr(sign + 1))) {
    const auto port = base::parse_count(part, 1, 65535);
    if (!port) return base::fail_input("", "port " + port.error().detail);
    if (!changed.add(*type, static_cast<uint16_t>(*port)))
      return base::fail_input(
          "", "more than " + std::to_string(parse::TunnelPorts::kMaxPorts) + " ports of tunnels");
  }
  ports = changed;
  return {};
}

base::Result<void> read_key_ignore(const std::string& text, flow::KeyOptions& key) {
  flow::KeyOptions changed = key;
  for (const std::string& part : split(text)) {
    if (part == "vlan")
      changed.vlan = false;
    else if (part == "tunnel")
      changed.tunnel = false;
    else
      return base::fail_input("", "'" + part + "' is not one of vlan, tunnel");
  }
  key = changed;
  return {};
}

}  // namespace pktana::engine
