// SPDX-License-Identifier: Apache-2.0
// One filter expression for packets of any link type, compiled for each on its first packet: files
// of several link types, and live captures on `any`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "filter/packet_filter.h"

namespace pktana::filter {

/// Threads: one. Each worker has its own copy.
class FilterSet {
 public:
  /// Fails when the expression is wrong for every usual link type, with Ethernet's message and a
  /// caret.
  [[nodiscard]] static base::Result<FilterSet> create(std::string expression);

  /// False also for every packet of a link type that the expression is impossible for; error() says
  /// so.
  [[nodiscard]] bool matches(uint16_t link_type, const Frame& frame) noexcept {
    const Entry& entry = link_type == last_link_type_ ? entries_[last_] : find(link_type);
    return entry.filter && entry.filter->matches(frame);
  }

  /// The first link type for which the expression is impossible, said in one sentence.
  [[nodiscard]] const std::optional<base::Error>& error() const noexcept { return error_; }

 private:
  struct Entry {
    uint16_t link_type;
    std::optional<PacketFilter> filter;
  };

  explicit FilterSet(std::string expression) noexcept : expression_(std::move(expression)) {}
  [[nodiscard]] const Entry& find(uint16_t link_type) noexcept;
  void add(uint16_t link_type) noexcept;

  std::string expression_;
  std::vector<Entry> entries_;
  size_t last_ = 0;
  int last_link_type_ = -1;
  std::optional<base::Error> error_;
};

}  // namespace pktana::filter
