// SPDX-License-Identifier: Apache-2.0
// The compressed side of a decompressor: a block of the file and how much of it has been used. Used
// by the gzip and zstd readers.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "ring/byte_reader.h"

namespace pktana::ring {

class CompressedInput {
 public:
  explicit CompressedInput(std::unique_ptr<ByteReader> file) noexcept : file_(std::move(file)) {}

  [[nodiscard]] base::Bytes bytes() const noexcept {
    return {block_.data() + used_, size_ - used_};
  }
  void use(size_t count) noexcept { used_ += count; }

  /// Reads the next block once all of this one is used; false at the end of the file.
  [[nodiscard]] base::Result<bool> refill() {
    const auto got = file_->read(block_);
    if (!got) return base::Unexpected(got.error());
    used_ = 0;
    size_ = *got;
    return size_ > 0;
  }

  [[nodiscard]] const ByteReader& file() const noexcept { return *file_; }

  /// " byte 1234 of the compressed file".
  [[nodiscard]] std::string place() const {
    return " byte " + std::to_string(file_->file_position() - (size_ - used_)) +
           " of the compressed file";
  }

 private:
  std::unique_ptr<ByteReader> file_;
  std::array<uint8_t, size_t{128} << 10> block_;
  size_t used_ = 0;
  size_t size_ = 0;
};

}  // namespace pktana::ring
