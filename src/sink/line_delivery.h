// SPDX-License-Identifier: Apache-2.0
// Brings buffers of lines to an output and answers for every record in them: written, or dropped
// and counted by cause. Two buffers: one is filled while the other is written.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/counter.h"
#include "base/mapping.h"
#include "base/result.h"
#include "sink/line_buffer.h"
#include "sink/output.h"

namespace pktana::sink {

/// A full disk stops nothing: what doesn't fit is dropped and counted, writing is tried again with
/// each buffer, and a line that was cut in two is completed before anything else is written, so
/// that no torn line is ever followed by another. Any other failure is final: the output is down.
/// One thread, but the counters can be read from any.
class LineDelivery {
 public:
  static constexpr size_t kBufferBytes = size_t{1} << 20;

  /// @param target its buffers are provided here.
  [[nodiscard]] static base::Result<std::unique_ptr<LineDelivery>> open(OutputTarget target);

  /// @param memory two buffers' worth. @param path for messages.
  LineDelivery(std::string path, base::Mapping memory, std::unique_ptr<Output> output);

  /// The buffer for the next line, with room for it. Lines of the other kind are sent off first.
  LineBuffer& buffer_for(bool flows) noexcept;

  /// Starts to write what is in the buffer; the write before it has ended by then.
  void send() noexcept;

  /// Waits for the write under way, and tries to complete a torn line.
  void settle() noexcept;

  /// Sends, settles, gives a torn line up, closes. The first error of its life, if there was one.
  [[nodiscard]] base::Result<void> close();

  /// Counts flow records that were not formatted because the output is down.
  void drop(uint64_t flow_records) noexcept { dropped_down_.add(flow_records); }

  /// Something waits for send() or settle().
  [[nodiscard]] bool has_unwritten() const noexcept {
    return !buffers_[current_].empty() || in_flight_ != nullptr || !torn_.empty();
  }
  [[nodiscard]] bool is_down() const noexcept { return down_; }
  [[nodiscard]] const Output& output() const noexcept { return *output_; }

  [[nodiscard]] uint64_t written() const noexcept { return written_.get(); }
  /// The record of a torn line counts as dropped until the line is complete.
  [[nodiscard]] uint64_t dropped_disk_full() const noexcept {
    return dropped_full_.get() + torn_records_.get();
  }
  [[nodiscard]] uint64_t dropped_sink_down() const noexcept { return dropped_down_.get(); }
  [[nodiscard]] uint64_t bytes_written() const noexcept { return bytes_.get(); }

 private:
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
  bool down_ = false;
  std::optional<base::Error> first_error_;

  base::Counter written_;  ///< flow records, as all but the last
  base::Counter dropped_full_;
  base::Counter torn_records_;  ///< 1 while the torn line is that of a flow record, else 0
  base::Counter dropped_down_;
  base::Counter bytes_;
};

}  // namespace pktana::sink
