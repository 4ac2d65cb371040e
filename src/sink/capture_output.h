// SPDX-License-Identifier: Apache-2.0
// Blocks of packets into capture files, one file after another, and what became of each packet.
// Used by PacketFile's writing thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/counter.h"
#include "base/result.h"
#include "sink/output.h"
#include "sink/packet_block_queue.h"
#include "sink/packet_file_options.h"

namespace pktana::sink {

/// A file gets its name when its header is whole: it is made under another one beside it and then
/// renamed, so that nobody meets half a header, and a file of that name that was there is replaced
/// as a whole. On a full disk a record that was cut is completed before anything is written behind
/// it, or cut off when the file ends. Any other failure ends this file; the next one is tried anew.
/// One thread, but the counters can be read from any.
class CaptureOutput {
 public:
  explicit CaptureOutput(const PacketFileOptions& options);

  /// Opens the file that the next blocks go to; the one before has been ended.
  [[nodiscard]] base::Result<void> begin(const std::string& path);
  /// Writes the block; its packets are then counted as written or dropped.
  void write(const PacketBlock& block) noexcept;
  void end() noexcept;

  [[nodiscard]] bool is_down() const noexcept { return down_.get() != 0; }
  /// The first failure of all files. To be asked when nothing is written any more.
  [[nodiscard]] const std::optional<base::Error>& first_error() const noexcept { return error_; }

  /// Adds this side's numbers.
  void add_to(PacketFileTotals& totals) const noexcept;

 private:
  [[nodiscard]] base::Result<void> open(const std::string& path);
  void account(const PacketBlock& block, Written result) noexcept;
  void tear(const PacketBlock& block, size_t written) noexcept;
  [[nodiscard]] bool complete_torn() noexcept;
  void cut_torn_off() noexcept;
  void publish() noexcept;
  void fail(base::Error error) noexcept;
  void fail_write(int error) noexcept;

  FileFormat format_;
  bool io_uring_;
  std::unique_ptr<Output> output_;
  std::string path_;
  std::string made_as_;          ///< the name until the header is whole; empty = has its own
  uint64_t header_missing_ = 0;  ///< bytes of the header yet to be written
  uint64_t whole_bytes_ = 0;     ///< of the file, up to the end of the last whole record
  std::string torn_;             ///< what is missing of a record that was cut
  size_t torn_bytes_ = 0;        ///< of it that are in the file
  std::optional<base::Error> error_;

  base::Counter written_;
  base::Counter dropped_full_;
  base::Counter torn_packets_;  ///< 1 while the torn record is a packet, else 0
  base::Counter dropped_down_;
  base::Counter files_;
  base::Counter bytes_;
  base::Counter down_;  ///< 1: the present file has failed
};

}  // namespace pktana::sink
