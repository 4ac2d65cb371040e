// SPDX-License-Identifier: Apache-2.0
// Steps of decode() through encapsulations below IP: MPLS, NSH, VN-Tag, E-Tag, 802.1ah,
// FabricPath, MACsec.
#include "parse/decode_steps.h"
#include "parse/etag.h"
#include "parse/ethernet.h"
#include "parse/ethertype.h"
#include "parse/fabricpath.h"
#include "parse/ipv4.h"
#include "parse/ipv6.h"
#include "parse/macsec.h"
#include "parse/mpls.h"
#include "parse/nsh.h"
#include "parse/pbb.h"
#include "parse/vntag.h"
#include "parse/vxlan.h"

namespace pktana::parse {
namespace {

constexpr size_t kControlWordLen = 4;

/// Whether an Ethernet frame of a usual kind seems to begin at `bytes`.
bool looks_like_ethernet(base::Bytes bytes) noexcept {
  const auto ethernet = EthernetView::parse(bytes);
  if (!ethernet) return false;
  switch (ethernet->type()) {
    case kEtherTypeIpv4:
    case kEtherTypeIpv6:
    case kEtherTypeArp:
    case kEtherTypeVlan:
    case kEtherTypeServiceVlan:
    case kEtherTypeMpls:
    case kEtherTypePppoeDiscovery:
    case kEtherTypePppoeSession:
    case kEtherTypeLldp:
      return true;
    default:
      return ethernet->type() <= bytes.size();  // an 802.3 length
  }
}

/// Whether the packet that begins at the cursor is IP by all that its header says.
bool looks_like_ip(const Cursor& at) noexcept {
  if (const auto ip = Ipv4View::parse(at.bytes())) return ip->total_len_bytes() <= at.sent;
  if (const auto ip = Ipv6View::parse(at.bytes()))
    return ip->payload_len_bytes() + Ipv6View::kHeaderLen <= at.sent;
  return false;
}

/// Whether a pseudowire's control word (RFC 4448 section 4.6) comes before an Ethernet frame: its
/// first half is 0, or without it there is no frame to be seen.
bool has_control_word(base::Bytes bytes) noexcept {
  if (bytes.size() < kControlWordLen || bytes[0] >> 4 != 0) return false;
  if (!looks_like_ethernet(bytes.subspan(kControlWordLen))) return false;
  return base::load_be<uint16_t>(bytes.data()) == 0 || !looks_like_ethernet(bytes);
}

/// A label stack does not say what lies below it: IP, an Ethernet frame with or without control
/// word, or something else, such as an associated channel (RFC 5586).
Step below_labels(Cursor& at, Packet& out) noexcept {
  if (looks_like_ip(at)) return Step::Ip;
  if (has_control_word(at.bytes())) {
    at.skip(kControlWordLen);
    return Step::Ethernet;
  }
  if (looks_like_ethernet(at.bytes())) return Step::Ethernet;
  const unsigned nibble = at.captured != 0 ? at.data[0] >> 4 : 0;
  return nibble == 4 || nibble == 6 ? Step::Ip : non_ip(at, out, NonIp::Mpls);
}

}  // namespace

bool push_label(Packet& out, TunnelType type, uint32_t id) noexcept {
  if (out.outer_count == kMaxOuterLayers) {
    undecodable(out, ParseError::Unsupported, Layer::Tunnel);
    return false;
  }
  out.outer[out.outer_count++] = {.type = type, .id = id};
  return true;
}

Step by_next_protocol(const Cursor& at, Packet& out, uint8_t number) noexcept {
  switch (number) {
    case kNextProtocolIpv4:
      return Step::Ipv4;
    case kNextProtocolIpv6:
      return Step::Ipv6;
    case kNextProtocolEthernet:
      return Step::Ethernet;
    case kNextProtocolNsh:
      return Step::Nsh;
    case kNextProtocolMpls:
      return Step::Mpls;
    default:
      return non_ip(at, out, NonIp::Other);
  }
}

Step step_mpls(Cursor& at, Packet& out) noexcept {
  const auto mpls = MplsView::parse(at.bytes());
  if (!mpls) return undecodable(out, mpls.error(), Layer::Tunnel);
  if (!push_label(out, TunnelType::Mpls, mpls->bottom_label())) return Step::Done;
  at.skip(mpls->header_len_bytes());
  return below_labels(at, out);
}

Step step_nsh(Cursor& at, Packet& out) noexcept {
  const auto nsh = NshView::parse(at.bytes());
  if (!nsh) return undecodable(out, nsh.error(), Layer::Tunnel);
  if (!push_label(out, TunnelType::Nsh, nsh->service_path())) return Step::Done;
  at.skip(nsh->header_len_bytes());
  return by_next_protocol(at, out, nsh->next_protocol());
}

Step step_vntag(Cursor& at, Packet& out) noexcept {
  const auto tag = VnTagView::parse(at.bytes());
  if (!tag) return undecodable(out, tag.error(), Layer::Tunnel);
  if (!push_label(out, TunnelType::VnTag, tag->dst_interface())) return Step::Done;
  at.ethertype = tag->type();
  at.skip(VnTagView::kHeaderLen);
  return Step::EtherType;
}

Step step_etag(Cursor& at, Packet& out) noexcept {
  const auto tag = ETagView::parse(at.bytes());
  if (!tag) return undecodable(out, tag.error(), Layer::Tunnel);
  if (!push_label(out, TunnelType::ETag, tag->channel())) return Step::Done;
  at.ethertype = tag->type();
  at.skip(ETagView::kHeaderLen);
  return Step::EtherType;
}

Step step_pbb(Cursor& at, Packet& out) noexcept {
  const auto tag = PbbView::parse(at.bytes());
  if (!tag) return undecodable(out, tag.error(), Layer::Tunnel);
  if (!push_label(out, TunnelType::Pbb, tag->service())) return Step::Done;
  at.skip(PbbView::kHeaderLen);
  return Step::Ethernet;
}

Step step_fabricpath(Cursor& at, Packet& out) noexcept {
  const auto tag = FabricPathView::parse(at.bytes());
  if (!tag) return undecodable(out, tag.error(), Layer::Tunnel);
  if (!push_label(out, TunnelType::FabricPath, tag->forwarding_tag())) return Step::Done;
  at.skip(FabricPathView::kHeaderLen);
  return Step::Ethernet;
}

Step step_macsec(Cursor& at, Packet& out) noexcept {
  const auto tag = MacsecView::parse(at.bytes());
  if (!tag) return undecodable(out, tag.error(), Layer::Tunnel);
  if (!tag->is_clear()) return non_ip(at, out, NonIp::Macsec);
  if (!push_label(out, TunnelType::Macsec, 0)) return Step::Done;
  at.skip(tag->header_len_bytes());
  if (at.captured < sizeof(uint16_t)) return undecodable(out, ParseError::Truncated, Layer::Tunnel);
  at.ethertype = base::load_be<uint16_t>(at.data);
  at.skip(sizeof(uint16_t));
  return Step::EtherType;
}

}  // namespace pktana::parse
