// SPDX-License-Identifier: Apache-2.0
// What decode() makes of a frame, for tests: the frame lies in a heap block of exactly its size, so
// that AddressSanitizer sees a read beyond it, and the packet held something else before, as in a
// worker.
#pragma once

#include <cstring>
#include <memory>
#include <string>

#include "parse/link_type.h"
#include "parse/packet.h"
#include "support/packet_builder.h"

namespace pktana::parse {

struct FrameMeta {
  LinkType link_type = LinkType::Ethernet;
  uint32_t wire_len = 0;  ///< 0 = as captured
  StrippedVlan stripped{};
};

class Decoded {
 public:
  explicit Decoded(const support::Octets& frame, const FrameMeta& meta = {})
      : Decoded(base::Bytes(frame), meta) {}
  explicit Decoded(base::Bytes frame, const FrameMeta& meta = {})
      : bytes_(new uint8_t[frame.size()]) {
    if (!frame.empty()) std::memcpy(bytes_.get(), frame.data(), frame.size());
    std::memset(static_cast<void*>(&packet_), 0xAB, sizeof packet_);
    decode(static_cast<uint16_t>(meta.link_type), {bytes_.get(), frame.size()}, meta.wire_len,
           meta.stripped, packet_);
  }
  const Packet* operator->() const { return &packet_; }
  /// First byte of the copy.
  [[nodiscard]] const uint8_t* begin() const { return bytes_.get(); }
  const Packet& operator*() const { return packet_; }
  /// Offset in the frame.
  [[nodiscard]] size_t offset_of(const uint8_t* p) const {
    return static_cast<size_t>(p - bytes_.get());
  }

 private:
  std::unique_ptr<uint8_t[]> bytes_;
  Packet packet_;
};

inline std::string as_text(base::Bytes bytes) { return {bytes.begin(), bytes.end()}; }

/// "ip", "non_ip arp_request", "truncated ipv4": one word for what became of the packet.
inline std::string outcome(const Packet& packet) {
  switch (packet.verdict) {
    case Verdict::Ip:
      return "ip";
    case Verdict::NonIp:
      return "non_ip " + std::string(to_string(packet.non_ip));
    case Verdict::Undecodable:
      return std::string(to_string(packet.error)) + " " + std::string(to_string(packet.layer));
  }
  return "?";
}
inline std::string outcome(const support::Octets& frame, const FrameMeta& meta = {}) {
  return outcome(*Decoded(frame, meta));
}

}  // namespace pktana::parse
