// SPDX-License-Identifier: Apache-2.0
// Tags and labels below IP: MPLS (RFC 3032), NSH (RFC 8300), VN-Tag, E-Tag (802.1BR), 802.1ah,
// MACsec (802.1AE).
#include <fmt/format.h>

#include "inspect/names.h"
#include "inspect/protocols.h"
#include "inspect/text.h"
#include "parse/ethernet.h"
#include "parse/ethertype.h"
#include "parse/ipv4.h"
#include "parse/ipv6.h"
#include "parse/macsec.h"
#include "parse/nsh.h"
#include "parse/vxlan.h"

namespace pktana::inspect {
namespace {

constexpr Name kLabels[] = {{0, "IPv4 explicit null"}, {1, "router alert"},
                            {2, "IPv6 explicit null"}, {3, "implicit null"},
                            {7, "entropy label"},      {13, "associated channel"}};
constexpr Field kMpls[] = {
    {"label", 0, 3, Show::Number, 0xFFFFF0, kLabels},
    {"traffic_class", 2, 1, Show::Number, 0x0E},
    {"bottom", 2, 1, Show::Number, 0x01},
    {"ttl", 3},
};
constexpr Field kControlWord[] = {{"flags", 0, 2, Show::Hex}, {"seq", 2, 2}};

constexpr Name kNextProtocols[] = {
    {1, "IPv4"}, {2, "IPv6"}, {3, "Ethernet"}, {4, "NSH"}, {5, "MPLS"}};
constexpr Field kNsh[] = {
    {"version", 0, 1, Show::Number, 0xC0},
    {"oam", 0, 1, Show::Number, 0x20},
    {"ttl", 0, 2, Show::Number, 0x0FC0},
    {"length", 0, 2, Show::Words, 0x003F},
    {"md_type", 2, 1, Show::Number, 0x0F},
    {"next_protocol", 3, 1, Show::Number, 0, kNextProtocols},
    {"service_path", 4, 3},
    {"service_index", 7},
};
constexpr Field kVnTag[] = {
    {"direction", 0, 2, Show::Number, 0x8000},
    {"pointer", 0, 2, Show::Number, 0x4000},
    {"dst_interface", 0, 2, Show::Number, 0x3FFF},
    {"looped", 2, 2, Show::Number, 0x8000},
    {"version", 2, 2, Show::Number, 0x3000},
    {"src_interface", 2, 2, Show::Number, 0x0FFF},
    {"type", 4, 2, Show::EtherType},
};
constexpr Field kETag[] = {
    {"priority", 0, 2, Show::Number, 0xE000},
    {"drop_eligible", 0, 2, Show::Number, 0x1000},
    {"ingress_channel", 0, 2, Show::Number, 0x0FFF},
    {"group", 2, 2, Show::Number, 0x3000},
    {"channel", 2, 2, Show::Number, 0x0FFF},
    {"ingress_extension", 4},
    {"channel_extension", 5},
    {"type", 6, 2, Show::EtherType},
};
constexpr Field kPbb[] = {
    {"priority", 0, 1, Show::Number, 0xE0},
    {"drop_eligible", 0, 1, Show::Number, 0x10},
    {"no_customer_addresses", 0, 1, Show::Number, 0x08},
    {"service", 1, 3},
};
constexpr Field kMacsec[] = {
    {"control", 0, 1, Show::Hex},
    {"end_station", 0, 1, Show::Flag, 0x40},
    {"has_channel", 0, 1, Show::Flag, 0x20},
    {"single_copy_broadcast", 0, 1, Show::Flag, 0x10},
    {"encrypted", 0, 1, Show::Flag, 0x08},
    {"changed", 0, 1, Show::Flag, 0x04},
    {"association", 0, 1, Show::Number, 0x03},
    {"short_length", 1},
    {"packet_number", 2, 4},
};
constexpr Field kChannel[] = {{"channel", 6, 8, Show::Octets}};

bool looks_like_ethernet(base::Bytes bytes) {
  const auto ethernet = parse::EthernetView::parse(bytes);
  if (!ethernet) return false;
  const uint16_t type = ethernet->type();
  return type <= parse::kMax8023Length ? type <= bytes.size() : !ethertype_name(type).empty();
}

bool looks_like_ip(const Walk& walk) {
  if (const auto ip = parse::Ipv4View::parse(walk.rest()))
    return ip->total_len_bytes() <= walk.sent_left();
  if (const auto ip = parse::Ipv6View::parse(walk.rest()))
    return ip->payload_len_bytes() + parse::Ipv6View::kHeaderLen <= walk.sent_left();
  return false;
}

Next dissect_control_word(Walk& walk, uint32_t) {
  Layer layer(walk, "pseudowire");
  layer.fields(kControlWord);
  layer.summary("control word");
  layer.end(4);
  return {dissect_ethernet};
}

/// A label stack does not say what is below it.
Next below_labels(const Walk& walk) {
  const base::Bytes rest = walk.rest();
  if (rest.empty()) return {};
  if (looks_like_ip(walk)) return {dissect_ip};
  const bool word = rest.size() > 4 && rest[0] >> 4 == 0 && looks_like_ethernet(rest.subspan(4));
  if (word && (base::load_be<uint16_t>(rest.data()) == 0 || !looks_like_ethernet(rest)))
    return {dissect_control_word};
  if (looks_like_ethernet(rest)) return {dissect_ethernet};
  return rest[0] >> 4 == 4 || rest[0] >> 4 == 6 ? Next{dissect_ip} : Next{};
}

}  // namespace

Next next_protocol(uint32_t number) {
  switch (number) {
    case parse::kNextProtocolIpv4:
      return {dissect_ipv4};
    case parse::kNextProtocolIpv6:
      return {dissect_ipv6};
    case parse::kNextProtocolEthernet:
      return {dissect_ethernet};
    case parse::kNextProtocolNsh:
      return {dissect_nsh};
    case parse::kNextProtocolMpls:
      return {dissect_mpls};
    default:
      return {};
  }
}

Next dissect_mpls(Walk& walk, uint32_t) {
  Layer layer(walk, "mpls");
  if (!layer.fields(kMpls)) return layer.stop();
  const bool bottom = (layer.u8(2) & 1) != 0;
  layer.summary(fmt::format("label {}{}", layer.u32(0) >> 12, bottom ? ", bottom of stack" : ""));
  layer.end(4);
  return bottom ? below_labels(walk) : Next{dissect_mpls};
}

Next dissect_nsh(Walk& walk, uint32_t) {
  Layer layer(walk, "nsh");
  if (!layer.fields(kNsh)) return layer.stop();
  const auto view = parse::NshView::parse(layer.bytes());
  layer.summary(fmt::format("path {}, index {}", layer.u32(4) >> 8, layer.u8(7)));
  if (!view) {
    layer.error("bad_header", {0, 2},
                fmt::format("length or version: {}", to_string(view.error())));
    return layer.stop();
  }
  const size_t length = view->header_len_bytes();
  if (length > 8) layer.add_text("context", 8, length - 8, hex_text(layer.bytes(8, length - 8)));
  layer.end(length);
  return next_protocol(view->next_protocol());
}

Next dissect_vntag(Walk& walk, uint32_t) {
  Layer layer(walk, "vntag");
  if (!layer.fields(kVnTag)) return layer.stop();
  layer.end(6);
  return {dissect_ethertype, layer.u16(4)};
}

Next dissect_etag(Walk& walk, uint32_t) {
  Layer layer(walk, "etag");
  if (!layer.fields(kETag)) return layer.stop();
  layer.end(8);
  return {dissect_ethertype, layer.u16(6)};
}

Next dissect_pbb(Walk& walk, uint32_t) {
  Layer layer(walk, "pbb");
  if (!layer.fields(kPbb)) return layer.stop();
  layer.summary(fmt::format("service {}", layer.u32(0) & 0xFFFFFF));
  layer.end(4);
  return {dissect_ethernet};
}

Next dissect_macsec(Walk& walk, uint32_t) {
  Layer layer(walk, "macsec");
  if (!layer.fields(kMacsec)) return layer.stop();
  const bool channel = (layer.u8(0) & 0x20) != 0;
  if (channel && !layer.fields(kChannel)) return layer.stop();
  const size_t length = channel ? 14 : 6;
  const bool clear = (layer.u8(0) & 0x0C) == 0;
  layer.summary(clear ? "integrity only" : "encrypted");
  if (!clear || !layer.has(length, 2)) {
    layer.end(length);
    return {};
  }
  layer.add({"type", 0, 2, Show::EtherType}, length);
  layer.end(length + 2);
  return {dissect_ethertype, layer.u16(length)};
}

}  // namespace pktana::inspect
