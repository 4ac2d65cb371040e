// SPDX-License-Identifier: Apache-2.0
// The first thing that is wrong with an expression, on its way through lexer, parser and checker.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "filter/error_place.h"

namespace pktana::filter {

struct Complaint {
  ErrorPlace place;
  std::string what;
};

/// Keeps the first complaint.
class Complaints {
 public:
  void add(const ErrorPlace& place, std::string what) {
    if (!first_) first_ = Complaint{place, std::move(what)};
  }
  [[nodiscard]] bool any() const noexcept { return first_.has_value(); }
  [[nodiscard]] const std::optional<Complaint>& first() const noexcept { return first_; }

 private:
  std::optional<Complaint> first_;
};

}  // namespace pktana::filter
