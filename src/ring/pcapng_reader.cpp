// SPDX-License-Identifier: Apache-2.0
#include "ring/pcapng_reader.h"

#include <algorithm>

namespace pktana::ring {
namespace {

// Block types. Sections begin with one that reads the same in either byte order.
constexpr uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr uint32_t kInterfaceDescription = 1;
constexpr uint32_t kOldPacket = 2;
constexpr uint32_t kSimplePacket = 3;
constexpr uint32_t kEnhancedPacket = 6;

// Any block, from its first byte: type, length, body, the same length again.
constexpr size_t kType = 0;
constexpr size_t kLength = 4;
constexpr size_t kBody = 8;
constexpr size_t kMinBlockBytes = 12;

// Section Header Block.
constexpr size_t kByteOrderMagic = 8;
constexpr size_t kMajorVersion = 12;
constexpr size_t kMinorVersion = 14;
constexpr uint32_t kByteOrderMagicValue = 0x1a2b3c4d;

// Enhanced Packet Block; the old Packet Block differs by a 16-bit interface and a drop count in the
// place of kInterface.
constexpr size_t kInterface = 8;
constexpr size_t kTimeHigh = 12;
constexpr size_t kTimeLow = 16;
constexpr size_t kCapturedLength = 20;
constexpr size_t kWireLength = 24;
constexpr size_t kPacketData = 28;
constexpr size_t kMinPacketBlockBytes = kPacketData + 4;

// Simple Packet Block.
constexpr size_t kSimpleWireLength = 8;
constexpr size_t kSimpleData = 12;
constexpr size_t kMinSimpleBlockBytes = kSimpleData + 4;

// What a block adds to the packets of a scan.
constexpr size_t kNoPacket = 0;
constexpr size_t kOnePacket = 1;

/// The packet of a whole block of at least kMinPacketBlockBytes, once its interface is known. The
/// caller has checked that the captured length fits.
/// PERF NOTE: inlined by force. As a call it returned the ref through memory, written in parts and
/// read again as a whole: the stall was 70 % of scan() (perf; 10 M packets of 64 bytes).
[[gnu::always_inline]] inline PacketRef packet_of(const uint8_t* block, const PcapngInterface& from,
                                                  ByteOrder order) noexcept {
  const auto captured = order.load<uint32_t>(block + kCapturedLength);
  const uint64_t ticks = uint64_t{order.load<uint32_t>(block + kTimeHigh)} << 32 |
                         order.load<uint32_t>(block + kTimeLow);
  return PacketRef{.data = block + kPacketData,
                   .captured_len = captured,
                   .wire_len = std::max(order.load<uint32_t>(block + kWireLength), captured),
                   .ts_ns = from.time_scale.to_ns(ticks),
                   .source_id = from.source_id,
                   .link_type = from.link_type};
}

}  // namespace

bool PcapngReader::recognises(base::Bytes first_bytes) noexcept {
  return first_bytes.size() >= 4 &&
         base::load_be<uint32_t>(first_bytes.data() + kType) == kSectionHeader;
}

PcapngReader::PcapngReader(FileOrigin origin) noexcept
    : FormatReader(origin, "block", 0, kMinBlockBytes) {}

base::Result<std::unique_ptr<FormatReader>> PcapngReader::open(base::Bytes header,
                                                               FileOrigin origin) {
  std::unique_ptr<PcapngReader> reader(new PcapngReader(origin));
  if (auto size = reader->block_bytes(header); !size) {
    return base::Unexpected(std::move(size.error()));
  }
  if (auto section = reader->take_section(header); !section) {
    return base::Unexpected(std::move(section.error()));
  }
  return reader;
}

base::Result<Scan> PcapngReader::scan(base::Bytes bytes, std::span<PacketRef> out) {
  Scan scan;
  size_t other_blocks = 0;
  for (;;) {
    if (order_.big_endian) {
      scan_enhanced_packets<true>(bytes, out, scan);
    } else {
      scan_enhanced_packets<false>(bytes, out, scan);
    }
    if (scan.packets == out.size()) break;
    const base::Bytes rest = bytes.subspan(scan.consumed);
    auto taken = take_block(rest, out[scan.packets]);
    if (!taken && scan.consumed == 0) return base::Unexpected(std::move(taken.error()));
    if (!taken) break;
    if (taken->bytes > rest.size()) {
      scan.needed = taken->bytes;
      break;
    }
    scan.packets += taken->packets;
    scan.consumed += taken->bytes;
    other_blocks += 1 - taken->packets;
  }
  advance(scan.packets + other_blocks, scan.consumed);
  return scan;
}

/// The common case: a run of whole and sound Enhanced Packet Blocks. Stops at anything else; what
/// it is, take_block() sees. PERF NOTE: a loop of its own with byte order and interfaces in
/// registers, and packet_of() inlined: 77 instructions and 3.3 ns per 64-byte packet, where a call
/// per block took 150 and 11 ns.
template <bool kBigEndian>
void PcapngReader::scan_enhanced_packets(base::Bytes bytes, std::span<PacketRef> out,
                                         Scan& scan) noexcept {
  constexpr ByteOrder kOrder{kBigEndian};
  const std::span<const PcapngInterface> interfaces = interfaces_;
  size_t packets = scan.packets;
  size_t at = scan.consumed;
  while (packets < out.size() && bytes.size() - at >= kMinPacketBlockBytes) {
    const uint8_t* block = bytes.data() + at;
    const size_t length = kOrder.load<uint32_t>(block + kLength);
    if (kOrder.load<uint32_t>(block + kType) != kEnhancedPacket || length % 4 != 0 ||
        length < kMinPacketBlockBytes || length > bytes.size() - at) {
      break;
    }
    const auto interface = kOrder.load<uint32_t>(block + kInterface);
    if (kOrder.load<uint32_t>(block + length - 4) != length || interface >= interfaces.size() ||
        kOrder.load<uint32_t>(block + kCapturedLength) > length - kMinPacketBlockBytes) {
      break;
    }
    out[packets++] = packet_of(block, interfaces[interface], kOrder);
    at += length;
  }
  if (packets > scan.packets) last_ts_ns_ = out[packets - 1].ts_ns;
  scan.packets = packets;
  scan.consumed = at;
}

base::Result<PcapngReader::Step> PcapngReader::take_block(base::Bytes rest, PacketRef& out) {
  auto length = block_bytes(rest);
  if (!length) return base::Unexpected(std::move(length.error()));
  if (*length > rest.size()) return Step{.bytes = *length};
  auto packets = take_whole_block(rest.first(*length), out);
  if (!packets) return base::Unexpected(std::move(packets.error()));
  return Step{.bytes = *length, .packets = *packets};
}

base::Result<size_t> PcapngReader::block_bytes(base::Bytes rest) const {
  if (rest.size() < kMinBlockBytes) return kMinBlockBytes;
  const auto order = order_of(rest);
  if (!order) return broken("begins a section, but has no byte order magic");
  const size_t length = order->load<uint32_t>(rest.data() + kLength);
  if (length < kMinBlockBytes || length % 4 != 0 || length > kMaxRecordBytes) {
    return broken("claims to be " + std::to_string(length) + " bytes long, which must be " +
                  std::to_string(kMinBlockBytes) + " to " + std::to_string(kMaxRecordBytes) +
                  " and a multiple of 4: the file is damaged from there on");
  }
  return length;
}

/// That of the section, or of the new one that begins here.
std::optional<ByteOrder> PcapngReader::order_of(base::Bytes block) const noexcept {
  if (base::load_be<uint32_t>(block.data() + kType) != kSectionHeader) return order_;
  for (const ByteOrder order : {ByteOrder{false}, ByteOrder{true}}) {
    if (order.load<uint32_t>(block.data() + kByteOrderMagic) == kByteOrderMagicValue) return order;
  }
  return std::nullopt;
}

base::Result<size_t> PcapngReader::take_whole_block(base::Bytes block, PacketRef& out) {
  const auto trailer = order_of(block)->load<uint32_t>(block.data() + block.size() - 4);
  if (trailer != block.size()) {
    return broken("claims to be " + std::to_string(block.size()) + " bytes long, and at its end " +
                  std::to_string(trailer) + ": the file is damaged there");
  }
  const auto type = order_.load<uint32_t>(block.data() + kType);
  switch (type) {
    case kSectionHeader:
      return take_section(block);
    case kInterfaceDescription:
      return take_interface(block);
    case kEnhancedPacket:
    case kOldPacket:
      return take_packet(block, type, out);
    case kSimplePacket:
      return take_simple_packet(block, out);
    default:
      return kNoPacket;
  }
}

base::Result<size_t> PcapngReader::take_section(base::Bytes block) {
  if (block.size() < kFileHeaderBytes) return broken("is too short for a section header");
  const ByteOrder order = *order_of(block);
  const auto major = order.load<uint16_t>(block.data() + kMajorVersion);
  const auto minor = order.load<uint16_t>(block.data() + kMinorVersion);
  if (major != 1) {
    return broken("begins a section of version " + std::to_string(major) + "." +
                  std::to_string(minor) + ", which is not known; 1.0 is");
  }
  order_ = order;
  interfaces_.clear();
  return kNoPacket;
}

base::Result<size_t> PcapngReader::take_interface(base::Bytes block) {
  if (interfaces_.size() == kMaxInterfaces) {
    return broken("describes one interface more than the limit of " +
                  std::to_string(kMaxInterfaces));
  }
  auto interface =
      PcapngInterface::parse(block.subspan(kBody, block.size() - kMinBlockBytes), order_);
  if (!interface) return broken(interface.error().detail);
  interface->source_id = announce({.name = interface->name,
                                   .link_type = interface->link_type,
                                   .snap_length = interface->snap_length,
                                   .nanoseconds = interface->nanoseconds});
  interfaces_.push_back(std::move(*interface));
  return kNoPacket;
}

base::Result<size_t> PcapngReader::take_packet(base::Bytes block, uint32_t type, PacketRef& out) {
  if (block.size() < kMinPacketBlockBytes) return broken("is too short for a packet");
  const uint8_t* at = block.data() + kInterface;
  const uint32_t interface =
      type == kOldPacket ? order_.load<uint16_t>(at) : order_.load<uint32_t>(at);
  if (interface >= interfaces_.size()) return broken_interface(interface);
  const auto captured = order_.load<uint32_t>(block.data() + kCapturedLength);
  if (captured > block.size() - kMinPacketBlockBytes) {
    return broken("claims " + std::to_string(captured) + " captured bytes, but has room for " +
                  std::to_string(block.size() - kMinPacketBlockBytes) + " only");
  }
  out = packet_of(block.data(), interfaces_[interface], order_);
  last_ts_ns_ = out.ts_ns;
  return kOnePacket;
}

base::Result<size_t> PcapngReader::take_simple_packet(base::Bytes block, PacketRef& out) {
  if (block.size() < kMinSimpleBlockBytes) return broken("is too short for a packet");
  if (interfaces_.empty()) return broken_interface(0);
  const PcapngInterface& from = interfaces_.front();
  const auto wire = order_.load<uint32_t>(block.data() + kSimpleWireLength);
  size_t captured = std::min<size_t>(wire, block.size() - kMinSimpleBlockBytes);
  if (from.snap_length > 0) captured = std::min<size_t>(captured, from.snap_length);
  out = PacketRef{.data = block.data() + kSimpleData,
                  .captured_len = static_cast<uint32_t>(captured),
                  .wire_len = wire,
                  .ts_ns = last_ts_ns_,
                  .source_id = from.source_id,
                  .link_type = from.link_type};
  return kOnePacket;
}

base::Unexpected PcapngReader::broken_interface(uint32_t interface) const {
  return broken("is a packet of interface " + std::to_string(interface) +
                ", but the section has described " + std::to_string(interfaces_.size()));
}

}  // namespace pktana::ring
