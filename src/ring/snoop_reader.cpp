// SPDX-License-Identifier: Apache-2.0
#include "ring/snoop_reader.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/clock.h"

namespace pktana::ring {
namespace {

constexpr std::array<uint8_t, 8> kMagic = {'s', 'n', 'o', 'o', 'p', 0, 0, 0};

// File header.
constexpr size_t kVersion = 8;
constexpr size_t kDataLink = 12;

// Record header.
constexpr size_t kWireLength = 0;
constexpr size_t kCapturedLength = 4;
constexpr size_t kRecordLength = 8;
constexpr size_t kSeconds = 16;
constexpr size_t kMicroseconds = 20;
constexpr size_t kRecordHeaderBytes = 24;

/// LINKTYPE_ value of a data link type: RFC 1761 section 4, and the later ones of Solaris that
/// libpcap knows.
std::optional<uint16_t> to_link_type(uint32_t data_link) noexcept {
  switch (data_link) {
    case 0:  // IEEE 802.3
    case 4:  // Ethernet
      return 1;
    case 2:  // token ring
      return 6;
    case 8:  // FDDI
      return 10;
    case 18:  // ATM
      return 123;
    case 26:  // ipnet
      return 226;
    default:
      return std::nullopt;
  }
}

struct RecordHeader {
  explicit RecordHeader(const uint8_t* p) noexcept
      : wire(base::load_be<uint32_t>(p + kWireLength)),
        captured(base::load_be<uint32_t>(p + kCapturedLength)),
        record(base::load_be<uint32_t>(p + kRecordLength)),
        ts_ns(base::load_be<uint32_t>(p + kSeconds) * base::kNsPerSecond +
              base::load_be<uint32_t>(p + kMicroseconds) * base::kNsPerUs) {}

  [[nodiscard]] bool is_sound() const noexcept {
    return captured <= kMaxPacketBytes && record <= kMaxRecordBytes &&
           record >= kRecordHeaderBytes + captured;
  }

  uint32_t wire;
  uint32_t captured;
  uint32_t record;  ///< header, packet and padding
  int64_t ts_ns;
};

}  // namespace

bool SnoopReader::recognises(base::Bytes first_bytes) noexcept {
  return first_bytes.size() >= kMagic.size() &&
         std::equal(kMagic.begin(), kMagic.end(), first_bytes.begin());
}

base::Result<std::unique_ptr<FormatReader>> SnoopReader::open(base::Bytes header,
                                                              FileOrigin origin) {
  const auto version = base::load_be<uint32_t>(header.data() + kVersion);
  if (version != 2) {
    return base::fail_input("read capture file",
                            "snoop version " + std::to_string(version) + " is not known; 2 is");
  }
  const auto data_link = base::load_be<uint32_t>(header.data() + kDataLink);
  const auto link_type = to_link_type(data_link);
  if (!link_type) {
    return base::fail_input("read capture file",
                            "snoop data link type " + std::to_string(data_link) + " is not known");
  }
  return std::unique_ptr<FormatReader>(new SnoopReader(*link_type, origin));
}

SnoopReader::SnoopReader(uint16_t link_type, FileOrigin origin) noexcept
    : FormatReader(origin, "record", kFileHeaderBytes, kRecordHeaderBytes), link_type_(link_type) {
  announce_only({.link_type = link_type});
}

base::Result<Scan> SnoopReader::scan(base::Bytes bytes, std::span<PacketRef> out) {
  Scan scan;
  while (scan.packets < out.size()) {
    const base::Bytes rest = bytes.subspan(scan.consumed);
    if (rest.size() < kRecordHeaderBytes) {
      scan.needed = kRecordHeaderBytes;
      break;
    }
    const RecordHeader header(rest.data());
    if (!header.is_sound()) {
      if (scan.packets > 0) break;
      return broken("claims " + std::to_string(header.captured) +
                    " captured bytes in a record of " + std::to_string(header.record) +
                    ": the file is damaged from there on");
    }
    if (rest.size() < header.record) {
      scan.needed = header.record;
      break;
    }
    out[scan.packets++] = PacketRef{.data = rest.data() + kRecordHeaderBytes,
                                    .captured_len = header.captured,
                                    .wire_len = std::max(header.wire, header.captured),
                                    .ts_ns = header.ts_ns,
                                    .source_id = source_id(),
                                    .link_type = link_type_};
    scan.consumed += header.record;
  }
  advance(scan.packets, scan.consumed);
  return scan;
}

}  // namespace pktana::ring
