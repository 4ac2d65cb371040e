// SPDX-License-Identifier: Apache-2.0
// Steps of decode() behind the IP header that are off the usual path.
#include "parse/decode_steps.h"
#include "parse/icmp.h"
#include "parse/icmpv6.h"
#include "parse/ip_protocol.h"
#include "parse/ipv6_extension.h"
#include "parse/sctp.h"
#include "parse/tcp.h"
#include "parse/udp.h"

namespace pktana::parse {
namespace {

/// Both ports, the first 4 bytes of TCP, UDP and SCTP alike.
constexpr size_t kPortsLen = 4;

/// Headers in a chain. RFC 8200 section 4.1 knows seven; more than this is an attack.
constexpr unsigned kMaxIpv6Extensions = 16;

/// What a header that was cut behind its port numbers still tells.
Step take_ports_only(const Cursor& at, Packet& out, Layer layer, size_t header_len) noexcept {
  if (at.captured < kPortsLen) return undecodable(out, ParseError::Truncated, layer);
  out.src_port = base::load_be<uint16_t>(at.data);
  out.dst_port = base::load_be<uint16_t>(at.data + 2);
  out.transport = at.bytes();
  out.payload_len = at.sent - std::min(at.sent, static_cast<uint32_t>(header_len));
  out.payload_cut = true;
  return Step::Done;
}

template <typename View>
Step step_icmp(const Cursor& at, Packet& out, Layer layer) noexcept {
  const auto icmp = View::parse(at.bytes());
  if (!icmp) return undecodable(out, icmp.error(), layer);
  out.icmp_type = icmp->type();
  out.icmp_code = icmp->code();
  out.icmp_id = icmp->id();
  out.transport = at.bytes();
  out.payload = icmp->payload();
  out.payload_len = at.sent - std::min(at.sent, static_cast<uint32_t>(View::kHeaderLen));
  out.payload_cut = at.is_cut();
  return Step::Done;
}

Step step_sctp(const Cursor& at, Packet& out) noexcept {
  const auto sctp = SctpView::parse(at.bytes());
  if (!sctp) return take_ports_only(at, out, Layer::Sctp, SctpView::kHeaderLen);
  out.src_port = sctp->src_port();
  out.dst_port = sctp->dst_port();
  out.transport = at.bytes();
  out.payload = sctp->payload();
  out.payload_len = at.sent - static_cast<uint32_t>(SctpView::kHeaderLen);
  out.payload_cut = at.is_cut();
  return Step::Done;
}

/// What follows an authentication header. One that can't be read makes a flow of protocol 51.
Step step_ah(Cursor& at, Packet& out) noexcept {
  const auto ah = Ipv6ExtensionView::parse(kIpProtoAh, at.bytes());
  if (!ah) return take_portless(at, out);
  out.protocol = ah->next_header();
  at.skip(ah->length_bytes());
  return Step::Transport;
}

/// @return whether a later fragment ends the chain.
bool take_fragment(const Ipv6ExtensionView& header, Packet& out) noexcept {
  const uint32_t offset = header.fragment_offset_bytes();
  if (offset == 0 && !header.more_fragments()) return false;  // atomic, RFC 6946
  out.fragment_id = header.fragment_id();
  out.fragment_offset = offset;
  out.fragment = offset == 0 ? Fragment::First : Fragment::Later;
  return offset != 0;
}

/// Headers that are messages of their own: with nothing behind them they name the flow.
bool is_message(uint8_t extension) noexcept {
  return extension == kIpProtoMobility || extension == kIpProtoHip || extension == kIpProtoShim6;
}

}  // namespace

Step step_ipv6_extension(Cursor& at, Packet& out) noexcept {
  for (unsigned walked = 0; is_ipv6_extension(out.protocol); ++walked) {
    if (walked == kMaxIpv6Extensions)
      return undecodable(out, ParseError::Unsupported, Layer::Ipv6Extension);
    if (out.protocol == kIpProtoAh) {
      if (step_ah(at, out) == Step::Done) return Step::Done;
      continue;
    }
    const auto header = Ipv6ExtensionView::parse(out.protocol, at.bytes());
    if (!header) return undecodable(out, header.error(), Layer::Ipv6Extension);
    if (is_message(out.protocol) && header->next_header() == kIpProtoNoNext)
      return take_portless(at, out);
    const bool later = out.protocol == kIpProtoFragment && take_fragment(*header, out);
    out.protocol = header->next_header();
    at.skip(header->length_bytes());
    if (later) return take_portless(at, out);
  }
  return Step::Transport;
}

Step step_other_transport(Cursor& at, Packet& out) noexcept {
  switch (out.protocol) {
    case kIpProtoIcmp:
      return step_icmp<IcmpView>(at, out, Layer::Icmp);
    case kIpProtoIcmpv6:
      return step_icmp<Icmpv6View>(at, out, Layer::Icmpv6);
    case kIpProtoSctp:
      return step_sctp(at, out);
    case kIpProtoAh:
      return step_ah(at, out);
    default:
      break;
  }
  take_portless(at, out);
  if (at.ports == nullptr || out.fragment != Fragment::None) return Step::Done;
  if (out.protocol == kIpProtoGre) return Step::Gre;
  if (out.protocol == kIpProtoIpv4 || out.protocol == kIpProtoIpv6) return Step::IpInIp;
  return Step::Done;
}

Step step_cut_transport(const Cursor& at, Packet& out) noexcept {
  if (out.protocol == kIpProtoTcp)
    return take_ports_only(at, out, Layer::Tcp, TcpView::kMinHeaderLen);
  return take_ports_only(at, out, Layer::Udp, UdpView::kHeaderLen);
}

}  // namespace pktana::parse
