// SPDX-License-Identifier: Apache-2.0
// Byte order of a capture file, known when its magic number has been read. Used by the format
// readers.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace pktana::ring {

struct ByteOrder {
  bool big_endian = false;

  /// The integer at `p`, which needs no alignment, in host order.
  template <typename T>
  [[nodiscard]] T load(const uint8_t* p) const noexcept {
    return big_endian ? base::load_be<T>(p) : base::load_le<T>(p);
  }
};

}  // namespace pktana::ring
