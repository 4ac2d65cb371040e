// SPDX-License-Identifier: Apache-2.0
// Every expression that docs/filters.md shows compiles.
#include <cstdlib>
#include <fstream>
#include <string>

#include "filter/expression.h"
#include "support/catch.h"

namespace pktana::filter {
namespace {

TEST_CASE("documentation: every expression of docs/filters.md compiles") {
  const char* const root = std::getenv("PKTANA_SOURCE_ROOT");
  REQUIRE(root != nullptr);
  std::ifstream document(std::string(root) + "/docs/filters.md");
  REQUIRE(document);
  unsigned compiled = 0;
  bool inside = false;
  for (std::string line; std::getline(document, line);) {
    if (line.starts_with("```")) {
      inside = line == "```expr";
      continue;
    }
    if (!inside || line.empty()) continue;
    INFO(line);
    CHECK(Expression::compile(line, ExpressionUse::Logs));
    ++compiled;
  }
  CHECK(compiled >= 19);
}

TEST_CASE("documentation: every field has a name, a meaning of one line and a place in log lines") {
  for (const Field* field : all_fields()) {
    INFO(field->name);
    CHECK(find_field(field->name) == field);
    CHECK_FALSE(field->help.empty());
    CHECK(field->help.size() <= 60);
    CHECK_FALSE(field->log.paths[0].empty());
    CHECK((field->type == FieldType::Word) == !field->words.empty());
  }
}

}  // namespace
}  // namespace pktana::filter
