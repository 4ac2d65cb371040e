// SPDX-License-Identifier: Apache-2.0
#include "cli/hex_input.h"

#include <algorithm>
#include <optional>
#include <string>

namespace pktana::cli {
namespace {

constexpr size_t kMaxBytesPerLine = 16;  // of a dump with offsets

int digit_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r'; }

base::Unexpected fail(size_t line, const std::string& why) {
  return base::fail_input("hex", "line " + std::to_string(line) + ": " + why);
}

std::string_view skip_blanks(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  return text;
}

size_t count_digits(std::string_view text) noexcept {
  size_t count = 0;
  while (count < text.size() && digit_value(text[count]) >= 0)
    ++count;
  return count;
}

/// A line of a dump: the offset in front and what stands behind it.
struct DumpLine {
  uint64_t offset;
  std::string_view rest;
};

/// "0x0010:", "00000010:", "0010  ", "00000010  ", "000010 " (4 to 8 digits).
std::optional<DumpLine> split_offset(std::string_view line) noexcept {
  line = skip_blanks(line);
  const bool prefixed = line.starts_with("0x");
  if (prefixed) line.remove_prefix(2);
  const size_t digits = count_digits(line);
  if (digits < 3 || digits > 8) return std::nullopt;
  uint64_t offset = 0;
  for (const char c : line.substr(0, digits))
    offset = offset << 4 | static_cast<uint64_t>(digit_value(c));
  std::string_view rest = line.substr(digits);
  if (rest.starts_with(":")) return DumpLine{offset, rest.substr(1)};
  const bool gap = rest.starts_with("  ") || rest.starts_with("\t");
  if (prefixed || !(gap || rest.empty())) return std::nullopt;
  return DumpLine{offset, rest};
}

/// The bytes of a dump's line; its characters at the end are left. They stand behind a gap, which
/// in the middle of the line (8 bytes) is no wider than two blanks.
base::Result<Octets> read_dump_bytes(std::string_view rest, size_t line) {
  Octets bytes;
  rest = skip_blanks(rest);
  while (!rest.empty() && bytes.size() < kMaxBytesPerLine) {
    const size_t digits = count_digits(rest);
    const bool whole = digits == rest.size() || is_blank(rest[digits]);
    if (digits == 0 || !whole || digits > 2 * kMaxBytesPerLine) break;
    if (digits % 2 != 0) return fail(line, "an odd number of hex digits");
    for (size_t i = 0; i < digits; i += 2)
      bytes.push_back(static_cast<uint8_t>(digit_value(rest[i]) << 4 | digit_value(rest[i + 1])));
    rest.remove_prefix(digits);
    const std::string_view behind = skip_blanks(rest);
    const size_t gap = rest.size() - behind.size();
    const bool middle = gap == 2 && bytes.size() == kMaxBytesPerLine / 2;
    if (gap > 1 && !middle) break;
    rest = behind;
  }
  return bytes;
}

template <typename Function>
base::Result<void> for_each_line(std::string_view text, Function function) {
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (auto done = function(text.substr(0, end), number); !done) return done;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

bool has_offsets(std::string_view text) {
  bool first = false;
  (void)for_each_line(text, [&first](std::string_view line, size_t) -> base::Result<void> {
    const auto dump = split_offset(line);
    first = first || (dump && dump->offset == 0 && !skip_blanks(dump->rest).empty());
    return {};
  });
  return first;
}

base::Result<void> add_dump_line(std::string_view line, size_t number,
                                 std::vector<Octets>& frames) {
  const auto dump = split_offset(line);
  if (!dump) return {};
  auto bytes = read_dump_bytes(dump->rest, number);
  if (!bytes) return base::Unexpected(bytes.error());
  if (bytes->empty()) return {};  // hexdump's last line is an offset alone
  if (dump->offset == 0) frames.emplace_back();
  if (frames.empty() || dump->offset != frames.back().size())
    return fail(number, "offset " + std::to_string(dump->offset) + " behind " +
                            std::to_string(frames.empty() ? 0 : frames.back().size()) +
                            " bytes: lines are missing");
  frames.back().insert(frames.back().end(), bytes->begin(), bytes->end());
  return {};
}

bool parts_digits(char c) noexcept {
  return is_blank(c) || c == ':' || c == '-' || c == ',' || c == '.' || c == ';' || c == '{' ||
         c == '}' || c == '"';
}

/// A line of digits without an offset. `half` is the first digit of a byte, -1 = none.
base::Result<void> add_plain_line(std::string_view line, size_t number, Octets& frame) {
  int half = -1;
  for (size_t i = 0; i < line.size(); ++i) {
    const std::string_view here = line.substr(i);
    if (half < 0 && (here.starts_with("0x") || here.starts_with("0X") || here.starts_with("\\x"))) {
      ++i;
      continue;
    }
    const int value = digit_value(line[i]);
    if (value < 0 && !parts_digits(line[i]))
      return fail(number, "'" + std::string(1, line[i]) + "' in column " + std::to_string(i + 1) +
                              " is no hex digit");
    if (value < 0 && half >= 0)
      return fail(number, "a single hex digit before column " + std::to_string(i + 1));
    if (value < 0) continue;
    if (half >= 0) frame.push_back(static_cast<uint8_t>(half << 4 | value));
    half = half >= 0 ? -1 : value;
  }
  if (half >= 0) return fail(number, "an odd number of hex digits");
  return {};
}

}  // namespace

base::Result<std::vector<Octets>> parse_hex(std::string_view text) {
  std::vector<Octets> frames;
  const bool dump = has_offsets(text);
  if (!dump) frames.emplace_back();
  const auto read = for_each_line(text, [&](std::string_view line, size_t number) {
    return dump ? add_dump_line(line, number, frames) : add_plain_line(line, number, frames[0]);
  });
  if (!read) return base::Unexpected(read.error());
  if (frames.back().empty()) return base::fail_input("hex", "there are no hex digits");
  return frames;
}

bool looks_like_hex_text(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t';
  });
}

}  // namespace pktana::cli
