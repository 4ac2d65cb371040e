// SPDX-License-Identifier: Apache-2.0
// What an output wants of a few records, on its way through a FormatCrew.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/mapping.h"
#include "base/result.h"
#include "sink/line_buffer.h"

namespace pktana::sink {

struct FlowLines {
  /// @param records at most; memory for the longest lines of so many is taken as it is needed.
  [[nodiscard]] static base::Result<FlowLines> create(size_t records) {
    if (records == 0) return FlowLines{};
    auto memory = base::Mapping::anonymous(records * kMaxLineBytes);
    if (!memory) return base::Unexpected(memory.error());
    const std::span<char> bytes{static_cast<char*>(memory->data()), memory->size()};
    FlowLines made{.memory = std::move(*memory), .lines = LineBuffer(bytes)};
    made.chosen.reserve(records);
    return made;
  }

  std::vector<uint16_t> chosen = {};  ///< places among the records
  uint64_t first_seq = 0;             ///< of the first of them; 0 = the format numbers nothing
  size_t refused = 0;                 ///< records that found the output down
  base::Mapping memory = {};
  LineBuffer lines{{}};
};

}  // namespace pktana::sink
