// SPDX-License-Identifier: Apache-2.0
// Objects and arrays of JSON, put together member by member: answers of the control socket and what
// is made of them.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/control_text.h"

namespace pktana::daemon {

/// Members of an object, one after another. Names are written as they are.
class Members {
 public:
  Members& text(std::string_view name, std::string_view value) {
    return raw(name, json_text(value));
  }
  Members& number(std::string_view name, uint64_t value) {
    return raw(name, std::to_string(value));
  }
  /// Rounded; null where there is none.
  Members& rate(std::string_view name, std::optional<double> value) {
    return raw(name, value ? std::to_string(std::llround(*value)) : "null");
  }
  Members& flag(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  Members& raw(std::string_view name, std::string_view json) {
    text_ += text_.empty() ? "{\"" : ",\"";
    text_.append(name).append("\":").append(json);
    return *this;
  }
  [[nodiscard]] std::string end() const { return text_.empty() ? "{}" : text_ + "}"; }

 private:
  std::string text_;
};

/// An array of what `to_json` makes of each item.
template <typename Items, typename ToJson>
[[nodiscard]] std::string array_of(const Items& items, const ToJson& to_json) {
  std::string text = "[";
  for (const auto& item : items)
    text += (text.size() > 1 ? "," : "") + to_json(item);
  return text + "]";
}

}  // namespace pktana::daemon
