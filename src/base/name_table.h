// SPDX-License-Identifier: Apache-2.0
// Append-only table of names with small numbers: records carry the number of their interface or
// capture file, writers look the name up.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

namespace pktana::base {

/// Threads: any may add or look up. Numbers are given in order from 0.
class NameTable {
 public:
  static constexpr uint16_t kMaxNames = 65535;

  /// Number of the new name. When the table is full every further name gets the last number,
  /// kMaxNames - 1.
  uint16_t add(std::string name);

  /// Lifetime: the view stays valid as long as the table: entries never move nor change. Unknown
  /// number: "".
  [[nodiscard]] std::string_view at(uint16_t number) const;

 private:
  mutable std::mutex mutex_;
  std::deque<std::string> names_;
};

}  // namespace pktana::base
