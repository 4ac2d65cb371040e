// SPDX-License-Identifier: Apache-2.0
// An application event's tape as JSON members, within a bound.
#pragma once

#include <array>
#include <cstddef>

#include "flow/app_tape.h"

namespace pktana::sink {

/// Writes the nodes of tapes, one after another, and keeps what it writes whole: when there is no
/// room for a node, a text is cut, what follows is left out, and every open object and array is
/// closed. Keys and texts are escaped: they may hold any bytes.
class TapeText {
 public:
  static constexpr size_t kMaxKeyBytes = 128;  ///< escaped
  /// Room below which nothing is begun any more.
  static constexpr size_t kLeastRoom = kMaxKeyBytes + 64;

  /// @param limit nothing is written from there on.
  TapeText(char* out, const char* limit) noexcept : out_(out), limit_(limit) {}

  /// The tape's nodes as members, with commas as what stands in front asks for.
  void put(std::span<const uint8_t> tape) noexcept;

  [[nodiscard]] char* end() const noexcept { return out_; }
  /// Something did not fit.
  [[nodiscard]] bool is_cut() const noexcept { return cut_; }

 private:
  [[nodiscard]] size_t room() const noexcept;
  void put_key(const char* key) noexcept;
  void put_value(const flow::TapeNode& node) noexcept;
  void put_string(std::string_view text) noexcept;
  void put_real(double value) noexcept;
  void close() noexcept { *out_++ = closing_[--depth_]; }

  char* out_;
  const char* limit_;
  bool cut_ = false;
  size_t depth_ = 0;
  std::array<char, flow::kMaxTapeDepth + 1> closing_{};
};

}  // namespace pktana::sink
