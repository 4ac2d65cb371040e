// SPDX-License-Identifier: Apache-2.0
#include "parse/decode_steps.h"
#include "parse/ethernet.h"
#include "parse/ethertype.h"
#include "parse/ip_protocol.h"
#include "parse/ipv4.h"
#include "parse/ipv6.h"
#include "parse/ipv6_extension.h"
#include "parse/link_type.h"
#include "parse/packet.h"
#include "parse/tcp.h"
#include "parse/udp.h"
#include "parse/vlan.h"

namespace pktana::parse {
namespace {

/// More than any sound frame needs: 8 tunnels of at most 7 steps each, and the link layer.
constexpr unsigned kMaxSteps = 80;

// PERF NOTE: the steps of the usual packets are inlined by force, since both take_usual_steps() and
// the loop use them. In the straight line their cursor stays in registers: 13 ns a packet became 11
// (bench/parse).

bool push_vlan(Packet& out, uint16_t tci) noexcept {
  if (out.vlan_count == kMaxVlans) return false;
  out.vlan_id[out.vlan_count++] = tci & kVlanIdMask;
  return true;
}

[[gnu::always_inline]] inline Step step_ethernet(Cursor& at, Packet& out) noexcept {
  const auto ethernet = EthernetView::parse(at.bytes());
  if (!ethernet) return undecodable(out, ethernet.error(), Layer::Link);
  at.ethertype = ethernet->type();
  at.skip(EthernetView::kHeaderLen);
  return Step::EtherType;
}

[[gnu::always_inline]] inline Step step_ethertype(Cursor& at, Packet& out) noexcept {
  while (is_vlan_tpid(at.ethertype)) {
    const auto tag = VlanView::parse(at.bytes());
    if (!tag) return undecodable(out, tag.error(), Layer::Vlan);
    if (!push_vlan(out, tag->tci())) return undecodable(out, ParseError::Malformed, Layer::Vlan);
    at.ethertype = tag->type();
    at.skip(VlanView::kHeaderLen);
  }
  out.ethertype = at.ethertype;
  if (at.ethertype == kEtherTypeIpv4) return Step::Ipv4;
  if (at.ethertype == kEtherTypeIpv6) return Step::Ipv6;
  return Step::OtherEtherType;
}

Step step_ip(const Cursor& at, Packet& out) noexcept {
  if (at.captured == 0) return undecodable(out, ParseError::Truncated, Layer::Link);
  const unsigned version = at.data[0] >> 4;
  if (version == 4) return Step::Ipv4;
  if (version == 6) return Step::Ipv6;
  return undecodable(out, ParseError::Unsupported, Layer::Link);
}

[[gnu::always_inline]] inline Step step_ipv4(Cursor& at, Packet& out) noexcept {
  const auto ip = Ipv4View::parse(at.bytes());
  if (!ip) return undecodable(out, ip.error(), Layer::Ipv4);
  out.ip_len = ip->total_len_bytes() != 0 ? ip->total_len_bytes() : at.sent;
  at.cut = out.ip_len > at.sent;
  at.limit_length(out.ip_len);
  out.verdict = Verdict::Ip;
  out.ip_version = 4;
  out.protocol = ip->protocol();
  out.ttl = ip->ttl();
  out.tos = ip->tos();
  out.src = ip->src();
  out.dst = ip->dst();
  out.network = at.bytes();
  at.skip(ip->header_len_bytes());
  if (ip->is_fragment()) {
    out.fragment_id = ip->id();
    out.fragment_offset = ip->fragment_offset_bytes();
    out.fragment = out.fragment_offset == 0 ? Fragment::First : Fragment::Later;
    if (out.fragment == Fragment::Later) return take_portless(at, out);
  }
  return Step::Transport;
}

/// A jumbo length above this would not fit into Packet::ip_len with the header.
constexpr uint32_t kMaxIpv6Payload = UINT32_MAX - Ipv6View::kHeaderLen;

/// Length of the packet behind the fixed header where that says 0: nothing, or a jumbo option says
/// it (RFC 2675), or segmentation was offloaded and it is all that the frame holds.
uint32_t ipv6_payload_len(const Ipv6View& ip, base::Bytes behind, uint32_t sent) noexcept {
  if (ip.next_header() == kIpProtoNoNext) return 0;
  if (ip.next_header() != kIpProtoHopByHop) return sent;
  const auto options = Ipv6ExtensionView::parse(kIpProtoHopByHop, behind);
  if (!options) return sent;
  return std::min(options->jumbo_len_bytes().value_or(sent), kMaxIpv6Payload);
}

[[gnu::always_inline]] inline Step step_ipv6(Cursor& at, Packet& out) noexcept {
  const auto ip = Ipv6View::parse(at.bytes());
  if (!ip) return undecodable(out, ip.error(), Layer::Ipv6);
  const uint8_t* const packet = at.data;
  at.skip(Ipv6View::kHeaderLen);
  const uint32_t payload_len = ip->payload_len_bytes() != 0
                                   ? ip->payload_len_bytes()
                                   : ipv6_payload_len(*ip, at.bytes(), at.sent);
  at.cut = payload_len > at.sent;
  at.limit_length(payload_len);
  out.verdict = Verdict::Ip;
  out.ip_version = 6;
  out.protocol = ip->next_header();
  out.ttl = ip->hop_limit();
  out.tos = ip->traffic_class();
  out.ip_len = payload_len + static_cast<uint32_t>(Ipv6View::kHeaderLen);
  out.src = ip->src();
  out.dst = ip->dst();
  out.network = {packet, Ipv6View::kHeaderLen + at.captured};
  return is_ipv6_extension(out.protocol) ? Step::Ipv6Extension : Step::Transport;
}

/// A header that is cut may still have its ports.
Step by_error(Packet& out, ParseError error, Layer layer) noexcept {
  if (error == ParseError::Truncated) return Step::CutTransport;
  return undecodable(out, error, layer);
}

[[gnu::always_inline]] inline Step step_tcp(const Cursor& at, Packet& out) noexcept {
  const auto tcp = TcpView::parse(at.bytes(), at.sent);
  if (!tcp) return by_error(out, tcp.error(), Layer::Tcp);
  out.src_port = tcp->src_port();
  out.dst_port = tcp->dst_port();
  out.tcp_seq = tcp->seq();
  out.tcp_ack = tcp->ack();
  out.tcp_flags = tcp->flags();
  out.tcp_window = tcp->window();
  out.tcp_options = tcp->options();
  out.transport = at.bytes();
  out.payload = tcp->payload();
  out.payload_len = at.sent - tcp->header_len_bytes();
  out.payload_cut = at.is_cut();
  return Step::Done;
}

[[gnu::always_inline]] inline Step step_udp(const Cursor& at, Packet& out) noexcept {
  const auto udp = UdpView::parse(at.bytes());
  if (!udp) return by_error(out, udp.error(), Layer::Udp);
  out.src_port = udp->src_port();
  out.dst_port = udp->dst_port();
  out.transport = at.bytes();
  out.payload = udp->payload();
  // A first fragment holds only a part of what the length covers.
  const uint32_t len = udp->length_bytes() != 0 ? udp->length_bytes() : at.sent;
  const bool beyond = len > at.sent && out.fragment == Fragment::None;
  out.payload_len = std::min(len, at.sent) - static_cast<uint32_t>(UdpView::kHeaderLen);
  out.payload_cut = at.cut || beyond || out.payload.size() < out.payload_len;
  if (at.ports == nullptr || out.fragment != Fragment::None) return Step::Done;
  return at.ports->find(out.src_port, out.dst_port) ? Step::UdpTunnel : Step::Done;
}

[[gnu::always_inline]] inline Step step_transport(const Cursor& at, Packet& out) noexcept {
  if (out.protocol == kIpProtoTcp) return step_tcp(at, out);
  if (out.protocol == kIpProtoUdp) return step_udp(at, out);
  return Step::OtherTransport;
}

Step take_step(Step step, Cursor& at, Enclosing& enclosing, Packet& out) noexcept {
  switch (step) {
    case Step::Done:
      return Step::Done;
    case Step::Link:
      return step_link(at, out);
    case Step::Ethernet:
      return step_ethernet(at, out);
    case Step::EtherType:
      return step_ethertype(at, out);
    case Step::OtherEtherType:
      return step_other_ethertype(at, out);
    case Step::Llc:
      return step_llc(at, out);
    case Step::Snap:
      return step_snap(at, out);
    case Step::Pppoe:
      return step_pppoe(at, out);
    case Step::Ppp:
      return step_ppp(at, out);
    case Step::Mpls:
      return step_mpls(at, out);
    case Step::Nsh:
      return step_nsh(at, out);
    case Step::Ip:
      return step_ip(at, out);
    case Step::Ipv4:
      return step_ipv4(at, out);
    case Step::Ipv6:
      return step_ipv6(at, out);
    case Step::Ipv6Extension:
      return step_ipv6_extension(at, out);
    case Step::Transport:
      return step_transport(at, out);
    case Step::OtherTransport:
      return step_other_transport(at, out);
    case Step::CutTransport:
      return step_cut_transport(at, out);
    case Step::IpInIp:
      return step_ip_in_ip(at, enclosing, out);
    case Step::Gre:
      return step_gre(at, enclosing, out);
    case Step::UdpTunnel:
      return step_udp_tunnel(at, enclosing, out);
  }
  return Step::Done;
}

/// Takes steps until there are none left. A frame with more of them than kMaxSteps is nested
/// without end.
void take_all_steps(Step step, Cursor& at, Enclosing& enclosing, Packet& out) noexcept {
  for (unsigned taken = 0; taken < kMaxSteps; ++taken) {
    step = take_step(step, at, enclosing, out);
    if (step == Step::Done) return;
  }
  undecodable(out, ParseError::Unsupported, Layer::Tunnel);
}

/// The rest of a packet that left the usual path. A tunnel that holds no readable IP packet counts
/// as what it is itself.
[[gnu::noinline]] void take_steps(Step step, Cursor at, Packet& out) noexcept {
  Enclosing ip;
  take_all_steps(step, at, ip, out);
  const bool too_deep = out.verdict == Verdict::Undecodable && out.layer == Layer::Tunnel;
  if (out.verdict == Verdict::Ip || ip.data == nullptr || too_deep) return;
  reset_ip(out);
  out.vlan_count = ip.vlan_count;
  out.outer_count = ip.outer_count;
  out.ethertype = ip.ethertype;
  at = Cursor{.data = ip.data, .captured = ip.captured, .sent = ip.sent};
  take_all_steps(ip.ip_version == 4 ? Step::Ipv4 : Step::Ipv6, at, ip, out);
}

/// The steps of nearly every packet in a straight line. @return Done, or where the packet leaves
/// it.
[[gnu::always_inline]] inline Step take_usual_steps(Cursor& at, Packet& out) noexcept {
  Step step = step_ethernet(at, out);
  if (step == Step::EtherType) step = step_ethertype(at, out);
  if (step == Step::Ipv4)
    step = step_ipv4(at, out);
  else if (step == Step::Ipv6)
    step = step_ipv6(at, out);
  if (step == Step::Transport) step = step_transport(at, out);
  return step;
}

[[gnu::always_inline]] inline void decode_frame(const Frame& frame, const DecodeOptions& options,
                                                Packet& out) noexcept {
  reset(out);
  const auto captured_len = static_cast<uint32_t>(frame.captured.size());
  Cursor at{.data = frame.captured.data(),
            .captured = captured_len,
            .sent = frame.wire_len < captured_len ? captured_len : frame.wire_len,
            .link_type = frame.link_type,
            .ports = options.tunnels == Tunnels::Inner ? &options.ports : nullptr};
  if (frame.stripped.tpid != 0) push_vlan(out, frame.stripped.tci);
  Step step = Step::Link;
  if (frame.link_type == static_cast<uint16_t>(LinkType::Ethernet))
    step = take_usual_steps(at, out);
  if (step != Step::Done) take_steps(step, Cursor(at), out);
}

}  // namespace

void decode(const Frame& frame, const DecodeOptions& options, Packet& out) noexcept {
  decode_frame(frame, options, out);
}

void decode_datagram(base::Bytes bytes, uint32_t wire_len, const DecodeOptions& options,
                     Packet& out) noexcept {
  const auto captured_len = static_cast<uint32_t>(bytes.size());
  reset_ip(out);
  const Cursor at{.data = bytes.data(),
                  .captured = captured_len,
                  .sent = wire_len < captured_len ? captured_len : wire_len,
                  .ports = options.tunnels == Tunnels::Inner ? &options.ports : nullptr};
  take_steps(Step::Ip, at, out);
}

void decode(uint16_t link_type, base::Bytes captured, uint32_t wire_len, StrippedVlan stripped,
            Packet& out) noexcept {
  static constexpr DecodeOptions kDefaults;
  decode_frame(
      {.captured = captured, .wire_len = wire_len, .link_type = link_type, .stripped = stripped},
      kDefaults, out);
}

}  // namespace pktana::parse
