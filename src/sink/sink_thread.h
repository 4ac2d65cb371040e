// SPDX-License-Identifier: Apache-2.0
// The sink's thread and what it works on: the queues of the workers, the orders of the control
// thread, the output channels.
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
#include "sink/format_crew.h"
#include "sink/log_keeper.h"
#include "sink/name_stage.h"
#include "sink/output_channel.h"
#include "sink/queue_handoff.h"
#include "sink/record_sorter.h"
#include "sink/scan_stage.h"
#include "sink/sink.h"

namespace pktana::sink {

class SinkThread {
 public:
  /// @param scans null = nobody looks for scans.
  SinkThread(SinkOptions options, std::unique_ptr<LogKeeper> keeper,
             std::vector<std::unique_ptr<OutputChannel>> channels,
             std::unique_ptr<ScanStage> scans);
  ~SinkThread();
  SinkThread(const SinkThread&) = delete;
  SinkThread& operator=(const SinkThread&) = delete;

  [[nodiscard]] base::Result<void> start();

  // The rest is Sink's: see there.
  [[nodiscard]] std::unique_ptr<flow::RecordHandoff> make_producer();
  void submit(StatsRecord record);
  void rotate() noexcept;
  void reopen() noexcept;
  void drain();
  void settle();
  [[nodiscard]] bool is_down() const noexcept { return down_.load(std::memory_order_relaxed); }
  base::Result<void> finish();
  [[nodiscard]] SinkTotals totals() const;

 private:
  /// What others want of the thread.
  struct Orders {
    std::vector<StatsRecord> stats;
    uint64_t drain_ticket = 0;  ///< of the last drain() that was asked for
    bool end_scans = false;
    bool stop = false;
  };

  void run() noexcept;
  void take_orders();
  /// Takes all that was queued when it began. Returns how many records.
  uint64_t pass_records() noexcept;
  void put_bulk(std::span<const flow::FlowRecord> records, int64_t now_ns) noexcept;
  /// Gives back what these records, which all outputs have seen, refer to.
  void release(std::span<const flow::FlowRecord> written) noexcept;
  void write(std::span<const flow::FlowRecord> records, int64_t now_ns) noexcept;
  /// What is still being formatted is delivered: then the channels are this thread's.
  void settle_crew() noexcept;
  void put_ended_scans(int64_t now_ns) noexcept;
  /// No record will come: writes all that sorters and the scan stage have held back.
  void end_records() noexcept;
  void put_stats() noexcept;
  void flush_all() noexcept;
  void flush_due() noexcept;
  void wait_for_work() noexcept;
  void answer_drain() noexcept;
  void note_down() noexcept;
  base::Result<void> end();

  [[nodiscard]] std::vector<WorkerQueue*> queues() const;

  const SinkOptions options_;
  HandoffShared shared_;
  std::unique_ptr<LogKeeper> keeper_;  ///< outlives the channels, which wake it
  std::vector<std::unique_ptr<OutputChannel>> channels_;
  std::unique_ptr<FormatCrew> crew_;  ///< null = this thread formats all
  std::unique_ptr<ScanStage> scans_;  ///< null = none
  std::optional<NameStage> names_;
  std::unique_ptr<RecordSorter> sorter_;  ///< null = records are written as they come
  /// Where attempts of scans are held back: what comes out of the stage is in no order any more.
  std::unique_ptr<RecordSorter> sorter_behind_scans_;

  mutable std::mutex queues_mutex_;
  std::vector<std::unique_ptr<WorkerQueue>> queues_;  ///< guarded by queues_mutex_; only grows
  std::atomic<size_t> queue_count_{0};

  std::mutex orders_mutex_;  ///< guards orders_ and drained_ticket_
  std::condition_variable drained_;
  Orders orders_;
  uint64_t drained_ticket_ = 0;
  std::atomic<bool> has_orders_{false};

  // The thread's own.
  std::vector<WorkerQueue*> own_queues_;
  Orders own_orders_;
  base::Counter passed_;  ///< records taken out of the queues

  std::atomic<bool> down_{false};
  std::mutex finish_mutex_;
  std::optional<base::Result<void>> finished_;
  std::thread thread_;
};

}  // namespace pktana::sink
