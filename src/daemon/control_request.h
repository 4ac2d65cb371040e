// SPDX-License-Identifier: Apache-2.0
// One request on the control socket: a JSON object on a line. The one file of daemon/ that knows
// simdjson.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "daemon/config.h"
#include "engine/flow_listing.h"

namespace pktana::daemon {

struct ControlRequest {
  std::string command = {};
  std::string id = {};  ///< as JSON, to be given back; empty = none
  engine::ListingOptions listing = {};
  std::optional<LogLevel> level = {};
  bool fields = false;  ///< flows: all that is known of each
};

/// Reads requests; one for each server, since it keeps its memory.
class ControlRequestReader {
 public:
  static constexpr size_t kMaxBytes = size_t{16} << 10;  ///< of a request, its newline included

  ControlRequestReader();
  ~ControlRequestReader();
  ControlRequestReader(const ControlRequestReader&) = delete;
  ControlRequestReader& operator=(const ControlRequestReader&) = delete;

  /// Checks what is there, and that nothing else is: an Error says what is wrong.
  [[nodiscard]] base::Result<ControlRequest> read(std::string_view line);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

/// What an answer holds, for those who asked.
struct ControlReply {
  std::string result = {};              ///< as JSON
  std::string text = {};                ///< a result that is a text: the metrics
  bool is_list = false;                 ///< of flows, talkers, lines of the ledger:
  std::vector<std::string> items = {};  ///< each as JSON
};

/// An Error with what the daemon says is wrong.
[[nodiscard]] base::Result<ControlReply> read_reply(std::string_view line);

}  // namespace pktana::daemon
