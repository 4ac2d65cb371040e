// SPDX-License-Identifier: Apache-2.0
#include "query/query.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <thread>

#include "query/line_scan.h"
#include "query/log_files.h"
#include "query/ordered_lines.h"
#include "query/part_reader.h"

namespace pktana::query {
namespace {

constexpr size_t kMaxHeldBytes = size_t{16} << 20;  ///< of lines that wait for their turn, a thread

/// What the threads of a query share.
struct Run {
  const QueryOptions& options;
  const std::vector<LogPart>& parts;
  const std::atomic<bool>& stop;
  OrderedLines lines;
  std::atomic<size_t> next_part{0};
  std::atomic<bool> closed{false};  ///< nobody wants more lines
  std::mutex mutex;
  std::vector<base::Error> errors;  ///< guarded by mutex

  [[nodiscard]] bool goes_on() const noexcept {
    return !stop.load(std::memory_order_relaxed) && !closed.load(std::memory_order_relaxed);
  }
};

base::Result<void> scan_part(Run& run, size_t number, PartReader& reader, LineScan& scan,
                             std::string& found) {
  if (auto opened = reader.open(run.parts[number]); !opened)
    return base::Unexpected(opened.error());
  while (run.goes_on()) {
    const auto block = reader.next();
    if (!block) return base::Unexpected(block.error());
    if (block->lines.empty() && block->torn.empty()) return {};
    scan.scan(block->lines, found);
    if (!block->torn.empty()) scan.scan_torn(block->torn, found);
    if (found.size() > kMaxHeldBytes && !run.lines.put(number, found)) run.closed = true;
  }
  return {};
}

void work(Run& run, LineScan& scan) {
  PartReader reader;
  std::string found;
  for (;;) {
    const size_t number = run.next_part.fetch_add(1, std::memory_order_relaxed);
    if (number >= run.parts.size()) return;
    const auto done =
        run.goes_on() ? scan_part(run, number, reader, scan, found) : base::Result<void>();
    // Each part ends, also one that was not read: others wait for it.
    run.lines.end(number, found);
    if (done) continue;
    const std::lock_guard lock(run.mutex);
    run.errors.push_back(done.error());
  }
}

void add_up(QueryReport& report, const QueryReport& counts) {
  report.matched += counts.matched;
  report.not_json += counts.not_json;
  report.torn += counts.torn;
  report.bytes += counts.bytes;
}

}  // namespace

QueryReport run_query(const QueryOptions& options, const std::atomic<bool>& stop) {
  LogParts logs = split_logs(options.paths);
  Run run{.options = options,
          .parts = logs.parts,
          .stop = stop,
          .lines = OrderedLines([&](std::string_view lines) {
            const bool open = !options.on_lines || options.on_lines(lines);
            if (!open) run.closed = true;
            return open;
          })};
  const size_t threads =
      std::clamp<size_t>(options.threads, 1, std::max<size_t>(logs.parts.size(), 1));
  std::vector<std::unique_ptr<LineScan>> scans;
  for (size_t i = 0; i < threads; ++i)
    scans.push_back(std::make_unique<LineScan>(options));
  std::vector<std::thread> others;
  for (size_t i = 1; i < threads; ++i)
    others.emplace_back([&run, &scan = *scans[i]] { work(run, scan); });
  work(run, *scans[0]);
  for (std::thread& thread : others)
    thread.join();

  QueryReport report;
  for (const auto& scan : scans) {
    add_up(report, scan->counts());
    if (scan != scans[0]) scans[0]->groups().merge(scan->groups());
  }
  report.lines_beyond_groups = scans[0]->groups().lines_beyond();
  report.groups = scans[0]->groups().take();
  report.errors = std::move(logs.errors);
  report.errors.insert(report.errors.end(), run.errors.begin(), run.errors.end());
  return report;
}

}  // namespace pktana::query
