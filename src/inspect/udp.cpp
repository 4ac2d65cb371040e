// SPDX-License-Identifier: Apache-2.0
// UDP (RFC 768), UDP-Lite (RFC 3828), and which tunnels their ports announce.
#include <fmt/format.h>

#include "inspect/checksum.h"
#include "inspect/protocols.h"
#include "parse/ip_protocol.h"
#include "parse/tunnel.h"

namespace pktana::inspect {
namespace {

constexpr size_t kHeaderLength = 8;
constexpr size_t kLengthOffset = 4;
constexpr size_t kChecksum = 6;

constexpr Field kUdp[] = {
    {"src_port", 0, 2, Show::Port}, {"dst_port", 2, 2, Show::Port}, {"length", 4, 2}};
constexpr Field kUdpLite[] = {
    {"src_port", 0, 2, Show::Port}, {"dst_port", 2, 2, Show::Port}, {"coverage", 4, 2}};

void add_udp_checksum(Layer& layer, bool lite, size_t sent) {
  const Walk& walk = layer.walk();
  const size_t length = layer.u16(kLengthOffset);
  TransportChecksum sum{.offset = kChecksum,
                        .length = length != 0 && !lite ? length : sent,
                        .protocol = walk.ip.protocol};
  sum.covered = lite ? length : 0;
  sum.zero_is_none = !lite;
  add_transport_checksum(layer, sum);
}

void find_odd_values(Layer& layer, size_t sent) {
  const size_t length = layer.u16(kLengthOffset);
  const Walk& walk = layer.walk();
  if (length != 0 && length < kHeaderLength)
    layer.error("bad_length", {kLengthOffset, 2},
                fmt::format("length {} is less than the header's 8", length));
  if (length > sent && !walk.ip.is_fragment)
    layer.error("bad_length", {kLengthOffset, 2},
                fmt::format("length {}, but the IP packet has {} bytes for it", length, sent));
  if (length >= kHeaderLength && length < sent && !walk.ip.is_fragment)
    layer.warn("bytes_behind_udp", {kLengthOffset, 2},
               fmt::format("{} bytes of the IP packet lie behind the datagram", sent - length));
  if (layer.u16(2) == 0) layer.warn("port_zero", {2, 2}, "port 0 is reserved");
  if (walk.ip.version == 6 && layer.u16(kChecksum) == 0)
    layer.note("no_checksum", {kChecksum, 2},
               "no checksum over IPv6: for some tunnels only (RFC 6935)");
}

}  // namespace

Next dissect_udp(Walk& walk, uint32_t protocol) {
  const bool lite = protocol != parse::kIpProtoUdp;
  Layer layer(walk, lite ? "udp_lite" : "udp");
  const size_t sent = walk.sent_left();
  const size_t begin = walk.at();
  if (!layer.fields(lite ? Fields(kUdpLite) : Fields(kUdp))) return layer.stop();
  add_udp_checksum(layer, lite, sent);
  if (!layer.has(0, kHeaderLength)) return layer.stop();
  if (!walk.is_quote() && !lite) find_odd_values(layer, sent);
  const size_t length = layer.u16(kLengthOffset);
  layer.end(kHeaderLength);
  if (!lite && length >= kHeaderLength) walk.limit(begin + length - walk.at());
  layer.summary(
      fmt::format("{} > {}, {} bytes of data", layer.u16(0), layer.u16(2), walk.sent_left()));
  if (walk.ip.is_fragment) return {};
  return {dissect_udp_payload, uint32_t{layer.u16(0)} << 16 | layer.u16(2)};
}

Next dissect_udp_payload(Walk&, uint32_t ports) {
  static constexpr parse::TunnelPorts kPorts;
  const auto type = kPorts.find(static_cast<uint16_t>(ports >> 16), static_cast<uint16_t>(ports));
  if (!type) return {};
  switch (*type) {
    case parse::TunnelType::Vxlan:
      return {dissect_vxlan, 0};
    case parse::TunnelType::VxlanGpe:
      return {dissect_vxlan, 1};
    case parse::TunnelType::Geneve:
      return {dissect_geneve};
    case parse::TunnelType::Gtpu:
      return {dissect_gtpu};
    case parse::TunnelType::Teredo:
      return {dissect_teredo};
    case parse::TunnelType::L2tp:
      return {dissect_l2tp};
    default:
      return {};
  }
}

}  // namespace pktana::inspect
