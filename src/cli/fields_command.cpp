// SPDX-License-Identifier: Apache-2.0
// `pktana fields`: the names that flow expressions know.
#include <algorithm>
#include <array>

#include <unistd.h>

#include "cli/commands.h"
#include "cli/json_text.h"
#include "cli/print_text.h"
#include "filter/field.h"

namespace pktana::cli {
namespace {

constexpr size_t kColumns = 4;
using Row = std::array<std::string, kColumns>;

Row make_row(const filter::Field& field) {
  return {std::string(field.name) + (field.of_records() ? "" : " *"),
          std::string(to_string(field.type)), std::string(unit_of(field)), std::string(field.help)};
}

std::string as_table(bool color) {
  std::vector<Row> rows{{"FIELD", "TYPE", "UNIT", "MEANING"}};
  for (const filter::Field* field : filter::all_fields())
    rows.push_back(make_row(*field));
  std::array<size_t, kColumns> widths{};
  for (const Row& row : rows)
    for (size_t i = 0; i + 1 < kColumns; ++i)
      widths[i] = std::max(widths[i], row[i].size() + 2);
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (size_t i = 0; i < kColumns; ++i)
      line += row[i] + std::string(widths[i] - std::min(widths[i], row[i].size()), ' ');
    text += color && text.empty() ? "\033[1m" + line + "\033[0m\n" : line + "\n";
  }
  return text + "\n* of log lines only: for pktana query\n";
}

std::string as_json(const filter::Field& field) {
  std::string words;
  for (const std::string_view word : field.words)
    words += (words.empty() ? "" : ",") + json_string(word);
  std::string text =
      "{\"name\":" + json_string(field.name) + ",\"type\":" + json_string(to_string(field.type)) +
      ",\"unit\":" + json_string(unit_of(field)) + ",\"help\":" + json_string(field.help) +
      ",\"records\":" + (field.of_records() ? "true" : "false");
  return text + (words.empty() ? "}" : ",\"words\":[" + words + "]}");
}

std::string as_json() {
  std::string text;
  for (const filter::Field* field : filter::all_fields())
    text += (text.empty() ? "" : ",\n ") + as_json(*field);
  return "[" + text + "]\n";
}

}  // namespace

ExitStatus run_fields(const Options& options) {
  return print_text(options.json ? as_json() : as_table(use_color(options.color, STDOUT_FILENO)));
}

}  // namespace pktana::cli
