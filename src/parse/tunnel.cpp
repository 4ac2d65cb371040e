// SPDX-License-Identifier: Apache-2.0
#include "parse/tunnel.h"

namespace pktana::parse {

std::string_view to_string(TunnelType type) noexcept {
  switch (type) {
    case TunnelType::IpIp:
      return "ipip";
    case TunnelType::Gre:
      return "gre";
    case TunnelType::Nvgre:
      return "nvgre";
    case TunnelType::Pptp:
      return "pptp";
    case TunnelType::Erspan:
      return "erspan";
    case TunnelType::Vxlan:
      return "vxlan";
    case TunnelType::VxlanGpe:
      return "vxlan_gpe";
    case TunnelType::Geneve:
      return "geneve";
    case TunnelType::Gtpu:
      return "gtpu";
    case TunnelType::Teredo:
      return "teredo";
    case TunnelType::L2tp:
      return "l2tp";
    case TunnelType::Mpls:
      return "mpls";
    case TunnelType::VnTag:
      return "vntag";
    case TunnelType::ETag:
      return "etag";
    case TunnelType::Pbb:
      return "pbb";
    case TunnelType::Nsh:
      return "nsh";
    case TunnelType::Macsec:
      return "macsec";
    case TunnelType::Pppoe:
      return "pppoe";
    case TunnelType::FabricPath:
      return "fabricpath";
    case TunnelType::Ayiya:
      return "ayiya";
  }
  return "unknown";
}

std::optional<TunnelType> TunnelPorts::look_up(uint16_t src_port,
                                               uint16_t dst_port) const noexcept {
  std::optional<TunnelType> by_source;
  for (unsigned i = 0; i < count_; ++i) {
    if (entries_[i].port == dst_port) return entries_[i].type;
    if (entries_[i].port == src_port) by_source = entries_[i].type;
  }
  return by_source;
}

}  // namespace pktana::parse
