// SPDX-License-Identifier: Apache-2.0
// Several capture files as one stream in the order of time: what two taps or two interfaces wrote
// beside each other is read as it happened. Files that follow one another in time are read right
// too, in whatever order they were named.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ring/capture_file.h"
#include "ring/packet_source.h"

namespace pktana::ring {

/// A heap over the next packet of every file: the earliest goes first, at equal times that of the
/// file that was named first. Within a file the order stays that of the file, also where its
/// timestamps go back. All files are open at once: one descriptor and one block each, together
/// about kBlocksBytes, but at least kMinBlockBytes a file.
class MergedFiles final : public PacketSource {
 public:
  static constexpr size_t kMaxBatch = CaptureFile::kMaxBatch;
  static constexpr size_t kBlocksBytes = size_t{64} << 20;
  static constexpr size_t kMinBlockBytes = size_t{64} << 10;

  /// Opens all files. Those that can't be opened are errors(), and the others are read.
  /// @param files their block_bytes are chosen here.
  [[nodiscard]] static MergedFiles open(std::vector<CaptureFile::Options> files);

  /// Of files that are already open.
  explicit MergedFiles(std::vector<std::unique_ptr<CaptureFile>> files);

  /// Up to kMaxBatch packets; a batch ends where one file's own batch does. Never fails: a file
  /// that is cut or broken gives every whole packet, is then an errors(), and the others go on.
  [[nodiscard]] base::Result<Batch> next_batch() override;

  /// What went wrong so far, one per file at most.
  [[nodiscard]] const std::vector<base::Error>& errors() const noexcept { return errors_; }

  /// Sum over the files, for progress. The reader's thread only.
  [[nodiscard]] uint64_t position_bytes() const noexcept;

 private:
  /// A file and what is left of its batch.
  struct Input {
    std::unique_ptr<CaptureFile> file;
    std::span<const PacketRef> left;
  };
  /// The next packet of input `number`.
  struct Head {
    int64_t ts_ns;
    size_t number;
    [[nodiscard]] bool is_after(const Head& other) const noexcept {
      return ts_ns != other.ts_ns ? ts_ns > other.ts_ns : number > other.number;
    }
  };

  MergedFiles(std::vector<std::unique_ptr<CaptureFile>> files, std::vector<base::Error> errors);

  void refill(size_t number);
  void push(size_t number);
  size_t pop();

  std::vector<Input> inputs_;
  std::vector<Head> heap_;
  std::vector<size_t> empty_;  ///< inputs whose next batch is to be asked for
  std::vector<base::Error> errors_;
  std::vector<PacketRef> batch_;
};

}  // namespace pktana::ring
