// SPDX-License-Identifier: Apache-2.0
#include "flow/encapsulation.h"

#include <cstring>

#include "flow/flow_record.h"
#include "parse/packet.h"

namespace pktana::flow {
namespace {

static_assert(kMaxTunnelLayers == parse::kMaxOuterLayers + parse::kMaxVlans - kMaxRecordVlans);

constexpr uint8_t kVlanLayer = 0xFF;  ///< no parse::TunnelType

TunnelLayer to_layer(const parse::OuterLayer& outer) noexcept {
  TunnelLayer layer;
  layer.type = static_cast<uint8_t>(outer.type);
  layer.ip_version = outer.ip_version;
  layer.id = outer.id;
  if (outer.ip_version == 0) return layer;
  const size_t len = outer.ip_version == 4 ? 4 : 16;
  std::memcpy(layer.src.data(), outer.src, len);
  std::memcpy(layer.dst.data(), outer.dst, len);
  return layer;
}

}  // namespace

std::string_view type_name(const TunnelLayer& layer) noexcept {
  if (layer.type == kVlanLayer) return "vlan";
  return to_string(static_cast<parse::TunnelType>(layer.type));
}

bool is_encapsulated(const parse::Packet& packet) noexcept {
  return packet.outer_count > 0 || packet.vlan_count > kMaxRecordVlans;
}

void copy_encapsulation(const parse::Packet& packet, Encapsulation& out) noexcept {
  out.count = 0;
  for (unsigned i = kMaxRecordVlans; i < packet.vlan_count; ++i) {
    out.layer[out.count] = {};
    out.layer[out.count].type = kVlanLayer;
    out.layer[out.count++].id = packet.vlan_id[i];
  }
  for (unsigned i = 0; i < packet.outer_count; ++i)
    out.layer[out.count++] = to_layer(packet.outer[i]);
}

}  // namespace pktana::flow
