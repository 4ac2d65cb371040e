// SPDX-License-Identifier: Apache-2.0
// GRE header, versions 0 (GRE, NVGRE, what carries ERSPAN) and 1 (PPTP).
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

/// Protocol types of GRE that are no ordinary EtherTypes.
inline constexpr uint16_t kGreWccp =
    0x883E;  ///< IPv4, behind a redirect header of 4 bytes or without
inline constexpr uint16_t kGreErspan = 0x88BE;   ///< ERSPAN types I and II
inline constexpr uint16_t kGreErspan3 = 0x22EB;  ///< ERSPAN type III

class GreView {
  static constexpr size_t kFlags = 0;
  static constexpr size_t kProtocol = 2;
  static constexpr uint16_t kChecksum = 0x8000;
  static constexpr uint16_t kRouting = 0x4000;
  static constexpr uint16_t kKey = 0x2000;
  static constexpr uint16_t kSequence = 0x1000;
  static constexpr uint16_t kAck = 0x0080;
  static constexpr uint16_t kVersionMask = 0x0007;
  static constexpr size_t kKeyCallId = 2;  // in the key field of version 1

 public:
  static constexpr size_t kMinHeaderLen = 4;
  /// Source route entries walked (RFC 1701).
  static constexpr unsigned kMaxRoutes = 8;

  /// GRE header with its optional fields (RFC 2784, 2890; routing of RFC 1701; version 1: RFC 2637
  /// section 4.1).
  /// @param bytes first byte of the header to the last captured one of the IP payload; may be cut
  ///         at any byte.
  /// @return Truncated if a field that the flags announce is not all there; Malformed if version 1
  ///         lacks the key; Unsupported for other versions and for routes without end.
  /// Lifetime: valid while `bytes` is. Cost: O(routes), no allocation. The checksum is not
  /// verified.
  [[nodiscard]] static Result<GreView> parse(base::Bytes bytes) noexcept;

  [[nodiscard]] unsigned version() const noexcept { return flags() & kVersionMask; }
  /// An EtherType, or one of the kGre values.
  [[nodiscard]] uint16_t protocol() const noexcept {
    return base::load_be<uint16_t>(bytes_.data() + kProtocol);
  }
  [[nodiscard]] size_t header_len_bytes() const noexcept { return bytes_.size(); }
  [[nodiscard]] bool has_key() const noexcept { return (flags() & kKey) != 0; }
  [[nodiscard]] bool has_sequence() const noexcept { return (flags() & kSequence) != 0; }
  /// No optional field but the key: what NVGRE asks for (RFC 7637 section 3.2).
  [[nodiscard]] bool has_key_only() const noexcept { return flags() == kKey; }
  /// 0 if there is none.
  [[nodiscard]] uint32_t key() const noexcept {
    return has_key() ? base::load_be<uint32_t>(bytes_.data() + key_at()) : 0;
  }
  /// Version 1 only.
  [[nodiscard]] uint16_t call_id() const noexcept {
    return base::load_be<uint16_t>(bytes_.data() + key_at() + kKeyCallId);
  }

 private:
  explicit GreView(base::Bytes bytes) noexcept : bytes_(bytes) {}
  [[nodiscard]] uint16_t flags() const noexcept {
    return base::load_be<uint16_t>(bytes_.data() + kFlags);
  }
  [[nodiscard]] size_t key_at() const noexcept {
    return (flags() & (kChecksum | kRouting)) != 0 ? kMinHeaderLen + 4 : kMinHeaderLen;
  }
  base::Bytes bytes_;  // the header, whole
};

}  // namespace pktana::parse
