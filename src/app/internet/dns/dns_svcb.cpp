// SPDX-License-Identifier: Apache-2.0
#include "app/internet/dns/dns_svcb.h"

namespace pktana::app::internet::dns {

namespace {

// RFC 9460 section 14.3.2.
enum Key : uint16_t {
  Mandatory,
  Alpn,
  NoDefaultAlpn,
  Port,
  Ipv4Hint,
  Ech,
  Ipv6Hint,
  DohPath,
};

constexpr std::string_view kKeyNames[] = {"mandatory", "alpn", "no-default-alpn", "port",
                                          "ipv4hint",  "ech",  "ipv6hint",        "dohpath"};

void add_key(uint16_t key, Name& text) noexcept {
  if (key <= DohPath) {
    text.text.add(kKeyNames[key]);
  } else {
    text.text.add("key");
    text.text.add_decimal(key);
  }
}

void add_alpn(Bytes value, Name& text) noexcept {
  Reader reader(value);
  while (reader.left() > 0) {
    if (reader.at() > 0) text.text.add(',');
    text.text.add(text_of(reader.take(reader.u8())));
  }
}

void add_hints(Bytes value, size_t width, Name& text) noexcept {
  for (size_t at = 0; at + width <= value.size(); at += width) {
    if (at > 0) text.text.add(',');
    text.text.add(address_text(value.subspan(at, width)).view());
  }
}

void add_value(uint16_t key, Bytes value, Name& text) noexcept {
  switch (key) {
    case Alpn:
      return add_alpn(value, text);
    case Port:
      if (value.size() == 2) text.text.add_decimal(base::load_be<uint16_t>(value.data()));
      return;
    case Ipv4Hint:
      return add_hints(value, 4, text);
    case Ipv6Hint:
      return add_hints(value, 16, text);
    case DohPath:
      return text.text.add(text_of(value));
    default:
      return text.text.add(plain_hex(value).view());
  }
}

}  // namespace

bool svcb_text(const Message& message, const Record& record, Name& text) noexcept {
  Reader reader(record.data);
  const uint16_t priority = reader.u16();
  Name target;
  const size_t target_at = record.data_at + reader.at();
  const size_t target_end = skip_name(message.bytes(), target_at);
  if (!reader.ok() || target_end == 0 || !read_name(message.bytes(), target_at, target))
    return false;
  reader.skip(target_end - target_at);
  text.text.add_decimal(priority);
  text.text.add(' ');
  text.text.add(target.view());
  text.text.add('.');
  while (reader.left() > 0) {
    const uint16_t key = reader.u16();
    const Bytes value = reader.take(reader.u16());
    if (!reader.ok()) return false;
    text.text.add(' ');
    add_key(key, text);
    if (value.empty()) continue;
    text.text.add('=');
    add_value(key, value, text);
  }
  return reader.ok();
}

bool caa_text(const Record& record, Name& text) noexcept {
  Reader reader(record.data);
  const uint8_t flags = reader.u8();
  const std::string_view tag = text_of(reader.take(reader.u8()));
  if (!reader.ok() || tag.empty()) return false;
  text.text.add_decimal(flags);
  text.text.add(' ');
  text.text.add(tag);
  text.text.add(" \"");
  text.text.add(text_of(reader.rest()));
  text.text.add('"');
  return true;
}

}  // namespace pktana::app::internet::dns
