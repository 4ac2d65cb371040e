// SPDX-License-Identifier: Apache-2.0
#include "filter/regex.h"

#include <algorithm>
#include <map>
#include <string>

#include "filter/regex_tree.h"

namespace pktana::filter {

namespace {

constexpr size_t kMaxNfaStates = 5000;
constexpr size_t kMaxSteps = 1'000'000;  ///< of building: bounds the time that compiling takes
using StateSet = std::vector<uint32_t>;  ///< sorted

struct NfaState {
  enum class Kind : uint8_t { Bytes, Split, Begin, End, Match };
  Kind kind = Kind::Match;
  uint32_t next = 0;
  uint32_t other = 0;  ///< Split
  uint32_t node = 0;   ///< Bytes: the tree's node
};

/// Thompson's construction from the back: each piece is made knowing what follows it.
class Nfa {
 public:
  explicit Nfa(const RegexTree& tree) : tree_(tree) {
    states_.push_back({});
    start_ = emit(tree.root, 0);
  }

  [[nodiscard]] bool is_too_large() const noexcept {
    return states_.size() > kMaxNfaStates || steps_ > kMaxSteps;
  }
  [[nodiscard]] uint32_t start() const noexcept { return start_; }
  [[nodiscard]] const NfaState& operator[](uint32_t state) const noexcept { return states_[state]; }
  [[nodiscard]] size_t size() const noexcept { return states_.size(); }

 private:
  uint32_t add(const NfaState& state) {
    states_.push_back(state);
    return static_cast<uint32_t>(states_.size() - 1);
  }

  uint32_t emit(uint32_t index, uint32_t next) {
    ++steps_;
    if (is_too_large()) return next;
    const RegexNode& node = tree_.nodes[index];
    switch (node.kind) {
      case RegexNode::Kind::Empty:
        return next;
      case RegexNode::Kind::Bytes:
        return add({.kind = NfaState::Kind::Bytes, .next = next, .node = index});
      case RegexNode::Kind::Begin:
        return add({.kind = NfaState::Kind::Begin, .next = next});
      case RegexNode::Kind::End:
        return add({.kind = NfaState::Kind::End, .next = next});
      case RegexNode::Kind::Sequence:
        return emit(node.left, emit(node.right, next));
      case RegexNode::Kind::Either: {
        const uint32_t left = emit(node.left, next);
        const uint32_t right = emit(node.right, next);
        return add({.kind = NfaState::Kind::Split, .next = left, .other = right});
      }
      case RegexNode::Kind::Repeat:
        return emit_repeat(node, next);
    }
    return next;
  }

  uint32_t emit_repeat(const RegexNode& node, uint32_t next) {
    uint32_t entry = next;
    if (node.high == RegexNode::kUnbounded) {
      entry = add({.kind = NfaState::Kind::Split, .next = next, .other = next});
      const uint32_t body = emit(node.left, entry);
      states_[entry].other = body;
    } else {
      for (uint32_t i = node.low; i < node.high && !is_too_large(); ++i) {
        const uint32_t body = emit(node.left, entry);
        entry = add({.kind = NfaState::Kind::Split, .next = next, .other = body});
      }
    }
    for (uint32_t i = 0; i < node.low && !is_too_large(); ++i)
      entry = emit(node.left, entry);
    return entry;
  }

  const RegexTree& tree_;
  std::vector<NfaState> states_;
  uint32_t start_ = 0;
  size_t steps_ = 0;
};

}  // namespace

/// The subset construction, all of it at once.
class RegexAutomaton {
 public:
  explicit RegexAutomaton(const RegexTree& tree) : tree_(tree), nfa_(tree) {}

  base::Result<Regex> build() {
    if (nfa_.is_too_large()) return too_large();
    make_classes();
    regex_.next_.clear();
    seen_.assign(nfa_.size(), 0);
    (void)number_of(closure({nfa_.start()}, Place::Begin));
    for (size_t state = 0; state < sets_.size(); ++state) {
      add_row(state);
      if (sets_.size() > Regex::kMaxStates || steps_ > kMaxSteps) return too_large();
    }
    return std::move(regex_);
  }

 private:
  static base::Unexpected too_large() {
    return base::fail_input("regex", "too large: its automaton has more than " +
                                         std::to_string(Regex::kMaxStates) + " states");
  }

  /// Bytes that are in the same classes of the pattern share a column of the table.
  void make_classes() {
    std::map<std::vector<bool>, uint8_t> known;
    for (unsigned byte = 0; byte < 256; ++byte) {
      std::vector<bool> in;
      for (const RegexNode& node : tree_.nodes)
        if (node.kind == RegexNode::Kind::Bytes) in.push_back(node.bytes[byte]);
      const auto [entry, is_new] = known.emplace(std::move(in), static_cast<uint8_t>(known.size()));
      regex_.class_of_[byte] = entry->second;
      if (is_new) sample_.push_back(static_cast<uint8_t>(byte));
    }
    regex_.classes_ = sample_.size();
  }

  enum class Place : uint8_t { Begin, Inside, End, BeginAndEnd };

  [[nodiscard]] static bool passes(NfaState::Kind kind, Place place) noexcept {
    if (kind == NfaState::Kind::Begin) return place == Place::Begin || place == Place::BeginAndEnd;
    if (kind == NfaState::Kind::End) return place == Place::End || place == Place::BeginAndEnd;
    return kind == NfaState::Kind::Split;
  }

  /// All states that can be reached without a byte, those that wait for the end among them.
  StateSet closure(StateSet open, Place place) {
    ++round_;
    StateSet reached;
    while (!open.empty()) {
      const uint32_t state = open.back();
      open.pop_back();
      if (seen_[state] == round_) continue;
      seen_[state] = round_;
      ++steps_;
      const NfaState& one = nfa_[state];
      if (one.kind == NfaState::Kind::Split) open.push_back(one.other);
      if (passes(one.kind, place))
        open.push_back(one.next);
      else if (one.kind != NfaState::Kind::Begin)
        reached.push_back(state);
    }
    std::sort(reached.begin(), reached.end());
    return reached;
  }

  [[nodiscard]] bool holds_match(const StateSet& set) const {
    return std::any_of(set.begin(), set.end(), [this](uint32_t state) {
      return nfa_[state].kind == NfaState::Kind::Match;
    });
  }

  uint16_t number_of(const StateSet& set) {
    const auto [entry, is_new] = numbers_.emplace(set, static_cast<uint16_t>(sets_.size()));
    if (!is_new) return entry->second;
    auto accept = Regex::Accept::No;
    if (holds_match(set))
      accept = Regex::Accept::Always;
    else if (holds_match(closure(set, sets_.empty() ? Place::BeginAndEnd : Place::End)))
      accept = Regex::Accept::AtEnd;
    sets_.push_back(set);
    regex_.accepts_.push_back(accept);
    return entry->second;
  }

  void add_row(size_t state) {
    for (const uint8_t byte : sample_) {
      StateSet open{nfa_.start()};  // a match may begin behind any byte
      for (const uint32_t from : sets_[state])
        if (nfa_[from].kind == NfaState::Kind::Bytes && tree_.nodes[nfa_[from].node].bytes[byte])
          open.push_back(nfa_[from].next);
      regex_.next_.push_back(number_of(closure(std::move(open), Place::Inside)));
    }
  }

  const RegexTree& tree_;
  Nfa nfa_;
  Regex regex_;
  std::vector<uint8_t> sample_;  ///< a byte of each class
  std::vector<uint32_t> seen_;   ///< by state: the last round that met it
  uint32_t round_ = 0;
  size_t steps_ = 0;
  std::vector<StateSet> sets_;
  std::map<StateSet, uint16_t> numbers_;
};

base::Result<Regex> Regex::compile(std::string_view pattern) {
  auto tree = parse_regex(pattern);
  if (!tree) return base::Unexpected(tree.error());
  return RegexAutomaton(*tree).build();
}

bool Regex::search(std::string_view text) const noexcept {
  size_t state = 0;
  for (const char c : text) {
    if (accepts_[state] == Accept::Always) return true;
    state = next_[state * classes_ + class_of_[static_cast<uint8_t>(c)]];
  }
  return accepts_[state] != Accept::No;
}

}  // namespace pktana::filter
