// SPDX-License-Identifier: Apache-2.0
// What a flow expression asks of a record that the record itself does not say: the name of its
// source, its community id.
#pragma once

#include <span>
#include <string_view>

#include "base/name_table.h"
#include "base/result.h"
#include "filter/expression.h"
#include "flow/encapsulation_table.h"
#include "sink/community_id.h"

namespace pktana::engine {

/// What a run's records refer to. Lifetime: must outlive what is made with it.
struct RecordContext {
  const base::NameTable* sources = nullptr;
  flow::EncapsulationTable* encapsulations = nullptr;  ///< null = records refer to none
  uint16_t community_id_seed = 0;
};

/// One thread.
class ExpressionNames final : public filter::RecordNames {
 public:
  /// Fails where there is no SHA-1.
  [[nodiscard]] static base::Result<ExpressionNames> create(const RecordContext& context);

  [[nodiscard]] std::string_view source(uint16_t source_id) const noexcept override;
  [[nodiscard]] std::string_view community_id(const flow::FlowRecord& record,
                                              std::span<char> out) const noexcept override;

 private:
  ExpressionNames(const base::NameTable* sources, sink::CommunityId community_id) noexcept
      : sources_(sources), community_id_(std::move(community_id)) {}

  const base::NameTable* sources_;
  mutable sink::CommunityId community_id_;  ///< keeps the state of its hash
};

}  // namespace pktana::engine
