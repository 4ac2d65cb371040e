// SPDX-License-Identifier: Apache-2.0
#include "app/ber.h"

namespace pktana::app {

BerHeadResult ber_head(Bytes bytes) noexcept {
  constexpr uint8_t kLongTag = 0x1f, kLongLength = 0x80, kMaxLengthBytes = 4;
  if (bytes.empty()) return {};
  if ((bytes[0] & kLongTag) == kLongTag) return {{}, true};
  if (bytes.size() < 2) return {};
  if ((bytes[1] & kLongLength) == 0)
    return {BerHead{.tag = bytes[0], .head_len = 2, .value_len = bytes[1]}, false};
  const size_t len_bytes = bytes[1] & 0x7fu;
  if (len_bytes == 0 || len_bytes > kMaxLengthBytes) return {{}, true};
  if (bytes.size() < 2 + len_bytes) return {};
  size_t len = 0;
  for (size_t i = 0; i < len_bytes; ++i)
    len = len << 8 | bytes[2 + i];
  return {BerHead{.tag = bytes[0], .head_len = 2 + len_bytes, .value_len = len}, false};
}

bool read_ber(Reader& in, BerElement& out) noexcept {
  const std::optional<BerHead> head = ber_head(in.rest()).head;
  if (!head || head->value_len > in.left() - head->head_len) return false;
  in.skip(head->head_len);
  out = {.tag = head->tag, .value = in.take(head->value_len)};
  return true;
}

std::optional<Bytes> BerReader::take(uint8_t tag) noexcept {
  BerReader ahead = *this;
  BerElement element;
  if (!ahead.next(element) || element.tag != tag) return {};
  *this = ahead;
  return element.value;
}

std::optional<Bytes> ber_child(Bytes bytes, uint8_t tag) noexcept {
  constexpr unsigned kMaxChildren = 64;
  BerReader reader(bytes);
  BerElement element;
  for (unsigned i = 0; i < kMaxChildren && reader.next(element); ++i)
    if (element.tag == tag) return element.value;
  return {};
}

std::optional<BerElement> ber_wrapped(Bytes bytes, uint8_t tag) noexcept {
  const std::optional<Bytes> wrap = ber_child(bytes, tag);
  BerElement element;
  if (!wrap || !BerReader(*wrap).next(element)) return {};
  return element;
}

std::optional<int64_t> ber_number(Bytes value) noexcept {
  if (value.empty() || value.size() > sizeof(int64_t)) return {};
  uint64_t number = (value[0] & 0x80) != 0 ? ~uint64_t{0} : 0;
  for (const uint8_t byte : value)
    number = number << 8 | byte;
  return static_cast<int64_t>(number);
}

}  // namespace pktana::app
