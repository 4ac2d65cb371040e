// SPDX-License-Identifier: Apache-2.0
// What the user of `pktana top` has chosen to see, apart from the numbers themselves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "top/source.h"

namespace pktana::top {

enum class Page : uint8_t { Flows, Talkers, Protocols, Applications, Losses };
inline constexpr unsigned kPageCount = 5;
[[nodiscard]] std::string_view to_string(Page page) noexcept;  ///< "flows", "talkers", ...

struct State {
  Page page = Page::Flows;
  Wanted wanted = {};
  bool reverse = false;
  bool paused = false;
  bool help = false;

  size_t cursor = 0;      ///< row of the page's list that is chosen
  uint64_t selected = 0;  ///< flow that the cursor follows; 0 = it stays at its row

  std::optional<uint64_t> detailed = {};  ///< flow whose fields are shown
  std::optional<FlowFields> fields = {};  ///< of it, as last told; none: not told yet
  bool has_ended = false;                 ///< it is no longer live: `fields` are the last ones
  size_t first_field = 0;

  std::optional<std::string> prompt = {};  ///< the expression that is being typed
  std::string complaint = {};              ///< what is wrong with it
  std::string trouble = {};                ///< the source could not be asked
};

}  // namespace pktana::top
