// SPDX-License-Identifier: Apache-2.0
// The numbers of `pktana top` for programs.
#pragma once

#include <string>

#include "top/model.h"

namespace pktana::top {

/// One object on a line: rates, counters, flows in the order of wanted.sort, talkers.
[[nodiscard]] std::string json_of(const Model& model, const Wanted& wanted);

}  // namespace pktana::top
