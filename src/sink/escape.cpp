// SPDX-License-Identifier: Apache-2.0
#include "sink/escape.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "sink/text.h"

namespace pktana::sink {
namespace {

constexpr uint64_t repeat(uint8_t byte) noexcept { return 0x0101010101010101U * byte; }

/// High bit of each zero byte of `word` (and maybe of bytes above one; enough to say that there
/// is).
constexpr uint64_t zero_bytes(uint64_t word) noexcept {
  return (word - repeat(1)) & ~word & repeat(0x80);
}

/// Whether one of eight bytes is more than plain printable ASCII.
constexpr bool needs_care(uint64_t word) noexcept {
  const uint64_t control = (word - repeat(0x20)) & ~word;
  const uint64_t special = zero_bytes(word ^ repeat('"')) | zero_bytes(word ^ repeat('\\')) |
                           zero_bytes(word ^ repeat(0x7F));
  return ((word | control | special) & repeat(0x80)) != 0;
}

template <typename Word>
Word load(const char* from) noexcept {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

template <typename Word>
void store(char* to, Word word) noexcept {
  std::memcpy(to, &word, sizeof word);
}

/// One to seven bytes of plain text: copied, and told how many; else 0.
size_t copy_short(char* out, std::string_view text) noexcept {
  const size_t size = text.size();
  if (size >= 4) {
    // Both ends, which overlap.
    const auto head = load<uint32_t>(text.data());
    const auto tail = load<uint32_t>(text.data() + size - 4);
    if (needs_care(uint64_t{tail} << 32 | head)) return 0;
    store(out, head);
    store(out + size - 4, tail);
    return size;
  }
  uint64_t word = repeat('a');
  for (const char c : text)
    word = word << 8 | static_cast<uint8_t>(c);
  if (needs_care(word)) return 0;
  for (size_t i = 0; i < size; ++i)
    out[i] = text[i];
  return size;
}

// PERF NOTE: whole words, the last one over the end of the one before: no call of memcpy() with a
// length that the compiler doesn't know. A field of an event has two texts of 4 to 100 bytes.
/// Copies plain text up to the first eight bytes with something else, and tells how much.
size_t copy_plain(char* out, std::string_view text) noexcept {
  const size_t size = text.size();
  if (size < sizeof(uint64_t)) return size == 0 ? 0 : copy_short(out, text);
  size_t done = 0;
  for (; done + sizeof(uint64_t) <= size; done += sizeof(uint64_t)) {
    const auto word = load<uint64_t>(text.data() + done);
    if (needs_care(word)) return done;
    store(out + done, word);
  }
  if (done == size) return size;
  const size_t last = size - sizeof(uint64_t);
  const auto word = load<uint64_t>(text.data() + last);
  if (needs_care(word)) return done;
  store(out + last, word);
  return size;
}

bool is_continuation(uint8_t byte) noexcept { return (byte & 0xC0) == 0x80; }

/// Length of the well-formed character of two to four bytes that `text` begins with (RFC 3629
/// section 4); 0 if there is none, or if it is a C1 control.
size_t character_length(std::string_view text) noexcept {
  const auto at = [text](size_t i) {
    return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0};
  };
  const uint8_t lead = at(0);
  const uint8_t second = at(1);
  if (!is_continuation(second)) return 0;
  if (lead == 0xC2) return second >= 0xA0 ? 2 : 0;
  if (lead > 0xC2 && lead <= 0xDF) return 2;
  if (!is_continuation(at(2))) return 0;
  if (lead == 0xE0) return second >= 0xA0 ? 3 : 0;
  if (lead == 0xED) return second <= 0x9F ? 3 : 0;  // the rest are surrogates
  if (lead > 0xE0 && lead <= 0xEF) return 3;
  if (!is_continuation(at(3))) return 0;
  if (lead == 0xF0) return second >= 0x90 ? 4 : 0;
  if (lead == 0xF4) return second <= 0x8F ? 4 : 0;  // the rest are above U+10FFFF
  return lead > 0xF0 && lead < 0xF4 ? 4 : 0;
}

/// What the first character of a text becomes. `used` of its bytes give `length` bytes of `text`.
struct Escape {
  size_t used = 1;
  size_t length = 0;
  char text[6] = {};
};

Escape escape_first(std::string_view text, QuoteStyle style) noexcept {
  Escape escape;
  const auto byte = static_cast<uint8_t>(text[0]);
  const bool plain = byte >= 0x20 && byte < 0x7F;
  if (plain && byte != '"' && byte != '\\') {
    escape.length = 1;
    escape.text[0] = text[0];
  } else if (plain) {
    escape.length = 2;
    escape.text[0] = byte == '"' && style == QuoteStyle::Csv ? '"' : '\\';
    escape.text[1] = text[0];
  } else if (const size_t length = character_length(text); length > 0) {
    escape.used = escape.length = length;
    std::memcpy(escape.text, text.data(), length);
  } else {
    escape.length = 6;
    put_hex_byte(put_literal(escape.text, "\\u00"), byte);
  }
  return escape;
}

}  // namespace

char* put_escaped(char* out, std::string_view text, QuoteStyle style, size_t limit) noexcept {
  const char* const end = out + limit;
  while (!text.empty()) {
    // Most texts never get beyond this.
    const size_t plain =
        copy_plain(out, text.substr(0, std::min(text.size(), static_cast<size_t>(end - out))));
    out += plain;
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto room = static_cast<size_t>(end - out);
    const Escape escape = escape_first(text, style);
    if (escape.length > room) break;
    out = put_text(out, {escape.text, escape.length});
    text.remove_prefix(escape.used);
  }
  return out;
}

}  // namespace pktana::sink
