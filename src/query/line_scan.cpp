// SPDX-License-Identifier: Apache-2.0
#include "query/line_scan.h"

#include <algorithm>
#include <cstring>

namespace pktana::query {
namespace {

using filter::Field;
using filter::Values;

std::vector<const Field*> fields_of(const QueryOptions& options) {
  std::vector<const Field*> fields;
  if (options.where != nullptr) fields = options.where->fields();
  fields.insert(fields.end(), options.by.begin(), options.by.end());
  for (const Column& column : options.columns)
    fields.push_back(column.field);
  const bool by_time =
      options.every_ns > 0 || options.from_ns != INT64_MIN || options.to_ns != INT64_MAX;
  if (by_time) fields.push_back(filter::find_field("timestamp"));
  if (!options.with_updates) fields.push_back(filter::find_field("event_type"));
  return fields;
}

/// What stands in the line; durations in ns; a number that is none of the line's own (a sum) in
/// decimal.
std::string_view key_text(const Field& field, const filter::Value& value, std::string& buffer) {
  if (field.type == filter::FieldType::Flag) return value.number != 0 ? "true" : "false";
  const bool is_text = field.type == filter::FieldType::Text;
  if (is_text || (!value.text.empty() && field.type != filter::FieldType::Duration))
    return value.text;
  buffer = std::to_string(value.number);
  return buffer;
}

int64_t floor_to(int64_t time, int64_t step) noexcept {
  const int64_t rest = time % step;
  return time - (rest < 0 ? rest + step : rest);
}

const char* find(std::string_view in, std::string_view needle) noexcept {
  return static_cast<const char*>(::memmem(in.data(), in.size(), needle.data(), needle.size()));
}

}  // namespace

LineScan::LineScan(const QueryOptions& options)
    : options_(options),
      timestamp_(*filter::find_field("timestamp")),
      event_type_(*filter::find_field("event_type")),
      values_(fields_of(options)),
      groups_(options.columns.size(), options.max_groups),
      key_texts_(options.by.size() + 1),
      key_values_(options.by.size()),
      numbers_(options.columns.size()) {
  if (options.where != nullptr) needles_ = options.where->needles();
  // A line with an escape may hold the text in another spelling: it is looked into.
  if (!needles_.empty()) needles_.emplace_back("\\u");
}

void LineScan::scan(std::string_view lines, std::string& out) {
  counts_.bytes += lines.size();
  if (needles_.empty()) {
    while (!lines.empty()) {
      const size_t end = lines.find('\n');
      look_at(lines.substr(0, end), out);
      lines.remove_prefix(end + 1);
    }
    return;
  }
  // PERF NOTE: with a text that a match must hold, most lines are passed over at the speed of
  // memmem(3); the places where each text comes next are kept, so that each byte is seen once a
  // text.
  std::vector<const char*> next(needles_.size(), lines.data());
  const char* const end = lines.data() + lines.size();
  const char* at = lines.data();
  while (at < end) {
    const char* hit = end;
    for (size_t i = 0; i < needles_.size(); ++i) {
      if (next[i] != nullptr && next[i] <= at)
        next[i] = find({at, static_cast<size_t>(end - at)}, needles_[i]);
      if (next[i] != nullptr) hit = std::min(hit, next[i]);
    }
    if (hit == end) return;
    const auto* before =
        static_cast<const char*>(::memrchr(at, '\n', static_cast<size_t>(hit - at)));
    const char* const begin = before == nullptr ? at : before + 1;
    const auto* newline =
        static_cast<const char*>(std::memchr(hit, '\n', static_cast<size_t>(end - hit)));
    look_at({begin, static_cast<size_t>(newline - begin)}, out);
    at = newline + 1;
  }
}

void LineScan::scan_torn(std::string_view line, std::string& out) {
  counts_.bytes += line.size();
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
  if (!values_.is_whole(line)) {
    ++counts_.torn;
    return;
  }
  look_at(line, out);
}

void LineScan::look_at(std::string_view line, std::string& out) {
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
  if (!values_.parse(line)) {
    ++counts_.not_json;
    return;
  }
  if (!wanted()) return;
  ++counts_.matched;
  if (options_.aggregate) {
    add_to_groups();
    return;
  }
  out += line;
  out += '\n';
}

bool LineScan::wanted() {
  if (!options_.with_updates) {
    Values type;
    values_.get(event_type_, type);
    if (type.count > 0 && type.value[0].text == "flow_update") return false;
  }
  if (options_.from_ns != INT64_MIN || options_.to_ns != INT64_MAX) {
    const auto time = number_of(timestamp_);
    if (!time || *time < options_.from_ns || *time > options_.to_ns) return false;
  }
  return options_.where == nullptr || options_.where->matches(values_);
}

std::optional<int64_t> LineScan::number_of(const Field& field) {
  Values values;
  values_.get(field, values);
  return values.count > 0 ? std::optional(values.value[0].number) : std::nullopt;
}

void LineScan::add_to_groups() {
  for (size_t i = 0; i < numbers_.size(); ++i)
    numbers_[i] = number_of(*options_.columns[i].field);
  keys_.clear();
  if (options_.every_ns > 0) {
    const auto time = number_of(timestamp_);
    if (time) key_texts_.back() = std::to_string(floor_to(*time, options_.every_ns));
    keys_.push_back(time ? std::optional<std::string_view>(key_texts_.back()) : std::nullopt);
  }
  for (size_t i = 0; i < options_.by.size(); ++i) {
    key_values_[i].count = 0;
    values_.get(*options_.by[i], key_values_[i]);
  }
  add_for_keys(0);
}

/// A line counts in the groups of each value of a field that has several.
void LineScan::add_for_keys(size_t depth) {
  if (depth == options_.by.size()) {
    Group& group = groups_.find(keys_);
    ++group.count;
    for (size_t i = 0; i < numbers_.size(); ++i)
      if (numbers_[i])
        group.values[i].add(*numbers_[i], options_.columns[i].function == Function::P95);
    return;
  }
  const Values& values = key_values_[depth];
  for (unsigned i = 0; i < std::max(values.count, 1U); ++i) {
    if (values.count == 0)
      keys_.emplace_back(std::nullopt);
    else
      keys_.emplace_back(key_text(*options_.by[depth], values.value[i], key_texts_[depth]));
    add_for_keys(depth + 1);
    keys_.pop_back();
  }
}

}  // namespace pktana::query
