// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them: three digits and a unit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pktana::sink {

/// A short text by value.
class HumanText {
 public:
  [[nodiscard]] std::string_view view() const noexcept { return {text_, size_}; }
  [[nodiscard]] size_t size() const noexcept { return size_; }

  void add(char c) noexcept { text_[size_++] = c; }
  void add(std::string_view text) noexcept;
  void add_number(uint64_t value) noexcept;

 private:
  char text_[32] = {};
  size_t size_ = 0;
};

[[nodiscard]] HumanText human_count(uint64_t value) noexcept;  ///< "999", "1.2k", "34M"
[[nodiscard]] HumanText human_bytes(
    uint64_t value) noexcept;  ///< "999B", "1.2kB", "34MB"; 1000 each

/// "0us", "850us", "12ms", "3.141s", "2m05s", "3h07m", "12d04h".
[[nodiscard]] HumanText human_duration(uint64_t ns) noexcept;

}  // namespace pktana::sink
