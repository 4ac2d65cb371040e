// SPDX-License-Identifier: Apache-2.0
#include "engine/expression_test.h"

namespace pktana::engine {

base::Result<std::shared_ptr<ExpressionTest>> ExpressionTest::compile(
    const std::string& text, const RecordContext& context) {
  auto expression = filter::Expression::compile(text, filter::ExpressionUse::Records);
  if (!expression) return base::Unexpected(expression.error());
  auto names = ExpressionNames::create(context);
  if (!names) return base::Unexpected(names.error());
  return std::shared_ptr<ExpressionTest>(
      new ExpressionTest(std::move(*expression), std::move(*names)));
}

}  // namespace pktana::engine
