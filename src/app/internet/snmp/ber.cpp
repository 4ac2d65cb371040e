// SPDX-License-Identifier: Apache-2.0
#include "app/internet/snmp/ber.h"

namespace pktana::app::internet::snmp {

namespace {

constexpr size_t kMaxIntegerLen = 5;  // four bytes, and a zero before them

}  // namespace

bool read_tagged(Reader& reader, uint8_t tag, Bytes& data) noexcept {
  BerElement element;
  if (!read_ber(reader, element) || element.tag != tag) return false;
  data = element.value;
  return true;
}

bool read_integer(Reader& reader, int64_t& value) noexcept {
  Bytes data;
  if (!read_tagged(reader, Integer, data) || data.empty() || data.size() > kMaxIntegerLen)
    return false;
  value = *ber_number(data);
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
