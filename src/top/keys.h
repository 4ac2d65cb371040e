// SPDX-License-Identifier: Apache-2.0
// What keys do to what is shown. Pure; the terminal's front end says which key it was.
#pragma once

#include "top/model.h"
#include "top/state.h"

namespace pktana::top {

struct Key {
  enum class Kind : uint8_t {
    Character,
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    Enter,
    Escape,
    Backspace,
    Tab,
    BackTab
  };
  Kind kind = Kind::Character;
  char32_t character = 0;
};

/// @param rows  of the page's list, for PageUp and PageDown.
/// @return false: the user wants to leave.
[[nodiscard]] bool on_key(const Key& key, State& state, const Model& model, unsigned rows);

/// After new numbers: the cursor goes where its flow went, and not behind the end of the list.
void settle_cursor(State& state, const Model& model);

}  // namespace pktana::top
