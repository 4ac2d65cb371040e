// SPDX-License-Identifier: Apache-2.0
#include "ring/pcap_reader.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/clock.h"

namespace pktana::ring {
namespace {

// File header.
constexpr size_t kMajorVersion = 4;
constexpr size_t kMinorVersion = 6;
constexpr size_t kSnapLength = 16;
constexpr size_t kLinkType = 20;

// Record header.
constexpr size_t kSeconds = 0;
constexpr size_t kFraction = 4;
constexpr size_t kFirstLength = 8;
constexpr size_t kSecondLength = 12;
constexpr size_t kRecordHeaderBytes = 16;
constexpr size_t kModifiedRecordHeaderBytes = 24;

struct Variant {
  uint32_t magic;
  size_t record_header_bytes;
  int64_t ns_per_fraction;
};
constexpr std::array kVariants = {
    Variant{0xa1b2c3d4, kRecordHeaderBytes, base::kNsPerUs},
    Variant{0xa1b23c4d, kRecordHeaderBytes, 1},
    Variant{0xa1b2cd34, kModifiedRecordHeaderBytes, base::kNsPerUs},
};

std::optional<std::pair<Variant, ByteOrder>> find_variant(base::Bytes first_bytes) noexcept {
  if (first_bytes.size() < sizeof(uint32_t)) return std::nullopt;
  for (const ByteOrder order : {ByteOrder{false}, ByteOrder{true}}) {
    for (const Variant& variant : kVariants) {
      if (order.load<uint32_t>(first_bytes.data()) == variant.magic) return {{variant, order}};
    }
  }
  return std::nullopt;
}

/// libpcap's limit, and no more than CaptureFile would hold in memory.
uint32_t max_captured(uint32_t snap_length) noexcept {
  return std::clamp(snap_length, kMaxPacketBytes,
                    static_cast<uint32_t>(kMaxRecordBytes - kModifiedRecordHeaderBytes));
}

}  // namespace

bool PcapReader::recognises(base::Bytes first_bytes) noexcept {
  return find_variant(first_bytes).has_value();
}

base::Result<std::unique_ptr<FormatReader>> PcapReader::open(base::Bytes header,
                                                             FileOrigin origin) {
  const auto [variant, order] = *find_variant(header);
  const auto major = order.load<uint16_t>(header.data() + kMajorVersion);
  const auto minor = order.load<uint16_t>(header.data() + kMinorVersion);
  if (major != 2 || minor > 4) {
    return base::fail_input("read capture file", "pcap version " + std::to_string(major) + "." +
                                                     std::to_string(minor) +
                                                     " is not known; 2.0 to 2.4 are");
  }
  Layout layout;
  layout.order = order;
  if (minor < 3) layout.lengths = Lengths::WireFirst;
  if (minor == 3) layout.lengths = Lengths::SmallerFirst;
  layout.link_type = static_cast<uint16_t>(order.load<uint32_t>(header.data() + kLinkType));
  layout.max_captured = max_captured(order.load<uint32_t>(header.data() + kSnapLength));
  layout.record_header_bytes = variant.record_header_bytes;
  layout.ns_per_fraction = variant.ns_per_fraction;
  return std::unique_ptr<FormatReader>(new PcapReader(layout, origin));
}

PcapReader::PcapReader(const Layout& layout, FileOrigin origin) noexcept
    : FormatReader(origin, "record", kFileHeaderBytes, layout.record_header_bytes),
      layout_(layout) {
  announce_only({.link_type = layout.link_type,
                 .snap_length = layout.max_captured,
                 .nanoseconds = layout.ns_per_fraction == 1});
}

base::Result<Scan> PcapReader::scan(base::Bytes bytes, std::span<PacketRef> out) {
  const Scan scan =
      layout_.order.big_endian ? scan_records<true>(bytes, out) : scan_records<false>(bytes, out);
  if (scan.packets == 0 && scan.needed == 0) return broken_record(bytes);
  advance(scan.packets, scan.consumed);
  return scan;
}

/// Stops at a record that is not whole (`needed` says what it takes) or that is broken (`needed`
/// stays 0).
template <bool kBigEndian>
Scan PcapReader::scan_records(base::Bytes bytes, std::span<PacketRef> out) const noexcept {
  constexpr ByteOrder kOrder{kBigEndian};
  const Layout layout =
      layout_;  // the refs written could alias *this, as far as the compiler knows
  Scan scan;
  while (scan.packets < out.size()) {
    const uint8_t* record = bytes.data() + scan.consumed;
    const size_t left = bytes.size() - scan.consumed;
    if (left < layout.record_header_bytes) {
      scan.needed = layout.record_header_bytes;
      break;
    }
    auto captured = kOrder.load<uint32_t>(record + kFirstLength);
    auto wire = kOrder.load<uint32_t>(record + kSecondLength);
    if (layout.lengths != Lengths::CapturedFirst) [[unlikely]] {
      order_lengths(layout.lengths, captured, wire);
    }
    if (captured > layout.max_captured) [[unlikely]]
      break;
    const size_t record_bytes = layout.record_header_bytes + captured;
    if (left < record_bytes) {
      scan.needed = record_bytes;
      break;
    }
    out[scan.packets++] = PacketRef{
        .data = record + layout.record_header_bytes,
        .captured_len = captured,
        .wire_len = std::max(wire, captured),
        .ts_ns = kOrder.load<uint32_t>(record + kSeconds) * base::kNsPerSecond +
                 kOrder.load<uint32_t>(record + kFraction) * layout.ns_per_fraction,
        .source_id = source_id(),
        .link_type = layout.link_type,
    };
    scan.consumed += record_bytes;
  }
  return scan;
}

void PcapReader::order_lengths(Lengths lengths, uint32_t& captured, uint32_t& wire) noexcept {
  if (lengths == Lengths::WireFirst || captured > wire) std::swap(captured, wire);
}

base::Unexpected PcapReader::broken_record(base::Bytes bytes) const {
  auto captured = layout_.order.load<uint32_t>(bytes.data() + kFirstLength);
  auto wire = layout_.order.load<uint32_t>(bytes.data() + kSecondLength);
  if (layout_.lengths != Lengths::CapturedFirst) order_lengths(layout_.lengths, captured, wire);
  return broken("claims " + std::to_string(captured) + " captured bytes, the limit is " +
                std::to_string(layout_.max_captured) + ": the file is damaged from there on");
}

}  // namespace pktana::ring
