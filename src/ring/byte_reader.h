// SPDX-License-Identifier: Apache-2.0
// Where the bytes of a capture file come from: a file or pipe, a decompressor on top of one, or
// memory in tests. CaptureFile fills its block from one; formats are none of its business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/result.h"

namespace pktana::ring {

/// Threads: one at a time.
class ByteReader {
 public:
  virtual ~ByteReader() = default;

  /// Reads 1 to `to.size()` bytes (which is not 0) and returns how many; 0 = the end. All bytes
  /// that can be had come before the Error that says why there are no more; after an Error the
  /// reader gives no bytes. The Error's detail is a sentence without the file's name.
  [[nodiscard]] virtual base::Result<size_t> read(std::span<uint8_t> to) = 0;

  /// Bytes taken from the file itself so far: compressed ones, if it is compressed.
  [[nodiscard]] virtual uint64_t file_position() const noexcept = 0;

  /// What file_position() will be at the end. None: a pipe, nobody knows.
  [[nodiscard]] virtual std::optional<uint64_t> file_size() const noexcept = 0;

  /// The bytes read are not those of the file but come out of a decompressor.
  [[nodiscard]] virtual bool decompresses() const noexcept { return false; }
};

}  // namespace pktana::ring
