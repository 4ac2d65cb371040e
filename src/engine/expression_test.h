// SPDX-License-Identifier: Apache-2.0
// The flow expression of one output, for the sink, which knows records but no expressions.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "engine/expression_names.h"
#include "sink/record_test.h"

namespace pktana::engine {

class ExpressionTest final : public sink::RecordTest {
 public:
  /// Fails with the place of the mistake in `text` (filter/expression.h).
  [[nodiscard]] static base::Result<std::shared_ptr<ExpressionTest>> compile(
      const std::string& text, const RecordContext& context);

  bool matches(const flow::FlowRecord& record) noexcept override {
    return expression_.matches(filter::RecordView{record, &names_});
  }

 private:
  ExpressionTest(filter::Expression expression, ExpressionNames names) noexcept
      : expression_(std::move(expression)), names_(std::move(names)) {}

  filter::Expression expression_;
  ExpressionNames names_;
};

}  // namespace pktana::engine
