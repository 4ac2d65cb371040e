// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <deque>
#include <mutex>
#include <thread>

#include <sys/stat.h>

#include "base/clock.h"
#include "engine/run.h"
#include "engine/run_support.h"
#include "ring/capture_file.h"
#include "ring/merged_files.h"

namespace pktana::engine {
namespace {

constexpr const char* kStdin = "-";
/// Workers wait for the sink: a longer queue would only be memory. What it holds, the sink formats
/// in a few milliseconds.
constexpr size_t kQueueRecords = 4096;

/// What the worker threads of a file run share.
struct FileRun {
  const std::vector<std::string>& paths;
  std::vector<uint16_t> source_ids;
  const std::atomic<bool>& stop;
  RunParts& parts;
  Progress* progress = nullptr;
  std::vector<base::Error> errors;  ///< written by the first worker only
};

uint64_t size_of_files(const std::vector<std::string>& paths) {
  uint64_t sum = 0;
  for (const std::string& path : paths) {
    struct stat status {};
    if (path == kStdin || ::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return 0;
    sum += static_cast<uint64_t>(status.st_size);
  }
  return sum;
}

/// The files as the worker sees them: tells the progress, and ends early when nobody takes the
/// records any more. `Source` is what position_bytes() is asked of.
template <typename Source>
class Watched : public ring::PacketSource {
 public:
  Watched(Source& source, const RunParts& parts, Progress* progress)
      : source_(source),
        parts_(parts),
        progress_(progress),
        before_(progress == nullptr ? 0 : progress->bytes_done.load()) {}

  base::Result<ring::Batch> next_batch() override {
    if (is_in_vain(parts_)) return ring::Batch{.packets = {}, .state = ring::Batch::State::End};
    auto batch = source_.next_batch();
    if (progress_ == nullptr) return batch;
    if (batch) progress_->packets.fetch_add(batch->packets.size(), std::memory_order_relaxed);
    progress_->bytes_done.store(before_ + source_.position_bytes(), std::memory_order_relaxed);
    return batch;
  }

 private:
  Source& source_;
  const RunParts& parts_;
  Progress* progress_;
  uint64_t before_;
};

/// Gives each interface of a file a number of its own, with the file's name, and passes on what is
/// known of it.
class InterfaceNumbers final : public ring::InterfaceListener {
 public:
  InterfaceNumbers(const FileRun& run, size_t number) : run_(run), number_(number) {}

  uint16_t on_interface(const ring::FileInterface& interface) override {
    const uint16_t source_id =
        count_++ == 0 ? run_.source_ids[number_] : run_.parts.names.add(run_.paths[number_]);
    run_.parts.observers.on_interface(source_id, interface);
    return source_id;
  }

 private:
  const FileRun& run_;
  size_t number_;
  size_t count_ = 0;
};

ring::CaptureFile::Options file_options(const FileRun& run, size_t number,
                                        InterfaceNumbers& interfaces) {
  return {.path = run.paths[number],
          .source_id = run.source_ids[number],
          .interfaces = run.parts.packet_file || run.parts.hold ? &interfaces : nullptr};
}

base::Result<void> read_one(const FileRun& run, size_t number, Progress* progress, Worker& worker) {
  InterfaceNumbers interfaces(run, number);
  auto file = ring::CaptureFile::open(file_options(run, number, interfaces));
  if (!file) return base::Unexpected(file.error());
  Watched watched(**file, run.parts, progress);
  return worker.run(watched, run.stop);
}

void read_merged(FileRun& run, size_t worker_number, Worker& worker) {
  const bool first = worker_number == 0;
  std::deque<InterfaceNumbers> interfaces;
  std::vector<ring::CaptureFile::Options> files;
  for (size_t i = 0; i < run.paths.size(); ++i)
    files.push_back(file_options(run, i, interfaces.emplace_back(run, i)));
  auto merged = ring::MergedFiles::open(std::move(files));
  Watched watched(merged, run.parts, first ? run.progress : nullptr);
  const auto done = worker.run(watched, run.stop);
  // All workers read the same bytes and meet the same errors: one report is enough.
  if (first) run.errors = merged.errors();
  if (!done && first) run.errors.push_back(done.error());
  worker.finish();
}

void read_in_turn(FileRun& run, size_t worker_number, Worker& worker) {
  const bool first = worker_number == 0;
  for (size_t i = 0; i < run.paths.size(); ++i) {
    if (run.stop.load(std::memory_order_relaxed) || worker.limit_reached()) break;
    auto done = read_one(run, i, first ? run.progress : nullptr, worker);
    // All workers read the same bytes and meet the same error: one report is enough.
    if (!done && first) run.errors.push_back(done.error());
  }
  worker.finish();
}

}  // namespace

base::Result<RunReport> run_files(const std::vector<std::string>& paths, RunOptions options,
                                  const std::atomic<bool>& stop, Progress* progress) {
  // A pipe can be read once only, and lines of packets have one order.
  const bool has_stdin = std::find(paths.begin(), paths.end(), kStdin) != paths.end();
  if (has_stdin || wants_order(options)) options.threads = 1;
  options.sink.live = false;
  options.sink.wait_when_full = true;
  options.sink.queue_records = std::min(options.sink.queue_records, kQueueRecords);
  auto parts = make_parts(options, true, true);
  if (!parts) return base::Unexpected(parts.error());

  FileRun run{.paths = paths,
              .source_ids = {},
              .stop = stop,
              .parts = **parts,
              .progress = progress,
              .errors = {}};
  for (const std::string& path : paths)
    run.source_ids.push_back((*parts)->names.add(path));
  if (progress != nullptr) progress->bytes_total = size_of_files(paths);

  const auto read = options.merge ? read_merged : read_in_turn;
  std::vector<std::thread> others;
  for (size_t i = 1; i < (*parts)->workers.size(); ++i)
    others.emplace_back([&run, i, &parts, read] { read(run, i, *(*parts)->workers[i]); });
  read(run, 0, *(*parts)->workers[0]);
  for (std::thread& thread : others)
    thread.join();

  RunReport report = conclude(**parts, false);
  report.input_errors = std::move(run.errors);
  return report;
}

}  // namespace pktana::engine
