// SPDX-License-Identifier: Apache-2.0
// What numbers of a protocol are called.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pktana::app::enterprise {

struct NumberName {
  uint32_t number;
  std::string_view name;
};

/// Empty if the number is not among them.
template <size_t kCount>
[[nodiscard]] std::string_view name_of(const std::array<NumberName, kCount>& names,
                                       uint32_t number) noexcept {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [&](const NumberName& one) { return one.number == number; });
  return found == names.end() ? std::string_view{} : found->name;
}

/// "unknown-7" if it is not.
template <size_t kCount>
[[nodiscard]] std::string name_or_unknown(const std::array<NumberName, kCount>& names,
                                          uint32_t number) noexcept {
  const std::string_view name = name_of(names, number);
  return name.empty() ? "unknown-" + std::to_string(number) : std::string(name);
}

}  // namespace pktana::app::enterprise
