// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/dht/bencode.h"

#include <algorithm>

#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {

bool BencodeReader::fail() noexcept {
  rest_ = {};
  return false;
}

bool BencodeReader::string(Bytes& out) noexcept {
  const Decimal len = decimal_at(text_of(rest_));
  if (len.digits == 0 || rest_.size() <= len.digits || rest_[len.digits] != ':') return fail();
  const size_t begin = len.digits + 1;
  if (rest_.size() - begin < len.value) return fail();
  out = rest_.subspan(begin, len.value);
  rest_ = rest_.subspan(begin + len.value);
  return true;
}

bool BencodeReader::number(int64_t& out) noexcept {
  if (next() != 'i') return fail();
  const bool negative = rest_.size() > 1 && rest_[1] == '-';
  const size_t begin = negative ? 2 : 1;
  const Decimal value = decimal_at(text_of(rest_.subspan(std::min(begin, rest_.size()))));
  const size_t end = begin + value.digits;
  if (value.digits == 0 || rest_.size() <= end || rest_[end] != 'e') return fail();
  out = negative ? -int64_t{value.value} : int64_t{value.value};
  rest_ = rest_.subspan(end + 1);
  return true;
}

bool BencodeReader::skip() noexcept {
  constexpr unsigned kMaxDepth = 32;
  unsigned depth = 0;
  do {
    const uint8_t kind = next();
    Bytes text;
    int64_t value = 0;
    if (kind == 'l' || kind == 'd') {
      if (++depth > kMaxDepth) return fail();
      rest_ = rest_.subspan(1);
    } else if (kind == 'e') {
      if (depth-- == 0) return fail();
      rest_ = rest_.subspan(1);
    } else if (kind == 'i' ? !number(value) : !is_decimal_digit(kind) || !string(text)) {
      return fail();
    }
  } while (depth > 0);
  return true;
}

bool BencodeReader::container(uint8_t kind, Bytes& inside) noexcept {
  if (next() != kind) return fail();
  const Bytes before = rest_;
  if (!skip()) return false;
  inside = before.subspan(1, before.size() - rest_.size() - 2);
  return true;
}

}  // namespace pktana::app::enterprise
