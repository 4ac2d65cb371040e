// SPDX-License-Identifier: Apache-2.0
// The flow that a user means (read --follow FLOW): by its id, its Community ID, or its two ends.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "filter/address.h"
#include "flow/flow_record.h"

namespace pktana::cli {

class FlowChoice {
 public:
  /// "1234567", "1:LQU9qZlK+B5F3KDmev6m5PMibrg=", "10.0.0.1:40000-10.0.0.2:80" (either way round;
  /// IPv6 addresses in brackets or not).
  [[nodiscard]] static base::Result<FlowChoice> parse(const std::string& text);

  /// @param community_id of the record; only asked for where wants_community_id().
  [[nodiscard]] bool means(const flow::FlowRecord& record,
                           std::string_view community_id) const noexcept;
  [[nodiscard]] bool wants_community_id() const noexcept { return kind_ == Kind::CommunityId; }
  /// Ids are those of one run unless the user gives the secret.
  [[nodiscard]] bool is_flow_id() const noexcept { return kind_ == Kind::FlowId; }

 private:
  enum class Kind : uint8_t { FlowId, CommunityId, Ends };
  struct End {
    filter::Address address;
    uint16_t port = 0;
  };

  [[nodiscard]] static base::Result<End> parse_end(std::string_view text);

  Kind kind_ = Kind::FlowId;
  uint64_t flow_id_ = 0;
  std::string community_id_;
  End one_;
  End other_;
};

}  // namespace pktana::cli
