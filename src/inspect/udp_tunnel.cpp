// SPDX-License-Identifier: Apache-2.0
// Tunnels over UDP: VXLAN (RFC 7348), VXLAN-GPE, Geneve (RFC 8926), Teredo (RFC 4380) and L2TP
// (RFC 2661, 3931). A payload that is none of them, whatever its port says, stays payload.
#include <fmt/format.h>

#include "inspect/names.h"
#include "inspect/protocols.h"
#include "inspect/text.h"
#include "parse/geneve.h"
#include "parse/l2tp.h"
#include "parse/teredo.h"
#include "parse/vxlan.h"

namespace pktana::inspect {
namespace {

constexpr Field kVxlan[] = {
    {"flags", 0, 2, Show::Hex},
    {"policy_group", 0, 2, Show::Flag, 0x8000},
    {"vni_valid", 0, 2, Show::Flag, 0x0800},
    {"group", 2, 2},
    {"vni", 4, 3},
    {"reserved", 7, 1, Show::Hex},
};
constexpr Name kNextProtocols[] = {{1, "IPv4"}, {2, "IPv6"}, {3, "Ethernet"},
                                   {4, "NSH"},  {5, "MPLS"}, {7, "vBNG"}};
constexpr Field kVxlanGpe[] = {
    {"flags", 0, 1, Show::Hex},
    {"vni_valid", 0, 1, Show::Flag, 0x08},
    {"next_protocol_present", 0, 1, Show::Flag, 0x04},
    {"oam", 0, 1, Show::Flag, 0x01},
    {"next_protocol", 3, 1, Show::Number, 0, kNextProtocols},
    {"vni", 4, 3},
    {"reserved", 7, 1, Show::Hex},
};

constexpr Field kGeneve[] = {
    {"version", 0, 1, Show::Number, 0xC0},
    {"options_length", 0, 1, Show::Words, 0x3F},
    {"flags", 1, 1, Show::Hex},
    {"oam", 1, 1, Show::Flag, 0x80},
    {"critical", 1, 1, Show::Flag, 0x40},
    {"protocol", 2, 2, Show::EtherType},
    {"vni", 4, 3},
    {"reserved", 7, 1, Show::Hex},
};
constexpr Field kGeneveOption[] = {
    {"class", 0, 2, Show::Hex},
    {"type", 2, 1, Show::Hex},
    {"critical", 2, 1, Show::Flag, 0x80},
    {"length", 3, 1, Show::Words, 0x1F},
};

void add_geneve_options(Layer& layer, size_t end) {
  for (size_t at = 8; at + 4 <= end;) {
    const size_t length = 4 + (layer.u8(at + 3) & 0x1FU) * size_t{4};
    layer.open("option", at, length);
    layer.fields(kGeneveOption, at);
    if (length > 4 && at + length <= end)
      layer.add_text("data", at + 4, length - 4, hex_text(layer.bytes(at + 4, length - 4)));
    layer.close();
    if (at + length > end)
      return layer.error("bad_option_length", {at + 3, 1},
                         fmt::format("an option of {} bytes, {} are left", length, end - at));
    at += length;
  }
}

constexpr Field kL2tp[] = {
    {"flags", 0, 2, Show::Hex},
    {"control", 0, 2, Show::Flag, 0x8000},
    {"length_present", 0, 2, Show::Flag, 0x4000},
    {"sequence_present", 0, 2, Show::Flag, 0x0800},
    {"offset_present", 0, 2, Show::Flag, 0x0200},
    {"priority", 0, 2, Show::Flag, 0x0100},
    {"version", 0, 2, Show::Number, 0x000F},
};
constexpr Field kL2tpLength[] = {{"length", 0, 2}};
constexpr Field kL2tpIds[] = {{"tunnel", 0, 2}, {"session", 2, 2}};
constexpr Field kL2tpSequence[] = {{"ns", 0, 2}, {"nr", 2, 2}};
constexpr Field kL2tpOffset[] = {{"offset_size", 0, 2}};
constexpr Field kL2tp3[] = {{"session", 4, 4, Show::Hex}};

/// Version 2. @return where the header ends.
size_t add_l2tp2(Layer& layer, uint16_t flags) {
  size_t at = 2;
  if ((flags & 0x4000) != 0) {
    layer.fields(kL2tpLength, at);
    at += 2;
  }
  layer.fields(kL2tpIds, at);
  at += 4;
  if ((flags & 0x0800) != 0) {
    layer.fields(kL2tpSequence, at);
    at += 4;
  }
  if ((flags & 0x0200) != 0) {
    layer.fields(kL2tpOffset, at);
    at += 2 + layer.u16(at);
  }
  return at;
}

}  // namespace

Next dissect_vxlan(Walk& walk, uint32_t with_next_protocol) {
  const auto view = parse::VxlanView::parse(walk.rest());
  if (!view && walk.left() >= parse::VxlanView::kHeaderLen && !walk.is_quote()) return {};
  const bool gpe = with_next_protocol != 0;
  Layer layer(walk, gpe ? "vxlan_gpe" : "vxlan");
  if (!layer.fields(gpe ? Fields(kVxlanGpe) : Fields(kVxlan)) || !view) return layer.stop();
  layer.summary(fmt::format("VNI {}", view->vni()));
  layer.end(parse::VxlanView::kHeaderLen);
  return gpe ? next_protocol(view->next_protocol()) : Next{dissect_ethernet};
}

Next dissect_geneve(Walk& walk, uint32_t) {
  if (walk.left() > 0 && walk.rest()[0] >> 6 != 0) return {};
  Layer layer(walk, "geneve");
  if (!layer.fields(kGeneve)) return layer.stop();
  const size_t length = 8 + (layer.u8(0) & 0x3FU) * size_t{4};
  layer.summary(fmt::format("VNI {}, {}", layer.u32(4) >> 8, ethertype_name(layer.u16(2))));
  if (!layer.has(0, length)) layer.truncated("the options", length);
  add_geneve_options(layer, std::min(length, layer.size()));
  layer.end(length);
  return {dissect_ethertype, layer.u16(2)};
}

Next dissect_teredo(Walk& walk, uint32_t) {
  const auto view = parse::TeredoView::parse(walk.rest());
  if (!view || walk.left() <= view->header_len_bytes() ||
      walk.rest()[view->header_len_bytes()] >> 4 != 6)
    return {};
  const size_t length = view->header_len_bytes();
  if (length == 0) return {dissect_ipv6};
  Layer layer(walk, "teredo");
  layer.add_text("indications", 0, length, hex_text(layer.bytes(0, length)));
  layer.summary("authentication or origin indication");
  layer.end(length);
  return {dissect_ipv6};
}

Next dissect_l2tp(Walk& walk, uint32_t) {
  constexpr size_t kMinLength = 6;
  if (walk.left() < kMinLength) return {};
  const auto flags = base::load_be<uint16_t>(walk.rest().data());
  const unsigned version = flags & 0x000FU;
  if (version != 2 && version != 3) return {};
  Layer layer(walk, "l2tp");
  layer.fields(kL2tp);
  const bool control = (flags & 0x8000) != 0;
  if (version == 3 && !control) {
    layer.fields(kL2tp3);
    layer.summary(fmt::format("version 3, session 0x{:08x}", layer.u32(4)));
    layer.end(8);
    const base::Bytes rest = walk.rest();
    return rest.size() >= 2 && rest[0] == 0xFF && rest[1] == 0x03 ? Next{dissect_ppp} : Next{};
  }
  const size_t end = version == 2 ? add_l2tp2(layer, flags) : 2;
  layer.summary(fmt::format("version {}, {} message", version, control ? "control" : "data"));
  layer.end(end);
  return control || version == 3 ? Next{} : Next{dissect_ppp};
}

}  // namespace pktana::inspect
