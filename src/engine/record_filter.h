// SPDX-License-Identifier: Apache-2.0
// Between a worker's shard and its way to the sink: lets the records pass that a flow expression
// matches (--where), and counts the others.
#pragma once

#include <cstdint>
#include <memory>

#include "base/counter.h"
#include "base/name_table.h"
#include "base/result.h"
#include "filter/expression.h"
#include "flow/encapsulation_table.h"
#include "flow/record_handoff.h"
#include "sink/community_id.h"

namespace pktana::engine {

/// What a run's records refer to. Lifetime: must outlive the filter.
struct RecordContext {
  const base::NameTable* sources = nullptr;
  flow::EncapsulationTable* encapsulations = nullptr;  ///< null = records refer to none
  uint16_t community_id_seed = 0;
};

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
  class Names final : public filter::RecordNames {
   public:
    Names(const base::NameTable* sources, sink::CommunityId community_id) noexcept
        : sources_(sources), community_id_(std::move(community_id)) {}
    [[nodiscard]] std::string_view source(uint16_t source_id) const noexcept override;
    [[nodiscard]] std::string_view community_id(const flow::FlowRecord& record,
                                                std::span<char> out) const noexcept override;

   private:
    const base::NameTable* sources_;
    mutable sink::CommunityId community_id_;  ///< keeps the state of its hash
  };

  RecordFilter(const filter::Expression& expression, Names names,
               flow::EncapsulationTable* encapsulations,
               std::unique_ptr<flow::RecordHandoff> next) noexcept;
  void pass(std::span<const flow::FlowRecord> records, bool matching) noexcept;

  const filter::Expression& expression_;
  Names names_;
  flow::EncapsulationTable* encapsulations_;
  std::unique_ptr<flow::RecordHandoff> next_;
  base::Counter filtered_out_;
};

}  // namespace pktana::engine
