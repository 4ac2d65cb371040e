// SPDX-License-Identifier: Apache-2.0
// Brings buffers of lines to an output and answers for every record in them: written, or dropped
// and counted by cause. Two buffers: one is filled while the other is written.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/counter.h"
#include "base/mapping.h"
#include "base/result.h"
#include "sink/delivery.h"
#include "sink/line_buffer.h"
#include "sink/output.h"

namespace pktana::sink {

/// A full disk stops nothing: what doesn't fit is dropped and counted, writing is tried again with
/// each buffer, and a line that was cut in two is completed before anything else is written, so
/// that no torn line is ever followed by another. Any other failure is final: the output is down.
/// One thread, but the counters can be read from any.
class LineDelivery final : public Delivery {
 public:
  // PERF NOTE: larger writes keep a disk busier, and each has a part of a block left over, which
  // costs a write of its own: see the commit for figures. With two of 3 MiB and its own memory an
  // output stays below a limit of 8 MiB on locked memory.
  static constexpr size_t kBufferBytes = size_t{3} << 20;

  /// @param target its buffers are provided here.
  [[nodiscard]] static base::Result<std::unique_ptr<LineDelivery>> open(OutputTarget target);

  /// @param memory two buffers' worth. @param path for messages.
  LineDelivery(std::string path, base::Mapping memory, std::unique_ptr<Output> output);

  LineBuffer* buffer_for(bool flows) noexcept override;  ///< never null
  /// The write before it has ended by then.
  void send() noexcept override { send(false); }
  void collect() noexcept override { settle(); }
  /// Waits for the write under way, and tries to complete a torn line.
  void settle() noexcept override;
  /// A torn line is given up.
  [[nodiscard]] base::Result<void> close() override;
  void drop(uint64_t flow_records) noexcept override { dropped_down_.add(flow_records); }
  [[nodiscard]] bool has_unwritten() const noexcept override {
    return !buffers_[current_].empty() || in_flight_ != nullptr || !torn_.empty();
  }
  [[nodiscard]] bool is_down() const noexcept override { return down_; }
  [[nodiscard]] bool is_stream() const noexcept override;
  /// The record of a torn line counts as dropped until the line is complete.
  [[nodiscard]] DeliveryCounts counts() const noexcept override;
  [[nodiscard]] OutputHealth health() const override { return {.method = output_->method()}; }

 private:
  /// @param more another buffer follows at once.
  void send(bool more) noexcept;
  /// Takes what the output has left over of `buffer` to the lines to come, or writes it.
  void deal_with_rest(const LineBuffer& buffer, Written& result) noexcept;
  void account(LineBuffer& buffer, Written result) noexcept;
  /// Takes note of what stopped a write.
  void on_error(int error) noexcept;
  void complete_torn() noexcept;
  /// The torn line is complete, or never will be: its record goes to `counter`.
  void settle_torn(base::Counter& counter) noexcept;

  std::string path_;
  base::Mapping memory_;
  std::unique_ptr<Output> output_;
  std::array<LineBuffer, 2> buffers_;
  size_t current_ = 0;
  LineBuffer* in_flight_ = nullptr;
  std::string torn_;  ///< what is missing of a line that was cut; memory reserved
  std::atomic<bool> down_{false};
  std::optional<base::Error> first_error_;

  base::Counter written_;  ///< flow records, as all but the last
  base::Counter dropped_full_;
  base::Counter torn_records_;  ///< 1 while the torn line is that of a flow record, else 0
  base::Counter dropped_down_;
  base::Counter bytes_;
};

}  // namespace pktana::sink
