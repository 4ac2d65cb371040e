// SPDX-License-Identifier: Apache-2.0
// A packet on its way into a capture file, and the interface that it came from. The engine fills
// these in; the formats (pcap_format.h, pcapng_format.h) write them.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace pktana::sink {

/// Lifetime: borrowed for the call.
struct SavedPacket {
  base::Bytes bytes;      ///< as captured, without a tag that the kernel took out
  uint32_t wire_len = 0;  ///< whole frame, such a tag included
  int64_t ts_ns = 0;
  uint16_t source_id = 0;
  uint16_t link_type = 1;
  uint16_t vlan_tpid = 0;  ///< that tag, host order; 0 = none. It is put back where it was
  uint16_t vlan_tci = 0;
  uint64_t flow_id = 0;  ///< pcapng: told of in a comment; 0 = none
};

/// What is known of the interface (live) or of the file or file's interface behind a source_id.
struct SavedInterface {
  uint16_t source_id = 0;
  uint16_t link_type = 1;
  uint32_t snap_length = 0;  ///< 0 = not known
  bool nanoseconds = true;   ///< its times are finer than microseconds
  std::string name = {};     ///< empty = not known
};

/// The longest packet that tools take for granted (libpcap's MAXIMUM_SNAPLEN): what a file's header
/// says at least.
inline constexpr uint32_t kUsualSnapLength = 262144;

inline constexpr size_t kMacBytes = 12;  ///< of Ethernet: the tag goes behind them
inline constexpr size_t kTagBytes = 4;

/// Whether the taken-out tag can be put back: the frame was captured as far as its place.
[[nodiscard]] inline bool gets_tag(const SavedPacket& packet) noexcept {
  return packet.vlan_tpid != 0 && packet.bytes.size() >= kMacBytes;
}

/// Bytes of the packet as the file holds them.
[[nodiscard]] inline size_t saved_bytes(const SavedPacket& packet) noexcept {
  return packet.bytes.size() + (gets_tag(packet) ? kTagBytes : 0);
}

/// Writes saved_bytes() at `out`, returns their end.
[[nodiscard]] inline char* put_frame(char* out, const SavedPacket& packet) noexcept {
  base::Bytes rest = packet.bytes;
  if (gets_tag(packet)) [[unlikely]] {
    std::memcpy(out, rest.data(), kMacBytes);
    auto* tag = reinterpret_cast<uint8_t*>(out + kMacBytes);
    base::store_be<uint16_t>(tag, packet.vlan_tpid);
    base::store_be<uint16_t>(tag + 2, packet.vlan_tci);
    out += kMacBytes + kTagBytes;
    rest = rest.subspan(kMacBytes);
  }
  if (!rest.empty()) std::memcpy(out, rest.data(), rest.size());
  return out + rest.size();
}

/// What the beginning of a run of records is: how long, and whether it holds a packet.
struct RecordExtent {
  size_t bytes = 0;
  bool is_packet = false;
};

/// Writes `value` at `out` in the machine's byte order, returns the end.
template <typename T>
[[nodiscard]] inline char* put_native(char* out, T value) noexcept {
  std::memcpy(out, &value, sizeof value);
  return out + sizeof value;
}

}  // namespace pktana::sink
