// SPDX-License-Identifier: Apache-2.0
// Fuzzes the escape of names: any bytes become text that is safe on a line, in UTF-8 and within its
// limit, and undoing the escapes gives the bytes back. First byte: style; next two: the limit.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "sink/escape.h"

namespace {

using namespace pktana;
using sink::QuoteStyle;

constexpr size_t kHeaderBytes = 3;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

int hex_value(char digit) {
  const std::string_view digits = "0123456789abcdef";
  const size_t at = digits.find(digit);
  require(at != std::string_view::npos, "an escape has two lower-case hex digits");
  return static_cast<int>(at);
}

/// The rule of docs/records.md, written a second time, from the text's side.
std::string undo(std::string_view text, QuoteStyle style) {
  std::string bytes;
  while (!text.empty()) {
    const char mark = style == QuoteStyle::Csv && text[0] == '"' ? '"' : '\\';
    if (text[0] != mark) {
      bytes += text[0];
      text.remove_prefix(1);
    } else if (text.substr(0, 4) == "\\u00") {
      require(text.size() >= 6, "an escape is whole");
      bytes += static_cast<char>(hex_value(text[4]) * 16 + hex_value(text[5]));
      text.remove_prefix(6);
    } else {
      require(text.size() >= 2, "an escape is whole");
      require(text[1] == '\\' || text[1] == '"', "only quotes and backslashes are escaped by one");
      bytes += text[1];
      text.remove_prefix(2);
    }
  }
  return bytes;
}

/// No control character of ASCII or C1, and no byte outside of well-formed UTF-8 (by its lengths).
void require_safe(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<uint8_t>(text[i]);
    require(lead >= 0x20 && lead != 0x7F, "no control character");
    const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    require(lead < 0x80 || (lead >= 0xC2 && lead <= 0xF4), "no stray byte");
    require(i + length <= text.size(), "no character is cut");
    for (size_t j = 1; j < length; ++j)
      require((static_cast<uint8_t>(text[i + j]) & 0xC0) == 0x80, "continuation bytes follow");
    require(lead != 0xC2 || static_cast<uint8_t>(text[i + 1]) >= 0xA0, "no C1 control");
    i += length;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < kHeaderBytes) return 0;
  const QuoteStyle style = data[0] % 2 == 0 ? QuoteStyle::Json : QuoteStyle::Csv;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + kHeaderBytes,
                               size - kHeaderBytes);
  // With room for all of it ...
  std::string whole(6 * bytes.size(), '\0');
  whole.resize(static_cast<size_t>(sink::put_escaped(whole.data(), bytes, style, whole.size()) -
                                   whole.data()));
  require_safe(whole);
  require(undo(whole, style) == bytes, "undoing the escapes gives the bytes back");
  // ... and cut.
  const size_t limit = base::load_be<uint16_t>(data + 1) % (whole.size() + 2);
  std::string cut(limit, '\0');
  cut.resize(static_cast<size_t>(sink::put_escaped(cut.data(), bytes, style, limit) - cut.data()));
  require(whole.starts_with(cut), "a cut text is the beginning of the whole one");
  require(bytes.starts_with(undo(cut, style)), "a cut text stands for the first bytes");
  require_safe(cut);
  return 0;
}
