// SPDX-License-Identifier: Apache-2.0
// From a request to its answer, whoever carries the two: the control socket's lines, HTTP.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/control_request.h"
#include "daemon/control_target.h"

namespace pktana::daemon {

/// One thread. The daemon's numbers are asked for four times a second at most, however many ask
/// here.
class ControlAnswers {
 public:
  explicit ControlAnswers(ControlTarget& target) : target_(target) {}

  /// A line for `{"id":..., "ok":true, "result":...}`, or with "ok":false an "error".
  /// @param may_command  else the daemon can only be asked.
  [[nodiscard]] std::string answer(const ControlRequest& request, bool may_command);

  /// Whether the request is for a listing of flows, whose answer comes later: begin_listing(), and
  /// once listing_done() take_listing(). One at a time.
  [[nodiscard]] static bool is_listing(const ControlRequest& request) noexcept;
  /// Empty, or the answer that it can't be.
  [[nodiscard]] std::string begin_listing(const ControlRequest& request);
  [[nodiscard]] bool has_listing() const noexcept { return listing_ != nullptr; }
  /// Done, or not answered by all workers in time.
  [[nodiscard]] bool listing_done() const noexcept;
  [[nodiscard]] std::string take_listing();

  struct Page {
    unsigned status = 404;
    const char* type = "text/plain";
    std::string body = {};
  };
  /// GET of /metrics, /livez, /readyz.
  [[nodiscard]] Page page(std::string_view path);

  [[nodiscard]] static std::string failure(const std::string& id, std::string_view error);

 private:
  [[nodiscard]] const engine::Ledger& ledger();
  [[nodiscard]] Page readiness();

  ControlTarget& target_;
  engine::Ledger ledger_;
  int64_t ledger_ns_ = 0;  ///< when that was asked for, monotonic
  std::unique_ptr<engine::FlowListing> listing_;
  std::string listing_id_;
  bool listing_fields_ = false;
  int64_t listing_end_ns_ = 0;
};

}  // namespace pktana::daemon
