// SPDX-License-Identifier: Apache-2.0
// GRE (RFC 2784, 2890, 1701; version 1: RFC 2637) and ERSPAN.
#include "parse/gre.h"

#include <fmt/format.h>

#include "inspect/checksum.h"
#include "inspect/names.h"
#include "inspect/protocols.h"
#include "parse/erspan.h"
#include "parse/ethertype.h"

namespace pktana::inspect {
namespace {

constexpr uint16_t kChecksum = 0x8000;
constexpr uint16_t kRouting = 0x4000;
constexpr uint16_t kKey = 0x2000;
constexpr uint16_t kSequence = 0x1000;
constexpr uint16_t kAck = 0x0080;

constexpr Field kHead[] = {
    {"flags", 0, 2, Show::Hex},
    {"checksum_present", 0, 2, Show::Flag, 0x8000},
    {"routing_present", 0, 2, Show::Flag, 0x4000},
    {"key_present", 0, 2, Show::Flag, 0x2000},
    {"sequence_present", 0, 2, Show::Flag, 0x1000},
    {"strict_source_route", 0, 2, Show::Flag, 0x0800},
    {"ack_present", 0, 2, Show::Flag, 0x0080},
    {"version", 0, 2, Show::Number, 0x0007},
    {"protocol", 2, 2, Show::EtherType},
};
constexpr Field kOffset[] = {{"offset", 0, 2}};
constexpr Field kKeyField[] = {{"key", 0, 4, Show::Hex}};
constexpr Field kPptpKey[] = {{"payload_length", 0, 2}, {"call_id", 2, 2}};
constexpr Field kSequenceField[] = {{"seq", 0, 4}};
constexpr Field kAckField[] = {{"ack", 0, 4}};

/// The optional fields, in their order. @return where they end.
size_t add_optional(Layer& layer, uint16_t flags) {
  size_t at = 4;
  if ((flags & (kChecksum | kRouting)) != 0) {
    if ((flags & kChecksum) != 0 && layer.has(at, 2)) add_plain_checksum(layer, at);
    layer.fields(kOffset, at + 2);
    at += 4;
  }
  if ((flags & kKey) != 0) {
    layer.fields((flags & 7) == 1 ? Fields(kPptpKey) : Fields(kKeyField), at);
    at += 4;
  }
  if ((flags & kSequence) != 0) {
    layer.fields(kSequenceField, at);
    at += 4;
  }
  if ((flags & 7) == 1 && (flags & kAck) != 0) {
    layer.fields(kAckField, at);
    at += 4;
  }
  return at;
}

/// The redirect header of WCCP version 2; version 1 has none.
constexpr Field kWccp[] = {
    {"flags", 0, 1, Show::Hex}, {"service", 1}, {"alternative_bucket", 2}, {"primary_bucket", 3}};

Next dissect_wccp(Walk& walk, uint32_t) {
  Layer layer(walk, "wccp_redirect");
  if (!layer.fields(kWccp)) return layer.stop();
  layer.end(4);
  return {dissect_ipv4};
}

Next behind_gre(Walk& walk, uint16_t flags, uint16_t protocol) {
  constexpr size_t kRedirect = 4;
  const bool pptp = (flags & 7) == 1;
  if (pptp) return (flags & kSequence) != 0 ? Next{dissect_ppp} : Next{};
  switch (protocol) {
    case parse::kGreErspan:
      return (flags & kSequence) != 0 ? Next{dissect_erspan} : Next{dissect_ethernet};
    case parse::kGreErspan3:
      return {dissect_erspan};
    case parse::kGreWccp:
      return walk.left() >= kRedirect && walk.rest()[0] >> 4 != 4 ? Next{dissect_wccp}
                                                                  : Next{dissect_ipv4};
    default:
      return {dissect_ethertype, protocol};
  }
}

constexpr Field kErspanHead[] = {
    {"version", 0, 1, Show::Number, 0xF0},
    {"vlan", 0, 2, Show::Number, 0x0FFF},
    {"class", 2, 2, Show::Number, 0xE000},
    {"session", 2, 2, Show::Number, 0x03FF},
};
constexpr Field kErspan2[] = {{"index", 4, 4, Show::Number, 0x000FFFFF}};
constexpr Field kErspan3[] = {
    {"timestamp", 4, 4},
    {"security_tag", 8, 2},
    {"frame_type", 10, 2, Show::Number, 0x7C00},
    {"hardware", 10, 2, Show::Number, 0x03F0},
    {"direction", 10, 2, Show::Number, 0x0008},
    {"granularity", 10, 2, Show::Number, 0x0006},
    {"subheader", 10, 2, Show::Number, 0x0001},
};

}  // namespace

Next dissect_gre(Walk& walk, uint32_t) {
  Layer layer(walk, "gre");
  if (!layer.fields(kHead)) return layer.stop();
  const uint16_t flags = layer.u16(0);
  const uint16_t protocol = layer.u16(2);
  const auto view = parse::GreView::parse(layer.bytes());
  if (!view && view.error() == parse::ParseError::Unsupported)
    layer.error("bad_version", {0, 2}, fmt::format("GRE version {} is not read", flags & 7));
  if (!view && view.error() == parse::ParseError::Malformed)
    layer.error("no_key", {0, 2}, "version 1 needs the key field");
  const size_t fields_end = add_optional(layer, flags);
  layer.summary(fmt::format("version {}, {}", flags & 7, ethertype_name(protocol)));
  if (!view) return layer.stop();
  const size_t length = view->header_len_bytes();
  if (length > fields_end) layer.add_text("routing", fields_end, length - fields_end, {});
  layer.end(length);
  return behind_gre(walk, flags, protocol);
}

Next dissect_erspan(Walk& walk, uint32_t) {
  Layer layer(walk, "erspan");
  if (!layer.fields(kErspanHead)) return layer.stop();
  const bool type3 = layer.u8(0) >> 4 == 2;
  if (!layer.fields(type3 ? Fields(kErspan3) : Fields(kErspan2))) return layer.stop();
  const auto view = parse::ErspanView::parse(layer.bytes());
  if (!view) {
    layer.error("bad_version", {0, 1}, "neither type II nor type III, or cut");
    return layer.stop();
  }
  layer.summary(fmt::format("type {}, session {}", type3 ? "III" : "II", view->session()));
  layer.end(view->header_len_bytes());
  return view->carries_ip() ? Next{dissect_ip} : Next{dissect_ethernet};
}

}  // namespace pktana::inspect
