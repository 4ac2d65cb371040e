// SPDX-License-Identifier: Apache-2.0
// IPv6 fixed header (RFC 8200).
#include <cstring>

#include <fmt/format.h>

#include "inspect/address_check.h"
#include "inspect/names.h"
#include "inspect/protocols.h"
#include "inspect/text.h"
#include "parse/ip_protocol.h"
#include "parse/ipv6_extension.h"

namespace pktana::inspect {
namespace {

constexpr size_t kHeaderLength = 40;
constexpr size_t kPayloadLength = 4;
constexpr size_t kNextHeader = 6;
constexpr size_t kHopLimit = 7;
constexpr size_t kSource = 8;
constexpr size_t kDestination = 24;

constexpr Field kFields[] = {
    {"version", 0, 1, Show::Number, 0xF0},
    {"dscp", 0, 2, Show::Dscp, 0x0FC0},
    {"ecn", 0, 2, Show::Number, 0x0030},
    {"flow_label", 1, 3, Show::Hex, 0x0FFFFF},
    {"payload_length", 4, 2},
    {"next_header", 6, 1, Show::IpProtocol},
    {"hop_limit", 7},
    {"src", 8, 16, Show::Ipv6},
    {"dst", 24, 16, Show::Ipv6},
};

void find_odd_values(Layer& layer) {
  Walk& walk = layer.walk();
  if (walk.is_quote()) return;
  const size_t payload = layer.u16(kPayloadLength);
  const size_t room = walk.sent_left() - std::min(walk.sent_left(), kHeaderLength);
  if (payload > room)
    layer.error("bad_payload_length", {kPayloadLength, 2},
                fmt::format("payload length {}, but {} bytes follow", payload, room));
  if (layer.u8(kHopLimit) == 0)
    layer.warn("hop_limit_zero", {kHopLimit, 1}, "hop limit 0: it should have been dropped");
  check_ipv6_addresses(layer, kSource, kDestination);
}

/// Behind the fixed header; what follows is read from `walk`.
void set_end(Layer& layer, Walk& walk, size_t payload, uint8_t next_header) {
  if (payload != 0 || next_header == parse::kIpProtoNoNext) return walk.limit(payload);
  if (next_header == parse::kIpProtoHopByHop) {
    const auto options = parse::Ipv6ExtensionView::parse(next_header, walk.rest());
    if (options && options->jumbo_len_bytes()) return walk.limit(*options->jumbo_len_bytes());
  }
  layer.note("no_payload_length", {kPayloadLength, 2},
             "payload length 0 without a jumbo option: taken from the frame");
}

}  // namespace

Next dissect_ipv6(Walk& walk, uint32_t) {
  Layer layer(walk, "ipv6");
  if (layer.has(0, 1) && layer.u8(0) >> 4 != 6) {
    layer.add(kFields[0]);
    layer.error("bad_version", {0, 1}, fmt::format("version {} is not 6", layer.u8(0) >> 4));
    layer.end(1);
    return {};
  }
  if (!layer.fields(kFields)) return layer.stop();
  const uint8_t next_header = layer.u8(kNextHeader);
  layer.summary(fmt::format("{} > {}, {}", ipv6_text(layer.bytes(kSource, 16)),
                            ipv6_text(layer.bytes(kDestination, 16)),
                            ip_protocol_name(next_header)));
  find_odd_values(layer);
  walk.ip = {};
  walk.ip.version = 6;
  std::memcpy(walk.ip.src, layer.bytes(kSource, 16).data(), 16);
  std::memcpy(walk.ip.dst, layer.bytes(kDestination, 16).data(), 16);
  layer.end(kHeaderLength);
  set_end(layer, walk, layer.u16(kPayloadLength), next_header);
  return {dissect_ip_protocol, next_header};
}

}  // namespace pktana::inspect
