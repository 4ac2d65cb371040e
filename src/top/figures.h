// SPDX-License-Identifier: Apache-2.0
// Numbers as the screen of `pktana top` writes them, and histories as sparklines.
#pragma once

#include <cstdint>
#include <string>

#include "top/model.h"

namespace pktana::top {

[[nodiscard]] std::string count_text(double value);                 ///< "999", "1.2k"
[[nodiscard]] std::string bytes_text(uint64_t value);               ///< "1.2kB"
[[nodiscard]] std::string bits_text(double bytes);                  ///< bits: "9.6k"
[[nodiscard]] std::string duration_text(int64_t ns);                ///< "12ms", "3.1s", "2m05s"
[[nodiscard]] std::string percent_text(double part, double whole);  ///< "0.02%"; "-" of nothing
[[nodiscard]] std::string clock_text(int64_t time_ns);              ///< "08:14:57 UTC"
[[nodiscard]] std::string span_text(int64_t ns);                    ///< "00:01:23"

/// The newest `width` values as blocks of eighths, the newest at the right; zero is a blank. The
/// highest of them is a full block.
[[nodiscard]] std::string sparkline(const History& history, size_t width);
[[nodiscard]] double highest(const History& history);

/// A bar of `width` columns, filled by `part` of `whole`.
[[nodiscard]] std::string bar(double part, double whole, size_t width);

}  // namespace pktana::top
