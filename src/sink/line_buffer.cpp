// SPDX-License-Identifier: Apache-2.0
#include "sink/line_buffer.h"

#include <algorithm>

namespace pktana::sink {

size_t LineBuffer::records_within(size_t size) const noexcept {
  return static_cast<size_t>(std::upper_bound(ends_.begin(), ends_.end(), size) - ends_.begin());
}

}  // namespace pktana::sink
