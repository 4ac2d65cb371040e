// SPDX-License-Identifier: Apache-2.0
#include "app/secure/range_buffer.h"

#include <algorithm>
#include <cstring>

namespace pktana::app::secure {

bool RangeBuffer::insert(uint64_t offset, Bytes piece) {
  if (piece.empty()) return true;
  if (offset > limit_ || piece.size() > limit_ - offset) return false;
  const auto begin = static_cast<uint32_t>(offset);
  const auto end = static_cast<uint32_t>(begin + piece.size());
  if (data_.size() < end) data_.resize(end);
  const size_t ranges_before = count_;
  const std::array<Range, kMaxRanges> before = range_;
  if (!merge(begin, end)) return false;
  // Bytes that some earlier range covers stay as they are.
  uint32_t at = begin;
  for (size_t i = 0; i < ranges_before && at < end; ++i) {
    if (before[i].end <= at) continue;
    if (before[i].begin > at) fill(at, std::min(end, before[i].begin), piece.subspan(at - begin));
    at = std::max(at, before[i].end);
  }
  if (at < end) fill(at, end, piece.subspan(at - begin));
  return true;
}

void RangeBuffer::fill(size_t begin, size_t end, Bytes piece) noexcept {
  std::memcpy(data_.data() + begin, piece.data(), end - begin);
}

bool RangeBuffer::merge(uint32_t begin, uint32_t end) noexcept {
  size_t first = 0;
  while (first < count_ && range_[first].end < begin)
    ++first;
  size_t last = first;
  while (last < count_ && range_[last].begin <= end) {
    begin = std::min(begin, range_[last].begin);
    end = std::max(end, range_[last].end);
    ++last;
  }
  if (last == first) {
    if (count_ == kMaxRanges) return false;
    std::move_backward(range_.begin() + static_cast<std::ptrdiff_t>(first),
                       range_.begin() + static_cast<std::ptrdiff_t>(count_),
                       range_.begin() + static_cast<std::ptrdiff_t>(count_ + 1));
    ++count_;
  } else {
    std::move(range_.begin() + static_cast<std::ptrdiff_t>(last),
              range_.begin() + static_cast<std::ptrdiff_t>(count_),
              range_.begin() + static_cast<std::ptrdiff_t>(first + 1));
    count_ -= last - first - 1;
  }
  range_[first] = {begin, end};
  return true;
}

Bytes RangeBuffer::contiguous() const noexcept {
  if (count_ == 0 || range_[0].begin != 0) return {};
  return Bytes(data_).first(range_[0].end);
}

void RangeBuffer::clear() noexcept {
  data_.clear();
  count_ = 0;
}

}  // namespace pktana::app::secure
