// SPDX-License-Identifier: Apache-2.0
// Formats flow records on several threads where one is not enough. What the outputs get, and in
// which order, is what one thread would give them, byte by byte.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "base/result.h"
#include "flow/encapsulation_table.h"
#include "sink/output_channel.h"

namespace pktana::sink {

/// The sink's thread puts records, chooses what each output wants and numbers it; whoever is free
/// formats, the sink's thread too when it would have to wait. Lines are delivered in the order of
/// the records by one thread at a time; outputs that can't be spread get their records then.
class FormatCrew {
 public:
  /// Records formatted at once. Few, so that their lines stay in the cache until they are copied.
  static constexpr size_t kJobRecords = 64;

  /// @param threads the sink's thread included; at least 2.
  /// @param channels Lifetime: must outlive this. @param encapsulations of the records; may be
  /// null.
  [[nodiscard]] static base::Result<std::unique_ptr<FormatCrew>> start(
      unsigned threads, std::span<const std::unique_ptr<OutputChannel>> channels,
      flow::EncapsulationTable* encapsulations);
  ~FormatCrew();  ///< settle() has been called
  FormatCrew(const FormatCrew&) = delete;
  FormatCrew& operator=(const FormatCrew&) = delete;

  // The sink's thread.

  /// Takes the records with their references.
  void put(std::span<const flow::FlowRecord> records, int64_t now_ns) noexcept;
  /// Returns when all that was put has been delivered: then the channels are the caller's until the
  /// next put().
  void settle() noexcept;

 private:
  using Lock = std::unique_lock<std::mutex>;

  struct Job {
    std::array<flow::FlowRecord, kJobRecords> records;
    size_t count = 0;
    int64_t now_ns = 0;
    std::vector<FlowLines> lines = {};  ///< by channel
    bool ready = false;                 ///< formatted, not delivered; guarded by mutex_
  };

  FormatCrew(unsigned threads, std::span<const std::unique_ptr<OutputChannel>> channels,
             flow::EncapsulationTable* encapsulations);

  [[nodiscard]] Job& job(uint64_t number) noexcept { return *jobs_[number % jobs_.size()]; }
  void run(size_t formatter) noexcept;
  /// Does the next job that nobody does; there is one. Then delivers what can be.
  void do_one(Lock& lock, size_t formatter) noexcept;
  void help_or_wait(Lock& lock) noexcept;
  void fill(Job& job, std::span<const flow::FlowRecord> records, int64_t now_ns) noexcept;
  void format(Job& job, size_t formatter) noexcept;
  /// In turn. @param formatted else the lines are formatted where they are wanted.
  void deliver(Job& job, size_t formatter, bool formatted) noexcept;

  std::vector<OutputChannel*> channels_;
  flow::EncapsulationTable* encapsulations_;
  std::vector<std::unique_ptr<Job>> jobs_;
  std::vector<std::thread> threads_;

  std::mutex mutex_;  ///< guards what follows
  std::condition_variable work_;
  std::condition_variable progress_;  ///< of deliveries; the sink's thread waits
  uint64_t issued_ = 0;
  uint64_t claimed_ = 0;
  uint64_t delivered_ = 0;
  bool delivering_ = false;  ///< somebody has the turn
  bool stop_ = false;
};

}  // namespace pktana::sink
