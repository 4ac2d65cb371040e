// SPDX-License-Identifier: Apache-2.0
#include "app/secure/tls/fingerprint.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "app/secure/digest.h"

namespace pktana::app::secure {
namespace {

constexpr size_t kMaxCounted = 99;  // counts in a JA4 have two digits
constexpr size_t kHashChars = 12;
constexpr std::string_view kNoHash = "000000000000";

void append_number(std::string& text, unsigned number) {
  std::array<char, 12> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  text.append(digits.data(), end);
}

// Numbers with a dash between them.
class DashedList {
 public:
  explicit DashedList(std::string& text) noexcept : text_(text), begin_(text.size()) {}
  void add(unsigned number) {
    if (text_.size() != begin_) text_ += '-';
    append_number(text_, number);
  }

 private:
  std::string& text_;
  size_t begin_;
};

void append_values(std::string& text, Bytes list) {
  DashedList dashed(text);
  Reader values(list);
  while (values.left() >= 2) {
    const uint16_t value = values.u16();
    if (!is_grease(value)) dashed.add(value);
  }
}

void append_extension_types(std::string& text, Bytes extensions) {
  DashedList dashed(text);
  Reader in(extensions);
  ExtensionView extension{};
  while (next_extension(in, extension))
    if (!is_grease(extension.type)) dashed.add(extension.type);
}

std::string_view ja4_version(uint16_t version) noexcept {
  switch (version) {
    case 0x0304:
      return "13";
    case 0x0303:
      return "12";
    case 0x0302:
      return "11";
    case 0x0301:
      return "10";
    case 0x0300:
      return "s3";
    case 0x0002:
      return "s2";
    case 0xFEFF:
      return "d1";
    case 0xFEFD:
      return "d2";
    case 0xFEFC:
      return "d3";
    default:
      return "00";
  }
}

void append_count(std::string& text, size_t count) {
  count = std::min(count, kMaxCounted);
  text += static_cast<char>('0' + count / 10);
  text += static_cast<char>('0' + count % 10);
}

bool is_alphanumeric(uint8_t byte) noexcept {
  return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= 'a' && byte <= 'z');
}

// First and last character of the first name; of its hex form if one of them is none.
void append_alpn(std::string& text, Bytes alpn) {
  Reader names(alpn);
  std::string_view first;
  if (!next_alpn(names, first) || first.empty()) {
    text += "00";
    return;
  }
  const Bytes name = bytes_of(first);
  if (is_alphanumeric(name.front()) && is_alphanumeric(name.back())) {
    text += first.front();
    text += first.back();
    return;
  }
  const std::string hex = to_hex(name);
  text += hex.front();
  text += hex.back();
}

void append_hex_values(std::string& text, std::span<const uint16_t> values) {
  for (const uint16_t value : values) {
    if (!text.empty() && text.back() != '_') text += ',';
    std::array<uint8_t, 2> bytes{};
    base::store_be(bytes.data(), value);
    text += to_hex(bytes);
  }
}

std::vector<uint16_t> values_of(Bytes list) {
  std::vector<uint16_t> values;
  Reader in(list);
  while (in.left() >= 2) {
    const uint16_t value = in.u16();
    if (!is_grease(value)) values.push_back(value);
  }
  return values;
}

std::string short_hash(std::string_view text) {
  if (text.empty()) return std::string(kNoHash);
  return to_hex(sha256(bytes_of(text))).substr(0, kHashChars);
}

}  // namespace

std::string ja3_string(const ClientHello& hello) {
  std::string text;
  append_number(text, hello.legacy_version);
  text += ',';
  append_values(text, hello.ciphers);
  text += ',';
  append_extension_types(text, hello.extensions);
  text += ',';
  append_values(text, hello.groups);
  text += ',';
  DashedList formats(text);
  for (const uint8_t format : hello.point_formats)
    formats.add(format);
  return text;
}

std::string ja3s_string(const ServerHello& hello) {
  std::string text;
  append_number(text, hello.legacy_version);
  text += ',';
  append_number(text, hello.cipher);
  text += ',';
  append_extension_types(text, hello.extensions);
  return text;
}

std::string ja3_hash(std::string_view ja3) { return to_hex(md5(bytes_of(ja3))); }

std::string ja4_string(const ClientHello& hello, char transport) {
  std::vector<uint16_t> ciphers = values_of(hello.ciphers);
  std::vector<uint16_t> types;
  size_t extension_count = 0;
  Reader extensions(hello.extensions);
  ExtensionView extension{};
  while (next_extension(extensions, extension)) {
    if (is_grease(extension.type)) continue;
    ++extension_count;
    if (extension.type != kServerName && extension.type != kAlpn) types.push_back(extension.type);
  }
  std::string text(1, transport);
  text += ja4_version(highest_version(hello));
  text += hello.has_server_name ? 'd' : 'i';
  append_count(text, ciphers.size());
  append_count(text, extension_count);
  append_alpn(text, hello.alpn);

  std::ranges::sort(ciphers);
  std::string list;
  append_hex_values(list, ciphers);
  text += '_' + short_hash(list);

  std::ranges::sort(types);
  list.clear();
  append_hex_values(list, types);
  const std::vector<uint16_t> algorithms = values_of(hello.signature_algorithms);
  if (!algorithms.empty()) list += '_';
  append_hex_values(list, algorithms);
  text += '_' + short_hash(list);
  return text;
}

std::string version_text(uint16_t version) {
  switch (version) {
    case 0x0002:
      return "SSLv2";
    case 0x0300:
      return "SSLv3";
    case 0x0301:
      return "TLSv1";
    case 0x0302:
      return "TLS 1.1";
    case 0x0303:
      return "TLS 1.2";
    case 0x0304:
      return "TLS 1.3";
    case 0xFEFF:
      return "DTLS 1.0";
    case 0xFEFD:
      return "DTLS 1.2";
    case 0xFEFC:
      return "DTLS 1.3";
    default:
      break;
  }
  std::string text;
  if ((version >> 8) == 0x7F || (version >> 8) == 0xFB) {
    text = "TLS 1.3 draft-";
    append_number(text, version & 0xFF);
    if ((version >> 8) == 0xFB) text += "-fb";
    return text;
  }
  std::array<uint8_t, 2> bytes{};
  base::store_be(bytes.data(), version);
  return "0x" + to_hex(bytes);
}

}  // namespace pktana::app::secure
