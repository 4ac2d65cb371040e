// SPDX-License-Identifier: Apache-2.0
// Bytes of a file, a pipe or standard input by read(2). Files are told to the kernel as read in
// sequence.
#pragma once

#include <memory>
#include <string>

#include "base/fd.h"
#include "ring/byte_reader.h"

namespace pktana::ring {

/// Not mmap: copying 1 MiB at a time into a block that stays in the cache costs 64-byte packets 5
/// to 6 ns each, the page faults of a mapping cost as much, and a file that shrinks meanwhile is an
/// early end here but a SIGBUS there.
class FileReader final : public ByteReader {
 public:
  /// `path` "-" is standard input, which stays open when the reader goes.
  [[nodiscard]] static base::Result<std::unique_ptr<FileReader>> open(const std::string& path);

  [[nodiscard]] base::Result<size_t> read(std::span<uint8_t> to) override;
  [[nodiscard]] uint64_t file_position() const noexcept override { return position_; }
  [[nodiscard]] std::optional<uint64_t> file_size() const noexcept override { return size_; }

 private:
  FileReader(base::Fd fd, std::optional<uint64_t> size) noexcept;

  base::Fd fd_;
  uint64_t position_ = 0;
  std::optional<uint64_t> size_;
};

}  // namespace pktana::ring
