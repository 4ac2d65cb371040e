// SPDX-License-Identifier: Apache-2.0
// Draws what `pktana top` shows on a grid of cells. Pure: the same model and state give the same
// screen.
#pragma once

#include <string>

#include "top/grid.h"
#include "top/model.h"
#include "top/state.h"

namespace pktana::top {

inline constexpr unsigned kLeastColumns = 80;
inline constexpr unsigned kLeastRows = 24;

struct Look {
  unsigned columns = kLeastColumns;
  unsigned rows = kLeastRows;
  bool utf8 = true;
  bool has_keys = true;  ///< a user is there: the last line says what can be pressed
  std::string title = {};
};

/// Too small a grid holds a message that says so.
[[nodiscard]] Grid draw(const Model& model, const State& state, const Look& look);

/// Rows that a page's list has on such a screen.
[[nodiscard]] unsigned list_rows(const Look& look, Page page) noexcept;

}  // namespace pktana::top
