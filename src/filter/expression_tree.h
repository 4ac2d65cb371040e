// SPDX-License-Identifier: Apache-2.0
// The syntax tree of a flow expression: what stands where, not yet what it means.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "filter/expression_token.h"

namespace pktana::filter {

/// `field operator values`, or a field alone.
struct TestSyntax {
  enum class Operator : uint8_t {
    Present,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
    Match,
    NotMatch,
    Contains,
  };
  Operator op = Operator::Present;
  Token field;
  Token sign;                 ///< the operator; Present: none
  std::vector<Token> values;  ///< one, or those between braces
};

struct ExpressionNode {
  enum class Kind : uint8_t { And, Or, Not, Test };
  Kind kind = Kind::Test;
  uint32_t left = 0;  ///< index of a node; Test: of a test
  uint32_t right = 0;
};

struct ExpressionTree {
  std::vector<ExpressionNode> nodes;
  std::vector<TestSyntax> tests;
  uint32_t root = 0;
};

[[nodiscard]] ExpressionTree parse_expression(std::string_view text, Complaints& complaints);

}  // namespace pktana::filter
