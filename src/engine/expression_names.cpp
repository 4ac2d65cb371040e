// SPDX-License-Identifier: Apache-2.0
#include "engine/expression_names.h"

#include <utility>

namespace pktana::engine {

base::Result<ExpressionNames> ExpressionNames::create(const RecordContext& context) {
  auto community_id = sink::CommunityId::create(context.community_id_seed);
  if (!community_id) return base::Unexpected(community_id.error());
  return ExpressionNames(context.sources, std::move(*community_id));
}

std::string_view ExpressionNames::source(uint16_t source_id) const noexcept {
  return sources_ == nullptr ? std::string_view() : sources_->at(source_id);
}

std::string_view ExpressionNames::community_id(const flow::FlowRecord& record,
                                               std::span<char> out) const noexcept {
  if (out.size() < sink::CommunityId::kTextBytes) return {};
  const char* const end = community_id_.put(out.data(), record);
  return {out.data(), static_cast<size_t>(end - out.data())};
}

}  // namespace pktana::engine
