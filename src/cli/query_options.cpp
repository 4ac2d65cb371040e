// SPDX-License-Identifier: Apache-2.0
#include "cli/query_options.h"

#include <filesystem>

#include <unistd.h>

#include "base/nearest.h"
#include "base/time_text.h"
#include "base/units.h"

namespace pktana::cli {
namespace {

using filter::Field;
using filter::FieldType;
using query::Function;

base::Unexpected usage_error(const std::string& option, const std::string& message) {
  return base::fail_input("", option + ": " + message);
}

base::Result<const Field*> find_field(const std::string& option, const std::string& name) {
  if (const Field* field = filter::find_field(name)) return field;
  std::vector<std::string> names;
  for (const Field* field : filter::all_fields())
    names.emplace_back(field->name);
  return usage_error(option, "there is no field '" + name + "'" + base::suggestion(name, names) +
                                 "; 'pktana fields' lists them");
}

base::Result<void> add_columns(const char* option, const std::vector<std::string>& names,
                               Function function, std::vector<query::Column>& columns) {
  for (const std::string& name : names) {
    const auto field = find_field(option, name);
    if (!field) return base::Unexpected(field.error());
    const FieldType type = (*field)->type;
    if (type != FieldType::Number && type != FieldType::Size && type != FieldType::Duration)
      return usage_error(option, name + " is of type " + std::string(to_string(type)) +
                                     ": numbers, sizes and durations can be summed up");
    columns.push_back({.function = function, .field = *field});
  }
  return {};
}

base::Result<void> read_columns(const TypedQuery& typed, std::vector<query::Column>& columns) {
  struct List {
    const char* option;
    const std::vector<std::string>& names;
    Function function;
  };
  const List lists[] = {{"--sum", typed.sum, Function::Sum},
                        {"--avg", typed.average, Function::Average},
                        {"--min", typed.min, Function::Min},
                        {"--max", typed.max, Function::Max},
                        {"--p95", typed.p95, Function::P95}};
  for (const List& list : lists)
    if (auto added = add_columns(list.option, list.names, list.function, columns); !added)
      return added;
  return {};
}

base::Result<base::TimeSpan> read_time(const char* option, const std::string& text) {
  if (const auto span = base::parse_time(text)) return *span;
  return usage_error(option, "'" + text + "' is no time: write 2026-11-23, 2026-11-23T08:15 or " +
                                 "2026-11-23T08:15:30.5Z");
}

base::Result<void> read_times(const TypedQuery& typed, query::QueryOptions& what) {
  if (typed.from) {
    const auto span = read_time("--from", *typed.from);
    if (!span) return base::Unexpected(span.error());
    what.from_ns = span->first_ns;
  }
  if (typed.to) {
    const auto span = read_time("--to", *typed.to);
    if (!span) return base::Unexpected(span.error());
    what.to_ns = span->last_ns;
  }
  if (what.from_ns > what.to_ns) return usage_error("--to", "is before --from");
  if (!typed.every) return {};
  const auto step = base::parse_duration_ns(*typed.every);
  if (!step) return usage_error("--every", step.error().detail);
  if (*step == 0) return usage_error("--every", "must be above 0");
  what.every_ns = *step;
  return {};
}

base::Result<void> read_format(const TypedWords& typed, Options& options) {
  using Format = QueryChoice::Format;
  const std::vector<std::string> names{"table", "json", "csv"};
  constexpr Format kFormats[] = {Format::Table, Format::Json, Format::Csv};
  if (!typed.format) {
    const bool on_terminal = options.output == "-" && is_terminal(STDOUT_FILENO);
    options.query.format = on_terminal && !typed.json ? Format::Table : Format::Json;
    return {};
  }
  for (size_t i = 0; i < names.size(); ++i) {
    if (*typed.format != names[i]) continue;
    options.query.format = kFormats[i];
    if (typed.json && kFormats[i] != Format::Json)
      return usage_error("--json", "means --format json: leave one of the two away");
    return {};
  }
  return usage_error("--format", "'" + *typed.format + "' is not one of table, json, csv" +
                                     base::suggestion(*typed.format, names));
}

base::Result<void> read_top(const TypedQuery& typed, QueryChoice& choice) {
  if (!typed.top) return {};
  const auto top = base::parse_count(*typed.top, 1, UINT64_MAX);
  if (!top) return usage_error("--top", top.error().detail);
  if (!choice.what.aggregate)
    return usage_error("--top", "is about rows: say which, as in --by src_ip");
  choice.top = *top;
  return {};
}

base::Result<void> check_follow(const query::QueryOptions& what) {
  if (what.aggregate)
    return usage_error("--follow",
                       "shows lines: leave --by, --every, --count, --sum and their like away");
  std::error_code ignored;
  const bool one = what.paths.size() == 1 && what.paths[0] != "-";
  if (!one || std::filesystem::is_directory(what.paths[0], ignored))
    return usage_error("--follow", "needs one log: the file that is written to");
  return {};
}

}  // namespace

base::Result<void> read_query_options(const TypedWords& typed, Options& options) {
  QueryChoice& choice = options.query;
  query::QueryOptions& what = choice.what;
  if (auto read = read_format(typed, options); !read) return read;
  for (const std::string& name : typed.query.by) {
    const auto field = find_field("--by", name);
    if (!field) return base::Unexpected(field.error());
    what.by.push_back(*field);
  }
  if (auto read = read_columns(typed.query, what.columns); !read) return read;
  if (auto read = read_times(typed.query, what); !read) return read;
  what.aggregate =
      typed.query.count || !what.by.empty() || !what.columns.empty() || what.every_ns > 0;
  choice.with_count = typed.query.count || what.columns.empty();
  if (auto read = read_top(typed.query, choice); !read) return read;
  what.threads = options.threads;
  what.paths = typed.words;
  what.paths.insert(what.paths.end(), typed.words_behind.begin(), typed.words_behind.end());
  if (what.paths.empty())
    return base::fail_input("", "query needs a log: pktana query LOG... ('-' = standard input)");
  choice.follow = typed.query.follow;
  return choice.follow ? check_follow(what) : base::Result<void>();
}

}  // namespace pktana::cli
