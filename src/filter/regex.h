// SPDX-License-Identifier: Apache-2.0
// Regular expressions that take linear time and no memory to run: the pattern becomes a finite
// automaton over bytes when it is compiled, or is refused as too large. An expression language for
// untrusted names must not have std::regex's backtracking (and stack overflow) in it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pktana::filter {

/// Syntax: literals, `.` (any byte but a newline), [a-z], [^a-z], \d \D \w \W \s \S, escapes of
/// punctuation and \t \n \r \xHH, groups ( ) and (?: ), |, * + ? {n} {n,} {n,m}, ^ and $ (begin and
/// end of the text), and (?i) in front for upper and lower case alike (ASCII). No back-references,
/// no look-around, no \b. Threads: const, shareable.
class Regex {
 public:
  static constexpr size_t kMaxPatternBytes = 4096;
  static constexpr size_t kMaxStates = 1024;  ///< of the finished automaton

  /// @return an Error whose detail says what is wrong and, as "at N", the byte of the pattern.
  [[nodiscard]] static base::Result<Regex> compile(std::string_view pattern);

  /// The pattern matches somewhere in the text. Cost: one table look-up a byte, until it matches.
  [[nodiscard]] bool search(std::string_view text) const noexcept;

  [[nodiscard]] size_t states() const noexcept { return accepts_.size(); }

 private:
  friend class RegexAutomaton;
  enum class Accept : uint8_t { No, AtEnd, Always };

  Regex() = default;

  std::array<uint8_t, 256> class_of_{};  ///< bytes that the pattern does not tell apart
  size_t classes_ = 0;
  std::vector<uint16_t> next_;  ///< [state * classes_ + class]
  std::vector<Accept> accepts_;
};

}  // namespace pktana::filter
