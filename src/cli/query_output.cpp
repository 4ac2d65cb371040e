// SPDX-License-Identifier: Apache-2.0
#include "cli/query_output.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "cli/query_cells.h"
#include "query/part_reader.h"

namespace pktana::cli {
namespace {

using filter::Field;
using query::Accumulator;
using query::Column;
using query::Function;
using query::Group;
using Format = QueryChoice::Format;

struct LineColumn {
  const char* field;
  size_t width;
};
constexpr std::array<LineColumn, 11> kLineColumns{{{"timestamp", 31},
                                                   {"event_type", 10},
                                                   {"proto", 9},
                                                   {"src_ip", 15},
                                                   {"src_port", 8},
                                                   {"dest_ip", 15},
                                                   {"dest_port", 9},
                                                   {"pkts", 8},
                                                   {"bytes", 12},
                                                   {"duration", 12},
                                                   {"state", 11}}};

std::vector<const Field*> line_fields() {
  std::vector<const Field*> fields;
  for (const LineColumn& column : kLineColumns)
    fields.push_back(filter::find_field(column.field));
  return fields;
}

Cell cell_in_line(const Field& field, const query::LineValues& line) {
  filter::Values values;
  line.get(field, values);
  if (values.count == 0) return {};
  const filter::Value& value = values.value[0];
  const bool as_it_stands = !value.text.empty() && field.type != filter::FieldType::Duration;
  return cell_of(field, as_it_stands ? std::string(value.text) : std::to_string(value.number));
}

std::string prefix_of(Function function) {
  switch (function) {
    case Function::Sum:
      return "sum_";
    case Function::Average:
      return "avg_";
    case Function::Min:
      return "min_";
    case Function::Max:
      return "max_";
    case Function::P95:
      return "p95_";
  }
  return {};
}

bool is_duration(const Field& field) noexcept { return field.type == filter::FieldType::Duration; }

std::string average_text(const Field& field, const Accumulator& value) {
  if (is_duration(field)) return seconds_text(value.sum() / value.count());
  const double average = static_cast<double>(value.sum()) / static_cast<double>(value.count());
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), average).ptr;
  return {text.data(), end};
}

/// What the column says of the group's numbers; none without one.
query::Wide number_of(Function function, const Accumulator& value) {
  switch (function) {
    case Function::Min:
      return value.min();
    case Function::Max:
      return value.max();
    case Function::P95:
      return value.p95();
    default:
      return value.sum();
  }
}

Cell computed_cell(const Column& column, const Accumulator& value) {
  if (value.count() == 0) return {};
  std::string text;
  if (column.function == Function::Average)
    text = average_text(*column.field, value);
  else
    text = is_duration(*column.field) ? seconds_text(number_of(column.function, value))
                                      : wide_text(number_of(column.function, value));
  return {.kind = Cell::Kind::Number, .text = std::move(text)};
}

std::vector<std::string> names_of(const QueryChoice& choice) {
  std::vector<std::string> names;
  if (choice.what.every_ns > 0) names.emplace_back("time");
  for (const Field* field : choice.what.by)
    names.emplace_back(field->name);
  for (const Column& column : choice.what.columns)
    names.push_back(prefix_of(column.function) + std::string(column.field->name));
  if (choice.with_count) names.emplace_back("count");
  return names;
}

Cells row_of(const QueryChoice& choice, const Group& group) {
  const size_t before = choice.what.every_ns > 0 ? 1 : 0;
  Cells cells(before + choice.what.by.size());
  for (size_t i = 0; i < std::min(cells.size(), group.keys.size()); ++i) {
    if (!group.keys[i]) continue;
    if (i < before)
      cells[i] = {.kind = Cell::Kind::Text, .text = time_text(std::stoll(*group.keys[i]))};
    else
      cells[i] = cell_of(*choice.what.by[i - before], *group.keys[i]);
  }
  for (size_t i = 0; i < choice.what.columns.size(); ++i)
    cells.push_back(computed_cell(choice.what.columns[i], group.values[i]));
  if (choice.with_count)
    cells.push_back({.kind = Cell::Kind::Number, .text = std::to_string(group.count)});
  return cells;
}

/// What rows are ordered by: the first column's number, or the count.
double weight_of(const QueryChoice& choice, const Group& group) {
  if (choice.what.columns.empty()) return static_cast<double>(group.count);
  const Accumulator& value = group.values[0];
  if (value.count() == 0) return -1e300;
  const Function function = choice.what.columns[0].function;
  const auto number = static_cast<double>(number_of(function, value));
  return function == Function::Average ? number / static_cast<double>(value.count()) : number;
}

int64_t time_of(const Group& group) {
  return group.keys.empty() || !group.keys[0] ? INT64_MAX : std::stoll(*group.keys[0]);
}

struct Ranked {
  int64_t time;
  double weight;
  const Group* group;
};

std::vector<Ranked> ranked(const QueryChoice& choice, const std::vector<Group>& groups) {
  std::vector<Ranked> rows;
  for (const Group& group : groups)
    rows.push_back({.time = choice.what.every_ns > 0 ? time_of(group) : 0,
                    .weight = weight_of(choice, group),
                    .group = &group});
  std::sort(rows.begin(), rows.end(), [](const Ranked& left, const Ranked& right) {
    if (left.time != right.time) return left.time < right.time;
    if (left.weight != right.weight) return left.weight > right.weight;
    return left.group->keys < right.group->keys;
  });
  if (choice.top == 0) return rows;
  uint64_t place = 0;
  std::vector<Ranked> best;
  for (const Ranked& row : rows) {
    place = best.empty() || best.back().time != row.time ? 1 : place + 1;
    if (place <= choice.top) best.push_back(row);
  }
  return best;
}

std::string as_table(const std::vector<std::string>& names, const std::vector<Cells>& rows) {
  std::vector<size_t> widths(names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    widths[i] = names[i].size();
    for (const Cells& row : rows)
      widths[i] = std::max(widths[i], printable(row[i].text).size());
  }
  Cells header = header_cells(names);
  // Names stand above the numbers: to the right.
  for (size_t i = 0; i < names.size() && !rows.empty(); ++i)
    header[i].kind = rows[0][i].kind == Cell::Kind::Number ? Cell::Kind::Number : Cell::Kind::Text;
  std::string text = table_row(header, widths);
  for (const Cells& row : rows)
    text += table_row(row, widths);
  return text;
}

}  // namespace

LinePrinter::LinePrinter(Format format, LineOutput& output)
    : format_(format), output_(output), values_(line_fields()) {}

bool LinePrinter::print(std::string_view lines) {
  if (format_ == Format::Json) {
    output_.write(lines);
    return !output_.error();
  }
  while (!lines.empty() && !output_.error()) {
    const size_t end = lines.find('\n');
    print_line(lines.substr(0, end));
    lines.remove_prefix(end + 1);
  }
  return !output_.error();
}

void LinePrinter::print_line(std::string_view line) {
  std::vector<size_t> widths;
  std::vector<std::string> names;
  for (const LineColumn& column : kLineColumns) {
    widths.push_back(column.width);
    names.emplace_back(column.field);
  }
  const auto write = [&](const Cells& cells) {
    output_.write(format_ == Format::Csv ? csv_row(cells) : table_row(cells, widths));
  };
  if (!std::exchange(has_header_, true)) write(header_cells(names));
  padded_.assign(line);
  padded_.resize(line.size() + query::PartReader::kPadding);
  if (!values_.parse({padded_.data(), line.size()})) return;
  Cells cells;
  for (const Field* field : line_fields())
    cells.push_back(cell_in_line(*field, values_));
  write(cells);
}

std::string print_groups(const QueryChoice& choice, std::vector<Group>& groups) {
  const std::vector<std::string> names = names_of(choice);
  if (groups.empty() && choice.what.by.empty() && choice.what.every_ns == 0)
    groups.emplace_back().values.resize(choice.what.columns.size());
  std::vector<Cells> rows;
  for (const Ranked& row : ranked(choice, groups))
    rows.push_back(row_of(choice, *row.group));
  if (choice.format == Format::Table) return as_table(names, rows);
  std::string text = choice.format == Format::Csv ? csv_row(header_cells(names)) : "";
  for (const Cells& row : rows)
    text += choice.format == Format::Csv ? csv_row(row) : json_row(names, row);
  return text;
}

}  // namespace pktana::cli
