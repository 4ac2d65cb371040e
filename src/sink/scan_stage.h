// SPDX-License-Identifier: Apache-2.0
// Between the queues and the outputs: shows every record to the scan detector, and on request keeps
// back the attempts of scans, so that a scan leaves its summary instead of thousands of flows.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/counter.h"
#include "base/mapping.h"
#include "base/result.h"
#include "flow/encapsulation_table.h"
#include "flow/flow_record.h"
#include "flow/scan_detector.h"

namespace pktana::sink {

struct ScanStageOptions {
  flow::ScanOptions detector;
  /// Attempts of scans are not written. An attempt is held for the window, or till the end, since
  /// a scan shows only after some of them; when kMaxHeld are, the oldest is judged at once.
  bool fold = false;
  /// Takes the references of records that are folded; null = they have none.
  flow::EncapsulationTable* encapsulations = nullptr;
};

/// One thread (the sink's), but folded() can be read from any.
class ScanStage {
 public:
  static constexpr size_t kMaxHeld = 65536;
  static constexpr size_t kMaxBulk = 256;  ///< records of one pass()

  [[nodiscard]] static base::Result<std::unique_ptr<ScanStage>> create(
      const ScanStageOptions& options);

  /// @param records at most kMaxBulk. @param now_ns wall clock live, 0 for files.
  /// @return those that are to be written now. Lifetime: until the next call.
  [[nodiscard]] std::span<const flow::FlowRecord> pass(std::span<const flow::FlowRecord> records,
                                                       int64_t now_ns) noexcept;

  /// No record will come: gives back those held, at most kMaxBulk a call, nothing when there are
  /// none left; then every scan has ended.
  [[nodiscard]] std::span<const flow::FlowRecord> end() noexcept;

  /// Scans that are over, until forget_ended().
  [[nodiscard]] std::span<const flow::ScanRecord> ended() const noexcept {
    return detector_.ended();
  }
  void forget_ended() noexcept { detector_.forget_ended(); }

  /// Records that were not written because the scan's summary stands for them.
  [[nodiscard]] uint64_t folded() const noexcept { return folded_.get(); }

 private:
  ScanStage(const ScanStageOptions& options, flow::ScanDetector detector, base::Mapping held);

  void hold(const flow::FlowRecord& record) noexcept;
  void judge_oldest() noexcept;
  [[nodiscard]] flow::FlowRecord& held(uint64_t number) const noexcept {
    return static_cast<flow::FlowRecord*>(held_.data())[number % kMaxHeld];
  }

  ScanStageOptions options_;
  flow::ScanDetector detector_;
  base::Mapping held_;
  uint64_t first_held_ = 0;  ///< numbers of the records held: from here ...
  uint64_t next_held_ = 0;   ///< ... to before here
  int64_t expired_ns_ = 0;
  std::vector<flow::FlowRecord> out_;  ///< capacity reserved
  base::Counter folded_;
};

}  // namespace pktana::sink
