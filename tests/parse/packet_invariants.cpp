// SPDX-License-Identifier: Apache-2.0
#include "parse/packet_invariants.h"

namespace pktana::parse {
namespace {

bool is_within(base::Bytes inner, base::Bytes outer) {
  if (inner.empty()) return true;
  return inner.data() >= outer.data() && inner.data() + inner.size() <= outer.data() + outer.size();
}
bool is_within(const uint8_t* address, uint8_t ip_version, base::Bytes outer) {
  return is_within(base::Bytes(address, ip_version == 4 ? 4U : 16U), outer);
}

const char* broken_outer_layer(const Packet& packet, base::Bytes frame) {
  for (unsigned i = 0; i < packet.outer_count; ++i) {
    const OuterLayer& layer = packet.outer[i];
    if (layer.ip_version == 0) {
      if (layer.src != nullptr || layer.dst != nullptr)
        return "an outer layer without IP has addresses";
      continue;
    }
    if (layer.ip_version != 4 && layer.ip_version != 6)
      return "an outer layer's version is not 4 or 6";
    if (!is_within(layer.src, layer.ip_version, frame))
      return "an outer source is not in the frame";
    if (!is_within(layer.dst, layer.ip_version, frame))
      return "an outer destination is not in the frame";
  }
  return nullptr;
}

const char* broken_ip(const Packet& packet, base::Bytes frame) {
  if (packet.ip_version != 4 && packet.ip_version != 6) return "version is not 4 or 6";
  if (!is_within(packet.src, packet.ip_version, frame)) return "source is not in the frame";
  if (!is_within(packet.dst, packet.ip_version, frame)) return "destination is not in the frame";
  if (!is_within(packet.network, frame)) return "network bytes are not in the frame";
  if (!is_within(packet.transport, packet.network)) return "transport bytes are not in the packet";
  if (!is_within(packet.payload, packet.transport)) return "payload is not in the transport bytes";
  if (!is_within(packet.tcp_options, packet.transport))
    return "options are not in the transport bytes";
  if (packet.payload.size() > packet.payload_len) return "more payload captured than sent";
  if (packet.payload.size() < packet.payload_len && !packet.payload_cut)
    return "a cut payload is not marked";
  if (packet.network.size() > packet.ip_len) return "more captured than the IP length says";
  if (packet.fragment == Fragment::Later && (packet.src_port != 0 || packet.dst_port != 0))
    return "a later fragment has ports";
  return nullptr;
}

}  // namespace

const char* broken_invariant(const Packet& packet, base::Bytes frame) {
  if (packet.vlan_count > kMaxVlans) return "too many VLAN tags";
  if (packet.outer_count > kMaxOuterLayers) return "too many outer layers";
  for (unsigned i = 0; i < packet.vlan_count; ++i)
    if (packet.vlan_id[i] > 0x0FFF) return "a VLAN id has more than 12 bits";
  if (const char* const broken = broken_outer_layer(packet, frame)) return broken;
  switch (packet.verdict) {
    case Verdict::Ip:
      return broken_ip(packet, frame);
    case Verdict::NonIp:
      if (static_cast<unsigned>(packet.non_ip) >= kNonIpCount) return "unknown kind of non-IP";
      return is_within(packet.network, frame) ? nullptr : "network bytes are not in the frame";
    case Verdict::Undecodable:
      if (static_cast<unsigned>(packet.error) >= kParseErrorCount) return "unknown error";
      return static_cast<unsigned>(packet.layer) < kLayerCount ? nullptr : "unknown layer";
  }
  return "unknown verdict";
}

}  // namespace pktana::parse
