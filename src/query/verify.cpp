// SPDX-License-Identifier: Apache-2.0
#include "query/verify.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <thread>

#include "query/log_files.h"
#include "query/part_reader.h"
#include "query/sequence_scan.h"
#include "query/sequence_sum.h"

namespace pktana::query {
namespace {

constexpr std::string_view kZstd = ".zst";

/// What the threads share.
struct Run {
  const std::vector<LogPart>& parts;
  const std::atomic<bool>& stop;
  std::vector<SequenceFacts> facts;
  std::vector<base::Result<void>> results;
  std::atomic<size_t> next_part{0};
};

/// Whether the keeper of the logs removed the plain file meanwhile, in favour of the compressed
/// one.
bool was_compressed(const base::Result<void>& opened, const LogPart& part) noexcept {
  return !opened && opened.error().code == std::errc::no_such_file_or_directory &&
         !part.path.ends_with(kZstd);
}

base::Result<void> scan_part(LogPart part, PartReader& reader, SequenceScan& scan) {
  auto opened = reader.open(part);
  if (was_compressed(opened, part)) {
    if (part.offset > 0) return {};  // its first part reads all of the compressed file
    part = {.path = part.path + std::string(kZstd), .as_stream = true};
    opened = reader.open(part);
  }
  if (!opened) return opened;
  for (;;) {
    const auto block = reader.next();
    if (!block) return base::Unexpected(block.error());
    if (block->lines.empty() && block->torn.empty()) return {};
    scan.scan(block->lines);
    if (!block->torn.empty()) scan.scan_tail(block->torn);
  }
}

void work(Run& run) {
  PartReader reader;
  SequenceScan scan;
  while (!run.stop.load(std::memory_order_relaxed)) {
    const size_t number = run.next_part.fetch_add(1, std::memory_order_relaxed);
    if (number >= run.parts.size()) return;
    run.results[number] = scan_part(run.parts[number], reader, scan);
    run.facts[number] = scan.take();
  }
}

/// Where a file is there twice, the plain one goes.
void drop_doubles(std::vector<LogPart>& parts) {
  std::vector<std::string> compressed;
  for (const LogPart& part : parts)
    if (part.path.ends_with(kZstd)) compressed.push_back(part.path);
  std::sort(compressed.begin(), compressed.end());
  std::erase_if(parts, [&](const LogPart& part) {
    return std::binary_search(compressed.begin(), compressed.end(), part.path + std::string(kZstd));
  });
}

}  // namespace

VerifyReport run_verify(const VerifyOptions& options, const std::atomic<bool>& stop) {
  LogParts logs = split_logs(options.paths);
  drop_doubles(logs.parts);
  Run run{.parts = logs.parts,
          .stop = stop,
          .facts = std::vector<SequenceFacts>(logs.parts.size()),
          .results = std::vector<base::Result<void>>(logs.parts.size())};
  const size_t threads =
      std::clamp<size_t>(options.threads, 1, std::max<size_t>(logs.parts.size(), 1));
  std::vector<std::thread> others;
  for (size_t i = 1; i < threads; ++i)
    others.emplace_back([&run] { work(run); });
  work(run);
  for (std::thread& thread : others)
    thread.join();

  SequenceSum sum;
  for (size_t i = 0; i < logs.parts.size(); ++i)
    sum.add(logs.parts[i].path, logs.parts[i].offset == 0, run.facts[i]);
  VerifyReport report = sum.take();
  report.errors = std::move(logs.errors);
  for (const auto& result : run.results)
    if (!result) report.errors.push_back(result.error());
  if (stop.load(std::memory_order_relaxed))
    report.errors.push_back(base::input_error("verify", "stopped by a signal"));
  return report;
}

}  // namespace pktana::query
