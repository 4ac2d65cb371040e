// SPDX-License-Identifier: Apache-2.0
// The parts that a screen of `pktana top` is made of, each within the place that it is given. For
// screen.cpp.
#pragma once

#include "top/grid.h"
#include "top/model.h"
#include "top/state.h"

namespace pktana::top {

struct Box {
  unsigned row = 0;
  unsigned column = 0;
  unsigned rows = 0;
  unsigned columns = 0;
};

/// Four lines: packets, bits, flows, drops; each with its rate, its history and its sum.
void draw_figures(Grid& grid, const Box& box, const Model& model);

/// Flows with a line of headings; the page of the list that the cursor is on.
void draw_flows(Grid& grid, const Box& box, const Model& model, const State& state);

struct TalkerList {
  const char* heading;
  const std::vector<Talker>& talkers;
  std::optional<size_t> cursor = {};  ///< none: nothing is chosen
};
/// With bars where there is room.
void draw_talkers(Grid& grid, const Box& box, const TalkerList& list);

/// Interfaces, troubles, the ledger: what was lost is red.
void draw_losses(Grid& grid, const Box& box, const Model& model);
[[nodiscard]] bool has_losses(const Snapshot& snapshot) noexcept;

/// Every field of the chosen flow.
void draw_details(Grid& grid, const Box& box, const State& state);
/// What keys there are.
void draw_help(Grid& grid, const Box& box);

/// First row of the page of a list that `cursor` is on.
[[nodiscard]] constexpr size_t page_begin(size_t cursor, size_t rows) noexcept {
  return rows == 0 ? 0 : cursor / rows * rows;
}

}  // namespace pktana::top
