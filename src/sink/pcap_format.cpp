// SPDX-License-Identifier: Apache-2.0
#include "sink/pcap_format.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/clock.h"

namespace pktana::sink {
namespace {

constexpr uint32_t kMicroMagic = 0xa1b2c3d4;
constexpr uint32_t kNanoMagic = 0xa1b23c4d;
constexpr uint16_t kMajorVersion = 2;
constexpr uint16_t kMinorVersion = 4;
constexpr size_t kCapturedLength = 8;  // in a record's header
constexpr int64_t kLastNs =
    (int64_t{std::numeric_limits<uint32_t>::max()} + 1) * base::kNsPerSecond - 1;

}  // namespace

char* put_pcap_header(char* out, const PcapHeader& header) noexcept {
  out = put_native<uint32_t>(out, header.nanoseconds ? kNanoMagic : kMicroMagic);
  out = put_native<uint16_t>(out, kMajorVersion);
  out = put_native<uint16_t>(out, kMinorVersion);
  out = put_native<uint32_t>(out, 0);  // time zone and accuracy, which nobody uses
  out = put_native<uint32_t>(out, 0);
  out = put_native<uint32_t>(out, header.snap_length);
  return put_native<uint32_t>(out, header.link_type);
}

char* put_pcap_record(char* out, const SavedPacket& packet, bool nanoseconds) noexcept {
  const int64_t ts_ns = std::clamp<int64_t>(packet.ts_ns, 0, kLastNs);
  const auto fraction_ns = static_cast<uint32_t>(ts_ns % base::kNsPerSecond);
  const auto captured = static_cast<uint32_t>(saved_bytes(packet));
  out = put_native<uint32_t>(out, static_cast<uint32_t>(ts_ns / base::kNsPerSecond));
  out = put_native<uint32_t>(out, nanoseconds ? fraction_ns : fraction_ns / 1000);
  out = put_native<uint32_t>(out, captured);
  out = put_native<uint32_t>(out, std::max(packet.wire_len, captured));
  return put_frame(out, packet);
}

bool fits_pcap_time(int64_t ts_ns, bool nanoseconds) noexcept {
  return ts_ns >= 0 && ts_ns <= kLastNs && (nanoseconds || ts_ns % base::kNsPerUs == 0);
}

RecordExtent pcap_extent(std::span<const char> bytes) noexcept {
  uint32_t captured = 0;
  std::memcpy(&captured, bytes.data() + kCapturedLength, sizeof captured);
  return {.bytes = kPcapRecordHeaderBytes + captured, .is_packet = true};
}

}  // namespace pktana::sink
