// SPDX-License-Identifier: Apache-2.0
// Which flow records stand in the logs already: after a crash nothing else says how far the writing
// had come.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>

#include "flow/flow_record.h"

namespace pktana::daemon {

class WrittenFlows {
 public:
  static constexpr uint64_t kMostBytes = uint64_t{64} << 20;  ///< read of the newest files

  /// Reads the newest lines of an EVE log: the file at the path and those rotated away from it.
  void read_log(const std::string& path);
  /// Takes the whole lines of a text; a last line without an end is none.
  void read_lines(std::string_view text);

  /// This very record stands there.
  [[nodiscard]] bool has(const flow::FlowRecord& record) const;
  /// A final record of the flow stands there.
  [[nodiscard]] bool has_flow(uint64_t flow_id) const { return flows_.count(flow_id) > 0; }

 private:
  void read_line(std::string_view line);
  /// @return bytes read of the file's end.
  uint64_t read_tail(const std::string& path, uint64_t most);

  std::unordered_set<uint64_t> flows_;
  std::unordered_set<uint64_t> records_;  ///< flow id mixed with the packets
};

}  // namespace pktana::daemon
