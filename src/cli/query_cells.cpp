// SPDX-License-Identifier: Apache-2.0
#include "cli/query_cells.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

#include "base/clock.h"
#include "cli/json_text.h"
#include "cli/terminal.h"

namespace pktana::cli {
namespace {

/// ".5" of 500'000'000 ns; nothing of 0.
std::string fraction_text(int64_t ns) {
  if (ns == 0) return {};
  std::string digits = std::to_string(base::kNsPerSecond + ns);
  digits.erase(digits.find_last_not_of('0') + 1);
  digits[0] = '.';
  return digits;
}

bool is_number(filter::FieldType type) noexcept {
  using filter::FieldType;
  return type == FieldType::Number || type == FieldType::Size || type == FieldType::Port ||
         type == FieldType::Flag;
}

}  // namespace

std::string wide_text(query::Wide number) {
  if (number < 0) return "-" + wide_text(-number);
  std::string text;
  do {
    text += static_cast<char>('0' + static_cast<int>(number % 10));
    number /= 10;
  } while (number > 0);
  std::reverse(text.begin(), text.end());
  return text;
}

std::string seconds_text(query::Wide ns) {
  if (ns < 0) return "-" + seconds_text(-ns);
  return wide_text(ns / base::kNsPerSecond) +
         fraction_text(static_cast<int64_t>(ns % base::kNsPerSecond));
}

std::string time_text(int64_t ns) {
  int64_t rest = ns % base::kNsPerSecond;
  if (rest < 0) rest += base::kNsPerSecond;
  const std::time_t seconds = (ns - rest) / base::kNsPerSecond;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  return std::string(text.data(), length) + fraction_text(rest) + "Z";
}

Cell cell_of(const filter::Field& field, std::string_view text) {
  if (is_number(field.type)) return {.kind = Cell::Kind::Number, .text = std::string(text)};
  if (field.type != filter::FieldType::Duration)
    return {.kind = Cell::Kind::Text, .text = std::string(text)};
  int64_t ns = 0;
  std::from_chars(text.data(), text.data() + text.size(), ns);
  return {.kind = Cell::Kind::Number, .text = seconds_text(ns)};
}

std::string json_row(const std::vector<std::string>& names, const Cells& cells) {
  std::string row;
  for (size_t i = 0; i < cells.size(); ++i) {
    row += (i == 0 ? "{" : ",") + json_string(names[i]) + ":";
    if (cells[i].kind == Cell::Kind::Text)
      row += json_string(cells[i].text);
    else
      row += cells[i].kind == Cell::Kind::Number ? cells[i].text : "null";
  }
  return row + "}\n";
}

std::string csv_row(const Cells& cells) {
  std::string row;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) row += ',';
    const std::string& text = cells[i].text;
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
      row += text;
      continue;
    }
    row += '"';
    for (const char letter : text)
      row += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    row += '"';
  }
  return row + "\n";
}

std::string table_row(const Cells& cells, const std::vector<size_t>& widths) {
  std::string row;
  for (size_t i = 0; i < cells.size(); ++i) {
    std::string text = cells[i].kind == Cell::Kind::Nothing ? "-" : printable(cells[i].text);
    std::replace(text.begin(), text.end(), '\n', ' ');
    const std::string room(widths[i] - std::min(widths[i], text.size()), ' ');
    if (i > 0) row += "  ";
    row += cells[i].kind == Cell::Kind::Number ? room + text : text + room;
  }
  row.erase(row.find_last_not_of(' ') + 1);
  return row + "\n";
}

Cells header_cells(const std::vector<std::string>& names) {
  Cells cells;
  for (const std::string& name : names)
    cells.push_back({.kind = Cell::Kind::Text, .text = name});
  return cells;
}

}  // namespace pktana::cli
