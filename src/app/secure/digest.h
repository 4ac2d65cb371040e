// SPDX-License-Identifier: Apache-2.0
// MD5, SHA-1 and SHA-256 by OpenSSL, for fingerprints and key derivation. The algorithms are
// fetched once per process, the contexts live as long as their thread: a digest allocates nothing.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/dissector.h"

namespace pktana::app::secure {

using Md5 = std::array<uint8_t, 16>;
using Sha1 = std::array<uint8_t, 20>;
using Sha256 = std::array<uint8_t, 32>;

/// All zero if OpenSSL has no such algorithm (a FIPS provider without MD5).
[[nodiscard]] Md5 md5(Bytes bytes) noexcept;
[[nodiscard]] Sha1 sha1(Bytes bytes) noexcept;
[[nodiscard]] Sha256 sha256(Bytes bytes) noexcept;

[[nodiscard]] inline Bytes bytes_of(std::string_view text) noexcept {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

/// Lower-case hex digits.
[[nodiscard]] std::string to_hex(Bytes bytes);
/// "af:cc:00"; upper-case digits if wanted.
[[nodiscard]] std::string to_colon_hex(Bytes bytes, bool upper_case);

}  // namespace pktana::app::secure
