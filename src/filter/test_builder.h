// SPDX-License-Identifier: Apache-2.0
// One test of an expression: whether the operator goes with the field's type, and its values read
// as that type.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filter/expression_tree.h"
#include "filter/program.h"

namespace pktana::filter {

struct TestSource {
  std::string_view text;  ///< the whole expression
  const Field& field;
  const TestSyntax& syntax;
};

/// Sets and texts go into the pools of `program`; `needles` gets what Expression::needles() says.
[[nodiscard]] Test build_test(const TestSource& source, FlowProgram& program,
                              std::vector<std::string>& needles, Complaints& complaints);

}  // namespace pktana::filter
