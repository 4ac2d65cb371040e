// SPDX-License-Identifier: Apache-2.0
// A capture of `pktana top`'s own: no records are written, the live flows are looked at.
#pragma once

#include <memory>
#include <string>

#include "engine/live_session.h"
#include "top/source.h"

namespace pktana::top {

class LiveSource final : public Source {
 public:
  /// Opens the rings and starts. @param options  outputs are ignored.
  [[nodiscard]] static base::Result<std::unique_ptr<Source>> open(const engine::LiveOptions& live,
                                                                  engine::RunOptions options);

  [[nodiscard]] base::Result<Snapshot> fetch(const Wanted& wanted) override;
  [[nodiscard]] base::Result<FlowFields> fields(uint64_t flow_id) override;
  [[nodiscard]] std::string title() const override { return title_; }

 private:
  LiveSource(std::unique_ptr<engine::LiveSession> session, std::vector<std::string> interfaces);
  [[nodiscard]] base::Result<void> check_running();
  /// Waits until it is done, cancelled, or late.
  [[nodiscard]] base::Result<std::unique_ptr<engine::FlowListing>> list(
      const engine::ListingOptions& options);
  [[nodiscard]] base::Result<void> add_flows(const Wanted& wanted, Snapshot& snapshot);
  [[nodiscard]] base::Result<void> add_talkers(const Wanted& wanted, Snapshot& snapshot);
  [[nodiscard]] base::Result<std::vector<Talker>> talkers(const std::string& where,
                                                          engine::ListingOptions::By by);

  std::unique_ptr<engine::LiveSession> session_;
  std::vector<std::string> interfaces_;
  std::string title_;
  std::optional<base::Error> ended_;  ///< the capture is over, and why
};

/// What a listing is to begin with, so that the flows that are asked for are among them: those with
/// the highest rate are among those that had a packet last.
[[nodiscard]] engine::ListingOptions::Sort listing_sort(Sort sort) noexcept;

}  // namespace pktana::top
