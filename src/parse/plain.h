// SPDX-License-Identifier: Apache-2.0
// The packet that nearly every one is: TCP or UDP right behind an Ethernet and an IP header, no
// VLAN tag, no extension header, no fragment, no tunnel. Read with a few tests, where decode()
// fills a Packet.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/bytes.h"
#include "parse/ethernet.h"
#include "parse/ethertype.h"
#include "parse/ip_protocol.h"
#include "parse/ipv4.h"
#include "parse/ipv6.h"
#include "parse/link_type.h"
#include "parse/packet.h"
#include "parse/tcp.h"
#include "parse/udp.h"

namespace pktana::parse {

/// Lifetime: borrows from the frame. Integers are in host order.
struct PlainPacket {
  const uint8_t* src = nullptr;  ///< 4 or 16 bytes
  const uint8_t* dst = nullptr;
  const uint8_t* transport = nullptr;  ///< whole TCP or UDP header
  uint32_t captured = 0;               ///< bytes from there on, without padding
  uint32_t sent = 0;                   ///< the same as sent, at least `captured`
  uint32_t ip_len = 0;                 ///< as Packet has it
  uint16_t src_port = 0;
  uint16_t dst_port = 0;
  uint8_t ip_version = 0;
  uint8_t protocol = 0;  ///< TCP or UDP
  bool cut = false;      ///< the IP length goes beyond the frame

  [[nodiscard]] base::Bytes bytes() const noexcept { return {transport, captured}; }
};

namespace detail {

[[gnu::always_inline]] inline bool read_plain_ports(const DecodeOptions& options,
                                                    PlainPacket& out) noexcept {
  if (out.protocol == kIpProtoTcp) {
    const auto tcp = TcpView::parse(out.bytes(), out.sent);
    if (!tcp) return false;
    out.src_port = tcp->src_port();
    out.dst_port = tcp->dst_port();
    return true;
  }
  if (out.protocol != kIpProtoUdp) return false;
  const auto udp = UdpView::parse(out.bytes());
  if (!udp) return false;
  out.src_port = udp->src_port();
  out.dst_port = udp->dst_port();
  return options.tunnels == Tunnels::Outer || !options.ports.find(out.src_port, out.dst_port);
}

/// @param bytes from the IP header on. @param sent the same as sent.
[[gnu::always_inline]] inline bool read_plain_ipv4(base::Bytes bytes, uint32_t sent,
                                                   const DecodeOptions& options,
                                                   PlainPacket& out) noexcept {
  const auto ip = Ipv4View::parse(bytes);
  if (!ip || ip->is_fragment() || ip->total_len_bytes() == 0) return false;
  const uint32_t header_len = ip->header_len_bytes();
  const auto captured = static_cast<uint32_t>(bytes.size());
  out.ip_len = ip->total_len_bytes();
  out.cut = out.ip_len > sent;
  out.src = ip->src();
  out.dst = ip->dst();
  out.transport = bytes.data() + header_len;
  out.captured = std::min(captured, out.ip_len) - header_len;
  out.sent = std::min(sent, out.ip_len) - header_len;
  out.ip_version = 4;
  out.protocol = ip->protocol();
  return read_plain_ports(options, out);
}

inline bool read_plain_ipv6(base::Bytes bytes, uint32_t sent, const DecodeOptions& options,
                            PlainPacket& out) noexcept {
  const auto ip = Ipv6View::parse(bytes);
  if (!ip || ip->payload_len_bytes() == 0) return false;
  constexpr auto kHeaderLen = static_cast<uint32_t>(Ipv6View::kHeaderLen);
  const uint32_t payload_len = ip->payload_len_bytes();
  const auto captured = static_cast<uint32_t>(bytes.size());
  out.ip_len = payload_len + kHeaderLen;
  out.cut = out.ip_len > sent;
  out.src = ip->src();
  out.dst = ip->dst();
  out.transport = bytes.data() + kHeaderLen;
  out.captured = std::min(captured - kHeaderLen, payload_len);
  out.sent = std::min(sent - kHeaderLen, payload_len);
  out.ip_version = 6;
  out.protocol = ip->next_header();
  return read_plain_ports(options, out);
}

}  // namespace detail

/// True only if decode() would give a packet with verdict Ip, of TCP or UDP with the whole header,
/// nothing around it, no fragment: `out` then says the same of it. False says nothing, and leaves
/// `out` in any state.
/// Threads: pure. Cost: O(1), no allocation.
[[nodiscard, gnu::always_inline]] inline bool read_plain(const Frame& frame,
                                                         const DecodeOptions& options,
                                                         PlainPacket& out) noexcept {
  const auto captured = static_cast<uint32_t>(frame.captured.size());
  if (frame.link_type != static_cast<uint16_t>(LinkType::Ethernet) || frame.stripped.tpid != 0 ||
      captured <= EthernetView::kHeaderLen)
    return false;
  constexpr auto kLinkLen = static_cast<uint32_t>(EthernetView::kHeaderLen);
  const base::Bytes bytes{frame.captured.data() + kLinkLen, captured - kLinkLen};
  const uint32_t sent = std::max(frame.wire_len, captured) - kLinkLen;
  const uint16_t type = EthernetView::parse(frame.captured)->type();
  if (type == kEtherTypeIpv4) return detail::read_plain_ipv4(bytes, sent, options, out);
  return type == kEtherTypeIpv6 && detail::read_plain_ipv6(bytes, sent, options, out);
}

}  // namespace pktana::parse
