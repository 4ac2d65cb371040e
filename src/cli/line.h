// SPDX-License-Identifier: Apache-2.0
// Writes pieces of text one behind the other into room that somebody else has made; used for lines
// about packets, which are written without allocation. Nothing is checked: no line is longer than
// kMaxLineBytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "sink/text.h"

namespace pktana::cli {

class Line {
 public:
  /// Room for one packet: its line and that of the details. The longest part by far are 40 bytes of
  /// TCP options.
  static constexpr size_t kMaxLineBytes = 4096;

  explicit Line(char* out) noexcept : end_(out) {}

  Line& text(std::string_view text) noexcept {
    end_ = sink::put_text(end_, text);
    return *this;
  }
  Line& number(uint64_t value) noexcept {
    end_ = sink::put_decimal(end_, value);
    return *this;
  }
  Line& two_digits(uint32_t value) noexcept {
    end_ = sink::put_2_digits(end_, value);
    return *this;
  }
  Line& hex_byte(uint8_t value) noexcept {
    end_ = sink::put_hex_byte(end_, value);
    return *this;
  }
  /// "0x0800"
  Line& hex16(uint16_t value) noexcept {
    text("0x").hex_byte(static_cast<uint8_t>(value >> 8));
    return hex_byte(static_cast<uint8_t>(value));
  }
  /// @param ip_version 4 or 6.
  Line& address(const uint8_t* bytes, uint8_t ip_version) noexcept {
    end_ = sink::put_address(end_, bytes, ip_version);
    return *this;
  }
  /// "00:11:22:aa:bb:cc" of 6 bytes.
  Line& mac(const uint8_t* bytes) noexcept {
    for (unsigned i = 0; i < 6; ++i)
      text(i == 0 ? "" : ":").hex_byte(bytes[i]);
    return *this;
  }
  /// All bytes in hex, without a prefix.
  Line& hex(base::Bytes bytes) noexcept {
    for (const uint8_t byte : bytes)
      hex_byte(byte);
    return *this;
  }

  /// Behind what was written.
  [[nodiscard]] char* end() const noexcept { return end_; }

 private:
  char* end_;
};

}  // namespace pktana::cli
