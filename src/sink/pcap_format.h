// SPDX-License-Identifier: Apache-2.0
// The classic pcap format (draft-ietf-opsawg-pcap), version 2.4, in the machine's byte order, with
// microseconds or nanoseconds. Formatting only; PacketEncoder is the user.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "sink/saved_packet.h"

namespace pktana::sink {

inline constexpr size_t kPcapHeaderBytes = 24;
inline constexpr size_t kPcapRecordHeaderBytes = 16;

struct PcapHeader {
  uint16_t link_type = 1;
  uint32_t snap_length = kUsualSnapLength;
  bool nanoseconds = true;
};

/// Writes kPcapHeaderBytes, returns their end.
[[nodiscard]] char* put_pcap_header(char* out, const PcapHeader& header) noexcept;

[[nodiscard]] inline size_t pcap_record_bytes(const SavedPacket& packet) noexcept {
  return kPcapRecordHeaderBytes + saved_bytes(packet);
}

/// Writes pcap_record_bytes(). Times outside 1970 to 2106 are those of the nearest end.
[[nodiscard]] char* put_pcap_record(char* out, const SavedPacket& packet,
                                    bool nanoseconds) noexcept;

/// The time can be written without loss.
[[nodiscard]] bool fits_pcap_time(int64_t ts_ns, bool nanoseconds) noexcept;

/// The record that `bytes` begin with: one that put_pcap_record() wrote, its header whole.
[[nodiscard]] RecordExtent pcap_extent(std::span<const char> bytes) noexcept;

}  // namespace pktana::sink
