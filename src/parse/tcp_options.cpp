// SPDX-License-Identifier: Apache-2.0
#include "parse/tcp_options.h"

#include <algorithm>

namespace pktana::parse {
namespace {

constexpr size_t kOptionHeaderLen = 2;
constexpr size_t kSackBlockLen = 8;
constexpr uint8_t kMaxWindowScale = 14;  // RFC 7323 section 2.3: a greater shift counts as 14

}  // namespace

std::optional<uint16_t> TcpOption::as_mss() const noexcept {
  if (kind != kTcpOptionMss || data.size() != 2) return std::nullopt;
  return base::load_be<uint16_t>(data.data());
}

std::optional<uint8_t> TcpOption::as_window_scale() const noexcept {
  if (kind != kTcpOptionWindowScale || data.size() != 1) return std::nullopt;
  return std::min(data[0], kMaxWindowScale);
}

std::optional<TcpTimestamps> TcpOption::as_timestamps() const noexcept {
  if (kind != kTcpOptionTimestamps || data.size() != 8) return std::nullopt;
  return TcpTimestamps{.value = base::load_be<uint32_t>(data.data()),
                       .echo_reply = base::load_be<uint32_t>(data.data() + 4)};
}

unsigned TcpOption::sack_block_count() const noexcept {
  if (kind != kTcpOptionSack || data.size() % kSackBlockLen != 0) return 0;
  return std::min(static_cast<unsigned>(data.size() / kSackBlockLen), kMaxSackBlocks);
}

SackBlock TcpOption::sack_block(unsigned index) const noexcept {
  const uint8_t* const p = data.data() + index * kSackBlockLen;
  return {.left = base::load_be<uint32_t>(p), .right = base::load_be<uint32_t>(p + 4)};
}

void TcpOptions::Iterator::read() noexcept {
  option_ = {};
  if (rest_.empty() || rest_[0] == kTcpOptionEnd) return;
  size_t len = 1;
  if (rest_[0] != kTcpOptionNop) {
    if (rest_.size() < kOptionHeaderLen) return;
    len = rest_[1];
    if (len < kOptionHeaderLen || len > rest_.size()) return;
    option_.data = rest_.subspan(kOptionHeaderLen, len - kOptionHeaderLen);
  }
  option_.kind = rest_[0];
  rest_ = rest_.subspan(len);
}

}  // namespace pktana::parse
