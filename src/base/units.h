// SPDX-License-Identifier: Apache-2.0
// Values with units as users type them: durations, sizes, counts. For the command line; the
// configuration has the same words.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace pktana::base {

/// "5s", "1.5s", "500ms", "10m", "2h", "1d"; a plain number is seconds. Units: ns, us, ms, s, m,
/// min, h, d.
/// @return ns, 0 or more; an Error that quotes the text and says what to write.
[[nodiscard]] Result<int64_t> parse_duration_ns(std::string_view text);

/// "64KiB", "1GB", "1.5MiB"; a plain number is bytes. kB, MB, GB, TB are powers of 1000; K, M, G, T
/// and KiB, MiB, GiB, TiB powers of 1024. Upper or lower case.
[[nodiscard]] Result<uint64_t> parse_size_bytes(std::string_view text);

/// A whole number without a unit, `low` to `high`; '_' may part its digits.
[[nodiscard]] Result<uint64_t> parse_count(std::string_view text, uint64_t low, uint64_t high);

}  // namespace pktana::base
