// SPDX-License-Identifier: Apache-2.0
// Steps of decode() for the link types other than Ethernet.
#include "parse/cisco_hdlc.h"
#include "parse/decode_steps.h"
#include "parse/ethertype.h"
#include "parse/fddi.h"
#include "parse/frame_relay.h"
#include "parse/ieee80211.h"
#include "parse/link_type.h"
#include "parse/linux_sll.h"
#include "parse/nflog.h"
#include "parse/null_loop.h"
#include "parse/pktap.h"
#include "parse/radiotap.h"

namespace pktana::parse {
namespace {

/// `type` is an EtherType, or (below) a number that means nothing here.
Step by_ethertype(Cursor& at, Packet& out, uint32_t type) noexcept {
  if (type <= kMax8023Length || type > 0xFFFF) return non_ip(at, out, NonIp::Other);
  at.ethertype = static_cast<uint16_t>(type);
  return Step::EtherType;
}

Step by_link_type(Cursor& at, LinkType type) noexcept {
  at.link_type = static_cast<uint16_t>(type);
  return Step::Link;
}

Step step_linux_sll(Cursor& at, Packet& out, bool v2) noexcept {
  const auto header = v2 ? LinuxSllView::parse_v2(at.bytes()) : LinuxSllView::parse(at.bytes());
  if (!header) return undecodable(out, header.error(), Layer::Link);
  at.skip(v2 ? LinuxSllView::kV2HeaderLen : LinuxSllView::kHeaderLen);
  switch (header->arphrd()) {
    case kArphrdNetlink:
      return non_ip(at, out, NonIp::Other);
    case kArphrdFrameRelay:
      return by_link_type(at, LinkType::FrameRelay);
    case kArphrdRadiotap:
      return by_link_type(at, LinkType::Ieee80211Radiotap);
    default:
      break;
  }
  if (header->protocol() == kSllProtocol8022) return Step::Llc;
  return by_ethertype(at, out, header->protocol());
}

Step step_cisco_hdlc(Cursor& at, Packet& out) noexcept {
  const auto header = CiscoHdlcView::parse(at.bytes());
  if (!header) return undecodable(out, header.error(), Layer::Link);
  at.skip(CiscoHdlcView::kHeaderLen);
  return by_ethertype(at, out, header->protocol());
}

/// PPP links carry Cisco HDLC too; the address byte tells.
Step step_ppp_link(Cursor& at, Packet& out) noexcept {
  const bool cisco = at.captured != 0 && (at.data[0] == CiscoHdlcView::kUnicast ||
                                          at.data[0] == CiscoHdlcView::kMulticast);
  return cisco ? step_cisco_hdlc(at, out) : Step::Ppp;
}

Step step_null_loop(Cursor& at, Packet& out) noexcept {
  const auto header = NullLoopView::parse(at.bytes());
  if (!header) return undecodable(out, header.error(), Layer::Link);
  // No family: tshark has met writers that put a PPP or Cisco HDLC header here.
  if (header->family() > 0xFFFF) return step_ppp_link(at, out);
  at.skip(NullLoopView::kHeaderLen);
  if (header->is_ipv4()) return Step::Ipv4;
  if (header->is_ipv6()) return Step::Ipv6;
  return by_ethertype(at, out, header->family());
}

Step step_ieee80211(Cursor& at, Packet& out, bool padded) noexcept {
  const auto header = Ieee80211View::parse(at.bytes(), padded);
  if (!header) return undecodable(out, header.error(), Layer::Link);
  if (!header->has_llc()) return non_ip(at, out, NonIp::WirelessControl);
  at.skip(header->header_len_bytes());
  return Step::Llc;
}

Step step_radiotap(Cursor& at, Packet& out) noexcept {
  const auto header = RadiotapView::parse(at.bytes());
  if (!header) return undecodable(out, header.error(), Layer::Link);
  at.skip(header->header_len_bytes());
  return step_ieee80211(at, out, header->has_padding());
}

Step step_frame_relay(Cursor& at, Packet& out) noexcept {
  const auto header = FrameRelayView::parse(at.bytes());
  if (!header) return undecodable(out, header.error(), Layer::Link);
  at.skip(header->header_len_bytes());
  if (header->nlpid() == kNlpidSnap) return Step::Snap;
  if (header->nlpid() == kNlpidIpv4) return Step::Ipv4;
  if (header->nlpid() == kNlpidIpv6) return Step::Ipv6;
  return by_ethertype(at, out, header->ethertype());
}

Step step_fddi(Cursor& at, Packet& out) noexcept {
  const auto header = FddiView::parse(at.bytes());
  if (!header) return undecodable(out, header.error(), Layer::Link);
  at.skip(FddiView::kHeaderLen);
  return header->has_llc() ? Step::Llc : non_ip(at, out, NonIp::Other);
}

Step step_nflog(Cursor& at, Packet& out) noexcept {
  const auto header = NflogView::parse(at.bytes());
  if (!header) return undecodable(out, header.error(), Layer::Link);
  at.skip(header->packet_offset_bytes());
  at.limit_length(static_cast<uint32_t>(header->packet_len_bytes()));
  if (header->is_ipv4()) return Step::Ipv4;
  if (header->is_ipv6()) return Step::Ipv6;
  return non_ip(at, out, NonIp::Other);
}

Step step_pktap(Cursor& at, Packet& out) noexcept {
  const auto header = PktapView::parse(at.bytes());
  if (!header) return undecodable(out, header.error(), Layer::Link);
  at.skip(header->header_len_bytes());
  if (header->dlt() > 0xFFFF) return undecodable(out, ParseError::Unsupported, Layer::Link);
  return by_link_type(at, static_cast<LinkType>(header->dlt()));
}

}  // namespace

Step step_link(Cursor& at, Packet& out) noexcept {
  switch (static_cast<LinkType>(at.link_type)) {
    case LinkType::Ethernet:
      return Step::Ethernet;
    case LinkType::Null:
    case LinkType::Loop:
      return step_null_loop(at, out);
    case LinkType::Ppp:
    case LinkType::PppHdlc:
      return step_ppp_link(at, out);
    case LinkType::PppEther:
      return Step::Pppoe;
    case LinkType::CiscoHdlc:
      return step_cisco_hdlc(at, out);
    case LinkType::Raw:
    case LinkType::RawBsd:
    case LinkType::RawOpenBsd:
      return Step::Ip;
    case LinkType::Ipv4:
      return Step::Ipv4;
    case LinkType::Ipv6:
      return Step::Ipv6;
    case LinkType::LinuxSll:
      return step_linux_sll(at, out, false);
    case LinkType::LinuxSll2:
      return step_linux_sll(at, out, true);
    case LinkType::Ieee80211:
      return step_ieee80211(at, out, false);
    case LinkType::Ieee80211Radiotap:
      return step_radiotap(at, out);
    case LinkType::FrameRelay:
      return step_frame_relay(at, out);
    case LinkType::Fddi:
      return step_fddi(at, out);
    case LinkType::Nflog:
      return step_nflog(at, out);
    case LinkType::Pktap:
      return step_pktap(at, out);
  }
  return undecodable(out, ParseError::Unsupported, Layer::Link);
}

}  // namespace pktana::parse
