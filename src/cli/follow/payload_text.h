// SPDX-License-Identifier: Apache-2.0
// Payload of a followed flow as people read it, as hex, or as it is. Used by FlowFollower.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "cli/clock_text.h"
#include "cli/follow/followed_flow.h"
#include "cli/line_output.h"

namespace pktana::cli {

enum class FollowFormat : uint8_t {
  Text,  ///< lines, each two columns in; what is not printable escaped; CR LF is an end of line
  Hex,   ///< 16 bytes a line with their place in the stream
  Raw,   ///< nothing but the bytes
};

class PayloadText final : public PayloadTaker {
 public:
  struct Options {
    FollowFormat format = FollowFormat::Text;
    sink::TimeZone time_zone = sink::TimeZone::Utc;
    bool color = false;
  };

  /// @param speaker whose words the output had last; shared by all that write to `output`. Both
  /// must
  ///        outlive it.
  PayloadText(const Options& options, LineOutput& output, const PayloadText*& speaker);

  /// A flow begins: its ends and when.
  void begin(const flow::FlowRecord& record);
  void on_payload(flow::Direction direction, int64_t ts_ns, base::Bytes bytes, bool whole) override;
  void on_gap(flow::Direction direction, int64_t ts_ns, uint64_t bytes) override;
  /// The flow is over: what was held back for the end of its turn, and the sums.
  void end();

 private:
  void speak();
  void end_turn();
  void mark(flow::Direction direction, int64_t ts_ns, uint64_t bytes, std::string_view what);
  void put_lines(base::Bytes bytes);
  void put_hex(base::Bytes bytes);

  const Options options_;
  LineOutput& output_;
  const PayloadText*& speaker_;
  std::string head_;  ///< line that says which flow it is
  ClockText clock_;
  ClockText full_clock_;
  std::vector<uint8_t> turn_;  ///< one side's bytes until the other one speaks
  flow::Direction direction_ = flow::kToServer;
  int64_t turn_ns_ = 0;  ///< of its first byte
  std::array<uint64_t, 2> bytes_{};
  std::array<uint64_t, 2> missing_{};
  std::array<uint64_t, 2> shown_{};  ///< place of the next byte in its stream
};

}  // namespace pktana::cli
