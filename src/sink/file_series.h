// SPDX-License-Identifier: Apache-2.0
// The names of a rotating capture file and when the next one begins: tcpdump's -C, -G and -W.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sink/packet_file_options.h"

namespace pktana::sink {

/// One thread.
class FileSeries {
 public:
  explicit FileSeries(const PacketFileOptions& options);

  /// Name of the first file. Intervals are counted from the second in which `ts_ns` lies.
  [[nodiscard]] std::string first(int64_t ts_ns);

  /// A packet of this time belongs in another file than the present one, which has `file_bytes`.
  [[nodiscard]] bool is_due(int64_t ts_ns, uint64_t file_bytes) const noexcept {
    return (interval_ns_ != 0 && ts_ns >= interval_end_ns_) ||
           (max_bytes_ != 0 && file_bytes > max_bytes_);
  }

  /// Name of the next file. None: the series is complete (-G with -W).
  [[nodiscard]] std::optional<std::string> next(int64_t ts_ns);

 private:
  [[nodiscard]] std::string name() const;

  std::string pattern_;
  uint64_t max_bytes_;
  int64_t interval_ns_;
  unsigned count_;
  bool utc_;
  int number_width_ = 0;       ///< of numbers behind the name, with leading zeros
  bool number_first_ = false;  ///< the first file has a number too
  unsigned number_ = 0;        ///< of the file within its interval
  unsigned intervals_ = 0;     ///< begun
  int64_t interval_begin_ns_ = 0;
  int64_t interval_end_ns_ = 0;
};

}  // namespace pktana::sink
