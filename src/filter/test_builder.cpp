// SPDX-License-Identifier: Apache-2.0
#include "filter/test_builder.h"

#include <algorithm>
#include <limits>

#include <arpa/inet.h>

#include "filter/literal.h"
#include "filter/set_file.h"

namespace pktana::filter {
namespace {

using Check = Test::Check;
using Operator = TestSyntax::Operator;

constexpr size_t kMinNeedleBytes = 3;  ///< shorter ones are in every line

bool is_order(Operator op) noexcept {
  return op == Operator::Less || op == Operator::LessEqual || op == Operator::Greater ||
         op == Operator::GreaterEqual;
}
bool is_inverted(Operator op) noexcept {
  return op == Operator::NotEqual || op == Operator::NotIn || op == Operator::NotMatch;
}
bool is_match(Operator op) noexcept { return op == Operator::Match || op == Operator::NotMatch; }
bool is_in(Operator op) noexcept { return op == Operator::In || op == Operator::NotIn; }

/// Operators that a type takes, as a message says them; fits() is the rule itself.
const char* operators_of(FieldType type) noexcept {
  switch (type) {
    case FieldType::Address:
      return "==, != and in";
    case FieldType::Word:
    case FieldType::Text:
      return "==, !=, in, ~, !~ and contains";
    case FieldType::Flag:
      return "== and !=";
    case FieldType::TcpFlags:
      return "==, != and contains";
    default:
      return "==, !=, <, <=, >, >= and in";
  }
}

std::string described(FieldType type) {
  if (type == FieldType::TcpFlags) return "a set of TCP flags";
  return (type == FieldType::Address ? "an " : "a ") + std::string(to_string(type));
}

bool fits(FieldType type, Operator op) noexcept {
  const bool is_equality = op == Operator::Equal || op == Operator::NotEqual;
  if (is_equality || op == Operator::Present) return true;
  switch (type) {
    case FieldType::Address:
      return is_in(op);
    case FieldType::Word:
    case FieldType::Text:
      return is_in(op) || is_match(op) || op == Operator::Contains;
    case FieldType::Flag:
      return false;
    case FieldType::TcpFlags:
      return op == Operator::Contains;
    default:
      return is_in(op) || is_order(op);
  }
}

/// Literals that a JSON writer has no choice in writing.
bool is_plain(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '/';
  });
}

class Builder {
 public:
  Builder(const TestSource& source, FlowProgram& program, Complaints& complaints)
      : source_(source), field_(source.field), program_(program), complaints_(complaints) {}

  Test run() {
    const Operator op = source_.syntax.op;
    if (!fits(field_.type, op)) {
      complain_of_operator();
      return {};
    }
    test_.field = &field_;
    test_.inverted = is_inverted(op);
    if (op == Operator::Present)
      build_present();
    else
      build_comparison();
    return test_;
  }

  /// What Expression::needles() may rely on.
  [[nodiscard]] std::vector<std::string> needles() const {
    const bool sure = !test_.inverted && needles_are_all_ &&
                      std::all_of(needles_.begin(), needles_.end(), [](const std::string& text) {
                        return text.size() >= kMinNeedleBytes && is_plain(text);
                      });
    return sure ? needles_ : std::vector<std::string>{};
  }

 private:
  [[nodiscard]] std::string_view text(const Token& token) const {
    return text_of(source_.text, token);
  }
  /// Reads one value with `read`; an error of it becomes a complaint at `place`.
  template <typename T>
  bool keep(const base::Result<T>& value, const ErrorPlace& place, const std::string& where = {}) {
    if (!value) complaints_.add(place, where + value.error().detail);
    return value.has_value();
  }

  void complain_of_operator() {
    complaints_.add(source_.syntax.sign.place,
                    "'" + std::string(text(source_.syntax.sign)) + "' does not go with " +
                        std::string(field_.name) + ", " + described(field_.type) + ": it takes " +
                        operators_of(field_.type));
  }

  /// A flag alone is its value; any other field: whether it is there.
  void build_present() {
    if (field_.type != FieldType::Flag) return;
    test_.check = Check::NumberBetween;
    test_.numbers = {1, 1};
  }

  void build_comparison() {
    switch (field_.type) {
      case FieldType::Address:
        return build_addresses();
      case FieldType::Word:
        return build_words();
      case FieldType::Text:
        return build_texts();
      case FieldType::TcpFlags:
        return build_tcp_flags();
      default:
        return build_numbers();
    }
  }

  /// Calls `add` for every value, those of set files among them.
  template <typename Add>
  void each_value(const Add& add) {
    for (const Token& token : source_.syntax.values) {
      const std::string_view value = text(token);
      if (value.starts_with('@'))
        each_line(token, add);
      else
        add(unquote(value), token.place, std::string());
      if (complaints_.any()) return;
    }
  }

  template <typename Add>
  void each_line(const Token& token, const Add& add) {
    const std::string path = unquote(text(token).substr(1));
    const auto file = read_set_file(path);
    if (!file) {
      complaints_.add(token.place, "set file: " + base::to_string(file.error()));
      return;
    }
    needles_are_all_ = false;  // too many to look for one by one
    for (const SetEntry& entry : (*file)->entries) {
      add(std::string(entry.text), token.place, path + ":" + std::to_string(entry.line) + ": ");
      if (complaints_.any()) return;
    }
  }

  void build_numbers() {
    std::vector<NumberRange> ranges;
    each_value([&](const std::string& value, const ErrorPlace& place, const std::string& where) {
      const auto range = read_numbers(field_, value);
      if (!keep(range, place, where)) return;
      ranges.push_back(*range);
      add_number_needle(*range);
    });
    if (complaints_.any()) return;
    if (is_order(source_.syntax.op)) return build_order(ranges);
    if (ranges.size() == 1) {
      test_.check = Check::NumberBetween;
      test_.numbers = ranges.front();
      return;
    }
    test_.check = Check::NumberInSet;
    test_.index = static_cast<uint32_t>(program_.number_sets.size());
    program_.number_sets.emplace_back(std::move(ranges));
  }

  void add_number_needle(const NumberRange& range) {
    const bool as_it_stands =
        (field_.type == FieldType::Number || field_.type == FieldType::Port) &&
        field_.log.combine != LogPlace::Combine::Sum;
    if (range.first == range.last && as_it_stands)
      needles_.push_back(std::to_string(range.first));
    else
      needles_are_all_ = false;
  }

  void build_order(const std::vector<NumberRange>& ranges) {
    constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();
    constexpr int64_t kHighest = std::numeric_limits<int64_t>::max();
    needles_are_all_ = false;
    const Token& value = source_.syntax.values.front();
    if (ranges.size() != 1 || text(value).find("..") != std::string_view::npos) {
      complaints_.add(source_.syntax.sign.place,
                      "'" + std::string(text(source_.syntax.sign)) +
                          "' compares with one value: ranges and sets go with ==, != and in");
      return;
    }
    const auto [first, last] = ranges.front();
    test_.check = Check::NumberBetween;
    switch (source_.syntax.op) {
      case Operator::Less:
        test_.numbers = {kLowest, first - 1};
        break;
      case Operator::LessEqual:
        test_.numbers = {kLowest, last};
        break;
      case Operator::Greater:
        test_.numbers = {last == kHighest ? kHighest : last + 1, kHighest};
        break;
      default:
        test_.numbers = {first, kHighest};
    }
  }

  void build_tcp_flags() {
    int64_t bits = 0;
    each_value([&](const std::string& value, const ErrorPlace& place, const std::string& where) {
      const auto flag = read_numbers(field_, value);
      if (keep(flag, place, where)) bits |= flag->first;
    });
    needles_are_all_ = false;
    test_.check = source_.syntax.op == Operator::Contains ? Check::BitsAll : Check::NumberBetween;
    test_.numbers = {bits, bits};
  }

  void build_addresses() {
    std::vector<AddressRange> ranges;
    each_value([&](const std::string& value, const ErrorPlace& place, const std::string& where) {
      const auto range = read_addresses(value);
      if (!keep(range, place, where)) return;
      ranges.push_back(*range);
      add_address_needle(*range);
    });
    if (complaints_.any()) return;
    if (ranges.size() == 1) {
      test_.check = Check::AddressBetween;
      test_.addresses = ranges.front();
      return;
    }
    test_.check = Check::AddressInSet;
    test_.index = static_cast<uint32_t>(program_.address_sets.size());
    program_.address_sets.emplace_back(std::move(ranges));
  }

  /// IPv6 addresses have many texts, and so have IPv4 ones that are written as mapped; those are
  /// not found in logs.
  void add_address_needle(const AddressRange& range) {
    if (range.first != range.last || !range.first.is_ipv4()) {
      needles_are_all_ = false;
      return;
    }
    const in_addr address{htonl(static_cast<uint32_t>(range.first.low))};
    char buffer[INET_ADDRSTRLEN] = {};
    needles_.emplace_back(::inet_ntop(AF_INET, &address, buffer, sizeof buffer));
  }

  void build_words() {
    WordSet words;
    needles_are_all_ = false;  // upper and lower case are alike
    const Operator op = source_.syntax.op;
    if (is_match(op) || op == Operator::Contains) {
      words = words_like();
    } else {
      each_value([&](const std::string& value, const ErrorPlace& place, const std::string& where) {
        const auto word = read_word(field_, value);
        if (keep(word, place, where)) words.set(*word);
      });
    }
    test_.check = Check::WordInSet;
    test_.index = static_cast<uint32_t>(program_.word_sets.size());
    program_.word_sets.push_back(words);
  }

  /// The few words are tried now, once for all.
  WordSet words_like() {
    WordSet words;
    build_texts();
    if (complaints_.any()) return words;
    const bool by_regex = test_.check == Check::TextMatches;
    for (size_t i = 0; i < field_.words.size(); ++i) {
      const std::string_view word = field_.words[i];
      words[i] = by_regex ? program_.regexes.back().search(word)
                          : word.find(program_.texts.back()) != std::string_view::npos;
    }
    return words;
  }

  void build_texts() {
    const Operator op = source_.syntax.op;
    if (is_match(op)) return build_regex();
    std::vector<std::string> texts;
    each_value([&](const std::string& value, const ErrorPlace&, const std::string&) {
      texts.push_back(value);
    });
    if (complaints_.any()) return;
    if (needles_are_all_) needles_ = texts;
    if (op == Operator::Contains && texts.size() != 1) {
      complaints_.add(source_.syntax.sign.place, "'contains' takes one text: use ~ \"a|b\"");
      return;
    }
    if (texts.size() == 1 && !is_file()) {
      test_.check = op == Operator::Contains ? Check::TextContains : Check::TextEqual;
      test_.index = static_cast<uint32_t>(program_.texts.size());
      program_.texts.push_back(std::move(texts.front()));
      return;
    }
    test_.check = Check::TextInSet;
    test_.index = static_cast<uint32_t>(program_.text_sets.size());
    program_.text_sets.emplace_back(std::vector<std::string_view>(texts.begin(), texts.end()));
  }

  [[nodiscard]] bool is_file() const {
    return text(source_.syntax.values.front()).starts_with('@');
  }

  void build_regex() {
    const Token& value = source_.syntax.values.front();
    needles_are_all_ = false;
    if (source_.syntax.values.size() != 1) {
      complaints_.add(source_.syntax.sign.place, "'~' takes one regular expression: use \"a|b\"");
      return;
    }
    auto regex = Regex::compile(unquote_regex(text(value)));
    if (!regex) {
      complaints_.add(value.place, "regular expression: " + regex.error().detail);
      return;
    }
    test_.check = Check::TextMatches;
    test_.index = static_cast<uint32_t>(program_.regexes.size());
    program_.regexes.push_back(std::move(*regex));
  }

  const TestSource& source_;
  const Field& field_;
  FlowProgram& program_;
  Complaints& complaints_;
  Test test_;
  std::vector<std::string> needles_;
  bool needles_are_all_ = true;
};

}  // namespace

Test build_test(const TestSource& source, FlowProgram& program, std::vector<std::string>& needles,
                Complaints& complaints) {
  Builder builder(source, program, complaints);
  const Test test = builder.run();
  needles = builder.needles();
  return test;
}

}  // namespace pktana::filter
