// SPDX-License-Identifier: Apache-2.0
// The reused block that CaptureFile reads into and that packets point into. What is left of a
// block, the beginning of a record, is moved to the front before the next bytes are read behind it:
// once per block, never per packet.
#pragma once

#include <memory>

#include "base/bytes.h"
#include "base/mapping.h"
#include "ring/byte_reader.h"

namespace pktana::ring {

class BlockBuffer {
 public:
  [[nodiscard]] static base::Result<BlockBuffer> create(std::unique_ptr<ByteReader> reader,
                                                        size_t block_bytes);

  /// What has been read and not yet consumed. Lifetime: until the next require().
  [[nodiscard]] base::Bytes bytes() const noexcept { return {memory() + begin_, end_ - begin_}; }

  /// Takes `count` bytes off the front; they stay readable until the next require().
  void consume(size_t count) noexcept { begin_ += count; }

  /// Reads until bytes() has at least `count`; false when the input ends before. The block grows if
  /// it must: the caller has checked `count` against a limit. What could be read before an Error is
  /// there.
  [[nodiscard]] base::Result<bool> require(size_t count);

  [[nodiscard]] const ByteReader& reader() const noexcept { return *reader_; }

 private:
  BlockBuffer(std::unique_ptr<ByteReader> reader, base::Mapping block) noexcept;
  [[nodiscard]] uint8_t* memory() const noexcept { return static_cast<uint8_t*>(block_.data()); }
  [[nodiscard]] base::Result<void> make_room(size_t count);

  std::unique_ptr<ByteReader> reader_;
  base::Mapping block_;
  size_t begin_ = 0;
  size_t end_ = 0;
};

}  // namespace pktana::ring
