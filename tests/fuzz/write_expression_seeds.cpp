// SPDX-License-Identifier: Apache-2.0
// Writes the seeds of fuzz_expression into a folder, one file each: write_expression_seeds FOLDER
// They are the expressions of the filter tests, right and wrong.
#include <cstdio>
#include <fstream>
#include <string>

namespace {

struct Answer {
  const char* expression;
  const char* letters;
};
constexpr Answer kAnswers[] = {
#include "filter/expression_answers.inc"
};

struct Mistake {
  const char* expression;
  const char* message;
  unsigned offset;
  unsigned length;
};
constexpr Mistake kMistakes[] = {
#include "filter/expression_mistakes.inc"
};

bool write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  return static_cast<bool>(file.flush());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: write_expression_seeds FOLDER\n", stderr);
    return 2;
  }
  const std::string folder = std::string(argv[1]) + "/";
  bool written = true;
  unsigned number = 0;
  // A part of them is enough for the replay, which takes hundreds of mutations of each.
  for (const Answer& answer : kAnswers)
    if (++number % 5 == 0)
      written = written && write(folder + "good" + std::to_string(number), answer.expression);
  for (const Mistake& mistake : kMistakes)
    if (++number % 4 == 0)
      written = written && write(folder + "bad" + std::to_string(number), mistake.expression);
  if (!written) std::fprintf(stderr, "cannot write to %s\n", argv[1]);
  return written ? 0 : 1;
}
