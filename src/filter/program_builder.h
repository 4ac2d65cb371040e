// SPDX-License-Identifier: Apache-2.0
// From the syntax tree to the program: types are checked, values read, jumps laid.
#pragma once

#include <memory>
#include <string_view>

#include "filter/expression.h"
#include "filter/expression_tree.h"
#include "filter/program.h"

namespace pktana::filter {

/// @param tree made of `text` without a complaint.
[[nodiscard]] std::unique_ptr<FlowProgram> build_program(std::string_view text,
                                                         const ExpressionTree& tree,
                                                         ExpressionUse use, Complaints& complaints);

}  // namespace pktana::filter
