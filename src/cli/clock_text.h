// SPDX-License-Identifier: Apache-2.0
// Packet times as text, for lines of packets. EVE's timestamps are sink/text.h's.
#pragma once

#include <cstdint>
#include <limits>

#include "cli/line.h"
#include "sink/output_options.h"

namespace pktana::cli {

/// Keeps the text of the last second, since neighbouring packets share it.
class ClockText {
 public:
  enum class Style : uint8_t {
    TimeOfDay,    ///< "22:24:37.251547", as tcpdump
    DateAndNanos  ///< "2017-04-07 22:24:37.251547123"
  };

  ClockText(sink::TimeZone zone, Style style) noexcept : zone_(zone), style_(style) {}

  void put(Line& line, int64_t ns) noexcept;

 private:
  void set_second(int64_t second) noexcept;

  sink::TimeZone zone_;
  Style style_;
  int64_t second_ = std::numeric_limits<int64_t>::min();
  size_t length_ = 0;
  char text_[48] = {};  ///< up to the seconds
};

}  // namespace pktana::cli
