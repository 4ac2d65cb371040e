// SPDX-License-Identifier: Apache-2.0
// The words and signs of a flow expression.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "filter/expression_error.h"

namespace pktana::filter {

struct Token {
  enum class Kind : uint8_t {
    Word,    ///< a name, a number, an address, @file: what has no blank and no sign in it
    Quoted,  ///< with its quotes
    LeftParen,
    RightParen,
    LeftBrace,
    RightBrace,
    Comma,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Match,
    NotMatch,
    And,  ///< && or `and`; the words in upper or lower case
    Or,
    Not,
    In,
    Contains,
    End,
  };
  Kind kind = Kind::End;
  ErrorPlace place;
};

/// The tokens with an End behind them; up to the place of the complaint, if there is one.
[[nodiscard]] std::vector<Token> split_tokens(std::string_view text, Complaints& complaints);

[[nodiscard]] inline std::string_view text_of(std::string_view text, const Token& token) noexcept {
  return text.substr(token.place.offset, token.place.length);
}

}  // namespace pktana::filter
