// SPDX-License-Identifier: Apache-2.0
#include "app/internet/snmp/ber.h"

namespace pktana::app::internet::snmp {

namespace {

constexpr uint8_t kLongForm = 0x80;
constexpr uint8_t kMaxLengthLen = 4;
constexpr uint8_t kMultiByteTag = 0x1f;
constexpr size_t kMaxIntegerLen = 5;  // four bytes, and a zero before them

}  // namespace

bool read_element(Reader& reader, Element& element) noexcept {
  element.tag = reader.u8();
  uint64_t length = reader.u8();
  if (!reader.ok() || (element.tag & kMultiByteTag) == kMultiByteTag) return false;
  if ((length & kLongForm) != 0) {
    const unsigned bytes = static_cast<unsigned>(length & 0x7f);
    if (bytes == 0 || bytes > kMaxLengthLen) return false;
    length = 0;
    for (unsigned i = 0; i < bytes; ++i)
      length = length << 8 | reader.u8();
  }
  if (length > reader.left()) return false;
  element.data = reader.bytes(length);
  return reader.ok();
}

bool read_tagged(Reader& reader, uint8_t tag, Bytes& data) noexcept {
  Element element;
  if (!read_element(reader, element) || element.tag != tag) return false;
  data = element.data;
  return true;
}

bool read_integer(Reader& reader, int64_t& value) noexcept {
  Bytes data;
  if (!read_tagged(reader, Integer, data) || data.empty() || data.size() > kMaxIntegerLen)
    return false;
  int64_t sum = static_cast<int8_t>(data[0]);
  for (const uint8_t byte : data.subspan(1))
    sum = sum * 256 + byte;
  value = sum;
  return true;
}

ObjectIdText object_id_text(Bytes data) noexcept {
  ObjectIdText text;
  uint64_t arc = 0;
  bool first = true;
  for (const uint8_t byte : data) {
    arc = arc << 7 | (byte & 0x7f);
    if ((byte & 0x80) != 0) continue;
    if (first) {  // X.690 section 8.19.4: two arcs in one
      const uint64_t top = arc < 80 ? arc / 40 : 2;
      text.add_decimal(top);
      arc -= top * 40;
      first = false;
    }
    text.add('.');
    text.add_decimal(arc);
    arc = 0;
  }
  return text;
}

}  // namespace pktana::app::internet::snmp
