// SPDX-License-Identifier: Apache-2.0
// A compiled flow expression: a flat list of tests, each of which knows where to go on when it is
// true and when it is false. Made by program_builder.cpp, run by expression.cpp.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <vector>

#include "filter/address_set.h"
#include "filter/field.h"
#include "filter/number_set.h"
#include "filter/regex.h"
#include "filter/text_set.h"

namespace pktana::filter {

struct Test {
  enum class Check : uint8_t {
    Present,
    NumberBetween,
    NumberInSet,
    BitsAll,  ///< all bits of numbers.first
    WordInSet,
    AddressBetween,
    AddressInSet,
    TextEqual,
    TextInSet,
    TextContains,
    TextMatches,
  };
  const Field* field = nullptr;
  Check check = Check::Present;
  bool inverted = false;  ///< true if no value passes; still false without a value
  uint32_t index = 0;     ///< in the pool of the check
  NumberRange numbers{};
  AddressRange addresses{};
};

struct Step {
  static constexpr uint32_t kAccept = UINT32_MAX;
  static constexpr uint32_t kReject = UINT32_MAX - 1;

  Test test;
  uint32_t on_true = kAccept;
  uint32_t on_false = kReject;
};

using WordSet = std::bitset<256>;

struct FlowProgram {
  std::vector<Step> steps;
  uint32_t entry = Step::kAccept;

  std::vector<NumberSet> number_sets;
  std::vector<WordSet> word_sets;
  std::vector<AddressSet> address_sets;
  std::vector<TextSet> text_sets;
  std::vector<std::string> texts;
  std::vector<Regex> regexes;

  std::vector<std::string> needles;
};

}  // namespace pktana::filter
