// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "filter/expression_tree.h"

namespace pktana::filter {
namespace {

using Kind = Token::Kind;
using Operator = TestSyntax::Operator;

constexpr unsigned kMaxDepth = 100;
constexpr size_t kMaxValues = 65536;

struct Comparison {
  Kind token;
  Operator op;
};
constexpr Comparison kComparisons[] = {
    {Kind::Equal, Operator::Equal},
    {Kind::NotEqual, Operator::NotEqual},
    {Kind::Less, Operator::Less},
    {Kind::LessEqual, Operator::LessEqual},
    {Kind::Greater, Operator::Greater},
    {Kind::GreaterEqual, Operator::GreaterEqual},
    {Kind::In, Operator::In},
    {Kind::Match, Operator::Match},
    {Kind::NotMatch, Operator::NotMatch},
    {Kind::Contains, Operator::Contains},
};

/// Recursive descent over the grammar of docs/filters.md; the first complaint ends it.
class Parser {
 public:
  Parser(std::string_view text, Complaints& complaints)
      : text_(text), complaints_(complaints), tokens_(split_tokens(text, complaints)) {}

  ExpressionTree run() {
    if (complaints_.any()) return {};
    tree_.root = either();
    if (peek().kind == Kind::RightParen) fail("this parenthesis was never opened");
    if (peek().kind != Kind::End) fail_at_next();
    return std::move(tree_);
  }

 private:
  [[nodiscard]] const Token& peek() const { return tokens_[at_]; }
  [[nodiscard]] std::string quote(const Token& token) const {
    return "'" + std::string(text_of(text_, token)) + "'";
  }
  Token take() {
    const Token token = tokens_[at_];
    if (token.kind != Kind::End) ++at_;
    return token;
  }
  bool take(Kind kind) {
    if (peek().kind != kind) return false;
    (void)take();
    return true;
  }
  void fail(const std::string& what) {
    complaints_.add(peek().place, what);
    at_ = tokens_.size() - 1;
  }
  void fail_at_next() {
    if (peek().kind == Kind::End) return fail("the expression breaks off here");
    fail("'and' or 'or' is missing before " + quote(peek()));
  }
  uint32_t add(ExpressionNode::Kind kind, uint32_t left, uint32_t right = 0) {
    tree_.nodes.push_back({kind, left, right});
    return static_cast<uint32_t>(tree_.nodes.size() - 1);
  }

  uint32_t either() {
    uint32_t left = both();
    while (take(Kind::Or)) {
      const uint32_t right = both();
      left = add(ExpressionNode::Kind::Or, left, right);
    }
    return left;
  }

  uint32_t both() {
    uint32_t left = unary();
    while (take(Kind::And)) {
      const uint32_t right = unary();
      left = add(ExpressionNode::Kind::And, left, right);
    }
    return left;
  }

  uint32_t unary() {
    if (depth_ >= kMaxDepth) {
      fail("nested deeper than " + std::to_string(kMaxDepth));
      return 0;
    }
    ++depth_;
    const uint32_t node = take(Kind::Not) ? add(ExpressionNode::Kind::Not, unary()) : primary();
    --depth_;
    return node;
  }

  uint32_t primary() {
    const Token open = peek();
    if (!take(Kind::LeftParen)) return test();
    const uint32_t node = either();
    if (peek().kind == Kind::End)
      complaints_.add(open.place, "this parenthesis is never closed");
    else if (!take(Kind::RightParen))
      fail_at_next();
    return node;
  }

  uint32_t test() {
    TestSyntax test;
    if (peek().kind != Kind::Word) {
      fail_without_field();
      return 0;
    }
    test.field = take();
    read_operator(test);
    if (test.op != Operator::Present) read_values(test);
    tree_.tests.push_back(std::move(test));
    return add(ExpressionNode::Kind::Test, static_cast<uint32_t>(tree_.tests.size() - 1));
  }

  void fail_without_field() {
    if (peek().kind != Kind::End) return fail("a field is expected, not " + quote(peek()));
    const bool empty = tokens_.size() == 1;
    fail(empty ? "the expression is empty" : "the expression breaks off: a field is expected");
  }

  void read_operator(TestSyntax& test) {
    test.sign = peek();
    for (const Comparison& comparison : kComparisons)
      if (take(comparison.token)) {
        test.op = comparison.op;
        return;
      }
    const bool is_not_in = peek().kind == Kind::Not && tokens_[at_ + 1].kind == Kind::In;
    if (is_not_in) {
      (void)take();
      const Token in = take();
      test.op = Operator::NotIn;
      test.sign.place.length = in.place.offset + in.place.length - test.sign.place.offset;
      return;
    }
    const Kind next = peek().kind;
    if (next == Kind::Word || next == Kind::Quoted || next == Kind::LeftBrace)
      fail("an operator is missing between " + quote(test.field) + " and " + quote(peek()));
  }

  void read_values(TestSyntax& test) {
    if (!take(Kind::LeftBrace)) return read_value(test);
    const Token open = tokens_[at_ - 1];
    do {
      read_value(test);
    } while (!complaints_.any() && take(Kind::Comma));
    if (complaints_.any()) return;
    if (peek().kind == Kind::End)
      complaints_.add(open.place, "this brace is never closed");
    else if (!take(Kind::RightBrace))
      fail("a comma is missing before " + quote(peek()));
  }

  void read_value(TestSyntax& test) {
    const Kind kind = peek().kind;
    if (test.values.size() >= kMaxValues)
      return fail("more than " + std::to_string(kMaxValues) +
                  " values: put them into a file, @FILE");
    // Behind an operator a keyword is a value: `dns.rrname == in`.
    const bool is_keyword = kind == Kind::In || kind == Kind::Contains;
    if (kind == Kind::Word || kind == Kind::Quoted || is_keyword) {
      test.values.push_back(take());
      return;
    }
    if (kind == Kind::End) return fail("the expression breaks off: a value is expected");
    fail("a value is expected behind " + quote(test.sign) + ", not " + quote(peek()));
  }

  std::string_view text_;
  Complaints& complaints_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
  unsigned depth_ = 0;
  ExpressionTree tree_;
};

}  // namespace

ExpressionTree parse_expression(std::string_view text, Complaints& complaints) {
  return Parser(text, complaints).run();
}

}  // namespace pktana::filter
