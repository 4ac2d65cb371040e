// SPDX-License-Identifier: Apache-2.0
#include "filter/expression_token.h"

#include <algorithm>
#include <cctype>

namespace pktana::filter {
namespace {

using Kind = Token::Kind;

struct Sign {
  std::string_view text;
  Kind kind;
};
// Longer ones first.
constexpr Sign kSigns[] = {
    {"==", Kind::Equal},        {"!=", Kind::NotEqual}, {"<=", Kind::LessEqual},
    {">=", Kind::GreaterEqual}, {"!~", Kind::NotMatch}, {"&&", Kind::And},
    {"||", Kind::Or},           {"<", Kind::Less},      {">", Kind::Greater},
    {"~", Kind::Match},         {"!", Kind::Not},       {"(", Kind::LeftParen},
    {")", Kind::RightParen},    {"{", Kind::LeftBrace}, {"}", Kind::RightBrace},
    {",", Kind::Comma},
};
constexpr Sign kKeywords[] = {{"and", Kind::And},
                              {"or", Kind::Or},
                              {"not", Kind::Not},
                              {"in", Kind::In},
                              {"contains", Kind::Contains}};

bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_word_char(char c) noexcept {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("_.:/+-@%*").find(c) != std::string_view::npos;
}

bool same_word(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return std::tolower(static_cast<unsigned char>(x)) == y;
         });
}

class Lexer {
 public:
  Lexer(std::string_view text, Complaints& complaints) : text_(text), complaints_(complaints) {}

  std::vector<Token> run() {
    while (!complaints_.any()) {
      while (at_ < text_.size() && is_space(text_[at_]))
        ++at_;
      if (at_ == text_.size()) break;
      step();
    }
    tokens_.push_back({Kind::End, {text_.size(), 0}});
    return std::move(tokens_);
  }

 private:
  void add(Kind kind, size_t length) {
    tokens_.push_back({kind, {at_, length}});
    at_ += length;
  }

  void step() {
    const char c = text_[at_];
    if (c == '"' || c == '\'') {
      quoted(c);
    } else if (c == '@' && at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
      quoted('"', 1);
    } else if (is_word_char(c)) {
      word();
    } else {
      sign();
    }
  }

  void word() {
    size_t length = 1;
    while (at_ + length < text_.size() && is_word_char(text_[at_ + length]))
      ++length;
    for (const Sign& keyword : kKeywords)
      if (same_word(text_.substr(at_, length), keyword.text)) return add(keyword.kind, length);
    add(Kind::Word, length);
  }

  /// A backslash takes what follows it along, so that \" does not end the text.
  void quoted(char quote, size_t before = 0) {
    for (size_t end = at_ + before + 1; end < text_.size(); ++end) {
      if (text_[end] == quote) return add(Kind::Quoted, end + 1 - at_);
      if (text_[end] == '\\') ++end;
    }
    complaints_.add({at_, text_.size() - at_}, "the text has no closing quote");
  }

  void sign() {
    const std::string_view rest = text_.substr(at_);
    for (const Sign& sign : kSigns)
      if (rest.starts_with(sign.text)) return add(sign.kind, sign.text.size());
    if (rest.front() == '=') return complaints_.add({at_, 1}, "'=' is no operator: write ==");
    const auto byte = static_cast<unsigned char>(rest.front());
    if (byte > 0x20 && byte < 0x7F)
      return complaints_.add({at_, 1}, std::string("'") + rest.front() +
                                           "' means nothing here: texts stand in quotes");
    complaints_.add({at_, 1}, "this byte belongs into a text in quotes");
  }

  std::string_view text_;
  Complaints& complaints_;
  size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> split_tokens(std::string_view text, Complaints& complaints) {
  return Lexer(text, complaints).run();
}

}  // namespace pktana::filter
