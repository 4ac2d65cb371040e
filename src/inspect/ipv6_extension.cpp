// SPDX-License-Identifier: Apache-2.0
// IPv6 extension headers (RFC 8200 section 4) and their options.
#include <cstring>

#include <fmt/format.h>

#include "inspect/names.h"
#include "inspect/protocols.h"
#include "inspect/text.h"
#include "parse/ip_protocol.h"

namespace pktana::inspect {
namespace {

constexpr uint8_t kPad1 = 0;
constexpr uint8_t kPadN = 1;
constexpr uint8_t kRouterAlert = 5;
constexpr uint8_t kJumbo = 0xC2;
constexpr uint8_t kHomeAddress = 0xC9;

// IANA "Destination Options and Hop-by-Hop Options".
constexpr Name kOptions[] = {
    {0x00, "pad1"},         {0x01, "padn"},        {0x04, "tunnel_limit"}, {0x05, "router_alert"},
    {0x07, "calipso"},      {0x08, "smf_dpd"},     {0x0F, "performance"},  {0x11, "ioam"},
    {0x22, "minimum_mtu"},  {0x26, "quick_start"}, {0x31, "ioam"},         {0x63, "rpl"},
    {0x6D, "mpl"},          {0x8B, "ilnp_nonce"},  {0x8C, "line_id"},      {0xC2, "jumbo_payload"},
    {0xC9, "home_address"}, {0x23, "rpl"},
};
constexpr Name kUnknownAction[] = {{0, "skip"},
                                   {1, "discard"},
                                   {2, "discard, tell the sender"},
                                   {3, "discard, tell the sender unless multicast"}};
constexpr Name kAlerts[] = {{0, "MLD"}, {1, "RSVP"}, {2, "active networks"}};
constexpr Name kRoutingTypes[] = {
    {0, "source route"}, {2, "mobile IPv6"}, {3, "RPL"}, {4, "segment routing"}};

constexpr Field kHead[] = {{"next_header", 0, 1, Show::IpProtocol}, {"length", 1}};
constexpr Field kType[] = {{"type", 0, 1, Show::Hex, 0, kOptions}};
constexpr Field kOptionHead[] = {
    {"type", 0, 1, Show::Hex, 0, kOptions},
    {"length", 1},
};
constexpr Field kAction[] = {{"if_unknown", 0, 1, Show::Number, 0xC0, kUnknownAction},
                             {"may_change", 0, 1, Show::Number, 0x20}};
constexpr Field kAlert[] = {{"value", 2, 2, Show::Number, 0, kAlerts}};
constexpr Field kJumboLength[] = {{"payload_length", 2, 4}};
constexpr Field kAddress[] = {{"address", 2, 16, Show::Ipv6}};

constexpr Field kRouting[] = {{"next_header", 0, 1, Show::IpProtocol},
                              {"length", 1},
                              {"type", 2, 1, Show::Number, 0, kRoutingTypes},
                              {"segments_left", 3}};
constexpr Field kSegmentRouting[] = {{"last_entry", 4}, {"flags", 5, 1, Show::Hex}, {"tag", 6, 2}};
constexpr Field kReserved[] = {{"reserved", 4, 4, Show::Hex}};
constexpr Field kHop[] = {{"address", 0, 16, Show::Ipv6}};

constexpr Field kFragmentFields[] = {
    {"next_header", 0, 1, Show::IpProtocol},        {"reserved", 1, 1, Show::Hex},
    {"offset", 2, 2, Show::Eights, 0xFFF8},         {"reserved_bits", 2, 2, Show::Number, 0x0006},
    {"more_fragments", 2, 2, Show::Number, 0x0001}, {"id", 4, 4, Show::Hex},
};

void add_option_body(Layer& layer, uint8_t type, size_t at, size_t length) {
  if (type == kRouterAlert && length == 4)
    layer.fields(kAlert, at);
  else if (type == kJumbo && length == 6)
    layer.fields(kJumboLength, at);
  else if (type == kHomeAddress && length == 18)
    layer.fields(kAddress, at);
  else if (type != kPadN && length > 2)
    layer.add_text("data", at + 2, length - 2, hex_text(layer.bytes(at + 2, length - 2)));
}

/// @return its length; 0 = nothing can be read behind it.
size_t add_option(Layer& layer, size_t at, size_t end) {
  const uint8_t type = layer.u8(at);
  const std::string_view known = name_of(kOptions, type);
  const size_t length = type == kPad1 ? 1 : layer.u8(at + 1) + size_t{2};
  if (at + length > end) {
    layer.error("bad_option_length", {at, 2},
                fmt::format("option 0x{:02x} needs {} bytes, {} are left", type, length, end - at));
    return 0;
  }
  layer.open(known.empty() ? "option" : known, at, length);
  if (type == kPad1) {
    layer.fields(kType, at);
  } else {
    layer.fields(kOptionHead, at);
    if (known.empty()) layer.fields(kAction, at);
    add_option_body(layer, type, at, length);
  }
  layer.close();
  return length;
}

void add_options(Layer& layer, size_t end) {
  for (size_t at = 2; at < end && !layer.walk().is_full();) {
    const size_t length = add_option(layer, at, end);
    if (length == 0) return;
    at += length;
  }
}

size_t extension_length(const Layer& layer) { return (layer.u8(1) + size_t{1}) * 8; }

/// The part that is the same for all; the header's end within what is captured.
size_t header_end(Layer& layer) {
  const size_t length = extension_length(layer);
  layer.summary(fmt::format("{} bytes, then {}", length, ip_protocol_name(layer.u8(0))));
  if (!layer.has(0, length)) layer.truncated("the header", length);
  return std::min(length, layer.size());
}

Next dissect_options(Walk& walk, std::string_view name) {
  Layer layer(walk, name);
  if (!layer.fields(kHead)) return layer.stop();
  const size_t end = header_end(layer);
  add_options(layer, end);
  layer.end(end);
  return {dissect_ip_protocol, layer.u8(0)};
}

/// The last address is where the packet goes, once it has been to the others (RFC 8200 section
/// 8.1); a segment list is in reverse (RFC 8754).
void set_final_destination(Layer& layer, size_t count, size_t first) {
  const uint8_t type = layer.u8(2);
  if (layer.u8(3) == 0 || count == 0 || (type != 0 && type != 2 && type != 4)) return;
  const size_t at = type == 4 ? first : first + (count - 1) * 16;
  if (layer.has(at, 16)) std::memcpy(layer.walk().ip.dst, layer.bytes(at, 16).data(), 16);
}

void add_segment_tlvs(Layer& layer, size_t at, size_t end) {
  if (at < end) layer.add_text("tlvs", at, end - at, hex_text(layer.bytes(at, end - at)));
}

void find_odd_route(Layer& layer, size_t count) {
  if (layer.u8(2) == 0)
    layer.warn("routing_type_0", {2, 1}, "type 0 is forbidden (RFC 5095): it amplifies traffic");
  if (layer.u8(2) != 3 && layer.u8(3) > count)
    layer.error("bad_segments_left", {3, 1},
                fmt::format("{} segments left of {}", layer.u8(3), count));
}

}  // namespace

Next dissect_hop_by_hop(Walk& walk, uint32_t) { return dissect_options(walk, "ipv6_hop_by_hop"); }

Next dissect_destination_options(Walk& walk, uint32_t) {
  return dissect_options(walk, "ipv6_destination_options");
}

Next dissect_routing(Walk& walk, uint32_t) {
  constexpr size_t kAddresses = 8;
  Layer layer(walk, "ipv6_routing");
  if (!layer.fields(kRouting)) return layer.stop();
  const size_t end = header_end(layer);
  const uint8_t type = layer.u8(2);
  const size_t room = (end - std::min(end, kAddresses)) / 16;
  const size_t count = type == 4 ? std::min<size_t>(layer.u8(4) + size_t{1}, room) : room;
  layer.fields(type == 4 ? Fields(kSegmentRouting) : Fields(kReserved));
  if (type == 3) {
    add_segment_tlvs(layer, kAddresses, end);
  } else {
    for (size_t i = 0; i < count; ++i)
      layer.fields(kHop, kAddresses + i * 16);
    add_segment_tlvs(layer, kAddresses + count * 16, end);
    find_odd_route(layer, count);
    set_final_destination(layer, count, kAddresses);
  }
  layer.end(end);
  return {dissect_ip_protocol, layer.u8(0)};
}

Next dissect_fragment(Walk& walk, uint32_t) {
  constexpr size_t kLength = 8;
  Layer layer(walk, "ipv6_fragment");
  if (!layer.fields(kFragmentFields)) return layer.stop();
  const size_t offset = layer.u16(2) & 0xFFF8U;
  const bool more = (layer.u16(2) & 1) != 0;
  layer.end(kLength);
  const size_t payload = walk.sent_left();
  layer.summary(fmt::format("bytes {} to {}{}", offset, offset + payload, more ? "" : ", last"));
  if (more && payload % 8 != 0)
    layer.error("fragment_length", {2, 2},
                fmt::format("{} bytes are not a multiple of 8, but more follow", payload));
  if (offset + payload > 65535)
    layer.error("fragment_overflow", {2, 2}, "the fragment ends beyond 65535 bytes");
  if (offset == 0 && !more)
    layer.note("atomic_fragment", {2, 2}, "the only fragment of its packet (RFC 6946)");
  else
    walk.ip.is_fragment = true;
  if (offset != 0) {
    walk.ip.protocol = layer.u8(0);
    return {};
  }
  return {dissect_ip_protocol, layer.u8(0)};
}

Next dissect_other_extension(Walk& walk, uint32_t protocol) {
  constexpr Name kLayers[] = {{135, "mobility"}, {139, "hip"}, {140, "shim6"}};
  Layer layer(walk, name_of(kLayers, protocol));
  if (!layer.fields(kHead)) return layer.stop();
  const size_t end = header_end(layer);
  constexpr Field kMobility[] = {{"type", 2}, {"reserved", 3}, {"checksum", 4, 2, Show::Hex}};
  size_t body = 2;
  if (protocol == parse::kIpProtoMobility && layer.fields(kMobility)) body = 6;
  if (end > body) layer.add_text("data", body, end - body, hex_text(layer.bytes(body, end - body)));
  layer.end(end);
  return {dissect_ip_protocol, layer.u8(0)};
}

}  // namespace pktana::inspect
