// SPDX-License-Identifier: Apache-2.0
// What the control socket answers (docs/control.md), taken out of its JSON. The one place of top/
// that knows simdjson. What is missing stays as it is: an older daemon says less.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "top/source.h"

namespace pktana::top {

/// Reads the results of `status`, `ledger`, `flows` and `top` into a snapshot. One thread.
class ReplyReader {
 public:
  ReplyReader();
  ~ReplyReader();
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;

  [[nodiscard]] base::Result<void> status(const std::string& json, Snapshot& snapshot);
  [[nodiscard]] base::Result<void> ledger(const std::string& json, Snapshot& snapshot);
  [[nodiscard]] base::Result<void> flows(const std::string& json, Snapshot& snapshot);
  /// @param key  what the talkers are by: "ip", "proto", "app_proto".
  [[nodiscard]] base::Result<std::vector<Talker>> talkers(const std::string& json, const char* key);
  /// Of the first flow; empty: there is none.
  [[nodiscard]] base::Result<FlowFields> fields(const std::string& json);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace pktana::top
