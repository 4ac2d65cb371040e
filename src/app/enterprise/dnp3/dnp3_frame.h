// SPDX-License-Identifier: Apache-2.0
// DNP3 link frames (IEEE 1815-2012 clause 9): the header and its checksum, and the user data
// without those of its blocks. Pure.
#pragma once

#include <array>
#include <optional>

#include "app/dissector.h"

namespace pktana::app::enterprise {

inline constexpr size_t kDnp3Header = 10;
inline constexpr size_t kDnp3MaxUserData = 250;

struct Dnp3Frame {
  uint8_t control = 0;
  uint16_t dst = 0;
  uint16_t src = 0;
  size_t whole = 0;  ///< bytes of the frame, with all checksums
  size_t user_len = 0;
  std::array<uint8_t, kDnp3MaxUserData> user{};

  [[nodiscard]] Bytes user_data() const noexcept { return Bytes(user).first(user_len); }
};

[[nodiscard]] uint16_t dnp3_crc(Bytes bytes) noexcept;

/// Length of the frame that begins here; 0 if none does: no start bytes, or a wrong checksum.
/// @param bytes  kDnp3Header of them at least.
[[nodiscard]] size_t dnp3_frame_length(Bytes bytes) noexcept;

/// @param bytes  one frame of dnp3_frame_length().
/// @return nothing if the checksum of a block is wrong.
[[nodiscard]] std::optional<Dnp3Frame> parse_dnp3_frame(Bytes bytes) noexcept;

}  // namespace pktana::app::enterprise
