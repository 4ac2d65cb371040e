// SPDX-License-Identifier: Apache-2.0
#include "filter/error_place.h"

#include <algorithm>
#include <vector>

#include "filter/pcap_compiler.h"

namespace pktana::filter {
namespace {

constexpr uint32_t kAnySnaplen = 65535;

/// A word that libpcap's scanner itself refuses. Set behind a prefix, its message means that the
/// parser read that far without complaint; any other message comes from the prefix.
constexpr std::string_view kProbe = " a:b:";

bool is_word_char(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '.' || c == ':' || c == '\\' || c == '-';
}

bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Words as the scanner would cut them, near enough: names and addresses whole, operators in one
/// piece.
std::vector<ErrorPlace> split_words(std::string_view text) {
  std::vector<ErrorPlace> words;
  for (size_t i = 0; i < text.size();) {
    if (is_space(text[i])) {
      ++i;
      continue;
    }
    const size_t start = i++;
    const bool parenthesis = text[start] == '(' || text[start] == ')';
    const bool word = is_word_char(text[start]);
    while (!parenthesis && i < text.size() && is_word_char(text[i]) == word && !is_space(text[i]) &&
           text[i] != '(' && text[i] != ')')
      ++i;
    words.push_back({start, i - start});
  }
  return words;
}

std::string message_of(std::string_view text, uint16_t link_type) {
  auto program = compile_text(text, link_type, kAnySnaplen);
  return program ? std::string() : program.error();
}

/// The text that the message quotes ('foo' in "unknown port 'foo'"), where it is in the expression.
std::optional<ErrorPlace> find_quoted(std::string_view expression, std::string_view message) {
  const size_t open = message.find('\'');
  if (open == std::string_view::npos) return std::nullopt;
  const size_t close = message.find('\'', open + 1);
  if (close == std::string_view::npos || close == open + 1) return std::nullopt;
  const std::string_view quoted = message.substr(open + 1, close - open - 1);
  for (const ErrorPlace& word : split_words(expression))
    if (expression.substr(word.offset, word.length) == quoted) return word;
  return std::nullopt;
}

}  // namespace

std::optional<ErrorPlace> find_error_place(std::string_view expression, uint16_t link_type) {
  const std::string message = message_of(expression, link_type);
  if (message.empty()) return std::nullopt;
  if (auto quoted = find_quoted(expression, message)) return quoted;

  const std::vector<ErrorPlace> words = split_words(expression);
  const std::string probe_message = message_of(kProbe, link_type);
  const auto is_sound_to = [&](const ErrorPlace& last) {
    std::string prefix(expression.substr(0, last.offset + last.length));
    return message_of(prefix.append(kProbe), link_type) == probe_message;
  };
  // Once the parser has stumbled, every longer prefix stumbles at the same word.
  const auto wrong = std::partition_point(words.begin(), words.end(), is_sound_to);
  if (wrong != words.end()) return *wrong;
  if (message.find("syntax error") == std::string::npos) return std::nullopt;
  return ErrorPlace{expression.size(), 0};
}

std::string draw_caret(std::string_view expression, const ErrorPlace& place) {
  const size_t offset = std::min(place.offset, expression.size());
  const size_t newline = expression.substr(0, offset).rfind('\n');
  const size_t line_start = newline == std::string_view::npos ? 0 : newline + 1;
  std::string line(expression.substr(line_start, expression.find('\n', line_start) - line_start));
  std::replace_if(
      line.begin(), line.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  const size_t tildes = place.length > 1 ? place.length - 1 : 0;
  return "  " + line + "\n  " + std::string(offset - line_start, ' ') + '^' +
         std::string(tildes, '~');
}

}  // namespace pktana::filter
