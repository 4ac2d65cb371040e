// SPDX-License-Identifier: Apache-2.0
// An output with a thread of its own and bounded memory: the sink's thread fills buffers, this one
// writes them, tries again what failed, and answers for every record: written, or dropped and
// counted by cause.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/counter.h"
#include "base/mapping.h"
#include "sink/delivery.h"
#include "sink/line_target.h"

namespace pktana::sink {

/// What can't be written now waits in memory; when all buffers are full, new lines are dropped. A
/// failed write is tried again every kRetryMs. close() tells an error only if records were lost.
class QueuedDelivery final : public Delivery {
 public:
  static constexpr size_t kBufferBytes = size_t{1} << 20;
  static constexpr int kRetryMs = 100;
  static constexpr int kTickMs = 400;

  struct Options {
    std::string path = {};                ///< for messages
    size_t memory_bytes = 16U << 20;      ///< at least two buffers are taken
    int64_t patience_ns = 2'000'000'000;  ///< how long settle() and close() wait in all
  };

  [[nodiscard]] static base::Result<base::Mapping> make_memory(const Options& options);

  /// @param memory of make_memory().
  [[nodiscard]] static base::Result<std::unique_ptr<QueuedDelivery>> start(
      Options options, base::Mapping memory, std::unique_ptr<LineTarget> target);
  ~QueuedDelivery() override;

  LineBuffer* buffer_for(bool flows) noexcept override;
  void send() noexcept override;
  void settle() noexcept override;
  base::Result<void> close() override;
  void drop(uint64_t flow_records) noexcept override;
  [[nodiscard]] bool has_unwritten() const noexcept override { return !current().empty(); }
  [[nodiscard]] bool is_down() const noexcept override {
    return down_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] bool is_stream() const noexcept override { return target_->is_stream(); }
  [[nodiscard]] DeliveryCounts counts() const noexcept override;
  [[nodiscard]] OutputHealth health() const override;
  void rotate() noexcept override;
  void reopen() noexcept override;

 private:
  enum class Cause : uint8_t { DiskFull, OutputSlow, SinkDown };
  /// Counters with one writer: one set for each of the two threads.
  struct Drops {
    base::Counter disk_full;
    base::Counter output_slow;
    base::Counter sink_down;

    base::Counter& of(Cause cause) noexcept;
  };

  QueuedDelivery(Options options, base::Mapping memory, std::unique_ptr<LineTarget> target);

  // The sink's thread.
  [[nodiscard]] LineBuffer& current() noexcept { return buffers_[current_]; }
  [[nodiscard]] const LineBuffer& current() const noexcept { return buffers_[current_]; }
  /// Queues the current buffer if another is free. mutex_ is held.
  bool push() noexcept;
  void stop_thread() noexcept;

  // The output's thread.
  void run() noexcept;
  [[nodiscard]] LineBuffer* next_buffer() noexcept;
  void deliver(LineBuffer& buffer) noexcept;
  void note(int error) noexcept;
  /// Sleeps a little, unless the target has waited for room, or until close() has lost patience.
  /// Whether another try has a point.
  [[nodiscard]] bool may_retry(int error) noexcept;

  [[nodiscard]] static Cause cause_of(int error) noexcept;

  const Options options_;
  base::Mapping memory_;
  std::unique_ptr<LineTarget> target_;
  std::vector<LineBuffer> buffers_;  ///< a ring: head_ and those behind it are queued
  size_t current_ = 0;               ///< the sink's thread
  bool sealed_ = false;              ///< a line was dropped behind the current buffer's last
  bool gave_up_ = false;             ///< settle() has lost its patience once

  mutable std::mutex mutex_;  ///< guards what follows
  std::condition_variable work_;
  std::condition_variable progress_;
  size_t head_ = 0;
  size_t queued_ = 0;
  bool stop_ = false;
  bool abandon_ = false;  ///< with stop_: don't try again what fails
  bool poked_ = false;

  std::atomic<int> trouble_{0};  ///< errno of the last try; 0 = it went well
  std::atomic<bool> down_{false};
  std::optional<base::Error> first_error_;  ///< the output's thread; read when that has ended
  base::Counter written_;
  base::Counter bytes_;
  Drops refused_;   ///< by the sink's thread: no room
  Drops given_up_;  ///< by the output's thread
  std::thread thread_;
};

}  // namespace pktana::sink
