// SPDX-License-Identifier: Apache-2.0
#include "sink/line_buffer.h"

#include <algorithm>
#include <cstring>

namespace pktana::sink {

size_t LineBuffer::records_within(size_t size) const noexcept {
  return static_cast<size_t>(std::upper_bound(ends_.begin(), ends_.end(), size) - ends_.begin());
}

bool LineBuffer::put_in_front(const LineBuffer& before, size_t from) noexcept {
  const size_t first = before.records_within(from);
  const size_t lines = before.ends_.size() - first;
  const size_t bytes = before.bytes().size() - from;
  if (bytes > begin_ || ends_.size() + lines > ends_.capacity()) return false;
  begin_ -= bytes;
  std::memcpy(memory_.data() + begin_, before.bytes().data() + from, bytes);
  for (uint32_t& end : ends_)
    end += static_cast<uint32_t>(bytes);
  ends_.insert(ends_.begin(), lines, 0);
  for (size_t i = 0; i < lines; ++i)
    ends_[i] = static_cast<uint32_t>(before.ends_[first + i] - from);
  begins_inside_ = before.end_of(first) < from;
  return true;
}

}  // namespace pktana::sink
