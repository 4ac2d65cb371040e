// SPDX-License-Identifier: Apache-2.0
#include "engine/share.h"

#include <algorithm>

#include "flow/key_ends.h"
#include "flow/packet_clock.h"
#include "parse/ethernet.h"
#include "parse/ethertype.h"
#include "parse/ip_protocol.h"
#include "parse/ipv4.h"
#include "parse/ipv6.h"
#include "parse/link_type.h"
#include "parse/tcp.h"
#include "parse/udp.h"

namespace pktana::engine {
namespace {

using flow::PacketClock;
using parse::EthernetView;
using parse::Ipv4View;
using parse::Ipv6View;

/// What of a packet is in its flow's key.
struct Glance {
  const uint8_t* src = nullptr;
  const uint8_t* dst = nullptr;
  uint16_t src_port = 0;
  uint16_t dst_port = 0;
  uint8_t ip_version = 0;
  uint8_t protocol = 0;
};

/// The first `size` bytes, or all if there are fewer.
base::Bytes up_to(base::Bytes bytes, uint32_t size) noexcept {
  return bytes.first(std::min<size_t>(bytes.size(), size));
}

[[gnu::always_inline]] inline bool read_ports(base::Bytes bytes, uint32_t sent,
                                              const parse::DecodeOptions& options,
                                              Glance& out) noexcept {
  if (out.protocol == parse::kIpProtoTcp) {
    const auto tcp = parse::TcpView::parse(bytes, sent);
    if (!tcp) return false;
    out.src_port = tcp->src_port();
    out.dst_port = tcp->dst_port();
    return true;
  }
  if (out.protocol != parse::kIpProtoUdp) return false;
  const auto udp = parse::UdpView::parse(bytes);
  if (!udp) return false;
  out.src_port = udp->src_port();
  out.dst_port = udp->dst_port();
  return options.tunnels == parse::Tunnels::Outer ||
         !options.ports.find(out.src_port, out.dst_port);
}

[[gnu::always_inline]] inline bool read_ipv4(base::Bytes bytes, uint32_t sent,
                                             const parse::DecodeOptions& options,
                                             Glance& out) noexcept {
  const auto ip = Ipv4View::parse(bytes);
  if (!ip || ip->is_fragment() || ip->total_len_bytes() == 0) return false;
  const uint32_t header_len = ip->header_len_bytes();
  const uint32_t total_len = ip->total_len_bytes();
  out.ip_version = 4;
  out.protocol = ip->protocol();
  out.src = ip->src();
  out.dst = ip->dst();
  return read_ports(up_to(bytes, total_len).subspan(header_len),
                    std::min(sent, total_len) - header_len, options, out);
}

bool read_ipv6(base::Bytes bytes, uint32_t sent, const parse::DecodeOptions& options,
               Glance& out) noexcept {
  const auto ip = Ipv6View::parse(bytes);
  if (!ip || ip->payload_len_bytes() == 0) return false;
  const uint32_t payload_len = ip->payload_len_bytes();
  out.ip_version = 6;
  out.protocol = ip->next_header();
  out.src = ip->src();
  out.dst = ip->dst();
  const uint32_t behind = sent - static_cast<uint32_t>(Ipv6View::kHeaderLen);
  return read_ports(up_to(bytes.subspan(Ipv6View::kHeaderLen), payload_len),
                    std::min(behind, payload_len), options, out);
}

/// False: the packet is not plain.
[[gnu::always_inline]] inline bool read(const ring::PacketRef& ref,
                                        const parse::DecodeOptions& options, Glance& out) noexcept {
  const bool plain = ref.link_type == static_cast<uint16_t>(parse::LinkType::Ethernet) &&
                     ref.vlan_tpid == 0 && ref.captured_len > EthernetView::kHeaderLen;
  if (!plain) return false;
  const base::Bytes frame{ref.data, ref.captured_len};
  const base::Bytes bytes = frame.subspan(EthernetView::kHeaderLen);
  const auto sent = static_cast<uint32_t>(ref.wire_len - EthernetView::kHeaderLen);
  const uint16_t type = EthernetView::parse(frame)->type();
  if (type == parse::kEtherTypeIpv4) return read_ipv4(bytes, sent, options, out);
  return type == parse::kEtherTypeIpv6 && read_ipv6(bytes, sent, options, out);
}

/// flow::make_key() of a packet with nothing around it.
[[gnu::always_inline]] inline flow::FlowKey key_of(const Glance& glance) noexcept {
  flow::FlowKey key;
  const bool from_high = flow::put_ends(glance.ip_version, {glance.src, glance.src_port},
                                        {glance.dst, glance.dst_port}, key);
  key.ports = flow::port_word(glance.ip_version, glance.protocol,
                              from_high ? glance.dst_port : glance.src_port,
                              from_high ? glance.src_port : glance.dst_port);
  return key;
}

}  // namespace

bool Share::is_plainly_anothers(const ring::PacketRef& ref) const noexcept {
  Glance glance;
  if (!read(ref, options_.decode, glance)) return false;
  const flow::FlowKey key = key_of(glance);
  return !has(key, flow::hash_key(options_.secret, key));
}

Share::Pick Share::pick(std::span<const ring::PacketRef> packets, int64_t now_ns) noexcept {
  int64_t last_ns = packets.front().ts_ns;
  if (now_ns == PacketClock::kNoTime ||
      PacketClock::elapsed(last_ns, now_ns) > uint64_t{PacketClock::kMaxLatenessNs})
    return {.own = packets.first(1), .taken = 1};
  size_t taken = 0;
  size_t own = 0;
  for (const size_t end = std::min(packets.size(), own_.size()); taken < end; ++taken) {
    const int64_t ts_ns = packets[taken].ts_ns;
    const bool leaps = PacketClock::elapsed(now_ns, ts_ns) > uint64_t{PacketClock::kMaxLeapNs};
    if (ts_ns < last_ns || leaps) break;
    last_ns = ts_ns;
    own_[own] = packets[taken];
    own += !is_plainly_anothers(packets[taken]);
  }
  if (taken == 0) return {.own = packets.first(1), .taken = 1};
  return {.own = std::span(own_).first(own), .taken = taken};
}

}  // namespace pktana::engine
