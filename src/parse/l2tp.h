// SPDX-License-Identifier: Apache-2.0
// L2TP data header over UDP, versions 2 and 3.
#pragma once

#include "base/bytes.h"
#include "parse/parse_error.h"

namespace pktana::parse {

class L2tpView {
 public:
  /// Data header (version 2: RFC 2661 section 3.1; version 3: RFC 3931 section 4.1.2.1, up to the
  /// session id, since the cookie's length is agreed upon elsewhere). View over `bytes`, no copy.
  /// @param bytes first byte of the UDP payload to the last captured one; may be cut at any byte.
  /// @return Truncated if the header is not all there; Unsupported for control messages and other
  ///         versions.
  /// Lifetime: holds no pointer. Cost: O(1), no allocation.
  [[nodiscard]] static Result<L2tpView> parse(base::Bytes bytes) noexcept;

  /// 2 or 3.
  [[nodiscard]] unsigned version() const noexcept { return version_; }
  /// Version 2: tunnel id << 16 | session id. Version 3: session id.
  [[nodiscard]] uint32_t id() const noexcept { return id_; }
  [[nodiscard]] size_t header_len_bytes() const noexcept { return header_len_; }

 private:
  L2tpView(uint8_t version, uint32_t id, size_t header_len) noexcept
      : id_(id), header_len_(static_cast<uint32_t>(header_len)), version_(version) {}
  uint32_t id_;
  uint32_t header_len_;
  uint8_t version_;
};

}  // namespace pktana::parse
