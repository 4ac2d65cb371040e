// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "filter/error_place.h"
#include "filter/expression.h"
#include "support/catch.h"

namespace pktana::filter {
namespace {

struct Mistake {
  const char* expression;
  const char* message;
  size_t offset;
  size_t length;
};

constexpr Mistake kMistakes[] = {
#include "filter/expression_mistakes.inc"
};

std::string complaint_about(std::string_view text) {
  const auto expression = Expression::compile(text, ExpressionUse::Records);
  if (expression) return "accepted";
  CHECK(expression.error().operation == "flow filter");
  return expression.error().detail;
}

TEST_CASE("expression: fifty mistakes are told exactly, with the place") {
  static_assert(std::size(kMistakes) >= 50);
  for (const Mistake& mistake : kMistakes) {
    const std::string caret = draw_caret(mistake.expression, {mistake.offset, mistake.length});
    CHECK(complaint_about(mistake.expression) == std::string(mistake.message) + "\n" + caret);
  }
}

TEST_CASE("expression: nesting, values and length have limits") {
  const auto nested = [](size_t depth) {
    return std::string(depth, '(') + "vlan" + std::string(depth, ')');
  };
  CHECK(complaint_about(nested(99)) == "accepted");
  CHECK(complaint_about(nested(101)).starts_with("nested deeper than 100"));
  std::string values = "dest_port in {1";
  for (int i = 0; i < 70000; ++i)
    values += ",1";
  CHECK(complaint_about(values + "}").starts_with("more than 65536 values: put them into a file"));
  CHECK(complaint_about(std::string(Expression::kMaxBytes + 1, ' ')) ==
        "longer than 1048576 bytes");
}

TEST_CASE("expression: a long chain of and is no nesting") {
  std::string chain = "vlan";
  for (int i = 0; i < 5000; ++i)
    chain += " and vlan";
  CHECK(complaint_about(chain) == "accepted");
}

}  // namespace
}  // namespace pktana::filter
