// SPDX-License-Identifier: Apache-2.0
#include "app/internet/http/http_body.h"

#include <algorithm>

namespace pktana::app::internet::http {

namespace {

constexpr uint8_t kMaxSizeDigits = 15;

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

void Body::begin_length(uint64_t length) noexcept {
  length_ = 0;
  left_ = length;
  state_ = length == 0 ? State::Done : State::Counted;
}

void Body::begin_chunked() noexcept {
  length_ = 0;
  left_ = 0;
  digits_ = 0;
  state_ = State::Size;
}

void Body::begin_endless() noexcept {
  length_ = 0;
  state_ = State::Endless;
}

size_t Body::take(Bytes bytes) noexcept {
  size_t at = 0;
  while (at < bytes.size() && state_ != State::Done) {
    const size_t here = bytes.size() - at;
    if (state_ == State::Endless) {
      length_ += here;
      return bytes.size();
    }
    if (state_ != State::Counted && state_ != State::Data) {
      at += take_framing(bytes.subspan(at));
      continue;
    }
    const uint64_t taken = std::min<uint64_t>(left_, here);
    at += taken;
    left_ -= taken;
    length_ += taken;
    if (left_ == 0) state_ = state_ == State::Counted ? State::Done : State::DataEnd;
  }
  return at;
}

size_t Body::take_framing(Bytes bytes) noexcept {
  size_t at = 0;
  while (at < bytes.size() && state_ != State::Done && state_ != State::Data &&
         state_ != State::Endless) {
    if (state_ != State::Trailer) ++length_;
    on_framing_byte(static_cast<char>(bytes[at++]));
  }
  return at;
}

void Body::on_framing_byte(char c) noexcept {
  switch (state_) {
    case State::Size:
      return on_size_byte(c);
    case State::SizeRest:
      if (c == '\n') on_size_end();
      return;
    case State::DataEnd:
      if (c == '\n') begin_next_chunk();
      return;
    case State::Trailer:
      if (c == '\n') {
        if (trailer_is_empty_) state_ = State::Done;
        trailer_is_empty_ = true;
      } else if (c != '\r') {
        trailer_is_empty_ = false;
      }
      return;
    default:
      return;
  }
}

void Body::on_size_byte(char c) noexcept {
  const int value = hex_value(c);
  if (value >= 0 && digits_ < kMaxSizeDigits) {
    left_ = left_ * 16 + static_cast<uint64_t>(value);
    ++digits_;
  } else if (digits_ == 0 && value < 0 && c != ' ' && c != '\r' && c != '\n') {
    state_ = State::Endless;  // not chunked after all
  } else if (c == '\n' && digits_ > 0) {
    on_size_end();
  } else if (digits_ > 0) {
    state_ = State::SizeRest;
  }
}

void Body::on_size_end() noexcept {
  state_ = left_ == 0 ? State::Trailer : State::Data;
  trailer_is_empty_ = true;
}

void Body::begin_next_chunk() noexcept {
  left_ = 0;
  digits_ = 0;
  state_ = State::Size;
}

bool Body::skip_gap(uint64_t missing) noexcept {
  if (state_ == State::Endless) {
    length_ += missing;
    return true;
  }
  if ((state_ != State::Counted && state_ != State::Data) || missing > left_) return false;
  left_ -= missing;
  length_ += missing;
  if (left_ == 0) state_ = state_ == State::Counted ? State::Done : State::DataEnd;
  return true;
}

}  // namespace pktana::app::internet::http
