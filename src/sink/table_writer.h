// SPDX-License-Identifier: Apache-2.0
// Flows as aligned columns for people; 100 columns wide, or 80, wider only for a pair of long IPv6
// addresses; on request 132, with four more for TCP; behind them, where there is
// room, application and name. Not meant to be parsed.
#pragma once

#include <cstdint>
#include <limits>

#include "sink/record_writer.h"

namespace pktana::sink {

/// A line with the date comes before the first flow and whenever the day of the start changes.
/// Nothing on the lines comes from packets but numbers, addresses and, where there is room for it,
/// the server's name, which is escaped.
class TableWriter final : public RecordWriter {
 public:
  explicit TableWriter(const WriterContext& context)
      : color_(context.color),
        wide_(context.wide),
        narrow_(context.narrow),
        app_columns_(context.app_columns),
        time_zone_(context.time_zone) {}

  char* put_header(char* out) override;
  char* put_flow(char* out, const flow::FlowRecord& record, int64_t now_ns) noexcept override;

 private:
  /// The start's time of day; before it, on a line of its own, the date if it is another one.
  char* put_date_line(char* out, int64_t start_ns) noexcept;
  /// Two blanks behind the other columns.
  [[nodiscard]] size_t app_column() const noexcept { return wide_ ? 134 : 102; }
  char* put_narrow(char* out, const flow::FlowRecord& record) noexcept;
  char* put_time_of_day(char* out) const noexcept;
  char* put_time(char* out, int64_t start_ns) const noexcept;
  char* put_state(char* out, const flow::FlowRecord& record) const noexcept;
  void set_second(int64_t second) noexcept;

  const bool color_;
  const bool wide_;
  const bool narrow_;
  const unsigned app_columns_;
  const TimeZone time_zone_;
  int64_t second_ = std::numeric_limits<int64_t>::min();
  uint32_t second_of_day_ = 0;
  char date_[40] = {};  ///< of second_: "2017-04-07 UTC"
  char shown_date_[40] = {};
};

}  // namespace pktana::sink
