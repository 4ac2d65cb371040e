// SPDX-License-Identifier: Apache-2.0
// Which application events somebody reads.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "pktana/plugin.h"

namespace pktana::app {

struct WantedEvents {
  bool all = true;
  std::vector<std::string> names = {};  ///< unless `all`

  [[nodiscard]] bool contains(std::string_view name) const noexcept {
    return all || std::find(names.begin(), names.end(), name) != names.end();
  }

  /// Whether the dissector has to do more than recognise: it emits what is wanted, or knows more
  /// about the flow.
  [[nodiscard]] bool need_more_than_recognition(const pktana_dissector& dissector) const noexcept {
    if (dissector.on_chunk == nullptr) return false;
    if ((dissector.flags & PKTANA_SETS_ATTRIBUTES) != 0) return true;
    for (const char* const* name = dissector.events; name != nullptr && *name != nullptr; ++name)
      if (contains(*name)) return true;
    return false;
  }
};

}  // namespace pktana::app
