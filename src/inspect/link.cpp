// SPDX-License-Identifier: Apache-2.0
// Link headers other than Ethernet and 802.11, and the choice between all of them.
#include <fmt/format.h>

#include "inspect/names.h"
#include "inspect/protocols.h"
#include "inspect/text.h"
#include "parse/cisco_hdlc.h"
#include "parse/ethertype.h"
#include "parse/frame_relay.h"
#include "parse/link_type.h"
#include "parse/linux_sll.h"
#include "parse/nflog.h"
#include "parse/null_loop.h"
#include "parse/pktap.h"

namespace pktana::inspect {
namespace {

constexpr Name kPacketTypes[] = {
    {0, "to us"}, {1, "broadcast"}, {2, "multicast"}, {3, "to another host"}, {4, "from us"}};
constexpr Field kSll[] = {
    {"packet_type", 0, 2, Show::Number, 0, kPacketTypes},
    {"arphrd", 2, 2},
    {"address_length", 4, 2},
    {"address", 6, 8, Show::Octets},
    {"protocol", 14, 2, Show::EtherType},
};
constexpr Field kSll2[] = {
    {"protocol", 0, 2, Show::EtherType},
    {"reserved", 2, 2, Show::Hex},
    {"interface", 4, 4},
    {"arphrd", 8, 2},
    {"packet_type", 10, 1, Show::Number, 0, kPacketTypes},
    {"address_length", 11},
    {"address", 12, 8, Show::Octets},
};
constexpr Field kHdlc[] = {{"address", 0, 1, Show::Hex},
                           {"control", 1, 1, Show::Hex},
                           {"protocol", 2, 2, Show::EtherType}};
constexpr Field kFddi[] = {
    {"frame_control", 0, 1, Show::Hex}, {"dst", 1, 6, Show::Mac}, {"src", 7, 6, Show::Mac}};
constexpr Field kNflog[] = {{"family", 0}, {"version", 1}, {"resource", 2, 2}};

Next behind_sll(uint16_t arphrd, uint16_t protocol) {
  if (arphrd == parse::kArphrdNetlink) return {};
  if (arphrd == parse::kArphrdFrameRelay) return {dissect_frame_relay};
  if (arphrd == parse::kArphrdRadiotap) return {dissect_radiotap};
  if (protocol == parse::kSllProtocol8022) return {dissect_llc};
  return protocol > parse::kMax8023Length ? Next{dissect_ethertype, protocol} : Next{};
}

/// PPP links carry Cisco HDLC too; the address byte tells.
Next dissect_ppp_link(Walk& walk, uint32_t) {
  const bool cisco = walk.left() > 0 && (walk.rest()[0] == parse::CiscoHdlcView::kUnicast ||
                                         walk.rest()[0] == parse::CiscoHdlcView::kMulticast);
  return cisco ? Next{dissect_cisco_hdlc} : Next{dissect_ppp};
}

Next unknown_link(Walk& walk, uint32_t link_type) {
  walk.add(Finding{.severity = Severity::Error,
                   .layer = "payload",
                   .code = "unknown_link_type",
                   .why = fmt::format("link type {} is not read", link_type)});
  return {};
}

}  // namespace

Next dissect_linux_sll(Walk& walk, uint32_t) {
  Layer layer(walk, "linux_sll");
  if (!layer.fields(kSll)) return layer.stop();
  layer.end(16);
  return behind_sll(layer.u16(2), layer.u16(14));
}

Next dissect_linux_sll2(Walk& walk, uint32_t) {
  Layer layer(walk, "linux_sll2");
  if (!layer.fields(kSll2)) return layer.stop();
  layer.end(20);
  return behind_sll(layer.u16(8), layer.u16(0));
}

Next dissect_null_loop(Walk& walk, uint32_t) {
  const auto view = parse::NullLoopView::parse(walk.rest());
  if (view && view->family() > 0xFFFF) return {dissect_ppp_link};
  Layer layer(walk, "loopback");
  if (!view) {
    layer.truncated("the family", 4);
    return layer.stop();
  }
  layer.add_number("family", 0, 4, view->family());
  layer.end(4);
  if (view->is_ipv4()) return {dissect_ipv4};
  if (view->is_ipv6()) return {dissect_ipv6};
  return view->family() > parse::kMax8023Length ? Next{dissect_ethertype, view->family()} : Next{};
}

Next dissect_cisco_hdlc(Walk& walk, uint32_t) {
  Layer layer(walk, "cisco_hdlc");
  if (!layer.fields(kHdlc)) return layer.stop();
  layer.end(4);
  const uint16_t type = layer.u16(2);
  return type > parse::kMax8023Length ? Next{dissect_ethertype, type} : Next{};
}

Next dissect_frame_relay(Walk& walk, uint32_t) {
  Layer layer(walk, "frame_relay");
  const auto view = parse::FrameRelayView::parse(layer.bytes());
  if (!view) {
    layer.error("bad_header", {0, layer.size()},
                fmt::format("the header is {}", to_string(view.error())));
    return layer.stop();
  }
  const size_t length = view->header_len_bytes();
  layer.add_text("address", 0, 2, hex_text(layer.bytes(0, 2)));
  const bool cisco = view->ethertype() != 0;
  layer.add(cisco ? Field{"type", 0, 2, Show::EtherType} : Field{"nlpid", 0, 1, Show::Hex},
            length - (cisco ? 2 : 1));
  layer.end(length);
  if (view->nlpid() == parse::kNlpidSnap) return {dissect_snap};
  if (view->nlpid() == parse::kNlpidIpv4) return {dissect_ipv4};
  if (view->nlpid() == parse::kNlpidIpv6) return {dissect_ipv6};
  return {dissect_ethertype, view->ethertype()};
}

Next dissect_fddi(Walk& walk, uint32_t) {
  Layer layer(walk, "fddi");
  if (!layer.fields(kFddi)) return layer.stop();
  layer.end(13);
  return (layer.u8(0) & 0xF0) == 0x50 ? Next{dissect_llc} : Next{};
}

Next dissect_nflog(Walk& walk, uint32_t) {
  Layer layer(walk, "nflog");
  const auto view = parse::NflogView::parse(layer.bytes());
  if (!layer.fields(kNflog)) return layer.stop();
  if (!view) {
    layer.error("bad_header", {0, layer.size()},
                fmt::format("the header is {}", to_string(view.error())));
    return layer.stop();
  }
  const size_t length = view->packet_offset_bytes();
  layer.add_text("items", 4, length - 4, {});
  layer.end(length);
  walk.limit(view->packet_len_bytes());
  if (view->is_ipv4()) return {dissect_ipv4};
  return view->is_ipv6() ? Next{dissect_ipv6} : Next{};
}

Next dissect_pktap(Walk& walk, uint32_t) {
  Layer layer(walk, "pktap");
  const auto view = parse::PktapView::parse(layer.bytes());
  if (!view) {
    layer.error("bad_header", {0, layer.size()},
                fmt::format("the header is {}", to_string(view.error())));
    return layer.stop();
  }
  layer.add_number("header_length", 0, 4, view->header_len_bytes());
  layer.add_number("link_type", 8, 4, view->dlt());
  layer.end(view->header_len_bytes());
  return {dissect_link, view->dlt()};
}

Next dissect_link(Walk& walk, uint32_t link_type) {
  if (walk.left() == 0 || link_type > 0xFFFF) return {};
  walk.link_type = link_type;
  switch (static_cast<parse::LinkType>(link_type)) {
    case parse::LinkType::Ethernet:
      return {dissect_ethernet};
    case parse::LinkType::Null:
    case parse::LinkType::Loop:
      return {dissect_null_loop};
    case parse::LinkType::Ppp:
    case parse::LinkType::PppHdlc:
      return {dissect_ppp_link};
    case parse::LinkType::PppEther:
      return {dissect_pppoe, parse::kEtherTypePppoeSession};
    case parse::LinkType::CiscoHdlc:
      return {dissect_cisco_hdlc};
    case parse::LinkType::Raw:
    case parse::LinkType::RawBsd:
    case parse::LinkType::RawOpenBsd:
      return {dissect_ip};
    case parse::LinkType::Ipv4:
      return {dissect_ipv4};
    case parse::LinkType::Ipv6:
      return {dissect_ipv6};
    case parse::LinkType::LinuxSll:
      return {dissect_linux_sll};
    case parse::LinkType::LinuxSll2:
      return {dissect_linux_sll2};
    case parse::LinkType::Ieee80211:
      return {dissect_ieee80211};
    case parse::LinkType::Ieee80211Radiotap:
      return {dissect_radiotap};
    case parse::LinkType::FrameRelay:
      return {dissect_frame_relay};
    case parse::LinkType::Fddi:
      return {dissect_fddi};
    case parse::LinkType::Nflog:
      return {dissect_nflog};
    case parse::LinkType::Pktap:
      return {dissect_pktap};
  }
  return unknown_link(walk, link_type);
}

}  // namespace pktana::inspect
