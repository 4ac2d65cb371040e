// SPDX-License-Identifier: Apache-2.0
// Between a worker's shard and its way to the sink: lets the records pass that a flow expression
// matches (--where), and counts the others.
#pragma once

#include <cstdint>
#include <memory>

#include "base/counter.h"
#include "base/result.h"
#include "engine/expression_names.h"
#include "filter/expression.h"
#include "flow/encapsulation_table.h"
#include "flow/record_handoff.h"

namespace pktana::engine {

/// One thread, the worker's; filtered_out() can be read from any.
class RecordFilter final : public flow::RecordHandoff {
 public:
  /// Lifetime: `expression` must outlive it. Fails where there is no SHA-1.
  [[nodiscard]] static base::Result<std::unique_ptr<RecordFilter>> create(
      const filter::Expression& expression, const RecordContext& context,
      std::unique_ptr<flow::RecordHandoff> next);

  void hand_over(std::span<const flow::FlowRecord> records) noexcept override;

  [[nodiscard]] uint64_t filtered_out() const noexcept { return filtered_out_.get(); }

 private:
  RecordFilter(const filter::Expression& expression, ExpressionNames names,
               flow::EncapsulationTable* encapsulations,
               std::unique_ptr<flow::RecordHandoff> next) noexcept;
  void pass(std::span<const flow::FlowRecord> records, bool matching) noexcept;

  const filter::Expression& expression_;
  ExpressionNames names_;
  flow::EncapsulationTable* encapsulations_;
  std::unique_ptr<flow::RecordHandoff> next_;
  base::Counter filtered_out_;
};

}  // namespace pktana::engine
