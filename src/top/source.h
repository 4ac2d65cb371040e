// SPDX-License-Identifier: Apache-2.0
// Where `pktana top` has its numbers from: a capture in this process (live_source.h), or a daemon
// by its control socket (socket_source.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "top/snapshot.h"

namespace pktana::top {

/// What flows are in the order of.
enum class Sort : uint8_t { Rate, Bytes, Packets, Duration, Start, Last };
inline constexpr unsigned kSortCount = 6;
[[nodiscard]] std::string_view to_string(Sort sort) noexcept;  ///< "rate", "bytes", ...

struct Wanted {
  std::string where = {};  ///< flow expression: flows and talkers that match; empty = all
  Sort sort = Sort::Rate;
};

using FlowFields = std::vector<std::pair<std::string, std::string>>;

/// Threads: one, but for cancel().
class Source {
 public:
  static constexpr size_t kMaxFlows = 1000;  ///< of a snapshot
  static constexpr size_t kMaxTalkers = 100;

  virtual ~Source() = default;

  /// May take as long as the workers need, some tenths of a second on a silent link.
  [[nodiscard]] virtual base::Result<Snapshot> fetch(const Wanted& wanted) = 0;
  /// All that is known of a live flow; empty: it has ended.
  [[nodiscard]] virtual base::Result<FlowFields> fields(uint64_t flow_id) = 0;
  /// What is captured from, for the title.
  [[nodiscard]] virtual std::string title() const = 0;

  /// A call that goes on comes to its end soon, with whatever it has. Any thread.
  void cancel() noexcept { cancelled_ = true; }

 protected:
  std::atomic<bool> cancelled_{false};
};

}  // namespace pktana::top
