// SPDX-License-Identifier: Apache-2.0
// The bytes of a capture file that is in memory, for tests and fuzzing.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "ring/byte_reader.h"

namespace pktana::support {

class MemoryReader final : public ring::ByteReader {
 public:
  struct Options {
    size_t chunk_bytes = SIZE_MAX;       ///< given at once at most, as a pipe does
    std::optional<base::Error> error{};  ///< in the place of the end
  };

  explicit MemoryReader(std::vector<uint8_t> content)
      : MemoryReader(std::move(content), Options{}) {}
  MemoryReader(std::vector<uint8_t> content, Options options)
      : content_(std::move(content)), options_(std::move(options)) {}

  [[nodiscard]] base::Result<size_t> read(std::span<uint8_t> to) override {
    const size_t count = std::min({to.size(), content_.size() - position_, options_.chunk_bytes});
    if (count == 0 && options_.error) return base::Unexpected(*options_.error);
    std::copy_n(content_.begin() + static_cast<ptrdiff_t>(position_), count, to.begin());
    position_ += count;
    return count;
  }
  [[nodiscard]] uint64_t file_position() const noexcept override { return position_; }
  [[nodiscard]] std::optional<uint64_t> file_size() const noexcept override {
    return content_.size();
  }

 private:
  std::vector<uint8_t> content_;
  Options options_;
  size_t position_ = 0;
};

}  // namespace pktana::support
