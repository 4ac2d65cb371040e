// SPDX-License-Identifier: Apache-2.0
#include "app/stream.h"

#include <algorithm>
#include <utility>

#include "flow/sequence.h"

namespace pktana::app {

std::span<const uint8_t> Stream::accept(uint32_t seq, std::span<const uint8_t> payload) {
  const int32_t ahead = flow::seq_delta(seq, next_);
  if (ahead > 0) {
    keep_early(seq, payload);
    return {};
  }
  const auto old = static_cast<size_t>(-static_cast<int64_t>(ahead));
  if (old >= payload.size()) return {};
  const auto fresh = payload.subspan(old);
  next_ += static_cast<uint32_t>(fresh.size());
  return fresh;
}

void Stream::keep_early(uint32_t seq, std::span<const uint8_t> payload) {
  if (payload.empty()) return;
  const auto place = std::lower_bound(
      early_.begin(), early_.end(), seq,
      [](const Early& one, uint32_t s) { return flow::seq_delta(one.seq, s) < 0; });
  if (place != early_.end() && place->seq == seq && place->bytes.size() >= payload.size()) return;
  if (early_.size() == limits_.early_segments ||
      early_bytes_ + payload.size() > limits_.early_bytes || !budget_.try_take(payload.size())) {
    full_ = true;
    return;
  }
  early_bytes_ += payload.size();
  early_.insert(place, {.seq = seq, .bytes = {payload.begin(), payload.end()}});
}

bool Stream::take_next_early(std::vector<uint8_t>& out) {
  while (!early_.empty() && flow::seq_delta(early_.front().seq, next_) <= 0) {
    Early first = std::move(early_.front());
    early_.erase(early_.begin());
    early_bytes_ -= first.bytes.size();
    budget_.give_back(first.bytes.size());
    full_ = false;
    const auto old = static_cast<size_t>(-static_cast<int64_t>(flow::seq_delta(first.seq, next_)));
    if (old >= first.bytes.size()) continue;
    first.bytes.erase(first.bytes.begin(), first.bytes.begin() + static_cast<ptrdiff_t>(old));
    next_ += static_cast<uint32_t>(first.bytes.size());
    out = std::move(first.bytes);
    return true;
  }
  return false;
}

uint64_t Stream::take_gap(uint32_t acked) noexcept {
  if (early_.empty() || flow::seq_delta(acked, early_.front().seq) < 0) return 0;
  return jump_to_early();
}

uint64_t Stream::take_gap_if_full() noexcept {
  if (!full_ || early_.empty()) return 0;
  full_ = false;
  return jump_to_early();
}

uint64_t Stream::jump_to_early() noexcept {
  const int32_t missing = flow::seq_delta(early_.front().seq, next_);
  if (missing <= 0) return 0;
  next_ = early_.front().seq;
  return static_cast<uint64_t>(missing);
}

void Stream::drop_all() noexcept {
  budget_.give_back(early_bytes_);
  early_bytes_ = 0;
  early_.clear();
}

}  // namespace pktana::app
