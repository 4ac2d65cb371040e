// SPDX-License-Identifier: Apache-2.0
#include "cli/top_options.h"

#include "base/clock.h"
#include "base/nearest.h"
#include "base/units.h"
#include "top/screen.h"

namespace pktana::cli {
namespace {

constexpr int64_t kLeastIntervalNs = 100 * base::kNsPerMs;
constexpr int64_t kMostIntervalNs = 3600 * base::kNsPerSecond;
constexpr unsigned kMostCells = 1000;  ///< columns, and rows

base::Unexpected usage_error(const std::string& message) { return base::fail_input("", message); }

/// One of the `count` words that to_string(Word) gives.
template <typename Word>
base::Result<void> read_word(const char* option, const OptionText& text, unsigned count,
                             Word& target) {
  if (!text) return {};
  std::vector<std::string> names;
  std::string list;
  for (unsigned i = 0; i < count; ++i) {
    names.emplace_back(to_string(static_cast<Word>(i)));
    list += (list.empty() ? "" : ", ") + names.back();
    if (names.back() != *text) continue;
    target = static_cast<Word>(i);
    return {};
  }
  return usage_error(std::string(option) + ": '" + *text + "' is not one of " + list +
                     base::suggestion(*text, names));
}

base::Result<void> read_interval(const OptionText& text, int64_t& interval_ns) {
  if (!text) return {};
  const auto value = base::parse_duration_ns(*text);
  if (!value) return usage_error("--interval: " + value.error().detail);
  if (*value < kLeastIntervalNs || *value > kMostIntervalNs)
    return usage_error("--interval: '" + *text + "' is not within 100ms and 1h");
  interval_ns = *value;
  return {};
}

base::Result<void> read_size(const TypedTop& typed, TopChoice& choice) {
  if (!typed.size) return {};
  if (!typed.once) return usage_error("--size: a terminal has its own; use it with --once");
  const size_t cross = typed.size->find('x');
  const auto columns =
      base::parse_count(typed.size->substr(0, cross), top::kLeastColumns, kMostCells);
  const auto rows = base::parse_count(
      cross == std::string::npos ? "" : typed.size->substr(cross + 1), top::kLeastRows, kMostCells);
  if (!columns || !rows)
    return usage_error("--size: '" + *typed.size + "' is not COLSxROWS, from 80x24 to 1000x1000");
  choice.columns = static_cast<unsigned>(*columns);
  choice.rows = static_cast<unsigned>(*rows);
  return {};
}

}  // namespace

base::Result<void> read_top_options(const TypedWords& typed, Options& options) {
  TopChoice& choice = options.top;
  choice.once = typed.top.once;
  choice.wanted.where = options.where;
  if (options.interfaces.empty()) choice.socket = options.ctl.socket;
  if (typed.top.connect && !options.interfaces.empty())
    return usage_error("-i captures, --connect asks a daemon: leave one of the two away");
  if (typed.top.connect) choice.socket = *typed.top.connect;
  if (typed.json && !choice.once) return usage_error("--json goes with --once");
  if (auto read = read_word("--sort", typed.top.sort, top::kSortCount, choice.wanted.sort); !read)
    return read;
  if (auto read = read_word("--page", typed.top.page, top::kPageCount, choice.page); !read)
    return read;
  if (auto read = read_interval(typed.top.interval, choice.interval_ns); !read) return read;
  return read_size(typed.top, choice);
}

}  // namespace pktana::cli
