// SPDX-License-Identifier: Apache-2.0
// Fuzzes decode(): any bytes of any link type give a verdict, and whatever it points at lies within
// the frame. Input: link type (index below), stripped tag (4 bytes), bytes cut off the end (2
// bytes), then the frame.
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iterator>

#include "base/bytes.h"
#include "parse/link_type.h"
#include "parse/packet.h"

namespace {

using namespace pktana;
using base::Bytes;
using parse::LinkType;
using parse::Packet;
using parse::Verdict;

constexpr size_t kHeaderBytes = 7;

constexpr LinkType kLinkTypes[] = {
    LinkType::Ethernet,  LinkType::Null,       LinkType::Ppp,
    LinkType::Fddi,      LinkType::RawBsd,     LinkType::RawOpenBsd,
    LinkType::PppHdlc,   LinkType::PppEther,   LinkType::Raw,
    LinkType::CiscoHdlc, LinkType::FrameRelay, LinkType::Ieee80211,
    LinkType::Loop,      LinkType::LinuxSll,   LinkType::Ieee80211Radiotap,
    LinkType::Ipv4,      LinkType::Ipv6,       LinkType::Nflog,
    LinkType::Pktap,     LinkType::LinuxSll2,
};

void require(bool condition) {
  if (!condition) std::abort();
}

bool within(const uint8_t* data, size_t size, Bytes frame) {
  const std::less_equal<const uint8_t*> at_most;
  return at_most(frame.data(), data) && at_most(data + size, frame.data() + frame.size());
}

void require_within(Bytes part, Bytes frame) {
  require(part.empty() || within(part.data(), part.size(), frame));
}

void require_address(const uint8_t* address, uint8_t ip_version, Bytes frame) {
  require(address == nullptr || within(address, ip_version == 4 ? 4 : 16, frame));
}

void check(const Packet& packet, Bytes frame) {
  require(packet.vlan_count <= parse::kMaxVlans);
  require(packet.outer_count <= parse::kMaxOuterLayers);
  for (Bytes part : {packet.network, packet.transport, packet.tcp_options, packet.payload}) {
    require_within(part, frame);
  }
  require_address(packet.src, packet.ip_version, frame);
  require_address(packet.dst, packet.ip_version, frame);
  for (unsigned i = 0; i < packet.outer_count; ++i) {
    require_address(packet.outer[i].src, packet.outer[i].ip_version, frame);
    require_address(packet.outer[i].dst, packet.outer[i].ip_version, frame);
  }
  if (packet.verdict == Verdict::Ip) {
    require(packet.ip_version == 4 || packet.ip_version == 6);
    require(packet.src != nullptr && packet.dst != nullptr);
    require(packet.payload.size() <= packet.payload_len);
  }
}

/// What a reader of the packet can tell apart, as far as it is plain numbers.
bool same(const Packet& a, const Packet& b) {
  return a.verdict == b.verdict && a.protocol == b.protocol && a.src_port == b.src_port &&
         a.dst_port == b.dst_port && a.payload_len == b.payload_len && a.tcp_seq == b.tcp_seq &&
         a.vlan_count == b.vlan_count && a.outer_count == b.outer_count && a.src == b.src &&
         a.payload.data() == b.payload.data() && a.payload.size() == b.payload.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < kHeaderBytes) return 0;
  const auto link = static_cast<uint16_t>(kLinkTypes[data[0] % std::size(kLinkTypes)]);
  const parse::StrippedVlan stripped{.tpid = base::load_be<uint16_t>(data + 1),
                                     .tci = base::load_be<uint16_t>(data + 3)};
  const auto cut = base::load_be<uint16_t>(data + 5);
  const Bytes frame(data + kHeaderBytes, size - kHeaderBytes);
  const auto wire_len = static_cast<uint32_t>(frame.size() + cut);

  static Packet refilled;  // keeps what the input before left, which must not show
  Packet fresh;
  parse::decode(link, frame, wire_len, stripped, refilled);
  parse::decode(link, frame, wire_len, stripped, fresh);
  check(fresh, frame);
  require(same(fresh, refilled));
  return 0;
}
