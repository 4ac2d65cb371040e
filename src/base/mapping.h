// SPDX-License-Identifier: Apache-2.0
// Owner of one memory mapping: a packet ring shared with the kernel, or the zeroed memory of a
// table.
#pragma once

#include <cstddef>
#include <utility>

#include "base/result.h"

namespace pktana::base {

/// Unmaps its range when it goes. Move-only; empty = none.
class Mapping {
 public:
  Mapping() noexcept = default;
  Mapping(Mapping&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        mapped_(std::exchange(other.mapped_, 0)) {}
  Mapping& operator=(Mapping&& other) noexcept;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() { reset(); }

  /// Maps `size` bytes of `fd` shared, readable and writable, from its beginning.
  [[nodiscard]] static Result<Mapping> shared(int fd, size_t size);

  /// Zeroed private memory, taken from the system page by page as it is touched. Asks for huge
  /// pages (madvise(2) MADV_HUGEPAGE) from 2 MiB upwards, and lays them where a huge page can
  /// begin. Not getting them is no error.
  [[nodiscard]] static Result<Mapping> anonymous(size_t size);

  [[nodiscard]] void* data() const noexcept { return data_; }
  [[nodiscard]] size_t size() const noexcept { return size_; }
  void reset() noexcept;

 private:
  Mapping(void* data, size_t size, size_t mapped) noexcept
      : data_(data), size_(size), mapped_(mapped) {}

  void* data_ = nullptr;
  size_t size_ = 0;
  size_t mapped_ = 0;  ///< what the kernel was asked for, size_ or more
};

}  // namespace pktana::base
