// SPDX-License-Identifier: Apache-2.0
// Points in time as users and logs write them: ISO 8601, as far as it is in use. For flow
// expressions, log lines and the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pktana::base {

/// What a text that names a day, a minute or a second covers, ns since 1970, both included.
struct TimeSpan {
  int64_t first_ns = 0;
  int64_t last_ns = 0;
};

/// "2026-11-23", "2026-11-23T08:14", "2026-11-23T08:14:57.427096+0000", also with a blank for the
/// T; up to nine digits of a second; behind a time of day Z, +HHMM or +HH:MM (none = UTC). Or
/// seconds since 1970 as a plain number. Years 1970 to 2261. None: no such text.
[[nodiscard]] std::optional<TimeSpan> parse_time(std::string_view text) noexcept;

}  // namespace pktana::base
