// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>

#include "filter/regex.h"
#include "filter/regex_tree.h"

namespace pktana::filter {
namespace {

constexpr uint32_t kMaxRepeat = 1000;
constexpr unsigned kMaxDepth = 50;

ByteClass range(unsigned first, unsigned last) {
  ByteClass bytes;
  for (unsigned byte = first; byte <= last; ++byte)
    bytes.set(byte);
  return bytes;
}

ByteClass one(char c) { return ByteClass().set(static_cast<uint8_t>(c)); }

/// \d, \W and the like. None: `c` names no class.
std::optional<ByteClass> named_class(char c) {
  ByteClass bytes;
  switch (std::tolower(static_cast<unsigned char>(c))) {
    case 'd':
      bytes = range('0', '9');
      break;
    case 'w':
      bytes = range('0', '9') | range('a', 'z') | range('A', 'Z') | one('_');
      break;
    case 's':
      bytes = range('\t', '\r') | one(' ');
      break;
    default:
      return std::nullopt;
  }
  return c >= 'A' && c <= 'Z' ? ~bytes : bytes;
}

ByteClass both_cases(ByteClass bytes) {
  for (unsigned i = 0; i < 26; ++i) {
    const bool wanted = bytes[i + 'a'] || bytes[i + 'A'];
    bytes[i + 'a'] = bytes[i + 'A'] = wanted;
  }
  return bytes;
}

/// Recursive descent; the first error ends it.
class Parser {
 public:
  explicit Parser(std::string_view pattern) : pattern_(pattern) {}

  base::Result<RegexTree> parse() {
    ignore_case_ = take("(?i)");
    const uint32_t root = either();
    if (!at_end()) fail("')' without '('");
    if (!error_.empty()) return base::fail_input("regex", error_);
    tree_.root = root;
    return std::move(tree_);
  }

 private:
  using Kind = RegexNode::Kind;

  [[nodiscard]] bool at_end() const { return at_ >= pattern_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : pattern_[at_]; }
  bool take(std::string_view text) {
    if (!pattern_.substr(at_).starts_with(text)) return false;
    advance(text.size());
    return true;
  }
  void advance(size_t count) { at_ = std::min(at_ + count, pattern_.size()); }
  void fail(const std::string& what) {
    if (error_.empty()) error_ = what + " at " + std::to_string(at_ + 1);
    at_ = pattern_.size();
  }
  uint32_t add(const RegexNode& node) {
    tree_.nodes.push_back(node);
    return static_cast<uint32_t>(tree_.nodes.size() - 1);
  }
  uint32_t add_bytes(const ByteClass& bytes) {
    return add({.kind = Kind::Bytes, .bytes = ignore_case_ ? both_cases(bytes) : bytes});
  }

  uint32_t either() {
    if (++depth_ > kMaxDepth) fail("groups nested too deep");
    uint32_t left = sequence();
    while (take("|")) {
      const uint32_t right = sequence();
      left = add({.kind = Kind::Either, .left = left, .right = right});
    }
    --depth_;
    return left;
  }

  uint32_t sequence() {
    uint32_t left = add({.kind = Kind::Empty});
    while (!at_end() && peek() != '|' && peek() != ')') {
      const uint32_t right = repeated();
      left = add({.kind = Kind::Sequence, .left = left, .right = right});
    }
    return left;
  }

  uint32_t repeated() {
    uint32_t node = atom();
    while (!at_end()) {
      RegexNode repeat{.kind = Kind::Repeat, .left = node, .high = RegexNode::kUnbounded};
      if (take("*")) {
        repeat.low = 0;
      } else if (take("+")) {
        repeat.low = 1;
      } else if (take("?")) {
        repeat.high = 1;
      } else if (peek() == '{') {
        bounds(repeat);
      } else {
        break;
      }
      (void)take("?");  // lazy or greedy: whether it matches is the same
      node = add(repeat);
    }
    return node;
  }

  void bounds(RegexNode& repeat) {
    advance(1);
    repeat.low = count();
    repeat.high = repeat.low;
    if (take(",")) repeat.high = peek() == '}' ? RegexNode::kUnbounded : count();
    if (error_.empty() && !take("}")) fail("'}' expected");
    if (error_.empty() && repeat.high < repeat.low) fail("a repetition that runs backwards");
  }

  uint32_t count() {
    uint32_t value = 0;
    const char* const begin = pattern_.data() + at_;
    const auto [stop, error] = std::from_chars(begin, pattern_.data() + pattern_.size(), value);
    if (error != std::errc() || value > kMaxRepeat) {
      fail("a number of repetitions up to " + std::to_string(kMaxRepeat) + " expected");
      return 0;
    }
    at_ += static_cast<size_t>(stop - begin);
    return value;
  }

  uint32_t atom() {
    const char c = peek();
    switch (c) {
      case '(':
        return group();
      case '[':
        advance(1);
        return byte_class();
      case '^':
      case '$':
        advance(1);
        return add({.kind = c == '^' ? Kind::Begin : Kind::End});
      case '.':
        advance(1);
        return add_bytes(~one('\n'));
      case '\\':
        return add_bytes(escape());
      case '*':
      case '+':
      case '?':
      case '{':
        fail(std::string("nothing to repeat before '") + c + "'");
        return 0;
      default:
        advance(1);
        return add_bytes(one(c));
    }
  }

  uint32_t group() {
    advance(1);
    if (!take("?:") && peek() == '?') fail("only (?: ) is known, and (?i) in front");
    const uint32_t node = either();
    if (error_.empty() && !take(")")) fail("')' expected");
    return node;
  }

  ByteClass escape() {
    advance(1);
    if (at_end()) fail("a lone backslash");
    const char c = peek();
    if (const auto bytes = named_class(c)) {
      advance(1);
      return *bytes;
    }
    constexpr std::string_view kLetters = "tnr";
    constexpr std::string_view kMeanings = "\t\n\r";
    if (c == 'x') return hex_byte();
    const size_t letter = kLetters.find(c);
    if (letter == std::string_view::npos && std::isalnum(static_cast<unsigned char>(c)) != 0)
      fail(std::string("\\") + c + " is not known");
    advance(1);
    return one(letter == std::string_view::npos ? c : kMeanings[letter]);
  }

  ByteClass hex_byte() {
    unsigned value = 0;
    const std::string_view digits = pattern_.substr(at_ + 1, 2);
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value, 16);
    if (digits.size() != 2 || error != std::errc() || stop != end) fail("\\x takes two hex digits");
    advance(3);
    return ByteClass().set(value & 0xFF);
  }

  uint32_t byte_class() {
    const bool inverted = take("^");
    ByteClass bytes;
    for (bool first = true; first || peek() != ']'; first = false) {
      if (at_end()) {
        fail("']' expected");
        return 0;
      }
      bytes |= class_part();
    }
    advance(1);
    if (ignore_case_) bytes = both_cases(bytes);
    return add({.kind = Kind::Bytes, .bytes = inverted ? ~bytes : bytes});
  }

  /// One byte, a class, or a range of bytes.
  ByteClass class_part() {
    const ByteClass first = class_byte();
    const bool is_range = peek() == '-' && at_ + 1 < pattern_.size() && pattern_[at_ + 1] != ']' &&
                          first.count() == 1;
    if (!is_range) return first;
    advance(1);
    const ByteClass last = class_byte();
    const unsigned from = static_cast<unsigned>(first._Find_first());
    const unsigned to = static_cast<unsigned>(last._Find_first());
    if (error_.empty() && (last.count() != 1 || to < from)) fail("a range that runs backwards");
    return error_.empty() ? range(from, to) : first;
  }

  ByteClass class_byte() {
    if (peek() == '\\') return escape();
    if (static_cast<uint8_t>(peek()) >= 0x80) fail("a class holds single bytes: write (x|y)");
    const char c = peek();
    advance(1);
    return one(c);
  }

  std::string_view pattern_;
  size_t at_ = 0;
  unsigned depth_ = 0;
  bool ignore_case_ = false;
  std::string error_;
  RegexTree tree_;
};

}  // namespace

base::Result<RegexTree> parse_regex(std::string_view pattern) {
  if (pattern.size() > Regex::kMaxPatternBytes)
    return base::fail_input("regex",
                            "longer than " + std::to_string(Regex::kMaxPatternBytes) + " bytes");
  return Parser(pattern).parse();
}

}  // namespace pktana::filter
