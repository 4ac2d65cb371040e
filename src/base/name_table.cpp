// SPDX-License-Identifier: Apache-2.0
#include "base/name_table.h"

namespace pktana::base {

uint16_t NameTable::add(std::string name) {
  const std::lock_guard lock(mutex_);
  if (names_.size() < kMaxNames) names_.push_back(std::move(name));
  return static_cast<uint16_t>(names_.size() - 1);
}

std::string_view NameTable::at(uint16_t number) const {
  const std::lock_guard lock(mutex_);
  return number < names_.size() ? std::string_view(names_[number]) : std::string_view();
}

}  // namespace pktana::base
