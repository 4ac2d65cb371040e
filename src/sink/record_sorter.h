// SPDX-License-Identifier: Apache-2.0
// Puts all flow records of a run in one order that does not depend on who counted them or when they
// ended: by start time, then by key. For `read --sort`; used by the sink thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/counter.h"
#include "base/fd.h"
#include "base/result.h"
#include "flow/flow_record.h"

namespace pktana::sink {

/// The order: time (of a flow its start, of an application event when it happened), IP version,
/// protocol, source, destination, ports, ICMP type and code, VLAN ids, source, flow_id,
/// continuation, index of the update; of one flow and time the flow's own record comes first, then
/// its events as they came. Total over the records of a run.
[[nodiscard]] bool sorts_before(const flow::FlowRecord& a, const flow::FlowRecord& b) noexcept;

/// External merge sort. Memory is bounded by memory_bytes, whatever the number of records (twice
/// that while a run is read back), save for what records refer to; what does not fit goes in sorted
/// runs to one unnamed file in `folder`, which is gone when this is. One thread.
class RecordSorter {
 public:
  static constexpr size_t kMaxBulk = 256;  ///< records of one add() and one take()

  struct Options {
    size_t memory_bytes = size_t{64} << 20;
    std::string folder = {};  ///< empty = TMPDIR, else /tmp
  };

  [[nodiscard]] static std::unique_ptr<RecordSorter> create(const Options& options);

  /// @param records at most kMaxBulk.
  /// @return false, and nothing is taken, when memory is full and a run could not be written
  ///         (error() says why): take() everything first, then there is room again.
  [[nodiscard]] bool add(std::span<const flow::FlowRecord> records);

  /// The next records in order, at most kMaxBulk; none when all have been taken, after which a new
  /// sort may begin. Lifetime: until the next call.
  [[nodiscard]] std::span<const flow::FlowRecord> take();

  /// The first failure of the file: the order is then not that of the whole.
  [[nodiscard]] const std::optional<base::Error>& error() const noexcept { return error_; }
  /// Records that were in a part of the file that could not be read back. Any thread.
  [[nodiscard]] uint64_t lost() const noexcept { return lost_.get(); }

 private:
  /// A sorted run in the file, and the piece of it that is in memory.
  struct Run {
    uint64_t offset = 0;  ///< in the file, of the next record that is not in `piece`
    uint64_t left = 0;    ///< records there
    std::vector<flow::FlowRecord> piece = {};
    size_t next = 0;  ///< of piece
  };

  explicit RecordSorter(const Options& options);

  void sort_memory();
  [[nodiscard]] bool spill();
  [[nodiscard]] bool open_file();
  [[nodiscard]] bool write_all(std::span<const flow::FlowRecord> records);
  void begin_taking();
  bool refill(Run& run);
  void take_from_memory();
  void take_from_runs();
  void fail(int errno_value, const char* operation);

  const size_t capacity_;
  const std::string folder_;
  base::Fd file_;
  uint64_t file_bytes_ = 0;
  std::vector<flow::FlowRecord> memory_;
  std::vector<uint32_t> order_;  ///< of memory_, once sorted
  size_t next_ = 0;              ///< of order_
  std::vector<Run> runs_;
  std::vector<size_t> heap_;  ///< numbers of runs by their next record, the first one in front
  bool taking_ = false;
  std::vector<flow::FlowRecord> bulk_;
  std::optional<base::Error> error_;
  base::Counter lost_;
};

}  // namespace pktana::sink
