// SPDX-License-Identifier: Apache-2.0
// One decoded packet: what the layers of a frame say, flat and refilled in place, for the flow
// table, the packet printer and the filters. decode() walks the layers; the files beside this one
// know one protocol each.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "parse/parse_error.h"
#include "parse/tunnel.h"

namespace pktana::parse {

/// VLAN tags kept; a deeper stack is malformed.
inline constexpr unsigned kMaxVlans = 8;
/// Tunnel layers kept; deeper nesting is unsupported.
inline constexpr unsigned kMaxOuterLayers = 8;

/// The layer at which decoding stopped, for counters and messages.
enum class Layer : uint8_t {
  Link,
  Vlan,
  Pppoe,
  Arp,
  Ipv4,
  Ipv6,
  Ipv6Extension,
  Tcp,
  Udp,
  Icmp,
  Icmpv6,
  Sctp,
  Tunnel,
};
inline constexpr unsigned kLayerCount = 13;
[[nodiscard]] std::string_view to_string(Layer layer) noexcept;  ///< "link", "vlan", ... lower case

/// Frames that hold no IP packet, by type: one counter each in the ledger.
enum class NonIp : uint8_t {
  ArpRequest,
  ArpReply,
  ArpOther,
  Llc,
  Stp,
  Lldp,
  PppoeDiscovery,
  PppControl,
  Eapol,
  Mpls,
  Macsec,
  WirelessControl,
  Other,
};
inline constexpr unsigned kNonIpCount = 13;
[[nodiscard]] std::string_view to_string(NonIp type) noexcept;  ///< "arp_request", ... snake case

enum class Verdict : uint8_t {
  Ip,           ///< has an IP header: belongs to a flow
  NonIp,        ///< sound, but no IP: see `non_ip`
  Undecodable,  ///< see `error` and `layer`
};

enum class Fragment : uint8_t {
  None,   ///< a whole datagram (an IPv6 atomic fragment, RFC 6946, counts as whole)
  First,  ///< offset 0 and more to come: ports are there
  Later,  ///< offset above 0: no transport header, ports are 0
};

/// One outer IP layer or label of a tunnel, outermost first in Packet::outer.
struct OuterLayer {
  TunnelType type{};             ///< says what `id` is
  uint8_t ip_version = 0;        ///< 4, 6, or 0 when the layer has no addresses (MPLS, QinQ)
  uint32_t id = 0;               ///< VNI, TEID, GRE key, label, session ..., host order
  const uint8_t* src = nullptr;  ///< 4 or 16 bytes, borrowed from the packet
  const uint8_t* dst = nullptr;
};

/// Tag that the kernel took out of the frame (tp_vlan_tci, tp_vlan_tpid), host order. It was the
/// outermost one. tpid 0 = there was none.
struct StrippedVlan {
  uint16_t tpid = 0;
  uint16_t tci = 0;
};

/// Fields are valid as their comments say; what does not apply to the packet is zero or empty, only
/// vlan_id and outer hold something old behind their counts. Of an Undecodable packet the fields of
/// the layers before `layer` are filled. Integers are in host order.
/// Lifetime: all pointers and spans borrow from the bytes given to decode().
struct Packet {
  Verdict verdict = Verdict::Undecodable;
  ParseError error = ParseError::Truncated;  ///< Undecodable only
  Layer layer = Layer::Link;                 ///< Undecodable only: where it stopped
  NonIp non_ip = NonIp::Other;               ///< NonIp only

  uint8_t ip_version = 0;  ///< 4 or 6; of the innermost IP layer, as all below
  uint8_t protocol = 0;    ///< IANA number, after IPv6 extension headers
  uint8_t ttl = 0;         ///< IPv4 TTL or IPv6 hop limit
  uint8_t tos = 0;         ///< IPv4 TOS byte or IPv6 traffic class
  Fragment fragment = Fragment::None;
  /// Fewer bytes captured than were sent (snap length, or a length field beyond the frame).
  bool payload_cut = false;

  uint8_t vlan_count = 0;
  uint8_t outer_count = 0;
  uint8_t tcp_flags = 0;  ///< FIN 01 SYN 02 RST 04 PSH 08 ACK 10 URG 20 ECE 40 CWR 80
  uint8_t icmp_type = 0;
  uint8_t icmp_code = 0;

  /// Last EtherType seen; 0 where the link type has none, or an 802.3 length.
  uint16_t ethertype = 0;
  uint16_t src_port = 0;  ///< TCP, UDP, SCTP
  uint16_t dst_port = 0;
  uint16_t tcp_window = 0;  ///< as sent, not scaled
  uint16_t icmp_id = 0;     ///< identifier of echo and the other ICMP query types
  uint32_t tcp_seq = 0;
  uint32_t tcp_ack = 0;
  /// Transport payload as sent: from the IP (UDP) length, so without padding, but no more than the
  /// frame had room for.
  uint32_t payload_len = 0;
  /// IP packet as its header says, header included. Where it says 0 (segmentation offload), what
  /// the frame had room for.
  uint32_t ip_len = 0;
  uint32_t fragment_id = 0;      ///< First and Later only
  uint32_t fragment_offset = 0;  ///< bytes

  const uint8_t* src = nullptr;  ///< 4 or 16 bytes
  const uint8_t* dst = nullptr;
  /// Captured bytes from the innermost IP header on (NonIp: from after the link header).
  base::Bytes network;
  base::Bytes transport;    ///< captured bytes from the transport header on, without padding
  base::Bytes tcp_options;  ///< raw options, walked by parse/tcp_options.h
  base::Bytes payload;      ///< captured transport payload, without padding

  std::array<uint16_t, kMaxVlans> vlan_id{};  ///< 12-bit ids, outermost first
  std::array<OuterLayer, kMaxOuterLayers> outer{};
};

/// A frame as a source hands it out.
struct Frame {
  base::Bytes captured;  ///< may be cut at any byte
  uint32_t wire_len =
      0;  ///< length on the wire; less than captured.size() counts as captured.size()
  uint16_t link_type = 1;  ///< LINKTYPE_ value (parse/link_type.h; tcpdump.org/linktypes.html)
  StrippedVlan stripped{};
};

/// Which IP layer of a tunnelled packet the fields of Packet are of.
enum class Tunnels : uint8_t {
  Inner,  ///< the innermost; those around it are in Packet::outer
  Outer,  ///< the outermost
};

/// Made once: building it costs more than decoding with it.
struct DecodeOptions {
  Tunnels tunnels = Tunnels::Inner;
  TunnelPorts ports{};
};

/// Decodes one frame into `out`; never fails: the verdict says what came of it. Tunnels are
/// followed at most kMaxOuterLayers deep. One whose inside is no IP packet, is not whole (IP
/// fragments, the snap length) or makes no sense counts as a packet of the IP layer around it.
/// Threads: pure. Cost: O(layers), no allocation. Checksums are not verified.
void decode(const Frame& frame, const DecodeOptions& options, Packet& out) noexcept;

/// The same with default options.
void decode(uint16_t link_type, base::Bytes captured, uint32_t wire_len, StrippedVlan stripped,
            Packet& out) noexcept;

/// Decodes the IP packet that a frame's fragments were put together to, in place of the fragment
/// that `out` holds: what lies around that one stays around this.
/// @param bytes what was captured, from the IP header on. @param wire_len the length as sent.
void decode_datagram(base::Bytes bytes, uint32_t wire_len, const DecodeOptions& options,
                     Packet& out) noexcept;

}  // namespace pktana::parse
