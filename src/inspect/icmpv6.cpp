// SPDX-License-Identifier: Apache-2.0
// ICMPv6 (RFC 4443), neighbour discovery (RFC 4861) and multicast listener discovery (RFC 2710,
// 3810). Neighbour discovery's options are ndp_options.cpp.
#include <fmt/format.h>

#include "inspect/checksum.h"
#include "inspect/ndp_options.h"
#include "inspect/protocols.h"
#include "inspect/text.h"
#include "parse/ip_protocol.h"

namespace pktana::inspect {
namespace {

constexpr Name kTypes[] = {
    {1, "destination unreachable"},
    {2, "packet too big"},
    {3, "time exceeded"},
    {4, "parameter problem"},
    {128, "echo request"},
    {129, "echo reply"},
    {130, "multicast listener query"},
    {131, "multicast listener report"},
    {132, "multicast listener done"},
    {133, "router solicitation"},
    {134, "router advertisement"},
    {135, "neighbour solicitation"},
    {136, "neighbour advertisement"},
    {137, "redirect"},
    {138, "router renumbering"},
    {139, "node information query"},
    {140, "node information reply"},
    {141, "inverse solicitation"},
    {142, "inverse advertisement"},
    {143, "multicast listener report v2"},
    {144, "home agent request"},
    {145, "home agent reply"},
    {146, "mobile prefix solicitation"},
    {147, "mobile prefix advertisement"},
    {148, "certification path solicitation"},
    {149, "certification path advertisement"},
    {151, "multicast router advertisement"},
    {152, "multicast router solicitation"},
    {153, "multicast router termination"},
    {155, "RPL control"},
    {160, "extended echo request"},
    {161, "extended echo reply"},
};
constexpr Name kUnreachable[] = {{0, "no route"},
                                 {1, "administratively prohibited"},
                                 {2, "beyond scope of source"},
                                 {3, "address unreachable"},
                                 {4, "port unreachable"},
                                 {5, "source address failed policy"},
                                 {6, "reject route"}};
constexpr Name kExceeded[] = {{0, "hop limit exceeded"}, {1, "reassembly time exceeded"}};
constexpr Name kParameter[] = {
    {0, "erroneous header field"}, {1, "unknown next header"}, {2, "unknown option"}};

constexpr Field kType[] = {{"type", 0, 1, Show::Number, 0, kTypes}};
constexpr Field kEcho[] = {{"id", 4, 2}, {"seq", 6, 2}};
constexpr Field kRest[] = {{"rest", 4, 4, Show::Hex}};
constexpr Field kMtu[] = {{"mtu", 4, 4}};
constexpr Field kPointer[] = {{"pointer", 4, 4}};
constexpr Field kReserved[] = {{"reserved", 4, 4, Show::Hex}};
constexpr Field kTarget[] = {{"target", 8, 16, Show::Ipv6}};
constexpr Field kDestination[] = {{"destination", 24, 16, Show::Ipv6}};
constexpr Field kRouter[] = {
    {"hop_limit", 4},
    {"flags", 5, 1, Show::Hex},
    {"managed", 5, 1, Show::Flag, 0x80},
    {"other", 5, 1, Show::Flag, 0x40},
    {"home_agent", 5, 1, Show::Flag, 0x20},
    {"proxy", 5, 1, Show::Flag, 0x04},
    {"router_lifetime", 6, 2},
    {"reachable_ms", 8, 4},
    {"retransmit_ms", 12, 4},
};
constexpr Field kNeighbour[] = {
    {"flags", 4, 4, Show::Hex},
    {"router", 4, 4, Show::Flag, 0x80000000},
    {"solicited", 4, 4, Show::Flag, 0x40000000},
    {"override", 4, 4, Show::Flag, 0x20000000},
    {"target", 8, 16, Show::Ipv6},
};
constexpr Field kListener[] = {
    {"response_ms", 4, 2}, {"reserved", 6, 2, Show::Hex}, {"group", 8, 16, Show::Ipv6}};
constexpr Field kQuery2[] = {
    {"flags", 24, 1, Show::Hex}, {"query_interval", 25}, {"source_count", 26, 2}};
constexpr Field kReport2[] = {{"reserved", 4, 2, Show::Hex}, {"record_count", 6, 2}};
constexpr Name kRecordTypes[] = {{1, "is include"}, {2, "is exclude"}, {3, "to include"},
                                 {4, "to exclude"}, {5, "allow new"},  {6, "block old"}};
constexpr Field kRecord[] = {{"type", 0, 1, Show::Number, 0, kRecordTypes},
                             {"auxiliary_words", 1},
                             {"source_count", 2, 2},
                             {"group", 4, 16, Show::Ipv6}};
constexpr Field kSource[] = {{"source", 0, 16, Show::Ipv6}};

Names codes_of(uint8_t type) noexcept {
  if (type == 1) return kUnreachable;
  if (type == 3) return kExceeded;
  return type == 4 ? Names(kParameter) : Names();
}

size_t add_sources(Layer& layer, size_t at, size_t count) {
  for (size_t i = 0; i < count && layer.fields(kSource, at); ++i)
    at += 16;
  return at;
}

size_t add_query(Layer& layer) {
  constexpr size_t kQuery1Length = 24;
  if (!layer.fields(kListener) || layer.size() <= kQuery1Length) return kQuery1Length;
  if (!layer.fields(kQuery2)) return layer.size();
  return add_sources(layer, 28, layer.u16(26));
}

size_t add_report2(Layer& layer) {
  if (!layer.fields(kReport2)) return layer.size();
  size_t at = 8;
  for (size_t i = 0; i < layer.u16(6) && !layer.walk().is_full(); ++i) {
    const size_t length = 20 + layer.u16(at + 2) * size_t{16} + layer.u8(at + 1) * size_t{4};
    layer.open("record", at, length);
    const bool whole = layer.fields(kRecord, at);
    if (whole) add_sources(layer, at + 20, layer.u16(at + 2));
    layer.close();
    if (!whole || !layer.has(at, length)) return layer.size();
    at += length;
  }
  return at;
}

/// A header with the options of neighbour discovery behind it.
size_t add_discovery(Layer& layer, Fields table, size_t length) {
  if (!layer.fields(table)) return layer.size();
  return add_ndp_options(layer, length);
}

size_t add_solicitation(Layer& layer) {
  return layer.fields(kReserved) ? add_discovery(layer, kTarget, 24) : layer.size();
}

size_t add_redirect(Layer& layer) {
  if (!layer.fields(kReserved) || !layer.fields(kTarget)) return layer.size();
  return add_discovery(layer, kDestination, 40);
}

/// @return the header's length.
size_t add_body(Layer& layer, uint8_t type) {
  switch (type) {
    case 128:
    case 129:
      layer.fields(kEcho);
      return 8;
    case 2:
      layer.fields(kMtu);
      return 8;
    case 4:
      layer.fields(kPointer);
      return 8;
    case 130:
      return add_query(layer);
    case 131:
    case 132:
      layer.fields(kListener);
      return 24;
    case 133:
      return add_discovery(layer, kReserved, 8);
    case 134:
      return add_discovery(layer, kRouter, 16);
    case 135:
      return add_solicitation(layer);
    case 136:
      return add_discovery(layer, kNeighbour, 24);
    case 137:
      return add_redirect(layer);
    case 143:
      return add_report2(layer);
    default:
      layer.fields(kRest);
      return 8;
  }
}

}  // namespace

Next dissect_icmpv6(Walk& walk, uint32_t) {
  Layer layer(walk, "icmpv6");
  const size_t sent = walk.sent_left();
  if (!layer.fields(kType) || !layer.has(0, 2)) return layer.stop();
  const uint8_t type = layer.u8(0);
  layer.add({"code", 1, 1, Show::Number, 0, codes_of(type)});
  const std::string_view code = name_of(codes_of(type), layer.u8(1));
  layer.summary(fmt::format("{}{}{}", name_of(kTypes, type), code.empty() ? "" : ": ", code));
  add_transport_checksum(layer, {.offset = 2, .length = sent, .protocol = parse::kIpProtoIcmpv6});
  if (!layer.has(0, 4)) return layer.stop();
  const size_t header = add_body(layer, type);
  if (name_of(kTypes, type).empty())
    layer.note("unknown_type", {0, 1}, fmt::format("ICMPv6 type {} is not known", type));
  layer.end(header);
  if (type < 128) walk.quote({dissect_ipv6}, walk.left());
  return {};
}

}  // namespace pktana::inspect
