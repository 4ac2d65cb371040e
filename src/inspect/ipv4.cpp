// SPDX-License-Identifier: Apache-2.0
// IPv4 header (RFC 791) and what is odd about it. Its options are ipv4_options.cpp.
#include <cstring>

#include <fmt/format.h>

#include "inspect/address_check.h"
#include "inspect/checksum.h"
#include "inspect/ipv4_options.h"
#include "inspect/names.h"
#include "inspect/protocols.h"
#include "inspect/text.h"
#include "parse/ip_protocol.h"

namespace pktana::inspect {
namespace {

constexpr size_t kMinHeader = 20;
constexpr size_t kTotalLength = 2;
constexpr size_t kFragmentWord = 6;
constexpr size_t kTtl = 8;
constexpr size_t kProtocol = 9;
constexpr size_t kChecksum = 10;
constexpr size_t kSource = 12;
constexpr size_t kDestination = 16;

constexpr Name kEcn[] = {{0, "not ECN-capable"}, {1, "ECT(1)"}, {2, "ECT(0)"}, {3, "congestion"}};

constexpr Field kFront[] = {
    {"version", 0, 1, Show::Number, 0xF0},
    {"header_length", 0, 1, Show::Words, 0x0F},
    {"dscp", 1, 1, Show::Dscp, 0xFC},
    {"ecn", 1, 1, Show::Number, 0x03, kEcn},
    {"total_length", 2, 2},
    {"id", 4, 2, Show::Hex},
    {"flags", 6, 1, Show::Hex, 0xE0},
    {"reserved", 6, 1, Show::Flag, 0x80},
    {"dont_fragment", 6, 1, Show::Flag, 0x40},
    {"more_fragments", 6, 1, Show::Flag, 0x20},
    {"fragment_offset", 6, 2, Show::Eights, 0x1FFF},
    {"ttl", 8},
    {"protocol", 9, 1, Show::IpProtocol},
};
constexpr Field kAddresses[] = {
    {"src", 12, 4, Show::Ipv4},
    {"dst", 16, 4, Show::Ipv4},
};

struct Header {
  size_t length;        ///< of the header
  size_t total_length;  ///< 0 = not said
  size_t offset;        ///< of the fragment, bytes
  bool more_fragments;
};

Header read_header(const Layer& layer) {
  const uint16_t word = layer.u16(kFragmentWord);
  return {.length = (layer.u8(0) & 0x0FU) * size_t{4},
          .total_length = layer.u16(kTotalLength),
          .offset = (word & size_t{0x1FFF}) * 8,
          .more_fragments = (word & 0x2000) != 0};
}

void find_odd_fragment(Layer& layer, const Header& header) {
  constexpr size_t kMaxPacket = 65535;
  constexpr size_t kTcpHeader = 20;
  const size_t payload = header.total_length - std::min(header.total_length, header.length);
  const Layer::Place place{kFragmentWord, 2};
  const uint16_t word = layer.u16(kFragmentWord);
  if ((word & 0x8000) != 0)
    layer.warn("reserved_bit", place, "the reserved flag is set (RFC 3514 is a joke)");
  if (!header.more_fragments && header.offset == 0) return;
  if ((word & 0x4000) != 0)
    layer.warn("fragment_with_df", place, "a fragment that says: don't fragment");
  if (header.offset + payload + header.length > kMaxPacket)
    layer.error("fragment_overflow", place, "the fragment ends beyond 65535 bytes (ping of death)");
  if (header.more_fragments && payload % 8 != 0)
    layer.error(
        "fragment_length", place,
        fmt::format("{} bytes of payload are not a multiple of 8, but more follow", payload));
  if (layer.u8(kProtocol) != parse::kIpProtoTcp) return;
  if (header.offset == 0 && payload < kTcpHeader)
    layer.warn("tiny_fragment", place,
               "the first fragment is too short for a TCP header (RFC 1858: tiny fragment attack)");
  if (header.offset == 8)
    layer.warn("overlapping_fragment", place,
               "the fragment overwrites the TCP flags (RFC 1858: overlapping fragment attack)");
}

void find_odd_lengths(Layer& layer, const Header& header) {
  Walk& walk = layer.walk();
  const size_t sent = walk.sent_left();
  if (header.length < kMinHeader)
    layer.error("bad_header_length", {0, 1},
                fmt::format("header length {} is below 20", header.length));
  if (header.total_length == 0)
    layer.note("no_total_length", {kTotalLength, 2},
               "total length 0: segmentation was offloaded; taken from the frame");
  else if (header.total_length < header.length)
    layer.error("bad_total_length", {kTotalLength, 2},
                fmt::format("total length {} is less than the header's {}", header.total_length,
                            header.length));
  else if (header.total_length > sent && !walk.is_quote())
    layer.error("bad_total_length", {kTotalLength, 2},
                fmt::format("total length {}, but the frame has {} bytes for it",
                            header.total_length, sent));
}

void find_odd_values(Layer& layer) {
  Walk& walk = layer.walk();
  if (layer.u8(kTtl) == 0 && !walk.is_quote())
    layer.warn("ttl_zero", {kTtl, 1}, "TTL 0 must not be sent (RFC 1122 section 3.2.1.7)");
  if (!walk.is_quote()) check_ipv4_addresses(layer, kSource, kDestination);
}

void set_context(Walk& walk, const Layer& layer, const Header& header) {
  walk.ip = {};
  walk.ip.version = 4;
  walk.ip.is_fragment = header.offset != 0 || header.more_fragments;
  std::memcpy(walk.ip.src, layer.bytes(kSource, 4).data(), 4);
  std::memcpy(walk.ip.dst, layer.bytes(kDestination, 4).data(), 4);
}

/// The packet ends where its header says; without a length, with the frame.
void set_end(Walk& walk, const Header& header, size_t begin) {
  if (header.total_length < header.length) return;
  const size_t behind = begin + header.total_length;
  walk.limit(behind - std::min(behind, walk.at()));
}

}  // namespace

Next dissect_ipv4(Walk& walk, uint32_t) {
  Layer layer(walk, "ipv4");
  if (layer.has(0, 1) && layer.u8(0) >> 4 != 4) {
    layer.add(kFront[0]);
    layer.error("bad_version", {0, 1}, fmt::format("version {} is not 4", layer.u8(0) >> 4));
    layer.end(1);
    return {};
  }
  if (!layer.fields(kFront) || !layer.has(0, kMinHeader)) {
    if (layer.has(0, kChecksum)) layer.truncated("the header", kMinHeader);
    return layer.stop();
  }
  const Header header = read_header(layer);
  add_checksum(layer, kChecksum, layer.bytes(0, std::max(header.length, kMinHeader)));
  layer.fields(kAddresses);
  layer.summary(fmt::format("{} > {}, {}", ipv4_text(layer.bytes(kSource, 4)),
                            ipv4_text(layer.bytes(kDestination, 4)),
                            ip_protocol_name(layer.u8(kProtocol))));
  find_odd_lengths(layer, header);
  find_odd_fragment(layer, header);
  find_odd_values(layer);
  set_context(walk, layer, header);
  if (header.length > kMinHeader) add_ipv4_options(layer, header.length);
  const size_t begin = walk.at();
  layer.end(std::max(header.length, kMinHeader));
  set_end(walk, header, begin);
  walk.ip.protocol = layer.u8(kProtocol);
  const bool lies = header.total_length != 0 && header.total_length < header.length;
  if (header.length < kMinHeader || lies || header.offset != 0) return {};
  return {dissect_ip_protocol, layer.u8(kProtocol)};
}

}  // namespace pktana::inspect
