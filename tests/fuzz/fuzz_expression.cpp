// SPDX-License-Identifier: Apache-2.0
// Fuzzes the compiler of flow expressions: any text is compiled or refused with a place inside it;
// what compiles gives an answer, the same for a record twice, and its negation the other one.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "filter/expression.h"
#include "filter/expression_records.h"

namespace {

using namespace pktana;
using filter::Expression;
using filter::ExpressionUse;

constexpr size_t kMaxInput = 4096;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Files are not what is tried here; a fuzzer would read whatever it can name.
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (size > kMaxInput || text.find('@') != std::string::npos) return 0;
  (void)Expression::compile(text, ExpressionUse::Logs);
  const auto expression = Expression::compile(text, ExpressionUse::Records);
  if (!expression) {
    require(expression.error().detail.find('^') != std::string::npos,
            "a complaint without a caret");
    return 0;
  }
  const std::string letters = filter::matching(*expression);
  require(filter::matching(*expression) == letters, "two answers to one question");
  const auto negation = Expression::compile("not (" + text + ")", ExpressionUse::Records);
  if (!negation) return 0;  // one level deeper may be one too many
  const std::string others = filter::matching(*negation);
  require(letters.size() + others.size() == filter::kSampleLetters.size() &&
              letters.find_first_of(others) == std::string::npos,
          "not is no complement");
  return 0;
}
