// SPDX-License-Identifier: Apache-2.0
// One configured output: a writer, which makes lines of records, and the delivery of those lines.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/counter.h"
#include "base/result.h"
#include "flow/flow_record.h"
#include "sink/delivery.h"
#include "sink/flow_lines.h"
#include "sink/open_delivery.h"
#include "sink/output_options.h"
#include "sink/record_writer.h"

namespace pktana::sink {

/// One thread (the sink's), but delivery()'s counters can be read from any. While a FormatCrew
/// works, its members say which function whose is.
class OutputChannel {
 public:
  /// Opens the output and writes the format's header line, if it has one.
  /// @param places grows by the directory of a log file.
  [[nodiscard]] static base::Result<std::unique_ptr<OutputChannel>> open(
      const OutputOptions& options, WriterContext context, LogPlaces& places);

  /// @param now_ns time of writing, ns since the epoch.
  void put_flows(std::span<const flow::FlowRecord> records, int64_t now_ns) noexcept;
  /// Has a writer for each of `count` threads made, if the format can be spread; else nothing.
  [[nodiscard]] base::Result<void> make_formatters(size_t count);
  [[nodiscard]] bool is_spread() const noexcept { return !formatters_.empty(); }
  /// Numbers what the output wants of these records. The sink's thread.
  void choose(std::span<const flow::FlowRecord> records, FlowLines& out) noexcept;
  /// Formats what was chosen. Any thread, each as another formatter.
  void format(std::span<const flow::FlowRecord> records, int64_t now_ns, size_t formatter,
              FlowLines& out) noexcept;
  /// Puts lines that were formatted where they belong, or formats them there. One thread at a time.
  void deliver(const FlowLines& lines) noexcept;
  void put_chosen(std::span<const flow::FlowRecord> records, int64_t now_ns, size_t formatter,
                  const FlowLines& chosen) noexcept;

  /// Goes on its way at once, behind the records before it.
  void put_stats(const StatsRecord& record);
  void put_scan(const flow::ScanRecord& record, int64_t now_ns) noexcept;

  /// Sends lines that have waited for flush_ms; at once when that is 0. Also tries a torn line
  /// again.
  /// @param now_ns monotonic.
  void flush_if_due(int64_t now_ns) noexcept;
  /// Milliseconds until flush_if_due() has something to do, at least 1; -1 = nothing waits.
  [[nodiscard]] int ms_to_flush(int64_t now_ns) const noexcept;
  void flush() noexcept;

  [[nodiscard]] base::Result<void> close() { return delivery_->close(); }

  /// Records of flows, updates and application events among them.
  [[nodiscard]] bool takes_flows() const noexcept {
    return flow_events_ || update_events_ || app_events_;
  }
  /// Records passed over, of one kind where the output takes the other only. Any thread.
  [[nodiscard]] uint64_t not_wanted() const noexcept { return not_wanted_.get(); }
  /// Flow records that the output's expression does not match. Any thread.
  [[nodiscard]] uint64_t not_matching() const noexcept { return not_matching_.get(); }
  [[nodiscard]] Delivery& delivery() noexcept { return *delivery_; }
  [[nodiscard]] const Delivery& delivery() const noexcept { return *delivery_; }

 private:
  OutputChannel(const OutputOptions& options, WriterContext context,
                std::unique_ptr<RecordWriter> writer, std::unique_ptr<Delivery> delivery);
  void put_header();
  /// Where the next line goes; null, and the line counted as lost, when there is no room.
  [[nodiscard]] LineBuffer* place(bool flows, RecordWriter& writer) noexcept;
  [[nodiscard]] bool takes_kind_of(const flow::FlowRecord& record) const noexcept;
  [[nodiscard]] bool is_wanted(const flow::FlowRecord& record) noexcept;

  bool flow_events_;
  bool update_events_;
  bool app_events_;
  std::vector<std::string> app_event_names_;  ///< empty = all
  std::shared_ptr<RecordTest> test_;          ///< shared with the options; null = all match
  base::Counter not_wanted_;
  base::Counter not_matching_;
  bool stats_events_;
  bool scan_events_;
  int64_t flush_ns_;
  int64_t due_ns_ = 0;  ///< when to send, monotonic; 0 = nothing waits
  const Format format_;
  const WriterContext context_;
  std::unique_ptr<RecordWriter> writer_;
  std::vector<std::unique_ptr<RecordWriter>> formatters_;  ///< empty: writer_ alone formats
  std::unique_ptr<Delivery> delivery_;
};

}  // namespace pktana::sink
